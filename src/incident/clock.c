/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of an incident: from the first use to each phase, to the first alert, and what the log's way cost. */
#include "incident/telling.h"

#include <stdlib.h>
#include <string.h>

static const double budget_s = 600; /* ten minutes, within which an attack is done */

static double seconds(np_time_ns from, np_time_ns to)
{
    return (double) (to - from) / (double) NP_NS_PER_S;
}

/* Whether a behaviour says of the deed what its call alone does not: mining is RunInstances. */
static bool shows_impact(const struct np_deed *deed)
{
    size_t count = deed->more != NULL ? deed->more->signal_count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct np_rule_info *rule = deed->more->signals[i].rule;
        if (np_span_starts(np_span_of(rule->id), NP_SPAN("nepho.")) && rule->tag_count > 0 &&
            (strcmp(rule->tags[0], "attack.exfiltration") == 0 ||
             strcmp(rule->tags[0], "attack.impact") == 0))
            return true;
    }
    return false;
}

/* Seconds to the first deed of one of the tactics (a set of bits); negative = none. */
static double first_of(const struct np_telling *telling, uint32_t tactics)
{
    bool of_impact = (tactics & 1u << NP_TACTIC_IMPACT) != 0;
    for (size_t i = 0; i < telling->deed_count; i++) {
        const struct np_deed *deed = telling->deeds[i].deed;
        if ((tactics & 1u << deed->tactic) != 0 || (of_impact && shows_impact(deed)))
            return seconds(telling->deeds[0].deed->time, deed->time);
    }
    return -1;
}

/* The way of one event. */
struct way {
    np_name account;
    np_name region;
    double lag_s;
};

static int by_lag(const void *a, const void *b)
{
    const struct way *left = a;
    const struct way *right = b;
    return (left->lag_s > right->lag_s) - (left->lag_s < right->lag_s);
}

static int by_place_then_lag(const void *a, const void *b)
{
    const struct way *left = a;
    const struct way *right = b;
    if (left->account != right->account)
        return left->account < right->account ? -1 : 1;
    if (left->region != right->region)
        return left->region < right->region ? -1 : 1;
    return by_lag(a, b);
}

static int slowest_first(const void *a, const void *b)
{
    const struct np_incident_lag *left = a;
    const struct np_incident_lag *right = b;
    if (left->p95_s != right->p95_s)
        return left->p95_s > right->p95_s ? -1 : 1;
    int order = np_span_compare(left->account, right->account);
    return order != 0 ? order : np_span_compare(left->region, right->region);
}

/* Of `count` ways, one at least, by lag. */
static double median_of(const struct way *ways, size_t count)
{
    return ways[(count - 1) / 2].lag_s;
}

static double p95_of(const struct way *ways, size_t count)
{
    return ways[(count - 1) * 95 / 100].lag_s;
}

/* The lags of each account and region. */
static int tell_lags(struct np_telling *telling, struct way *ways, size_t count)
{
    struct np_incident_lag *lags = np_arena_alloc(telling->arena, count * sizeof(lags[0]));
    size_t lag_count = 0;
    if (lags == NULL)
        return -ENOMEM;
    qsort(ways, count, sizeof(ways[0]), by_place_then_lag);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && ways[to].account == ways[from].account &&
               ways[to].region == ways[from].region)
            to++;
        lags[lag_count++] = (struct np_incident_lag){
            .account = np_telling_text(telling, ways[from].account),
            .region = np_telling_text(telling, ways[from].region),
            .median_s = median_of(&ways[from], to - from),
            .p95_s = p95_of(&ways[from], to - from),
        };
    }
    qsort(lags, lag_count, sizeof(lags[0]), slowest_first);
    telling->incident->lags = lags;
    telling->incident->lag_count = lag_count;
    return 0;
}

static int tell_ways(struct np_telling *telling, struct np_incident_clock *clock)
{
    struct way *ways = np_arena_alloc(telling->arena, telling->deed_count * sizeof(ways[0]));
    size_t count = 0;
    if (ways == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < telling->deed_count; i++) {
        const struct np_deed *deed = telling->deeds[i].deed;
        if (deed->arrival != 0)
            ways[count++] =
                (struct way){deed->account, deed->region, seconds(deed->time, deed->arrival)};
    }
    clock->lag_median_s = -1;
    clock->lag_p95_s = -1;
    if (count == 0)
        return 0;
    qsort(ways, count, sizeof(ways[0]), by_lag);
    clock->lag_median_s = median_of(ways, count);
    clock->lag_p95_s = p95_of(ways, count);
    return tell_lags(telling, ways, count);
}

int np_tell_clock(struct np_telling *telling)
{
    struct np_incident_clock *clock = &telling->incident->clock;
    const struct np_story *story = telling->story;
    np_time_ns known = story->known_at != 0 ? story->known_at : story->opened_at;
    clock->first_use = telling->deeds[0].deed->time;
    clock->recon_s = first_of(telling, 1u << NP_TACTIC_DISCOVERY);
    clock->escalation_s = first_of(telling, 1u << NP_TACTIC_PRIVILEGE_ESCALATION);
    clock->impact_s = first_of(telling, 1u << NP_TACTIC_EXFILTRATION | 1u << NP_TACTIC_IMPACT);
    clock->dwell_s = seconds(clock->first_use, known);
    clock->left_s = budget_s - clock->dwell_s;
    return tell_ways(telling, clock);
}
