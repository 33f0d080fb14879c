/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries by number, found by hash through an open table with a small direct-mapped one in front. Texts live in cells
 * of a few sizes, cut from blocks, so that what leaves makes room without anything moving.
 */
#include "actor/names.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/vec.h"

enum {
    CACHE_SLOTS = 4096,
    TABLE_MIN = 4096,
    BLOCK_BYTES = 64 * 1024,
    CLASS_COUNT = 9,
    FIRST_FREE_ID = 2 /* behind NONE and MANY */
};

static const uint16_t class_bytes[CLASS_COUNT] = {24, 40, 56, 80, 120, 184, 288, 544, 1032};

struct entry {
    const char *text; /* NULL = free */
    uint64_t hash;
    uint32_t holds;
    uint32_t
        met; /* round of sweeping in which it was met last; of a free entry: the next free one */
    uint16_t len;
    uint8_t class;
};

/* A text that passes. */
struct passing {
    struct np_span text;
    uint64_t hash; /* 0 = not asked for yet */
};

#define PASSING 0x80000000u /* in a number */

struct cell {
    struct cell *next;
};

struct np_names {
    NP_VEC(struct entry) entries;
    uint32_t *table; /* hash -> number; 0 = empty */
    size_t table_cap;
    size_t live;
    uint32_t first_free; /* 0 = none */
    uint32_t round;
    struct cell *cells[CLASS_COUNT];
    NP_VEC(char *) blocks;
    char *block; /* being cut */
    size_t block_left;
    size_t bytes; /* of texts' cells and entries in use */
    size_t held_bytes;
    size_t max_bytes;
    uint64_t lost;
    struct passing *passing; /* by number */
    uint32_t passed;
    np_name recent[NP_NAMES_RECENT];
    uint32_t recent_next;
    np_name cache[CACHE_SLOTS];
};

int np_names_new(struct np_names **out_names, size_t max_bytes)
{
    struct np_names *names = np_alloc(sizeof(*names));
    if (names == NULL)
        return -ENOMEM;
    names->max_bytes = max_bytes;
    names->table_cap = TABLE_MIN;
    names->table = np_alloc_array(TABLE_MIN, sizeof(names->table[0]));
    names->passing = np_alloc_array(NP_NAMES_RECENT, sizeof(names->passing[0]));
    if (names->table == NULL || names->passing == NULL ||
        np_vec_reserve(&names->entries, TABLE_MIN, UINT32_MAX) < 0) {
        np_names_free(&names);
        return -ENOMEM;
    }
    names->entries.len = FIRST_FREE_ID;
    names->entries.items[NP_NAME_NONE] = (struct entry){.text = ""};
    names->entries.items[NP_NAME_MANY] = (struct entry){.text = "...", .len = 3, .hash = 1};
    *out_names = names;
    return 0;
}

void np_names_free(struct np_names **names)
{
    if (names == NULL || *names == NULL)
        return;
    for (size_t i = 0; i < (*names)->blocks.len; i++)
        np_free((*names)->blocks.items[i]);
    np_vec_done(&(*names)->blocks);
    np_vec_done(&(*names)->entries);
    np_free((*names)->table);
    np_free((*names)->passing);
    np_free(*names);
    *names = NULL;
}

static size_t cost_of(uint8_t class)
{
    return class_bytes[class] + sizeof(struct entry) + 2 * sizeof(uint32_t);
}

static uint8_t class_of(size_t len)
{
    uint8_t class = 0;
    while (class_bytes[class] <= len)
        class ++;
    return class;
}

/* A cell of a size class; NULL when memory is out. */
static char *take_cell(struct np_names *names, uint8_t class)
{
    struct cell *cell = names->cells[class];
    if (cell != NULL) {
        names->cells[class] = cell->next;
        return (char *) cell;
    }
    if (names->block_left < class_bytes[class]) {
        if (names->blocks.len * BLOCK_BYTES > names->max_bytes)
            return NULL; /* free cells of other sizes take the rest */
        char *block = np_alloc(BLOCK_BYTES);
        if (block == NULL)
            return NULL;
        if (np_vec_push(&names->blocks, block, SIZE_MAX / sizeof(block)) < 0) {
            np_free(block);
            return NULL;
        }
        names->block = block;
        names->block_left = BLOCK_BYTES;
    }
    names->block_left -= class_bytes[class];
    return names->block + names->block_left;
}

static bool is_equal(const struct entry *entry, uint64_t hash, struct np_span text)
{
    return entry->hash == hash && entry->len == text.len &&
           memcmp(entry->text, text.ptr, text.len) == 0;
}

static void index_entry(struct np_names *names, np_name name)
{
    size_t mask = names->table_cap - 1;
    size_t at = names->entries.items[name].hash & mask;
    while (names->table[at] != 0)
        at = (at + 1) & mask;
    names->table[at] = name;
}

static void index_all(struct np_names *names)
{
    for (size_t i = FIRST_FREE_ID; i < names->entries.len; i++)
        if (names->entries.items[i].text != NULL)
            index_entry(names, (np_name) i);
}

static void let_go(struct np_names *names, np_name name)
{
    struct entry *entry = &names->entries.items[name];
    struct cell *cell = (struct cell *) (void *) (uintptr_t) entry->text;
    cell->next = names->cells[entry->class];
    names->cells[entry->class] = cell;
    names->bytes -= cost_of(entry->class);
    names->live--;
    *entry = (struct entry){.met = names->first_free};
    names->first_free = name;
}

/* Drops what is not held and was met last before `round`, but for the names put last. */
static void drop_before(struct np_names *names, uint32_t round)
{
    for (size_t i = 0; i < NP_NAMES_RECENT; i++)
        (void) np_names_hold(names, names->recent[i]);
    for (size_t i = FIRST_FREE_ID; i < names->entries.len; i++) {
        const struct entry *entry = &names->entries.items[i];
        if (entry->text != NULL && entry->holds == 0 && entry->met < round)
            let_go(names, (np_name) i);
    }
    for (size_t i = 0; i < NP_NAMES_RECENT; i++)
        np_names_release(names, names->recent[i]);
    memset(names->table, 0, names->table_cap * sizeof(names->table[0]));
    memset(names->cache, 0, sizeof(names->cache));
    index_all(names);
}

/* Makes room: what was not met since the last sweep leaves, and all that is not held where that is little. */
static void sweep(struct np_names *names)
{
    drop_before(names, names->round);
    if (names->bytes > names->max_bytes / 4 * 3)
        drop_before(names, UINT32_MAX);
    names->round++;
}

static int grow_table(struct np_names *names)
{
    size_t cap = names->table_cap * 2;
    uint32_t *table = np_alloc_array(cap, sizeof(table[0]));
    if (table == NULL)
        return -ENOMEM;
    np_free(names->table);
    names->table = table;
    names->table_cap = cap;
    index_all(names);
    return 0;
}

static np_name take_id(struct np_names *names)
{
    np_name name = names->first_free;
    if (name != 0) {
        names->first_free = names->entries.items[name].met;
        return name;
    }
    if (np_vec_push(&names->entries, (struct entry){}, UINT32_MAX) < 0)
        return NP_NAME_MANY;
    return (np_name) (names->entries.len - 1);
}

static np_name lose(struct np_names *names)
{
    names->lost++;
    return NP_NAME_MANY;
}

static np_name add(struct np_names *names, uint64_t hash, struct np_span text)
{
    uint8_t class = class_of(text.len);
    size_t cost = cost_of(class);
    if (names->bytes + cost > names->max_bytes && names->held_bytes <= names->max_bytes / 16 * 15)
        sweep(names);
    if (names->bytes + cost > names->max_bytes ||
        (names->live >= names->table_cap / 2 && grow_table(names) < 0))
        return lose(names);
    char *cell = take_cell(names, class);
    if (cell == NULL)
        return lose(names);
    np_name name = take_id(names);
    if (name == NP_NAME_MANY) {
        ((struct cell *) (void *) cell)->next = names->cells[class];
        names->cells[class] = (struct cell *) (void *) cell;
        return lose(names);
    }
    memcpy(cell, text.ptr, text.len);
    cell[text.len] = '\0';
    names->entries.items[name] = (struct entry){.text = cell,
                                                .hash = hash,
                                                .met = names->round,
                                                .len = (uint16_t) text.len,
                                                .class = class};
    names->bytes += cost;
    names->live++;
    index_entry(names, name);
    return name;
}

static np_name find(const struct np_names *names, uint64_t hash, struct np_span text)
{
    size_t mask = names->table_cap - 1;
    size_t at = hash & mask;
    while (names->table[at] != 0 && !is_equal(&names->entries.items[names->table[at]], hash, text))
        at = (at + 1) & mask;
    return names->table[at];
}

static np_name put(struct np_names *names, uint64_t hash, struct np_span text)
{
    size_t slot = (hash >> 40) % CACHE_SLOTS;
    np_name name = names->cache[slot];
    if (name == NP_NAME_NONE || !is_equal(&names->entries.items[name], hash, text)) {
        name = find(names, hash, text);
        if (name == 0)
            name = add(names, hash, text);
        if (name == NP_NAME_MANY)
            return name;
        names->cache[slot] = name;
    }
    names->entries.items[name].met = names->round;
    names->recent[names->recent_next++ % NP_NAMES_RECENT] = name;
    return name;
}

np_name np_names_put(struct np_names *names, struct np_span text)
{
    if (text.len == 0)
        return NP_NAME_NONE;
    text = np_span_head(text, NP_NAME_MAX_BYTES);
    return put(names, np_hash64(text, 0), text);
}

static inline np_name pass(struct np_names *names, struct np_span text)
{
    if (text.len == 0)
        return NP_NAME_NONE;
    uint32_t number = names->passed++ & ~PASSING;
    names->passing[number % NP_NAMES_RECENT] =
        (struct passing){.text = np_span_head(text, NP_NAME_MAX_BYTES)};
    return number | PASSING;
}

const char *np_names_pass_run(struct np_names *names, const char *bytes, const uint16_t *lens,
                              size_t count, np_name *out_names)
{
    for (size_t i = 0; i < count; i++) {
        out_names[i] = pass(names, np_span_make(bytes, lens[i]));
        bytes += lens[i];
    }
    return bytes;
}

static struct passing *passing_of(const struct np_names *names, np_name name)
{
    return &names->passing[name % NP_NAMES_RECENT];
}

struct np_span np_names_text(const struct np_names *names, np_name name)
{
    if ((name & PASSING) != 0)
        return passing_of(names, name)->text;
    const struct entry *entry = &names->entries.items[name];
    return np_span_make(entry->text, entry->len);
}

uint64_t np_names_hash(const struct np_names *names, np_name name)
{
    if ((name & PASSING) != 0) {
        struct passing *passing = passing_of(names, name);
        if (passing->hash == 0)
            passing->hash = np_hash64(passing->text, 0);
        return passing->hash;
    }
    return names->entries.items[name].hash;
}

np_name np_names_hold(struct np_names *names, np_name name)
{
    if ((name & PASSING) != 0)
        name = put(names, np_names_hash(names, name), passing_of(names, name)->text);
    struct entry *entry = &names->entries.items[name];
    if (name >= FIRST_FREE_ID && entry->holds++ == 0)
        names->held_bytes += cost_of(entry->class);
    return name;
}

void np_names_release(struct np_names *names, np_name name)
{
    if (name < FIRST_FREE_ID || (name & PASSING) != 0)
        return;
    struct entry *entry = &names->entries.items[name];
    NP_ASSERT_HOT(entry->holds > 0);
    if (--entry->holds == 0)
        names->held_bytes -= cost_of(entry->class);
}

uint64_t np_names_lost(const struct np_names *names)
{
    return names->lost;
}

size_t np_names_bytes(const struct np_names *names)
{
    return names->bytes;
}

bool np_names_is_crowded(const struct np_names *names)
{
    return names->held_bytes > names->max_bytes / 4 * 3;
}
