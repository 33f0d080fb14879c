/* SPDX-License-Identifier: Apache-2.0 */
/* Acts packed for their wait, and unpacked again. */
#include "engine/held.h"

#include "support/unit.h"

#include "base/alloc.h"

static const struct np_rule_info rules[] = {
    {.id = "low", .level = NP_LEVEL_LOW},       {.id = "high", .level = NP_LEVEL_HIGH},
    {.id = "medium", .level = NP_LEVEL_MEDIUM}, {.id = "critical", .level = NP_LEVEL_CRITICAL},
    {.id = "low2", .level = NP_LEVEL_LOW},      {.id = "high2", .level = NP_LEVEL_HIGH},
};

static const struct np_origin origin = {.object = "o", .offset = 7, .length = 11};

static struct np_act_view sample(void)
{
    struct np_act_view view = {
        .time = 5 * NP_NS_PER_S,
        .arrival = 9,
        .identity = NP_IDENTITY_SESSION,
        .flags = NP_ACT_READS | NP_ACT_REFUSED,
        .session_began = NP_TIME_NONE,
        .entity_count = 2,
    };
    view.texts[NP_ACT_EVENT_ID] = NP_SPAN("e-1");
    view.texts[NP_ACT_ACCOUNT] = NP_SPAN("111122223333");
    view.texts[NP_ACT_RESOURCE] = NP_SPAN("bucket");
    view.entities[0] = (struct np_entity){NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE, NP_SPAN("AKIA")};
    view.entities[1] = (struct np_entity){NP_ENTITY_USER, NP_ENTITY_ON, NP_SPAN("bob")};
    return view;
}

static const struct np_held *pack(struct np_buf *buf, const struct np_held_parts *parts)
{
    np_buf_init(buf, 1 << 20);
    assert_int_equal(np_held_pack(buf, parts), 0);
    const struct np_held *held = (const struct np_held *) (const void *) buf->data;
    assert_int_equal(held->bytes, buf->len);
    assert_int_equal(held->bytes % 8, 0);
    return held;
}

static void gives_back_what_was_packed(void **state)
{
    (void) state;
    struct np_act_view view = sample();
    struct np_act_view again;
    struct np_held_parts parts = {.view = &view, .origin = &origin};
    struct np_buf buf;
    const struct np_held *held = pack(&buf, &parts);
    np_held_view(held, &again);
    assert_int_equal(again.time, view.time);
    assert_int_equal(again.arrival, view.arrival);
    assert_int_equal(again.identity, view.identity);
    assert_int_equal(again.flags, view.flags);
    assert_int_equal(again.session_began, view.session_began);
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        assert_true(np_span_eq(again.texts[i], view.texts[i]));
    assert_int_equal(again.entity_count, 2);
    assert_int_equal(again.entities[0].kind, NP_ENTITY_ACCESS_KEY);
    assert_int_equal(again.entities[0].role, NP_ENTITY_MADE);
    assert_true(np_span_is(again.entities[0].value, "AKIA"));
    assert_true(np_span_is(again.entities[1].value, "bob"));
    assert_int_equal(held->offset, 7);
    assert_int_equal(held->length, 11);
    assert_false(held->was_cut);
    np_buf_done(&buf);
}

static void gives_back_texts_of_every_length(void **state)
{
    (void) state;
    char letters[100];
    struct np_act_view view = sample();
    struct np_act_view again;
    struct np_held_parts parts = {.view = &view, .origin = &origin};
    for (size_t i = 0; i < sizeof(letters); i++)
        letters[i] = (char) ('!' + i % 90);
    for (size_t len = 0; len <= sizeof(letters); len++) {
        struct np_buf buf;
        view.texts[NP_ACT_API] = np_span_make(letters, len);
        view.entities[0].value = np_span_make(letters + sizeof(letters) - len, len);
        np_held_view(pack(&buf, &parts), &again);
        assert_true(np_span_eq(again.texts[NP_ACT_API], view.texts[NP_ACT_API]));
        assert_true(np_span_eq(again.entities[0].value, view.entities[0].value));
        assert_true(np_span_is(again.entities[1].value, "bob"));
        np_buf_done(&buf);
    }
}

static void keeps_the_strongest_signals(void **state)
{
    (void) state;
    struct np_act_view view = sample();
    struct np_signal signals[NP_ARRAY_LEN(rules)];
    struct np_buf buf;
    for (size_t i = 0; i < NP_ARRAY_LEN(rules); i++)
        signals[i] = (struct np_signal){.rule = &rules[i], .finding_id = {.low = i}};
    struct np_held_parts parts = {.view = &view,
                                  .origin = &origin,
                                  .signals = signals,
                                  .signal_count = NP_ARRAY_LEN(signals)};
    const struct np_held *held = pack(&buf, &parts);
    static const char *const want[] = {"critical", "high", "high2", "medium"};
    assert_int_equal(held->signal_count, 4);
    assert_int_equal(held->more_signals, 2);
    for (size_t i = 0; i < NP_ARRAY_LEN(want); i++)
        assert_string_equal(np_held_signals(held)[i].rule->id, want[i]);
    assert_int_equal(np_held_signals(held)[0].finding_id.low, 3);
    np_buf_done(&buf);
}

static void cuts_what_is_too_long(void **state)
{
    (void) state;
    struct np_act_view view = sample();
    struct np_act_view again;
    struct np_buf buf;
    char *text = np_alloc(NP_HELD_TEXT_MAX_BYTES + 2);
    assert_non_null(text);
    memset(text, 'x', NP_HELD_TEXT_MAX_BYTES - 1);
    memcpy(text + NP_HELD_TEXT_MAX_BYTES - 1, "\xc3\xa9", 2);
    view.texts[NP_ACT_RESOURCE] = np_span_make(text, NP_HELD_TEXT_MAX_BYTES + 1);
    struct np_held_parts parts = {.view = &view, .origin = &origin};
    const struct np_held *held = pack(&buf, &parts);
    np_held_view(held, &again);
    assert_true(held->was_cut);
    assert_int_equal(again.texts[NP_ACT_RESOURCE].len, NP_HELD_TEXT_MAX_BYTES - 1);
    np_buf_done(&buf);
    np_free(text);
}

static void carries_the_record_for_rules_to_be_asked(void **state)
{
    (void) state;
    static const uint32_t asked[] = {3, 70000};
    struct np_act_view view = sample();
    struct np_act_view again;
    struct np_signal signal = {.rule = &rules[0]};
    struct np_held_parts parts = {
        .view = &view,
        .origin = &origin,
        .signals = &signal,
        .signal_count = 1,
        .asked = asked,
        .asked_count = NP_ARRAY_LEN(asked),
        .record = NP_SPAN("{\"a\":1}"),
    };
    struct np_buf buf;
    const struct np_held *held = pack(&buf, &parts);
    np_held_view(held, &again);
    assert_true(np_span_is(again.texts[NP_ACT_EVENT_ID], "e-1"));
    assert_true(np_span_is(again.entities[1].value, "bob"));
    assert_int_equal(held->asked_count, 2);
    assert_int_equal(np_held_asked(held)[1], 70000);
    assert_true(np_span_is(np_held_record(held), "{\"a\":1}"));
    assert_ptr_equal(np_held_signals(held)[0].rule, &rules[0]);
    assert_false(held->unasked);
    np_buf_done(&buf);
}

static void leaves_out_a_record_that_is_too_long(void **state)
{
    (void) state;
    static const uint32_t asked[NP_HELD_ASKED_MAX + 1] = {};
    static char bytes[NP_HELD_RECORD_MAX_BYTES + 1];
    static const struct {
        size_t rules;
        size_t bytes;
        bool unasked;
    } cases[] = {
        {NP_HELD_ASKED_MAX, NP_HELD_RECORD_MAX_BYTES, false},
        {NP_HELD_ASKED_MAX + 1, 1, true},
        {1, NP_HELD_RECORD_MAX_BYTES + 1, true},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_act_view view = sample();
        struct np_held_parts parts = {.view = &view,
                                      .origin = &origin,
                                      .asked = asked,
                                      .asked_count = cases[i].rules,
                                      .record = np_span_make(bytes, cases[i].bytes)};
        struct np_buf buf;
        const struct np_held *held = pack(&buf, &parts);
        assert_int_equal(held->unasked, cases[i].unasked);
        assert_int_equal(held->asked_count, cases[i].unasked ? 0 : cases[i].rules);
        assert_int_equal(held->record_len, cases[i].unasked ? 0 : cases[i].bytes);
        assert_true(held->bytes <= NP_HELD_MAX_BYTES);
        np_buf_done(&buf);
    }
}

static void compares_by_event_id_then_account(void **state)
{
    (void) state;
    static const struct {
        const char *ids[2];
        const char *accounts[2];
        int want;
    } cases[] = {
        {{"a", "b"}, {"2", "1"}, -1}, {{"a", "a"}, {"2", "1"}, 1},
        {{"a", "a"}, {"1", "1"}, 0},  {{"abcdefghi", "abcdefghh"}, {"1", "1"}, 1},
        {{"", "a"}, {"1", "1"}, -1},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_buf bufs[2];
        const struct np_held *held[2];
        for (size_t k = 0; k < 2; k++) {
            struct np_act_view view = sample();
            view.texts[NP_ACT_EVENT_ID] = np_span_of(cases[i].ids[k]);
            view.texts[NP_ACT_ACCOUNT] = np_span_of(cases[i].accounts[k]);
            struct np_held_parts parts = {.view = &view, .origin = &origin};
            held[k] = pack(&bufs[k], &parts);
        }
        int order = np_held_compare(held[0], held[1]);
        assert_int_equal((order > 0) - (order < 0), cases[i].want);
        if (held[0]->order != held[1]->order)
            assert_int_equal(held[0]->order < held[1]->order, cases[i].want < 0);
        np_buf_done(&bufs[0]);
        np_buf_done(&bufs[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_packed),
        cmocka_unit_test(gives_back_texts_of_every_length),
        cmocka_unit_test(keeps_the_strongest_signals),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(carries_the_record_for_rules_to_be_asked),
        cmocka_unit_test(leaves_out_a_record_that_is_too_long),
        cmocka_unit_test(compares_by_event_id_then_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
