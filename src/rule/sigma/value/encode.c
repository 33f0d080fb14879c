/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The encodings that a value may be looked for in: UTF-16 and Base64. Base64 of a text inside a
 * longer one depends on where it begins: of the three possibilities the characters at both ends
 * that the neighbours change are cut off.
 */
#include "rule/sigma/value/encode.h"

#include <errno.h>
#include <utf8proc.h>

#include "codec/base64.h"
#include "rule/sigma/value/windash.h"

static int refuse(struct np_sigma_document *document, const struct np_yaml_node *node,
                  const char *message)
{
    return np_sigma_refuse(
        document, (struct np_sigma_problem){.code = "bad-value", .node = node, .item = node->text},
        "%s", message);
}

static int add_literal(struct np_sigma_document *document, struct np_span literal,
                       struct np_sigma_texts *texts)
{
    struct np_pattern_part *part = np_arena_alloc(&document->set->scratch, sizeof(*part));
    if (part == NULL)
        return -ENOMEM;
    *part = (struct np_pattern_part){NP_PART_LITERAL, literal};
    return np_sigma_texts_add(document, texts, (struct np_sigma_text){part, 1});
}

/* ---- Base64 */

/* `bytes` in Base64 as it stands behind `shift` other bytes; all of it where `exact`. */
static int add_base64(struct np_sigma_document *document, struct np_span bytes, size_t shift,
                      bool exact, struct np_sigma_texts *texts)
{
    struct np_arena *arena = &document->set->scratch;
    size_t len = shift + bytes.len;
    char *shifted = np_arena_zalloc(arena, len);
    char *encoded = np_arena_alloc(arena, np_base64_size(len));
    if (shifted == NULL || encoded == NULL)
        return -ENOMEM;
    memcpy(shifted + shift, bytes.ptr, bytes.len); /* bytes are never none */
    np_base64_encode(encoded, np_span_make(shifted, len));
    struct np_span whole = {encoded, np_base64_size(len)};
    if (!exact) {
        static const size_t cut_front[] = {0, 2, 3}; /* by the shift */
        static const size_t cut_back[] = {0, 3, 2};  /* by what the last group is short of */
        whole.len -= cut_back[len % 3];
        whole = np_span_from(whole, cut_front[shift]);
    }
    return add_literal(document, whole, texts);
}

/*
 * The bytes of a text without wildcards: 0, -ENOMEM, or -EINVAL, told, where there is nothing to
 * encode.
 */
static int join_literals(struct np_sigma_document *document, const struct np_yaml_node *node,
                         struct np_sigma_text text, struct np_span *out_bytes)
{
    size_t len = 0;
    for (size_t i = 0; i < text.count; i++) {
        if (text.parts[i].kind != NP_PART_LITERAL)
            return refuse(document, node, "a text with wildcards cannot be encoded in Base64");
        len += text.parts[i].text.len;
    }
    if (len == 0)
        return refuse(document, node, "nothing to encode in Base64");
    char *bytes = np_arena_alloc(&document->set->scratch, len);
    if (bytes == NULL)
        return -ENOMEM;
    *out_bytes = np_span_make(bytes, len);
    for (size_t i = 0; i < text.count; i++) {
        memcpy(bytes, text.parts[i].text.ptr, text.parts[i].text.len);
        bytes += text.parts[i].text.len;
    }
    return 0;
}

static int encode_base64(struct np_sigma_document *document, const struct np_yaml_node *node,
                         enum np_sigma_modifier modifier, struct np_sigma_text text,
                         struct np_sigma_texts *texts)
{
    struct np_span bytes;
    int r = join_literals(document, node, text, &bytes);
    if (r < 0)
        return r;
    if (modifier == NP_SIGMA_BASE64)
        return add_base64(document, bytes, 0, true, texts);
    for (size_t shift = 0; r == 0 && shift < 3; shift++)
        r = add_base64(document, bytes, shift, false, texts);
    return r;
}

/* ---- UTF-16 */

static char *put_unit(char *out, uint32_t unit, bool big_endian)
{
    char high = (char) (unit >> 8);
    char low = (char) (unit & 0xff);
    *out++ = big_endian ? high : low;
    *out++ = big_endian ? low : high;
    return out;
}

/*
 * `utf8` in UTF-16; empty with a NULL pointer when memory is out. What is no character is left out.
 */
static struct np_span to_utf16(struct np_arena *arena, struct np_span utf8, bool big_endian)
{
    char *units = np_arena_alloc(arena, 2 * utf8.len);
    if (units == NULL)
        return (struct np_span){};
    char *out = units;
    while (utf8.len > 0) {
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *) utf8.ptr, (utf8proc_ssize_t) utf8.len, &c);
        utf8 = np_span_from(utf8, n > 0 ? (size_t) n : 1);
        if (c >= 0x10000) {
            out = put_unit(out, 0xd7c0 + ((uint32_t) c >> 10), big_endian);
            out = put_unit(out, 0xdc00 + ((uint32_t) c & 0x3ff), big_endian);
        } else if (c >= 0) {
            out = put_unit(out, (uint32_t) c, big_endian);
        }
    }
    return np_span_make(units, (size_t) (out - units));
}

/*
 * Literals in UTF-16; wildcards stay what they are. A byte order mark goes in front where asked
 * for.
 */
static int encode_utf16(struct np_sigma_document *document, enum np_sigma_modifier modifier,
                        struct np_sigma_text text, struct np_sigma_texts *texts)
{
    struct np_arena *arena = &document->set->scratch;
    bool mark = modifier == NP_SIGMA_UTF16;
    struct np_pattern_part *parts = np_arena_alloc(arena, (text.count + 1) * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    if (mark)
        parts[0] = (struct np_pattern_part){NP_PART_LITERAL, NP_SPAN("\xff\xfe")};
    for (size_t i = 0; i < text.count; i++) {
        struct np_pattern_part part = text.parts[i];
        if (part.kind == NP_PART_LITERAL) {
            part.text = to_utf16(arena, part.text, modifier == NP_SIGMA_UTF16BE);
            if (part.text.ptr == NULL)
                return -ENOMEM;
        }
        parts[mark + i] = part;
    }
    return np_sigma_texts_add(document, texts, (struct np_sigma_text){parts, text.count + mark});
}

int np_sigma_text_encode(struct np_sigma_document *document, const struct np_yaml_node *node,
                         enum np_sigma_modifier modifier, struct np_sigma_text text,
                         struct np_sigma_texts *texts)
{
    bool base64 = modifier == NP_SIGMA_BASE64 || modifier == NP_SIGMA_BASE64OFFSET;
    struct np_sigma_texts spelt = {};
    int r = np_sigma_text_spell_dashes(document, node, text, &spelt);
    for (size_t i = 0; r == 0 && i < spelt.len; i++)
        r = base64 ? encode_base64(document, node, modifier, spelt.items[i], texts)
                   : encode_utf16(document, modifier, spelt.items[i], texts);
    np_vec_done(&spelt);
    return r;
}
