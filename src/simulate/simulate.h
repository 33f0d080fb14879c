/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulated CloudTrail: attacks, their benign twins and the ordinary day of an organisation, played from data
 * (docs/reference/scenarios.md) and a seed. The same seed, scenarios and figures give the same bytes.
 *
 * In: the scenario files. Out: records in the order in which they would be delivered, with their labels; or a
 * folder as CloudTrail writes it into S3. Not here: options and messages (cli/).
 *
 * A simulation holds in memory only the scenarios that play at the moment and the records that wait for their
 * delivery. One thread at a time. Tests: tests/unit/simulate, tests/e2e/simulate.py.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/span.h"
#include "base/time.h"

enum {
    NP_SIMULATE_MAX_ACCOUNTS = 10000,
    NP_SIMULATE_MAX_EVENTS_PER_PLAY = 20000,
    NP_SIMULATE_MAX_WAITING_BYTES = 64 * 1024 * 1024 /* records that wait for delivery */
};

enum np_scenario_kind {
    NP_SCENARIO_ATTACK,
    NP_SCENARIO_TWIN,
    NP_SCENARIO_BACKGROUND,
    NP_SCENARIO_KIND_MAX
};

#define NP_SCENARIO_SLOW_SUFFIX "-slow" /* of the name of a slow form */

/* One file of scenarios/, by its path below that folder. */
struct np_scenario_file {
    const char *path;
    struct np_span text;
};

/* All that was loaded: world, calls, scenarios. Immutable. */
struct np_scenario_set;

/*
 * Loads the files, which need to live only during the call. What is wrong goes into `diags`, with its place; then
 * -EINVAL. Otherwise 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_scenario_set_load(struct np_scenario_set **out_set,
                                      const struct np_scenario_file *files, size_t count,
                                      struct np_diag_list *diags, struct np_err *err);
void np_scenario_set_free(struct np_scenario_set **set);

/* What a user may name: attacks (an entry each for the slow form too) and twins, by name. Texts live as long as the set. */
struct np_scenario_info {
    const char *name;
    enum np_scenario_kind kind;
    const char *title;
    const char *twin; /* NULL = none */
    bool slow;
};

size_t np_scenario_set_count(const struct np_scenario_set *set);
struct np_scenario_info np_scenario_set_info(const struct np_scenario_set *set, size_t index);

struct np_simulation_params {
    const char *const
        *scenarios; /* names to play, in this order, each at its own time; may repeat */
    size_t scenario_count;
    uint64_t seed;
    np_time_ns start;
    uint64_t background; /* events besides those of the scenarios */
    unsigned accounts;   /* 1 .. NP_SIMULATE_MAX_ACCOUNTS */
};

/* A record as it is delivered. Spans live until the next call. */
struct np_simulated {
    struct np_span record; /* JSON, one line, without its end */
    np_time_ns time;       /* of the event */
    np_time_ns delivered;
    struct np_span account; /* where it is recorded */
    struct np_span region;
    struct np_span event_id;
    bool repeated;        /* was delivered before */
    const char *scenario; /* name; NULL = background */
    const char *step;     /* NULL = background */
    bool attack;
};

struct np_simulation;

/*
 * A simulation of a set, which must outlive it. -ENOENT with `err` where a name is unknown (with the nearest one),
 * -EINVAL where a figure is out of range, -ENOMEM.
 */
NP_NODISCARD int np_simulation_new(struct np_simulation **out_simulation,
                                   const struct np_scenario_set *set,
                                   const struct np_simulation_params *params, struct np_err *err);
void np_simulation_free(struct np_simulation **simulation);

/* The next record, in the order of delivery: 1, 0 at the end, -ENOMEM, or -E2BIG where a limit was reached, with `err`. */
NP_NODISCARD int np_simulation_next(struct np_simulation *simulation,
                                    struct np_simulated *out_event, struct np_err *err);

/* The id of the organisation, for the folder names; lives as long as the simulation. */
struct np_span np_simulation_organization(const struct np_simulation *simulation);

/* Writes records into a folder as CloudTrail writes them into S3: AWSLogs/ORGANISATION/ACCOUNT/CloudTrail/REGION/... */
struct np_trail;

/* A trail below `folder`, which is made where it is missing. 0, -EEXIST where it holds anything, or another errno with `err`. */
NP_NODISCARD int np_trail_new(struct np_trail **out_trail, const char *folder,
                              struct np_span organization, uint64_t seed, struct np_err *err);

/* Adds a record; objects are written when they are full or their time is over. 0 or a negative errno with `err`. */
NP_NODISCARD int np_trail_add(struct np_trail *trail, const struct np_simulated *event,
                              struct np_err *err);

/* Writes what is held. To be called before the free. */
NP_NODISCARD int np_trail_finish(struct np_trail *trail, struct np_err *err);

/* The objects written so far. */
uint64_t np_trail_objects(const struct np_trail *trail);
void np_trail_free(struct np_trail **trail);
