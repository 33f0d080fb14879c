/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `nepho rules explain`: finds the rule, then the event: the one that is asked for, else the first
 * that matches, else the one that comes nearest. An event lives until the next one, so what may be
 * the answer is made into text at once.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/suggest.h"
#include "cli/message.h"
#include "cli/inspect/explain_behaviour.h"
#include "cli/inspect/explain_show.h"
#include "cli/inspect/logs.h"
#include "sink/width.h"

enum {
    TREE_MAX_BYTES = 512 * 1024 * 1024,
    ID_ENDS_BYTES = 4, /* that a mistyped id has in common with the right one, at either end */
    NEAR_MAX_BYTES = 4096
};

static const char *const formats[] = {"table", "ndjson"};

struct explain {
    const struct np_args *args;
    struct np_loaded loaded;
    struct np_logs logs;
    struct np_explainer *explainer;
    struct np_arena arena; /* the tree of one event */
    uint32_t rule;
    const char *wanted; /* --event, or NULL */
    bool found;         /* something to show */
    struct np_explanation best;
    struct np_buf texts[NP_OUTPUTS_MAX]; /* what each output shall show */
    struct np_buf near;                  /* the id that comes nearest to `wanted` */
    int status;                          /* the exit status of what fails next */
};

static void explain_done(struct explain *explain)
{
    for (size_t i = 0; i < NP_OUTPUTS_MAX; i++)
        np_buf_done(&explain->texts[i]);
    np_buf_done(&explain->near);
    np_arena_done(&explain->arena);
    np_explainer_free(&explain->explainer);
    np_logs_done(&explain->logs);
    np_loaded_done(&explain->loaded);
}

/* ---- the rule */

static bool is_called(const char *id, const char *title, struct np_span name)
{
    return np_span_eq_ascii_fold(np_span_of(id), name) ||
           np_span_eq_ascii_fold(np_span_of(title), name);
}

/* Whether `part` stands in `text`, ignoring ASCII case. */
static bool has_part(const char *text, struct np_span part)
{
    struct np_span rest = np_span_of(text);
    for (; rest.len >= part.len; rest = np_span_from(rest, 1))
        if (np_span_eq_ascii_fold(np_span_head(rest, part.len), part))
            return true;
    return false;
}

/*
 * The id or title of a document that `name` was probably meant to be; NULL where there is none. 0
 * or -ENOMEM.
 */
static int nearest_name(const struct explain *explain, struct np_span name, const char **out_near)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(explain->loaded.set, &count);
    const char **names = np_alloc_array(2 * count, sizeof(*names));
    if (names == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = docs[i].id;
        names[2 * i + 1] = docs[i].title;
    }
    *out_near = np_suggest(name, names, 2 * count);
    for (size_t i = 0; i < count && *out_near == NULL; i++)
        if (has_part(docs[i].title, name))
            *out_near = docs[i].title;
    np_free(names);
    return 0;
}

/* Says why no rule of that name runs. */
static int fail_rule(const struct explain *explain, const char *name, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(explain->loaded.set, &count);
    const struct np_diag_list *diags = &explain->loaded.diags;
    for (size_t i = 0; i < count; i++) {
        if (!is_called(docs[i].id, docs[i].title, np_span_of(name)))
            continue;
        for (size_t j = 0; j < diags->diags.len; j++)
            if (np_diag_is_of(&diags->diags.items[j], &docs[i]))
                np_message_diag_print(stderr, &diags->diags.items[j]);
        return np_fail(err, -EINVAL,
                       docs[i].status == NP_DOC_ERROR ? "the rule '%s' is refused"
                                                      : "'%s' is no rule that runs by itself",
                       name);
    }
    const char *near = NULL;
    int r = nearest_name(explain, np_span_of(name), &near);
    if (r < 0)
        return r;
    return np_fail(err, -EINVAL, "no rule has the id or title '%s'%s%s%s", name,
                   near != NULL ? "; did you mean '" : "; 'nepho rules list' lists them",
                   near != NULL ? near : "", near != NULL ? "'?" : "");
}

static int find_rule(struct explain *explain, struct np_err *err)
{
    const struct np_rule_set *set = explain->loaded.set;
    const char *name = np_args_get(explain->args, NP_OPT_RULE);
    if (name == NULL)
        return np_fail(err, -EINVAL, "name the rule to explain with --rule ID or --rule TITLE");
    for (uint32_t i = 0; i < np_rule_set_loaded(set); i++) {
        const struct np_rule_info *info = np_rule_set_info(set, i);
        if (is_called(info->id, info->title, np_span_of(name))) {
            explain->rule = i;
            return 0;
        }
    }
    return fail_rule(explain, name, err);
}

/* ---- the event */

/* Whether the event is the one at "<object>:<offset>". */
static bool is_place(const struct np_event *event, const char *place)
{
    const char *colon = strrchr(place, ':');
    char *end = NULL;
    if (colon == NULL || colon[1] < '0' || colon[1] > '9')
        return false;
    unsigned long long offset = strtoull(colon + 1, &end, 10);
    return *end == '\0' && offset == event->origin.offset &&
           np_span_is(np_span_make(place, (size_t) (colon - place)), event->origin.object);
}

/* Keeps the id that is nearest to the wanted one. */
static void note_near(struct explain *explain, struct np_span id)
{
    struct np_span wanted = np_span_of(explain->wanted);
    struct np_span head = np_span_head(wanted, ID_ENDS_BYTES);
    struct np_span tail = np_span_from(wanted, wanted.len - head.len);
    if (!np_span_starts(id, head) && !np_span_ends(id, tail))
        return;
    bool is_cut = np_span_starts(id, wanted) || np_span_ends(id, wanted);
    char copy[NEAR_MAX_BYTES];
    (void) snprintf(copy, sizeof(copy), "%.*s", NP_SPAN_ARGS(id));
    const char *words[] = {copy, np_buf_cstr(&explain->near)};
    if (!is_cut && np_suggest(wanted, words, NP_ARRAY_LEN(words)) != copy)
        return;
    np_buf_reset(&explain->near);
    (void) np_buf_add_str(&explain->near, copy);
}

/* Makes the explanation into the text of each output. */
static int show(struct explain *explain, struct np_event *event,
                const struct np_explanation *explanation)
{
    struct np_explain_subject subject = {
        .rules = explain->loaded.set,
        .fields = explain->loaded.fields,
        .event = event,
        .explanation = explanation,
        .choice = explain->wanted != NULL ? NP_EXPLAIN_ASKED
                  : explanation->matches  ? NP_EXPLAIN_FIRST
                                          : NP_EXPLAIN_NEAREST,
    };
    int r = 0;
    explain->found = true;
    explain->best = *explanation;
    for (size_t i = 0; i < explain->loaded.outputs.count && r == 0; i++) {
        const struct np_output *output = &explain->loaded.outputs.items[i];
        uint32_t width = np_output_width(output->out);
        struct np_explain_look look = {
            .width = width > 0 ? width : NP_COLUMNS_UNLIMITED,
            .unicode = np_message_charset() == NP_CHARSET_UNICODE,
            .colour = np_output_wants_colour(output->out),
        };
        np_buf_reset(&explain->texts[i]);
        if (np_span_is(output->format, "ndjson"))
            np_explain_ndjson(&explain->texts[i], &subject);
        else
            np_explain_table(&explain->texts[i], &subject, &look);
        r = explain->texts[i].error;
    }
    return r;
}

/* Whether `one` is nearer to a match than what was found so far. */
static bool is_nearer(const struct explain *explain, const struct np_explanation *one)
{
    if (!explain->found || one->is_of_logsource != explain->best.is_of_logsource)
        return !explain->found || one->is_of_logsource;
    return one->matches || one->changes < explain->best.changes;
}

/* Takes one event: 1 where it is the answer. */
static int take_event(void *context, struct np_event *event)
{
    struct explain *explain = context;
    struct np_explanation explanation;
    char room[NEAR_MAX_BYTES];
    struct np_span id = np_event_id(event, room, sizeof(room));
    if (explain->wanted != NULL && !np_span_is(id, explain->wanted) &&
        !is_place(event, explain->wanted)) {
        note_near(explain, id);
        return 0;
    }
    np_arena_reset(&explain->arena);
    int r = np_explain(explain->explainer, explain->rule, event, &explain->arena, &explanation);
    if (r < 0)
        return r;
    if (is_nearer(explain, &explanation))
        r = show(explain, event, &explanation);
    return r < 0 ? r : explain->wanted != NULL || explanation.matches;
}

/* ---- the command */

static int prepare(struct explain *explain, struct np_err *err)
{
    struct np_loaded_params params = {
        .defaults = np_args_has(explain->args, NP_OPT_NO_DEFAULT_RULES) ? NP_DEFAULT_RULES_NEVER
                                                                        : NP_DEFAULT_RULES_ALWAYS,
        .formats = formats,
        .format_count = NP_ARRAY_LEN(formats),
    };
    explain->status = NP_EXIT_USAGE;
    explain->wanted = np_args_get(explain->args, NP_OPT_EVENT);
    int r = np_loaded_open(&explain->loaded, explain->args, &params, err);
    if (r == 0)
        r = find_rule(explain, err);
    if (r == 0)
        r = np_rule_set_compile(explain->loaded.set, err);
    if (r == 0)
        r = np_explainer_new(&explain->explainer, explain->loaded.set);
    return r < 0 ? r
                 : np_logs_open(&explain->logs, explain->args, &explain->loaded, &explain->status,
                                err);
}

/* What it means that there is nothing to show. */
static int fail_event(struct explain *explain, struct np_err *err)
{
    if (explain->logs.events == 0) {
        explain->status = NP_EXIT_FAILURE;
        return np_fail(err, -ENODATA, "no record was read");
    }
    explain->status = NP_EXIT_USAGE;
    bool has_near = explain->near.len > 0;
    return np_fail(err, -EINVAL, "no event has the id '%s'%s%s%s", explain->wanted,
                   has_near ? "; did you mean '" : "", np_buf_cstr(&explain->near),
                   has_near ? "'?" : "");
}

static int write_texts(struct explain *explain, struct np_err *err)
{
    struct np_outputs *outputs = &explain->loaded.outputs;
    for (size_t i = 0; i < outputs->count; i++) {
        (void) np_buf_add_span(np_out_buf(outputs->items[i].out), np_buf_span(&explain->texts[i]));
        int r = np_out_commit(outputs->items[i].out, err);
        if (r < 0)
            return r;
    }
    return np_outputs_flush(outputs, err);
}

static int run(struct explain *explain, struct np_err *err)
{
    int r = prepare(explain, err);
    if (r < 0)
        return r;
    explain->status = NP_EXIT_FAILURE;
    r = np_logs_each(&explain->logs, take_event, explain, err);
    if (r >= 0 && !explain->found)
        r = fail_event(explain, err);
    return r < 0 ? r : write_texts(explain, err);
}

int np_cli_rules_explain(const struct np_args *args)
{
    struct explain explain = {.args = args};
    struct np_err err = {};
    const char *name = np_args_get(args, NP_OPT_RULE);
    const struct np_behaviour *behaviour = name != NULL ? np_behaviour_named(name) : NULL;
    if (behaviour != NULL)
        return np_explain_behaviour(args, behaviour);
    if (args->operand_count == 0) {
        np_message("'rules explain' needs INPUT... for a rule; 'nepho rules explain --help' "
                   "explains it");
        return NP_EXIT_USAGE;
    }
    np_arena_init(&explain.arena, TREE_MAX_BYTES);
    np_buf_init(&explain.near, NEAR_MAX_BYTES);
    for (size_t i = 0; i < NP_OUTPUTS_MAX; i++)
        np_buf_init(&explain.texts[i], TREE_MAX_BYTES);
    int r = run(&explain, &err);
    int status = np_loaded_status(r, &err, r < 0 && r != -EPIPE ? explain.status : NP_EXIT_OK);
    explain_done(&explain);
    return status;
}
