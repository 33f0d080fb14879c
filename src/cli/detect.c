/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho detect`: options to an engine run, and its result to an exit status. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/message.h"
#include "cli/next_command.h"
#include "cli/outputs.h"
#include "cli/rule_files.h"
#include "cli/settings.h"
#include "sink/progress.h"

enum { NEXT_COMMAND_MAX_BYTES = 65536 };

/* The one writable global: set by the signal's handler, read between batches. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    if (interrupted != 0)
        _exit(NP_EXIT_INTERRUPTED); /* asked twice: do not wait for the batches under way */
    interrupted = signal_number;
}

/* Everything that one run owns. */
struct detect {
    const struct np_args *args;
    struct np_detect_settings settings;
    struct np_field_set *fields;
    struct np_rule_set *rules;
    struct np_decode_plan *plan;
    struct np_source *source;
    struct np_outputs outputs;
    struct np_sink *sinks[NP_OUTPUTS_MAX];
    size_t sink_count;
    struct np_progress progress; /* where settings.progress is on */
    uint64_t findings_shown;     /* written out so far */
    struct np_buf next_command;
    struct np_engine_result result;
};

static void detect_done(struct detect *detect)
{
    np_engine_result_done(&detect->result);
    for (size_t i = 0; i < detect->sink_count; i++)
        detect->sinks[i]->ops->destroy(detect->sinks[i]);
    np_outputs_done(&detect->outputs);
    np_buf_done(&detect->next_command);
    np_source_free(&detect->source);
    np_decode_plan_free(&detect->plan);
    np_rule_set_free(&detect->rules);
    np_field_set_free(&detect->fields);
    np_detect_settings_done(&detect->settings);
}

/* Prints the refused documents' problems. */
static void print_errors(const struct np_diag_list *diags)
{
    for (size_t i = 0; i < diags->diags.len; i++)
        if (diags->diags.items[i].severity == NP_SEVERITY_ERROR)
            np_message_diag_print(stderr, &diags->diags.items[i]);
    if (diags->dropped > 0)
        np_message("%zu more problems in rules are not shown", diags->dropped);
}

static void exclude_rules(struct detect *detect)
{
    for (size_t i = 0; i < detect->args->given.len; i++) {
        const struct np_arg *arg = &detect->args->given.items[i];
        if (arg->id == NP_OPT_EXCLUDE_RULE &&
            np_rule_set_exclude(detect->rules, np_span_of(arg->value)) == 0)
            np_message("--exclude-rule: no rule has the id or title '%s'", arg->value);
    }
}

static int load_rules(struct detect *detect, struct np_err *err)
{
    struct np_diag_list diags;
    np_diag_list_init(&diags);
    bool only_given = np_args_has(detect->args, NP_OPT_NO_DEFAULT_RULES);
    int r = np_rule_files_load(detect->rules, detect->args,
                               only_given ? NP_DEFAULT_RULES_NEVER : NP_DEFAULT_RULES_ALWAYS,
                               &diags, err);
    print_errors(&diags);
    np_diag_list_done(&diags);
    if (r < 0)
        return r;
    if (detect->settings.strict && np_rule_set_refused(detect->rules) > 0)
        return np_fail(err, -EINVAL, "%zu rule documents were refused, and --strict allows none",
                       np_rule_set_refused(detect->rules));
    exclude_rules(detect);
    if (np_rule_set_loaded(detect->rules) == 0)
        return np_fail(err, -EINVAL, "no rule is loaded; name rules with -r");
    r = np_rule_set_compile(detect->rules, err);
    if (r < 0)
        return r;
    return np_decode_plan_new(&detect->plan, detect->fields,
                              detect->settings.is_generic ? &detect->settings.generic : NULL, err);
}

static int open_sinks(struct detect *detect, struct np_err *err)
{
    size_t count = 0;
    const struct np_sink_ops *const *all = np_sinks(&count);
    const char *formats[NP_OUTPUTS_MAX];
    for (size_t i = 0; i < count; i++)
        formats[i] = all[i]->name;
    int r = np_outputs_open(&detect->outputs, detect->args, formats, count, err);
    np_buf_init(&detect->next_command, NEXT_COMMAND_MAX_BYTES);
    np_next_command(&detect->next_command, detect->args);
    for (size_t i = 0; i < detect->outputs.count && r == 0; i++) {
        struct np_output *output = &detect->outputs.items[i];
        struct np_sink_params params = {
            .out = output->out,
            .width = np_output_width(output->out),
            .colour = np_output_wants_colour(output->out),
            .unicode = np_message_charset() == NP_CHARSET_UNICODE,
            .unfold = detect->settings.unfold,
            .zone = detect->settings.zone,
            .next_command = np_buf_cstr(&detect->next_command),
        };
        r = np_sink_find(output->format)->open(&detect->sinks[i], &params, err);
        detect->sink_count += r == 0 ? 1 : 0;
    }
    return r;
}

/* After each batch: what was found reaches the outputs, and the progress line moves, out of the way of lines on the terminal. */
static int on_batch(void *context, const struct np_progress_figures *figures, struct np_err *err)
{
    struct detect *detect = context;
    bool shows = figures->findings != detect->findings_shown && isatty(STDOUT_FILENO) == 1;
    if (detect->settings.progress && shows)
        np_progress_erase(&detect->progress);
    detect->findings_shown = figures->findings;
    int r = np_outputs_flush(&detect->outputs, err);
    if (detect->settings.progress)
        np_progress_update(&detect->progress, figures, np_mono_now());
    return r;
}

static int run(struct detect *detect, struct np_err *err)
{
    struct np_engine_params params = {
        .rules = detect->rules,
        .fields = detect->fields,
        .plan = detect->plan,
        .source = detect->source,
        .sinks = detect->sinks,
        .sink_count = detect->sink_count,
        .filter = detect->settings.filter,
        .min_level = detect->settings.min_level,
        .threads = detect->settings.threads,
        .interrupted = &interrupted,
        .on_batch = on_batch,
        .context = detect,
    };
    int r = np_engine_run(&detect->result, &params, err);
    if (detect->settings.progress)
        np_progress_erase(&detect->progress);
    for (size_t i = 0; i < detect->sink_count && r == 0; i++)
        r = detect->sinks[i]->ops->finish(detect->sinks[i], &detect->result.summary, err);
    return r == 0 ? np_outputs_flush(&detect->outputs, err) : r;
}

/* The exit status of a run that came to its end. */
static int status_of(const struct detect *detect)
{
    const struct np_summary *summary = &detect->result.summary;
    if (detect->result.interrupted)
        return NP_EXIT_INTERRUPTED;
    if (summary->records == 0) {
        np_message("no record was read");
        return NP_EXIT_FAILURE;
    }
    for (size_t level = detect->settings.fail_on; level < NP_LEVEL_MAX; level++)
        if (detect->result.all_by_level[level] > 0)
            return NP_EXIT_FOUND;
    return detect->settings.strict && !summary->complete ? NP_EXIT_INCOMPLETE : NP_EXIT_OK;
}

static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    (void) sigaction(SIGINT, &action,
                     NULL); /* without it the run ends at once, which is what the signal asks for */
    (void) sigaction(SIGTERM, &action, NULL);
}

/* Everything before the run, in the order in which a user would want to hear of mistakes. */
static int prepare(struct detect *detect, struct np_err *err)
{
    int r = np_detect_settings_read(&detect->settings, detect->args, err);
    if (r == 0)
        r = np_field_set_new(&detect->fields);
    if (r == 0)
        r = np_rule_set_new(&detect->rules, detect->fields);
    if (r == 0)
        r = load_rules(detect, err);
    return r;
}

static int open_input(struct detect *detect, struct np_err *err)
{
    struct np_input_params params = {
        .paths = detect->args->operands,
        .path_count = detect->args->operand_count,
        .plan = detect->plan,
    };
    return np_input_new(&detect->source, &params, err);
}

static void print_failure(const struct np_err *err, int code)
{
    np_message("%s", err->msg[0] != '\0' ? err->msg : strerror(-code));
}

/* Opens rules, input and outputs; the status of what went wrong, NP_EXIT_OK where nothing did. */
static int set_up(struct detect *detect)
{
    struct np_err err = {};
    int r = prepare(detect, &err);
    int status = r == -ENOMEM ? NP_EXIT_FAILURE : NP_EXIT_USAGE;
    if (r == 0) {
        r = open_input(detect, &err);
        status = r == -ENOENT ? NP_EXIT_USAGE
                              : NP_EXIT_FAILURE; /* missing, or there but not to be read */
    }
    if (r == 0) {
        r = open_sinks(detect, &err);
        status = r == -EINVAL || r == -ENOENT ? NP_EXIT_USAGE : NP_EXIT_FAILURE;
    }
    if (r == 0) {
        np_progress_init(&detect->progress, STDERR_FILENO, np_output_terminal_width(STDERR_FILENO),
                         np_message_charset(), np_mono_now());
        return NP_EXIT_OK;
    }
    print_failure(&err, r);
    return status;
}

int np_cli_detect(const struct np_args *args)
{
    struct detect detect = {.args = args};
    struct np_err err = {};
    int status = set_up(&detect);
    if (status == NP_EXIT_OK) {
        catch_interrupts();
        int r = run(&detect, &err);
        if (r < 0 && r != -EPIPE)
            print_failure(&err, r);
        status = r == -EPIPE ? NP_EXIT_OK : r < 0 ? NP_EXIT_FAILURE : status_of(&detect);
    }
    detect_done(&detect);
    return status;
}
