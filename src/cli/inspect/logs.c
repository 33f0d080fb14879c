/* SPDX-License-Identifier: Apache-2.0 */
/* See logs.h. */
#include "cli/inspect/logs.h"

#include <errno.h>
#include <inttypes.h>

#include "cli/message.h"
#include "cli/settings.h"

enum { SKIPPED_SHOWN = 10 };

static int open_all(struct np_logs *logs, const struct np_args *args,
                    const struct np_loaded *loaded, int *status, struct np_err *err)
{
    const char *as = np_args_get(args, NP_OPT_AS);
    struct np_logsource generic = {};
    int r = as != NULL ? np_setting_logsource(&generic, as, "--as", err) : 0;
    if (r == 0)
        r = np_decode_plan_new(&logs->plan, loaded->fields, as != NULL ? &generic : NULL, err);
    *status = r == -ENOMEM ? NP_EXIT_FAILURE : NP_EXIT_USAGE;
    if (r < 0)
        return r;
    struct np_input_params params = {
        .paths = args->operands, .path_count = args->operand_count, .plan = logs->plan};
    r = np_input_new(&logs->source, &params, err);
    *status = r == -ENOENT ? NP_EXIT_USAGE : NP_EXIT_FAILURE;
    return r;
}

int np_logs_open(struct np_logs *out_logs, const struct np_args *args,
                 const struct np_loaded *loaded, int *out_status, struct np_err *err)
{
    *out_logs = (struct np_logs){};
    np_tally_init(&out_logs->tally);
    return open_all(out_logs, args, loaded, out_status, err);
}

void np_logs_done(struct np_logs *logs)
{
    np_source_free(&logs->source);
    np_decode_plan_free(&logs->plan);
    np_tally_done(&logs->tally);
}

void np_logs_tell_skipped(struct np_tally *tally)
{
    np_tally_sort(tally);
    for (size_t i = 0; i < tally->entries.len && i < SKIPPED_SHOWN; i++) {
        const struct np_tally_entry *entry = &tally->entries.items[i];
        np_message("not read: %s: %s (%" PRIu64 ")", entry->object, entry->reason, entry->count);
    }
    if (tally->entries.len > SKIPPED_SHOWN)
        np_message("not read: %zu more; 'nepho detect -o ndjson' names them all",
                   tally->entries.len - SKIPPED_SHOWN);
}

/* The caller's function, behind a count. */
struct counted {
    struct np_logs *logs;
    int (*fn)(void *context, struct np_event *event);
    void *context;
};

static int count_event(void *context, struct np_event *event)
{
    const struct counted *counted = context;
    counted->logs->events++;
    return counted->fn(counted->context, event);
}

int np_logs_each(struct np_logs *logs, int (*fn)(void *context, struct np_event *event),
                 void *context, struct np_err *err)
{
    struct counted counted = {logs, fn, context};
    struct np_each each = {
        .source = logs->source, .plan = logs->plan, .fn = count_event, .context = &counted};
    int r = np_engine_each(&each, &logs->tally, err);
    np_logs_tell_skipped(&logs->tally);
    return r;
}
