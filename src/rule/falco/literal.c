/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a check as literals of the IR: read by the type of the field, written by the operator. */
#include "codec/fold.h"
#include "rule/falco/operand.h"
#include "rule/falco/parse.h"
#include "rule/falco/posix.h"

static int refuse(struct np_falco_compiler *compiler, const struct np_falco_term *value,
                  const char *wanted)
{
    return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_VALUE, value->offset, "'%.*s' is no %s",
                           NP_SPAN_ARGS(value->text), wanted);
}

/* ---- texts */

static void set_pattern(struct np_literal *literal, enum np_pattern_kind kind, struct np_span text)
{
    *literal =
        (struct np_literal){.kind = NP_LITERAL_PATTERN, .pattern = {.kind = kind, .text = text}};
}

static void set_compare(struct np_literal *literal, enum np_compare how, struct np_span text)
{
    *literal =
        (struct np_literal){.kind = NP_LITERAL_COMPARE, .compare = {.how = how, .text = text}};
}

static int set_lower(struct np_falco_compiler *compiler, struct np_span text,
                     struct np_literal *out_literal)
{
    char *lower = np_arena_strdup(&compiler->arena, text);
    if (lower == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < text.len; i++)
        lower[i] = np_fold_byte(lower[i]);
    set_compare(out_literal, NP_COMPARE_ICONTAINS, np_span_make(lower, text.len));
    return 0;
}

/* A pattern with nothing but "*" in it is one that the index can look for. */
static int set_glob(struct np_falco_compiler *compiler, struct np_span text,
                    struct np_literal *out_literal)
{
    size_t stars = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '?' || text.ptr[i] == '[' || text.ptr[i] == '\\') {
            set_compare(out_literal, NP_COMPARE_GLOB, text);
            return 0;
        }
        stars += text.ptr[i] == '*';
    }
    if (stars > 0 && stars == text.len) {
        set_pattern(out_literal, NP_PATTERN_PREFIX, (struct np_span){});
        return 0;
    }
    size_t count = 0;
    struct np_pattern_part *parts =
        np_arena_alloc(&compiler->arena, (2 * stars + 1) * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    while (text.len > 0) {
        const char *star = memchr(text.ptr, '*', text.len);
        size_t len = star != NULL ? (size_t) (star - text.ptr) : text.len;
        parts[count++] = (struct np_pattern_part){NP_PART_LITERAL, np_span_head(text, len)};
        if (star != NULL)
            parts[count++] = (struct np_pattern_part){.kind = NP_PART_RUN};
        text = np_span_from(text, len + 1);
    }
    *out_literal = (struct np_literal){.kind = NP_LITERAL_PATTERN};
    return np_pattern_make(&out_literal->pattern, &compiler->arena, parts, count, false);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = np_fold_byte(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static int set_hex(struct np_falco_compiler *compiler, const struct np_falco_term *value,
                   enum np_pattern_kind kind, struct np_literal *out_literal)
{
    struct np_span text = value->text;
    char *bytes = np_arena_alloc(&compiler->arena, text.len / 2);
    if (bytes == NULL)
        return -ENOMEM;
    bool fits = text.len % 2 == 0 && text.len > 0;
    for (size_t i = 0; i + 1 < text.len && fits; i += 2) {
        int high = hex_digit(text.ptr[i]);
        int low = hex_digit(text.ptr[i + 1]);
        fits = high >= 0 && low >= 0;
        bytes[i / 2] = (char) (high * 16 + low);
    }
    if (!fits)
        return refuse(compiler, value, "row of bytes in hexadecimal digits");
    set_pattern(out_literal, kind, np_span_make(bytes, text.len / 2));
    return 0;
}

static int set_regex(struct np_falco_compiler *compiler, const struct np_falco_term *value,
                     struct np_literal *out_literal)
{
    struct np_buf pattern;
    struct np_err err;
    size_t offset = 0;
    np_buf_init(&pattern, NP_REGEX_PATTERN_MAX_BYTES);
    *out_literal = (struct np_literal){.kind = NP_LITERAL_REGEX, .regex = {.multi_line = true}};
    int r = np_falco_posix_translate(&pattern, value->text, &err);
    if (r == 0) {
        out_literal->regex.pattern = np_buf_span(&pattern);
        r = np_arena_keep(&compiler->arena, &out_literal->regex.pattern);
    }
    if (r == 0)
        r = np_regex_check(&out_literal->regex, &offset, &err);
    np_buf_done(&pattern);
    if (r == -EINVAL)
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_VALUE, value->offset, "%s", err.msg);
    return np_falco_tell_size(compiler, value->offset, r);
}

static int make_text(struct np_falco_compiler *compiler, enum np_falco_op op,
                     const struct np_falco_term *value, struct np_literal *out_literal)
{
    struct np_span text = value->text;
    switch (op) {
    case NP_FALCO_OP_CONTAINS: /* the empty text is in every one */
        set_pattern(out_literal, text.len > 0 ? NP_PATTERN_CONTAINS : NP_PATTERN_PREFIX, text);
        return 0;
    case NP_FALCO_OP_STARTSWITH:
        set_pattern(out_literal, NP_PATTERN_PREFIX, text);
        return 0;
    case NP_FALCO_OP_ENDSWITH:
        set_pattern(out_literal, NP_PATTERN_SUFFIX, text);
        return 0;
    case NP_FALCO_OP_ICONTAINS:
        return set_lower(compiler, text, out_literal);
    case NP_FALCO_OP_BCONTAINS:
        return set_hex(compiler, value, NP_PATTERN_CONTAINS, out_literal);
    case NP_FALCO_OP_BSTARTSWITH:
        return set_hex(compiler, value, NP_PATTERN_PREFIX, out_literal);
    case NP_FALCO_OP_GLOB:
        return set_glob(compiler, text, out_literal);
    case NP_FALCO_OP_IGLOB:
        set_compare(out_literal, NP_COMPARE_IGLOB, text);
        return 0;
    case NP_FALCO_OP_REGEX:
        return set_regex(compiler, value, out_literal);
    case NP_FALCO_OP_PMATCH:
        set_compare(out_literal, NP_COMPARE_PATH, text);
        return 0;
    default:
        set_pattern(out_literal, NP_PATTERN_EXACT, text);
        return 0;
    }
}

/* ---- other types */

/* An integer as C writes it: a sign, "0x" and hexadecimal, or decimal digits. */
static bool read_integer(struct np_span text, struct np_number *out_number)
{
    bool negative = np_span_starts(text, NP_SPAN("-"));
    bool is_signed = negative || np_span_starts(text, NP_SPAN("+"));
    struct np_span digits = np_span_from(text, is_signed ? 1 : 0);
    bool is_hex = np_span_starts(digits, NP_SPAN("0x")) || np_span_starts(digits, NP_SPAN("0X"));
    digits = np_span_from(digits, is_hex ? 2 : 0);
    uint64_t value = 0;
    unsigned base = is_hex ? 16 : 10;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = hex_digit(digits.ptr[i]);
        if (digit < 0 || digit >= (int) base || value > (UINT64_MAX - (unsigned) digit) / base)
            return false;
        value = value * base + (unsigned) digit;
    }
    if (digits.len == 0 || (negative && value > (uint64_t) INT64_MAX + 1))
        return false;
    if (negative)
        *out_number =
            (struct np_number){.kind = NP_NUMBER_INT, .integer = (int64_t) (UINT64_C(0) - value)};
    else
        *out_number =
            np_number_canonical((struct np_number){.kind = NP_NUMBER_UINT, .uinteger = value});
    return true;
}

static bool read_number(struct np_span text, struct np_number *out_number)
{
    return read_integer(text, out_number) || np_number_parse(text, out_number);
}

static int make_number(struct np_falco_compiler *compiler, const struct np_falco_term *value,
                       struct np_literal *out_literal)
{
    *out_literal = (struct np_literal){.kind = NP_LITERAL_NUMBER};
    return read_number(value->text, &out_literal->number) ? 0 : refuse(compiler, value, "number");
}

static int make_bool(struct np_falco_compiler *compiler, const struct np_falco_term *value,
                     struct np_literal *out_literal)
{
    if (!np_span_is(value->text, "true") && !np_span_is(value->text, "false"))
        return refuse(compiler, value, "true or false");
    set_pattern(out_literal, NP_PATTERN_EXACT, value->text);
    return 0;
}

static int make_address(struct np_falco_compiler *compiler, const struct np_falco_term *value,
                        bool takes_network, struct np_literal *out_literal)
{
    struct np_span text = value->text;
    bool is_network = text.len > 0 && memchr(text.ptr, '/', text.len) != NULL;
    *out_literal = (struct np_literal){.kind = NP_LITERAL_CIDR};
    if (is_network && !takes_network)
        return refuse(compiler, value, "address; fields like fd.net take networks");
    return np_cidr_parse(text, &out_literal->cidr) ? 0 : refuse(compiler, value, "address");
}

static bool is_order(enum np_falco_op op)
{
    return op >= NP_FALCO_OP_LESS && op <= NP_FALCO_OP_GREATER_EQUAL;
}

static int make_order(struct np_falco_compiler *compiler, const struct np_falco_operand *operand,
                      const struct np_falco_node *check, const struct np_falco_term *value,
                      struct np_literal *out_literal)
{
    static const enum np_compare of_texts[] = {
        [NP_FALCO_OP_LESS] = NP_COMPARE_LESS,
        [NP_FALCO_OP_LESS_EQUAL] = NP_COMPARE_LESS_EQUAL,
        [NP_FALCO_OP_GREATER] = NP_COMPARE_GREATER,
        [NP_FALCO_OP_GREATER_EQUAL] = NP_COMPARE_GREATER_EQUAL,
    };
    if (operand->type != NP_FALCO_STRING || operand->is_raw)
        return make_number(compiler, value, out_literal);
    set_compare(out_literal, of_texts[check->op], value->text);
    return 0;
}

int np_falco_literal_make(struct np_falco_compiler *compiler,
                          const struct np_falco_operand *operand, const struct np_falco_node *check,
                          const struct np_falco_term *value, struct np_literal *out_literal)
{
    struct np_number number;
    if (is_order(check->op))
        return make_order(compiler, operand, check, value, out_literal);
    switch (operand->type) {
    case NP_FALCO_NUMBER:
    case NP_FALCO_TIME:
        return make_number(compiler, value, out_literal);
    case NP_FALCO_BOOL:
        return make_bool(compiler, value, out_literal);
    case NP_FALCO_ADDRESS:
    case NP_FALCO_NET:
        return make_address(compiler, value, operand->type == NP_FALCO_NET, out_literal);
    case NP_FALCO_STRING:
    case NP_FALCO_BYTES:
        break;
    }
    bool is_equality = check->op == NP_FALCO_OP_EQUAL || check->op == NP_FALCO_OP_NOT_EQUAL ||
                       check->op == NP_FALCO_OP_IN;
    if (operand->is_raw && is_equality && read_number(value->text, &number))
        return make_number(compiler, value, out_literal);
    return make_text(compiler, check->op, value, out_literal);
}
