/* SPDX-License-Identifier: Apache-2.0 */
/* From the command line to a command, and its exit status. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/message.h"

/* A closed pipe is an ordinary end of output: writes report it, no signal is wanted. */
static void set_up_process(void)
{
    (void) setlocale(
        LC_CTYPE, ""); /* an unknown locale leaves the plain one, which only costs line drawing */
    (void) signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    struct np_err err = {};
    struct np_args args;
    int words = 0;
    set_up_process();
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return np_help_overview();
    if (strcmp(argv[1], "--version") == 0)
        return np_cli_version(NULL);
    const struct np_command *command = np_command_find(argc - 1, argv + 1, &words, &err);
    if (command == NULL) {
        np_message("%s", err.msg);
        return NP_EXIT_USAGE;
    }
    int status = NP_EXIT_USAGE;
    if (np_args_parse(&args, command, argc - words, argv + words, &err) < 0)
        np_message("%s", err.msg);
    else
        status = np_args_has(&args, NP_OPT_HELP) ? np_help_command(command) : command->run(&args);
    np_args_done(&args);
    return status;
}
