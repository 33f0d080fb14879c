/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rule's own output (finding.h) comes to on an event: its message, and the values that it tells. A list is written as
 * "(a,b)", and "<NA>" stands for what the event does not have.
 */
#pragma once

#include "base/arena.h"
#include "rule/finding.h"

/*
 * Appends the message to `buf`, no more than NP_OUTPUT_TEXT_MAX_BYTES of it; `*out_is_cut` says whether that was less than all. Errors
 * stay in the buffer.
 */
void np_rule_output_write(struct np_buf *buf, const struct np_rule_output *output,
                          struct np_event *event, bool *out_is_cut);

/*
 * Copies a value into the arena, cut to what an output may tell; `*out_is_cut` says whether it was. 0 or -ENOMEM.
 */
NP_NODISCARD int np_rule_output_keep(struct np_arena *arena, const struct np_value *value,
                                     struct np_value *out_kept, bool *out_is_cut);

/* The longest part of `text` that has at most `max_bytes` and does not end inside a character. */
struct np_span np_text_cut(struct np_span text, size_t max_bytes);
