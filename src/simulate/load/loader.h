/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading the scenario files: world, calls, then scenarios, as each names what the one before has. A problem is told
 * and the rest is read on; only a file that is no YAML ends the work, as what it lacks would be told again and again.
 *
 * Functions here return 0, also after problems, or -ENOMEM. Texts are kept in the arena of the set.
 */
#pragma once

#include "base/map.h"
#include "simulate/scenario.h"

enum {
    NP_LOAD_MAX_BYTES = 64 * 1024 * 1024, /* of a set; of its YAML trees */
    NP_LOAD_MAX_FILES = 20000,
    NP_LOAD_MAX_CALLS = 20000,
    NP_LOAD_MAX_SCENARIOS = 10000
};

/* Where a scenario stands, for what can only be checked when all is loaded. */
struct np_load_origin {
    const char *path;
    const struct np_yaml_node *root;
    const struct np_yaml_node *twin; /* NULL = none */
};

struct np_loader {
    struct np_scenario_set *set;
    struct np_diag_list *diags;
    struct np_arena trees;
    struct np_map paths; /* of all files */
    NP_VEC(struct np_call) calls;
    struct np_map call_ids; /* "SERVICE NAME" -> index in `calls` */
    NP_VEC(const char *) call_words;
    NP_VEC(struct np_scenario) scenarios;
    NP_VEC(struct np_load_origin) origins; /* of `scenarios` */
    struct np_map scenario_ids;            /* name -> index */
};

/* A file that is being read. */
struct np_load_file {
    struct np_loader *loader;
    const char *path; /* below the folder of all */
    const struct np_yaml_node *root;
};

NP_NODISCARD int np_load_world(const struct np_load_file *file);
NP_NODISCARD int np_load_calls(const struct np_load_file *file);
NP_NODISCARD int np_load_scenario(const struct np_load_file *file, enum np_scenario_kind kind);

/* The name of a file without its folder and ".yml". */
struct np_span np_load_stem(const char *path);

/* Scenarios that name others, and names that stand for two. */
void np_load_check_scenarios(struct np_loader *loader);

/* Puts what was loaded into the set, in its order. */
NP_NODISCARD int np_load_finish(struct np_loader *loader);

/* Reads the cast of a scenario into it. */
NP_NODISCARD int np_load_cast(const struct np_load_file *file, struct np_scenario *scenario,
                              const struct np_yaml_node *cast);

/* Reads a list of steps into a group, with the cast of `scenario`. */
NP_NODISCARD int np_load_steps(const struct np_load_file *file, const struct np_scenario *scenario,
                               struct np_step *group, const struct np_yaml_node *steps);

/* Reads a step that is a call. */
NP_NODISCARD int np_load_call_step(const struct np_load_file *file,
                                   const struct np_scenario *scenario, struct np_step *step,
                                   const struct np_yaml_node *node);
