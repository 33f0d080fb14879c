/* SPDX-License-Identifier: Apache-2.0 */
/* All texts are ours: of behaviours.def. */
#include "cli/inspect/explain_behaviour.h"

#include "cli/message.h"
#include "cli/outputs.h"
#include "sink/incident/flow.h"
#include "sink/line.h"

const struct np_behaviour *np_behaviour_named(const char *name)
{
    size_t count = 0;
    const struct np_behaviour *all = np_behaviours_all(&count);
    struct np_span wanted = np_span_of(name);
    for (size_t i = 0; i < count; i++)
        if (np_span_eq_ascii_fold(np_span_of(all[i].rule.id), wanted) ||
            np_span_eq_ascii_fold(np_span_of(all[i].rule.title), wanted))
            return &all[i];
    return NULL;
}

/* A text behind a label, broken between words. */
static void write_words(struct np_buf *buf, const char *label, const char *text,
                        const struct np_sink_params *params)
{
    struct np_flow flow = np_flow_begin(buf, label, " ", params);
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        np_flow_add(&flow, np_span_make(text, len), NULL);
        text += len;
        text += strspn(text, " ");
    }
    np_flow_end(&flow);
}

static void write_table(struct np_buf *buf, const struct np_behaviour *behaviour,
                        const struct np_sink_params *params)
{
    const struct np_rule_info *rule = &behaviour->rule;
    (void) np_buf_printf(buf, "%s  %s  %s\n", np_level_name(rule->level), rule->id, rule->title);
    write_words(buf, "says", behaviour->says, params);
    write_words(buf, "often", behaviour->innocent, params);
    struct np_flow tags = np_flow_begin(buf, "tags", " ", params);
    for (size_t i = 0; i < rule->tag_count; i++)
        np_flow_add(&tags, np_span_of(rule->tags[i]), NULL);
    np_flow_end(&tags);
    struct np_flow silence = np_flow_begin(buf, "silence", " ", params);
    np_flow_addf(&silence, NULL, "--exclude-rule %s,", rule->id);
    np_flow_addf(&silence, NULL, "or in the configuration");
    np_flow_addf(&silence, NULL, "exclude_rules: [%s]", rule->id);
    np_flow_end(&silence);
}

static void write_ndjson(struct np_buf *buf, const struct np_behaviour *behaviour)
{
    const struct np_rule_info *rule = &behaviour->rule;
    struct np_json_writer json;
    np_line_begin(&json, buf, "behaviour");
    np_json_cstr(&json, "id", rule->id);
    np_json_cstr(&json, "title", rule->title);
    np_json_cstr(&json, "level", np_level_name(rule->level));
    np_json_begin_array(&json, "tags");
    for (size_t i = 0; i < rule->tag_count; i++)
        np_json_cstr(&json, NULL, rule->tags[i]);
    np_json_end_array(&json);
    np_json_cstr(&json, "says", behaviour->says);
    np_json_cstr(&json, "innocent", behaviour->innocent);
    np_line_end(&json);
}

static int write_all(struct np_outputs *outputs, const struct np_behaviour *behaviour,
                     struct np_err *err)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct np_out *out = outputs->items[i].out;
        const struct np_sink_params params = {
            .out = out,
            .width = np_output_width(out),
            .colour = np_output_wants_colour(out),
            .unicode = np_message_charset() == NP_CHARSET_UNICODE,
        };
        if (np_span_is(outputs->items[i].format, "ndjson"))
            write_ndjson(np_out_buf(out), behaviour);
        else
            write_table(np_out_buf(out), behaviour, &params);
        int r = np_out_commit(out, err);
        if (r < 0)
            return r;
    }
    return np_outputs_flush(outputs, err);
}

int np_explain_behaviour(const struct np_args *args, const struct np_behaviour *behaviour)
{
    static const char *const formats[] = {"table", "ndjson"};
    struct np_outputs outputs = {};
    struct np_err err = {};
    int status = NP_EXIT_USAGE;
    int r = np_outputs_open(&outputs, args, formats, NP_ARRAY_LEN(formats), &err);
    if (r == 0) {
        status = NP_EXIT_FAILURE;
        r = write_all(&outputs, behaviour, &err);
    }
    np_outputs_done(&outputs);
    if (r == 0 || r == -EPIPE) /* the reader of the output has gone, which is no failure */
        return NP_EXIT_OK;
    np_message("%s", err.msg[0] != '\0' ? err.msg : strerror(-r));
    return status;
}
