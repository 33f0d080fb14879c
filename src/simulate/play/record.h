/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call as CloudTrail records it. A call is begun once, which fixes all that chance decides, and may then be
 * written for more than one account.
 */
#pragma once

#include "simulate/play/cast.h"
#include "simulate/play/plan.h"

enum { NP_EVENT_ID_BYTES = 36 };

/* What writing needs from call to call. */
struct np_recorder {
    const struct np_accounts *accounts;
    struct np_parameter *parameters; /* of the call at hand */
    struct np_arena values;
    struct np_buf scratch;
};

/* A recorder for the calls of a set: 0 or -ENOMEM; np_recorder_done() in any case. */
NP_NODISCARD int np_recorder_init(struct np_recorder *recorder, const struct np_scenario_set *set,
                                  const struct np_accounts *accounts);
void np_recorder_done(struct np_recorder *recorder);

/* A call that is about to be recorded. Its texts live until the next one begins; it must not move. */
struct np_record {
    const struct np_step *step;
    const struct np_member *by;
    const struct np_member *from; /* NULL = no place: a service */
    struct np_fill fill;
    struct np_random random; /* of what is filled once */
    uint64_t seed;           /* of the call */
    uint32_t account;        /* where it is made */
    char account_id[NP_ACCOUNT_DIGITS];
    struct np_span error_code;
    struct np_span error_message;
    bool is_refused; /* for lack of rights */
};

struct np_record_source {
    const struct np_planned *planned;
    const struct np_cast *cast;
    uint64_t seed; /* of the call */
    uint32_t home; /* account of the play */
};

/* Begins a call and decides all that is decided once: 0, -ENOMEM or -E2BIG. */
NP_NODISCARD int np_record_begin(struct np_recorder *recorder, struct np_record *out_record,
                                 const struct np_record_source *source);

/* Where parts of a record stand within its text. */
struct np_record_places {
    size_t region;
    size_t region_bytes;
    size_t account;
    size_t event_id;
};

/*
 * Appends the record as it is kept in `account`. The bodies are the same bytes in all accounts. Errors stay in the
 * buffer.
 */
void np_record_write(struct np_buf *buf, const struct np_record *record,
                     const struct np_accounts *accounts, uint32_t account,
                     struct np_record_places *out_places);
