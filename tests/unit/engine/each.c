/* SPDX-License-Identifier: Apache-2.0 */
/* Every event once, in order; what ends the walk, and what is counted whatever ends it. */
#include "engine/each.h"

#include "support/unit.h"

#include <stdio.h>

#include "support/memory_source.h"

#define EVENT(id)                                                                                  \
    "{\"eventVersion\":\"1.08\",\"eventID\":\"" id                                                 \
    "\",\"recipientAccountId\":\"1\",\"eventName\":\"X\",\"eventTime\":\"2024-05-01T10:00:00Z\"}"

enum { END = 7 };

struct seen {
    struct np_buf ids;
    int left; /* events until the walk is ended */
};

static int take(void *context, struct np_event *event)
{
    struct seen *seen = context;
    (void) np_buf_printf(&seen->ids, "%.*s ", NP_SPAN_ARGS(event->id));
    return --seen->left == 0 ? END : 0;
}

/* Walks over two texts, and ends at the event of that number: what the walk gave. */
static int walk(struct seen *seen, struct np_tally *tally, int end_at)
{
    static const char *const texts[] = {
        EVENT("a") "\n" EVENT("b") "\n{\"odd\":1}\n" EVENT("a") "\n",
        EVENT("b") EVENT("c"),
    };
    struct np_field_set *fields = NULL;
    struct np_decode_plan *plan = NULL;
    struct memory_source source;
    struct np_err err = {};
    assert_int_equal(np_field_set_new(&fields), 0);
    assert_int_equal(np_decode_plan_new(&plan, fields, NULL, NULL), 0);
    memory_source_init(&source, texts, 2);
    np_buf_init(&seen->ids, 1024);
    np_tally_init(tally);
    seen->left = end_at;
    struct np_each each = {.source = &source.head, .plan = plan, .fn = take, .context = seen};
    int r = np_engine_each(&each, tally, &err);
    memory_source_destroy(&source.head);
    np_decode_plan_free(&plan);
    np_field_set_free(&fields);
    return r;
}

static void gives_each_event_once_in_order(void **state)
{
    (void) state;
    struct seen seen;
    struct np_tally tally;
    assert_int_equal(walk(&seen, &tally, 0), 0);
    assert_string_equal(np_buf_cstr(&seen.ids), "a b c ");
    assert_int_equal(tally.objects, 2);
    assert_int_equal(tally.entries.len, 1);
    np_buf_done(&seen.ids);
    np_tally_done(&tally);
}

static void ends_where_the_caller_says(void **state)
{
    (void) state;
    struct seen seen;
    struct np_tally tally;
    assert_int_equal(walk(&seen, &tally, 1), END);
    assert_string_equal(np_buf_cstr(&seen.ids), "a ");
    assert_int_equal(tally.objects, 1);
    np_buf_done(&seen.ids);
    np_tally_done(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_event_once_in_order),
        cmocka_unit_test(ends_where_the_caller_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
