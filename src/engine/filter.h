/* SPDX-License-Identifier: Apache-2.0 */
/* The events that a user wants to see, by time, account and region. */
#pragma once

#include <stddef.h>

#include "event/event.h"

/* Which events are matched; what is left out is counted all the same. An event that lacks what a filter asks for passes it. */
struct np_filter {
    np_time_ns since; /* inclusive; NP_TIME_NONE = from the start */
    np_time_ns until; /* exclusive; NP_TIME_NONE = to the end */
    const char *const *accounts;
    size_t account_count; /* 0 = all */
    const char *const *regions;
    size_t region_count;
};

bool np_filter_passes(const struct np_filter *filter, struct np_event *event);
