/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that break between items, and commands that break so that a shell still reads them. */
#include "unit/sink/fixture.h"

#include "sink/incident/flow.h"

static void assert_items(uint32_t width, const char *want)
{
    static const char *const items[] = {"one", "twenty-two", "three", "an item of many words"};
    const struct np_sink_params params = {.width = width, .unicode = true};
    struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX);
    struct np_flow flow = np_flow_begin(&buf, "why", "; ", &params);
    for (size_t i = 0; i < NP_ARRAY_LEN(items); i++)
        np_flow_add(&flow, np_span_of(items[i]), NULL);
    np_flow_end(&flow);
    assert_string_equal(np_buf_cstr(&buf), want);
    np_buf_done(&buf);
}

static void breaks_between_items(void **state)
{
    (void) state;
    assert_items(0, "why     one; twenty-two; three; an item of many words\n");
    assert_items(60, "why     one; twenty-two; three; an item of many words\n");
    assert_items(40, "why     one; twenty-two; three;\n        an item of many words\n");
    assert_items(20, "why     one;\n        twenty-two;\n        three;\n        an item o…\n");
}

static void assert_command(uint32_t width, const char *command, const char *want)
{
    const struct np_sink_params params = {.width = width, .unicode = true};
    struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX);
    struct np_flow flow = np_flow_begin(&buf, "next", "", &params);
    np_flow_add_command(&flow, np_span_of(command));
    np_flow_add_command(&flow, NP_SPAN("true"));
    np_flow_end(&flow);
    assert_string_equal(np_buf_cstr(&buf), want);
    np_buf_done(&buf);
}

static void breaks_commands_between_words(void **state)
{
    (void) state;
    assert_command(0, "aws iam 'a b' --c", "next    aws iam 'a b' --c\n        true\n");
    assert_command(24, "aws iam 'a b' --cc",
                   "next    aws iam 'a b' \\\n          --cc\n        true\n");
    assert_command(20, "aws 'it'\\''s long' x",
                   "next    aws \\\n          'it'\\''s long' \\\n          x\n        true\n");
}

static void colours_its_label_and_items(void **state)
{
    (void) state;
    const struct np_sink_params params = {.width = 40, .colour = true};
    struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX);
    struct np_flow flow = np_flow_begin(&buf, "why", "; ", &params);
    np_flow_add(&flow, NP_SPAN("a\033[2J"), "31");
    np_flow_end(&flow);
    assert_string_equal(np_buf_cstr(&buf), "\033[1mwhy\033[0m     \033[31ma\\x1b[2J\033[0m\n");
    np_buf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_between_items),
        cmocka_unit_test(breaks_commands_between_words),
        cmocka_unit_test(colours_its_label_and_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
