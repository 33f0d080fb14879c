/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings folded for reading: those of equal (rule, principal, outcome) are one row with a count,
 * the first and last time, and the distinct targets. Memory is bounded a level, so that noise of a
 * low level never crowds out a critical row; what finds no room any more is counted. Nothing of a
 * finding is kept but copies; its rule is borrowed. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "rule/finding.h"

enum {
    NP_ROLLUP_ROWS_PER_LEVEL_MAX = 20000,
    NP_ROLLUP_BYTES_PER_LEVEL_MAX = 4 * 1024 * 1024, /* of texts */
    NP_ROLLUP_TARGETS_MAX = 1000,                    /* told apart in a row */
    NP_ROLLUP_TARGETS_IN_ALL_MAX = 128 * 1024, /* told apart beyond the shown ones, in all rows */
    NP_ROLLUP_TARGETS_SHOWN = 3,
    NP_ROLLUP_TOPS_MAX = 3,
};

struct np_rollup_row {
    const struct np_rule_info *rule;
    struct np_span principal;
    struct np_span outcome;
    struct np_span account; /* of the first finding */
    struct np_span region;
    np_time_ns first; /* NP_TIME_NONE where no finding has a time */
    np_time_ns last;
    uint64_t count;
    struct np_span targets[NP_ROLLUP_TARGETS_SHOWN];
    uint32_t targets_kept;
    uint32_t target_count; /* distinct ones */
    bool more_targets;     /* there may be more than `target_count` */
    bool many_accounts;
    bool many_regions;
};

struct np_rollup_room {
    uint32_t rows;
    size_t bytes;
};

struct np_rollup {
    NP_VEC(struct np_rollup_row) rows;
    struct np_map index;   /* key of a row -> its number */
    struct np_map targets; /* (row, target) seen, beyond the kept ones */
    struct np_arena texts;
    struct np_rollup_room rooms[NP_LEVEL_MAX];
    uint64_t added;     /* findings in all */
    uint64_t missed;    /* of these: in no row, for want of room */
    bool many_accounts; /* among the rows */
    bool many_regions;
};

/* An empty rollup; allocates nothing yet. */
void np_rollup_init(struct np_rollup *rollup);

/* Frees everything; NULL-safe. */
void np_rollup_done(struct np_rollup *rollup);

/* Adds a finding: 0 (also where only `missed` grew) or -ENOMEM. */
NP_NODISCARD int np_rollup_add(struct np_rollup *rollup, const struct np_finding *finding);

/*
 * Puts the rows in the order of reading: highest level first, then by first time. Nothing may be
 * added afterwards.
 */
void np_rollup_sort(struct np_rollup *rollup);

/* Who has most findings of the highest level that there is. */
struct np_rollup_tops {
    enum np_level level;
    bool many_accounts; /* an account is to be shown */
    size_t count;
    struct np_rollup_top {
        struct np_span principal;
        struct np_span account;
        uint64_t findings;
    } tops[NP_ROLLUP_TOPS_MAX]; /* most first; equal ones by name */
};

/* Finds them; changes the order of rows. Nothing may be added afterwards. */
void np_rollup_find_tops(struct np_rollup *rollup, struct np_rollup_tops *out_tops);
