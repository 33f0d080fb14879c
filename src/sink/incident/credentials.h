/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credentials of an incident: links of its chain that differ only in the place that one key was used from are one, and
 * have one letter in the margin.
 */
#pragma once

#include "incident/incident.h"

struct np_credentials {
    const struct np_incident *incident; /* borrowed */
    size_t count;
    size_t *of_link;    /* by link of the chain */
    size_t *first_link; /* by credential */
};

/* Tells them apart: 0 or -ENOMEM. np_credentials_done() in any case. */
NP_NODISCARD int np_credentials_init(struct np_credentials *out_credentials,
                                     const struct np_incident *incident);
void np_credentials_done(struct np_credentials *credentials);

/* The credential of a link; `count` where there is no such link. */
size_t np_credentials_of(const struct np_credentials *credentials, size_t link);

/* The one that gave this one; itself where none did. */
size_t np_credentials_giver(const struct np_credentials *credentials, size_t credential);

/* The letter of a credential: a to z, then A to Z; '*' for those behind. */
char np_credential_letter(size_t credential);
