/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See output.h. How far a name goes is found as Falco finds it: the longest beginning that is a field or a call with known fields.
 */
#include "rule/falco/output.h"

#include <errno.h>

#include "base/alloc.h"
#include "rule/falco/parse.h"

/* What Falco once replaced by the container's names, and now by nothing. */
#define CONTAINER_INFO NP_SPAN("%container.info")

enum { WIDTH_MAX = 1024 };

struct compiler {
    const struct np_falco_target *target;
    struct np_falco_fault *fault;
    struct np_arena terms; /* what was parsed; gone with the compiler */
    struct np_rule_output_part parts[NP_OUTPUT_PARTS_MAX];
    size_t part_count;
    struct np_rule_output_field fields[NP_OUTPUT_FIELDS_MAX];
    size_t field_count;
};

static int refuse(struct compiler *compiler, enum np_falco_fault_kind kind, size_t offset, int code,
                  const char *message)
{
    *compiler->fault = (struct np_falco_fault){.kind = kind, .offset = offset};
    return np_fail(&compiler->fault->err, code, "%s", message);
}

static int add_part(struct compiler *compiler, struct np_rule_output_part part, size_t offset)
{
    if (compiler->part_count == NP_OUTPUT_PARTS_MAX)
        return refuse(compiler, NP_FALCO_FAULT_SIZE, offset, -E2BIG,
                      "the output has too many parts");
    compiler->parts[compiler->part_count++] = part;
    return 0;
}

static int add_text(struct compiler *compiler, struct np_span text, size_t offset)
{
    if (text.len == 0)
        return 0;
    return add_part(compiler, (struct np_rule_output_part){text, NP_FIELD_NONE, 0}, offset);
}

/* Whether values are told as text: not those of evt.time, evt.datetime and their like, texts that Falco's JSON has as nanoseconds. */
static bool is_told_as_text(const struct compiler *compiler, np_field_id field,
                            enum np_falco_type type)
{
    struct np_span name = np_field_name(compiler->target->fields, field);
    return type == NP_FALCO_STRING && !np_span_starts(name, NP_SPAN("evt.time")) &&
           !np_span_starts(name, NP_SPAN("evt.datetime"));
}

static int add_field(struct compiler *compiler, np_field_id field, enum np_falco_type type,
                     size_t offset)
{
    for (size_t i = 0; i < compiler->field_count; i++)
        if (compiler->fields[i].field == field)
            return 0;
    if (compiler->field_count == NP_OUTPUT_FIELDS_MAX)
        return refuse(compiler, NP_FALCO_FAULT_SIZE, offset, -E2BIG,
                      "the output has too many fields");
    compiler->fields[compiler->field_count++] = (struct np_rule_output_field){
        .field = field, .is_text = is_told_as_text(compiler, field, type)};
    return 0;
}

/* Adds the fields that a term names, inside of calls too; the parser bounds how deep those are. */
static int add_fields_of(struct compiler *compiler, const struct np_falco_term *term, size_t offset)
{
    if (term->kind == NP_FALCO_FIELD) {
        np_field_id field = NP_FIELD_NONE;
        enum np_falco_type type;
        int r = np_falco_compile_term(compiler->target, term, &field, &type, compiler->fault);
        return r < 0 ? r : add_field(compiler, field, type, offset);
    }
    int r = 0;
    for (size_t i = 0; i < term->count && r == 0; i++)
        r = add_fields_of(compiler, &term->items[i], offset);
    return r;
}

/* A term that a text begins with. */
struct found {
    struct np_falco_term term;
    np_field_id field;
    enum np_falco_type type;
    size_t len;
};

/* Looks whether `head` begins with a term that the source has: 0, -EINVAL or -E2BIG with the fault, -ENOMEM. */
static int try_term(struct compiler *compiler, struct np_span head, struct found *out_found)
{
    int r = np_falco_parse_term(&compiler->terms, head, &out_found->term, &out_found->len,
                                compiler->fault);
    return r < 0 ? r
                 : np_falco_compile_term(compiler->target, &out_found->term, &out_found->field,
                                         &out_found->type, compiler->fault);
}

/* Finds the longest term that `text`, which stands at `offset`, begins with. */
static int find_term(struct compiler *compiler, struct np_span text, size_t offset,
                     struct found *out_found)
{
    struct np_falco_fault first = {};
    int r = -EINVAL;
    for (size_t len = NP_MIN(text.len, (size_t) NP_FIELD_NAME_MAX_BYTES); len > 0; len--) {
        np_arena_reset(&compiler->terms);
        r = try_term(compiler, np_span_head(text, len), out_found);
        if (r != -EINVAL)
            return r;
        bool is_name = compiler->fault->kind == NP_FALCO_FAULT_FIELD; /* says most */
        if (first.err.code == 0 || (is_name && first.kind != NP_FALCO_FAULT_FIELD))
            first = *compiler->fault;
    }
    if (first.err.code == 0)
        return refuse(compiler, NP_FALCO_FAULT_SYNTAX, offset, -EINVAL,
                      "an output cannot end with a '%'");
    *compiler->fault = first;
    compiler->fault->offset = offset;
    return r;
}

/* Reads the number in front of a name; 0 where there is none. */
static uint32_t take_width(struct np_span *text)
{
    uint32_t width = 0;
    while (text->len > 0 && text->ptr[0] >= '0' && text->ptr[0] <= '9') {
        width = NP_MIN(width * 10 + (uint32_t) (text->ptr[0] - '0'), (uint32_t) WIDTH_MAX);
        *text = np_span_from(*text, 1);
    }
    return width;
}

/* Compiles what stands behind a "%" at the head of `*text`, and takes it off. */
static int take_value(struct compiler *compiler, struct np_span whole, struct np_span *text)
{
    uint32_t width = take_width(text);
    size_t offset = (size_t) (text->ptr - whole.ptr);
    struct found found;
    int r = find_term(compiler, *text, offset, &found);
    if (r == 0)
        r = add_fields_of(compiler, &found.term, offset);
    if (r == 0)
        r = add_part(compiler, (struct np_rule_output_part){{}, found.field, width}, offset);
    if (r == 0)
        *text = np_span_from(*text, found.len);
    return r;
}

static int compile_text(struct compiler *compiler, struct np_span whole)
{
    struct np_span text = whole;
    if (text.len > 0 && text.ptr[0] == '*') /* as Falco reads it, a mark and no part of the text */
        text = np_span_from(text, 1);
    int r = 0;
    while (text.len > 0 && r == 0) {
        const char *percent = memchr(text.ptr, '%', text.len);
        size_t len = percent != NULL ? (size_t) (percent - text.ptr) : text.len;
        r = add_text(compiler, np_span_head(text, len), (size_t) (text.ptr - whole.ptr));
        text = np_span_from(text, len);
        if (percent == NULL || r < 0)
            continue;
        if (np_span_starts(text, CONTAINER_INFO)) {
            text = np_span_from(text, CONTAINER_INFO.len);
            continue;
        }
        text = np_span_from(text, 1);
        r = take_value(compiler, whole, &text);
    }
    return r;
}

static int append(struct compiler *compiler, const struct np_falco_output_params *params)
{
    int r = 0;
    for (size_t i = 0; i < params->appended_count && r == 0; i++) {
        struct found found;
        np_arena_reset(&compiler->terms);
        r = try_term(compiler, params->appended[i], &found);
        if (r == 0)
            r = add_field(compiler, found.field, found.type, params->text.len);
        else if (r == -EINVAL)
            r = 0; /* another source has it */
    }
    return r;
}

static int keep(const struct compiler *compiler, struct np_arena *arena,
                struct np_rule_output *out_output)
{
    size_t part_count = compiler->part_count;
    size_t field_count = compiler->field_count;
    struct np_rule_output_part *parts = np_arena_zalloc(arena, (part_count + 1) * sizeof(parts[0]));
    struct np_rule_output_field *fields =
        np_arena_zalloc(arena, (field_count + 1) * sizeof(fields[0]));
    if (parts == NULL || fields == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < part_count; i++) {
        parts[i] = compiler->parts[i];
        if (np_arena_keep(arena, &parts[i].text) < 0)
            return -ENOMEM;
    }
    memcpy(fields, compiler->fields, field_count * sizeof(fields[0]));
    *out_output = (struct np_rule_output){parts, part_count, fields, field_count};
    return 0;
}

int np_falco_output_compile(const struct np_falco_target *target,
                            const struct np_falco_output_params *params,
                            struct np_rule_output *out_output, struct np_falco_fault *out_fault)
{
    struct compiler *compiler = np_alloc(sizeof(*compiler));
    if (compiler == NULL)
        return -ENOMEM;
    compiler->target = target;
    compiler->fault = out_fault;
    np_arena_init(&compiler->terms, SIZE_MAX);
    int r = compile_text(compiler, params->text);
    if (r == 0)
        r = append(compiler, params);
    if (r == 0)
        r = keep(compiler, params->arena, out_output);
    np_arena_done(&compiler->terms);
    np_free(compiler);
    return r;
}
