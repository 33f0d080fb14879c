/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that a rule's output makes: missing values, lists, widths, and that nothing grows without bound. */
#include "support/unit.h"

#include <errno.h>

#include "rule/falco/message.h"
#include "support/fake_event.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        {(literal), sizeof(literal) - 1}, NP_FIELD_NONE, 0                                         \
    }
#define VALUE(field_, width)                                                                       \
    {                                                                                              \
        {}, NP_FIELD_##field_, (width)                                                             \
    }

static void expect(struct fake_event *fake, const struct np_rule_output_part *parts, size_t count,
                   const char *want)
{
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    bool is_cut = true;
    const struct np_rule_output output = {.parts = parts, .part_count = count};
    np_rule_output_write(&buf, &output, &fake->event, &is_cut);
    assert_int_equal(buf.error, 0);
    assert_string_equal(np_buf_cstr(&buf), want);
    assert_false(is_cut);
}

static void puts_values_between_texts(void **state)
{
    (void) state;
    struct fake_event fake;
    fake_event_init(&fake);
    struct np_value items[] = {text_value("a"), int_value(2, "2"), null_value()};
    fake.values[NP_FIELD_EVENT_NAME] = text_value("");
    fake.values[NP_FIELD_USER_AGENT] = list_value(items, 3);
    fake.values[NP_FIELD_READ_ONLY] = bool_value(false);
    fake.values[NP_FIELD_ERROR_MESSAGE] = null_value();
    static const struct np_rule_output_part parts[] = {TEXT("name="),          VALUE(EVENT_NAME, 0),
                                                       TEXT(" agents="),       VALUE(USER_AGENT, 0),
                                                       VALUE(READ_ONLY, 0),    TEXT(" "),
                                                       VALUE(ERROR_CODE, 0),   TEXT("/"),
                                                       VALUE(ERROR_MESSAGE, 0)};
    expect(&fake, parts, NP_ARRAY_LEN(parts), "name= agents=(a,2,<NA>)false <NA>/<NA>");
    expect(&fake, NULL, 0, "");
    fake.values[NP_FIELD_USER_AGENT] = list_value(items, 0);
    expect(&fake, &parts[3], 1, "()");
}

static void gives_a_value_its_width(void **state)
{
    (void) state;
    struct fake_event fake;
    fake_event_init(&fake);
    fake.values[NP_FIELD_EVENT_NAME] = text_value("abcdef");
    static const struct np_rule_output_part parts[] = {
        TEXT("["),  VALUE(EVENT_NAME, 8), TEXT("]["), VALUE(EVENT_NAME, 3),
        TEXT("]["), VALUE(ERROR_CODE, 6), TEXT("]")};
    expect(&fake, parts, NP_ARRAY_LEN(parts), "[abcdef  ][abc][<NA>  ]");
}

static void cuts_a_long_message_at_a_character(void **state)
{
    (void) state;
    struct fake_event fake;
    fake_event_init(&fake);
    static char text[NP_OUTPUT_TEXT_MAX_BYTES];
    memset(text, 'x', sizeof(text));
    memcpy(text + sizeof(text) - 3, "\xe2\x82\xac", 3);
    fake.values[NP_FIELD_EVENT_NAME] =
        (struct np_value){.kind = NP_VALUE_TEXT, .text = {text, sizeof(text)}};
    static const struct np_rule_output_part parts[] = {TEXT("y"), VALUE(EVENT_NAME, 0),
                                                       VALUE(EVENT_NAME, 0)};
    const struct np_rule_output output = {.parts = parts, .part_count = 3};
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    np_buf_add_str(&buf, "before");
    bool is_cut = false;
    np_rule_output_write(&buf, &output, &fake.event, &is_cut);
    assert_true(is_cut);
    assert_int_equal(buf.len, strlen("before") + NP_OUTPUT_TEXT_MAX_BYTES - 2);
    assert_int_equal(buf.data[buf.len - 1], 'x');
}

static void keeps_as_much_as_an_output_may_tell(void **state)
{
    (void) state;
    enum { ITEMS = NP_OUTPUT_ITEMS_MAX + 1 };
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    static char text[NP_OUTPUT_VALUE_MAX_BYTES + 1];
    memset(text, 'x', sizeof(text));
    const struct np_value longest = {.kind = NP_VALUE_TEXT, .text = {text, sizeof(text)}};
    static struct np_value items[ITEMS];
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = text_value("a");
    struct np_value kept;
    bool is_cut = false;
    assert_int_equal(np_rule_output_keep(&arena, &longest, &kept, &is_cut), 0);
    assert_true(is_cut);
    assert_int_equal(kept.text.len, NP_OUTPUT_VALUE_MAX_BYTES);
    struct np_value list = list_value(items, ITEMS);
    assert_int_equal(np_rule_output_keep(&arena, &list, &kept, &is_cut), 0);
    assert_true(is_cut);
    assert_int_equal(kept.count, NP_OUTPUT_ITEMS_MAX);
    list.count--;
    assert_int_equal(np_rule_output_keep(&arena, &list, &kept, &is_cut), 0);
    assert_false(is_cut);
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = longest;
    assert_int_equal(np_rule_output_keep(&arena, &list, &kept, &is_cut), 0);
    assert_true(is_cut);
    assert_true(kept.count * (size_t) NP_OUTPUT_VALUE_MAX_BYTES < 2 * NP_OUTPUT_TEXT_MAX_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_values_between_texts),
        cmocka_unit_test(gives_a_value_its_width),
        cmocka_unit_test(cuts_a_long_message_at_a_character),
        cmocka_unit_test(keeps_as_much_as_an_output_may_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
