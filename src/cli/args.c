/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines by getopt_long, driven by the command table. */
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cli/command.h"

enum { LONG_FIRST = 256, ARGS_MAX = 100000 };

/* getopt's tables for one command; a long option's value is LONG_FIRST plus its index. */
struct tables {
    struct option longs[NP_OPT_MAX + 1];
    char shorts[2 * NP_OPT_MAX + 2];
};

static bool is_optional(const struct np_option *option)
{
    return option->argument != NULL && option->argument[0] == '[';
}

static void fill_tables(struct tables *tables, const struct np_command *command)
{
    size_t len = 0;
    *tables = (struct tables){};
    tables->shorts[len++] = ':'; /* report a missing value apart from an unknown option */
    for (size_t i = 0; i < command->option_count; i++) {
        const struct np_option *option = &command->options[i];
        tables->longs[i] = (struct option){.name = option->name,
                                           .has_arg = option->argument == NULL ? no_argument
                                                      : is_optional(option)    ? optional_argument
                                                                               : required_argument,
                                           .val = LONG_FIRST + (int) i};
        if (option->letter == 0)
            continue;
        tables->shorts[len++] = option->letter;
        if (option->argument != NULL)
            tables->shorts[len++] = ':';
    }
}

static const struct np_option *option_of(const struct np_command *command, int value)
{
    if (value >= LONG_FIRST)
        return &command->options[value - LONG_FIRST];
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].letter == value)
            return &command->options[i];
    return NULL;
}

static int fail_unknown(const struct np_command *command, const char *word, struct np_err *err)
{
    const char *names[NP_OPT_MAX];
    struct np_span wrong = np_span_of(word + strspn(word, "-"));
    const char *equals = memchr(wrong.ptr, '=', wrong.len);
    if (equals != NULL)
        wrong.len = (size_t) (equals - wrong.ptr);
    for (size_t i = 0; i < command->option_count; i++)
        names[i] = command->options[i].name;
    const char *near = np_suggest(wrong, names, command->option_count);
    if (near != NULL)
        return np_fail(err, -EINVAL, "'%s' has no option '%s'; did you mean '--%s'?", command->name,
                       word, near);
    return np_fail(err, -EINVAL, "'%s' has no option '%s'; 'nepho %s --help' lists them",
                   command->name, word, command->name);
}

static int fail_missing(const struct np_option *option, const char *word, struct np_err *err)
{
    return np_fail(err, -EINVAL, "'%s' needs a value: %s", word,
                   option != NULL ? option->argument : "");
}

/* The value of an option that may do without: what stands behind '=', or the next word where that is none of something else. */
static const char *optional_value(int argc, char **argv)
{
    if (optarg != NULL)
        return optarg;
    if (optind >= argc || argv[optind][0] == '-' || access(argv[optind], F_OK) == 0)
        return NULL;
    return argv[optind++];
}

static int take_option(struct np_args *args, int value, int argc, char **argv, struct np_err *err)
{
    const struct np_option *option = option_of(args->command, value);
    NP_ASSERT(option != NULL); /* getopt only gives what fill_tables() told it */
    if (!option->repeats && option->argument != NULL && np_args_has(args, option->id))
        return np_fail(err, -EINVAL, "'--%s' is given twice", option->name);
    struct np_arg arg = {.id = option->id,
                         .value = is_optional(option)        ? optional_value(argc, argv)
                                  : option->argument != NULL ? optarg
                                                             : NULL};
    int r = np_vec_push(&args->given, arg, ARGS_MAX);
    return r < 0 ? np_fail(err, r, "too many options") : 0;
}

int np_args_parse(struct np_args *out_args, const struct np_command *command, int argc, char **argv,
                  struct np_err *err)
{
    struct tables tables;
    int value = 0;
    *out_args = (struct np_args){.command = command};
    fill_tables(&tables, command);
    opterr = 0;
    optind = 1;
    while ((value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        const char *word = argv[optind - 1];
        int r = value == '?'   ? fail_unknown(command, word, err)
                : value == ':' ? fail_missing(option_of(command, optopt), word, err)
                               : take_option(out_args, value, argc, argv, err);
        if (r < 0)
            return r;
    }
    out_args->operands = (const char *const *) argv + optind;
    out_args->operand_count = (size_t) (argc - optind);
    if (np_args_has(out_args, NP_OPT_HELP))
        return 0;
    if (out_args->operand_count < command->min_operands)
        return np_fail(err, -EINVAL, "'%s' needs %s; 'nepho %s --help' explains it", command->name,
                       command->operands, command->name);
    if (command->operands[0] == '\0' && out_args->operand_count > 0)
        return np_fail(err, -EINVAL, "'%s' takes no operand, but got '%s'", command->name,
                       out_args->operands[0]);
    return 0;
}

void np_args_done(struct np_args *args)
{
    np_vec_done(&args->given);
}

const char *np_args_get(const struct np_args *args, enum np_option_id id)
{
    for (size_t i = args->given.len; i > 0; i--)
        if (args->given.items[i - 1].id == id)
            return args->given.items[i - 1].value != NULL ? args->given.items[i - 1].value : "";
    return NULL;
}

bool np_args_has(const struct np_args *args, enum np_option_id id)
{
    return np_args_get(args, id) != NULL;
}

int np_args_all(const struct np_args *args, enum np_option_id id, const char *const **out_values,
                size_t *out_count)
{
    const char **values = np_alloc_array(args->given.len, sizeof(*values));
    if (values == NULL)
        return -ENOMEM;
    size_t count = 0;
    for (size_t i = 0; i < args->given.len; i++)
        if (args->given.items[i].id == id)
            values[count++] = args->given.items[i].value;
    *out_values = values;
    *out_count = count;
    return 0;
}
