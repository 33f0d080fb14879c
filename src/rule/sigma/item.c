/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of an item become literals of one predicate, which any of them satisfies. Where each
 * value needs a predicate of its own (under `all`, and for comparisons), the predicates are joined
 * instead.
 */
#include "rule/sigma/item.h"

#include <errno.h>

#include "rule/sigma/lint/lint.h"
#include "rule/sigma/value/expand.h"
#include "rule/sigma/value/literal.h"

static enum np_pattern_kind match_of_reference(const struct np_sigma_key *key)
{
    if (np_sigma_has(key, NP_SIGMA_STARTSWITH))
        return NP_PATTERN_PREFIX;
    if (np_sigma_has(key, NP_SIGMA_ENDSWITH))
        return NP_PATTERN_SUFFIX;
    return np_sigma_has(key, NP_SIGMA_CONTAINS) ? NP_PATTERN_CONTAINS : NP_PATTERN_EXACT;
}

/* How a part of a time compares with its numbers. */
static enum np_pred_op order_of_time(const struct np_sigma_key *key)
{
    if (np_sigma_has(key, NP_SIGMA_LT))
        return NP_PRED_LT;
    if (np_sigma_has(key, NP_SIGMA_LTE))
        return NP_PRED_LTE;
    if (np_sigma_has(key, NP_SIGMA_GT))
        return NP_PRED_GT;
    return np_sigma_has(key, NP_SIGMA_GTE) ? NP_PRED_GTE : NP_PRED_MATCH;
}

/* Sets up the predicate that the item's values are put into. */
static int begin(struct np_sigma_item *item, const struct np_sigma_kind *kind)
{
    const struct np_sigma_key *key = &item->key;
    item->pred.op = kind->op;
    if (kind->op == NP_PRED_SAME) {
        item->pred.other_match = match_of_reference(key);
        item->pred.other_cased = np_sigma_has(key, NP_SIGMA_CASED);
    } else if (kind->op == NP_PRED_TIME) {
        item->pred.part = (enum np_time_part)(kind->modifier - NP_SIGMA_MINUTE);
        item->pred.order = order_of_time(key);
    }
    if (key->field.len > 0)
        return np_sigma_item_note_field(item, key->node, key->field, &item->pred.field);
    if (!kind->keywords)
        return np_sigma_refuse(item->document,
                               (struct np_sigma_problem){.code = "bad-modifier",
                                                         .node = key->node,
                                                         .item = key->node->text,
                                                         .hint = "write a field in front of it"},
                               "modifier '%.*s' needs a field",
                               NP_SPAN_ARGS(np_span_from(key->node->text, 1)));
    item->pred.op = NP_PRED_KEYWORD;
    return 0;
}

/* Adds the values of a list for a placeholder; what they hold are no placeholders. */
static int add_list(struct np_sigma_item *item, const struct np_sigma_kind *kind,
                    const struct np_yaml_node *list)
{
    struct np_sigma_key key = item->key;
    int r = 0;
    item->key.set &= ~(1u << NP_SIGMA_EXPAND);
    for (size_t i = 0; i < list->count && r == 0; i++) {
        r = np_sigma_item_show(item, list->items[i]);
        if (r == 0)
            r = kind->add_value(item, list->items[i]);
    }
    item->key = key;
    return r;
}

/* Adds a value that has to be filled in. */
static int add_expanded(struct np_sigma_item *item, const struct np_sigma_kind *kind,
                        const struct np_yaml_node *node)
{
    const struct np_yaml_node *list = NULL;
    int r = np_sigma_expand_whole(item->document, node, &list);
    if (r < 0)
        return r;
    if (list != NULL)
        return add_list(item, kind, list);
    if (kind->modifier != NP_SIGMA_MODIFIER_MAX)
        return np_sigma_item_refuse(item, node, "write %name% and nothing else",
                                    "a placeholder must stand alone here");
    return np_sigma_item_add_text(item, node);
}

static int add_scalar(struct np_sigma_item *item, const struct np_sigma_kind *kind,
                      const struct np_yaml_node *node)
{
    if (np_sigma_has(&item->key, NP_SIGMA_EXPAND))
        return add_expanded(item, kind, node);
    int r = np_sigma_item_show(item, node);
    return r < 0 ? r : kind->add_value(item, node);
}

static int add_each(struct np_sigma_item *item, const struct np_sigma_kind *kind,
                    const struct np_yaml_node *const *nodes, size_t count)
{
    bool all = np_sigma_has(&item->key, NP_SIGMA_ALL);
    size_t errors = item->document->errors;
    for (size_t i = 0; i < count && !np_sigma_is_hopeless(item->document); i++) {
        int r = 0;
        if (nodes[i]->kind == NP_YAML_SCALAR)
            r = add_scalar(item, kind, nodes[i]);
        else
            r = np_sigma_item_refuse(item, nodes[i], "write the path as 'a.b'",
                                     "a value cannot be a list or a mapping itself");
        if (r == 0 && all && item->literals.len > 0)
            r = np_sigma_item_add_predicate(item);
        if (np_sigma_is_fatal(r))
            return r;
    }
    if (item->document->errors > errors)
        return -EINVAL;
    return item->literals.len > 0 ? np_sigma_item_add_predicate(item) : 0;
}

static int add_values(struct np_sigma_item *item, const struct np_sigma_kind *kind,
                      const struct np_yaml_node *values)
{
    bool list = values->kind == NP_YAML_SEQUENCE;
    size_t count = list ? values->count : 1;
    if (count == 0)
        return np_sigma_item_refuse(item, values, NULL, "an empty list of values matches nothing");
    if (list && !kind->list)
        return np_sigma_item_refuse(item, values, NULL, "one value is needed here, not a list");
    if (count == 1 && np_sigma_has(&item->key, NP_SIGMA_ALL))
        np_sigma_warn(item->document,
                      (struct np_sigma_problem){
                          .code = "single-all", .node = item->key.node, .item = item->key.field},
                      "'all' has no effect on one value");
    const struct np_yaml_node *const *nodes = list ? values->items : &values;
    int r = add_each(item, kind, nodes, count);
    return r < 0 ? r : np_sigma_lint_values(item->document, &item->key, nodes, count);
}

static int compile(struct np_sigma_item *item, const struct np_yaml_node *values,
                   np_expr_id *out_expr)
{
    const struct np_sigma_kind *kind = np_sigma_kind_of(&item->key);
    struct np_ir *ir = &item->document->set->ir;
    int r = begin(item, kind);
    if (r == 0)
        r = add_values(item, kind, values);
    if (r == 0)
        r = np_ir_join(ir, np_sigma_has(&item->key, NP_SIGMA_ALL) ? NP_EXPR_AND : NP_EXPR_OR,
                       item->exprs.items, item->exprs.len, out_expr);
    if (r == 0 && np_sigma_has(&item->key, NP_SIGMA_NEQ))
        r = np_ir_not(ir, *out_expr, out_expr);
    np_vec_done(&item->literals);
    np_vec_done(&item->exprs);
    np_vec_done(&item->shown);
    np_sigma_text_work_done(&item->texts);
    return r;
}

int np_sigma_item_compile(struct np_sigma_document *document, const struct np_yaml_node *key,
                          const struct np_yaml_node *value, struct np_sigma_fields *fields,
                          np_expr_id *out_expr)
{
    struct np_sigma_item item = {.document = document, .fields = fields};
    int r = np_sigma_key_parse(document, key, &item.key);
    return r < 0 ? r : compile(&item, value, out_expr);
}

int np_sigma_keywords_compile(struct np_sigma_document *document, const struct np_yaml_node *values,
                              np_expr_id *out_expr)
{
    struct np_sigma_item item = {.document = document, .key = {.node = values}};
    return compile(&item, values, out_expr);
}
