/* SPDX-License-Identifier: Apache-2.0 */
/* The list of sinks: found by name, each whole. */
#include "unit/sink/fixture.h"

static void finds_each_by_its_name(void **state)
{
    (void) state;
    size_t count = 0;
    const struct np_sink_ops *const *sinks = np_sinks(&count);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(np_sink_find(np_span_of(sinks[i]->name)), sinks[i]);
        assert_non_null(sinks[i]->open);
        assert_non_null(sinks[i]->finding);
        assert_non_null(sinks[i]->finish);
        assert_non_null(sinks[i]->destroy);
    }
    assert_string_equal(np_sink_find(NP_SPAN("table"))->name, "table");
    assert_string_equal(np_sink_find(NP_SPAN("ndjson"))->name, "ndjson");
    assert_string_equal(np_sink_find(NP_SPAN("csv"))->name, "csv");
    assert_string_equal(np_sink_find(NP_SPAN("navigator"))->name, "navigator");
    assert_string_equal(np_sink_find(NP_SPAN("falco"))->name, "falco");
}

static void knows_no_other_name(void **state)
{
    (void) state;
    assert_null(np_sink_find(NP_SPAN("json")));
    assert_null(np_sink_find(NP_SPAN("Table")));
    assert_null(np_sink_find(NP_SPAN("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_by_its_name),
        cmocka_unit_test(knows_no_other_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
