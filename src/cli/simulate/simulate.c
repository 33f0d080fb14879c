/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho simulate`: options to a simulation, and its records to where they are wanted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/embedded.h"
#include "cli/message.h"
#include "cli/simulate/destination.h"
#include "cli/simulate/list.h"
#include "sink/figure.h"

enum { DEFAULT_ACCOUNTS = 3, DEFAULT_SEED = 1 };

#define DEFAULT_START "2026-03-02T08:00:00Z" /* a Monday */

/* A whole number of an option, at most `max`; left alone where it is not given. */
static int read_number(uint64_t *number, const struct np_args *args, enum np_option_id id,
                       uint64_t max, struct np_err *err)
{
    const char *text = np_args_get(args, id);
    char *end = NULL;
    if (text == NULL)
        return 0;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > max)
        return np_fail(err, -EINVAL, "'%s' is no whole number from 0 to %llu", text,
                       (unsigned long long) max);
    *number = value;
    return 0;
}

static int read_numbers(struct np_simulation_params *params, const struct np_args *args,
                        struct np_err *err)
{
    uint64_t accounts = DEFAULT_ACCOUNTS;
    int r = read_number(&params->seed, args, NP_OPT_SEED, UINT64_MAX, err);
    if (r < 0)
        return np_context(err, r, "--seed");
    r = read_number(&params->background, args, NP_OPT_BACKGROUND, UINT64_MAX / 2, err);
    if (r < 0)
        return np_context(err, r, "--background");
    r = read_number(&accounts, args, NP_OPT_ACCOUNTS, NP_SIMULATE_MAX_ACCOUNTS, err);
    if (r < 0)
        return np_context(err, r, "--accounts");
    params->accounts = (unsigned) accounts;
    return 0;
}

static int read_params(struct np_simulation_params *params, const struct np_args *args,
                       struct np_err *err)
{
    const char *start = np_args_get(args, NP_OPT_START);
    *params = (struct np_simulation_params){
        .scenarios = args->operands,
        .scenario_count = args->operand_count,
        .seed = DEFAULT_SEED,
    };
    int r = read_numbers(params, args, err);
    if (r < 0)
        return r;
    r = np_time_parse_user(&params->start, np_span_of(start != NULL ? start : DEFAULT_START), err);
    if (r < 0)
        return np_context(err, r, "--start");
    if (params->scenario_count == 0 && params->background == 0)
        return np_fail(
            err, -EINVAL,
            "name a scenario ('nepho simulate list' shows them), or give --background N");
    return 0;
}

/* Loads the scenarios that travel inside the program. What is wrong with them is a mistake of ours. */
static int load(struct np_scenario_set **out_set, struct np_err *err)
{
    struct np_diag_list diags;
    struct np_scenario_file *files = np_alloc_array(np_embedded_scenarios_count, sizeof(files[0]));
    if (files == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < np_embedded_scenarios_count; i++)
        files[i] = (struct np_scenario_file){
            .path = np_embedded_scenarios[i].path,
            .text = np_span_make(np_embedded_scenarios[i].text, np_embedded_scenarios[i].len),
        };
    np_diag_list_init(&diags);
    int r = np_scenario_set_load(out_set, files, np_embedded_scenarios_count, &diags, err);
    for (size_t i = 0; i < diags.diags.len; i++)
        np_message_diag_print(stderr, &diags.diags.items[i]);
    if (r < 0)
        r = np_fail(err, r, r == -ENOMEM ? "out of memory" : "the shipped scenarios do not load");
    np_diag_list_done(&diags);
    np_free(files);
    return r;
}

/* What was written, and what to do with it. */
static void tell(const struct np_destination *destination)
{
    char records[NP_FIGURE_BYTES];
    char repeated[NP_FIGURE_BYTES];
    char objects[NP_FIGURE_BYTES];
    char first[NP_TIME_TEXT_BYTES] = "-";
    char last[NP_TIME_TEXT_BYTES] = "-";
    np_figure_count(records, destination->records);
    np_figure_count(repeated, destination->repeated);
    if (destination->records > 0) {
        np_time_format(first, destination->first - destination->first % NP_NS_PER_S);
        np_time_format(last, destination->last - destination->last % NP_NS_PER_S);
    }
    if (destination->trail == NULL) {
        np_message("%s records (%s of them twice), %s to %s", records, repeated, first, last);
    } else {
        np_figure_count(objects, np_trail_objects(destination->trail));
        np_message("%s records (%s of them twice) in %s objects, %s to %s", records, repeated,
                   objects, first, last);
    }
    if (strcmp(destination->path, "-") != 0)
        np_message("next: nepho detect %s", destination->path);
}

static int play(struct np_simulation *simulation, struct np_destination *destination,
                struct np_err *err)
{
    struct np_simulated event;
    int r = np_simulation_next(simulation, &event, err);
    while (r > 0) {
        r = np_destination_add(destination, &event, err);
        if (r == 0)
            r = np_simulation_next(simulation, &event, err);
    }
    return r == 0 ? np_destination_finish(destination, err) : r;
}

static bool is_usage(int r)
{
    return r == -EINVAL || r == -ENOENT || r == -EEXIST;
}

/* Plays, and gives the exit status. */
static int run(const struct np_scenario_set *set, const struct np_args *args, struct np_err *err)
{
    struct np_simulation_params params;
    struct np_simulation *simulation = NULL;
    struct np_destination destination = {};
    int r = read_params(&params, args, err);
    if (r == 0)
        r = np_simulation_new(&simulation, set, &params, err);
    if (r == 0)
        r = np_destination_open(&destination, args, np_simulation_organization(simulation),
                                params.seed, err);
    int status = is_usage(r) ? NP_EXIT_USAGE : NP_EXIT_FAILURE;
    if (r == 0) {
        r = play(simulation, &destination, err);
        status = r == 0 || r == -EPIPE ? NP_EXIT_OK : NP_EXIT_FAILURE;
        if (r == 0)
            tell(&destination);
    }
    np_destination_done(&destination);
    np_simulation_free(&simulation);
    return status;
}

static bool wants_list(const struct np_args *args)
{
    return args->operand_count == 1 && strcmp(args->operands[0], "list") == 0;
}

int np_cli_simulate(const struct np_args *args)
{
    struct np_scenario_set *set = NULL;
    struct np_err err = {};
    int status = NP_EXIT_FAILURE;
    int r = load(&set, &err);
    if (r == 0 && wants_list(args)) {
        r = np_simulate_list(set, &err);
        status = r == 0 || r == -EPIPE ? NP_EXIT_OK : NP_EXIT_FAILURE;
    } else if (r == 0) {
        status = run(set, args, &err);
    }
    if (status != NP_EXIT_OK)
        np_message("%s", err.msg);
    np_scenario_set_free(&set);
    return status;
}
