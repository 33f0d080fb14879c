/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mapping is all of its items, a list of mappings any of them, a list of values keywords. All
 * selections are compiled, those that the condition leaves out too, so that a mistake in any of
 * them is told.
 */
#include "rule/sigma/detection.h"

#include <errno.h>

#include "base/suggest.h"
#include "rule/sigma/condition.h"
#include "rule/sigma/lint/lint.h"
#include "rule/sigma/words.h"

static int refuse(struct np_sigma_section *section, const char *code,
                  const struct np_yaml_node *node, struct np_span item, const char *message)
{
    return np_sigma_refuse(section->document,
                           (struct np_sigma_problem){.code = code, .node = node, .item = item},
                           "%s", message);
}

/* ---- what a selection says */

static int compile_search(struct np_sigma_section *section, const struct np_yaml_node *node,
                          np_expr_id *out_expr);

/* Compiles the n-th part of a mapping or list. */
static int compile_part(struct np_sigma_section *section, const struct np_yaml_node *node, size_t n,
                        np_expr_id *out_expr)
{
    if (node->kind == NP_YAML_MAPPING)
        return np_sigma_item_compile(section->document, np_yaml_key(node, n),
                                     np_yaml_value(node, n), &section->fields, out_expr);
    return compile_search(section, node->items[n], out_expr);
}

static int compile_parts(struct np_sigma_section *section, const struct np_yaml_node *node,
                         np_expr_id *out_expr)
{
    struct np_sigma_document *document = section->document;
    size_t errors = document->errors;
    np_expr_id *exprs = np_arena_alloc(&document->set->scratch, node->count * sizeof(*exprs));
    if (exprs == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count && !np_sigma_is_hopeless(document); i++) {
        int r = compile_part(section, node, i, &exprs[i]);
        if (np_sigma_is_fatal(r))
            return r;
    }
    if (document->errors > errors || np_sigma_is_hopeless(document))
        return -EINVAL;
    return np_ir_join(&document->set->ir, node->kind == NP_YAML_MAPPING ? NP_EXPR_AND : NP_EXPR_OR,
                      exprs, node->count, out_expr);
}

static bool is_list_of_values(const struct np_yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != NP_YAML_SCALAR)
            return false;
    return true;
}

/* Recursion ends at the depth of YAML documents. */
static int compile_search(struct np_sigma_section *section, const struct np_yaml_node *node,
                          np_expr_id *out_expr)
{
    bool scalar = node->kind == NP_YAML_SCALAR;
    if (scalar ? np_yaml_type(node) == NP_YAML_NULL : node->count == 0)
        return refuse(section, "empty-selection", node, (struct np_span){},
                      "there is nothing in this selection to search for");
    if (scalar || (node->kind == NP_YAML_SEQUENCE && is_list_of_values(node)))
        return np_sigma_keywords_compile(section->document, node, out_expr);
    return compile_parts(section, node, out_expr);
}

/* ---- the selections */

static bool is_filter(const struct np_sigma_section *section)
{
    return strcmp(section->name, "filter") == 0;
}

static bool is_selection(const struct np_sigma_section *section, size_t pair)
{
    struct np_span name = np_yaml_key(section->node, pair)->text;
    const char *other = is_filter(section) ? "rules" : "timeframe";
    return !np_span_is(name, "condition") && !np_span_is(name, other);
}

static int add_selection(struct np_sigma_section *section, size_t pair)
{
    struct np_sigma_selection *selection = &section->selections[section->count];
    *selection = (struct np_sigma_selection){
        .key = np_yaml_key(section->node, pair),
        .first_field = section->fields.len,
    };
    struct np_span name = selection->key->text;
    if (name.len > NP_SIGMA_MAX_NAME_BYTES)
        return refuse(section, "bad-selection", selection->key, name,
                      "the name of this selection is too long");
    if (section->count == NP_SIGMA_MAX_SELECTIONS)
        return refuse(section, "bad-selection", selection->key, name, "too many selections");
    section->count++;
    int r = np_ir_constant(&section->document->set->ir, false, &selection->expr); /* if refused */
    if (r == 0)
        r = compile_search(section, np_yaml_value(section->node, pair), &selection->expr);
    selection->field_count = section->fields.len - selection->first_field;
    return r < 0 ? r : np_sigma_note_selection(section->document, selection->expr, name);
}

static int add_selections(struct np_sigma_section *section)
{
    struct np_sigma_document *document = section->document;
    section->selections = np_arena_zalloc(
        &document->set->scratch, (NP_SIGMA_MAX_SELECTIONS + 1) * sizeof(*section->selections));
    if (section->selections == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < section->node->count && !np_sigma_is_hopeless(document); i++) {
        if (!is_selection(section, i))
            continue;
        int r = add_selection(section, i);
        if (np_sigma_is_fatal(r))
            return r;
    }
    return 0;
}

/* ---- the condition */

static int refuse_condition(struct np_sigma_section *section, const struct np_yaml_node *node,
                            const char *message)
{
    const struct np_yaml_node *near = np_sigma_near_key(section->node, "condition");
    return np_sigma_refuse(section->document,
                           (struct np_sigma_problem){
                               .code = "missing-condition",
                               .node = node != NULL   ? node
                                       : near != NULL ? near
                                                      : section->node,
                               .item = NP_SPAN("condition"),
                               .hint = node == NULL && near != NULL ? "condition" : NULL,
                           },
                           "%s", message);
}

/* Compiles a list of conditions: any of them. */
static int compile_conditions(struct np_sigma_section *section, const struct np_yaml_node *list,
                              np_expr_id *out_expr)
{
    struct np_rule_set *set = section->document->set;
    np_expr_id *exprs = np_arena_alloc(&set->scratch, list->count * sizeof(*exprs));
    if (exprs == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < list->count; i++) {
        if (!np_sigma_is_text(list->items[i]))
            return refuse_condition(section, list->items[i], "a condition must be a text");
        int r = np_sigma_condition_compile(section, list->items[i], &exprs[i]);
        if (r < 0)
            return r;
    }
    return np_ir_join(&set->ir, NP_EXPR_OR, exprs, list->count, out_expr);
}

static int compile_condition(struct np_sigma_section *section, np_expr_id *out_expr)
{
    const struct np_yaml_node *node = np_yaml_get(section->node, "condition");
    if (node == NULL)
        return refuse_condition(section, NULL, "no 'condition'");
    if (node->kind == NP_YAML_SEQUENCE && node->count > 0)
        return compile_conditions(section, node, out_expr);
    if (!np_sigma_is_text(node) || np_span_trim(node->text).len == 0)
        return refuse_condition(section, node, "'condition' is empty or no text");
    return np_sigma_condition_compile(section, node, out_expr);
}

static void warn_of_unused(struct np_sigma_section *section)
{
    for (size_t i = 0; i < section->count; i++) {
        const struct np_yaml_node *key = section->selections[i].key;
        if (!section->selections[i].used)
            np_sigma_warn(section->document,
                          (struct np_sigma_problem){
                              .code = "unused-selection", .node = key, .item = key->text},
                          "selection '%.*s' is not used by the condition", NP_SPAN_ARGS(key->text));
    }
}

/* Warns of a selection, or else of the condition, that can never be true. */
static void warn_of_contradiction(struct np_sigma_section *section, np_expr_id condition)
{
    const struct np_ir *ir = &section->document->set->ir;
    struct np_sigma_problem problem = {.code = "contradiction"};
    const char *why = NULL;
    for (size_t i = 0; i < section->count && why == NULL; i++) {
        why = np_sigma_lint_contradiction(ir, section->selections[i].expr);
        problem.node = section->selections[i].key;
        problem.item = problem.node->text;
    }
    if (why == NULL) {
        why = np_sigma_lint_contradiction(ir, condition);
        problem.node = np_yaml_get(section->node, "condition");
        problem.item = NP_SPAN("condition");
    }
    if (why != NULL)
        np_sigma_warn(section->document, problem, "a part of this can never be true: %s", why);
}

static void warn_of_timeframe(struct np_sigma_section *section)
{
    const struct np_yaml_node *node = np_yaml_get(section->node, "timeframe");
    if (node != NULL && !is_filter(section))
        np_sigma_warn(section->document,
                      (struct np_sigma_problem){.code = "unused-timeframe",
                                                .node = node,
                                                .item = NP_SPAN("timeframe"),
                                                .hint = "write a correlation document"},
                      "'timeframe' has no effect without an aggregation");
}

/* ---- the section */

/*
 * The fields of the selections that are used, each once, in a list that lives as long as the set.
 */
static int take_fields(struct np_sigma_section *section, struct np_sigma_detection *detection)
{
    struct np_rule_set *set = section->document->set;
    size_t ids = np_field_count(set->field_names);
    uint8_t *seen = np_arena_zalloc(&set->scratch, ids);
    np_field_id *fields =
        np_arena_alloc(&set->arena, NP_MIN(section->fields.len, ids) * sizeof(*fields));
    if (seen == NULL || fields == NULL)
        return -ENOMEM;
    for (size_t s = 0; s < section->count; s++) {
        const struct np_sigma_selection *selection = &section->selections[s];
        for (size_t i = 0; selection->used && i < selection->field_count; i++) {
            np_field_id field = section->fields.items[selection->first_field + i];
            if (!seen[field])
                fields[detection->field_count++] = field;
            seen[field] = 1;
        }
    }
    detection->fields = fields;
    return 0;
}

static int compile_section(struct np_sigma_section *section, struct np_sigma_detection *detection)
{
    struct np_sigma_document *document = section->document;
    int r = add_selections(section);
    if (r < 0)
        return r;
    if (section->count == 0)
        return refuse(section, "missing-selection", section->node, np_span_of(section->name),
                      "there is no selection in it");
    r = compile_condition(section, &detection->condition);
    if (r < 0)
        return r;
    warn_of_unused(section);
    if (document->errors == 0)
        warn_of_contradiction(section, detection->condition);
    warn_of_timeframe(section);
    if (document->errors > 0)
        return -EINVAL;
    return take_fields(section, detection);
}

int np_sigma_detection_compile(struct np_sigma_document *document, const char *name,
                               struct np_sigma_detection *out_detection)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, name);
    const struct np_yaml_node *near = node != NULL ? node : np_sigma_near_key(document->root, name);
    if (node == NULL || node->kind != NP_YAML_MAPPING || node->count == 0)
        return np_sigma_refuse(document,
                               (struct np_sigma_problem){
                                   .code = "missing-detection",
                                   .node = near != NULL ? near : document->root,
                                   .item = np_span_of(name),
                                   .hint = node == NULL && near != NULL ? name : NULL,
                               },
                               node == NULL ? "no '%s'" : "'%s' is empty or no mapping", name);
    struct np_sigma_section section = {.document = document, .node = node, .name = name};
    struct np_sigma_detection detection = {};
    int r = compile_section(&section, &detection);
    np_vec_done(&section.fields);
    if (r == 0)
        *out_detection = detection;
    return r;
}
