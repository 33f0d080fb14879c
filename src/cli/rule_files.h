/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as the user names them: shipped ones, files and folders. */
#pragma once

#include "base/buf.h"
#include "cli/command.h"
#include "rule/rule.h"

/* Which rules a command starts with. */
enum np_default_rules {
    NP_DEFAULT_RULES_ALWAYS,  /* the shipped ones, then those of -r */
    NP_DEFAULT_RULES_IF_NONE, /* the shipped ones only where there is no -r */
    NP_DEFAULT_RULES_NEVER
};

/*
 * Loads the lists of --values, the shipped rules as asked, and every -r in the order given, a
 * folder recursively by path. Problems in rules go to `diags`. 0; -ENOENT and the like with the
 * path in `err` where a path cannot be read; -EINVAL with the place in `err` where the file of
 * --values is wrong; -ENOMEM.
 */
NP_NODISCARD int np_rule_files_load(struct np_rule_set *set, const struct np_args *args,
                                    enum np_default_rules defaults, struct np_diag_list *diags,
                                    struct np_err *err);

/*
 * Appends what the file at `path` holds, as far as `buf` has room. -ENOENT and the like with the
 * path in `err`; -EFBIG where it has not, in words that speak of rule files; -ENOMEM.
 */
NP_NODISCARD int np_rule_file_read(struct np_buf *buf, const char *path, struct np_err *err);
