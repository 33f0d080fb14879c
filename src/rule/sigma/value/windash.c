/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows programs take several characters as the dash of an option. Each of them in a value stands
 * for all five: as a part of the pattern that any of them matches, so that it does not matter how
 * many there are. An encoding has another code for each, so in front of one they are spelt out:
 * 5^n texts, and n is bounded.
 */
#include "rule/sigma/value/windash.h"

#include <errno.h>

#include "rule/pattern.h"

static const struct np_span dashes[] = {
    {"-", 1},
    {"/", 1},
    {"\xe2\x80\x93", 3} /* en dash */,
    {"\xe2\x80\x94", 3} /* em dash */,
    {"\xe2\x80\x95", 3} /* horizontal bar */,
};

/* Where the next dash begins, at `from` or later; the text's length where none does. */
static size_t find_dash(struct np_span text, size_t from)
{
    while (from < text.len && np_pattern_dash(np_span_from(text, from)) == 0)
        from++;
    return from;
}

static size_t count_dashes(struct np_span text)
{
    size_t count = 0;
    for (size_t at = find_dash(text, 0); at < text.len; at = find_dash(text, at + 1))
        count++;
    return count;
}

/* Puts the parts of one literal at `out`; returns how many. */
static size_t split(struct np_span text, struct np_pattern_part *out)
{
    size_t count = 0;
    for (size_t from = 0; from < text.len;) {
        size_t at = find_dash(text, from);
        struct np_span before = np_span_head(np_span_from(text, from), at - from);
        if (before.len > 0)
            out[count++] = (struct np_pattern_part){NP_PART_LITERAL, before};
        if (at < text.len)
            out[count++] = (struct np_pattern_part){.kind = NP_PART_DASH};
        from = at + np_pattern_dash(np_span_from(text, at));
    }
    return count;
}

int np_sigma_text_windash(struct np_sigma_document *document, struct np_sigma_text text,
                          struct np_sigma_texts *texts)
{
    size_t most = 0;
    for (size_t i = 0; i < text.count; i++)
        most += 2 * count_dashes(text.parts[i].text) + 1;
    struct np_pattern_part *parts = np_arena_alloc(&document->set->scratch, most * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    size_t count = 0;
    for (size_t i = 0; i < text.count; i++)
        if (text.parts[i].kind == NP_PART_LITERAL)
            count += split(text.parts[i].text, &parts[count]);
        else
            parts[count++] = text.parts[i];
    return np_sigma_texts_add(document, texts, (struct np_sigma_text){parts, count});
}

/* ---- spelling them out */

/* The text with its n-th dash as the n-th digit of `variant`, to the base of five, says. */
static int add_variant(struct np_sigma_document *document, struct np_sigma_text text,
                       size_t variant, struct np_sigma_texts *texts)
{
    struct np_arena *arena = &document->set->scratch;
    struct np_pattern_part *parts = np_arena_alloc(arena, text.count * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < text.count; i++) {
        parts[i] = text.parts[i];
        if (parts[i].kind != NP_PART_DASH)
            continue;
        struct np_span dash = dashes[variant % NP_ARRAY_LEN(dashes)];
        parts[i] = (struct np_pattern_part){NP_PART_LITERAL, dash};
        variant /= NP_ARRAY_LEN(dashes);
    }
    return np_vec_push(texts, ((struct np_sigma_text){parts, text.count}), NP_SIGMA_MAX_EXPANDED);
}

int np_sigma_text_spell_dashes(struct np_sigma_document *document, const struct np_yaml_node *node,
                               struct np_sigma_text text, struct np_sigma_texts *texts)
{
    size_t count = 0;
    size_t variants = 1;
    for (size_t i = 0; i < text.count; i++)
        count += text.parts[i].kind == NP_PART_DASH;
    if (count == 0)
        return np_vec_push(texts, text, NP_SIGMA_MAX_EXPANDED);
    if (count > NP_SIGMA_MAX_DASHES || node->text.len > NP_SIGMA_MAX_DASHED_BYTES)
        return np_sigma_refuse(
            document,
            (struct np_sigma_problem){.code = "too-many-dashes",
                                      .node = node,
                                      .item = node->text,
                                      .hint = "give each option a value of its own, under 'all'"},
            "'windash' before an encoding takes at most %d dashes and %d bytes in a value",
            NP_SIGMA_MAX_DASHES, NP_SIGMA_MAX_DASHED_BYTES);
    for (size_t i = 0; i < count; i++)
        variants *= NP_ARRAY_LEN(dashes);
    int r = 0;
    for (size_t variant = 0; r == 0 && variant < variants; variant++)
        r = add_variant(document, text, variant, texts);
    return r;
}
