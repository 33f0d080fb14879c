/* SPDX-License-Identifier: Apache-2.0 */
/* Texts into segments. Literal bytes gather until a hole ends them, so a text is as many segments as it has holes. */
#include "simulate/text_internal.h"

struct np_diag np_text_problem(const struct np_text_scope *scope, const struct np_yaml_node *node,
                               size_t offset, const char *code)
{
    return (struct np_diag){
        .place = np_yaml_place(node, scope->file, offset),
        .severity = NP_SEVERITY_ERROR,
        .code = code,
    };
}

/* ---- segments */

int np_text_add_segment(struct np_text_compiler *compiler, struct np_segment segment)
{
    segment.text = np_buf_span(&compiler->literal);
    if (compiler->literal.error != 0 || np_arena_keep(compiler->scope->arena, &segment.text) < 0)
        return -ENOMEM;
    compiler->literal.len = 0;
    int r = np_vec_push(&compiler->segments, segment, NP_TEXT_MAX_SEGMENTS);
    compiler->too_many |= r == -E2BIG;
    return r == -E2BIG ? 0 : r;
}

int np_text_end_literal(struct np_text_compiler *compiler)
{
    return compiler->literal.len > 0 ? np_text_add_segment(compiler, (struct np_segment){}) : 0;
}

void np_text_add_literal(struct np_text_compiler *compiler, struct np_span text)
{
    if (compiler->json)
        np_text_escape(&compiler->literal, text);
    else
        np_buf_add_span(&compiler->literal, text);
}

/* ---- scalars with holes */

int np_text_read_hole(struct np_text_compiler *compiler, struct np_segment *out_segment,
                      const struct np_yaml_node *node, size_t offset, size_t len)
{
    struct np_hole_source source = {
        .node = node,
        .offset = offset,
        .inside = np_span_make(node->text.ptr + offset + 2, len - 3),
        .json = compiler->json,
        .optional = compiler->optional > 0,
    };
    return np_hole_read(out_segment, compiler->scope, &source);
}

size_t np_text_hole_length(struct np_span text)
{
    const char *end = memchr(text.ptr, '}', text.len);
    return end != NULL ? (size_t) (end - text.ptr) + 1 : 0;
}

/* Adds the hole at `*offset` and goes behind it. */
static int add_hole(struct np_text_compiler *compiler, const struct np_yaml_node *node,
                    size_t *offset)
{
    struct np_segment segment = {};
    size_t len = np_text_hole_length(np_span_from(node->text, *offset));
    if (len == 0) {
        np_diag_add(compiler->scope->diags,
                    np_text_problem(compiler->scope, node, *offset, "bad-hole"),
                    "a hole without its '}'");
        *offset = node->text.len;
        return 0;
    }
    int r = np_text_read_hole(compiler, &segment, node, *offset, len);
    *offset += len;
    return r < 0 || segment.hole == NP_HOLE_NONE ? r : np_text_add_segment(compiler, segment);
}

int np_text_add_scalar(struct np_text_compiler *compiler, const struct np_yaml_node *node)
{
    struct np_span text = node->text;
    size_t literal = 0; /* begins here */
    size_t i = 0;
    while (i < text.len) {
        struct np_span rest = np_span_from(text, i);
        bool escaped = np_span_starts(rest, NP_SPAN("$${"));
        if (!escaped && !np_span_starts(rest, NP_SPAN("${"))) {
            i++;
            continue;
        }
        np_text_add_literal(compiler, np_span_make(text.ptr + literal, i - literal));
        if (escaped) {
            literal = i + 1;
            i += 3;
            continue;
        }
        if (add_hole(compiler, node, &i) < 0)
            return -ENOMEM;
        literal = i;
    }
    np_text_add_literal(compiler, np_span_from(text, literal));
    return 0;
}

/* ---- whole texts */

static void begin(struct np_text_compiler *compiler, const struct np_text_scope *scope, bool json)
{
    *compiler = (struct np_text_compiler){.scope = scope, .json = json};
    np_buf_init(&compiler->literal, NP_YAML_MAX_BYTES);
}

static int keep(struct np_text *out_text, struct np_text_compiler *compiler)
{
    struct np_segment *segments = NULL;
    int r = compiler->segments.len == 0 ? np_text_add_segment(compiler, (struct np_segment){})
                                        : np_text_end_literal(compiler);
    size_t bytes = compiler->segments.len * sizeof(*segments);
    if (r == 0)
        segments = np_arena_alloc(compiler->scope->arena, bytes);
    if (r < 0 || segments == NULL)
        return -ENOMEM;
    memcpy(segments, compiler->segments.items, bytes);
    out_text->segments = segments;
    out_text->count = compiler->segments.len;
    out_text->json = compiler->json;
    return 0;
}

/* Keeps what was compiled and frees the rest. */
static int finish(struct np_text *out_text, struct np_text_compiler *compiler,
                  const struct np_yaml_node *node, int r)
{
    const struct np_text_scope *scope = compiler->scope;
    if (compiler->literal.error != 0)
        r = -ENOMEM;
    if (r == 0)
        r = keep(out_text, compiler);
    if (r == 0 && compiler->too_many)
        np_diag_add(scope->diags, np_text_problem(scope, node, 0, "limit"), "more than %d holes",
                    NP_TEXT_MAX_SEGMENTS);
    np_vec_done(&compiler->segments);
    np_buf_done(&compiler->literal);
    return r;
}

int np_text_compile(struct np_text *out_text, const struct np_text_scope *scope,
                    const struct np_yaml_node *node)
{
    struct np_text_compiler compiler;
    *out_text = (struct np_text){};
    if (node->kind != NP_YAML_SCALAR || np_yaml_type(node) == NP_YAML_NULL) {
        np_diag_add(scope->diags, np_text_problem(scope, node, 0, "bad-value"), "must be text");
        return 0;
    }
    begin(&compiler, scope, false);
    return finish(out_text, &compiler, node, np_text_add_scalar(&compiler, node));
}

int np_text_compile_json(struct np_text *out_text, const struct np_text_scope *scope,
                         const struct np_yaml_node *node)
{
    struct np_text_compiler compiler;
    bool sure = true;
    *out_text = (struct np_text){};
    begin(&compiler, scope, true);
    int r = finish(out_text, &compiler, node, np_text_add_json(&compiler, node, &sure));
    out_text->null_if_bare = !sure && node->count > 0;
    return r;
}

int np_text_compile_value(struct np_text *out_text, const struct np_text_scope *scope,
                          const struct np_yaml_node *node)
{
    if (node->kind != NP_YAML_SCALAR || np_yaml_type(node) != NP_YAML_TEXT)
        return np_text_compile_json(out_text, scope, node);
    int r = np_text_compile(out_text, scope, node);
    const struct np_segment *only = out_text->count == 1 ? out_text->segments : NULL;
    out_text->json = only != NULL && only->text.len == 0 && np_hole_is_number(only);
    return r;
}
