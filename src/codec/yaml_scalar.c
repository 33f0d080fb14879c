/* SPDX-License-Identifier: Apache-2.0 */
/* What plain scalars mean: the core schema of YAML 1.2.2, section 10.3.2. */
#include "codec/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

static bool is_one_of(struct np_span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_span_is(text, words[i]))
            return true;
    return false;
}

static const char *const null_words[] = {"", "~", "null", "Null", "NULL"};
static const char *const true_words[] = {"true", "True", "TRUE"};
static const char *const false_words[] = {"false", "False", "FALSE"};
static const char *const special_floats[] = {
    ".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
    "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN",
};

static bool is_digit(char c, unsigned base)
{
    if (c >= '0' && c <= '9')
        return (unsigned) (c - '0') < base;
    return base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
}

/* Takes the digits at the start of `*text` off; false where there are none. */
static bool skip_digits(struct np_span *text, unsigned base)
{
    size_t n = 0;
    while (n < text->len && is_digit(text->ptr[n], base))
        n++;
    *text = np_span_from(*text, n);
    return n > 0;
}

static bool skip_char(struct np_span *text, const char *chars)
{
    if (text->len == 0 || strchr(chars, text->ptr[0]) == NULL || text->ptr[0] == '\0')
        return false;
    *text = np_span_from(*text, 1);
    return true;
}

/* The base of an integer: 8, 10 or 16; 0 where the text is none. */
static unsigned integer_base(struct np_span text)
{
    unsigned base = 10;
    if (np_span_starts(text, NP_SPAN("0x")) || np_span_starts(text, NP_SPAN("0o"))) {
        base = text.ptr[1] == 'x' ? 16 : 8;
        text = np_span_from(text, 2);
    } else {
        (void) skip_char(&text, "+-"); /* may be there */
    }
    return skip_digits(&text, base) && text.len == 0 ? base : 0;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(struct np_span text)
{
    if (is_one_of(text, special_floats, NP_ARRAY_LEN(special_floats)))
        return true;
    (void) skip_char(&text, "+-");
    bool before = skip_digits(&text, 10);
    bool after = skip_char(&text, ".") && skip_digits(&text, 10);
    if (!before && !after)
        return false;
    if (skip_char(&text, "eE")) {
        (void) skip_char(&text, "+-");
        if (!skip_digits(&text, 10))
            return false;
    }
    return text.len == 0;
}

enum np_yaml_type np_yaml_type(const struct np_yaml_node *scalar)
{
    struct np_span text = scalar->text;
    if (!scalar->plain)
        return NP_YAML_TEXT;
    if (is_one_of(text, null_words, NP_ARRAY_LEN(null_words)))
        return NP_YAML_NULL;
    if (is_one_of(text, true_words, NP_ARRAY_LEN(true_words)) ||
        is_one_of(text, false_words, NP_ARRAY_LEN(false_words)))
        return NP_YAML_BOOL;
    if (integer_base(text) != 0)
        return NP_YAML_INT;
    return is_float(text) ? NP_YAML_FLOAT : NP_YAML_TEXT;
}

bool np_yaml_bool(const struct np_yaml_node *scalar)
{
    return is_one_of(scalar->text, true_words, NP_ARRAY_LEN(true_words));
}

static bool read_integer(struct np_span text, unsigned base, struct np_number *number)
{
    bool negative = text.ptr[0] == '-';
    const char *digits = text.ptr + (base == 10 ? strspn(text.ptr, "+-") : 2);
    errno = 0;
    unsigned long long magnitude = strtoull(digits, NULL, (int) base);
    if (errno == ERANGE || (negative && magnitude > (unsigned long long) INT64_MAX + 1))
        return false;
    if (!negative && magnitude > INT64_MAX) {
        *number = (struct np_number){.kind = NP_NUMBER_UINT, .uinteger = magnitude};
        return true;
    }
    int64_t integer = negative ? (int64_t) (0 - magnitude) : (int64_t) magnitude;
    *number = (struct np_number){.kind = NP_NUMBER_INT, .integer = integer};
    return true;
}

bool np_yaml_number(const struct np_yaml_node *scalar, struct np_number *out_number)
{
    struct np_span text = scalar->text;
    unsigned base = scalar->plain ? integer_base(text) : 0;
    if (base != 0)
        return read_integer(text, base, out_number);
    if (!scalar->plain || !is_float(text))
        return false;
    double real = strtod(text.ptr, NULL);
    if (!isfinite(real) || strpbrk(text.ptr, "0123456789") == NULL) /* ".inf" reads as 0 */
        return false;
    *out_number = (struct np_number){.kind = NP_NUMBER_DOUBLE, .real = real};
    return true;
}
