/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON bodies into segments. A member that may be left out is a run of segments of its own, with what it depends on
 * in front.
 */
#include "base/compiler.h"
#include "codec/number.h"
#include "simulate/text_internal.h"

static int add_value(struct np_text_compiler *compiler, const struct np_yaml_node *node);

/* Whether a text is one hole and nothing else. */
static bool is_whole_hole(struct np_span text)
{
    return np_span_starts(text, NP_SPAN("${")) && np_text_hole_length(text) == text.len;
}

static int add_quoted(struct np_text_compiler *compiler, const struct np_yaml_node *node)
{
    np_buf_add_char(&compiler->literal, '"');
    int r = np_text_add_scalar(compiler, node);
    np_buf_add_char(&compiler->literal, '"');
    return r;
}

/* A hole that is a whole value: numbers stand without quotes, of a parameter only its value will tell. */
static int add_whole_hole(struct np_text_compiler *compiler, const struct np_yaml_node *node)
{
    struct np_segment segment = {};
    int r = np_text_read_hole(compiler, &segment, node, 0, node->text.len);
    if (r < 0 || segment.hole == NP_HOLE_NONE)
        return r;
    segment.whole = segment.hole == NP_HOLE_PARAMETER;
    bool quoted = !segment.whole && !np_hole_is_number(&segment);
    if (quoted)
        np_buf_add_char(&compiler->literal, '"');
    r = np_text_add_segment(compiler, segment);
    if (quoted)
        np_buf_add_char(&compiler->literal, '"');
    return r;
}

static int add_scalar(struct np_text_compiler *compiler, const struct np_yaml_node *node)
{
    struct np_number number;
    switch (np_yaml_type(node)) {
    case NP_YAML_NULL:
        np_buf_add_str(&compiler->literal, "null");
        return 0;
    case NP_YAML_BOOL:
        np_buf_add_str(&compiler->literal, np_yaml_bool(node) ? "true" : "false");
        return 0;
    case NP_YAML_TEXT:
        return is_whole_hole(node->text) ? add_whole_hole(compiler, node)
                                         : add_quoted(compiler, node);
    default:
        np_buf_add_span(&compiler->literal, node->text);
    }
    if (!np_number_parse(node->text, &number)) {
        struct np_diag diag = np_text_problem(compiler->scope, node, 0, "bad-value");
        diag.hint = "put it in quotes, or write it without signs or zeros in front";
        np_diag_add(compiler->scope->diags, diag, "'%.*s' is no number of JSON",
                    NP_SPAN_ARGS(node->text));
    }
    return 0;
}

static int add_list(struct np_text_compiler *compiler, const struct np_yaml_node *node)
{
    np_buf_add_char(&compiler->literal, '[');
    for (size_t i = 0; i < node->count; i++) {
        if (i > 0)
            np_buf_add_char(&compiler->literal, ',');
        int r = add_value(compiler, node->items[i]);
        if (r < 0)
            return r;
    }
    np_buf_add_char(&compiler->literal, ']');
    return 0;
}

static bool is_named(const struct np_segment *segments, size_t count, uint16_t parameter)
{
    for (size_t i = 0; i < count; i++)
        if (segments[i].b == parameter)
            return true;
    return false;
}

/* Segments that say what those from `start` on depend on: each parameter that they name, once. */
static size_t list_parameters(const struct np_text_compiler *compiler, size_t start,
                              struct np_segment *out_conditions)
{
    const struct np_segment *segments = compiler->segments.items;
    size_t count = 0;
    for (size_t i = start; i < compiler->segments.len; i++) {
        if (segments[i].hole == NP_HOLE_OPTIONAL)
            i += segments[i].a; /* takes care of itself */
        else if (segments[i].hole == NP_HOLE_PARAMETER &&
                 !is_named(out_conditions, count, segments[i].a))
            out_conditions[count++] =
                (struct np_segment){.hole = NP_HOLE_OPTIONAL, .b = segments[i].a};
    }
    return count;
}

/* Puts conditions in front of the segments from `start` on. */
static int add_conditions(struct np_text_compiler *compiler, const struct np_yaml_node *key,
                          size_t start)
{
    size_t run = compiler->segments.len - start;
    struct np_segment *np_auto_free conditions = np_alloc_array(run + 1, sizeof(*conditions));
    if (conditions == NULL)
        return -ENOMEM;
    size_t count = list_parameters(compiler, start, conditions);
    if (count == 0)
        np_diag_add(compiler->scope->diags, np_text_problem(compiler->scope, key, 0, "bad-value"),
                    "'%.*s' names no parameter that could be without a value",
                    NP_SPAN_ARGS(key->text));
    int r = np_vec_reserve(&compiler->segments, start + count + run, NP_TEXT_MAX_SEGMENTS);
    compiler->too_many |= r == -E2BIG;
    if (r < 0 || count == 0)
        return r == -E2BIG ? 0 : r;
    struct np_segment *at = compiler->segments.items + start;
    memmove(at + count, at, run * sizeof(*at));
    for (size_t i = 0; i < count; i++) {
        at[i] = conditions[i];
        at[i].a = (uint16_t) (count - i - 1 + run);
    }
    compiler->segments.len += count;
    return 0;
}

/* `first`: nothing stands before it; `sure`: a member that is always there does. */
static int add_member(struct np_text_compiler *compiler, const struct np_yaml_node *key,
                      const struct np_yaml_node *value, bool first, bool sure)
{
    struct np_span name = key->text;
    bool optional = np_span_ends(name, NP_SPAN("?"));
    if (optional)
        name.len--;
    if (memmem(name.ptr, name.len, "${", 2) != NULL)
        np_diag_add(compiler->scope->diags, np_text_problem(compiler->scope, key, 0, "bad-hole"),
                    "a key has no holes");
    int r = 0;
    if (sure)
        np_buf_add_char(&compiler->literal, ',');
    else if (!first)
        r = np_text_add_segment(compiler, (struct np_segment){.hole = NP_HOLE_COMMA});
    np_buf_add_char(&compiler->literal, '"');
    np_text_add_literal(compiler, name);
    np_buf_add_str(&compiler->literal, "\":");
    return r < 0 ? r : add_value(compiler, value);
}

static int add_optional_member(struct np_text_compiler *compiler,
                               const struct np_yaml_node *mapping, size_t pair, bool sure)
{
    const struct np_yaml_node *key = np_yaml_key(mapping, pair);
    int r = np_text_end_literal(compiler);
    size_t start = compiler->segments.len;
    compiler->optional++;
    if (r == 0)
        r = add_member(compiler, key, np_yaml_value(mapping, pair), pair == 0, sure);
    compiler->optional--;
    if (r == 0)
        r = np_text_end_literal(compiler);
    return r < 0 ? r : add_conditions(compiler, key, start);
}

static int add_mapping(struct np_text_compiler *compiler, const struct np_yaml_node *node,
                       bool *out_sure)
{
    bool sure = false;
    np_buf_add_char(&compiler->literal, '{');
    for (size_t i = 0; i < node->count; i++) {
        const struct np_yaml_node *key = np_yaml_key(node, i);
        bool optional = np_span_ends(key->text, NP_SPAN("?"));
        int r = optional ? add_optional_member(compiler, node, i, sure)
                         : add_member(compiler, key, np_yaml_value(node, i), i == 0, sure);
        if (r < 0)
            return r;
        sure |= !optional;
    }
    np_buf_add_char(&compiler->literal, '}');
    *out_sure = sure;
    return 0;
}

static int add_value(struct np_text_compiler *compiler, const struct np_yaml_node *node)
{
    bool sure = false;
    switch (node->kind) {
    case NP_YAML_SCALAR:
        return add_scalar(compiler, node);
    case NP_YAML_SEQUENCE:
        return add_list(compiler, node);
    default:
        return add_mapping(compiler, node, &sure);
    }
}

int np_text_add_json(struct np_text_compiler *compiler, const struct np_yaml_node *node,
                     bool *out_sure)
{
    *out_sure = true;
    return node->kind == NP_YAML_MAPPING ? add_mapping(compiler, node, out_sure)
                                         : add_value(compiler, node);
}
