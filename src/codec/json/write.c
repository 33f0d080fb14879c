/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text is written in runs of plain ASCII; whatever is not that is looked at one by one. Beyond what
 * JSON demands, characters that steer a terminal (DEL, C1, bidi controls) are written as escapes
 * too: the same text to a parser, and harmless where a line is shown as it is.
 */
#include "codec/json/write.h"

#include <inttypes.h>
#include <math.h>

#include <utf8proc.h>

static const bool is_plain[256] = {
    [' ' ... '!'] = true, ['#' ... '['] = true, [']' ... '~'] = true}; /* no " and no \ */

void np_json_writer_init(struct np_json_writer *writer, struct np_buf *buf)
{
    *writer = (struct np_json_writer){.buf = buf};
}

/* Whether eight bytes are plain; the top bit of a byte tells. Where one is not, the next ones may seem not to be either. */
static bool are_plain(const char *bytes)
{
    static const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t eight;
    memcpy(&eight, bytes, sizeof(eight));
    uint64_t below_blank = eight - each * ' ';
    uint64_t is_quote = (eight ^ each * '"') - each;
    uint64_t is_backslash = (eight ^ each * '\\') - each;
    uint64_t is_del = (eight ^ each * 0x7f) - each;
    return ((eight | below_blank | is_quote | is_backslash | is_del) & each * 0x80) == 0;
}

static size_t plain_run(struct np_span text)
{
    size_t len = 0;
    while (text.len - len >= sizeof(uint64_t) && are_plain(text.ptr + len))
        len += sizeof(uint64_t);
    while (len < text.len && is_plain[(unsigned char) text.ptr[len]])
        len++;
    return len;
}

static bool is_steering(utf8proc_int32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c ||
           (code >= 0x200e && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

static void add_escape(struct np_buf *buf, utf8proc_int32_t code)
{
    switch (code) {
    case '"':
    case '\\':
        np_buf_printf(buf, "\\%c", (char) code);
        break;
    case '\n':
        np_buf_add_str(buf, "\\n");
        break;
    case '\r':
        np_buf_add_str(buf, "\\r");
        break;
    case '\t':
        np_buf_add_str(buf, "\\t");
        break;
    default:
        np_buf_printf(buf, "\\u%04x", (unsigned) code);
    }
}

/* Writes the first character of `text`, which is not plain, and returns its length there. */
static size_t add_special(struct np_buf *buf, struct np_span text)
{
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t len =
        utf8proc_iterate((const utf8proc_uint8_t *) text.ptr, (utf8proc_ssize_t) text.len, &code);
    if (len <= 0) {
        np_buf_add_str(buf, "\xef\xbf\xbd");
        return 1;
    }
    if (code == '"' || code == '\\' || is_steering(code))
        add_escape(buf, code);
    else
        np_buf_add(buf, text.ptr, (size_t) len);
    return (size_t) len;
}

static void add_text(struct np_buf *buf, struct np_span text)
{
    np_buf_add_char(buf, '"');
    while (text.len > 0) {
        size_t run = plain_run(text);
        np_buf_add(buf, text.ptr, run);
        text = np_span_from(text, run);
        if (text.len > 0)
            text = np_span_from(text, add_special(buf, text));
    }
    np_buf_add_char(buf, '"');
}

/* What stands in front of a member or an element. */
static void begin(struct np_json_writer *writer, const char *key)
{
    struct np_buf *buf = writer->buf;
    size_t len = key != NULL ? strlen(key) : 0;
    if (np_buf_reserve(buf, len + strlen(",\"\":")) < 0)
        return;
    char *at = buf->data + buf->len;
    if (writer->need_comma)
        *at++ = ',';
    writer->need_comma = true;
    if (key != NULL) {
        *at++ = '"';
        at = mempcpy(at, key, len);
        *at++ = '"';
        *at++ = ':';
    }
    buf->len = (size_t) (at - buf->data);
}

static void open_bracket(struct np_json_writer *writer, const char *key, char bracket)
{
    begin(writer, key);
    np_buf_add_char(writer->buf, bracket);
    writer->need_comma = false;
}

static void close_bracket(struct np_json_writer *writer, char bracket)
{
    np_buf_add_char(writer->buf, bracket);
    writer->need_comma = true;
}

void np_json_begin_object(struct np_json_writer *writer, const char *key)
{
    open_bracket(writer, key, '{');
}

void np_json_end_object(struct np_json_writer *writer)
{
    close_bracket(writer, '}');
}

void np_json_begin_array(struct np_json_writer *writer, const char *key)
{
    open_bracket(writer, key, '[');
}

void np_json_end_array(struct np_json_writer *writer)
{
    close_bracket(writer, ']');
}

void np_json_text(struct np_json_writer *writer, const char *key, struct np_span text)
{
    begin(writer, key);
    add_text(writer->buf, text);
}

void np_json_cstr(struct np_json_writer *writer, const char *key, const char *text)
{
    if (text == NULL)
        np_json_null(writer, key);
    else
        np_json_text(writer, key, np_span_of(text));
}

void np_json_uint(struct np_json_writer *writer, const char *key, uint64_t number)
{
    enum { DIGITS_MAX = 20 };
    char digits[DIGITS_MAX];
    size_t at = DIGITS_MAX;
    do
        digits[--at] = (char) ('0' + number % 10);
    while ((number /= 10) > 0);
    begin(writer, key);
    np_buf_add(writer->buf, digits + at, DIGITS_MAX - at);
}

void np_json_int(struct np_json_writer *writer, const char *key, int64_t number)
{
    if (number >= 0) {
        np_json_uint(writer, key, (uint64_t) number);
        return;
    }
    begin(writer, key);
    np_buf_printf(writer->buf, "%" PRId64, number);
}

void np_json_real(struct np_json_writer *writer, const char *key, double number)
{
    if (!isfinite(number)) {
        np_json_null(writer, key);
        return;
    }
    /* Whole part and millionths apart: so the locale's decimal point does not come in. */
    double whole = 0;
    long millionths = (long) (modf(fabs(number), &whole) * 1e6 + 0.5);
    if (millionths == 1000000) {
        whole += 1;
        millionths = 0;
    }
    begin(writer, key);
    bool is_negative = number < 0 && (whole > 0 || millionths > 0);
    np_buf_printf(writer->buf, "%s%.0f", is_negative ? "-" : "", whole);
    if (millionths == 0)
        return;
    int digits = 6;
    for (; millionths % 10 == 0; millionths /= 10)
        digits--;
    np_buf_printf(writer->buf, ".%0*ld", digits, millionths);
}

void np_json_bool(struct np_json_writer *writer, const char *key, bool value)
{
    begin(writer, key);
    np_buf_add_str(writer->buf, value ? "true" : "false");
}

void np_json_null(struct np_json_writer *writer, const char *key)
{
    begin(writer, key);
    np_buf_add_str(writer->buf, "null");
}

/* Adds an element that is no list. */
static void add_one(struct np_json_writer *writer, const struct np_value *value)
{
    switch ((enum np_value_kind) value->kind) {
    case NP_VALUE_BOOL:
        np_json_bool(writer, NULL, value->boolean);
        break;
    case NP_VALUE_INT:
        np_json_int(writer, NULL, value->integer);
        break;
    case NP_VALUE_UINT:
        np_json_uint(writer, NULL, value->uinteger);
        break;
    case NP_VALUE_DOUBLE:
        np_json_real(writer, NULL, value->real);
        break;
    case NP_VALUE_TEXT:
    case NP_VALUE_ADDRESS:
    case NP_VALUE_OBJECT:
        np_json_text(writer, NULL, value->text);
        break;
    default:
        np_json_null(writer, NULL);
    }
}

void np_json_value_member(struct np_json_writer *writer, struct np_span key,
                          const struct np_value *value)
{
    begin(writer, NULL);
    add_text(writer->buf, key);
    np_buf_add_char(writer->buf, ':');
    writer->need_comma = false;
    if (value->kind != NP_VALUE_LIST) {
        add_one(writer, value);
        return;
    }
    np_json_begin_array(writer, NULL);
    for (uint32_t i = 0; i < value->count; i++)
        add_one(writer, &value->items[i]);
    np_json_end_array(writer);
}
