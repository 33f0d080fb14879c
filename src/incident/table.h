/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table from 64-bit keys (never 0) to numbers, from which keys may leave. Keys are spread by the table. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define NP_TABLE_NONE UINT32_MAX

struct np_table_entry {
    uint64_t key; /* 0 = free */
    uint32_t value;
};

struct np_table {
    struct np_table_entry *entries;
    size_t cap; /* 0 or a power of two */
    size_t len;
};

void np_table_done(struct np_table *table);
uint32_t np_table_get(const struct np_table *table, uint64_t key);
NP_NODISCARD int np_table_put(struct np_table *table, uint64_t key, uint32_t value);
void np_table_remove(struct np_table *table, uint64_t key);
