/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Literals and escapes by the grammar of RFC 8259, sections 3 and 7; and JSON text without its
 * white space or its escapes.
 */
#include "codec/json/token.h"

#include "codec/json/json.h"
#include "codec/number.h"

enum { SURROGATE_FIRST = 0xd800, SURROGATE_LOW = 0xdc00, SURROGATE_END = 0xe000 };
enum { REPLACEMENT = 0xfffd };

static struct np_value value_of_number(struct np_number number, struct np_span token)
{
    switch (number.kind) {
    case NP_NUMBER_INT:
        return (struct np_value){.kind = NP_VALUE_INT, .text = token, .integer = number.integer};
    case NP_NUMBER_UINT:
        return (struct np_value){.kind = NP_VALUE_UINT, .text = token, .uinteger = number.uinteger};
    case NP_NUMBER_DOUBLE:
        break;
    }
    return (struct np_value){.kind = NP_VALUE_DOUBLE, .text = token, .real = number.real};
}

bool np_json_token_scalar(struct np_span token, struct np_value *out_value)
{
    if (np_span_eq(token, NP_SPAN("null"))) {
        *out_value = (struct np_value){.kind = NP_VALUE_NULL};
        return true;
    }
    bool is_true = np_span_eq(token, NP_SPAN("true"));
    if (is_true || np_span_eq(token, NP_SPAN("false"))) {
        *out_value = (struct np_value){.kind = NP_VALUE_BOOL, .text = token, .boolean = is_true};
        return true;
    }
    struct np_number number;
    if (!np_number_parse(token, &number))
        return false;
    *out_value = value_of_number(number, token);
    return true;
}

/*
 * The value of the four hex digits behind `\u` at the start of `raw`: false where there are none.
 */
static bool read_unit(struct np_span raw, uint32_t *out_unit)
{
    if (raw.len < 6 || raw.ptr[0] != '\\' || raw.ptr[1] != 'u')
        return false;
    uint32_t unit = 0;
    for (size_t i = 2; i < 6; i++) {
        char c = raw.ptr[i];
        char folded = (char) (c | 0x20);
        if (c >= '0' && c <= '9')
            unit = unit << 4 | (uint32_t) (c - '0');
        else if (folded >= 'a' && folded <= 'f')
            unit = unit << 4 | (uint32_t) (folded - 'a' + 10);
        else
            return false;
    }
    *out_unit = unit;
    return true;
}

/* Writes a code point (no surrogate) as UTF-8 and returns its length. */
static size_t encode(uint32_t code, char out_text[NP_JSON_ESCAPE_MAX_BYTES])
{
    if (code < 0x80) {
        out_text[0] = (char) code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len - 1; i > 0; i--) {
        out_text[i] = (char) (0x80 | (code & 0x3f));
        code >>= 6;
    }
    out_text[0] = (char) (lead[len] | code);
    return len;
}

static size_t decode_unicode(struct np_span raw, char out_text[NP_JSON_ESCAPE_MAX_BYTES],
                             size_t *out_len)
{
    uint32_t unit = 0;
    if (!read_unit(raw, &unit))
        return 0;
    size_t used = 6;
    uint32_t low = 0;
    if (unit >= SURROGATE_FIRST && unit < SURROGATE_LOW && read_unit(np_span_from(raw, 6), &low) &&
        low >= SURROGATE_LOW && low < SURROGATE_END) {
        unit = 0x10000 + ((unit - SURROGATE_FIRST) << 10) + (low - SURROGATE_LOW);
        used = 12;
    } else if (unit >= SURROGATE_FIRST && unit < SURROGATE_END) {
        unit = REPLACEMENT;
    }
    *out_len = encode(unit, out_text);
    return used;
}

size_t np_json_escape_decode(struct np_span raw, char out_text[NP_JSON_ESCAPE_MAX_BYTES],
                             size_t *out_len)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (raw.len < 2 || raw.ptr[0] != '\\')
        return 0;
    if (raw.ptr[1] == 'u')
        return decode_unicode(raw, out_text, out_len);
    const char *name = memchr(names, raw.ptr[1], sizeof(names) - 1);
    if (name == NULL)
        return 0;
    out_text[0] = meanings[name - names];
    *out_len = 1;
    return 2;
}

bool np_json_text_decode(struct np_span raw, char *out, size_t *out_len)
{
    size_t len = 0;
    while (raw.len > 0) {
        const char *escape = memchr(raw.ptr, '\\', raw.len);
        size_t run = escape != NULL ? (size_t) (escape - raw.ptr) : raw.len;
        memcpy(out + len, raw.ptr, run);
        len += run;
        raw = np_span_from(raw, run);
        if (raw.len == 0)
            break;
        char text[NP_JSON_ESCAPE_MAX_BYTES];
        size_t text_len = 0;
        size_t used = np_json_escape_decode(raw, text, &text_len);
        if (used == 0)
            return false;
        memcpy(out + len, text, text_len);
        len += text_len;
        raw = np_span_from(raw, used);
    }
    *out_len = len;
    return true;
}

/* The index behind the string that opens at `from`, or the end of `raw`. */
static size_t skip_string(struct np_span raw, size_t from)
{
    for (size_t i = from + 1; i < raw.len; i++) {
        if (raw.ptr[i] == '"')
            return i + 1;
        if (raw.ptr[i] == '\\')
            i++;
    }
    return raw.len;
}

/* The index of the first white space outside strings from `from` on, or the end of `raw`. */
static size_t find_blank(struct np_span raw, size_t from)
{
    while (from < raw.len && !np_json_is_blank(raw.ptr[from]))
        from = raw.ptr[from] == '"' ? skip_string(raw, from) : from + 1;
    return from;
}

int np_json_compact(struct np_buf *out, struct np_span raw)
{
    size_t len_before = out->len;
    size_t start = 0;
    while (start < raw.len) {
        size_t end = find_blank(raw, start);
        int r = np_buf_add(out, raw.ptr + start, end - start);
        if (r < 0) {
            out->len = len_before;
            return r;
        }
        start = end + 1;
    }
    return 0;
}

int np_json_unescape(struct np_buf *out, struct np_span raw)
{
    size_t len_before = out->len;
    int r = 0;
    while (r == 0 && raw.len > 0) {
        const char *escape = memchr(raw.ptr, '\\', raw.len);
        size_t run = escape != NULL ? (size_t) (escape - raw.ptr) : raw.len;
        r = np_buf_add(out, raw.ptr, run);
        raw = np_span_from(raw, run);
        if (r < 0 || raw.len == 0)
            break;
        char text[NP_JSON_ESCAPE_MAX_BYTES] = {'\\'};
        size_t len = 1;
        size_t used = np_json_escape_decode(raw, text, &len);
        r = np_buf_add(out, text, len);
        raw = np_span_from(raw, used > 0 ? used : 1);
    }
    if (r < 0)
        out->len = len_before;
    return r;
}
