/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration file of -c: what holds for every run of a user, in YAML. Keys stand in a table in config.c; what
 * they mean, with a sample, is in `nepho help config check`.
 */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "base/time.h"
#include "base/vec.h"

/* A key's place and value, as the file gives it. */
struct np_config_text {
    const char *text;
    struct np_place place;
};

struct np_config_list {
    NP_VEC(struct np_config_text) texts;
};

struct np_config {
    const char *path;                    /* NULL = there is no file */
    struct np_config_list accounts;      /* ours; none = every account that records */
    struct np_config_list endpoints;     /* files, as they are to be opened */
    struct np_config_list exclude_rules; /* ids and titles */
    np_time_ns lateness;
    struct np_arena texts; /* of all above */
};

/* A configuration that says nothing: defaults. np_config_done() frees what is loaded into it. */
void np_config_init(struct np_config *config);
void np_config_done(struct np_config *config);

/*
 * Loads the text of the file `path`, which is borrowed, into an empty configuration. What is wrong goes to `diags`, with line and column: -EINVAL then;
 * -ENOMEM.
 */
NP_NODISCARD int np_config_load(struct np_config *config, const char *path, struct np_span text,
                                struct np_diag_list *diags);
