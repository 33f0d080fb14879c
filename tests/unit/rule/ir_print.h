/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions of the IR as text, so that tests can say what they expect:
 *
 *   a = x          the text "x", in any case; a = (x | y*) any of several
 *   x* *x *x*      prefix, suffix, contained; * and ? within are wildcards, \* is a star
 *   cased x        in this case only
 *   #5 null        number, null
 *   5~#5           a text that spells a number, and numbers equal to it
 *   /x/ims         regular expression
 *   net 10.0.0.0/8
 *   exists a       a < #5      hour(a) = (#5 | #6)    hour(a) < #5
 *   a == b         the value of field b; a ==* b, a *== b, a *==* b: begins, ends with, contains it;
 *                  cased behind it: without folding
 *   keyword = *x*  not X  (X and Y)  (X or Y)  true  false
 */
#pragma once

#include <inttypes.h>

#include "base/buf.h"
#include "rule/ir.h"

static inline void print_literal_text(struct np_buf *out, struct np_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("*?\\", text.ptr[i]) != NULL && text.ptr[i] != '\0')
            (void) np_buf_add_char(out, '\\');
        if ((unsigned char) text.ptr[i] < 0x20)
            (void) np_buf_printf(out, "<%02x>", (unsigned char) text.ptr[i]);
        else
            (void) np_buf_add_char(out, text.ptr[i]);
    }
}

static inline void print_pattern(struct np_buf *out, const struct np_pattern *pattern)
{
    (void) np_buf_add_str(out, pattern->fold ? "" : "cased ");
    if (pattern->kind == NP_PATTERN_SUFFIX || pattern->kind == NP_PATTERN_CONTAINS ||
        pattern->kind == NP_PATTERN_SOME)
        (void) np_buf_add_char(out, '*');
    print_literal_text(out, pattern->text);
    if (pattern->kind == NP_PATTERN_PREFIX || pattern->kind == NP_PATTERN_CONTAINS)
        (void) np_buf_add_char(out, '*');
    for (size_t i = 0; i < pattern->part_count; i++) {
        if (pattern->parts[i].kind == NP_PART_LITERAL)
            print_literal_text(out, pattern->parts[i].text);
        else if (pattern->parts[i].kind == NP_PART_DASH)
            (void) np_buf_add_str(out, "<->");
        else
            (void) np_buf_add_char(out, pattern->parts[i].kind == NP_PART_RUN ? '*' : '?');
    }
}

static inline void print_number(struct np_buf *out, struct np_number number)
{
    if (number.kind == NP_NUMBER_INT)
        (void) np_buf_printf(out, "#%" PRId64, number.integer);
    else if (number.kind == NP_NUMBER_UINT)
        (void) np_buf_printf(out, "#%" PRIu64, number.uinteger);
    else
        (void) np_buf_printf(out, "#%g", number.real);
}

static inline void print_cidr(struct np_buf *out, const struct np_cidr *cidr)
{
    (void) np_buf_add_str(out, "net ");
    for (size_t i = 0; i < (cidr->is_ipv6 ? 16 : 4); i++)
        (void) np_buf_printf(out, cidr->is_ipv6 ? "%s%02x" : "%s%u", i > 0 ? "." : "",
                             cidr->bytes[i]);
    (void) np_buf_printf(out, "/%u", cidr->prefix);
}

static inline void print_literal(struct np_buf *out, const struct np_literal *literal)
{
    switch (literal->kind) {
    case NP_LITERAL_PATTERN:
        print_pattern(out, &literal->pattern);
        if (literal->spells_number) {
            (void) np_buf_add_char(out, '~');
            print_number(out, literal->number);
        }
        break;
    case NP_LITERAL_NUMBER:
        print_number(out, literal->number);
        break;
    case NP_LITERAL_NULL:
        (void) np_buf_add_str(out, "null");
        break;
    case NP_LITERAL_CIDR:
        print_cidr(out, &literal->cidr);
        break;
    case NP_LITERAL_REGEX:
        (void) np_buf_printf(out, "/%.*s/%s%s%s", NP_SPAN_ARGS(literal->regex.pattern),
                             literal->regex.ignore_case ? "i" : "",
                             literal->regex.multi_line ? "m" : "",
                             literal->regex.dot_all ? "s" : "");
        break;
    case NP_LITERAL_COMPARE:
        (void) np_buf_printf(out, "compare %d '%.*s'", (int) literal->compare.how,
                             NP_SPAN_ARGS(literal->compare.text));
        break;
    case NP_LITERAL_KIND_MAX:
        break;
    }
}

static inline void print_literals(struct np_buf *out, const struct np_pred *pred)
{
    (void) np_buf_add_str(out, pred->literal_count > 1 ? "(" : "");
    for (size_t i = 0; i < pred->literal_count; i++) {
        (void) np_buf_add_str(out, i > 0 ? " | " : "");
        print_literal(out, &pred->literals[i]);
    }
    (void) np_buf_add_str(out, pred->literal_count > 1 ? ")" : "");
}

static inline void print_pred(struct np_buf *out, const struct np_pred *pred,
                              const struct np_field_set *fields)
{
    static const char *const ops[] = {
        [NP_PRED_MATCH] = "=", [NP_PRED_EXISTS] = "", [NP_PRED_LT] = "<",
        [NP_PRED_LTE] = "<=",  [NP_PRED_GT] = ">",    [NP_PRED_GTE] = ">=",
    };
    static const char *const same[] = {
        [NP_PATTERN_EXACT] = "==",
        [NP_PATTERN_PREFIX] = "==*",
        [NP_PATTERN_SUFFIX] = "*==",
        [NP_PATTERN_CONTAINS] = "*==*",
    };
    struct np_span field = np_field_name(fields, pred->field);
    if (pred->op == NP_PRED_KEYWORD) {
        (void) np_buf_add_str(out, "keyword = ");
    } else if (pred->op == NP_PRED_EXISTS) {
        (void) np_buf_printf(out, "exists %.*s", NP_SPAN_ARGS(field));
    } else if (pred->op == NP_PRED_SAME) {
        (void) np_buf_printf(out, "%.*s %s %.*s%s", NP_SPAN_ARGS(field), same[pred->other_match],
                             NP_SPAN_ARGS(np_field_name(fields, pred->other)),
                             pred->other_cased ? " cased" : "");
    } else if (pred->op == NP_PRED_TIME) {
        (void) np_buf_printf(out, "%s(%.*s) %s ", np_time_part_name(pred->part),
                             NP_SPAN_ARGS(field), ops[pred->order]);
    } else {
        (void) np_buf_printf(out, "%.*s %s ", NP_SPAN_ARGS(field), ops[pred->op]);
    }
    print_literals(out, pred);
}

static inline void print_expr(struct np_buf *out, const struct np_ir *ir, np_expr_id id,
                              const struct np_field_set *fields)
{
    const struct np_expr *expr = &ir->exprs.items[id];
    const np_expr_id *children =
        expr->child_count > 0 ? &ir->children.items[expr->first_child] : NULL;
    switch (expr->kind) {
    case NP_EXPR_FALSE:
    case NP_EXPR_TRUE:
        (void) np_buf_add_str(out, expr->kind == NP_EXPR_TRUE ? "true" : "false");
        break;
    case NP_EXPR_PRED:
        print_pred(out, &ir->preds.items[expr->pred], fields);
        break;
    case NP_EXPR_NOT:
        (void) np_buf_add_str(out, "not ");
        print_expr(out, ir, children[0], fields);
        break;
    case NP_EXPR_AND:
    case NP_EXPR_OR:
        for (size_t i = 0; i < expr->child_count; i++) {
            (void) np_buf_add_str(out, i == 0 ? "(" : expr->kind == NP_EXPR_AND ? " and " : " or ");
            print_expr(out, ir, children[i], fields);
        }
        (void) np_buf_add_char(out, ')');
        break;
    case NP_EXPR_KIND_MAX:
        break;
    }
}
