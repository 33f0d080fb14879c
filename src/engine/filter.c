/* SPDX-License-Identifier: Apache-2.0 */
/* See filter.h. */
#include "engine/filter.h"

/* Whether `text` is one of the words; everything passes an empty list, and a text that is not there passes every list. */
static bool is_listed(struct np_span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_span_is(text, words[i]))
            return true;
    return count == 0 || text.len == 0;
}

bool np_filter_passes(const struct np_filter *filter, struct np_event *event)
{
    if (event->time != NP_TIME_NONE &&
        ((filter->since != NP_TIME_NONE && event->time < filter->since) ||
         (filter->until != NP_TIME_NONE && event->time >= filter->until)))
        return false;
    if (!is_listed(event->account, filter->accounts, filter->account_count))
        return false;
    if (filter->region_count == 0)
        return true;
    struct np_event_brief brief;
    np_event_brief(event, &brief);
    return is_listed(brief.region, filter->regions, filter->region_count);
}
