/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a raw record to an event. A *decode plan* is made once from the field set, after all rules are loaded:
 * it knows which fields are wanted of each kind. It is immutable and shared; each thread has a decoder of its own.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "event/event.h"

enum { NP_UNWRAP_MAX = 3 };

struct np_decode_plan;
struct np_decoder;

enum np_decode_result {
    NP_DECODE_EVENT, /* *out_event is set */
    NP_DECODE_QUIET, /* system calls that no rule wanted: see np_syscall_read_quiet() */
    NP_DECODE_SEVERAL, /* the bytes hold more than one value, or an envelope: split them and decode each piece */
    NP_DECODE_DIGEST,   /* a CloudTrail digest: no event, but known */
    NP_DECODE_CONTROL,  /* a message of the transport itself: no event, and nothing to be named */
    NP_DECODE_UNKNOWN,  /* a JSON object of no known kind */
    NP_DECODE_INVALID,  /* *out_reason says why */
    NP_DECODE_TOO_DEEP, /* deeper than NP_JSON_MAX_DEPTH: a limit of ours; *out_reason says so */
    NP_DECODE_NO_MEMORY
};

/*
 * A plan for all fields of `fields` (borrowed: must outlive the plan and not grow any more). With `generic` every object
 * is an event of kind "json" that belongs to `*generic` (copied). 0, -ENOMEM, or -EINVAL for a field whose path has too many parts.
 */
NP_NODISCARD int np_decode_plan_new(struct np_decode_plan **out_plan,
                                    const struct np_field_set *fields,
                                    const struct np_logsource *generic, struct np_err *err);
void np_decode_plan_free(struct np_decode_plan **plan);

/* Whether every object is an event of its own, so that envelopes are not unwrapped. */
bool np_decode_plan_is_generic(const struct np_decode_plan *plan);

/* The fields that the plan was made for. */
const struct np_field_set *np_decode_plan_fields(const struct np_decode_plan *plan);

NP_NODISCARD int np_decoder_new(struct np_decoder **out_decoder, const struct np_decode_plan *plan);
void np_decoder_free(struct np_decoder **decoder);

/* A record as a source hands it out. */
struct np_record {
    struct np_span bytes; /* NP_JSON_PADDING readable bytes behind them */
    struct np_origin origin;
    np_time_ns arrival; /* 0 = not known */
};

/*
 * Decodes `record`. Texts that need memory go to `arena`, which the caller resets when the batch is done. The event lives until
 * the next decode. `*out_reason` is a literal.
 *
 * A record of no known kind that wraps another one is unwrapped, NP_UNWRAP_MAX times at most (wrapper.c lists what wraps): the
 * event is the inner record, and so is its `raw`, which may be a copy in `arena`; its origin is that of `record`. A generic plan
 * unwraps nothing. What comes out depends on the record alone, not on those decoded before.
 */
NP_NODISCARD enum np_decode_result np_decode(struct np_decoder *decoder,
                                             const struct np_record *record, struct np_arena *arena,
                                             struct np_event **out_event, const char **out_reason);

/*
 * Only the time of `record`, for reading in time order: of a wrapped record what the wrapper says. NP_TIME_NONE where it has none or
 * is not valid. `arena` as above.
 */
np_time_ns np_decode_time(struct np_decoder *decoder, struct np_span record,
                          struct np_arena *arena);
