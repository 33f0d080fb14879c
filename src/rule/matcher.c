/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running an event through the rules: the event's log source chooses the buckets, their probes
 * find the candidates, and only those are evaluated.
 */
#include "rule/candidates.h"
#include "rule/index/find.h"

enum { ROUTES_MAX = 8, ROUTE_TEXT_MAX_BYTES = 64, LIMIT_KINDS = 2 };

/* The buckets of one log source. Few are seen in a run, so each is worked out once. */
struct route {
    char texts[3][ROUTE_TEXT_MAX_BYTES];
    uint32_t lens[3];
    uint32_t *buckets; /* room for all */
    uint32_t bucket_count;
};

struct np_matcher {
    const struct np_rule_index *index;
    struct np_evaluator evaluator;
    struct np_finder finder;
    struct route routes[ROUTES_MAX];
    uint32_t routes_used;
    uint32_t next_route; /* to be replaced when all are used */
    struct np_candidates candidates;
    uint32_t *results;
    struct np_rule_limit *limits;
    size_t limit_count;
    uint64_t limits_met; /* in all */
    uint32_t *limit_ids; /* by rule and kind: 1 + index into `limits`, 0 = none yet */
};

static int init_routes(struct np_matcher *matcher)
{
    for (size_t i = 0; i < ROUTES_MAX; i++) {
        struct route *route = &matcher->routes[i];
        route->buckets = np_alloc_array(matcher->index->buckets.len, sizeof(route->buckets[0]));
        if (route->buckets == NULL)
            return -ENOMEM;
    }
    return 0;
}

static int init(struct np_matcher *matcher)
{
    const struct np_rule_index *index = matcher->index;
    size_t rules = index->set->rules.len;
    matcher->results = np_alloc_array(rules, sizeof(matcher->results[0]));
    matcher->limits = np_alloc_array(rules * LIMIT_KINDS, sizeof(matcher->limits[0]));
    matcher->limit_ids = np_alloc_array(rules * LIMIT_KINDS, sizeof(matcher->limit_ids[0]));
    if (matcher->results == NULL || matcher->limits == NULL || matcher->limit_ids == NULL)
        return -ENOMEM;
    int r = init_routes(matcher);
    if (r == 0)
        r = np_candidates_init(&matcher->candidates, index);
    if (r == 0)
        r = np_evaluator_init(&matcher->evaluator, index->ready);
    return r == 0 ? np_finder_init(&matcher->finder, index, &matcher->evaluator) : r;
}

int np_matcher_new(struct np_matcher **out_matcher, const struct np_rule_set *set)
{
    struct np_matcher *matcher = np_alloc(sizeof(*matcher));
    if (matcher == NULL)
        return -ENOMEM;
    matcher->index = set->index;
    int r = init(matcher);
    if (r < 0) {
        np_matcher_free(&matcher);
        return r;
    }
    *out_matcher = matcher;
    return 0;
}

void np_matcher_free(struct np_matcher **matcher)
{
    if (*matcher == NULL)
        return;
    struct np_matcher *gone = NP_TAKE(*matcher);
    for (size_t i = 0; i < ROUTES_MAX; i++)
        np_free(gone->routes[i].buckets);
    np_candidates_done(&gone->candidates);
    np_free(gone->results);
    np_free(gone->limits);
    np_free(gone->limit_ids);
    np_evaluator_done(&gone->evaluator);
    np_finder_done(&gone->finder);
    np_free(gone);
}

static bool route_is_of(const struct route *route, const struct np_span texts[3])
{
    for (size_t i = 0; i < 3; i++)
        if (!np_span_eq(texts[i], np_span_make(route->texts[i], route->lens[i])))
            return false;
    return true;
}

/*
 * Works out the route of a log source; one with a text that is too long to be kept is worked out
 * each time.
 */
static const struct route *make_route(struct np_matcher *matcher,
                                      const struct np_logsource *logsource,
                                      const struct np_span texts[3])
{
    struct route *route = &matcher->routes[matcher->next_route];
    route->bucket_count = 0;
    for (size_t i = 0; i < 3; i++) {
        bool fits = texts[i].len <= ROUTE_TEXT_MAX_BYTES;
        if (fits && texts[i].len > 0)
            memcpy(route->texts[i], texts[i].ptr, texts[i].len);
        route->lens[i] = fits ? (uint32_t) texts[i].len : UINT32_MAX;
    }
    for (size_t i = 0; i < matcher->index->buckets.len; i++)
        if (np_bucket_takes(&matcher->index->buckets.items[i], logsource))
            route->buckets[route->bucket_count++] = (uint32_t) i;
    matcher->next_route = (matcher->next_route + 1) % ROUTES_MAX;
    matcher->routes_used = NP_MIN(matcher->routes_used + 1, (uint32_t) ROUTES_MAX);
    return route;
}

static const struct route *find_route(struct np_matcher *matcher,
                                      const struct np_logsource *logsource)
{
    struct np_span texts[3] = {};
    if (logsource != NULL) {
        texts[0] = logsource->product;
        texts[1] = logsource->category;
        texts[2] = logsource->service;
    }
    for (size_t i = 0; i < matcher->routes_used; i++)
        if (route_is_of(&matcher->routes[i], texts))
            return &matcher->routes[i];
    return make_route(matcher, logsource, texts);
}

typedef void take_slot_fn(struct np_candidates *candidates, const struct np_slot *slot);

static void run_probe(struct np_matcher *matcher, uint32_t probe, take_slot_fn *take)
{
    uint32_t count = 0;
    const uint32_t *slots = np_finder_find(&matcher->finder, probe, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct np_slot *slot = &matcher->index->slots.slots.items[slots[i]];
        np_evaluator_learn(&matcher->evaluator, slot->pred, !slot->negative);
        take(&matcher->candidates, slot);
    }
}

static void find_keywords(struct np_matcher *matcher, struct np_run slots)
{
    for (uint32_t i = 0; i < slots.count; i++) {
        const struct np_slot *slot = &matcher->index->slots.slots.items[slots.first + i];
        if (np_evaluator_answer(&matcher->evaluator, slot->pred) != NP_TRUTH_FALSE)
            np_candidates_take_slot(&matcher->candidates, slot);
    }
}

/* Counts that `rule` ran into the limits whose bits are set. */
static void count_limits(struct np_matcher *matcher, uint32_t rule, unsigned limits)
{
    static const char *const names[LIMIT_KINDS] = {"match steps", "match memory"};
    for (unsigned kind = 0; kind < LIMIT_KINDS; kind++) {
        if ((limits >> (NP_TRUTH_STEPS_LIMIT + kind) & 1) == 0)
            continue;
        uint32_t *id = &matcher->limit_ids[rule * LIMIT_KINDS + kind];
        if (*id == 0) {
            matcher->limits[matcher->limit_count++] =
                (struct np_rule_limit){.what = names[kind], .rule = rule};
            *id = (uint32_t) matcher->limit_count;
        }
        matcher->limits[*id - 1].count++;
        matcher->limits_met++;
    }
}

typedef bool evaluate_fn(struct np_matcher *matcher, uint32_t rule, unsigned *limits);

static bool evaluate(struct np_matcher *matcher, uint32_t rule, unsigned *limits)
{
    return np_program_run(&matcher->index->programs, matcher->index->starts[rule],
                          &matcher->evaluator, limits);
}

static bool evaluate_plainly(struct np_matcher *matcher, uint32_t rule, unsigned *limits)
{
    const struct np_rule_set *set = matcher->index->set;
    return np_condition_run_plainly(&set->ir, np_rule_asked_of_record(&set->rules.items[rule]),
                                    &matcher->evaluator, limits);
}

/* Takes out the candidates in order and evaluates them; returns how many are true. */
static size_t run_candidates(struct np_matcher *matcher, evaluate_fn *is_true)
{
    size_t count = 0;
    for (uint32_t rule = 0; np_candidates_next(&matcher->candidates, &rule);) {
        unsigned limits = 0;
        if (is_true(matcher, rule, &limits))
            matcher->results[count++] = rule;
        if (np_unlikely(limits >> NP_TRUTH_STEPS_LIMIT != 0))
            count_limits(matcher, rule, limits);
    }
    return count;
}

/* Finds the candidates by the probes of the buckets that take the event. */
static void find_candidates(struct np_matcher *matcher, struct np_event *event)
{
    struct np_candidates *candidates = &matcher->candidates;
    const struct route *route = find_route(matcher, event->logsource);
    np_candidates_begin(candidates, event);
    for (uint32_t i = 0; i < route->bucket_count; i++) {
        const struct np_bucket *bucket = &matcher->index->buckets.items[route->buckets[i]];
        for (uint32_t j = 0; j < bucket->probes.count; j++)
            run_probe(matcher, bucket->probes.first + j, np_candidates_take_slot);
        find_keywords(matcher, bucket->keywords);
        np_candidates_add(candidates, bucket->always);
    }
    for (uint64_t rest = candidates->narrowers; rest != 0; rest &= rest - 1)
        run_probe(matcher, matcher->index->first_narrower + (uint32_t) __builtin_ctzll(rest),
                  np_candidates_take_narrowed);
}

size_t np_matcher_run(struct np_matcher *matcher, struct np_event *event,
                      const uint32_t **out_rules)
{
    np_evaluator_begin(&matcher->evaluator, event);
    find_candidates(matcher, event);
    *out_rules = matcher->results;
    return run_candidates(matcher, evaluate);
}

bool np_matcher_wants(struct np_matcher *matcher, struct np_event *event)
{
    const uint32_t *rules = NULL;
    uint64_t met = matcher->limits_met;
    return np_matcher_run(matcher, event, &rules) > 0 || matcher->limits_met != met;
}

void np_matcher_forget(struct np_matcher *matcher)
{
    np_evaluator_forget(&matcher->evaluator);
}

size_t np_matcher_run_plain(struct np_matcher *matcher, struct np_event *event,
                            const uint32_t **out_rules)
{
    np_evaluator_begin(&matcher->evaluator, event);
    const struct route *route = find_route(matcher, event->logsource);
    for (uint32_t i = 0; i < route->bucket_count; i++)
        np_candidates_add(&matcher->candidates,
                          matcher->index->buckets.items[route->buckets[i]].rules);
    *out_rules = matcher->results;
    return run_candidates(matcher, evaluate_plainly);
}

bool np_matcher_ask(struct np_matcher *matcher, struct np_event *event, uint32_t rule)
{
    const struct np_rule_set *set = matcher->index->set;
    unsigned limits = 0;
    np_evaluator_begin(&matcher->evaluator, event);
    bool is_true = np_condition_run_plainly(&set->ir, set->rules.items[rule].condition,
                                            &matcher->evaluator, &limits);
    count_limits(matcher, rule, limits);
    return is_true;
}

const struct np_rule_limit *np_matcher_limits(const struct np_matcher *matcher, size_t *out_count)
{
    *out_count = matcher->limit_count;
    return matcher->limits;
}
