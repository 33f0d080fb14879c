/* SPDX-License-Identifier: Apache-2.0 */
/* See hunt.h. */
#include "cli/hunt.h"

#include <signal.h>
#include <unistd.h>

#include "cli/config/open.h"
#include "cli/message.h"
#include "cli/rule_files.h"
#include "engine/screen.h"
#include "incident/behaviour.h"

/* The one writable global: set by the signal's handler, read between batches. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    if (interrupted != 0)
        _exit(NP_EXIT_INTERRUPTED); /* asked twice: do not wait for the batches under way */
    interrupted = signal_number;
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

/* Adds the behaviours of that id or title to the silent ones: how many, or -ENOMEM. */
static int silence(struct np_hunt *hunt, const char *name)
{
    size_t count = 0;
    const struct np_behaviour *all = np_behaviours_all(&count);
    int found = 0;
    for (size_t i = 0; i < count; i++) {
        const struct np_rule_info *rule = &all[i].rule;
        if (strcmp(rule->id, name) != 0 && strcmp(rule->title, name) != 0)
            continue;
        if (np_vec_push(&hunt->silent, rule, SIZE_MAX) < 0)
            return -ENOMEM;
        found++;
    }
    return found;
}

/* Leaves out the rules and behaviours of that id or title. */
static int exclude(struct np_hunt *hunt, const char *where, const char *name)
{
    int found = silence(hunt, name);
    if (found < 0)
        return found;
    if (np_rule_set_exclude(hunt->rules, np_span_of(name)) == 0 && found == 0)
        np_message("%s: no rule has the id or title '%s'", where, name);
    return 0;
}

static int exclude_rules(struct np_hunt *hunt, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < hunt->args->given.len && r == 0; i++)
        if (hunt->args->given.items[i].id == NP_OPT_EXCLUDE_RULE)
            r = exclude(hunt, "--exclude-rule", hunt->args->given.items[i].value);
    for (size_t i = 0; i < hunt->config.exclude_rules.texts.len && r == 0; i++)
        r = exclude(hunt, hunt->config.path, hunt->config.exclude_rules.texts.items[i].text);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

/* Tells of rules that stay silent because nothing is known of who acted. */
static void tell_silent(const struct np_hunt *hunt)
{
    size_t count = 0;
    for (uint32_t i = 0; i < np_rule_set_loaded(hunt->rules); i++)
        count += np_rule_set_asks_who(hunt->rules, i) ? 1 : 0;
    if (count > 0 && hunt->settings.findings_only)
        np_message("--findings-only: %zu rules that ask who acted (nepho.*) do not run", count);
}

/* Tells the rules, which are still to be loaded, what their findings shall tell, too. */
static int append_fields(struct np_hunt *hunt, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < hunt->args->given.len && r == 0; i++)
        if (hunt->args->given.items[i].id == NP_OPT_APPEND_FIELDS)
            r = np_rule_set_append_fields(hunt->rules, np_span_of(hunt->args->given.items[i].value),
                                          err);
    return r < 0 ? np_context(err, r, "--append-fields") : 0;
}

static int load_rules(struct np_hunt *hunt, struct np_err *err)
{
    struct np_diag_list diags;
    np_diag_list_init(&diags);
    bool only_given = np_args_has(hunt->args, NP_OPT_NO_DEFAULT_RULES);
    int r = np_rule_files_load(hunt->rules, hunt->args,
                               only_given ? NP_DEFAULT_RULES_NEVER : NP_DEFAULT_RULES_ALWAYS,
                               &diags, err);
    print_errors(&diags);
    np_diag_list_done(&diags);
    if (r < 0)
        return r;
    if (hunt->settings.strict && np_rule_set_refused(hunt->rules) > 0)
        return np_fail(err, -EINVAL, "%zu rule documents were refused, and --strict allows none",
                       np_rule_set_refused(hunt->rules));
    r = exclude_rules(hunt, err);
    if (r < 0)
        return r;
    if (np_rule_set_loaded(hunt->rules) == 0)
        return np_fail(err, -EINVAL, "no rule is loaded; name rules with -r");
    r = np_rule_set_compile(hunt->rules, err);
    if (r < 0)
        return r;
    tell_silent(hunt);
    return np_decode_plan_new(&hunt->plan, hunt->fields,
                              hunt->settings.is_generic ? &hunt->settings.generic : NULL, err);
}

/* What incidents are made with. */
static int load_incidents(struct np_hunt *hunt, struct np_err *err)
{
    if (hunt->settings.findings_only)
        return 0;
    int r = np_config_tactics(&hunt->tactics, err);
    return r == 0 ? np_config_endpoints(&hunt->endpoints, &hunt->config, err) : r;
}

/* Everything before the run, in the order in which a user would want to hear of mistakes. */
static int prepare(struct np_hunt *hunt, struct np_err *err)
{
    int r = np_detect_settings_read(&hunt->settings, hunt->args, err);
    if (r == 0)
        r = np_config_open(&hunt->config, hunt->args, err);
    if (r == 0)
        r = np_field_set_new(&hunt->fields);
    if (r == 0)
        r = np_rule_set_new(&hunt->rules, hunt->fields);
    if (r == 0)
        r = append_fields(hunt, err);
    if (r == 0)
        r = load_rules(hunt, err);
    return r == 0 ? load_incidents(hunt, err) : r;
}

static int open_input(struct np_hunt *hunt, const struct np_hunt_params *hunt_params,
                      struct np_err *err)
{
    int r = np_screen_new(&hunt->screen, hunt->rules);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    struct np_input_params params = {
        .paths = hunt_params->paths,
        .path_count = hunt_params->path_count,
        .plan = hunt->plan,
        .screen = hunt->screen,
    };
    return np_input_new(&hunt->source, &params, err);
}

static void print_failure(const struct np_err *err, int code)
{
    np_message("%s", err->msg[0] != '\0' ? err->msg : strerror(-code));
}

int np_hunt_open(struct np_hunt *out_hunt, const struct np_args *args,
                 const struct np_hunt_params *params)
{
    struct np_err err = {};
    *out_hunt = (struct np_hunt){.args = args};
    int r = prepare(out_hunt, &err);
    int status = r == -ENOMEM ? NP_EXIT_FAILURE : NP_EXIT_USAGE;
    if (r == 0) {
        r = open_input(out_hunt, params, &err);
        status = r == -ENOENT ? NP_EXIT_USAGE
                              : NP_EXIT_FAILURE; /* missing, or there but not to be read */
    }
    if (r == 0) {
        r = np_outputs_open(&out_hunt->outputs, args, params->formats, params->format_count, &err);
        status = r == -EINVAL || r == -ENOENT ? NP_EXIT_USAGE : NP_EXIT_FAILURE;
    }
    if (r < 0) {
        print_failure(&err, r);
        return status;
    }
    np_progress_init(&out_hunt->progress, STDERR_FILENO, np_output_terminal_width(STDERR_FILENO),
                     np_message_charset(), np_mono_now());
    return NP_EXIT_OK;
}

/* After each batch: what was found reaches the outputs, and the progress line moves, out of the way of lines on the terminal. */
static int on_batch(void *context, const struct np_progress_figures *figures, struct np_err *err)
{
    struct np_hunt *hunt = context;
    bool shows = figures->findings != hunt->findings_shown && isatty(STDOUT_FILENO) == 1;
    if (hunt->settings.progress && shows)
        np_progress_erase(&hunt->progress);
    hunt->findings_shown = figures->findings;
    int r = np_outputs_flush(&hunt->outputs, err);
    if (hunt->settings.progress)
        np_progress_update(&hunt->progress, figures, np_mono_now());
    return r;
}

static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    (void) sigaction(SIGINT, &action,
                     NULL); /* without it the run ends at once, which is what the signal asks for */
    (void) sigaction(SIGTERM, &action, NULL);
}

int np_hunt_run(struct np_hunt *hunt, struct np_sink *const *sinks, size_t sink_count,
                struct np_err *err)
{
    const struct np_incident_params incidents = {
        .tactics = hunt->tactics,
        .endpoints = hunt->endpoints,
        .behaviours = !np_args_has(hunt->args, NP_OPT_NO_DEFAULT_RULES),
        .silent = hunt->silent.items,
        .silent_count = hunt->silent.len,
        .explain = hunt->explain,
    };
    struct np_engine_params params = {
        .rules = hunt->rules,
        .fields = hunt->fields,
        .plan = hunt->plan,
        .source = hunt->source,
        .sinks = sinks,
        .sink_count = sink_count,
        .filter = hunt->settings.filter,
        .matching = hunt->settings.matching,
        .min_level = hunt->settings.min_level,
        .lateness = hunt->config.lateness,
        .incidents = hunt->settings.findings_only ? NULL : &incidents,
        .threads = hunt->settings.threads,
        .interrupted = &interrupted,
        .on_batch = on_batch,
        .context = hunt,
    };
    catch_interrupts();
    int r = np_engine_run(&hunt->result, &params, err);
    if (hunt->settings.progress)
        np_progress_erase(&hunt->progress);
    return r;
}

/* Whether --fail-on asks to fail for what was found. */
static bool found(const struct np_hunt *hunt)
{
    for (size_t level = hunt->settings.fail_on; level < NP_LEVEL_MAX; level++)
        if (hunt->result.all_by_level[level] > 0 ||
            hunt->result.summary.incidents_by_level[level] > 0)
            return true;
    return false;
}

int np_hunt_status(const struct np_hunt *hunt, int r, const struct np_err *err)
{
    if (r == -EPIPE) /* the reader of the output has gone, which is no failure */
        return NP_EXIT_OK;
    if (r < 0) {
        print_failure(err, r);
        return NP_EXIT_FAILURE;
    }
    if (hunt->result.interrupted)
        return NP_EXIT_INTERRUPTED;
    if (hunt->result.summary.records == 0) {
        np_message("no record was read");
        return NP_EXIT_FAILURE;
    }
    if (found(hunt))
        return NP_EXIT_FOUND;
    return hunt->settings.strict && !hunt->result.summary.complete ? NP_EXIT_INCOMPLETE
                                                                   : NP_EXIT_OK;
}

void np_hunt_done(struct np_hunt *hunt)
{
    np_engine_result_done(&hunt->result);
    np_endpoints_free(&hunt->endpoints);
    np_tactics_free(&hunt->tactics);
    np_vec_done(&hunt->silent);
    np_config_done(&hunt->config);
    np_outputs_done(&hunt->outputs);
    np_source_free(&hunt->source);
    np_screen_free(&hunt->screen);
    np_decode_plan_free(&hunt->plan);
    np_rule_set_free(&hunt->rules);
    np_field_set_free(&hunt->fields);
    np_detect_settings_done(&hunt->settings);
}
