/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows are found by a key of hashes (base/hash.h: wide enough to stand for the texts). The first
 * targets of a row are compared as they are; only what comes after them needs the set of seen
 * targets.
 */
#include "sink/rollup.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

enum { ROWS_MAX = NP_ROLLUP_ROWS_PER_LEVEL_MAX * NP_LEVEL_MAX };

/* No padding: it is hashed as bytes. */
struct row_key {
    const struct np_rule_info *rule;
    struct np_hash128 principal;
    struct np_hash128 outcome;
};
_Static_assert(sizeof(struct row_key) == sizeof(void *) + 32, "a key has no padding");

struct target_key {
    uint64_t row;
    struct np_hash128 target;
};

void np_rollup_init(struct np_rollup *rollup)
{
    *rollup = (struct np_rollup){};
    np_map_init(&rollup->index, ROWS_MAX);
    np_map_init(&rollup->targets, NP_ROLLUP_TARGETS_IN_ALL_MAX);
    np_arena_init(&rollup->texts, SIZE_MAX); /* bounded a level, see keep_text() */
}

void np_rollup_done(struct np_rollup *rollup)
{
    if (rollup == NULL)
        return;
    np_vec_done(&rollup->rows);
    np_map_done(&rollup->index);
    np_map_done(&rollup->targets);
    np_arena_done(&rollup->texts);
}

/* Keeps a copy of `*text` within the room of its level: 0, -E2BIG or -ENOMEM. */
static int keep_text(struct np_rollup *rollup, struct np_rollup_room *room, struct np_span *text)
{
    if (text->len > NP_ROLLUP_BYTES_PER_LEVEL_MAX - room->bytes)
        return -E2BIG;
    size_t before = rollup->texts.used_bytes;
    int r = np_arena_keep(&rollup->texts, text);
    if (r == 0)
        room->bytes = NP_MIN(room->bytes + rollup->texts.used_bytes - before,
                             (size_t) NP_ROLLUP_BYTES_PER_LEVEL_MAX);
    return r;
}

static int keep_row_texts(struct np_rollup *rollup, struct np_rollup_room *room,
                          struct np_rollup_row *row)
{
    int r = keep_text(rollup, room, &row->principal);
    if (r == 0)
        r = keep_text(rollup, room, &row->outcome);
    if (r == 0)
        r = keep_text(rollup, room, &row->account);
    if (r == 0)
        r = keep_text(rollup, room, &row->region);
    return r;
}

/* The number of the row of `finding`, a new one where need be: 0, -E2BIG (no room) or -ENOMEM. */
static int find_row(struct np_rollup *rollup, const struct np_finding *finding,
                    uint32_t *out_number)
{
    struct row_key key = {
        .rule = finding->rule,
        .principal = np_hash128(finding->event.principal, 0),
        .outcome = np_hash128(finding->event.outcome, 0),
    };
    struct np_span key_bytes = np_span_make((const char *) &key, sizeof(key));
    uint32_t number = np_map_get(&rollup->index, key_bytes);
    struct np_rollup_room *room = &rollup->rooms[finding->rule->level];
    if (number == NP_MAP_NONE) {
        if (room->rows >= NP_ROLLUP_ROWS_PER_LEVEL_MAX)
            return -E2BIG;
        struct np_rollup_row row = {
            .rule = finding->rule,
            .principal = finding->event.principal,
            .outcome = finding->event.outcome,
            .account = finding->account,
            .region = finding->event.region,
            .first = NP_TIME_NONE,
            .last = NP_TIME_NONE,
        };
        number = (uint32_t) rollup->rows.len;
        int r = keep_row_texts(rollup, room, &row);
        if (r == 0)
            r = np_vec_reserve(&rollup->rows, rollup->rows.len + 1, ROWS_MAX);
        if (r == 0)
            r = np_map_put(&rollup->index, key_bytes, number);
        if (r < 0)
            return r;
        rollup->rows.items[rollup->rows.len++] = row;
        room->rows++;
    }
    *out_number = number;
    return 0;
}

/*
 * Whether a target beyond the kept ones is new to its row: 0, -E2BIG (no room to tell) or -ENOMEM.
 */
static int see_target(struct np_rollup *rollup, uint32_t number, struct np_span target,
                      bool *out_new)
{
    struct target_key key = {.row = number, .target = np_hash128(target, 0)};
    struct np_span key_bytes = np_span_make((const char *) &key, sizeof(key));
    *out_new = np_map_get(&rollup->targets, key_bytes) == NP_MAP_NONE;
    if (!*out_new)
        return 0;
    if (rollup->rows.items[number].target_count >= NP_ROLLUP_TARGETS_MAX)
        return -E2BIG;
    return np_map_put(&rollup->targets, key_bytes, 0);
}

static int add_target(struct np_rollup *rollup, uint32_t number, struct np_span target)
{
    struct np_rollup_row *row = &rollup->rows.items[number];
    for (uint32_t i = 0; i < row->targets_kept; i++)
        if (np_span_eq(row->targets[i], target))
            return 0;
    int r = 0;
    bool is_new = true;
    if (row->target_count < NP_ROLLUP_TARGETS_SHOWN) {
        r = keep_text(rollup, &rollup->rooms[row->rule->level], &target);
        if (r == 0)
            row->targets[row->targets_kept++] = target;
    } else {
        r = see_target(rollup, number, target, &is_new);
    }
    if (r == -E2BIG)
        row->more_targets = true;
    else if (r == 0 && is_new)
        row->target_count++;
    return r == -E2BIG ? 0 : r;
}

static void widen_times(struct np_rollup_row *row, np_time_ns time)
{
    if (time == NP_TIME_NONE)
        return;
    if (row->first == NP_TIME_NONE || time < row->first)
        row->first = time;
    if (row->last == NP_TIME_NONE || time > row->last)
        row->last = time;
}

int np_rollup_add(struct np_rollup *rollup, const struct np_finding *finding)
{
    uint32_t number = 0;
    int r = find_row(rollup, finding, &number);
    if (r == -E2BIG) {
        rollup->added++;
        rollup->missed++;
        return 0;
    }
    if (r < 0)
        return r;
    struct np_rollup_row *row = &rollup->rows.items[number];
    rollup->added++;
    row->count++;
    widen_times(row, finding->time);
    const struct np_rollup_row *first = &rollup->rows.items[0];
    row->many_accounts |= !np_span_eq(row->account, finding->account);
    row->many_regions |= !np_span_eq(row->region, finding->event.region);
    rollup->many_accounts |= !np_span_eq(first->account, finding->account);
    rollup->many_regions |= !np_span_eq(first->region, finding->event.region);
    for (size_t i = 0; i < finding->target_count && r == 0; i++)
        r = add_target(rollup, number, finding->targets[i]);
    return r;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* What has no time comes last in its level. */
static int by_reading_order(const void *a, const void *b)
{
    const struct np_rollup_row *x = a;
    const struct np_rollup_row *y = b;
    int order = compare(y->rule->level, x->rule->level);
    if (order == 0)
        order = compare(x->first == NP_TIME_NONE, y->first == NP_TIME_NONE);
    if (order == 0)
        order = compare(x->first, y->first);
    if (order == 0)
        order = strcmp(x->rule->title, y->rule->title);
    if (order == 0)
        order = np_span_compare(x->principal, y->principal);
    return order != 0 ? order : np_span_compare(x->outcome, y->outcome);
}

void np_rollup_sort(struct np_rollup *rollup)
{
    if (rollup->rows.len > 0)
        qsort(rollup->rows.items, rollup->rows.len, sizeof(rollup->rows.items[0]),
              by_reading_order);
}

static int by_level_and_principal(const void *a, const void *b)
{
    const struct np_rollup_row *x = a;
    const struct np_rollup_row *y = b;
    int order = compare(y->rule->level, x->rule->level);
    return order != 0 ? order : np_span_compare(x->principal, y->principal);
}

/* Puts `top` where it belongs among the tops, if it does. */
static void insert_top(struct np_rollup_tops *tops, struct np_rollup_top top)
{
    size_t at = tops->count;
    while (at > 0 && tops->tops[at - 1].findings < top.findings)
        at--;
    if (at == NP_ROLLUP_TOPS_MAX)
        return;
    tops->count = NP_MIN(tops->count + 1, (size_t) NP_ROLLUP_TOPS_MAX);
    for (size_t i = tops->count - 1; i > at; i--)
        tops->tops[i] = tops->tops[i - 1];
    tops->tops[at] = top;
}

void np_rollup_find_tops(struct np_rollup *rollup, struct np_rollup_tops *out_tops)
{
    *out_tops = (struct np_rollup_tops){.many_accounts = rollup->many_accounts};
    const struct np_rollup_row *rows = rollup->rows.items;
    size_t len = rollup->rows.len;
    if (len == 0)
        return;
    qsort(rollup->rows.items, len, sizeof(rollup->rows.items[0]), by_level_and_principal);
    out_tops->level = rows[0].rule->level;
    for (size_t i = 0; i < len && rows[i].rule->level == out_tops->level;) {
        struct np_rollup_top top = {.principal = rows[i].principal, .account = rows[i].account};
        for (; i < len && rows[i].rule->level == out_tops->level &&
               np_span_eq(rows[i].principal, top.principal);
             i++)
            top.findings += rows[i].count;
        insert_top(out_tops, top);
    }
}
