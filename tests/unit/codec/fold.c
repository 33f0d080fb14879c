/* SPDX-License-Identifier: Apache-2.0 */
/* Case folding: what it makes of each alphabet, and that the ways around it come to the same. */
#include "support/unit.h"

#include <errno.h>
#include <utf8proc.h>

#include "base/alloc.h"
#include "codec/fold.h"

enum { LEN_MAX = 70 };

static struct np_span fold(struct np_buf *buf, struct np_span text)
{
    np_buf_reset(buf);
    assert_int_equal(np_fold_append(buf, text), 0);
    return np_buf_span(buf);
}

static void folds_every_alphabet(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *folded;
    } cases[] = {
        {"", ""},
        {"AZaz09@[`{", "azaz09@[`{"},
        {"Straße", "strasse"},
        {"STRASSE", "strasse"},
        {"ẞ", "ss"},
        {"İ", "i̇"},
        {"I", "i"},
        {"ı", "ı"},
        {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
        {"σίσυφος", "σίσυφοσ"},
        {"ПРИВЕТ", "привет"},
        {"\xe2\x84\xaa", "k"}, /* KELVIN SIGN */
        {"ſ", "s"},
        {"ﬀ", "ff"},
        {"日本", "日本"},
        {"é", "é"},                 /* composed ... */
        {"e\xcc\x81", "e\xcc\x81"}, /* ... and not: no normalisation */
    };
    struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_span_equal(fold(&buf, np_span_of(cases[i].text)), cases[i].folded);
    np_buf_done(&buf);
}

static void passes_what_is_no_utf8(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *folded;
    } cases[] = {
        {"\xff", "\xff"},
        {"A\xffZ", "a\xffz"},
        {"\xc3", "\xc3"},                 /* cut short */
        {"\xe2\x84Z", "\xe2\x84z"},       /* cut short, then a letter */
        {"\xc1\x81", "\xc1\x81"},         /* overlong 'A' */
        {"\xed\xa0\x80", "\xed\xa0\x80"}, /* surrogate */
        {"\xf4\x90\x80\x80", "\xf4\x90\x80\x80"},
        {"\x80\xd0\x9f", "\x80\xd0\xbf"}, /* goes on behind it */
    };
    struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_span_equal(fold(&buf, np_span_of(cases[i].text)), cases[i].folded);
    assert_int_equal(fold(&buf, np_span_make("\0A", 2)).len, 2);
    assert_memory_equal(buf.data, "\0a", 2);
    np_buf_done(&buf);
}

static void folds_twice_as_once_and_grows_within_bounds(void **state)
{
    (void) state;
    struct np_buf once;
    struct np_buf twice;
    np_buf_init(&once, SIZE_MAX / 2);
    np_buf_init(&twice, SIZE_MAX / 2);
    for (utf8proc_int32_t code = 0; code <= 0x10ffff; code++) {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t len = utf8proc_encode_char(code, bytes);
        struct np_span folded = fold(&once, np_span_make((const char *) bytes, (size_t) len));
        struct np_span again = fold(&twice, folded);
        if (!np_span_eq(folded, again))
            fail_msg("U+%04X", (unsigned) code);
        assert_true(folded.len <= (size_t) len * NP_FOLD_GROWTH_MAX);
    }
    np_buf_done(&once);
    np_buf_done(&twice);
}

static void tells_ascii_at_every_length_and_place(void **state)
{
    (void) state;
    char text[LEN_MAX];
    memset(text, 'x', sizeof(text));
    for (size_t len = 0; len <= LEN_MAX; len++) {
        assert_true(np_fold_is_ascii(np_span_make(text, len)));
        for (size_t i = 0; i < len; i++) {
            text[i] = '\x80';
            assert_false(np_fold_is_ascii(np_span_make(text, len)));
            text[i] = 'x';
        }
    }
    assert_true(np_fold_is_ascii((struct np_span){}));
}

static void compares_and_hashes_at_every_length(void **state)
{
    (void) state;
    char text[LEN_MAX];
    char folded[LEN_MAX];
    for (size_t i = 0; i < LEN_MAX; i++) {
        text[i] = (char) ('@' + i % 60); /* letters of both cases, and what stands around them */
        folded[i] = np_fold_byte(text[i]);
    }
    for (size_t len = 0; len <= LEN_MAX; len++) {
        struct np_span a = np_span_make(text, len);
        struct np_span b = np_span_make(folded, len);
        assert_true(np_fold_ascii_eq(a, b));
        assert_int_equal(np_fold_ascii_hash(a), np_fold_ascii_hash(b));
        assert_false(np_fold_ascii_eq(a, np_span_make(folded, len + (len < LEN_MAX ? 1 : -1ul))));
        for (size_t i = 0; i < len; i++) {
            folded[i] ^= 0x10;
            assert_false(np_fold_ascii_eq(a, b));
            assert_int_not_equal(np_fold_ascii_hash(a), np_fold_ascii_hash(b));
            folded[i] ^= 0x10;
        }
    }
}

static void folds_only_letters(void **state)
{
    (void) state;
    for (unsigned c = 0; c < 256; c++) {
        char byte = (char) c;
        char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : byte;
        assert_int_equal(np_fold_byte(byte), lower);
        for (unsigned place = 0; place < 64; place += 8) {
            uint64_t word = np_fold_word((uint64_t) c << place);
            assert_int_equal(word, (uint64_t) (unsigned char) lower << place);
        }
    }
}

static void finds_at_every_place(void **state)
{
    (void) state;
    static const char needles[][20] = {"n", "ne", "needle", "needle in hay", "a[z{ needle b`z"};
    char text[LEN_MAX];
    for (size_t i = 0; i < NP_ARRAY_LEN(needles); i++) {
        struct np_span needle = np_span_of(needles[i]);
        for (size_t len = needle.len; len <= LEN_MAX; len++)
            for (size_t at = 0; at + needle.len <= len; at++) {
                memset(text, 'N', sizeof(text)); /* fits the first letter everywhere */
                for (size_t j = 0; j < needle.len; j++) {
                    char c = needle.ptr[j];
                    text[at + j] = c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
                }
                size_t expected = needle.len == 1 ? 0 : at;
                assert_int_equal(np_fold_ascii_find(np_span_make(text, len), needle), expected);
                if (needle.len > 1)
                    assert_int_equal(
                        np_fold_ascii_find(np_span_make(text, at + needle.len - 1), needle),
                        NP_FOLD_NOT_FOUND);
            }
    }
}

static void finds_the_empty_text_at_the_start(void **state)
{
    (void) state;
    assert_int_equal(np_fold_ascii_find(NP_SPAN("abc"), NP_SPAN("")), 0);
    assert_int_equal(np_fold_ascii_find((struct np_span){}, NP_SPAN("")), 0);
    assert_int_equal(np_fold_ascii_find((struct np_span){}, NP_SPAN("a")), NP_FOLD_NOT_FOUND);
}

static void leaves_the_buffer_alone_when_it_fails(void **state)
{
    (void) state;
    struct np_buf buf;
    np_buf_init(&buf, 10);
    assert_int_equal(np_fold_append(&buf, NP_SPAN("ABC")), 0);
    assert_int_equal(np_fold_append(&buf, NP_SPAN("DEF")), -E2BIG);
    assert_span_equal(np_buf_span(&buf), "abc");
    np_buf_done(&buf);
    np_buf_init(&buf, SIZE_MAX / 2);
    np_alloc_fail_at(0);
    assert_int_equal(np_fold_append(&buf, NP_SPAN("ABC")), -ENOMEM);
    assert_int_equal(buf.len, 0);
    np_buf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_every_alphabet),
        cmocka_unit_test(passes_what_is_no_utf8),
        cmocka_unit_test(folds_twice_as_once_and_grows_within_bounds),
        cmocka_unit_test(tells_ascii_at_every_length_and_place),
        cmocka_unit_test(compares_and_hashes_at_every_length),
        cmocka_unit_test(folds_only_letters),
        cmocka_unit_test(finds_at_every_place),
        cmocka_unit_test(finds_the_empty_text_at_the_start),
        cmocka_unit_test(leaves_the_buffer_alone_when_it_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
