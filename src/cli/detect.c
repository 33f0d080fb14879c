/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho detect`: a run whose sinks are those of -o. */
#include "cli/hunt.h"
#include "cli/message.h"
#include "cli/next_command.h"

enum { NEXT_COMMAND_MAX_BYTES = 65536 };

/* What it owns beside the run. */
struct detect {
    struct np_hunt hunt;
    struct np_sink *sinks[NP_OUTPUTS_MAX];
    size_t sink_count;
    struct np_buf next_command;
    struct np_buf show_operands;
};

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
    np_next_command(&detect->next_command, hunt->args);
    np_next_show_operands(&detect->show_operands, hunt->args);
    for (size_t i = 0; i < hunt->outputs.count && r == 0; i++) {
        const struct np_output *output = &hunt->outputs.items[i];
        struct np_sink_params params = {
            .out = output->out,
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

static int run(struct detect *detect, struct np_err *err)
{
    struct np_hunt *hunt = &detect->hunt;
    int r = open_sinks(detect, err);
    if (r == 0)
        r = np_hunt_run(hunt, detect->sinks, detect->sink_count, err);
    for (size_t i = 0; i < detect->sink_count && r == 0; i++)
        r = detect->sinks[i]->ops->finish(detect->sinks[i], &hunt->result.summary, err);
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
