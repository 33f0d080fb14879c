/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Falco calls the fields of a system call, looked up in a moment of a capture: the event, and the state that it found and made.
 *
 * A value that cannot be told is absent (a rule's comparison is false, an output says "<NA>"), which is not the same as an empty text.
 * Both are Falco's own choice from field to field, and so are all texts.
 */
#pragma once

#include "base/arena.h"
#include "event/syscall.h"

struct np_scap_moment;

/*
 * The value of one field, absent where the moment does not have it. Spans point into the moment, into literals or into `arena`.
 * 0 or -ENOMEM.
 */
NP_NODISCARD int np_scap_field(const struct np_scap_moment *moment,
                               const struct np_syscall_want *want, struct np_arena *arena,
                               struct np_value *out_value);

/* What the moment's event is for Sigma. */
enum np_syscall_category np_scap_category(const struct np_scap_moment *moment);

/* The head of the moment's record; spans as above. 0 or -ENOMEM. */
NP_NODISCARD int np_scap_head(const struct np_scap_moment *moment, struct np_arena *arena,
                              struct np_syscall_head *out_head);
