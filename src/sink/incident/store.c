/* SPDX-License-Identifier: Apache-2.0 */
/* Each incident has an arena of its own, so that a new revision frees what the old one took. */
#include "sink/incident/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_DIGITS = 32 };

void np_incident_store_init(struct np_incident_store *store)
{
    *store = (struct np_incident_store){};
}

void np_incident_store_done(struct np_incident_store *store)
{
    for (size_t i = 0; i < store->items.len; i++)
        np_arena_done(&store->items.items[i].arena);
    np_vec_done(&store->items);
    store->held_bytes = 0;
}

/* ---- copies: each points what it is given at a copy in the arena; 0 or -ENOMEM */

static int copy_bytes(struct np_arena *arena, const void **bytes, size_t count, size_t size)
{
    size_t total = 0;
    if (count == 0)
        return 0;
    if (__builtin_mul_overflow(count, size, &total))
        return -ENOMEM;
    void *copy = np_arena_alloc(arena, total);
    if (copy == NULL)
        return -ENOMEM;
    memcpy(copy, *bytes, total);
    *bytes = copy;
    return 0;
}

#define COPY_ARRAY(arena, array, count)                                                            \
    copy_bytes((arena), (const void **) &(array), (count), sizeof((array)[0]))

static int copy_text(struct np_arena *arena, const char **text)
{
    if (*text == NULL)
        return 0;
    *text = np_arena_strdup(arena, np_span_of(*text));
    return *text != NULL ? 0 : -ENOMEM;
}

static int copy_spans(struct np_arena *arena, const struct np_span **spans, size_t count)
{
    const struct np_span *from = *spans;
    int r = 0;
    if (count == 0)
        return 0;
    struct np_span *copies = np_arena_zalloc(arena, count * sizeof(*copies));
    if (copies == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count && r == 0; i++) {
        copies[i] = from[i];
        r = np_arena_keep(arena, &copies[i]);
    }
    *spans = copies;
    return r;
}

static int copy_each(struct np_arena *arena, struct np_span *const *spans, size_t count)
{
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = np_arena_keep(arena, spans[i]);
    return r;
}

static int copy_link(struct np_arena *arena, struct np_incident_link *link)
{
    struct np_span *const spans[] = {&link->value, &link->key, &link->account, &link->place,
                                     &link->event_id};
    int r = copy_text(arena, &link->kind);
    if (r == 0)
        r = copy_text(arena, &link->reason);
    return r < 0 ? r : copy_each(arena, spans, NP_ARRAY_LEN(spans));
}

static int copy_step(struct np_arena *arena, struct np_incident_step *step)
{
    struct np_span *const spans[] = {&step->action, &step->outcome, &step->resource, &step->region};
    int r = copy_text(arena, &step->behaviour);
    if (r == 0)
        r = copy_each(arena, spans, NP_ARRAY_LEN(spans));
    if (r == 0)
        r = copy_spans(arena, &step->event_ids, step->event_count);
    return r < 0 ? r : COPY_ARRAY(arena, step->finding_ids, step->finding_count);
}

static int copy_reach(struct np_arena *arena, struct np_incident_reach *reach)
{
    int r = copy_text(arena, &reach->what);
    return r < 0 ? r : copy_spans(arena, &reach->values, reach->value_count);
}

static int copy_lag(struct np_arena *arena, struct np_incident_lag *lag)
{
    struct np_span *const spans[] = {&lag->account, &lag->region};
    return copy_each(arena, spans, NP_ARRAY_LEN(spans));
}

/* Copies an array and what each item points at. */
#define COPY_ITEMS(r, arena, incident, array, count, copy)                                         \
    do {                                                                                           \
        if ((r) == 0)                                                                              \
            (r) = COPY_ARRAY((arena), (incident)->array, (incident)->count);                       \
        for (size_t item = 0; item < (incident)->count && (r) == 0; item++)                        \
            (r) = copy((arena), (void *) (uintptr_t) & (incident)->array[item]);                   \
    } while (0)

static int copy_incident(struct np_arena *arena, struct np_incident *incident)
{
    struct np_span *const spans[] = {&incident->title, &incident->opened_by};
    int r = copy_each(arena, spans, NP_ARRAY_LEN(spans));
    COPY_ITEMS(r, arena, incident, chain, chain_count, copy_link);
    COPY_ITEMS(r, arena, incident, steps, step_count, copy_step);
    COPY_ITEMS(r, arena, incident, reach, reach_count, copy_reach);
    COPY_ITEMS(r, arena, incident, lags, lag_count, copy_lag);
    if (r == 0)
        r = COPY_ARRAY(arena, incident->signs, incident->sign_count);
    if (r == 0)
        r = copy_spans(arena, &incident->event_ids, incident->event_count);
    if (r == 0)
        r = copy_spans(arena, &incident->blind, incident->blind_count);
    return r < 0 ? r : copy_spans(arena, &incident->next, incident->next_count);
}

/* ---- the store */

static bool is_same(struct np_hash128 a, struct np_hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* Which is to be read first. */
static int by_reading_order(const void *a, const void *b)
{
    const struct np_incident *x = &((const struct np_stored_incident *) a)->incident;
    const struct np_incident *y = &((const struct np_stored_incident *) b)->incident;
    int order = np_incident_is_merged(x) - np_incident_is_merged(y);
    if (order == 0)
        order = (y->level > x->level) - (y->level < x->level);
    if (order == 0)
        order = compare_numbers(y->score, x->score);
    if (order == 0)
        order = (x->first > y->first) - (x->first < y->first);
    if (order == 0)
        order = (x->id.high > y->id.high) - (x->id.high < y->id.high);
    return order != 0 ? order : (x->id.low > y->id.low) - (x->id.low < y->id.low);
}

void np_incident_store_sort(struct np_incident_store *store)
{
    if (store->items.len > 0)
        qsort(store->items.items, store->items.len, sizeof(store->items.items[0]),
              by_reading_order);
}

static void remove_at(struct np_incident_store *store, size_t at)
{
    store->held_bytes -= store->items.items[at].arena.held_bytes;
    np_arena_done(&store->items.items[at].arena);
    store->items.items[at] = store->items.items[--store->items.len];
}

/* Lets the least of all leave, which may be the new one. */
static void make_room(struct np_incident_store *store)
{
    while (store->items.len > NP_STORE_INCIDENTS_MAX ||
           (store->held_bytes > NP_STORE_MAX_BYTES && store->items.len > 1)) {
        size_t least = 0;
        for (size_t i = 1; i < store->items.len; i++)
            if (by_reading_order(&store->items.items[i], &store->items.items[least]) > 0)
                least = i;
        remove_at(store, least);
        store->missed++;
    }
}

int np_incident_store_put(struct np_incident_store *store, const struct np_incident *incident)
{
    struct np_stored_incident stored = {.incident = *incident};
    np_arena_init(&stored.arena, SIZE_MAX); /* bounded for all together, see make_room() */
    int r = copy_incident(&stored.arena, &stored.incident);
    if (r == 0)
        r = np_vec_reserve(&store->items, store->items.len + 1, NP_STORE_INCIDENTS_MAX + 1);
    if (r < 0) {
        np_arena_done(&stored.arena);
        return r;
    }
    for (size_t i = 0; i < store->items.len; i++)
        if (is_same(store->items.items[i].incident.id, incident->id)) {
            remove_at(store, i);
            break;
        }
    store->items.items[store->items.len++] = stored;
    store->held_bytes += stored.arena.held_bytes;
    make_room(store);
    return 0;
}

/* ---- names */

const struct np_incident *np_incident_store_find(const struct np_incident_store *store,
                                                 struct np_span prefix, size_t *out_count)
{
    const struct np_incident *found = NULL;
    char digits[HASH_DIGITS + 1];
    *out_count = 0;
    for (size_t i = 0; i < store->items.len; i++) {
        np_hash128_format(digits, store->items.items[i].incident.id);
        struct np_span head = np_span_head(np_span_of(digits), prefix.len);
        if (prefix.len == 0 || !np_span_eq_ascii_fold(head, prefix))
            continue;
        found = &store->items.items[i].incident;
        ++*out_count;
    }
    return *out_count == 1 ? found : NULL;
}

void np_incident_store_short_id(const struct np_incident_store *store, struct np_hash128 id,
                                char out_text[NP_INCIDENT_SHORT_BYTES])
{
    char other[HASH_DIGITS + 1];
    size_t len = NP_INCIDENT_SHORT_MIN;
    np_hash128_format(out_text, id);
    for (size_t i = 0; i < store->items.len; i++) {
        np_hash128_format(other, store->items.items[i].incident.id);
        while (len < HASH_DIGITS && strncmp(other, out_text, len) == 0 &&
               strcmp(other, out_text) != 0)
            len++;
    }
    out_text[len] = '\0';
}
