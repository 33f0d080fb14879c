/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of an incident: calls of one tactic by one credential in a row are one step, a sensitive call only together
 * with its like. See telling.h.
 */
#include "incident/telling.h"

enum { CALLS_NAMED_MAX = 3 };

static bool is_same_call(const struct np_deed *a, const struct np_deed *b)
{
    return a->api == b->api && a->service == b->service;
}

static bool folds(const struct np_telling_deed *a, const struct np_telling_deed *b)
{
    if (a->link != b->link || a->deed->tactic != b->deed->tactic)
        return false;
    return is_same_call(a->deed, b->deed) ||
           (a->deed->weight != NP_WEIGHT_SENSITIVE && b->deed->weight != NP_WEIGHT_SENSITIVE);
}

/* Whether a deed's call was made by one of those before it. */
static bool is_repeat(const struct np_telling_deed *deeds, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_same_call(deeds[i].deed, deeds[index].deed))
            return true;
    }
    return false;
}

/* "iam:CreateAccessKey", or "ListBuckets, DescribeInstances, ..." */
static struct np_span action_of(struct np_telling *telling, const struct np_telling_deed *deeds,
                                size_t count)
{
    struct np_span text = np_telling_format(
        telling, "%.*s:%.*s", NP_SPAN_ARGS(np_telling_text(telling, deeds[0].deed->service)),
        NP_SPAN_ARGS(np_telling_text(telling, deeds[0].deed->api)));
    size_t named = 1;
    for (size_t i = 1; i < count; i++) {
        if (is_same_call(deeds[i].deed, deeds[i - 1].deed) || is_repeat(deeds, i))
            continue;
        if (named == CALLS_NAMED_MAX)
            return np_telling_format(telling, "%.*s, ...", NP_SPAN_ARGS(text));
        if (named == 1)
            text = np_telling_text(telling, deeds[0].deed->api);
        text = np_telling_format(telling, "%.*s, %.*s", NP_SPAN_ARGS(text),
                                 NP_SPAN_ARGS(np_telling_text(telling, deeds[i].deed->api)));
        named++;
    }
    return text;
}

static struct np_span outcome_of(struct np_telling *telling, const struct np_telling_deed *deeds,
                                 size_t count)
{
    size_t failed = 0;
    size_t refused = 0;
    bool one_error = true;
    for (size_t i = 0; i < count; i++) {
        failed += (deeds[i].deed->flags & NP_ACT_FAILED) != 0;
        refused += (deeds[i].deed->flags & NP_ACT_REFUSED) != 0;
        one_error &= deeds[i].deed->error == deeds[0].deed->error;
    }
    if (failed == 0)
        return NP_SPAN("ok");
    if (failed == count && one_error && deeds[0].deed->error != NP_NAME_NONE)
        return np_telling_text(telling, deeds[0].deed->error);
    if (refused == failed)
        return np_telling_format(telling, "%zu of %zu refused", refused, count);
    return np_telling_format(telling, "%zu of %zu failed", failed, count);
}

static struct np_span region_of(struct np_telling *telling, const struct np_telling_deed *deeds,
                                size_t count)
{
    size_t regions = 1;
    for (size_t i = 1; i < count; i++) {
        size_t before = 0;
        while (deeds[before].deed->region != deeds[i].deed->region)
            before++;
        regions += before == i;
    }
    return regions == 1 ? np_telling_text(telling, deeds[0].deed->region)
                        : np_telling_format(telling, "%zu regions", regions);
}

static bool is_behaviour(const struct np_rule_info *rule)
{
    return np_span_starts(np_span_of(rule->id), NP_SPAN("nepho."));
}

/* The findings of a step, its strongest level and behaviour. */
static int fill_signals(struct np_telling *telling, struct np_incident_step *step,
                        const struct np_telling_deed *deeds, size_t count)
{
    size_t total = 0;
    enum np_level behaviour = NP_LEVEL_INFORMATIONAL;
    for (size_t i = 0; i < count; i++)
        total += deeds[i].deed->more != NULL ? deeds[i].deed->more->signal_count : 0;
    struct np_hash128 *ids = np_arena_alloc(telling->arena, total * sizeof(ids[0]));
    if (ids == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct np_deed_more *more = deeds[i].deed->more;
        for (size_t k = 0; more != NULL && k < more->signal_count; k++) {
            const struct np_rule_info *rule = more->signals[k].rule;
            ids[step->finding_count++] = more->signals[k].finding_id;
            step->level = NP_MAX(step->level, rule->level);
            if (is_behaviour(rule) && (step->behaviour == NULL || rule->level > behaviour)) {
                step->behaviour = rule->title;
                behaviour = rule->level;
            }
        }
    }
    step->finding_ids = ids;
    return 0;
}

static int fill_step(struct np_telling *telling, struct np_incident_step *step, size_t from,
                     size_t count)
{
    const struct np_telling_deed *deeds = &telling->deeds[from];
    *step = (struct np_incident_step){
        .time = deeds[0].deed->time,
        .last = deeds[count - 1].deed->time,
        .tactic = (enum np_tactic) deeds[0].deed->tactic,
        .tactic_guessed = deeds[0].deed->guessed,
        .action = action_of(telling, deeds, count),
        .outcome = outcome_of(telling, deeds, count),
        .region = region_of(telling, deeds, count),
        .count = count,
        .link = deeds[0].link,
        .event_ids = &telling->incident->event_ids[from],
        .event_count = count,
    };
    for (size_t i = 0; i < count; i++) {
        step->refused += (deeds[i].deed->flags & NP_ACT_REFUSED) != 0;
        if (step->resource.len == 0)
            step->resource = np_telling_text(telling, deeds[i].deed->resource);
    }
    return fill_signals(telling, step, deeds, count);
}

int np_tell_steps(struct np_telling *telling)
{
    struct np_incident_step *steps =
        np_arena_alloc(telling->arena, telling->deed_count * sizeof(steps[0]));
    size_t step_count = 0;
    if (steps == NULL)
        return -ENOMEM;
    for (size_t from = 0; from < telling->deed_count;) {
        size_t count = 1;
        while (from + count < telling->deed_count &&
               folds(&telling->deeds[from], &telling->deeds[from + count]))
            count++;
        int r = fill_step(telling, &steps[step_count++], from, count);
        if (r < 0)
            return r;
        from += count;
    }
    telling->incident->steps = steps;
    telling->incident->step_count = step_count;
    return 0;
}
