/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A glance at a system call before it is written: an event each of whose values is looked up when a rule first asks for it. Whoever
 * watches a kernel lets the rules look before it writes a record, since no rule wants most of what happens, and most rules are
 * false after a cheap question or two. What is asked and answered is the same as of the record that would be written.
 *
 * It is for matchers: np_event_field() and np_event_each_text() work, what sinks ask does not. One thread.
 */
#pragma once

#include "base/arena.h"
#include "event/event.h"
#include "event/syscall.h"

struct np_glance;

/* Looks a value up in what `context` is: 0 or -ENOMEM. What it makes lives in the glance's arena. */
typedef int np_glance_fn(void *context, const struct np_syscall_want *want,
                         struct np_value *out_value);

/* A glance for what `wants` (borrowed) names; values that need memory go to `arena` (borrowed). 0 or -ENOMEM. */
NP_NODISCARD int np_glance_new(struct np_glance **out_glance, const struct np_syscall_wants *wants,
                               struct np_arena *arena, np_glance_fn *look_up);
void np_glance_free(struct np_glance **glance);

/* What is known of an event beforehand. */
struct np_glance_head {
    np_time_ns time;
    enum np_syscall_category category;
    uint64_t subject;                        /* of the event; 0 = none */
    const struct np_syscall_want_list *list; /* what a record of it would hold */
    void *context;
};

/* Begins with the next event, of which nothing is looked up yet; it lives until the next call. */
struct np_event *np_glance_begin(struct np_glance *glance, const struct np_glance_head *head);

/* 0, or what a look-up since np_glance_begin() failed with; the value was then taken for absent. */
int np_glance_error(const struct np_glance *glance);
