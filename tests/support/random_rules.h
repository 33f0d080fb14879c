/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random rules and random events for the tests of the index. Choices come from a generator with a
 * seed, or from bytes that a fuzzer gives. Alphabets are small, so that rules and events meet.
 */
#pragma once

#include "fake_event.h"
#include "ir_kit.h"

enum { RANDOM_RULES_MAX = 40, RANDOM_LITERALS_MAX = 9, RANDOM_ITEMS_MAX = 3, RANDOM_TEXT_MAX = 24 };

/* Where choices come from: `bytes`, or, where that is NULL, the generator. */
struct random {
    uint64_t state;
    const uint8_t *bytes;
    size_t len;
};

static inline uint32_t random_below(struct random *random, uint32_t limit)
{
    if (random->bytes != NULL) {
        if (random->len == 0)
            return 0;
        random->len--;
        return *random->bytes++ % limit;
    }
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (uint32_t) (random->state >> 32) % limit;
}

static inline const char *random_pick(struct random *random, const char *const *texts, size_t count)
{
    return texts[random_below(random, (uint32_t) count)];
}

#define RANDOM_PICK(random, texts) random_pick((random), (texts), NP_ARRAY_LEN(texts))

/* Words that meet in part, in other case, in other alphabets, as numbers and as addresses. */
static const char *const random_words[] = {
    "",
    "a",
    "A",
    "ab",
    "Create",
    "createuser",
    "CreateUser",
    "User",
    "DeleteUser",
    "CREATEUSER",
    "iam.amazonaws.com",
    "IAM.amazonaws.com",
    "straße",
    "STRASSE",
    "Strasse",
    "ΣΊΣΥΦΟΣ",
    "σίσυφος",
    "İstanbul",
    "istanbul",
    "user/ПРИВЕТ",
    "привет",
    "1",
    "1.0",
    "10",
    "1e1",
    "9007199254740993",
    "true",
    "True",
    "10.1.2.3",
    "10.1.9.9",
    "::ffff:10.1.2.3",
    "\xff\xfe",
    "a\xffz",
    "kK",
    "\xe2\x84\xaa",
    "xxCreateUseryy",
    "null",
    "2023-07-10T11:45:01Z",
    "2023-01-01",
    "1688989501",
    "\xe2\x80\x94kK",
};

static const char *const random_patterns[] = {
    "*",          "?",       "??",       "a*",          "*User",    "*user*",    "create*",
    "*e?t*",      "C*U*r",   "*amazon*", "*stra?e*",    "*ß*",      "*ss*",      "*ΊΣ*",
    "*привет",    "1*",      "*.0",      "*\xff*",      "*k*",      "iam.*.com", "*createuser*",
    "?reateUser", "*10.1.*", "*İ*",      "*:\"Create*", "*ПРИВЕТ*", "*/ПРИ*ВЕТ",
};

static const char *const random_numbers[] = {
    "0", "1", "10", "1.5", "-1", "9007199254740993", "9007199254740992.0", "18446744073709551615",
};

static const char *const random_parts[] = {"1", "7", "10", "11", "28", "45", "52", "2023"};

/* Of random_words. */
static const char *const random_calls[] = {"User", "1", "straße"};

/* The latter half needs literals. */
static const char *const random_regexes[] = {
    "^C",
    "use",
    "^$",
    ".",
    "[0-9]+",
    "ß|ss",
    "(?i)kk",
    "user",
    "User$",
    "(?i)create",
    "Create(?:User|Role)?$",
    "[Cc]reate.?User|amazonaws\\.com",
    "^(?i:strasse|istanbul)$",
    "amazonaws\\.com",
};
/* Of comparisons byte by byte; without capital letters, as one of them wants it. */
static const char *const random_compared[] = {
    "",      "a", "create", "user", "createuser", "*user*", "?reate*",       "[a-d]*",
    "[!c]*", "*", "i*m",    "/",    "user/",      "amazon", "stra\303\237e",
};
static const char *const random_networks[] = {"10.0.0.0/8", "10.1.2.0/24", "0.0.0.0/0", "::/0"};
static const char *const random_products[] = {"aws", "AWS", "gcp", ""};
static const char *const random_services[] = {"cloudtrail", "", "audit"};

enum { RANDOM_CALL_TYPE = FAKE_FIELDS - 1 };

/*
 * The fields that rules and events use: one is an object's, the last two are behind the catalogue.
 * The very last is the type of a call, so that rules are narrowed.
 */
static const np_field_id random_fields[] = {
    NP_FIELD_EVENT_NAME,         NP_FIELD_EVENT_SOURCE, NP_FIELD_SOURCE_IP_ADDRESS,
    NP_FIELD_REQUEST_PARAMETERS, NP_FIELD_FIXED_COUNT,  RANDOM_CALL_TYPE,
};

/* One of `texts`; of a fuzzer sometimes its own bytes. */
static inline struct np_span random_text_of(struct random *random, const char *const *texts,
                                            size_t count)
{
    if (random->bytes == NULL || random_below(random, 3) != 0)
        return np_span_of(random_pick(random, texts, count));
    size_t wanted = random_below(random, RANDOM_TEXT_MAX);
    size_t len = NP_MIN(wanted, random->len);
    struct np_span text = np_span_make((const char *) random->bytes, len);
    random->bytes += len;
    random->len -= len;
    return text;
}

#define RANDOM_TEXT(random, texts) random_text_of((random), (texts), NP_ARRAY_LEN(texts))

static inline struct np_literal random_regex(struct random *random)
{
    struct np_literal literal = kit_regex(".");
    struct np_regex_source source = {.pattern = RANDOM_TEXT(random, random_regexes)};
    size_t offset = 0;
    if (np_regex_check(&source, &offset, NULL) == 0)
        literal.regex = source;
    return literal;
}

static inline struct np_literal random_compare(struct random *random)
{
    struct np_literal literal = {.kind = NP_LITERAL_COMPARE};
    literal.compare.how = (enum np_compare) random_below(random, NP_COMPARE_MAX);
    literal.compare.text = np_span_of(RANDOM_PICK(random, random_compared));
    return literal;
}

static inline struct np_literal random_literal(struct random *random, struct ir_kit *kit)
{
    switch (random_below(random, 14)) {
    case 12:
    case 13:
        return random_compare(random);
    case 0:
        return kit_number(RANDOM_PICK(random, random_numbers));
    case 1:
        return kit_null();
    case 2:
        return kit_cidr(RANDOM_PICK(random, random_networks));
    case 3:
        return random_regex(random);
    case 4:
        return kit_spelt(kit_pattern_of(kit, RANDOM_TEXT(random, random_words), false));
    case 5:
        return kit_pattern_of(kit, RANDOM_TEXT(random, random_patterns), false);
    case 6:
    case 7:
    case 8:
        return kit_pattern_of(kit, RANDOM_TEXT(random, random_patterns), true);
    case 9:
        return kit_pattern_of(kit, RANDOM_TEXT(random, random_words), true);
    default:
        return kit_spelt(kit_pattern_of(kit, RANDOM_TEXT(random, random_words), true));
    }
}

static inline np_field_id random_field(struct random *random)
{
    return random_fields[random_below(random, NP_ARRAY_LEN(random_fields))];
}

/* Two fields compared by any means. */
static inline np_expr_id random_same(struct random *random, struct ir_kit *kit, np_field_id field,
                                     np_field_id other)
{
    static const enum np_pred_op orders[] = {NP_PRED_LT, NP_PRED_LTE, NP_PRED_GT, NP_PRED_GTE};
    struct np_pred pred = {
        .op = NP_PRED_SAME,
        .field = field,
        .every = random_below(random, 2) == 0,
        .other = other,
        .other_by = (enum np_same) random_below(random, NP_SAME_ORDER + 1),
        .other_match = (enum np_pattern_kind) random_below(random, NP_PATTERN_CONTAINS + 1),
        .other_cased = random_below(random, 2) == 0,
        .other_compare = (enum np_compare) random_below(random, NP_COMPARE_MAX),
        .order = orders[random_below(random, NP_ARRAY_LEN(orders))],
    };
    np_expr_id expr = 0;
    KIT_CHECK(np_ir_leaf(&kit->set.ir, &pred, &expr) == 0);
    return expr;
}

static inline np_expr_id random_match(struct random *random, struct ir_kit *kit, np_field_id field,
                                      const struct np_literal *literals, size_t count)
{
    struct np_pred pred = {
        .op = NP_PRED_MATCH,
        .field = field,
        .every = random_below(random, 4) == 0,
        .literals = literals,
        .literal_count = count,
    };
    np_expr_id expr = 0;
    KIT_CHECK(np_ir_leaf(&kit->set.ir, &pred, &expr) == 0);
    return expr;
}

static inline np_expr_id random_leaf(struct random *random, struct ir_kit *kit)
{
    static const enum np_pred_op orders[] = {NP_PRED_LT, NP_PRED_LTE, NP_PRED_GT, NP_PRED_GTE};
    struct np_literal literals[RANDOM_LITERALS_MAX];
    size_t count = random_below(random, 3) == 0 ? 1 + random_below(random, RANDOM_LITERALS_MAX) : 1;
    for (size_t i = 0; i < count; i++)
        literals[i] = random_literal(random, kit);
    np_field_id field = random_field(random);
    np_field_id other = random_field(random);
    uint32_t form = random_below(random, 4);
    switch (random_below(random, 12)) {
    case 0:
        return kit_exists(kit, field);
    case 1:
        literals[0] = kit_number(RANDOM_PICK(random, random_numbers));
        return kit_leaf(kit, orders[form], field, literals, 1);
    case 2:
        return random_same(random, kit, field, other);
    case 3: /* keywords are texts, whatever they spell */
        for (size_t i = 0; i < count; i++)
            literals[i].spells_number = false;
        return kit_leaf(kit, NP_PRED_KEYWORD, 0, literals, count);
    case 4:
        return kit_time(kit, field, (enum np_time_part) random_below(random, NP_TIME_PART_MAX),
                        form == 0 ? NP_PRED_MATCH : orders[form],
                        RANDOM_PICK(random, random_parts));
    default:
        return random_match(random, kit, field, literals, count);
    }
}

static inline np_expr_id random_condition(struct random *random, struct ir_kit *kit, int depth)
{
    uint32_t kind = random_below(random, depth == 0 ? 1 : 6);
    if (kind <= 1)
        return random_leaf(random, kit);
    if (kind == 2)
        return kit_not(kit, random_condition(random, kit, depth - 1));
    np_expr_id children[4];
    size_t count = random_below(random, 5);
    for (size_t i = 0; i < count; i++)
        children[i] = random_condition(random, kit, depth - 1);
    return kit_join(kit, random_below(random, 2) == 0 ? NP_EXPR_AND : NP_EXPR_OR, children, count);
}

static inline struct np_value random_scalar(struct random *random)
{
    struct np_value text = text_value("");
    switch (random_below(random, 10)) {
    case 0:
        return null_value();
    case 1:
        return bool_value(random_below(random, 2) == 0);
    case 2:
        return int_value(1, "1");
    case 3:
        return int_value(9007199254740993, "9007199254740993");
    case 4:
        return uint_value(UINT64_MAX, "18446744073709551615");
    case 5:
        return double_value(10, "1e1");
    case 6:
        return object_value(random_below(random, 2) == 0 ? FAKE_SPACED_OBJECT : "{}");
    case 7:
        return value_of_kind(NP_VALUE_ADDRESS, "10.1.2.3");
    default:
        text.text = RANDOM_TEXT(random, random_words);
        return text;
    }
}

struct random_event {
    struct fake_event fake;
    struct np_value items[FAKE_FIELDS][RANDOM_ITEMS_MAX];
    struct np_logsource logsource;
};

static inline void random_event_make(struct random *random, struct random_event *made)
{
    fake_event_init(&made->fake);
    made->logsource = (struct np_logsource){};
    made->logsource.product = np_span_of(RANDOM_PICK(random, random_products));
    made->logsource.service = np_span_of(RANDOM_PICK(random, random_services));
    made->fake.event.logsource = random_below(random, 20) == 0 ? NULL : &made->logsource;
    for (size_t f = 0; f < NP_ARRAY_LEN(random_fields); f++) {
        np_field_id field = random_fields[f];
        uint32_t kind = random_below(random, 8);
        if (kind == 0)
            continue;
        made->fake.values[field] = random_scalar(random);
        if (kind > 1)
            continue;
        uint32_t count = random_below(random, RANDOM_ITEMS_MAX + 1);
        for (uint32_t i = 0; i < count; i++)
            made->items[field][i] = field == RANDOM_CALL_TYPE
                                        ? text_value(RANDOM_PICK(random, random_calls))
                                        : random_scalar(random);
        made->fake.values[field] = list_value(made->items[field], count);
    }
    made->fake.text_count = random_below(random, 5);
    for (size_t i = 0; i < made->fake.text_count; i++)
        made->fake.texts[i] = RANDOM_TEXT(random, random_words);
}

/* Gives RANDOM_CALL_TYPE its name. */
static inline void name_call_type(struct np_field_set *fields)
{
    np_field_id field = 0;
    for (size_t i = np_field_count(fields); i < RANDOM_CALL_TYPE; i++) {
        char name[16];
        (void) snprintf(name, sizeof(name), "other.%zu", i);
        KIT_CHECK(np_field_intern(fields, np_span_of(name), &field) == 0);
    }
    KIT_CHECK(np_field_intern(fields, NP_SPAN("evt.type"), &field) == 0);
    KIT_CHECK(field == RANDOM_CALL_TYPE);
}

/* `condition`, of a call of one of two types. */
static inline np_expr_id random_call(struct random *random, struct ir_kit *kit,
                                     np_expr_id condition)
{
    struct np_literal types[2];
    for (size_t i = 0; i < NP_ARRAY_LEN(types); i++)
        types[i] = kit_cased(kit, RANDOM_PICK(random, random_calls));
    np_expr_id type = kit_leaf(kit, NP_PRED_MATCH, RANDOM_CALL_TYPE, types, NP_ARRAY_LEN(types));
    return kit_and(kit, type, condition);
}

/* Adds up to RANDOM_RULES_MAX rules. */
static inline void random_rules_add(struct random *random, struct ir_kit *kit)
{
    name_call_type(kit->set.field_names);
    size_t count = 1 + random_below(random, RANDOM_RULES_MAX);
    for (size_t i = 0; i < count; i++) {
        np_expr_id condition = random_condition(random, kit, 3);
        if (random_below(random, 3) == 0) {
            np_expr_id other = random_call(random, kit, random_condition(random, kit, 2));
            condition = random_below(random, 2) == 0
                            ? kit_or(kit, random_call(random, kit, condition), other)
                            : random_call(random, kit, kit_or(kit, condition, other));
        }
        struct np_rule *rule = kit_rule(kit, condition);
        rule->product = RANDOM_PICK(random, random_products);
        rule->service = RANDOM_PICK(random, random_services);
    }
}
