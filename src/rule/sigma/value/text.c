/* SPDX-License-Identifier: Apache-2.0 */
/* Wildcards and escapes of a value, read and written. */
#include "rule/sigma/value/text.h"

#include <errno.h>

/* The parts of a text while it is read. */
struct reader {
    struct np_pattern_part *parts;
    size_t count;
    char *literal; /* of the literal that is open */
    size_t literal_len;
};

static void close_literal(struct reader *reader)
{
    if (reader->literal_len == 0)
        return;
    struct np_span text = {reader->literal, reader->literal_len};
    reader->parts[reader->count++] = (struct np_pattern_part){NP_PART_LITERAL, text};
    reader->literal += reader->literal_len;
    reader->literal_len = 0;
}

static void add_wildcard(struct reader *reader, enum np_part_kind kind)
{
    close_literal(reader);
    reader->parts[reader->count++] = (struct np_pattern_part){.kind = kind};
}

static size_t count_wildcards(struct np_span value)
{
    size_t count = 0;
    for (size_t i = 0; i < value.len; i++)
        count += value.ptr[i] == '*' || value.ptr[i] == '?';
    return count;
}

static bool is_special(char c)
{
    return c == '*' || c == '?' || c == '\\';
}

int np_sigma_text_parse(struct np_arena *arena, struct np_span value,
                        struct np_sigma_text *out_text)
{
    size_t most_parts = 2 * count_wildcards(value) + 1; /* a literal before, between and behind */
    struct reader reader = {
        .parts = np_arena_alloc(arena, most_parts * sizeof(*reader.parts)),
        .literal = np_arena_alloc(arena, value.len),
    };
    if (reader.parts == NULL || reader.literal == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '*' || c == '?') {
            add_wildcard(&reader, c == '*' ? NP_PART_RUN : NP_PART_ONE);
            continue;
        }
        if (c == '\\' && i + 1 < value.len && is_special(value.ptr[i + 1]))
            c = value.ptr[++i];
        reader.literal[reader.literal_len++] = c;
    }
    close_literal(&reader);
    *out_text = (struct np_sigma_text){reader.parts, reader.count};
    return 0;
}

/* Whether the character at `at` of a literal would mean something else without a backslash. */
static bool needs_escape(struct np_span literal, size_t at)
{
    bool last = at + 1 == literal.len;
    if (literal.ptr[at] == '\\') /* behind the last one a wildcard may stand */
        return last || is_special(literal.ptr[at + 1]);
    return is_special(literal.ptr[at]);
}

struct np_span np_sigma_text_write(struct np_arena *arena, struct np_sigma_text text)
{
    size_t most = 0;
    for (size_t i = 0; i < text.count; i++)
        most += text.parts[i].kind == NP_PART_LITERAL ? 2 * text.parts[i].text.len : 1;
    char *out = np_arena_alloc(arena, most);
    size_t len = 0;
    if (out == NULL)
        return (struct np_span){};
    for (size_t i = 0; i < text.count; i++) {
        struct np_pattern_part part = text.parts[i];
        if (part.kind != NP_PART_LITERAL)
            out[len++] = part.kind == NP_PART_RUN ? '*' : '?';
        for (size_t c = 0; c < part.text.len; c++) {
            if (needs_escape(part.text, c))
                out[len++] = '\\';
            out[len++] = part.text.ptr[c];
        }
    }
    return np_span_make(out, len);
}

int np_sigma_text_open(struct np_arena *arena, struct np_sigma_text *text, bool front, bool back)
{
    size_t count = text->count + front + back;
    struct np_pattern_part *parts = np_arena_alloc(arena, count * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    if (front)
        parts[0] = (struct np_pattern_part){.kind = NP_PART_RUN};
    if (text->count > 0)
        memcpy(parts + front, text->parts, text->count * sizeof(*parts));
    if (back)
        parts[count - 1] = (struct np_pattern_part){.kind = NP_PART_RUN};
    *text = (struct np_sigma_text){parts, count};
    return 0;
}

int np_sigma_texts_add(struct np_sigma_document *document, struct np_sigma_texts *texts,
                       struct np_sigma_text text)
{
    if (texts->len > 0 && ++document->set->expanded > NP_SIGMA_MAX_EXPANDED)
        return -E2BIG;
    return np_vec_push(texts, text, NP_SIGMA_MAX_EXPANDED);
}

struct np_span np_sigma_written(const struct np_yaml_node *node)
{
    if (np_yaml_type(node) == NP_YAML_BOOL)
        return np_yaml_bool(node) ? NP_SPAN("true") : NP_SPAN("false");
    return node->text;
}

void np_sigma_text_work_done(struct np_sigma_text_work *work)
{
    np_vec_done(&work->now);
    np_vec_done(&work->before);
    np_vec_done(&work->filled);
}

void np_sigma_text_work_swap(struct np_sigma_text_work *work)
{
    struct np_sigma_texts swapped = work->before;
    work->before = work->now;
    work->now = swapped;
    work->now.len = 0;
}
