/* SPDX-License-Identifier: Apache-2.0 */
/* Help texts and the manual page, from the command table. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/version.h"

enum { TEXT_COLUMNS = 78, OPTION_COLUMNS = 30 };

/* Prints words, broken into lines of at most `columns`, each begun with `indent` blanks. */
static void print_wrapped(const char *text, int indent, int columns)
{
    int column = 0;
    while (*text != '\0') {
        int word = (int) strcspn(text, " ");
        if (column > 0 && column + 1 + word > columns) {
            (void) printf("\n");
            column = 0;
        }
        if (column == 0)
            column = printf("%*s", indent, "");
        else
            column += printf(" ");
        column += printf("%.*s", word, text);
        text += word;
        text += strspn(text, " ");
    }
    (void) printf("\n");
}

static void print_paragraphs(const char *text)
{
    for (const char *at = text; *at != '\0';) {
        const char *end = strstr(at, "\n\n");
        size_t len = end != NULL ? (size_t) (end - at) : strlen(at);
        char paragraph[1024];
        (void) snprintf(paragraph, sizeof(paragraph), "%.*s", (int) len, at);
        print_wrapped(paragraph, 0, TEXT_COLUMNS);
        at += len;
        if (end != NULL) {
            (void) printf("\n");
            at += 2;
        }
    }
}

/* "-r, --rules RULES" */
static int option_label(char *out, size_t size, const struct np_option *option)
{
    char letter[8] = "    ";
    if (option->letter != 0)
        (void) snprintf(letter, sizeof(letter), "-%c, ", option->letter);
    return snprintf(out, size, "%s--%s%s%s", letter, option->name,
                    option->argument != NULL ? " " : "",
                    option->argument != NULL ? option->argument : "");
}

static void print_option(const struct np_option *option)
{
    char label[96];
    char help[512]; /* longer than any of the table */
    int len = option_label(label, sizeof(label), option);
    (void) snprintf(help, sizeof(help), "%s%s", option->help,
                    option->repeats ? " (may repeat)" : "");
    (void) printf("  %s", label);
    if (len + 4 > OPTION_COLUMNS) {
        (void) printf("\n");
        print_wrapped(help, OPTION_COLUMNS, TEXT_COLUMNS);
        return;
    }
    (void) printf("%*s%s\n", OPTION_COLUMNS - len - 2, "", help);
}

int np_help_command(const struct np_command *command)
{
    (void) printf("usage: nepho %s [OPTION]...%s%s\n\n", command->name,
                  command->operands[0] != '\0' ? " " : "", command->operands);
    print_paragraphs(command->text);
    (void) printf("\noptions:\n");
    for (size_t i = 0; i < command->option_count; i++)
        print_option(&command->options[i]);
    return NP_EXIT_OK;
}

int np_help_overview(void)
{
    size_t count = 0;
    const struct np_command *commands = np_commands(&count);
    (void) printf("usage: nepho COMMAND [OPTION]... [OPERAND]...\n\n"
                  "Finds attackers in clouds while there is still time.\n\ncommands:\n");
    for (size_t i = 0; i < count; i++)
        (void) printf("  %-12s  %s\n", commands[i].name, commands[i].summary);
    (void) printf("\nTry 'nepho detect FOLDER' on a folder of CloudTrail logs;"
                  " 'nepho COMMAND --help' explains a command.\n");
    return NP_EXIT_OK;
}

/* Text with what roff would take for its own escaped. */
static void print_roff(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '-')
            (void) printf("\\-");
        else if (*text == '\\')
            (void) printf("\\e");
        else
            (void) putchar(*text);
    }
}

static void manual_command(const struct np_command *command)
{
    (void) printf(".SS nepho %s\n", command->name);
    for (const char *at = command->text; *at != '\0';) {
        const char *end = strstr(at, "\n\n");
        char paragraph[1024];
        (void) snprintf(paragraph, sizeof(paragraph), "%.*s",
                        (int) (end != NULL ? end - at : (int) strlen(at)), at);
        print_roff(paragraph);
        (void) printf("\n.PP\n");
        at = end != NULL ? end + 2 : at + strlen(at);
    }
    for (size_t i = 0; i < command->option_count; i++) {
        const struct np_option *option = &command->options[i];
        char label[96];
        (void) option_label(label, sizeof(label),
                            option); /* long enough for every option of the table */
        (void) printf(".TP\n.B ");
        print_roff(label + strspn(label, " "));
        (void) printf("\n");
        print_roff(option->help);
        (void) printf("%s\n", option->repeats ? " (may repeat)" : "");
    }
}

int np_help_manual(void)
{
    size_t count = 0;
    const struct np_command *commands = np_commands(&count);
    (void) printf(
        ".TH NEPHO 1 \"\" \"nepho %s\" \"User Commands\"\n"
        ".SH NAME\nnepho \\- finds attackers in clouds while there is still time\n.SH SYNOPSIS\n",
        NP_VERSION);
    for (size_t i = 0; i < count; i++) {
        (void) printf(".B nepho %s\n[OPTION]... %s\n.br\n", commands[i].name, commands[i].operands);
    }
    (void) printf(".SH COMMANDS\n");
    for (size_t i = 0; i < count; i++)
        manual_command(&commands[i]);
    (void) printf(
        ".SH TIMES\nTIME is RFC 3339 (2023\\-07\\-10T11:45:00Z), a date, or seconds since 1970.\n"
        ".SH EXIT STATUS\n"
        ".TP\n0\ndone\n"
        ".TP\n1\na finding at or above \\-\\-fail\\-on; for rules lint a refused document, for "
        "rules "
        "test also a sample that does not come out as stated\n"
        ".TP\n2\nusage: an unknown option, a path that does not exist, no rule loaded\n"
        ".TP\n3\nincomplete input, with \\-\\-strict\n"
        ".TP\n4\nfailure: disk full, no memory, no record read\n"
        ".TP\n130\ninterrupted\n"
        ".SH ENVIRONMENT\n.TP\nNO_COLOR\nno colour, whatever its value\n");
    return NP_EXIT_OK;
}

int np_cli_help(const struct np_args *args)
{
    if (np_args_has(args, NP_OPT_MAN))
        return np_help_manual();
    if (args->operand_count == 0)
        return np_help_overview();
    struct np_err err = {};
    int words = 0;
    char *names[2] = {};
    for (size_t i = 0; i < NP_MIN(args->operand_count, NP_ARRAY_LEN(names)); i++)
        names[i] =
            (char *) (uintptr_t) args->operands[i]; /* only read, but argv's type has no const */
    const struct np_command *command = np_command_find(
        (int) NP_MIN(args->operand_count, NP_ARRAY_LEN(names)), names, &words, &err);
    if (command != NULL)
        return np_help_command(command);
    (void) fprintf(stderr, "nepho: %s\n", err.msg);
    return NP_EXIT_USAGE;
}

int np_cli_version(const struct np_args *args)
{
    (void) args; /* it has no options that matter */
    (void) printf("nepho %s\n", NP_VERSION);
    return NP_EXIT_OK;
}
