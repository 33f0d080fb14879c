/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A moment in the forms that Falco's evt.* fields give it in. All are in UTC, where Falco takes the zone of its machine, so that a
 * result depends on the record alone.
 */
#pragma once

#include "base/arena.h"
#include "base/time.h"
#include "codec/value.h"

enum np_falco_time_form {
    NP_FALCO_TIME_CLOCK,   /* evt.time: 23:59:59.000000001 */
    NP_FALCO_TIME_CLOCK_S, /* evt.time.s: 23:59:59 */
    NP_FALCO_TIME_ISO,     /* evt.time.iso8601: 2026-01-31T23:59:59.000000001+0000 */
    NP_FALCO_TIME_DATE,    /* evt.datetime: 2026-01-31 23:59:59.000000001 */
    NP_FALCO_TIME_DATE_S,  /* evt.datetime.s: 2026-01-31 23:59:59 */
    NP_FALCO_TIME_RAW,     /* evt.rawtime: nanoseconds since 1970 */
    NP_FALCO_TIME_RAW_S,   /* evt.rawtime.s: its whole seconds */
    NP_FALCO_TIME_RAW_NS,  /* evt.rawtime.ns: the rest */
    NP_FALCO_TIME_FORM_MAX
};

/*
 * `time` in a form: a number (nanoseconds, but for RAW_S and RAW_NS), as Falco's JSON output has it, with the form as its text, made
 * in `arena`. Absent where the time is not known. 0 or -ENOMEM.
 */
NP_NODISCARD int np_falco_time_value(enum np_falco_time_form form, np_time_ns time,
                                     struct np_arena *arena, struct np_value *out_value);
