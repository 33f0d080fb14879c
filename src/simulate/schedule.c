/* SPDX-License-Identifier: Apache-2.0 */
/* A binary heap: see schedule.h. */
#include "simulate/schedule.h"

static bool is_before(const struct np_due *a, const struct np_due *b)
{
    return a->time != b->time ? a->time < b->time : a->number < b->number;
}

/* Puts `due` where the first one was, or further down where it belongs. */
static void sink(struct np_schedule *schedule, struct np_due due)
{
    struct np_due *items = schedule->due.items;
    size_t len = schedule->due.len;
    size_t at = 0;
    for (size_t child = 1; child < len; child = 2 * at + 1) {
        if (child + 1 < len && is_before(&items[child + 1], &items[child]))
            child++;
        if (!is_before(&items[child], &due))
            break;
        items[at] = items[child];
        at = child;
    }
    items[at] = due;
}

int np_schedule_add(struct np_schedule *schedule, struct np_due due, size_t max)
{
    int r = np_vec_push(&schedule->due, due, max);
    if (r < 0)
        return r;
    struct np_due *items = schedule->due.items;
    size_t at = schedule->due.len - 1;
    for (; at > 0 && is_before(&due, &items[(at - 1) / 2]); at = (at - 1) / 2)
        items[at] = items[(at - 1) / 2];
    items[at] = due;
    return 0;
}

void *np_schedule_take(struct np_schedule *schedule)
{
    void *what = schedule->due.items[0].what;
    struct np_due last = schedule->due.items[--schedule->due.len];
    if (schedule->due.len > 0)
        sink(schedule, last);
    return what;
}

void np_schedule_put_off(struct np_schedule *schedule, np_time_ns time)
{
    struct np_due first = schedule->due.items[0];
    first.time = time;
    sink(schedule, first);
}

void np_schedule_done(struct np_schedule *schedule)
{
    np_vec_done(&schedule->due);
}
