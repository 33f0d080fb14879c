/* SPDX-License-Identifier: Apache-2.0 */
/* A sink that keeps incidents and lets findings pass. */
#include "cli/incidents/gather.h"

#include <errno.h>

#include "cli/message.h"

struct keeper {
    struct np_sink sink;
    struct np_incident_store *store;
};

static int keeper_finding(struct np_sink *sink, const struct np_finding *finding,
                          struct np_err *err)
{
    (void) sink;
    (void) finding;
    (void) err;
    return 0;
}

static int keeper_incident(struct np_sink *sink, const struct np_incident *incident,
                           struct np_err *err)
{
    const struct keeper *keeper = (const struct keeper *) sink;
    int r = np_incident_store_put(keeper->store, incident);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

static const struct np_sink_ops keeper_ops = {
    .name = "incidents",
    .finding = keeper_finding,
    .incident = keeper_incident,
};

int np_gathered_run(struct np_gathered *out_gathered, const struct np_args *args, size_t skip,
                    struct np_span explain)
{
    static const char *const formats[] = {"table", "ndjson"};
    const struct np_hunt_params params = {
        .paths = args->operands + skip,
        .path_count = args->operand_count - skip,
        .formats = formats,
        .format_count = NP_ARRAY_LEN(formats),
    };
    struct np_err err = {};
    np_incident_store_init(&out_gathered->incidents);
    int status = np_hunt_open(&out_gathered->hunt, args, &params);
    if (status != NP_EXIT_OK)
        return status;
    struct keeper keeper = {.sink.ops = &keeper_ops, .store = &out_gathered->incidents};
    struct np_sink *const sinks[] = {&keeper.sink};
    out_gathered->hunt.explain = explain;
    int r = np_hunt_run(&out_gathered->hunt, sinks, NP_ARRAY_LEN(sinks), &err);
    np_incident_store_sort(&out_gathered->incidents);
    if (out_gathered->incidents.missed > 0)
        np_message("there are more incidents than are kept; 'nepho detect -o ndjson' has all");
    if (r == 0 && !out_gathered->hunt.result.summary.complete)
        np_message("not all of the input was used; 'nepho detect' says what was left out, and why");
    return np_hunt_status(&out_gathered->hunt, r, &err);
}

void np_gathered_done(struct np_gathered *gathered)
{
    np_incident_store_done(&gathered->incidents);
    np_hunt_done(&gathered->hunt);
}

struct np_sink_params np_gathered_look(const struct np_gathered *gathered,
                                       const struct np_output *output)
{
    return (struct np_sink_params){
        .out = output->out,
        .width = np_output_width(output->out),
        .colour = np_output_wants_colour(output->out),
        .unicode = np_message_charset() == NP_CHARSET_UNICODE,
        .zone = gathered->hunt.settings.zone,
        .incidents = true,
    };
}
