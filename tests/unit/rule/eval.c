/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Predicates over values: a truth table of every operator and every kind of value, and what a
 * table does not show.
 */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "rule/eval.h"
#include "support/fake_event.h"
#include "support/ir_kit.h"

enum { FIELD = NP_FIELD_EVENT_NAME, OTHER = NP_FIELD_EVENT_SOURCE };

/* The predicates of a kit, ready to be asked of one event. */
struct fixture {
    struct ir_kit kit;
    struct np_ready_set *ready;
    struct np_evaluator evaluator;
    struct fake_event fake;
};

static void begin(struct fixture *fixture)
{
    ir_kit_init(&fixture->kit);
    fake_event_init(&fixture->fake);
}

static void make_ready(struct fixture *fixture)
{
    assert_int_equal(np_ready_set_new(&fixture->ready, &fixture->kit.set.ir), 0);
    assert_int_equal(np_evaluator_init(&fixture->evaluator, fixture->ready), 0);
}

static void end(struct fixture *fixture)
{
    np_evaluator_done(&fixture->evaluator);
    np_ready_set_free(&fixture->ready);
    ir_kit_done(&fixture->kit);
}

static enum np_truth ask(struct fixture *fixture, np_pred_id pred)
{
    np_evaluator_begin(&fixture->evaluator, &fixture->fake.event);
    enum np_truth truth = np_evaluator_answer(&fixture->evaluator, pred);
    assert_int_equal(np_evaluator_ask_plainly(&fixture->evaluator, pred), truth);
    return truth;
}

static np_pred_id pred_of(struct fixture *fixture, np_expr_id leaf)
{
    return fixture->kit.set.ir.exprs.items[leaf].pred;
}

/* ---- the table */

enum {
    ABSENT,
    NULLED,
    EMPTY,
    TEXT,        /* CreateUser */
    NUMBER_TEXT, /* "10" */
    INT,         /* 10 */
    DOUBLE,      /* 10.5 */
    TRUE,
    FALSE,
    ADDRESS, /* 10.1.2.3 */
    NO_ITEMS,
    ITEMS,       /* ["x", "CreateUser", 10] */
    NULL_ITEM,   /* [null] */
    OBJECT,      /* {"a": "CreateUser"} */
    OBJECT_ITEM, /* [{"a": "CreateUser"}] */
    VALUES
};

static void make_values(struct np_value values[VALUES])
{
    static struct np_value items[3];
    static struct np_value null_item[1];
    static struct np_value object_item[1];
    items[0] = text_value("x");
    items[1] = text_value("CreateUser");
    items[2] = int_value(10, "10");
    null_item[0] = null_value();
    object_item[0] = object_value(FAKE_SPACED_OBJECT);
    values[ABSENT] = value_of_kind(NP_VALUE_ABSENT, "");
    values[NULLED] = null_value();
    values[EMPTY] = text_value("");
    values[TEXT] = text_value("CreateUser");
    values[NUMBER_TEXT] = text_value("10");
    values[INT] = int_value(10, "10");
    values[DOUBLE] = double_value(10.5, "10.5");
    values[TRUE] = bool_value(true);
    values[FALSE] = bool_value(false);
    values[ADDRESS] = value_of_kind(NP_VALUE_ADDRESS, "10.1.2.3");
    values[NO_ITEMS] = list_value(items, 0);
    values[ITEMS] = list_value(items, 3);
    values[NULL_ITEM] = list_value(null_item, 1);
    values[OBJECT] = object_value(FAKE_SPACED_OBJECT);
    values[OBJECT_ITEM] = list_value(object_item, 1);
}

struct row {
    np_expr_id leaf;
    const char *name;
    const char *truths; /* a letter a value, in the order of the enum above */
};

static np_expr_id order(struct fixture *fixture, enum np_pred_op op, const char *number)
{
    struct np_literal literal = kit_number(number);
    return kit_leaf(&fixture->kit, op, FIELD, &literal, 1);
}

static np_expr_id list(struct fixture *fixture, size_t count, const struct np_literal *literals)
{
    return kit_leaf(&fixture->kit, NP_PRED_MATCH, FIELD, literals, count);
}

static void has_the_right_truth_for_every_kind_of_value(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    struct ir_kit *kit = &fixture.kit;
    const struct np_literal null_or_text[] = {kit_null(), kit_pattern(kit, "createuser")};
    const struct np_literal long_list[] = {
        kit_pattern(kit, "a"),
        kit_pattern(kit, "b"),
        kit_pattern(kit, "CREATEUSER"),
        kit_pattern(kit, "*ue*"),
        kit_pattern(kit, "*\"create*"),
        kit_number("10.5"),
        kit_null(),
        kit_cidr("192.168.0.0/16"),
        kit_regex("^false$"),
    };
    const struct row rows[] = {
        /*                                               -n''T 1iduTF@  []In OO */
        {kit_match(kit, FIELD, kit_pattern(kit, "createuser")), "exact", "...T.......T..."},
        {kit_match(kit, FIELD, kit_cased(kit, "CreateUser")), "cased", "...T.......T..."},
        {kit_match(kit, FIELD, kit_cased(kit, "createuser")), "other case", "..............."},
        {kit_match(kit, FIELD, kit_pattern(kit, "")), "empty", "..T............"},
        {kit_match(kit, FIELD, kit_pattern(kit, "*")), "some", "...TTTTTTT.T.TT"},
        {kit_match(kit, FIELD, kit_pattern(kit, "10*")), "prefix", "....TTT..T.T..."},
        {kit_match(kit, FIELD, kit_pattern(kit, "*USER")), "suffix", "...T.......T..."},
        {kit_match(kit, FIELD, kit_pattern(kit, "*user*")), "contains", "...T.......T.TT"},
        {kit_match(kit, FIELD, kit_pattern(kit, "*\"a\":\"c*")), "compact", ".............TT"},
        {kit_match(kit, FIELD, kit_pattern(kit, "*\"a\": \"c*")), "as written", ".............TT"},
        {kit_match(kit, FIELD, kit_pattern(kit, "?rue")), "parts", ".......T......."},
        {kit_match(kit, FIELD, kit_pattern(kit, "True")), "true", ".......T......."},
        {kit_match(kit, FIELD, kit_pattern(kit, "10")), "ten as text", "....TT.....T..."},
        {kit_match(kit, FIELD, kit_number("10")), "ten", "....TT.....T..."},
        {kit_match(kit, FIELD, kit_number("1.05e1")), "ten and a half", "......T........"},
        {kit_match(kit, FIELD, kit_null()), "null", "TT..........T.."},
        {list(&fixture, 2, null_or_text), "null or text", "TT.T.......TT.."},
        {kit_match(kit, FIELD, kit_cidr("10.0.0.0/8")), "cidr", ".........T....."},
        {kit_match(kit, FIELD, kit_regex("^C.*r$")), "regex", "...T.......T..."},
        {kit_match(kit, FIELD, kit_regex("user")), "regex cased", "..............."},
        {kit_match(kit, FIELD, kit_regex("User")), "regex search", "...T.......T.TT"},
        {kit_match(kit, FIELD, kit_regex("^10")), "regex number", "....TTT..T.T..."},
        {list(&fixture, NP_ARRAY_LEN(long_list), long_list), "long list", "TT.T..TTT..TTTT"},
        {kit_exists(kit, FIELD), "exists", ".TTTTTTTTTTTTTT"},
        {order(&fixture, NP_PRED_LT, "10.5"), "lt", "....TT.....T..."},
        {order(&fixture, NP_PRED_LTE, "10.5"), "lte", "....TTT....T..."},
        {order(&fixture, NP_PRED_GT, "10"), "gt", "......T........"},
        {order(&fixture, NP_PRED_GTE, "10"), "gte", "....TTT....T..."},
        {kit_leaf(kit, NP_PRED_MATCH, FIELD, NULL, 0), "no literal", "..............."},
    };
    struct np_value values[VALUES];
    make_values(values);
    make_ready(&fixture);
    for (size_t i = 0; i < NP_ARRAY_LEN(rows); i++) {
        assert_int_equal(strlen(rows[i].truths), VALUES);
        np_pred_id pred = pred_of(&fixture, rows[i].leaf);
        for (size_t j = 0; j < VALUES; j++) {
            fixture.fake.values[FIELD] = values[j];
            bool truth = ask(&fixture, pred) == NP_TRUTH_TRUE;
            if (truth != (rows[i].truths[j] == 'T'))
                fail_msg("%s of value %zu", rows[i].name, j);
            const struct np_pred *asked = &kit->set.ir.preds.items[pred];
            if (j == ABSENT || j == NULLED)
                assert_int_equal(np_pred_of_missing(asked, j == NULLED), truth);
        }
    }
    end(&fixture);
}

static void compares_two_fields(void **state)
{
    (void) state;
    struct np_value values[VALUES];
    make_values(values);
    static const struct {
        enum np_pattern_kind how;
        size_t value;
        size_t other;
        bool same;
    } cases[] = {
        {NP_PATTERN_EXACT, TEXT, TEXT, true},
        {NP_PATTERN_EXACT, TEXT, ITEMS, true},
        {NP_PATTERN_EXACT, ITEMS, TEXT, true},
        {NP_PATTERN_EXACT, ITEMS, ITEMS, true},
        {NP_PATTERN_EXACT, INT, NUMBER_TEXT, true},
        {NP_PATTERN_EXACT, INT, DOUBLE, false},
        {NP_PATTERN_EXACT, EMPTY, EMPTY, true},
        {NP_PATTERN_EXACT, EMPTY, TEXT, false},
        {NP_PATTERN_EXACT, ABSENT, ABSENT, false},
        {NP_PATTERN_EXACT, NULLED, NULLED, false},
        {NP_PATTERN_EXACT, NULL_ITEM, NULL_ITEM, false},
        {NP_PATTERN_EXACT, ABSENT, TEXT, false},
        {NP_PATTERN_EXACT, TEXT, ABSENT, false},
        {NP_PATTERN_EXACT, NO_ITEMS, NO_ITEMS, false},
        {NP_PATTERN_EXACT, OBJECT, OBJECT, true},
        {NP_PATTERN_PREFIX, DOUBLE, INT, true},
        {NP_PATTERN_PREFIX, INT, DOUBLE, false},
        {NP_PATTERN_SUFFIX, TEXT, TEXT, true},
        {NP_PATTERN_CONTAINS, OBJECT, TEXT, true},
        {NP_PATTERN_CONTAINS, TEXT, OBJECT, false},
        {NP_PATTERN_CONTAINS, TRUE, FALSE, false},
    };
    struct fixture fixture;
    begin(&fixture);
    np_pred_id preds[NP_PATTERN_CONTAINS + 1];
    for (int how = 0; how <= NP_PATTERN_CONTAINS; how++) {
        np_expr_id leaf = kit_same(&fixture.kit, FIELD, OTHER, (enum np_pattern_kind) how);
        preds[how] = pred_of(&fixture, leaf);
    }
    make_ready(&fixture);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        fixture.fake.values[FIELD] = values[cases[i].value];
        fixture.fake.values[OTHER] = values[cases[i].other];
        if ((ask(&fixture, preds[cases[i].how]) == NP_TRUTH_TRUE) != cases[i].same)
            fail_msg("case %zu", i);
    }
    fixture.fake.values[FIELD] = text_value("user/STRASSE");
    fixture.fake.values[OTHER] = text_value("Straße");
    assert_int_equal(ask(&fixture, preds[NP_PATTERN_SUFFIX]), NP_TRUTH_TRUE);
    end(&fixture);
}

static void bounds_the_comparison_of_two_long_lists(void **state)
{
    (void) state;
    enum { LONG = 400 };
    static struct np_value ones[LONG];
    static struct np_value others[LONG];
    for (size_t i = 0; i < LONG; i++) {
        ones[i] = text_value("one");
        others[i] = text_value("other");
    }
    struct fixture fixture;
    begin(&fixture);
    np_pred_id pred = pred_of(&fixture, kit_same(&fixture.kit, FIELD, OTHER, NP_PATTERN_EXACT));
    make_ready(&fixture);
    fixture.fake.values[FIELD] = list_value(ones, LONG);
    fixture.fake.values[OTHER] = list_value(others, LONG);
    assert_int_equal(ask(&fixture, pred), NP_TRUTH_STEPS_LIMIT);
    fixture.fake.values[FIELD] = list_value(ones, LONG / 4);
    assert_int_equal(ask(&fixture, pred), NP_TRUTH_FALSE);
    end(&fixture);
}

static void compares_numbers_beyond_doubles(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    struct ir_kit *kit = &fixture.kit;
    np_pred_id odd = pred_of(&fixture, kit_match(kit, FIELD, kit_number("9007199254740993")));
    np_pred_id most = pred_of(&fixture, kit_match(kit, FIELD, kit_number("18446744073709551615")));
    np_pred_id above = pred_of(&fixture, order(&fixture, NP_PRED_GT, "9007199254740992"));
    make_ready(&fixture);
    const struct {
        struct np_value value;
        np_pred_id pred;
        bool truth;
    } cases[] = {
        {int_value(9007199254740993, "9007199254740993"), odd, true},
        {int_value(9007199254740992, "9007199254740992"), odd, false},
        {double_value(9007199254740992.0, "9007199254740993.0"), odd, false},
        {text_value("9007199254740993"), odd, true},
        {int_value(9007199254740993, "9007199254740993"), above, true},
        {text_value("9007199254740993"), above, true},
        {double_value(9007199254740992.0, "9.007199254740992e15"), above, false},
        {uint_value(UINT64_MAX, "18446744073709551615"), most, true},
        {double_value(18446744073709551616.0, "18446744073709551616"), most, false},
        {text_value("18446744073709551614"), most, false},
        {int_value(-1, "-1"), most, false},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        fixture.fake.values[FIELD] = cases[i].value;
        if ((ask(&fixture, cases[i].pred) == NP_TRUTH_TRUE) != cases[i].truth)
            fail_msg("case %zu", i);
    }
    end(&fixture);
}

static void finds_one_of_a_thousand_values(void **state)
{
    (void) state;
    enum { COUNT = 1200 };
    struct fixture fixture;
    begin(&fixture);
    struct np_literal *literals = np_arena_alloc(&fixture.kit.arena, COUNT * sizeof(*literals));
    assert_non_null(literals);
    for (unsigned i = 0; i < COUNT; i++) {
        static const char *const around[][2] = {
            {"Value", ""}, {"*part", ".*"}, {"start", "-*"}, {"*-end", ""}, {"*?q", ""}, {"a", ""},
        };
        char text[32];
        (void) snprintf(text, sizeof(text), "%s%u%s", around[i % 6][0], i, around[i % 6][1]);
        literals[i] = kit_pattern(&fixture.kit, text);
    }
    np_pred_id pred = pred_of(&fixture, list(&fixture, COUNT, literals));
    make_ready(&fixture);
    static const struct {
        const char *text;
        bool truth;
    } cases[] = {
        {"VALUE600", true},      {"value601", false},
        {"x PART601. y", true},  {"part602.", false},
        {"START602-x", true},    {"-end603", true},
        {"-end603x", false},     {"xq604", true},
        {"q604", false},         {"A5", true},
        {"a6", false},           {"", false},
        {"ПРИВЕТ-end603", true}, {"ПРИВЕТ-end604", false},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        fixture.fake.values[FIELD] = text_value(cases[i].text);
        if ((ask(&fixture, pred) == NP_TRUTH_TRUE) != cases[i].truth)
            fail_msg("'%s'", cases[i].text);
    }
    end(&fixture);
}

static void walks_once_for_all_keywords(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    struct ir_kit *kit = &fixture.kit;
    const struct np_literal literals[] = {
        kit_pattern(kit, "*usermod*"), kit_pattern(kit, "*rm*"),     kit_pattern(kit, "*us?rm*d*"),
        kit_regex("^x{3}$"),           kit_pattern(kit, "*ПРИВЕТ*"), kit_pattern(kit, "*nothing*"),
    };
    np_pred_id preds[NP_ARRAY_LEN(literals)];
    for (size_t i = 0; i < NP_ARRAY_LEN(literals); i++)
        preds[i] = pred_of(&fixture, kit_leaf(kit, NP_PRED_KEYWORD, 0, &literals[i], 1));
    make_ready(&fixture);
    fixture.fake.text_count = 3;
    fixture.fake.texts[0] = NP_SPAN("xxx");
    fixture.fake.texts[1] = NP_SPAN("/sbin/UserMod");
    fixture.fake.texts[2] = NP_SPAN("привет");
    np_evaluator_begin(&fixture.evaluator, &fixture.fake.event);
    for (size_t i = 0; i < NP_ARRAY_LEN(literals); i++)
        assert_int_equal(np_evaluator_answer(&fixture.evaluator, preds[i]),
                         i < 5 ? NP_TRUTH_TRUE : NP_TRUTH_FALSE);
    assert_int_equal(fixture.fake.walks, 1);
    for (size_t i = 0; i < NP_ARRAY_LEN(literals); i++)
        (void) ask(&fixture, preds[i]);
    fixture.fake.text_count = 0;
    assert_int_equal(ask(&fixture, preds[0]), NP_TRUTH_FALSE);
    end(&fixture);
}

static void asks_once_an_event(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    np_pred_id pred =
        pred_of(&fixture, kit_match(&fixture.kit, FIELD, kit_pattern(&fixture.kit, "a")));
    make_ready(&fixture);
    fixture.fake.values[FIELD] = text_value("a");
    np_evaluator_begin(&fixture.evaluator, &fixture.fake.event);
    assert_int_equal(np_evaluator_answer(&fixture.evaluator, pred), NP_TRUTH_TRUE);
    fixture.fake.values[FIELD] = text_value("b");
    assert_int_equal(np_evaluator_answer(&fixture.evaluator, pred), NP_TRUTH_TRUE);
    np_evaluator_begin(&fixture.evaluator, &fixture.fake.event);
    assert_int_equal(np_evaluator_answer(&fixture.evaluator, pred), NP_TRUTH_FALSE);
    /* The number of the event wraps round, after a thousand million of them. */
    np_evaluator_know(&fixture.evaluator, pred, NP_TRUTH_TRUE);
    fixture.evaluator.epoch = UINT32_MAX >> NP_TRUTH_BITS;
    np_evaluator_begin(&fixture.evaluator, &fixture.fake.event);
    assert_int_equal(fixture.evaluator.epoch, 1);
    assert_int_equal(np_evaluator_answer(&fixture.evaluator, pred), NP_TRUTH_FALSE);
    end(&fixture);
}

static void tells_a_limit_from_false(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    struct ir_kit *kit = &fixture.kit;
    const struct np_literal slow = kit_regex("^(a+)+$");
    const struct np_literal both[] = {slow, kit_pattern(kit, "*!*")};
    np_pred_id alone = pred_of(&fixture, kit_match(kit, FIELD, slow));
    np_pred_id with_match = pred_of(&fixture, list(&fixture, 2, both));
    np_pred_id walk = pred_of(&fixture, kit_leaf(kit, NP_PRED_KEYWORD, 0, &slow, 1));
    np_pred_id folds = pred_of(&fixture, kit_match(kit, FIELD, kit_pattern(kit, "a")));
    make_ready(&fixture);
    const char *hostile = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
    fixture.fake.values[FIELD] = text_value(hostile);
    fixture.fake.texts[fixture.fake.text_count++] = np_span_of(hostile);
    assert_int_equal(ask(&fixture, alone), NP_TRUTH_STEPS_LIMIT);
    assert_int_equal(ask(&fixture, with_match), NP_TRUTH_TRUE);
    assert_int_equal(ask(&fixture, walk), NP_TRUTH_STEPS_LIMIT);
    fixture.fake.values[FIELD] = text_value("ПРИВЕТ");
    np_evaluator_begin(&fixture.evaluator, &fixture.fake.event);
    np_alloc_fail_at(0);
    assert_int_equal(np_evaluator_answer(&fixture.evaluator, folds), NP_TRUTH_MEMORY_LIMIT);
    np_alloc_fail_at(-1);
    assert_int_equal(np_evaluator_answer(&fixture.evaluator, folds), NP_TRUTH_MEMORY_LIMIT);
    assert_int_equal(ask(&fixture, folds), NP_TRUTH_FALSE);
    end(&fixture);
}

static void runs_a_regular_expression_only_where_its_literal_is(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    np_pred_id slow = pred_of(&fixture, kit_match(&fixture.kit, FIELD, kit_regex("^(a+)+user$")));
    make_ready(&fixture);
    static const struct {
        const char *text;
        enum np_truth truth;
        enum np_truth plainly;
    } cases[] = {
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_r", NP_TRUTH_FALSE, NP_TRUTH_STEPS_LIMIT},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_USER_r", NP_TRUTH_STEPS_LIMIT,
         NP_TRUTH_STEPS_LIMIT},
        {"aaauser", NP_TRUTH_TRUE, NP_TRUTH_TRUE},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        fixture.fake.values[FIELD] = text_value(cases[i].text);
        np_evaluator_begin(&fixture.evaluator, &fixture.fake.event);
        assert_int_equal(np_evaluator_answer(&fixture.evaluator, slow), cases[i].truth);
        assert_int_equal(np_evaluator_ask_plainly(&fixture.evaluator, slow), cases[i].plainly);
    }
    end(&fixture);
}

static void fill_for_faults(struct ir_kit *kit)
{
    struct np_literal literals[8];
    for (size_t i = 0; i < 6; i++)
        literals[i] = kit_cased(kit, i % 2 == 0 ? "Exact" : "*Contains*");
    literals[6] = kit_regex("x");
    literals[7] = kit_pattern(kit, "exact");
    (void) kit_leaf(kit, NP_PRED_MATCH, FIELD, literals, 8);
    (void) kit_leaf(kit, NP_PRED_KEYWORD, 0, literals, 6);
    (void) kit_leaf(kit, NP_PRED_KEYWORD, 0, literals + 1, 1);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    fill_for_faults(&kit);
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_ready_set *ready = NULL;
        struct np_evaluator evaluator;
        np_alloc_fail_at(n);
        r = np_ready_set_new(&ready, &kit.set.ir);
        if (r == 0)
            r = np_evaluator_init(&evaluator, ready);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        if (r == 0)
            np_evaluator_done(&evaluator);
        np_ready_set_free(&ready);
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_right_truth_for_every_kind_of_value),
        cmocka_unit_test(compares_two_fields),
        cmocka_unit_test(bounds_the_comparison_of_two_long_lists),
        cmocka_unit_test(compares_numbers_beyond_doubles),
        cmocka_unit_test(finds_one_of_a_thousand_values),
        cmocka_unit_test(walks_once_for_all_keywords),
        cmocka_unit_test(asks_once_an_event),
        cmocka_unit_test(tells_a_limit_from_false),
        cmocka_unit_test(runs_a_regular_expression_only_where_its_literal_is),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
