/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped rules, tables and scenarios, which travel inside the program: the build writes a table from
 * each folder (see tools/gen_embedded.py), sorted by path. Read-only, valid as long as the program
 * runs.
 */
#pragma once

#include <stddef.h>

struct np_embedded_file {
    const char *path; /* below the folder, e.g. "aws/root-account-used.yml", "aws/tactics.tsv" */
    const char *text; /* as in the file, with a NUL behind it */
    size_t len;       /* bytes, without that NUL */
};

extern const struct np_embedded_file np_embedded_rules[];
extern const size_t np_embedded_rules_count;

extern const struct np_embedded_file np_embedded_scenarios[];
extern const size_t np_embedded_scenarios_count;
