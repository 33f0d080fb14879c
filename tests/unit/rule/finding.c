/* SPDX-License-Identifier: Apache-2.0 */
/* What a match keeps, and that it outlives its event. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "rule/finding.h"
#include "support/fake_event.h"

static const struct np_rule_info info = {.id = "rule-id",
                                         .title = "Key made",
                                         .priority = "high",
                                         .file = "r.yml",
                                         .level = NP_LEVEL_HIGH};

struct fixture {
    struct fake_event fake;
    struct np_field_set *names;
    struct np_arena arena;
};

static void begin(struct fixture *fixture)
{
    fake_event_init(&fixture->fake);
    np_arena_init(&fixture->arena, SIZE_MAX);
    assert_int_equal(np_field_set_new(&fixture->names), 0);
    struct np_event *event = &fixture->fake.event;
    event->kind = NP_EVENT_CLOUDTRAIL;
    event->time = 5;
    event->arrival = 6;
    event->account = NP_SPAN("123");
    event->id = NP_SPAN("event-1");
    event->origin = (struct np_origin){.object = "logs/a.json", .offset = 70, .length = 9};
    fixture->fake.brief = (struct np_event_brief){
        .name = NP_SPAN("CreateAccessKey"),
        .source = NP_SPAN("iam.amazonaws.com"),
        .region = NP_SPAN("us-east-1"),
        .principal = NP_SPAN("arn:mallory"),
        .address = NP_SPAN("1.2.3.4"),
        .outcome = NP_SPAN("ok"),
    };
}

static void end(struct fixture *fixture)
{
    np_field_set_free(&fixture->names);
    np_arena_done(&fixture->arena);
}

static struct np_finding *make(struct fixture *fixture, const np_field_id *fields, size_t count)
{
    struct np_finding *finding = NULL;
    np_auto_buf struct np_buf scratch;
    np_buf_init(&scratch, SIZE_MAX / 2);
    struct np_finding_means means = {&fixture->arena, &scratch, fixture->names};
    struct np_finding_evidence evidence = {fields, count, NULL};
    assert_int_equal(np_finding_make(&finding, &means, &info, &evidence, &fixture->fake.event), 0);
    return finding;
}

static void copies_what_the_event_says(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    char account[] = "123";
    char name[] = "CreateAccessKey";
    char object[] = "logs/a.json";
    fixture.fake.event.account = np_span_of(account);
    fixture.fake.brief.name = np_span_of(name);
    fixture.fake.event.origin.object = object;
    fixture.fake.event.flags = NP_EVENT_LATE;
    struct np_finding *finding = make(&fixture, NULL, 0);
    memset(account, 'x', 3);
    memset(name, 'x', 3);
    memset(object, 'x', 3);
    assert_ptr_equal(finding->rule, &info);
    assert_int_equal(finding->time, 5);
    assert_int_equal(finding->arrival, 6);
    assert_int_equal(finding->event_flags, NP_EVENT_LATE);
    assert_span_equal(finding->account, "123");
    assert_span_equal(finding->event_id, "event-1");
    assert_span_equal(finding->event.name, "CreateAccessKey");
    assert_span_equal(finding->event.source, "iam.amazonaws.com");
    assert_span_equal(finding->event.outcome, "ok");
    assert_string_equal(finding->origin.object, "logs/a.json");
    assert_int_equal(finding->origin.offset, 70);
    assert_false(finding->truncated);
    end(&fixture);
}

static void says_who_did_what_from_where(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    struct np_event_brief *brief = &fixture.fake.brief;
    assert_span_equal(make(&fixture, NULL, 0)->message,
                      "Key made: CreateAccessKey by arn:mallory from 1.2.3.4");
    brief->principal = (struct np_span){};
    assert_span_equal(make(&fixture, NULL, 0)->message, "Key made: CreateAccessKey from 1.2.3.4");
    brief->address = (struct np_span){};
    assert_span_equal(make(&fixture, NULL, 0)->message, "Key made: CreateAccessKey");
    brief->name = (struct np_span){};
    assert_span_equal(make(&fixture, NULL, 0)->message, "Key made");
    brief->principal = NP_SPAN("root");
    assert_span_equal(make(&fixture, NULL, 0)->message, "Key made: by root");
    end(&fixture);
}

static void has_an_id_that_never_changes(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    struct np_hash128 expected = np_hash128(NP_SPAN("rule-id\0aws.cloudtrail\0"
                                                    "123\0event-1"),
                                            0);
    struct np_finding *finding = make(&fixture, NULL, 0);
    assert_memory_equal(&finding->id, &expected, sizeof(expected));
    /* An event without an id has its place. */
    fixture.fake.event.id = (struct np_span){};
    finding = make(&fixture, NULL, 0);
    assert_span_equal(finding->event_id, "logs/a.json:70");
    expected = np_hash128(NP_SPAN("rule-id\0aws.cloudtrail\0"
                                  "123\0logs/a.json:70"),
                          0);
    assert_memory_equal(&finding->id, &expected, sizeof(expected));
    end(&fixture);
}

static void keeps_the_fields_that_the_rule_looked_at(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    const struct np_value items[] = {text_value("a"), int_value(1, "1"), null_value(),
                                     object_value("{}")};
    const np_field_id fields[] = {NP_FIELD_USER_AGENT,         NP_FIELD_ERROR_CODE,
                                  NP_FIELD_READ_ONLY,          NP_FIELD_EVENT_NAME,
                                  NP_FIELD_REQUEST_PARAMETERS, NP_FIELD_RESPONSE_ELEMENTS};
    fixture.fake.values[NP_FIELD_USER_AGENT] = text_value("");
    fixture.fake.values[NP_FIELD_READ_ONLY] = bool_value(false);
    fixture.fake.values[NP_FIELD_EVENT_NAME] = list_value(items, 4);
    fixture.fake.values[NP_FIELD_REQUEST_PARAMETERS] = object_value("{\"a\": 1}");
    fixture.fake.values[NP_FIELD_RESPONSE_ELEMENTS] = null_value();
    struct np_finding *finding = make(&fixture, fields, NP_ARRAY_LEN(fields));
    static const char *const expected[][2] = {
        {"userAgent", ""},
        {"readOnly", "false"},
        {"eventName", "a, 1, null, {}"},
        {"requestParameters", "{\"a\": 1}"},
        {"responseElements", "null"},
    };
    assert_int_equal(finding->field_count, NP_ARRAY_LEN(expected)); /* none for what is absent */
    for (size_t i = 0; i < finding->field_count; i++) {
        assert_span_equal(finding->fields[i].name, expected[i][0]);
        assert_span_equal(finding->fields[i].value.text, expected[i][1]);
    }
    end(&fixture);
}

static void names_each_target_once(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    static const struct np_entity entities[] = {
        {NP_ENTITY_USER, NP_ENTITY_BY, {"mallory", 7}},
        {NP_ENTITY_ACCESS_KEY, NP_ENTITY_WITH, {"AKIA1", 5}},
        {NP_ENTITY_USER, NP_ENTITY_ON, {"alice", 5}},
        {NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE, {"AKIA2", 5}},
        {NP_ENTITY_ROLE, NP_ENTITY_PASSED, {"admin", 5}},
        {NP_ENTITY_RESOURCE, NP_ENTITY_ON, {"alice", 5}},
        {NP_ENTITY_ADDRESS, NP_ENTITY_FROM, {"1.2.3.4", 7}},
    };
    memcpy(fixture.fake.entities, entities, sizeof(entities));
    fixture.fake.entity_count = NP_ARRAY_LEN(entities);
    struct np_finding *finding = make(&fixture, NULL, 0);
    assert_int_equal(finding->target_count, 3);
    assert_span_equal(finding->targets[0], "alice");
    assert_span_equal(finding->targets[1], "AKIA2");
    assert_span_equal(finding->targets[2], "admin");
    assert_false(finding->truncated);
    static char names[NP_FINDING_TARGETS_MAX + 1][4];
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++) {
        (void) snprintf(names[i], sizeof(names[i]), "t%zu", i);
        fixture.fake.entities[i] =
            (struct np_entity){NP_ENTITY_RESOURCE, NP_ENTITY_ON, np_span_of(names[i])};
    }
    fixture.fake.entity_count = NP_ARRAY_LEN(names);
    finding = make(&fixture, NULL, 0);
    assert_int_equal(finding->target_count, NP_FINDING_TARGETS_MAX);
    assert_true(finding->truncated);
    end(&fixture);
}

static void cuts_long_texts_at_a_character(void **state)
{
    (void) state;
    enum { LONG = NP_FINDING_TEXT_MAX_BYTES + 10 };
    struct fixture fixture;
    begin(&fixture);
    static char text[LONG];
    const np_field_id field = NP_FIELD_USER_AGENT;
    static const struct {
        const char *character;
        size_t before; /* where it begins, seen from the bound */
        size_t kept;
    } cases[] = {
        {"x", 1, NP_FINDING_TEXT_MAX_BYTES},     {"ß", 2, NP_FINDING_TEXT_MAX_BYTES},
        {"ß", 1, NP_FINDING_TEXT_MAX_BYTES - 1}, {"日", 2, NP_FINDING_TEXT_MAX_BYTES - 2},
        {"😀", 3, NP_FINDING_TEXT_MAX_BYTES - 3}, {"😀", 4, NP_FINDING_TEXT_MAX_BYTES},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        memset(text, 'x', LONG);
        memcpy(text + NP_FINDING_TEXT_MAX_BYTES - cases[i].before, cases[i].character,
               strlen(cases[i].character));
        fixture.fake.values[field] = (struct np_value){.kind = NP_VALUE_TEXT, .text = {text, LONG}};
        struct np_finding *finding = make(&fixture, &field, 1);
        assert_int_equal(finding->fields[0].value.text.len, cases[i].kept);
        assert_true(finding->truncated);
    }
    memset(text, '\x80', LONG); /* no character anywhere */
    struct np_finding *finding = make(&fixture, &field, 1);
    assert_int_equal(finding->fields[0].value.text.len, NP_FINDING_TEXT_MAX_BYTES - 3);
    fixture.fake.values[field].text.len = NP_FINDING_TEXT_MAX_BYTES;
    assert_false(make(&fixture, &field, 1)->truncated);
    fixture.fake.values[field].flags = NP_VALUE_TRUNCATED; /* cut before it came to us */
    assert_true(make(&fixture, &field, 1)->truncated);
    end(&fixture);
}

static void bounds_lists_and_fields(void **state)
{
    (void) state;
    enum { ITEMS = 5000 };
    struct fixture fixture;
    begin(&fixture);
    static struct np_value items[ITEMS];
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = text_value("0123456789");
    np_field_id fields[NP_FINDING_FIELDS_MAX + 1];
    for (size_t i = 0; i < NP_ARRAY_LEN(fields); i++)
        fields[i] = NP_FIELD_USER_AGENT;
    fixture.fake.values[NP_FIELD_USER_AGENT] = list_value(items, ITEMS);
    struct np_finding *finding = make(&fixture, fields, 1);
    assert_int_equal(finding->fields[0].value.text.len, NP_FINDING_TEXT_MAX_BYTES);
    assert_true(finding->truncated);
    fixture.fake.values[NP_FIELD_USER_AGENT] = text_value("x");
    assert_false(make(&fixture, fields, NP_FINDING_FIELDS_MAX)->truncated);
    finding = make(&fixture, fields, NP_FINDING_FIELDS_MAX + 1);
    assert_int_equal(finding->field_count, NP_FINDING_FIELDS_MAX);
    assert_true(finding->truncated);
    end(&fixture);
}

/* ---- of a rule with an output */

static struct np_finding *make_told(struct fixture *fixture, const struct np_rule_output *output)
{
    struct np_finding *finding = NULL;
    np_auto_buf struct np_buf scratch;
    np_buf_init(&scratch, SIZE_MAX / 2);
    struct np_finding_means means = {&fixture->arena, &scratch, fixture->names};
    struct np_finding_evidence evidence = {NULL, 0, output};
    assert_int_equal(np_finding_make(&finding, &means, &info, &evidence, &fixture->fake.event), 0);
    return finding;
}

static void tells_the_fields_of_its_output_as_they_are(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    static const struct np_rule_output_field fields[] = {{NP_FIELD_USER_AGENT, false},
                                                         {NP_FIELD_EVENT_NAME, true},
                                                         {NP_FIELD_READ_ONLY, true},
                                                         {NP_FIELD_ERROR_CODE, true}};
    static const struct np_rule_output_part parts[] = {{{"who=", 4}, NP_FIELD_NONE, 0},
                                                       {{}, NP_FIELD_USER_AGENT, 0},
                                                       {{" ", 1}, NP_FIELD_NONE, 0},
                                                       {{}, NP_FIELD_ERROR_CODE, 0}};
    static const struct np_rule_output output = {parts, 4, fields, 4};
    struct np_value items[] = {text_value("a"), int_value(2, "2")};
    fixture.fake.values[NP_FIELD_USER_AGENT] = int_value(-1, "minus one");
    fixture.fake.values[NP_FIELD_EVENT_NAME] = list_value(items, 2);
    fixture.fake.values[NP_FIELD_READ_ONLY] = bool_value(true);
    struct np_finding *finding = make_told(&fixture, &output);
    memset(items, 0, sizeof(items));
    assert_span_equal(finding->message, "who=minus one <NA>");
    assert_int_equal(finding->field_count, 4);
    assert_span_equal(finding->fields[0].name, "userAgent");
    assert_int_equal(finding->fields[0].value.kind, NP_VALUE_INT);
    assert_int_equal(finding->fields[0].value.integer, -1);
    assert_int_equal(finding->fields[1].value.kind, NP_VALUE_LIST);
    assert_int_equal(finding->fields[1].value.count, 2);
    assert_span_equal(finding->fields[1].value.items[0].text, "a");
    assert_int_equal(finding->fields[1].value.items[1].integer, 2);
    assert_int_equal(finding->fields[2].value.kind, NP_VALUE_TEXT);
    assert_span_equal(finding->fields[2].value.text, "true");
    assert_int_equal(finding->fields[3].value.kind, NP_VALUE_ABSENT);
    assert_false(finding->truncated);
    end(&fixture);
}

static void make_with_failures(const struct np_rule_output *output)
{
    struct fixture fixture;
    begin(&fixture);
    static struct np_value items[100];
    for (size_t i = 0; i < NP_ARRAY_LEN(items); i++)
        items[i] =
            text_value("a text of some length, so that the arena needs a second block: ....");
    const np_field_id field = NP_FIELD_USER_AGENT;
    fixture.fake.values[field] = list_value(items, NP_ARRAY_LEN(items));
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_arena arena;
        struct np_finding *finding = NULL;
        np_auto_buf struct np_buf scratch;
        np_buf_init(&scratch, SIZE_MAX / 2);
        np_arena_init(&arena, SIZE_MAX);
        struct np_finding_means means = {&arena, &scratch, fixture.names};
        struct np_finding_evidence evidence = {&field, 1, output};
        np_alloc_fail_at(n);
        r = np_finding_make(&finding, &means, &info, &evidence, &fixture.fake.event);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && finding == NULL));
        np_arena_done(&arena);
    }
    end(&fixture);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    static const struct np_rule_output_field field = {NP_FIELD_USER_AGENT, false};
    static const struct np_rule_output_part part = {.field = NP_FIELD_USER_AGENT};
    static const struct np_rule_output output = {&part, 1, &field, 1};
    make_with_failures(NULL);
    make_with_failures(&output);
}

static void knows_the_levels(void **state)
{
    (void) state;
    for (int i = 0; i < NP_LEVEL_MAX; i++) {
        enum np_level level = NP_LEVEL_MAX;
        assert_true(np_level_parse(np_span_of(np_level_name((enum np_level) i)), &level));
        assert_int_equal(level, i);
    }
    enum np_level level = NP_LEVEL_MAX;
    assert_true(np_level_parse(NP_SPAN("HIGH"), &level));
    assert_int_equal(level, NP_LEVEL_HIGH);
    assert_false(np_level_parse(NP_SPAN("higher"), &level));
    assert_false(np_level_parse(NP_SPAN(""), &level));
    assert_int_equal(level, NP_LEVEL_HIGH);
    assert_string_equal(np_rule_language_name(NP_LANGUAGE_SIGMA), "sigma");
    assert_string_equal(np_rule_language_name(NP_LANGUAGE_FALCO), "falco");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_what_the_event_says),
        cmocka_unit_test(says_who_did_what_from_where),
        cmocka_unit_test(has_an_id_that_never_changes),
        cmocka_unit_test(keeps_the_fields_that_the_rule_looked_at),
        cmocka_unit_test(names_each_target_once),
        cmocka_unit_test(cuts_long_texts_at_a_character),
        cmocka_unit_test(bounds_lists_and_fields),
        cmocka_unit_test(tells_the_fields_of_its_output_as_they_are),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(knows_the_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
