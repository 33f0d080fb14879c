/* SPDX-License-Identifier: Apache-2.0 */
/* See number.h. A double is compared with an integer by its whole part first, which is exact. */
#include "codec/number.h"

#include <stdlib.h>

/* Powers of two, as doubles exact: the first values that int64 and uint64 do not reach. */
#define TWO_TO_63 9223372036854775808.0
#define TWO_TO_64 18446744073709551616.0

static size_t skip_digits(struct np_span text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at;
}

static bool char_is(struct np_span text, size_t at, char c)
{
    return at < text.len && text.ptr[at] == c;
}

/* Where the fraction and the exponent that begin at `at` end; 0 where they are not well formed. */
static size_t skip_fraction(struct np_span text, size_t at)
{
    if (char_is(text, at, '.')) {
        size_t end = skip_digits(text, at + 1);
        if (end == at + 1)
            return 0;
        at = end;
    }
    if (char_is(text, at, 'e') || char_is(text, at, 'E')) {
        at++;
        if (char_is(text, at, '+') || char_is(text, at, '-'))
            at++;
        size_t end = skip_digits(text, at);
        if (end == at)
            return 0;
        at = end;
    }
    return at;
}

/* Reads digits as an integer; false where it does not fit. */
static bool parse_integer(struct np_span digits, bool negative, struct np_number *out_number)
{
    uint64_t number = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (__builtin_mul_overflow(number, UINT64_C(10), &number) ||
            __builtin_add_overflow(number, (uint64_t) (digits.ptr[i] - '0'), &number))
            return false;
    if (negative && number > (uint64_t) INT64_MAX + 1)
        return false;
    if (!negative && number > INT64_MAX)
        *out_number = (struct np_number){.kind = NP_NUMBER_UINT, .uinteger = number};
    else
        *out_number = (struct np_number){.kind = NP_NUMBER_INT,
                                         .integer = (int64_t) (negative ? -number : number)};
    return true;
}

bool np_number_parse(struct np_span text, struct np_number *out_number)
{
    bool negative = char_is(text, 0, '-');
    size_t start = negative ? 1 : 0;
    size_t end = skip_digits(text, start);
    if (end == start || (end > start + 1 && text.ptr[start] == '0'))
        return false;
    if (end == text.len &&
        parse_integer(np_span_make(text.ptr + start, end - start), negative, out_number))
        return true;
    if (text.len > NP_NUMBER_TEXT_MAX_BYTES || skip_fraction(text, end) != text.len)
        return false;
    char copy[NP_NUMBER_TEXT_MAX_BYTES + 1];
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *out_number = (struct np_number){.kind = NP_NUMBER_DOUBLE, .real = strtod(copy, NULL)};
    return true;
}

bool np_number_of_value(const struct np_value *value, struct np_number *out_number)
{
    switch ((enum np_value_kind) value->kind) {
    case NP_VALUE_INT:
        *out_number = (struct np_number){.kind = NP_NUMBER_INT, .integer = value->integer};
        return true;
    case NP_VALUE_UINT:
        *out_number = (struct np_number){.kind = NP_NUMBER_UINT, .uinteger = value->uinteger};
        return true;
    case NP_VALUE_DOUBLE:
        if (value->real != value->real) /* no number to compare with */
            return false;
        *out_number = (struct np_number){.kind = NP_NUMBER_DOUBLE, .real = value->real};
        return true;
    case NP_VALUE_TEXT:
        return np_number_parse(value->text, out_number);
    case NP_VALUE_ABSENT:
    case NP_VALUE_NULL:
    case NP_VALUE_BOOL:
    case NP_VALUE_ADDRESS:
    case NP_VALUE_LIST:
    case NP_VALUE_OBJECT:
    case NP_VALUE_KIND_MAX:
        break;
    }
    return false;
}

struct np_number np_number_canonical(struct np_number number)
{
    if (number.kind == NP_NUMBER_UINT && number.uinteger <= INT64_MAX)
        return (struct np_number){.kind = NP_NUMBER_INT, .integer = (int64_t) number.uinteger};
    if (number.kind != NP_NUMBER_DOUBLE)
        return number;
    if (number.real >= -TWO_TO_63 && number.real < TWO_TO_63) {
        int64_t whole = (int64_t) number.real;
        if ((double) whole == number.real)
            return (struct np_number){.kind = NP_NUMBER_INT, .integer = whole};
    } else if (number.real >= 0 && number.real < TWO_TO_64) { /* doubles of this size are whole */
        return (struct np_number){.kind = NP_NUMBER_UINT, .uinteger = (uint64_t) number.real};
    }
    return number;
}

static int order(bool less, bool more)
{
    return (int) more - (int) less;
}

/* Compares an integer in canonical form with a double in canonical form. */
static int compare_integer(struct np_number integer, double real)
{
    if (real >= TWO_TO_64)
        return -1;
    if (real < -TWO_TO_63 || integer.kind == NP_NUMBER_UINT)
        return 1;
    /*
     * The double has a fraction, so cutting it moves it towards zero to a neighbour of the
     * integers.
     */
    int64_t whole = (int64_t) real;
    if (real > 0)
        return integer.integer <= whole ? -1 : 1;
    return integer.integer >= whole ? 1 : -1;
}

int np_number_compare(struct np_number a, struct np_number b)
{
    a = np_number_canonical(a);
    b = np_number_canonical(b);
    if (a.kind == NP_NUMBER_DOUBLE && b.kind == NP_NUMBER_DOUBLE)
        return order(a.real<b.real, a.real> b.real);
    if (a.kind == NP_NUMBER_DOUBLE)
        return -compare_integer(b, a.real);
    if (b.kind == NP_NUMBER_DOUBLE)
        return compare_integer(a, b.real);
    if (a.kind != b.kind) /* a UINT in canonical form is above every INT */
        return a.kind == NP_NUMBER_INT ? -1 : 1;
    if (a.kind == NP_NUMBER_INT)
        return order(a.integer<b.integer, a.integer> b.integer);
    return order(a.uinteger<b.uinteger, a.uinteger> b.uinteger);
}
