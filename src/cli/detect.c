/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho detect`: a run whose sinks are those of -o. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/hunt.h"
#include "cli/message.h"
#include "cli/next_command.h"

enum { NEXT_COMMAND_MAX_BYTES = 65536, HOSTNAME_BYTES = 256 };

/* What it owns beside the run. */
struct detect {
    struct np_hunt hunt;
    struct np_sink *sinks[NP_OUTPUTS_MAX];
    size_t sink_count;
    struct np_buf next_command;
    struct np_buf show_operands;
    char hostname[HOSTNAME_BYTES];
};

/* This host's name; FALCO_HOSTNAME says it where several hosts share one, as in containers. */
static void read_hostname(char out_name[HOSTNAME_BYTES])
{
    const char *given = getenv("FALCO_HOSTNAME");
    if (given != NULL)
        (void) snprintf(out_name, HOSTNAME_BYTES, "%s", given);
    else if (gethostname(out_name, HOSTNAME_BYTES) < 0)
        out_name[0] = '\0';
    out_name[HOSTNAME_BYTES - 1] = '\0';
}

static void detect_done(struct detect *detect)
{
    for (size_t i = 0; i < detect->sink_count; i++)
        detect->sinks[i]->ops->destroy(detect->sinks[i]);
    np_buf_done(&detect->next_command);
    np_buf_done(&detect->show_operands);
    np_hunt_done(&detect->hunt);
}

static int open_hunt(struct detect *detect, const struct np_args *args)
{
    size_t count = 0;
    const struct np_sink_ops *const *all = np_sinks(&count);
    const char *formats[NP_OUTPUTS_MAX];
    for (size_t i = 0; i < count; i++)
        formats[i] = all[i]->name;
    const struct np_hunt_params params = {.paths = args->operands,
                                          .path_count = args->operand_count,
                                          .formats = formats,
                                          .format_count = count};
    return np_hunt_open(&detect->hunt, args, &params);
}

static int open_sinks(struct detect *detect, struct np_err *err)
{
    int r = 0;
    const struct np_hunt *hunt = &detect->hunt;
    np_buf_init(&detect->next_command, NEXT_COMMAND_MAX_BYTES);
    np_buf_init(&detect->show_operands, NEXT_COMMAND_MAX_BYTES);
    read_hostname(detect->hostname);
    np_next_command(&detect->next_command, hunt->args);
    np_next_show_operands(&detect->show_operands, hunt->args);
    for (size_t i = 0; i < hunt->outputs.count && r == 0; i++) {
        const struct np_output *output = &hunt->outputs.items[i];
        struct np_sink_params params = {
            .out = output->out,
            .url = output->url,
            .hostname = detect->hostname,
            .width = np_output_width(output->out),
            .colour = np_output_wants_colour(output->out),
            .unicode = np_message_charset() == NP_CHARSET_UNICODE,
            .unfold = hunt->settings.unfold,
            .zone = hunt->settings.zone,
            .next_command = np_buf_cstr(&detect->next_command),
            .incidents = !hunt->settings.findings_only,
            .show_operands = np_buf_cstr(&detect->show_operands),
        };
        r = np_sink_find(output->format)->open(&detect->sinks[i], &params, err);
        detect->sink_count += r == 0 ? 1 : 0;
    }
    return r;
}

/* Finishes the outputs that go to a URL, or those that do not, also where one fails: 0, or what the first failed with. */
static int finish_sinks(struct detect *detect, bool to_url, struct np_err *err)
{
    int first = 0;
    for (size_t i = 0; i < detect->sink_count; i++) {
        if ((detect->hunt.outputs.items[i].url != NULL) != to_url)
            continue;
        struct np_err other = {};
        struct np_sink *sink = detect->sinks[i];
        int r = sink->ops->finish(sink, &detect->hunt.result.summary, first == 0 ? err : &other);
        first = first == 0 ? r : first;
    }
    return first;
}

/*
 * Finishes all outputs after a run that came to `r`; those last that may have to wait for a peer. They are finished in any case: what was
 * found is delivered, also where another output has no room or no reader any more.
 */
static int finish(struct detect *detect, int r, struct np_err *err)
{
    struct np_err posting = {};
    if (r == 0)
        r = finish_sinks(detect, false, err);
    int posted = finish_sinks(detect, true, &posting);
    if (posted == 0 || (r < 0 && r != -EPIPE))
        return r;
    *err = posting;
    return posted;
}

static int run(struct detect *detect, struct np_err *err)
{
    struct np_hunt *hunt = &detect->hunt;
    int r = open_sinks(detect, err);
    if (r == 0)
        r = np_hunt_run(hunt, detect->sinks, detect->sink_count, err);
    r = finish(detect, r, err);
    return r == 0 ? np_outputs_flush(&hunt->outputs, err) : r;
}

int np_cli_detect(const struct np_args *args)
{
    struct detect detect = {};
    struct np_err err = {};
    int status = open_hunt(&detect, args);
    if (status == NP_EXIT_OK)
        status = np_hunt_status(&detect.hunt, run(&detect, &err), &err);
    detect_done(&detect);
    return status;
}
