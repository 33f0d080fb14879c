/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See posix.h. One pass; only three things need care: an escape, a set in brackets, and a repetition of a repetition, which PCRE2
 * takes for a modifier of the first.
 */
#include "rule/falco/posix.h"

struct translator {
    struct np_buf *out;
    struct np_span rest;
    struct np_err *err;
    size_t open; /* parentheses */
    char repeat; /* the repetition just written, '{' for one with numbers, 0 = none */
};

enum { REPEAT_MAX = 1000 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void copy(struct translator *translator, size_t len)
{
    (void) np_buf_add_span(translator->out, np_span_head(translator->rest, len));
    translator->rest = np_span_from(translator->rest, len);
}

static int translate_octal(struct translator *translator)
{
    enum { DIGITS_MAX = 3 };
    struct np_span rest = np_span_from(translator->rest, 1);
    unsigned value = 0;
    size_t len = 0;
    while (len < DIGITS_MAX && len < rest.len && is_octal(rest.ptr[len]))
        value = value * 8 + (unsigned) (rest.ptr[len++] - '0');
    if (len == 0 || (len == 1 && rest.ptr[0] != '0'))
        return np_fail(translator->err, -EINVAL,
                       "regular expressions cannot go back to a group here");
    (void) np_buf_printf(translator->out, "\\x{%x}", value);
    translator->rest = np_span_from(rest, len);
    return 0;
}

/* The backslash and what it makes of the next character. */
static int translate_escape(struct translator *translator)
{
    struct np_span rest = translator->rest;
    char c = rest.len > 1 ? rest.ptr[1] : '\0';
    if (is_digit(c))
        return translate_octal(translator);
    if (c == 'v') { /* any vertical white space to PCRE2 */
        (void) np_buf_add_str(translator->out, "\\x0b");
        translator->rest = np_span_from(rest, 2);
        return 0;
    }
    bool is_known = c != '\0' && strchr("afnrtx", c) != NULL;
    bool is_sign = c > ' ' && c < 0x7f && !is_letter(c) && c != '_';
    if (!is_known && !is_sign && c != ' ')
        return np_fail(translator->err, -EINVAL,
                       "the regular expression has an escape that POSIX syntax does not have");
    copy(translator, 2);
    return 0;
}

/* One element of a set: a class, an escape or a character. */
static int translate_in_set(struct translator *translator)
{
    struct np_span rest = translator->rest;
    if (rest.ptr[0] == '\\')
        return translate_escape(translator);
    if (!np_span_starts(rest, NP_SPAN("[")))
        copy(translator, 1);
    else if (np_span_starts(rest, NP_SPAN("[:")) && memmem(rest.ptr, rest.len, ":]", 2) != NULL)
        copy(translator,
             (size_t) ((const char *) memmem(rest.ptr, rest.len, ":]", 2) - rest.ptr) + 2);
    else { /* PCRE2 might see a collating element */
        (void) np_buf_add_char(translator->out, '\\');
        copy(translator, 1);
    }
    return 0;
}

static int translate_set(struct translator *translator)
{
    copy(translator, np_span_starts(translator->rest, NP_SPAN("[^")) ? 2 : 1);
    int r = 0;
    for (bool is_first = true; r == 0; is_first = false) {
        if (translator->rest.len == 0)
            return np_fail(translator->err, -EINVAL,
                           "the regular expression has a '[' without ']'");
        if (!is_first && translator->rest.ptr[0] == ']')
            break;
        r = translate_in_set(translator);
    }
    copy(translator, r == 0 ? 1 : 0);
    return r;
}

/* How long the repetition with numbers is that `text` begins with; 0 = it is none. `*out_most` is its larger number. */
static size_t counted_len(struct np_span text, unsigned *out_most)
{
    size_t len = 1;
    unsigned number = 0;
    *out_most = 0;
    for (; len < text.len && text.ptr[len] != '}'; len++) {
        if (text.ptr[len] == ',' && len > 1 && memchr(text.ptr, ',', len) == NULL)
            number = 0;
        else if (is_digit(text.ptr[len]))
            number = number > REPEAT_MAX ? number : number * 10 + (unsigned) (text.ptr[len] - '0');
        else
            return 0;
        *out_most = NP_MAX(*out_most, number);
    }
    return len < text.len && len > 1 ? len + 1 : 0;
}

/* "a*?" is "(a*)?": what a repetition of a repetition comes down to. */
static int repeat_again(struct translator *translator, char again)
{
    char first = translator->repeat;
    if (first == '{' || again == '{')
        return np_fail(translator->err, -EINVAL, "the regular expression repeats what is counted");
    translator->repeat = first == again ? first : '*';
    if (translator->out->error == 0)
        translator->out->data[translator->out->len - 1] = translator->repeat;
    translator->rest = np_span_from(translator->rest, 1);
    return 0;
}

static int translate_repeat(struct translator *translator, size_t len)
{
    char repeat = translator->rest.ptr[0];
    if (translator->repeat != 0)
        return repeat_again(translator, repeat);
    copy(translator, len);
    translator->repeat = repeat;
    return 0;
}

static int translate_open(struct translator *translator)
{
    struct np_span rest = np_span_from(translator->rest, 1);
    if (rest.len > 0 && (rest.ptr[0] == '?' || rest.ptr[0] == '*' || rest.ptr[0] == '+'))
        return np_fail(translator->err, -EINVAL,
                       "the regular expression has a '(%c', which POSIX syntax does not have",
                       rest.ptr[0]);
    translator->open++;
    copy(translator, 1);
    return 0;
}

static int translate_close(struct translator *translator)
{
    if (translator->open == 0)
        return np_fail(translator->err, -EINVAL, "the regular expression has a ')' without '('");
    translator->open--;
    copy(translator, 1);
    return 0;
}

static int translate_brace(struct translator *translator)
{
    unsigned most = 0;
    size_t len = counted_len(translator->rest, &most);
    if (most > REPEAT_MAX && len > 0)
        return np_fail(translator->err, -EINVAL,
                       "the regular expression repeats more than %d times", REPEAT_MAX);
    if (len > 0)
        return translate_repeat(translator, len);
    translator->repeat = 0;
    (void) np_buf_add_char(translator->out, '\\');
    copy(translator, 1);
    return 0;
}

static int translate_one(struct translator *translator)
{
    char c = translator->rest.ptr[0];
    if (c == '*' || c == '+' || c == '?')
        return translate_repeat(translator, 1);
    if (c == '{')
        return translate_brace(translator);
    translator->repeat = 0;
    switch (c) {
    case '\\':
        return translate_escape(translator);
    case '[':
        return translate_set(translator);
    case '(':
        return translate_open(translator);
    case ')':
        return translate_close(translator);
    default:
        copy(translator, 1);
        return 0;
    }
}

int np_falco_posix_translate(struct np_buf *out, struct np_span pattern, struct np_err *err)
{
    struct translator translator = {.out = out, .rest = pattern, .err = err};
    int r = np_buf_add_str(out, "\\A(?:");
    while (translator.rest.len > 0 && r == 0)
        r = translate_one(&translator);
    if (r == 0 && translator.open > 0)
        r = np_fail(err, -EINVAL, "the regular expression has a '(' without ')'");
    return r < 0 ? r : np_buf_add_str(out, ")\\z");
}
