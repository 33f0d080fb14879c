/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one command table: names, operands, options and help of every subcommand. Parsing (args.c), `--help` (help.c) and the man
 * page (man.c) all come from it.
 *
 * To add a subcommand: a file with its run function, its entry in command.c. To add an option: an enum value here, a line in the
 * command's option list, one np_args_get() where it counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"
#include "base/vec.h"

/* Exit statuses that scripts rely on (CONTRACT: docs/reference/contract.md). */
enum np_exit {
    NP_EXIT_OK = 0,
    NP_EXIT_FOUND = 1,      /* a finding at or above --fail-on; what lint or test found */
    NP_EXIT_USAGE = 2,      /* usage or configuration */
    NP_EXIT_INCOMPLETE = 3, /* incomplete input, under --strict */
    NP_EXIT_FAILURE = 4,    /* disk full, no memory, nothing readable */
    NP_EXIT_INTERRUPTED = 130
};

enum np_option_id {
    NP_OPT_RULES,
    NP_OPT_VALUES,
    NP_OPT_NO_DEFAULT_RULES,
    NP_OPT_AS,
    NP_OPT_RULE_MATCHING,
    NP_OPT_APPEND_FIELDS,
    NP_OPT_OUTPUT,
    NP_OPT_MIN_LEVEL,
    NP_OPT_LEVEL,
    NP_OPT_TAG,
    NP_OPT_LOGSOURCE,
    NP_OPT_RULE,
    NP_OPT_EVENT,
    NP_OPT_FAIL_ON,
    NP_OPT_SINCE,
    NP_OPT_UNTIL,
    NP_OPT_ACCOUNT,
    NP_OPT_REGION,
    NP_OPT_EXCLUDE_RULE,
    NP_OPT_CONFIG,
    NP_OPT_FINDINGS_ONLY,
    NP_OPT_TZ,
    NP_OPT_THREADS,
    NP_OPT_STRICT,
    NP_OPT_ALL,
    NP_OPT_PROGRESS,
    NP_OPT_SEED,
    NP_OPT_START,
    NP_OPT_BACKGROUND,
    NP_OPT_ACCOUNTS,
    NP_OPT_LABELS,
    NP_OPT_FORMAT,
    NP_OPT_EVENTS,
    NP_OPT_EXPLAIN,
    NP_OPT_CODES,
    NP_OPT_MAN,
    NP_OPT_HELP,
    NP_OPT_MAX
};

struct np_option {
    enum np_option_id id;
    const char *name; /* without the dashes */
    char letter;      /* 0 = none */
    /*
     * Name of its value; NULL = a flag. In brackets, the value may be left out: the next word is taken for it where that is neither
     * an option nor a path that exists.
     */
    const char *argument;
    bool repeats;
    const char *help;
};

struct np_args;

struct np_command {
    const char *name;     /* one word or two, e.g. "rules lint" */
    const char *operands; /* e.g. "INPUT..."; "" = none */
    size_t min_operands;
    const char *summary; /* one line */
    const char *text;    /* for the man page: paragraphs, separated by empty lines */
    const struct np_option *options;
    size_t option_count;
    int (*run)(const struct np_args *args); /* returns an enum np_exit */
};

struct np_arg {
    enum np_option_id id;
    const char *value; /* NULL for a flag */
};

/* A parsed command line; strings are those of argv. */
struct np_args {
    const struct np_command *command;
    NP_VEC(struct np_arg) given; /* in order */
    const char *const *operands;
    size_t operand_count;
};

/* All commands, and the one that the words name; `*out_words` says how many it took. NULL with a message in `err`, with the nearest right word. */
const struct np_command *np_commands(size_t *out_count);
const struct np_command *np_command_find(int argc, char *const *argv, int *out_words,
                                         struct np_err *err);

/* Parses what follows the command's words (argv[0] is the last of them): 0, or negative with the mistake in `err`. np_args_done() in any case. */
NP_NODISCARD int np_args_parse(struct np_args *out_args, const struct np_command *command, int argc,
                               char **argv, struct np_err *err);
void np_args_done(struct np_args *args);

/* The last value given for an option, NULL where it was not given (of a flag: ""). */
const char *np_args_get(const struct np_args *args, enum np_option_id id);
bool np_args_has(const struct np_args *args, enum np_option_id id);

/* The values of a repeated option in order; `*out_values` is to be freed with np_free(). 0 or -ENOMEM. */
NP_NODISCARD int np_args_all(const struct np_args *args, enum np_option_id id,
                             const char *const **out_values, size_t *out_count);

/* Text for people: an overview of all commands, the help of one, the manual page of all (roff). */
int np_help_overview(void);
int np_help_command(const struct np_command *command);
int np_help_manual(void);

/* The run functions. */
int np_cli_detect(const struct np_args *args);
int np_cli_rules_list(const struct np_args *args);
int np_cli_rules_lint(const struct np_args *args);
int np_cli_rules_test(const struct np_args *args);
int np_cli_rules_bench(const struct np_args *args);
int np_cli_rules_explain(const struct np_args *args);
int np_cli_rules_fields(const struct np_args *args);
int np_cli_incidents_list(const struct np_args *args);
int np_cli_incidents_show(const struct np_args *args);
int np_cli_summarize(const struct np_args *args);
int np_cli_simulate(const struct np_args *args);
int np_cli_config_check(const struct np_args *args);
int np_cli_config_show(const struct np_args *args);
int np_cli_version(const struct np_args *args);
int np_cli_help(const struct np_args *args);
