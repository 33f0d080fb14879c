/* SPDX-License-Identifier: Apache-2.0 */
/* Glances: what is looked up and how often, what is forgotten, and look-ups that fail. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "event/derived.h"
#include "event/glance.h"

/* In the order of their ids, which is that of the list. */
enum { PATH, ARGUMENTS, NUMBER, PROGRAM, UNKNOWN, FIELDS };

static const char *const names[FIELDS] = {
    [PATH] = "fd.name",      [ARGUMENTS] = "proc.args",     [NUMBER] = "fd.num",
    [PROGRAM] = "proc.name", [UNKNOWN] = "of.no.catalogue",
};

/* What the values are looked up in. */
struct machine {
    const np_field_id *ids;
    const char *path;
    unsigned asked[FIELDS];
    int failing; /* the field whose look-up fails; FIELDS = none */
};

struct look {
    struct np_field_set *fields;
    np_field_id ids[FIELDS];
    np_field_id lowered; /* computed from the path */
    struct np_syscall_wants wants;
    const struct np_syscall_want_list *list;
    struct np_arena arena;
    struct np_glance *glance;
    struct machine machine;
};

static int look_up(void *context, const struct np_syscall_want *want, struct np_value *out_value)
{
    static const struct np_value arguments[] = {
        {.kind = NP_VALUE_TEXT, .text = NP_SPAN("-a")},
        {.kind = NP_VALUE_INT, .integer = 1, .text = NP_SPAN("1")},
        {.kind = NP_VALUE_TEXT, .text = NP_SPAN("-b")},
    };
    struct machine *machine = context;
    int field = 0;
    while (machine->ids[field] != want->field)
        field++;
    machine->asked[field]++;
    const struct np_value values[FIELDS] = {
        [PATH] = {.kind = NP_VALUE_TEXT, .text = np_span_of(machine->path)},
        [ARGUMENTS] = {.kind = NP_VALUE_LIST, .count = NP_ARRAY_LEN(arguments), .items = arguments},
        [NUMBER] = {.kind = NP_VALUE_INT, .integer = 3, .text = NP_SPAN("3")},
        [PROGRAM] = {.kind = NP_VALUE_TEXT, .text = NP_SPAN("cat")},
    };
    *out_value = values[field]; /* of a failed look-up nothing may be taken */
    return field == machine->failing ? -ENOMEM : 0;
}

static void look_open(struct look *look)
{
    *look = (struct look){.machine = {.ids = look->ids, .path = "/A", .failing = FIELDS}};
    struct np_derived_input input = {};
    struct np_derived lower = {.op = NP_DERIVED_TOLOWER, .inputs = &input, .count = 1};
    np_arena_init(&look->arena, SIZE_MAX);
    assert_int_equal(np_field_set_new(&look->fields), 0);
    for (size_t i = 0; i < FIELDS; i++)
        assert_int_equal(np_field_intern(look->fields, np_span_of(names[i]), &look->ids[i]), 0);
    input.field = look->ids[PATH];
    assert_int_equal(np_field_derive(look->fields, &lower, &look->lowered), 0);
    assert_int_equal(np_syscall_wants_init(&look->wants, look->fields), 0);
    assert_int_equal(np_syscall_wants_of(&look->wants, 1, np_span_of(NULL), &look->list), 0);
    assert_int_equal(look->list->count, UNKNOWN);
    assert_int_equal(np_glance_new(&look->glance, &look->wants, &look->arena, look_up), 0);
}

static void look_close(struct look *look)
{
    np_glance_free(&look->glance);
    assert_null(look->glance);
    np_syscall_wants_done(&look->wants);
    np_field_set_free(&look->fields);
    np_arena_done(&look->arena);
}

static struct np_event *begin(struct look *look)
{
    struct np_glance_head head = {
        .time = 12,
        .category = NP_SYSCALL_FILE,
        .list = look->list,
        .context = &look->machine,
    };
    return np_glance_begin(look->glance, &head);
}

static unsigned asked_in_all(const struct look *look)
{
    unsigned sum = 0;
    for (size_t i = 0; i < FIELDS; i++)
        sum += look->machine.asked[i];
    return sum;
}

static void looks_up_what_is_asked_for_once_an_event(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    struct np_event *event = begin(&look);
    assert_int_equal(asked_in_all(&look), 0);
    for (int again = 0; again < 3; again++) {
        assert_int_equal(np_event_field(event, look.ids[NUMBER])->integer, 3);
        assert_int_equal(asked_in_all(&look), 1);
    }
    assert_span_equal(np_event_text(event, look.ids[PATH]), "/A");
    assert_int_equal(look.machine.asked[NUMBER], 1);
    assert_int_equal(look.machine.asked[PATH], 1);
    assert_int_equal(asked_in_all(&look), 2);
    look_close(&look);
}

static void says_what_is_known_beforehand(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    struct np_event *event = begin(&look);
    assert_int_equal(event->kind, NP_EVENT_SYSCALL);
    assert_int_equal(event->time, 12);
    assert_span_equal(event->logsource->product, "linux");
    assert_span_equal(event->logsource->category, "file_event");
    assert_int_equal(asked_in_all(&look), 0);
    look_close(&look);
}

static void forgets_values_with_the_next_event(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    struct np_event *event = begin(&look);
    assert_span_equal(np_event_text(event, look.ids[PATH]), "/A");
    look.machine.path = "/B";
    assert_span_equal(np_event_text(event, look.ids[PATH]), "/A");
    event = begin(&look);
    assert_int_equal(look.machine.asked[PATH], 1);
    assert_span_equal(np_event_text(event, look.ids[PATH]), "/B");
    assert_int_equal(look.machine.asked[PATH], 2);
    look_close(&look);
}

static void looks_up_anew_for_any_number_of_events(void **state)
{
    enum { EVENTS = 1000 };
    (void) state;
    struct look look;
    look_open(&look);
    for (unsigned i = 1; i <= EVENTS; i++) {
        struct np_event *event = begin(&look);
        for (size_t field = 0; field < FIELDS; field++)
            (void) np_event_field(event, look.ids[field]);
        assert_int_equal(asked_in_all(&look), i * look.list->count);
    }
    look_close(&look);
}

static void has_nothing_of_what_nobody_wants(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    struct np_event *event = begin(&look);
    assert_int_equal(np_event_field(event, look.ids[UNKNOWN])->kind, NP_VALUE_ABSENT);
    assert_int_equal(np_event_field(event, NP_FIELD_EVENT_NAME)->kind, NP_VALUE_ABSENT);
    assert_int_equal(asked_in_all(&look), 0);
    look_close(&look);
}

static void computes_fields_from_what_it_looks_up(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    struct np_event *event = begin(&look);
    assert_span_equal(np_event_text(event, look.lowered), "/a");
    assert_span_equal(np_event_text(event, look.lowered), "/a");
    assert_int_equal(asked_in_all(&look), 1);
    look.machine.path = "/B";
    event = begin(&look);
    assert_span_equal(np_event_text(event, look.ids[PATH]), "/B");
    assert_span_equal(np_event_text(event, look.lowered), "/b");
    assert_int_equal(asked_in_all(&look), 2);
    look.machine.failing = PATH;
    assert_int_equal(np_event_field(begin(&look), look.lowered)->kind, NP_VALUE_ABSENT);
    assert_int_equal(np_glance_error(look.glance), -ENOMEM);
    look_close(&look);
}

/* Texts with a blank behind each; `max` of them are wanted. */
struct texts {
    char joined[64];
    unsigned count;
    unsigned max;
};

static bool add_text(void *context, struct np_span text)
{
    struct texts *texts = context;
    size_t len = strlen(texts->joined);
    (void) snprintf(texts->joined + len, sizeof(texts->joined) - len, "%.*s ", NP_SPAN_ARGS(text));
    return ++texts->count < texts->max;
}

static void gives_texts_until_told_to_stop(void **state)
{
    (void) state;
    static const struct {
        unsigned max;
        const char *want;
        unsigned asked;
    } cases[] = {
        {1, "/A ", 1},           {2, "/A -a ", 2},        {3, "/A -a -b ", 2},
        {4, "/A -a -b cat ", 4}, {9, "/A -a -b cat ", 4},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct look look;
        struct texts texts = {.max = cases[i].max};
        look_open(&look);
        np_event_each_text(begin(&look), add_text, &texts);
        assert_string_equal(texts.joined, cases[i].want);
        assert_int_equal(asked_in_all(&look), cases[i].asked);
        look_close(&look);
    }
}

/* Of what a record would not hold no text counts, though it may be asked for. */
static void gives_texts_of_the_list_alone(void **state)
{
    (void) state;
    struct look look;
    struct texts texts = {.max = UINT32_MAX};
    look_open(&look);
    const struct np_syscall_want_list shorter = {.items = look.list->items + ARGUMENTS, .count = 2};
    look.list = &shorter;
    struct np_event *event = begin(&look);
    assert_span_equal(np_event_text(event, look.ids[PROGRAM]), "cat");
    np_event_each_text(event, add_text, &texts);
    assert_string_equal(texts.joined, "-a -b ");
    look_close(&look);
}

static void tells_a_failed_look_up_until_the_next_event(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    look.machine.failing = PATH;
    struct np_event *event = begin(&look);
    assert_int_equal(np_glance_error(look.glance), 0);
    assert_int_equal(np_event_field(event, look.ids[PATH])->kind, NP_VALUE_ABSENT);
    assert_int_equal(np_glance_error(look.glance), -ENOMEM);
    assert_span_equal(np_event_text(event, look.ids[PROGRAM]), "cat");
    assert_int_equal(np_event_field(event, look.ids[PATH])->kind, NP_VALUE_ABSENT);
    assert_int_equal(np_glance_error(look.glance), -ENOMEM);
    assert_int_equal(look.machine.asked[PATH], 1);
    look.machine.failing = FIELDS;
    event = begin(&look);
    assert_int_equal(np_glance_error(look.glance), 0);
    assert_span_equal(np_event_text(event, look.ids[PATH]), "/A");
    assert_int_equal(np_glance_error(look.glance), 0);
    look_close(&look);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct look look;
    look_open(&look);
    int r = -ENOMEM;
    long n = 0;
    for (; r != 0; n++) {
        struct np_glance *glance = NULL;
        np_alloc_fail_at(n);
        r = np_glance_new(&glance, &look.wants, &look.arena, look_up);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && glance == NULL));
        np_glance_free(&glance);
    }
    assert_true(n > 1);
    look_close(&look);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_up_what_is_asked_for_once_an_event),
        cmocka_unit_test(says_what_is_known_beforehand),
        cmocka_unit_test(forgets_values_with_the_next_event),
        cmocka_unit_test(looks_up_anew_for_any_number_of_events),
        cmocka_unit_test(has_nothing_of_what_nobody_wants),
        cmocka_unit_test(computes_fields_from_what_it_looks_up),
        cmocka_unit_test(gives_texts_until_told_to_stop),
        cmocka_unit_test(gives_texts_of_the_list_alone),
        cmocka_unit_test(tells_a_failed_look_up_until_the_next_event),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
