/* SPDX-License-Identifier: Apache-2.0 */
/* See literal.h. */
#include "rule/sigma/value/literal.h"

#include <errno.h>
#include <utf8proc.h>

#include "base/suggest.h"
#include "codec/cidr.h"
#include "codec/regex.h"
#include "rule/sigma/value/modify.h"
#include "rule/sigma/words.h"

int np_sigma_item_refuse(struct np_sigma_item *item, const struct np_yaml_node *node,
                         const char *hint, const char *message)
{
    struct np_span field = item->key.field;
    return np_sigma_refuse(
        item->document,
        (struct np_sigma_problem){.code = "bad-value", .node = node, .item = field, .hint = hint},
        "%s", message);
}

static int add_literal(struct np_sigma_item *item, struct np_literal literal)
{
    return np_vec_push(&item->literals, literal, NP_YAML_MAX_NODES + NP_SIGMA_MAX_EXPANDED);
}

int np_sigma_item_show(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    if (!item->document->set->notes.wanted)
        return 0;
    return np_vec_push(&item->shown, node, NP_YAML_MAX_NODES + NP_SIGMA_MAX_EXPANDED);
}

int np_sigma_item_add_predicate(struct np_sigma_item *item)
{
    struct np_pred pred = item->pred;
    pred.literals = item->literals.items;
    pred.literal_count = item->literals.len;
    np_expr_id expr = 0;
    int r = np_ir_leaf(&item->document->set->ir, &pred, &expr);
    item->literals.len = 0;
    if (r == 0)
        r = np_sigma_note_test(item->document, expr, &item->key, item->shown.items,
                               item->shown.len);
    item->shown.len = 0;
    return r < 0 ? r : np_vec_push(&item->exprs, expr, NP_YAML_MAX_NODES);
}

/* ---- text, numbers, null */

static bool is_keyword(const struct np_sigma_item *item)
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

/* Whether a pattern is the text of a number, as which numbers are compared. */
static bool spells_number(const struct np_sigma_item *item, const struct np_pattern *pattern,
                          struct np_number *out_number)
{
    return !is_keyword(item) && !np_sigma_wants_text(&item->key) &&
           pattern->kind == NP_PATTERN_EXACT && np_number_parse(pattern->text, out_number);
}

/* Adds one text as a pattern. */
static int add_pattern(struct np_sigma_item *item, const struct np_yaml_node *node,
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
            return np_sigma_item_refuse(item, node, "put 'base64' or 'base64offset' behind it",
                                        "these bytes of UTF-16 never occur in a text");
    struct np_literal literal = {.kind = NP_LITERAL_PATTERN};
    bool fold = !np_sigma_has(key, NP_SIGMA_CASED);
    int r = np_pattern_make(&literal.pattern, arena, text.parts, text.count, fold);
    if (r < 0)
        return r;
    literal.spells_number = spells_number(item, &literal.pattern, &literal.number);
    return add_literal(item, literal);
}

/* Keeps the texts that placeholders were filled in to for the note, in place of the value. */
static int show_filled(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    struct np_arena *arena = &item->document->set->scratch;
    if (!item->document->set->notes.wanted)
        return 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < item->texts.filled.len; i++) {
        struct np_yaml_node *filled = np_arena_alloc(arena, sizeof(*filled));
        if (filled == NULL)
            return -ENOMEM;
        *filled = *node;
        filled->plain = false;
        filled->text = np_sigma_text_write(arena, item->texts.filled.items[i]);
        r = filled->text.ptr == NULL ? -ENOMEM : np_sigma_item_show(item, filled);
    }
    return r;
}

int np_sigma_item_add_text(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    int r = np_sigma_text_modify(item->document, &item->key, node, &item->texts);
    if (r == 0 && np_sigma_has(&item->key, NP_SIGMA_EXPAND))
        r = show_filled(item, node);
    for (size_t i = 0; r == 0 && i < item->texts.now.len; i++)
        r = add_pattern(item, node, item->texts.now.items[i]);
    return r;
}

/*
 * A number that is not written as JSON writes numbers (an account id with a leading zero, 0x10) also stands for its own text: the
 * field may hold just that.
 */
static int add_number(struct np_sigma_item *item, const struct np_yaml_node *node,
                      struct np_literal literal)
{
    struct np_number same;
    int r = add_literal(item, literal);
    return r < 0 || np_number_parse(node->text, &same) ? r : np_sigma_item_add_text(item, node);
}

static int add_value(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    struct np_literal literal = {.kind = NP_LITERAL_NUMBER};
    enum np_yaml_type type = np_yaml_type(node);
    if (is_keyword(item) && (type == NP_YAML_NULL || node->text.len == 0))
        return np_sigma_item_refuse(item, node, NULL, "an empty keyword would match every event");
    if (type == NP_YAML_NULL && np_sigma_wants_text(&item->key))
        return np_sigma_item_refuse(item, node,
                                    "leave the modifier out, or write '' for the empty text",
                                    "null is no text");
    if (type == NP_YAML_NULL)
        return add_literal(item, (struct np_literal){.kind = NP_LITERAL_NULL});
    if (!is_keyword(item) && !np_sigma_wants_text(&item->key) &&
        np_yaml_number(node, &literal.number))
        return add_number(item, node, literal);
    return np_sigma_item_add_text(item, node);
}

/* ---- values of other kinds */

static int add_regex(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    const struct np_sigma_key *key = &item->key;
    if (np_yaml_type(node) == NP_YAML_NULL || node->text.len == 0)
        return np_sigma_item_refuse(item, node, NULL,
                                    "an empty regular expression matches everything");
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

static int add_cidr(struct np_sigma_item *item, const struct np_yaml_node *node)
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

/* The number that a value is, or that its text spells. */
static bool read_number(const struct np_yaml_node *node, struct np_number *out_number)
{
    return np_yaml_number(node, out_number) || np_number_parse(node->text, out_number);
}

static int add_comparison(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    struct np_literal literal = {.kind = NP_LITERAL_NUMBER};
    if (!read_number(node, &literal.number))
        return np_sigma_item_refuse(item, node, NULL, "a comparison needs a number");
    int r = add_literal(item, literal);
    return r < 0 ? r : np_sigma_item_add_predicate(item);
}

static int add_time_part(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    struct np_literal literal = {.kind = NP_LITERAL_NUMBER};
    enum np_time_part part = item->pred.part;
    int least = np_time_part_least(part);
    int greatest = np_time_part_greatest(part);
    bool is_number = read_number(node, &literal.number);
    literal.number = np_number_canonical(literal.number);
    if (!is_number || literal.number.kind != NP_NUMBER_INT || literal.number.integer < least ||
        literal.number.integer > greatest)
        return np_sigma_refuse(
            item->document,
            (struct np_sigma_problem){.code = "bad-value", .node = node, .item = item->key.field},
            "'%s' needs a whole number from %d to %d", np_time_part_name(part), least, greatest);
    int r = add_literal(item, literal);
    return r < 0 || item->pred.order == NP_PRED_MATCH ? r : np_sigma_item_add_predicate(item);
}

static int add_existence(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    if (np_yaml_type(node) != NP_YAML_BOOL)
        return np_sigma_item_refuse(item, node, "write true or false, without quotes",
                                    "'exists' needs a boolean");
    int r = np_sigma_item_add_predicate(item);
    if (r < 0 || np_yaml_bool(node))
        return r;
    np_expr_id *expr = &item->exprs.items[item->exprs.len - 1];
    return np_ir_not(&item->document->set->ir, *expr, expr);
}

/* A field that says who acted: there are only those of the catalogue, and not every run knows them. */
static int check_who(struct np_sigma_item *item, const struct np_yaml_node *node,
                     struct np_span name, np_field_id field)
{
    const char *known[NP_FIELD_FIXED_COUNT - NP_FIELD_NEPHO_ACTOR_ROOT];
    for (size_t i = 0; i < NP_ARRAY_LEN(known); i++)
        known[i] = np_field_name(item->document->set->field_names,
                                 (np_field_id) (NP_FIELD_NEPHO_ACTOR_ROOT + i))
                       .ptr;
    if (!np_field_asks_who(field))
        return np_sigma_item_refuse(item, node, np_suggest(name, known, NP_ARRAY_LEN(known)),
                                    "there is no such field of Nephoscope's own");
    np_sigma_warn(item->document,
                  (struct np_sigma_problem){.code = "needs-actors", .node = node, .item = name},
                  "'%.*s' is known only where incidents are looked for: the rule does not run with "
                  "--findings-only, and samples cannot test it",
                  NP_SPAN_ARGS(name));
    return 0;
}

int np_sigma_item_note_field(struct np_sigma_item *item, const struct np_yaml_node *node,
                             struct np_span name, np_field_id *out_field)
{
    int r = np_field_intern(item->document->set->field_names, name, out_field);
    if (r == -EINVAL)
        return np_sigma_item_refuse(item, node, NULL, "this is no field name");
    if (r == 0 && np_span_starts(name, NP_FIELD_WHO_PREFIX))
        r = check_who(item, node, name, *out_field);
    return r < 0 ? r : np_vec_push(item->fields, *out_field, 2 * NP_YAML_MAX_NODES);
}

static int add_reference(struct np_sigma_item *item, const struct np_yaml_node *node)
{
    struct np_span name = node->text;
    if (np_yaml_type(node) == NP_YAML_NULL || name.len == 0 || memchr(name.ptr, '*', name.len) ||
        memchr(name.ptr, '?', name.len))
        return np_sigma_item_refuse(item, node, NULL,
                                    "'fieldref' needs the name of a field, without wildcards");
    int r = np_sigma_item_note_field(item, node, name, &item->pred.other);
    return r < 0 ? r : np_sigma_item_add_predicate(item);
}

/* ---- all kinds */

static const struct np_sigma_kind kinds[] = {
    {NP_SIGMA_MINUTE, NP_PRED_TIME, add_time_part, false, true},
    {NP_SIGMA_HOUR, NP_PRED_TIME, add_time_part, false, true},
    {NP_SIGMA_DAY, NP_PRED_TIME, add_time_part, false, true},
    {NP_SIGMA_WEEK, NP_PRED_TIME, add_time_part, false, true},
    {NP_SIGMA_MONTH, NP_PRED_TIME, add_time_part, false, true},
    {NP_SIGMA_YEAR, NP_PRED_TIME, add_time_part, false, true},
    {NP_SIGMA_RE, NP_PRED_MATCH, add_regex, true, true},
    {NP_SIGMA_CIDR, NP_PRED_MATCH, add_cidr, false, true},
    {NP_SIGMA_EXISTS, NP_PRED_EXISTS, add_existence, false, false},
    {NP_SIGMA_LT, NP_PRED_LT, add_comparison, false, true},
    {NP_SIGMA_LTE, NP_PRED_LTE, add_comparison, false, true},
    {NP_SIGMA_GT, NP_PRED_GT, add_comparison, false, true},
    {NP_SIGMA_GTE, NP_PRED_GTE, add_comparison, false, true},
    {NP_SIGMA_FIELDREF, NP_PRED_SAME, add_reference, false, true},
};
static const struct np_sigma_kind text_kind = {NP_SIGMA_MODIFIER_MAX, NP_PRED_MATCH, add_value,
                                               true, true};

const struct np_sigma_kind *np_sigma_kind_of(const struct np_sigma_key *key)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(kinds); i++)
        if (np_sigma_has(key, kinds[i].modifier))
            return &kinds[i];
    return &text_kind;
}
