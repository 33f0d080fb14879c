/* SPDX-License-Identifier: Apache-2.0 */
/* Filling texts: literal bytes are copied, each kind of hole has a function. Nothing is parsed or allocated here. */
#include "simulate/text.h"

#include <time.h>

#include "base/compiler.h"
#include "codec/base64.h"
#include "simulate/text_internal.h"

struct filling {
    struct np_buf *buf;
    const struct np_fill *fill;
    bool json;
};

/* ---- text and numbers */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

/* Whether eight bytes are all plain, looked at together; now and then false where a byte by itself is plain. */
static bool are_plain(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word = 0;
    memcpy(&word, text, sizeof(word));
    uint64_t quote = word ^ (ones * '"');
    uint64_t backslash = word ^ (ones * '\\');
    uint64_t del = word ^ (ones * 0x7f);
    uint64_t found = ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
                     ((backslash - ones) & ~backslash) | ((del - ones) & ~del);
    return (found & (ones * 0x80)) == 0;
}

static void add_escaped(struct np_buf *buf, unsigned char c)
{
    if (c == '"' || c == '\\')
        np_buf_add(buf, (const char[]){'\\', (char) c}, 2);
    else
        np_buf_printf(buf, "\\u%04x", c);
}

void np_text_escape(struct np_buf *buf, struct np_span text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.len - i >= sizeof(uint64_t) && are_plain(text.ptr + i)) {
            i += sizeof(uint64_t) - 1;
            continue;
        }
        unsigned char c = (unsigned char) text.ptr[i];
        if (np_likely(is_plain(c)))
            continue;
        np_buf_add(buf, text.ptr + start, i - start);
        start = i + 1;
        add_escaped(buf, c);
    }
    if (text.len > start)
        np_buf_add(buf, text.ptr + start, text.len - start);
}

static void add_text(const struct filling *filling, struct np_span text)
{
    if (filling->json)
        np_text_escape(filling->buf, text);
    else
        np_buf_add_span(filling->buf, text);
}

static void add_number(struct np_buf *buf, int64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t) number : (uint64_t) number;
    do {
        digits[--at] = (char) ('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    np_buf_add(buf, digits + at, sizeof(digits) - at);
}

/* ---- holes */

static void fill_member(const struct filling *filling, const struct np_segment *segment)
{
    add_text(filling, filling->fill->members[segment->a][segment->b]);
}

static void fill_self(const struct filling *filling, const struct np_segment *segment)
{
    add_text(filling, filling->fill->self[segment->b]);
}

static void fill_by(const struct filling *filling, const struct np_segment *segment)
{
    add_text(filling, filling->fill->by[segment->b]);
}

static void fill_parameter(const struct filling *filling, const struct np_segment *segment)
{
    const struct np_parameter *parameter = &filling->fill->parameters[segment->a];
    if (segment->whole && (parameter->json || !parameter->given)) {
        np_buf_add_span(filling->buf, parameter->given ? parameter->text : NP_SPAN("null"));
        return;
    }
    if (segment->whole)
        np_buf_add_char(filling->buf, '"');
    add_text(filling, parameter->text);
    if (segment->whole)
        np_buf_add_char(filling->buf, '"');
}

static void fill_account(const struct filling *filling, const struct np_segment *segment)
{
    (void) segment;
    add_text(filling, filling->fill->account);
}

static void fill_region(const struct filling *filling, const struct np_segment *segment)
{
    (void) segment;
    add_text(filling, filling->fill->region);
}

static void fill_address(const struct filling *filling, const struct np_segment *segment)
{
    (void) segment;
    add_text(filling, filling->fill->address);
}

static void fill_index(const struct filling *filling, const struct np_segment *segment)
{
    (void) segment;
    add_number(filling->buf, (int64_t) filling->fill->index);
}

/* As responses of older APIs hold a time: "Mar 2, 2026, 8:00:00 AM". */
static void add_time_text(struct np_buf *buf, time_t seconds)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm = {};
    if (gmtime_r(&seconds, &tm) == NULL) /* no year of 64 bits of nanoseconds */
        return;
    int hour = tm.tm_hour % 12 == 0 ? 12 : tm.tm_hour % 12;
    np_buf_printf(buf, "%s %d, %d, %d:%02d:%02d %s", months[tm.tm_mon], tm.tm_mday,
                  tm.tm_year + 1900, hour, tm.tm_min, tm.tm_sec, tm.tm_hour < 12 ? "AM" : "PM");
}

static void fill_time(const struct filling *filling, const struct np_segment *segment)
{
    np_time_ns time = filling->fill->now;
    if (__builtin_add_overflow(filling->fill->now, segment->low, &time))
        time = filling->fill->now;
    int64_t seconds = time / NP_NS_PER_S;
    char text[NP_TIME_TEXT_BYTES];
    switch (segment->a) {
    case NP_TIME_FORM_TEXT:
        add_time_text(filling->buf, (time_t) seconds);
        break;
    case NP_TIME_FORM_MS:
        add_number(filling->buf, time / (NP_NS_PER_S / 1000));
        break;
    case NP_TIME_FORM_S:
        add_number(filling->buf, seconds);
        break;
    default:
        np_time_format(text, seconds * NP_NS_PER_S);
        np_buf_add_str(filling->buf, text);
    }
}

static void fill_characters(const struct filling *filling, const struct np_segment *segment)
{
    static const struct np_span alphabets[NP_ALPHABET_MAX] = {
        [NP_ALPHABET_HEX] = {"0123456789abcdef", 16},
        [NP_ALPHABET_DIGITS] = {"0123456789", 10},
        [NP_ALPHABET_UPPER] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32},
        [NP_ALPHABET_ALNUM] = {"0123456789abcdefghijklmnopqrstuvwxyz", 36},
    };
    struct np_span alphabet = alphabets[segment->a];
    size_t count = (size_t) segment->low;
    if (np_buf_reserve(filling->buf, count) < 0)
        return;
    char *out = filling->buf->data + filling->buf->len;
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++) {
        if (i % 4 == 0)
            bits = np_random_next(filling->fill->random);
        out[i] = alphabet.ptr[((bits & 0xffff) * alphabet.len) >> 16];
        bits >>= 16;
    }
    filling->buf->len += count;
}

static void fill_base64(const struct filling *filling, const struct np_segment *segment)
{
    char bytes[NP_TEXT_MAX_CHARACTERS];
    size_t count = (size_t) segment->low;
    for (size_t i = 0; i < count; i += sizeof(uint64_t)) {
        uint64_t bits = np_random_next(filling->fill->random);
        for (size_t k = i; k < NP_MIN(count, i + sizeof(bits)); k++, bits >>= 8)
            bytes[k] = (char) (unsigned char) (bits & 0xff);
    }
    size_t size = np_base64_size(count);
    if (np_buf_reserve(filling->buf, size) < 0)
        return;
    np_base64_encode(filling->buf->data + filling->buf->len, np_span_make(bytes, count));
    filling->buf->len += size;
}

static void fill_uuid(const struct filling *filling, const struct np_segment *segment)
{
    static const char digits[] = "0123456789abcdef";
    (void) segment;
    char text[36];
    uint64_t bits = 0;
    unsigned used = 16; /* digits of `bits` */
    for (size_t i = 0; i < sizeof(text); i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            text[i] = '-';
            continue;
        }
        if (used == 16) {
            bits = np_random_next(filling->fill->random);
            used = 0;
        }
        text[i] = digits[bits & 15];
        bits >>= 4;
        used++;
    }
    text[14] = '4'; /* version: random */
    text[19] = digits[8 | (bits & 3)];
    np_buf_add(filling->buf, text, sizeof(text));
}

static void fill_int(const struct filling *filling, const struct np_segment *segment)
{
    add_number(filling->buf, np_random_between(filling->fill->random, segment->low, segment->high));
}

static void fill_pick(const struct filling *filling, const struct np_segment *segment)
{
    int64_t last = (int64_t) segment->choice_count - 1;
    int64_t chosen = np_random_between(filling->fill->random, 0, last);
    np_buf_add_span(filling->buf, segment->choices[chosen]);
}

static unsigned octet(struct np_random *random, unsigned low, unsigned high)
{
    return (unsigned) np_random_between(random, low, high);
}

static void add_address(const struct filling *filling, unsigned a, unsigned b)
{
    struct np_random *random = filling->fill->random;
    unsigned c = octet(random, 0, 255);
    np_buf_printf(filling->buf, "%u.%u.%u.%u", a, b, c, octet(random, 1, 254));
}

/* Networks of 2^24 addresses with reserved ones among them (RFC 6890). */
static bool is_partly_reserved(unsigned first)
{
    static const uint8_t reserved[] = {10, 100, 127, 169, 172, 192, 198, 203};
    return memchr(reserved, (int) first, sizeof(reserved)) != NULL;
}

static void fill_public(const struct filling *filling, const struct np_segment *segment)
{
    struct np_random *random = filling->fill->random;
    (void) segment;
    unsigned first = octet(random, 1, 223);
    while (is_partly_reserved(first))
        first = octet(random, 1, 223);
    add_address(filling, first, octet(random, 0, 255));
}

static void fill_private(const struct filling *filling, const struct np_segment *segment)
{
    struct np_random *random = filling->fill->random;
    (void) segment;
    switch (octet(random, 0, 2)) {
    case 0:
        add_address(filling, 10, octet(random, 0, 255));
        break;
    case 1:
        add_address(filling, 172, octet(random, 16, 31));
        break;
    default:
        add_address(filling, 192, 168);
    }
}

/* A member is the first where its object has just been opened: no text ends in a brace within JSON. */
static void fill_comma(const struct filling *filling, const struct np_segment *segment)
{
    const struct np_buf *buf = filling->buf;
    (void) segment;
    if (buf->len > 0 && buf->data[buf->len - 1] != '{')
        np_buf_add_char(filling->buf, ',');
}

typedef void fill_function(const struct filling *filling, const struct np_segment *segment);

static fill_function *const fillers[NP_HOLE_MAX] = {
    [NP_HOLE_MEMBER] = fill_member,
    [NP_HOLE_SELF] = fill_self,
    [NP_HOLE_PARAMETER] = fill_parameter,
    [NP_HOLE_BY] = fill_by,
    [NP_HOLE_ACCOUNT] = fill_account,
    [NP_HOLE_REGION] = fill_region,
    [NP_HOLE_ADDRESS] = fill_address,
    [NP_HOLE_INDEX] = fill_index,
    [NP_HOLE_TIME] = fill_time,
    [NP_HOLE_CHARACTERS] = fill_characters,
    [NP_HOLE_BASE64] = fill_base64,
    [NP_HOLE_UUID] = fill_uuid,
    [NP_HOLE_INT] = fill_int,
    [NP_HOLE_PICK] = fill_pick,
    [NP_HOLE_PUBLIC] = fill_public,
    [NP_HOLE_PRIVATE] = fill_private,
    [NP_HOLE_COMMA] = fill_comma,
};

void np_text_fill(struct np_buf *buf, const struct np_text *text, const struct np_fill *fill)
{
    const struct filling filling = {buf, fill, text->json};
    size_t start = buf->len;
    for (size_t i = 0; i < text->count; i++) {
        const struct np_segment *segment = &text->segments[i];
        np_buf_add_span(buf, segment->text);
        if (segment->hole == NP_HOLE_OPTIONAL)
            i += fill->parameters[segment->b].given ? 0 : segment->a;
        else if (segment->hole != NP_HOLE_NONE)
            fillers[segment->hole](&filling, segment);
    }
    if (text->null_if_bare && buf->error == 0 && buf->len == start + 2) { /* "{}" */
        buf->len = start;
        np_buf_add_str(buf, "null");
    }
}
