/* SPDX-License-Identifier: Apache-2.0 */
/* userIdentity, as CloudTrail records it for each kind of caller. */
#pragma once

#include "simulate/member.h"

struct np_identity {
    const struct np_member *by;
    struct np_span via;     /* the service that calls on behalf of it; empty = none */
    struct np_span version; /* eventVersion of the record */
    struct np_span account; /* where it is recorded */
    bool is_sign_in;        /* no credentials yet */
    bool is_failed;
    bool is_service_event; /* a service tells of itself */
    bool is_abroad;        /* recorded in another account than the caller's */
};

/* Appends the JSON object. Errors stay in the buffer. */
void np_identity_write(struct np_buf *buf, const struct np_identity *identity);
