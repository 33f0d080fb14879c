/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows programs take several characters as the dash of an option. Each dash that begins a word
 * (nothing or no letter in front of it, a letter behind it) is tried in all five forms, each
 * combination of them: 5^n texts, so n is bounded.
 */
#include "rule/sigma/value/text.h"

#include <errno.h>

enum { DASH_MAX_BYTES = 3 };

static const struct np_span dashes[] = {
    {"-", 1},
    {"/", 1},
    {"\xe2\x80\x93", 3} /* en dash */,
    {"\xe2\x80\x94", 3} /* em dash */,
    {"\xe2\x80\x95", 3} /* horizontal bar */,
};

/* Where a dash stands in a text. */
struct dash {
    size_t part;
    size_t offset;
    size_t len;
};

/* Bytes of the dash that `text` begins with; 0 = it does not. */
static size_t dash_at(struct np_span text)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(dashes); i++)
        if (np_span_starts(text, dashes[i]))
            return dashes[i].len;
    return 0;
}

/* Every character beyond ASCII counts as a letter. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char) c >= 0x80;
}

/* Whether a letter stands at the end of the first `len` bytes of `text`. */
static bool ends_with_letter(struct np_span text, size_t len)
{
    struct np_span head = np_span_head(text, len);
    for (size_t i = 0; i < NP_ARRAY_LEN(dashes); i++)
        if (np_span_ends(head, dashes[i]))
            return false;
    return len > 0 && is_letter(text.ptr[len - 1]);
}

/* The dashes to vary, NP_SIGMA_MAX_DASHES + 1 at most. */
static size_t find_dashes(struct np_sigma_text text, struct dash *out_dashes)
{
    size_t count = 0;
    for (size_t p = 0; p < text.count; p++) {
        struct np_span literal = text.parts[p].text;
        for (size_t i = 0; i < literal.len && text.parts[p].kind == NP_PART_LITERAL; i++) {
            size_t len = dash_at(np_span_from(literal, i));
            struct np_span rest = np_span_from(literal, i + len);
            if (len == 0 || ends_with_letter(literal, i) || dash_at(rest) > 0 || rest.len == 0 ||
                !is_letter(rest.ptr[0]))
                continue;
            out_dashes[count++] = (struct dash){p, i, len};
            if (count > NP_SIGMA_MAX_DASHES)
                return count;
        }
    }
    return count;
}

/*
 * The text with its n-th dash in the form that the n-th digit of `variant`, to the base of five,
 * says.
 */
static int add_variant(struct np_sigma_document *document, struct np_sigma_text text,
                       const struct dash *found, size_t variant, struct np_sigma_texts *texts)
{
    struct np_arena *arena = &document->set->scratch;
    struct np_pattern_part *parts = np_arena_alloc(arena, text.count * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    for (size_t p = 0; p < text.count; p++) {
        struct np_span from = text.parts[p].text;
        char *to = np_arena_alloc(arena, from.len + DASH_MAX_BYTES * NP_SIGMA_MAX_DASHES);
        if (to == NULL)
            return -ENOMEM;
        size_t done = 0;
        size_t len = 0;
        for (; found->len > 0 && found->part == p; found++) {
            struct np_span dash = dashes[variant % NP_ARRAY_LEN(dashes)];
            variant /= NP_ARRAY_LEN(dashes);
            memcpy(to + len, from.ptr + done, found->offset - done);
            len += found->offset - done;
            memcpy(to + len, dash.ptr, dash.len);
            len += dash.len;
            done = found->offset + found->len;
        }
        if (done < from.len)
            memcpy(to + len, from.ptr + done, from.len - done);
        parts[p] = (struct np_pattern_part){text.parts[p].kind, {to, len + from.len - done}};
    }
    return np_sigma_texts_add(document, texts, (struct np_sigma_text){parts, text.count});
}

int np_sigma_text_windash(struct np_sigma_document *document, const struct np_yaml_node *node,
                          struct np_sigma_text text, struct np_sigma_texts *texts)
{
    struct dash found[NP_SIGMA_MAX_DASHES + 2] = {}; /* one of length 0 ends them */
    size_t count = find_dashes(text, found);
    if (count > NP_SIGMA_MAX_DASHES || node->text.len > NP_SIGMA_MAX_DASHED_BYTES)
        return np_sigma_refuse(
            document,
            (struct np_sigma_problem){.code = "too-many-dashes",
                                      .node = node,
                                      .item = node->text,
                                      .hint = "give each option a value of its own, under 'all'"},
            "'windash' takes at most %d dashes and %d bytes in a value", NP_SIGMA_MAX_DASHES,
            NP_SIGMA_MAX_DASHED_BYTES);
    size_t variants = 1;
    for (size_t i = 0; i < count; i++)
        variants *= NP_ARRAY_LEN(dashes);
    int r = 0;
    for (size_t variant = 0; r == 0 && variant < variants; variant++)
        r = add_variant(document, text, found, variant, texts);
    return r;
}
