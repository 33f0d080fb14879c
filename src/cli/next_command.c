/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a command line together again; what it holds may be hostile, such as file names. */
#include "cli/next_command.h"

#include <stdio.h>
#include <string.h>

/* Appends a word as one shell word: as it is where nothing in it means anything to a shell, else in single quotes. */
static void add_word(struct np_buf *buf, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
    (void) np_buf_add_char(buf, ' '); /* errors stay in the buffer */
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        (void) np_buf_add_str(buf, word);
        return;
    }
    (void) np_buf_add_char(buf, '\'');
    for (; *word != '\0'; word++)
        (void) (*word == '\'' ? np_buf_add_str(buf, "'\\''") : np_buf_add_char(buf, *word));
    (void) np_buf_add_char(buf, '\'');
}

static const struct np_option *option_of(const struct np_command *command, enum np_option_id id)
{
    size_t i = 0;
    while (command->options[i].id != id)
        i++;
    return &command->options[i];
}

static void add_option(struct np_buf *buf, const struct np_command *command,
                       const struct np_arg *arg)
{
    char name[64];
    (void) snprintf(name, sizeof(name), "--%s",
                    option_of(command, arg->id)->name); /* names are short */
    add_word(buf, name);
    if (arg->value != NULL)
        add_word(buf, arg->value);
}

void np_next_command(struct np_buf *buf, const struct np_args *args)
{
    bool unfolded = np_args_has(args, NP_OPT_ALL);
    (void) np_buf_printf(buf, "nepho %s", args->command->name);
    for (size_t i = 0; i < args->operand_count; i++)
        add_word(buf, args->operands[i]);
    for (size_t i = 0; i < args->given.len; i++)
        if (args->given.items[i].id != NP_OPT_OUTPUT &&
            !(unfolded && args->given.items[i].id == NP_OPT_ALL))
            add_option(buf, args->command, &args->given.items[i]);
    (void) np_buf_add_str(buf, unfolded ? " -o ndjson" : " --all");
}

/* Whether an option of `detect` makes no difference to which incidents there are. */
static bool is_of_looks(enum np_option_id id)
{
    static const enum np_option_id ids[] = {NP_OPT_OUTPUT,   NP_OPT_MIN_LEVEL,    NP_OPT_FAIL_ON,
                                            NP_OPT_THREADS,  NP_OPT_STRICT,       NP_OPT_ALL,
                                            NP_OPT_PROGRESS, NP_OPT_FINDINGS_ONLY};
    for (size_t i = 0; i < NP_ARRAY_LEN(ids); i++)
        if (ids[i] == id)
            return true;
    return false;
}

void np_next_show_operands(struct np_buf *buf, const struct np_args *args)
{
    for (size_t i = 0; i < args->operand_count; i++)
        add_word(buf, args->operands[i]);
    for (size_t i = 0; i < args->given.len; i++)
        if (!is_of_looks(args->given.items[i].id))
            add_option(buf, args->command, &args->given.items[i]);
}
