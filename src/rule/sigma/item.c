/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of an item become literals of one predicate, which any of them satisfies. Where each
 * value needs a predicate of its own (under `all`, and for comparisons), the predicates are joined
 * instead.
 */
#include "rule/sigma/item.h"

#include <errno.h>
#include <utf8proc.h>

#include "codec/cidr.h"
#include "codec/regex.h"
#include "rule/sigma/lint/lint.h"
#include "rule/sigma/value/expand.h"
#include "rule/sigma/words.h"

struct item {
    struct np_sigma_document *document;
    struct np_sigma_key key;
    struct np_sigma_fields *fields;
    struct np_pred pred; /* without its literals */
    NP_VEC(struct np_literal) literals;
    NP_VEC(np_expr_id) exprs;
    const struct np_yaml_node *const *values; /* that the next predicate is made of */
    size_t value_count;
    struct np_sigma_text_work texts;
};

typedef int add_value_fn(struct item *item, const struct np_yaml_node *node);

static int refuse_value(struct item *item, const struct np_yaml_node *node, const char *hint,
                        const char *message)
{
    struct np_span field = item->key.field;
    return np_sigma_refuse(
        item->document,
        (struct np_sigma_problem){.code = "bad-value", .node = node, .item = field, .hint = hint},
        "%s", message);
}

static int add_literal(struct item *item, struct np_literal literal)
{
    return np_vec_push(&item->literals, literal, NP_YAML_MAX_NODES + NP_SIGMA_MAX_EXPANDED);
}

/* Makes a predicate of the literals so far. */
static int add_predicate(struct item *item)
{
    struct np_pred pred = item->pred;
    pred.literals = item->literals.items;
    pred.literal_count = item->literals.len;
    np_expr_id expr = 0;
    int r = np_ir_leaf(&item->document->set->ir, &pred, &expr);
    item->literals.len = 0;
    if (r == 0)
        r = np_sigma_note_test(item->document, expr, &item->key, item->values, item->value_count);
    return r < 0 ? r : np_vec_push(&item->exprs, expr, NP_YAML_MAX_NODES);
}

/* ---- text, numbers, null */

static bool is_keyword(const struct item *item)
{
    return item->pred.op == NP_PRED_KEYWORD;
}

static bool is_utf8(struct np_span text)
{
    while (text.len > 0) {
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *) text.ptr, (utf8proc_ssize_t) text.len, &c);
        if (n <= 0)
            return false;
        text = np_span_from(text, (size_t) n);
    }
    return true;
}

/* Adds one text as a pattern. */
static int add_pattern(struct item *item, const struct np_yaml_node *node,
                       struct np_sigma_text text)
{
    struct np_arena *arena = &item->document->set->scratch;
    const struct np_sigma_key *key = &item->key;
    bool placed = np_sigma_has(key, NP_SIGMA_CONTAINS) || np_sigma_has(key, NP_SIGMA_STARTSWITH) ||
                  np_sigma_has(key, NP_SIGMA_ENDSWITH);
    if (is_keyword(item) && !placed) {
        int r = np_sigma_text_open(arena, &text, true, true);
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < text.count; i++)
        if (!is_utf8(text.parts[i].text))
            return refuse_value(item, node, "put 'base64' or 'base64offset' behind it",
                                "these bytes of UTF-16 never occur in a text");
    struct np_literal literal = {.kind = NP_LITERAL_PATTERN};
    bool fold = !np_sigma_has(key, NP_SIGMA_CASED);
    int r = np_pattern_make(&literal.pattern, arena, text.parts, text.count, fold);
    return r < 0 ? r : add_literal(item, literal);
}

static int add_text(struct item *item, const struct np_yaml_node *node)
{
    int r = np_sigma_text_modify(item->document, &item->key, node, &item->texts);
    for (size_t i = 0; r == 0 && i < item->texts.now.len; i++)
        r = add_pattern(item, node, item->texts.now.items[i]);
    return r;
}

/*
 * A number that is not written as JSON writes numbers (an account id with a leading zero, 0x10) also stands for its own text: the
 * field may hold just that.
 */
static int add_number(struct item *item, const struct np_yaml_node *node, struct np_literal literal)
{
    struct np_number same;
    int r = add_literal(item, literal);
    return r < 0 || np_number_parse(node->text, &same) ? r : add_text(item, node);
}

static int add_value(struct item *item, const struct np_yaml_node *node)
{
    struct np_literal literal = {.kind = NP_LITERAL_NUMBER};
    enum np_yaml_type type = np_yaml_type(node);
    if (is_keyword(item) && (type == NP_YAML_NULL || node->text.len == 0))
        return refuse_value(item, node, NULL, "an empty keyword would match every event");
    if (type == NP_YAML_NULL && np_sigma_wants_text(&item->key))
        return refuse_value(item, node, "leave the modifier out, or write '' for the empty text",
                            "null is no text");
    if (type == NP_YAML_NULL)
        return add_literal(item, (struct np_literal){.kind = NP_LITERAL_NULL});
    if (!is_keyword(item) && !np_sigma_wants_text(&item->key) &&
        np_yaml_number(node, &literal.number))
        return add_number(item, node, literal);
    return add_text(item, node);
}

/* ---- values of other kinds */

static int add_regex(struct item *item, const struct np_yaml_node *node)
{
    const struct np_sigma_key *key = &item->key;
    if (np_yaml_type(node) == NP_YAML_NULL || node->text.len == 0)
        return refuse_value(item, node, NULL, "an empty regular expression matches everything");
    struct np_literal literal = {
        .kind = NP_LITERAL_REGEX,
        .regex = {.pattern = node->text,
                  .ignore_case = np_sigma_has(key, NP_SIGMA_RE_IGNORE_CASE),
                  .multi_line = np_sigma_has(key, NP_SIGMA_RE_MULTI_LINE),
                  .dot_all = np_sigma_has(key, NP_SIGMA_RE_DOT_ALL)},
    };
    struct np_err err = {};
    size_t offset = 0;
    bool wildcard = np_span_starts(node->text, NP_SPAN("*"));
    int r = np_regex_check(&literal.regex, &offset, &err);
    if (r == -EINVAL)
        return np_sigma_refuse(
            item->document,
            (struct np_sigma_problem){.code = "bad-regex",
                                      .node = node,
                                      .offset = offset,
                                      .item = item->key.field,
                                      .hint = wildcard ? "write '.*' for any text" : NULL},
            "not a regular expression: %s%s", wildcard ? "'*' is no wildcard in one: " : "",
            err.msg);
    return r < 0 ? r : add_literal(item, literal);
}

static int add_cidr(struct item *item, const struct np_yaml_node *node)
{
    struct np_literal literal = {.kind = NP_LITERAL_CIDR};
    if (np_yaml_type(node) != NP_YAML_TEXT || !np_cidr_parse(node->text, &literal.cidr))
        return np_sigma_refuse(
            item->document,
            (struct np_sigma_problem){.code = "bad-cidr",
                                      .node = node,
                                      .item = item->key.field,
                                      .hint = "write it as 10.0.0.0/8 or 2001:db8::/32"},
            "'%.*s' is not an IP network", NP_SPAN_ARGS(node->text));
    return add_literal(item, literal);
}

static int add_comparison(struct item *item, const struct np_yaml_node *node)
{
    struct np_literal literal = {.kind = NP_LITERAL_NUMBER};
    if (!np_yaml_number(node, &literal.number))
        return refuse_value(item, node, "write a number, without quotes",
                            "a comparison needs a number");
    int r = add_literal(item, literal);
    return r < 0 ? r : add_predicate(item);
}

static int add_existence(struct item *item, const struct np_yaml_node *node)
{
    if (np_yaml_type(node) != NP_YAML_BOOL)
        return refuse_value(item, node, "write true or false, without quotes",
                            "'exists' needs a boolean");
    int r = add_predicate(item);
    if (r < 0 || np_yaml_bool(node))
        return r;
    np_expr_id *expr = &item->exprs.items[item->exprs.len - 1];
    return np_ir_not(&item->document->set->ir, *expr, expr);
}

/* The id of a field, noted as one that the rule looks at. */
static int note_field(struct item *item, const struct np_yaml_node *node, struct np_span name,
                      np_field_id *out_field)
{
    int r = np_field_intern(item->document->set->field_names, name, out_field);
    if (r == -EINVAL)
        return refuse_value(item, node, NULL, "this is no field name");
    return r < 0 ? r : np_vec_push(item->fields, *out_field, 2 * NP_YAML_MAX_NODES);
}

static int add_reference(struct item *item, const struct np_yaml_node *node)
{
    struct np_span name = node->text;
    if (np_yaml_type(node) == NP_YAML_NULL || name.len == 0 || memchr(name.ptr, '*', name.len) ||
        memchr(name.ptr, '?', name.len))
        return refuse_value(item, node, NULL,
                            "'fieldref' needs the name of a field, without wildcards");
    int r = note_field(item, node, name, &item->pred.other);
    return r < 0 ? r : add_predicate(item);
}

/* ---- the item */

/* What values mean under a modifier that gives them another kind. */
static const struct kind {
    enum np_sigma_modifier modifier;
    enum np_pred_op op;
    add_value_fn *add_value;
    bool keywords; /* can be looked for without a field */
    bool list;
} kinds[] = {
    {NP_SIGMA_RE, NP_PRED_MATCH, add_regex, true, true},
    {NP_SIGMA_CIDR, NP_PRED_MATCH, add_cidr, false, true},
    {NP_SIGMA_EXISTS, NP_PRED_EXISTS, add_existence, false, false},
    {NP_SIGMA_LT, NP_PRED_LT, add_comparison, false, true},
    {NP_SIGMA_LTE, NP_PRED_LTE, add_comparison, false, true},
    {NP_SIGMA_GT, NP_PRED_GT, add_comparison, false, true},
    {NP_SIGMA_GTE, NP_PRED_GTE, add_comparison, false, true},
    {NP_SIGMA_FIELDREF, NP_PRED_SAME, add_reference, false, true},
};
static const struct kind text_kind = {NP_SIGMA_MODIFIER_MAX, NP_PRED_MATCH, add_value, true, true};

static const struct kind *kind_of(const struct np_sigma_key *key)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(kinds); i++)
        if (np_sigma_has(key, kinds[i].modifier))
            return &kinds[i];
    return &text_kind;
}

static enum np_pattern_kind match_of_reference(const struct np_sigma_key *key)
{
    if (np_sigma_has(key, NP_SIGMA_STARTSWITH))
        return NP_PATTERN_PREFIX;
    if (np_sigma_has(key, NP_SIGMA_ENDSWITH))
        return NP_PATTERN_SUFFIX;
    return np_sigma_has(key, NP_SIGMA_CONTAINS) ? NP_PATTERN_CONTAINS : NP_PATTERN_EXACT;
}

/* Sets up the predicate that the item's values are put into. */
static int begin(struct item *item, const struct kind *kind)
{
    const struct np_sigma_key *key = &item->key;
    item->pred.op = kind->op;
    item->pred.other_match = match_of_reference(key);
    if (key->field.len > 0)
        return note_field(item, key->node, key->field, &item->pred.field);
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
static int add_list(struct item *item, const struct kind *kind, const struct np_yaml_node *list)
{
    struct np_sigma_key key = item->key;
    int r = 0;
    item->key.set &= ~(1u << NP_SIGMA_EXPAND);
    for (size_t i = 0; i < list->count && r == 0; i++)
        r = kind->add_value(item, list->items[i]);
    item->key = key;
    return r;
}

/* Adds a value that has to be filled in. */
static int add_expanded(struct item *item, const struct kind *kind, const struct np_yaml_node *node)
{
    const struct np_yaml_node *list = NULL;
    int r = np_sigma_expand_whole(item->document, node, &list);
    if (r < 0)
        return r;
    if (list != NULL)
        return add_list(item, kind, list);
    if (kind != &text_kind)
        return refuse_value(item, node, "write %name% and nothing else",
                            "a placeholder must stand alone here");
    return add_text(item, node);
}

static int add_scalar(struct item *item, const struct kind *kind, const struct np_yaml_node *node)
{
    return np_sigma_has(&item->key, NP_SIGMA_EXPAND) ? add_expanded(item, kind, node)
                                                     : kind->add_value(item, node);
}

static int add_each(struct item *item, const struct kind *kind,
                    const struct np_yaml_node *const *nodes, size_t count)
{
    bool all = np_sigma_has(&item->key, NP_SIGMA_ALL);
    size_t errors = item->document->errors;
    for (size_t i = 0; i < count && !np_sigma_is_hopeless(item->document); i++) {
        int r = 0;
        bool adds = item->literals.len > 0; /* to those of a predicate that is begun */
        item->values = adds ? item->values : &nodes[i];
        item->value_count = adds ? item->value_count + 1 : 1;
        if (nodes[i]->kind == NP_YAML_SCALAR)
            r = add_scalar(item, kind, nodes[i]);
        else
            r = refuse_value(item, nodes[i], "write the path as 'a.b'",
                             "a value cannot be a list or a mapping itself");
        if (r == 0 && all && item->literals.len > 0)
            r = add_predicate(item);
        if (np_sigma_is_fatal(r))
            return r;
    }
    if (item->document->errors > errors)
        return -EINVAL;
    return item->literals.len > 0 ? add_predicate(item) : 0;
}

static int add_values(struct item *item, const struct kind *kind, const struct np_yaml_node *values)
{
    bool list = values->kind == NP_YAML_SEQUENCE;
    size_t count = list ? values->count : 1;
    if (count == 0)
        return refuse_value(item, values, NULL, "an empty list of values matches nothing");
    if (list && !kind->list)
        return refuse_value(item, values, NULL, "one value is needed here, not a list");
    if (count == 1 && np_sigma_has(&item->key, NP_SIGMA_ALL))
        np_sigma_warn(item->document,
                      (struct np_sigma_problem){
                          .code = "single-all", .node = item->key.node, .item = item->key.field},
                      "'all' has no effect on one value");
    const struct np_yaml_node *const *nodes = list ? values->items : &values;
    int r = add_each(item, kind, nodes, count);
    return r < 0 ? r : np_sigma_lint_values(item->document, &item->key, nodes, count);
}

static int compile(struct item *item, const struct np_yaml_node *values, np_expr_id *out_expr)
{
    const struct kind *kind = kind_of(&item->key);
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
    np_sigma_text_work_done(&item->texts);
    return r;
}

int np_sigma_item_compile(struct np_sigma_document *document, const struct np_yaml_node *key,
                          const struct np_yaml_node *value, struct np_sigma_fields *fields,
                          np_expr_id *out_expr)
{
    struct item item = {.document = document, .fields = fields};
    int r = np_sigma_key_parse(document, key, &item.key);
    return r < 0 ? r : compile(&item, value, out_expr);
}

int np_sigma_keywords_compile(struct np_sigma_document *document, const struct np_yaml_node *values,
                              np_expr_id *out_expr)
{
    struct item item = {.document = document, .key = {.node = values}};
    return compile(&item, values, out_expr);
}
