/* SPDX-License-Identifier: Apache-2.0 */
/* See ready.h. Everything that is no library's object lives in the set's arena. */
#include "rule/ready.h"

#include "rule/pattern.h"

/* A shorter list is compared one by one: tables cost more than they save. */
enum { LOOKUP_MIN_LITERALS = 6 };

static bool is_exact(const struct np_literal *literal)
{
    return literal->kind == NP_LITERAL_PATTERN && literal->pattern.kind == NP_PATTERN_EXACT;
}

static int add_exact(struct np_lookup *lookup, const struct np_pattern *pattern)
{
    uint32_t number = 0;
    return pattern->fold ? np_fold_map_add(&lookup->exact, pattern->text, &number)
                         : np_map_put(&lookup->cased, pattern->text, number);
}

/* Puts each literal where it is found fastest. */
static int fill_lookup(struct np_lookup *lookup, struct np_arena *arena, const struct np_pred *pred,
                       struct np_sieve_builder *sieve)
{
    for (size_t i = 0; i < pred->literal_count; i++) {
        const struct np_literal *literal = &pred->literals[i];
        int r = 0;
        if (literal->spells_number)
            lookup->spelt[lookup->spelt_count++] = (uint32_t) i;
        if (is_exact(literal))
            r = add_exact(lookup, &literal->pattern);
        else if (np_sieve_takes(literal))
            r = np_sieve_add(sieve, arena, literal, (uint32_t) i);
        else if (literal->kind != NP_LITERAL_NULL)
            lookup->rest[lookup->rest_count++] = (uint32_t) i;
        if (r < 0)
            return r;
    }
    return np_sieve_init(&lookup->sieve, sieve);
}

static int make_lookup(struct np_ready *ready, struct np_arena *arena)
{
    const struct np_pred *pred = ready->pred;
    if (pred->op != NP_PRED_MATCH || pred->literal_count < LOOKUP_MIN_LITERALS)
        return 0;
    ready->lookup = np_arena_zalloc(arena, sizeof(*ready->lookup));
    if (ready->lookup == NULL)
        return -ENOMEM;
    np_map_init(&ready->lookup->cased, pred->literal_count);
    ready->lookup->rest = np_arena_alloc(arena, pred->literal_count * sizeof(uint32_t));
    ready->lookup->spelt = np_arena_alloc(arena, pred->literal_count * sizeof(uint32_t));
    if (ready->lookup->rest == NULL || ready->lookup->spelt == NULL)
        return -ENOMEM;
    struct np_sieve_builder sieve = {};
    int r = fill_lookup(ready->lookup, arena, pred, &sieve);
    np_sieve_builder_done(&sieve);
    return r;
}

static int compile_regex(struct np_ready *ready, struct np_arena *arena, size_t literal)
{
    if (ready->regexes == NULL) {
        size_t bytes = ready->pred->literal_count * sizeof(struct np_regex *);
        ready->regexes = np_arena_zalloc(arena, bytes);
        if (ready->regexes == NULL)
            return -ENOMEM;
    }
    return np_regex_new(&ready->regexes[literal], &ready->pred->literals[literal].regex, NULL);
}

static int make_ready(struct np_ready *ready, struct np_arena *arena, const struct np_pred *pred)
{
    *ready = (struct np_ready){.pred = pred};
    for (size_t i = 0; i < pred->literal_count; i++) {
        const struct np_literal *literal = &pred->literals[i];
        ready->matches_missing |= literal->kind == NP_LITERAL_NULL;
        ready->folds |=
            literal->kind == NP_LITERAL_PATTERN ? literal->pattern.fold : np_sieve_takes(literal);
        if (literal->kind != NP_LITERAL_REGEX)
            continue;
        int r = compile_regex(ready, arena, i);
        if (r < 0)
            return r;
    }
    if (pred->op == NP_PRED_MATCH && pred->literal_count == 1 && is_exact(&pred->literals[0]))
        ready->exact = &pred->literals[0].pattern;
    return make_lookup(ready, arena);
}

static bool all_sieved(const struct np_pred *pred)
{
    for (size_t i = 0; i < pred->literal_count; i++)
        if (!np_sieve_takes(&pred->literals[i]))
            return false;
    return true;
}

static int add_keyword(struct np_ready_set *set, np_pred_id pred_id, struct np_sieve_builder *sieve)
{
    struct np_keywords *keywords = &set->keywords;
    const struct np_pred *pred = set->preds[pred_id].pred;
    uint32_t index = (uint32_t) keywords->count;
    keywords->preds[keywords->count++] = pred_id;
    if (!all_sieved(pred)) {
        keywords->rest[keywords->rest_count++] = index;
        return 0;
    }
    for (size_t i = 0; i < pred->literal_count; i++) {
        int r = np_sieve_add(sieve, &set->arena, &pred->literals[i], index);
        if (r < 0)
            return r;
    }
    return 0;
}

static int make_keywords(struct np_ready_set *set)
{
    struct np_keywords *keywords = &set->keywords;
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += set->preds[i].pred->op == NP_PRED_KEYWORD;
    keywords->preds = np_arena_alloc(&set->arena, count * sizeof(keywords->preds[0]));
    keywords->rest = np_arena_alloc(&set->arena, count * sizeof(keywords->rest[0]));
    if (keywords->preds == NULL || keywords->rest == NULL)
        return -ENOMEM;
    struct np_sieve_builder sieve = {};
    int r = 0;
    for (size_t i = 0; i < set->count && r == 0; i++)
        if (set->preds[i].pred->op == NP_PRED_KEYWORD)
            r = add_keyword(set, (np_pred_id) i, &sieve);
    if (r == 0)
        r = np_sieve_init(&keywords->sieve, &sieve);
    np_sieve_builder_done(&sieve);
    return r;
}

static int fill(struct np_ready_set *set, const struct np_ir *ir)
{
    set->preds = np_arena_zalloc(&set->arena, ir->preds.len * sizeof(set->preds[0]));
    if (set->preds == NULL)
        return -ENOMEM;
    while (set->count < ir->preds.len) {
        size_t i = set->count++;
        int r = make_ready(&set->preds[i], &set->arena, &ir->preds.items[i]);
        if (r < 0)
            return r;
    }
    return make_keywords(set);
}

int np_ready_set_new(struct np_ready_set **out_set, const struct np_ir *ir)
{
    struct np_ready_set *set = np_alloc(sizeof(*set));
    if (set == NULL)
        return -ENOMEM;
    np_arena_init(&set->arena, SIZE_MAX);
    int r = fill(set, ir);
    if (r < 0) {
        np_ready_set_free(&set);
        return r;
    }
    *out_set = set;
    return 0;
}

void np_ready_set_free(struct np_ready_set **set)
{
    if (*set == NULL)
        return;
    for (size_t i = 0; i < (*set)->count; i++) {
        struct np_ready *ready = &(*set)->preds[i];
        for (size_t j = 0; ready->regexes != NULL && j < ready->pred->literal_count; j++)
            np_regex_free(&ready->regexes[j]);
        if (ready->lookup != NULL) {
            np_fold_map_done(&ready->lookup->exact);
            np_map_done(&ready->lookup->cased);
            np_sieve_done(&ready->lookup->sieve);
        }
    }
    np_sieve_done(&(*set)->keywords.sieve);
    np_arena_done(&(*set)->arena);
    np_free(NP_TAKE(*set));
}
