/* SPDX-License-Identifier: Apache-2.0 */
/* See occurrence.h. Sets of log sources are bits of a number. */
#include "cli/inspect/occurrence.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/suggest.h"
#include "rule/cost.h"
#include "rule/explain/reach.h"

enum { COMPARISONS_MAX = 2000000 }; /* of names, in all: some ten seconds at worst */

/* The events of one log source. */
struct seen {
    struct np_logsource logsource;
    uint64_t events;
    uint64_t *with; /* by field */
    uint64_t *with_null;
};

struct np_occurrences {
    const struct np_rule_set *rules;
    const struct np_field_set *fields;
    struct seen seen[NP_SEEN_LOGSOURCES_MAX];
    size_t seen_count;
    uint64_t uncounted;
    NP_VEC(struct np_field_figure) figures; /* one a field that rules look at */
    uint8_t *occurrence;                    /* scratch, by field */
    struct np_map name_ids;
    NP_VEC(const char *) names;      /* paths of records */
    NP_VEC(const char *) candidates; /* scratch */
    uint64_t comparisons;            /* of names, so far */
    bool near_is_cut;
    int error; /* of the walk over paths */
    struct np_arena arena;
};

/* ---- making */

/* Begins the figures: each field that rules look at, and how many do. */
static int list_fields(struct np_occurrences *occurrences)
{
    size_t fields = np_field_count(occurrences->fields);
    uint32_t *rules = np_arena_zalloc(&occurrences->arena, fields * sizeof(*rules));
    occurrences->occurrence = np_arena_zalloc(&occurrences->arena, fields);
    if (rules == NULL || occurrences->occurrence == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < np_rule_set_loaded(occurrences->rules); i++) {
        size_t count = 0;
        const np_field_id *ids = np_rule_set_fields(occurrences->rules, i, &count);
        for (size_t j = 0; j < count; j++)
            rules[ids[j]]++;
    }
    int r = 0;
    for (np_field_id id = 0; id < fields && r == 0; id++)
        if (rules[id] > 0)
            r = np_vec_push(&occurrences->figures,
                            ((struct np_field_figure){.field = id, .rules = rules[id]}),
                            NP_FIELDS_MAX);
    return r;
}

int np_occurrences_new(struct np_occurrences **out_occurrences, const struct np_rule_set *rules,
                       const struct np_field_set *fields)
{
    struct np_occurrences *occurrences = np_alloc(sizeof(*occurrences));
    if (occurrences == NULL)
        return -ENOMEM;
    occurrences->rules = rules;
    occurrences->fields = fields;
    np_arena_init(&occurrences->arena, SIZE_MAX);
    np_map_init(&occurrences->name_ids, NP_SEEN_NAMES_MAX);
    int r = list_fields(occurrences);
    if (r < 0) {
        np_occurrences_free(&occurrences);
        return r;
    }
    *out_occurrences = occurrences;
    return 0;
}

void np_occurrences_free(struct np_occurrences **occurrences)
{
    if (occurrences == NULL || *occurrences == NULL)
        return;
    np_vec_done(&(*occurrences)->figures);
    np_vec_done(&(*occurrences)->names);
    np_vec_done(&(*occurrences)->candidates);
    np_map_done(&(*occurrences)->name_ids);
    np_arena_done(&(*occurrences)->arena);
    np_free(NP_TAKE(*occurrences));
}

/* ---- counting */

static bool is_same(const struct np_logsource *one, const struct np_logsource *two)
{
    return np_span_eq(one->product, two->product) && np_span_eq(one->category, two->category) &&
           np_span_eq(one->service, two->service);
}

/* Begins with a log source; NULL where memory is out. */
static struct seen *add_seen(struct np_occurrences *occurrences,
                             const struct np_logsource *logsource)
{
    struct seen *seen = &occurrences->seen[occurrences->seen_count];
    struct np_arena *arena = &occurrences->arena;
    size_t fields = np_field_count(occurrences->fields);
    *seen = (struct seen){
        .logsource = *logsource,
        .with = np_arena_zalloc(arena, fields * sizeof(*seen->with)),
        .with_null = np_arena_zalloc(arena, fields * sizeof(*seen->with_null)),
    };
    if (seen->with == NULL || seen->with_null == NULL ||
        np_arena_keep(arena, &seen->logsource.product) < 0 ||
        np_arena_keep(arena, &seen->logsource.category) < 0 ||
        np_arena_keep(arena, &seen->logsource.service) < 0)
        return NULL;
    occurrences->seen_count++;
    return seen;
}

/* Remembers a path; its error stays in the counters. */
static bool take_name(void *context, struct np_span path)
{
    struct np_occurrences *occurrences = context;
    if (np_map_get(&occurrences->name_ids, path) != NP_MAP_NONE)
        return true;
    int r = np_map_put(&occurrences->name_ids, path, (uint32_t) occurrences->names.len);
    if (r == 0)
        r = np_vec_push(&occurrences->names, np_map_key(&occurrences->name_ids, path).ptr,
                        NP_SEEN_NAMES_MAX);
    occurrences->near_is_cut = occurrences->near_is_cut || r == -E2BIG;
    occurrences->error = r == -E2BIG ? 0 : r;
    return r == 0;
}

int np_occurrences_add(struct np_occurrences *occurrences, struct np_event *event)
{
    size_t i = 0;
    while (i < occurrences->seen_count &&
           !is_same(&occurrences->seen[i].logsource, event->logsource))
        i++;
    if (i == NP_SEEN_LOGSOURCES_MAX) {
        occurrences->uncounted++;
        return 0;
    }
    struct seen *seen = i < occurrences->seen_count ? &occurrences->seen[i]
                                                    : add_seen(occurrences, event->logsource);
    if (seen == NULL)
        return -ENOMEM;
    seen->events++;
    for (size_t j = 0; j < occurrences->figures.len; j++) {
        np_field_id field = occurrences->figures.items[j].field;
        enum np_value_kind kind = np_event_field(event, field)->kind;
        seen->with[field] += kind > NP_VALUE_NULL;
        seen->with_null[field] += kind == NP_VALUE_NULL;
    }
    np_event_each_path(event, take_name, occurrences);
    return occurrences->error;
}

/* ---- figures */

/* The log sources whose events the rule runs on. */
static uint64_t seen_of_rule(const struct np_occurrences *occurrences, uint32_t rule)
{
    uint64_t set = 0;
    for (size_t i = 0; i < occurrences->seen_count; i++)
        if (np_rule_takes(occurrences->rules, rule, &occurrences->seen[i].logsource))
            set |= UINT64_C(1) << i;
    return set;
}

/* Adds up what `set` says of the figure's field. */
static void add_up(const struct np_occurrences *occurrences, uint64_t set,
                   struct np_field_figure *figure)
{
    for (; set != 0; set &= set - 1) {
        const struct seen *seen = &occurrences->seen[__builtin_ctzll(set)];
        figure->events += seen->events;
        figure->with += seen->with[figure->field];
        figure->with_null += seen->with_null[figure->field];
    }
    figure->fate = figure->events == 0     ? NP_FIELD_NO_EVENTS
                   : figure->with > 0      ? NP_FIELD_OCCURS
                   : figure->with_null > 0 ? NP_FIELD_ONLY_NULL
                                           : NP_FIELD_DEAD;
}

static struct np_span last_part(struct np_span path)
{
    size_t start = path.len;
    while (start > 0 && path.ptr[start - 1] != '.')
        start--;
    return np_span_from(path, start);
}

static void add_near(struct np_field_figure *figure, const char *name)
{
    for (size_t i = 0; i < figure->near_count; i++)
        if (figure->near[i] == name)
            return;
    if (figure->near_count < NP_NEAR_NAMES_MAX)
        figure->near[figure->near_count++] = name;
}

static struct np_span parent_of(struct np_span path)
{
    size_t last = last_part(path).len;
    return np_span_head(path, last < path.len ? path.len - last - 1 : 0);
}

/* Names that end as the dead field does, but for case: it stands elsewhere. */
static void find_moved(const struct np_occurrences *occurrences, struct np_field_figure *figure,
                       struct np_span name)
{
    struct np_span last = last_part(name);
    for (size_t i = 0; i < occurrences->names.len && figure->near_count < NP_NEAR_NAMES_MAX; i++)
        if (np_span_eq_ascii_fold(last_part(np_span_of(occurrences->names.items[i])), last))
            add_near(figure, occurrences->names.items[i]);
}

/* The name beside the dead field that is spelt most like it, if one is. */
static int find_misspelt(struct np_occurrences *occurrences, struct np_field_figure *figure,
                         struct np_span name)
{
    struct np_span parent = parent_of(name);
    size_t skip = name.len - last_part(name).len;
    occurrences->candidates.len = 0;
    for (size_t i = 0; i < occurrences->names.len; i++) {
        const char *other = occurrences->names.items[i];
        if (!np_span_eq(parent_of(np_span_of(other)), parent))
            continue;
        int r = np_vec_push(&occurrences->candidates, other + skip, NP_SEEN_NAMES_MAX);
        if (r < 0)
            return r;
    }
    occurrences->comparisons += occurrences->candidates.len;
    occurrences->near_is_cut =
        occurrences->near_is_cut || occurrences->comparisons > COMPARISONS_MAX;
    if (occurrences->comparisons > COMPARISONS_MAX)
        return 0;
    const char *near =
        np_suggest(last_part(name), occurrences->candidates.items, occurrences->candidates.len);
    if (near != NULL)
        add_near(figure, near - skip);
    return 0;
}

static int compare_figures(const void *a, const void *b)
{
    const struct np_field_figure *one = a;
    const struct np_field_figure *two = b;
    if (one->fate != two->fate)
        return one->fate < two->fate ? -1 : 1;
    double share_one = one->events > 0 ? (double) one->with / (double) one->events : 0;
    double share_two = two->events > 0 ? (double) two->with / (double) two->events : 0;
    if (share_one != share_two)
        return share_one > share_two ? -1 : 1;
    return (one->field > two->field) - (one->field < two->field);
}

int np_occurrences_figures(struct np_occurrences *occurrences,
                           const struct np_field_figure **out_figures, size_t *out_count)
{
    size_t fields = np_field_count(occurrences->fields);
    uint64_t *sets = np_arena_zalloc(&occurrences->arena, fields * sizeof(*sets));
    if (sets == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < np_rule_set_loaded(occurrences->rules); i++) {
        size_t count = 0;
        const np_field_id *ids = np_rule_set_fields(occurrences->rules, i, &count);
        uint64_t set = seen_of_rule(occurrences, i);
        for (size_t j = 0; j < count; j++)
            sets[ids[j]] |= set;
    }
    for (size_t i = 0; i < occurrences->figures.len; i++) {
        struct np_field_figure *figure = &occurrences->figures.items[i];
        struct np_span name = np_field_name(occurrences->fields, figure->field);
        add_up(occurrences, sets[figure->field], figure);
        if (figure->fate != NP_FIELD_DEAD)
            continue;
        int r = find_misspelt(occurrences, figure, name);
        if (r < 0)
            return r;
        find_moved(occurrences, figure, name);
    }
    if (occurrences->figures.len > 1)
        qsort(occurrences->figures.items, occurrences->figures.len,
              sizeof(occurrences->figures.items[0]), compare_figures);
    *out_figures = occurrences->figures.items;
    *out_count = occurrences->figures.len;
    return 0;
}

/* ---- rules */

enum np_rule_fate np_occurrences_rule_fate(struct np_occurrences *occurrences, uint32_t rule)
{
    size_t count = 0;
    const np_field_id *ids = np_rule_set_fields(occurrences->rules, rule, &count);
    uint64_t set = seen_of_rule(occurrences, rule);
    if (set == 0)
        return NP_RULE_NO_EVENTS;
    for (size_t i = 0; i < count; i++) {
        struct np_field_figure figure = {.field = ids[i]};
        add_up(occurrences, set, &figure);
        occurrences->occurrence[ids[i]] = figure.with > 0        ? NP_OCCURS
                                          : figure.with_null > 0 ? NP_OCCURS_AS_NULL
                                                                 : NP_OCCURS_NEVER;
    }
    return np_rule_can_match(occurrences->rules, rule, occurrences->occurrence) ? NP_RULE_ALIVE
                                                                                : NP_RULE_DEAD;
}

bool np_occurrences_is_dead(const struct np_occurrences *occurrences, uint32_t rule,
                            np_field_id field)
{
    struct np_field_figure figure = {.field = field};
    add_up(occurrences, seen_of_rule(occurrences, rule), &figure);
    return figure.fate == NP_FIELD_DEAD || figure.fate == NP_FIELD_ONLY_NULL;
}

uint64_t np_occurrences_uncounted(const struct np_occurrences *occurrences)
{
    return occurrences->uncounted;
}

bool np_occurrences_near_is_cut(const struct np_occurrences *occurrences)
{
    return occurrences->near_is_cut;
}
