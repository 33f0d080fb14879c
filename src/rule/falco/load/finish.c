/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is in the book, compiled: lists into texts, texts into trees, trees of macros bound to each other, rules into the set.
 * A rule sees all macros, a macro those that were there when it was defined or changed last. What is refused takes only what needs
 * it with it.
 */
#include <errno.h>

#include "rule/falco/compile.h"
#include "rule/falco/load/exception.h"
#include "rule/falco/load/load.h"
#include "rule/falco/load/tree.h"
#include "rule/falco/load/warn.h"
#include "rule/falco/output.h"

/* A rule that is compiled. */
struct work {
    const struct np_falco_finish *finish;
    struct np_falco_teller teller;
    const struct np_falco_rule *rule;
    struct np_falco_written condition;
    struct np_falco_target target;
    struct np_falco_compiled compiled;
    struct np_rule made;
};

/* Tells what is wrong with a rule. A field that is not known may be no error: then the rule is left out. Returns -EINVAL. */
static int refuse_part(const struct work *work, struct np_falco_problem problem,
                       const struct np_falco_fault *fault)
{
    bool skip = fault->kind == NP_FALCO_FAULT_FIELD && work->rule->skip_unknown_fields;
    if (!skip && fault->macro.len > 0)
        return np_falco_refuse(&work->teller, problem, "in macro '%.*s': %s",
                               NP_SPAN_ARGS(fault->macro), fault->err.msg);
    if (!skip)
        return np_falco_refuse(&work->teller, problem, "%s", fault->err.msg);
    problem.code = "LOAD_UNKNOWN_FILTER";
    np_falco_warn(&work->teller, problem, "%s; the rule is left out", fault->err.msg);
    return -EINVAL;
}

/* Tells what is wrong with its condition, or with a macro in it. */
static int refuse_condition(const struct work *work, const struct np_falco_fault *fault)
{
    const struct np_falco_book *book = work->finish->book;
    uint32_t index =
        fault->macro.len > 0 ? np_map_get(&book->macro_names, fault->macro) : NP_MAP_NONE;
    const struct np_falco_written *written =
        index != NP_MAP_NONE ? &book->macros.items[index].written : &work->condition;
    return refuse_part(
        work,
        np_falco_problem_at(&work->teller, "LOAD_ERR_COMPILE_CONDITION", written, fault->offset),
        fault);
}

static int make_condition(struct work *work)
{
    const struct np_falco_finish *finish = work->finish;
    struct np_falco_node *tree = NULL;
    struct np_falco_fault fault = {};
    int r = np_falco_exceptions_write(&work->teller, work->rule, &work->condition);
    if (r == -E2BIG)
        r = np_falco_refuse_large(&work->teller);
    if (r == 0)
        r = np_falco_tree_parse(finish, &work->teller, &work->condition, &tree);
    if (r == 0)
        r = np_falco_tree_resolve(finish, &work->teller, &work->condition, tree);
    if (r < 0)
        return r;
    np_falco_warn_of_condition(&work->teller, finish->book, work->rule, tree);
    r = np_falco_compile(&work->target, tree, &work->compiled, &fault);
    return r == 0 || r == -ENOMEM ? r : refuse_condition(work, &fault);
}

/* Compiles the output whose text is `written`. */
static int compile_output(struct work *work, const struct np_falco_written *written)
{
    struct np_rule_set *set = work->finish->set;
    struct np_rule_output *output = np_arena_zalloc(&set->arena, sizeof(*output));
    struct np_falco_fault fault = {};
    struct np_falco_output_params params = {
        .arena = &set->arena,
        .text = np_span_trim(np_buf_span(&written->text)),
        .appended = set->appended.items,
        .appended_count = set->appended.len,
    };
    if (output == NULL)
        return -ENOMEM;
    work->made.output = output;
    int r = np_falco_output_compile(&work->target, &params, output, &fault);
    if (r == -ENOMEM)
        return r;
    if (r == 0) {
        np_falco_warn_of_output(&work->teller, work->rule, params.text);
        return 0;
    }
    size_t offset = fault.offset + (size_t) (params.text.ptr - written->text.data);
    return refuse_part(
        work, np_falco_problem_at(&work->teller, "LOAD_ERR_COMPILE_OUTPUT", written, offset),
        &fault);
}

static int make_output(struct work *work)
{
    struct np_falco_written written;
    np_falco_written_init(&written);
    int r = np_falco_write_pieces(&written, &work->rule->output);
    if (r == -E2BIG)
        r = np_falco_refuse(&work->teller,
                            (struct np_falco_problem){.code = "LOAD_ERR_COMPILE_OUTPUT"},
                            "the output is too long");
    if (r == 0)
        r = compile_output(work, &written);
    np_falco_written_done(&written);
    return r;
}

/* The tags as the set keeps them, each once. */
static int make_tags(struct work *work)
{
    struct np_arena *arena = &work->finish->set->arena;
    const struct np_falco_piece *first = work->rule->tags.first;
    size_t max = 0;
    for (const struct np_falco_piece *piece = first; piece != NULL; piece = piece->next)
        max += piece->node->count;
    const char **tags = np_arena_alloc(arena, max * sizeof(*tags) + 1);
    size_t count = 0;
    if (tags == NULL)
        return -ENOMEM;
    for (const struct np_falco_piece *piece = first; piece != NULL; piece = piece->next)
        for (size_t i = 0; i < piece->node->count; i++) {
            size_t k = 0;
            while (k < count && !np_span_is(piece->node->items[i]->text, tags[k]))
                k++;
            if (k < count)
                continue;
            tags[count] = np_arena_strdup(arena, piece->node->items[i]->text);
            if (tags[count++] == NULL)
                return -ENOMEM;
        }
    work->made.info.tags = tags;
    work->made.info.tag_count = count;
    return 0;
}

static int make_fields(struct work *work)
{
    size_t count = work->compiled.fields.len;
    np_field_id *fields = np_arena_alloc(&work->finish->set->arena, count * sizeof(*fields) + 1);
    if (fields == NULL)
        return -ENOMEM;
    if (count > 0)
        memcpy(fields, work->compiled.fields.items, count * sizeof(*fields));
    work->made.fields = fields;
    work->made.field_count = count;
    return 0;
}

/* What the rule says of itself, in its record, too. */
static int describe(struct work *work)
{
    static const char *const sources[NP_FALCO_SOURCE_MAX][3] = {
        [NP_FALCO_SYSCALL] = {"syscall", "linux", ""},
        [NP_FALCO_CLOUDTRAIL] = {"aws_cloudtrail", "aws", "cloudtrail"},
        [NP_FALCO_K8S] = {"k8s_audit", "kubernetes", "audit"},
    };
    struct np_rule_doc *doc = &work->finish->set->docs.items[work->rule->doc];
    const struct np_falco_rule *rule = work->rule;
    struct np_rule *made = &work->made;
    int r = make_tags(work);
    made->info.id = doc->id;
    made->info.title = doc->title;
    made->info.priority = rule->priority;
    made->info.source = sources[rule->source][0];
    made->info.file = doc->file;
    made->info.line = doc->line;
    made->info.level = rule->level;
    made->info.language = NP_LANGUAGE_FALCO;
    made->product = doc->product = sources[rule->source][1];
    made->category = "";
    made->service = doc->service = sources[rule->source][2];
    made->doc = rule->doc;
    doc->level = np_level_name(rule->level);
    doc->tags = made->info.tags;
    doc->tag_count = made->info.tag_count;
    return r;
}

static int make_rule(struct work *work)
{
    int r = describe(work);
    if (r == 0)
        r = make_output(work);
    if (r == 0)
        r = make_condition(work);
    if (r < 0)
        return r;
    if (work->rule->source == NP_FALCO_SYSCALL && work->rule->warn_event_types &&
        !work->compiled.pins_event_type)
        np_falco_warn(&work->teller,
                      (struct np_falco_problem){.code = "LOAD_NO_EVTTYPE",
                                                .item = NP_SPAN("evt.type"),
                                                .hint = "add 'evt.type in (...)'"},
                      "the condition names no event types, so that every event is looked at");
    work->made.condition = work->compiled.expr;
    r = make_fields(work);
    if (r < 0 || !work->rule->enabled)
        return r;
    return np_vec_push(&work->finish->set->rules, work->made, NP_RULES_MAX);
}

static int finish_rule(const struct np_falco_finish *finish, const struct np_falco_rule *rule)
{
    struct work work = {
        .finish = finish,
        .teller = {finish->set, finish->diags, rule->doc},
        .rule = rule,
        .target = {.ir = &finish->set->ir,
                   .fields = finish->set->field_names,
                   .source = rule->source,
                   .notes = finish->set->notes.wanted ? &finish->set->notes : NULL,
                   .texts = &finish->set->arena},
    };
    if (!rule->source_known) /* refused when it was read */
        return 0;
    np_falco_written_init(&work.condition);
    int r = make_rule(&work);
    np_falco_written_done(&work.condition);
    np_falco_compiled_done(&work.compiled);
    return np_falco_is_fatal(r) ? r : 0;
}

/* ---- all of it */

static void tell_of_unused(const struct np_falco_finish *finish)
{
    const struct np_falco_book *book = finish->book;
    for (size_t i = 0; i < book->macros.len; i++) {
        const struct np_falco_macro *macro = &book->macros.items[i];
        struct np_falco_teller teller = {finish->set, finish->diags, macro->doc};
        if (!macro->used && macro->state == NP_FALCO_MACRO_READY)
            np_falco_warn(
                &teller,
                (struct np_falco_problem){.code = "LOAD_UNUSED_MACRO", .item = macro->name},
                "macro '%.*s' is not used", NP_SPAN_ARGS(macro->name));
    }
    for (size_t i = 0; i < book->lists.len; i++) {
        const struct np_falco_list *list = &book->lists.items[i];
        struct np_falco_teller teller = {finish->set, finish->diags, list->doc};
        if (list->too_large)
            (void) np_falco_refuse(
                &teller, (struct np_falco_problem){.code = "LOAD_ERR_VALIDATE", .item = list->name},
                "the lists of all files grow too large with this one");
        else if (!list->used)
            np_falco_warn(&teller,
                          (struct np_falco_problem){.code = "LOAD_UNUSED_LIST", .item = list->name},
                          "list '%.*s' is not used", NP_SPAN_ARGS(list->name));
    }
}

int np_falco_finish(struct np_rule_set *set, struct np_diag_list *diags)
{
    struct np_falco_finish finish = {set, diags, set->falco};
    if (finish.book == NULL)
        return 0;
    int r = np_falco_lists_make(finish.book);
    if (r == 0)
        r = np_falco_macros_make(&finish);
    for (size_t i = 0; i < finish.book->rules.len && r == 0; i++)
        r = finish_rule(&finish, &finish.book->rules.items[i]);
    if (r < 0)
        return r;
    tell_of_unused(&finish);
    np_falco_book_free(&set->falco);
    return 0;
}
