/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, linear probing, at most half full; what leaves is closed up behind it. See table.h. */
#include "incident/table.h"

#include <errno.h>

#include "base/alloc.h"

enum { FIRST_CAP = 64 };

/* Fibonacci hashing spreads keys that follow each other, whichever half of the key counts. */
static size_t home(const struct np_table *table, uint64_t key)
{
    return (size_t) (((key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (table->cap - 1);
}

/* Where the key stands, or the free place where it would. */
static size_t find(const struct np_table *table, uint64_t key)
{
    size_t at = home(table, key);
    while (table->entries[at].key != 0 && table->entries[at].key != key)
        at = (at + 1) & (table->cap - 1);
    return at;
}

void np_table_done(struct np_table *table)
{
    np_free(table->entries);
    *table = (struct np_table){};
}

uint32_t np_table_get(const struct np_table *table, uint64_t key)
{
    if (table->cap == 0)
        return NP_TABLE_NONE;
    const struct np_table_entry *entry = &table->entries[find(table, key)];
    return entry->key == key ? entry->value : NP_TABLE_NONE;
}

static int grow(struct np_table *table)
{
    struct np_table larger = {.cap = table->cap == 0 ? FIRST_CAP : 2 * table->cap,
                              .len = table->len};
    larger.entries = np_alloc_array(larger.cap, sizeof(larger.entries[0]));
    if (larger.entries == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < table->cap; i++) {
        if (table->entries[i].key != 0)
            larger.entries[find(&larger, table->entries[i].key)] = table->entries[i];
    }
    np_free(table->entries);
    *table = larger;
    return 0;
}

int np_table_put(struct np_table *table, uint64_t key, uint32_t value)
{
    if (2 * (table->len + 1) > table->cap) {
        int r = grow(table);
        if (r < 0)
            return r;
    }
    struct np_table_entry *entry = &table->entries[find(table, key)];
    table->len += entry->key == 0;
    *entry = (struct np_table_entry){.key = key, .value = value};
    return 0;
}

void np_table_remove(struct np_table *table, uint64_t key)
{
    size_t mask = table->cap - 1;
    if (table->cap == 0)
        return;
    size_t hole = find(table, key);
    if (table->entries[hole].key == 0)
        return;
    table->len--;
    for (size_t at = (hole + 1) & mask; table->entries[at].key != 0; at = (at + 1) & mask) {
        size_t wanted = home(table, table->entries[at].key);
        if (((at - wanted) & mask) >= ((at - hole) & mask)) {
            table->entries[hole] = table->entries[at];
            hole = at;
        }
    }
    table->entries[hole] = (struct np_table_entry){};
}
