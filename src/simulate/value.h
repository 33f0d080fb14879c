/* SPDX-License-Identifier: Apache-2.0 */
/* Small values of the scenario files: numbers, times, ranges and chances; and the nearest right name. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "simulate/scenario.h"

/* Digits only, at most `max`: false where the text is none such. */
bool np_value_read_count(struct np_span text, int64_t max, int64_t *out_number);

/* A number of s, m, h or d, such as `12h`, in nanoseconds; at most 100 years. */
bool np_value_read_duration(struct np_span text, int64_t *out_ns);

/* `3..8`, or `5` for both ends; the low end is not above the high one. */
bool np_value_read_range(struct np_span text, int64_t max, struct np_range *out_range);

/* `2s..20s` or `5m`, in nanoseconds. */
bool np_value_read_pause(struct np_span text, struct np_range *out_range);

/* `40%`, with at most two digits behind a point, in 10,000ths. */
bool np_value_read_chance(struct np_span text, uint32_t *out_chance);

/* A letter, then letters, digits, `_` and `-`. */
bool np_value_is_name(struct np_span text);

/* Small letters, digits and hyphens, not beginning with one: names of scenarios and steps. */
bool np_value_is_label(struct np_span text);

/*
 * Which of two words is nearer to `wrong`; NULL where none is near (base/suggest.h) or `wrong` is but a letter. `best` may be NULL: call it for
 * one word after the other, with what it gave last.
 */
const char *np_value_nearer(struct np_span wrong, const char *best, const char *word);
