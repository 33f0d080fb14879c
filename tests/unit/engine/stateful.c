/* SPDX-License-Identifier: Apache-2.0 */
/* Runs with incidents, from bytes to what the sinks are told: a small attack by hand, in and out of order, late, silenced. */
#include "engine/engine.h"

#include "support/unit.h"

#include <stdio.h>

#include "base/alloc.h"
#include "incident/behaviour.h"
#include "support/memory_source.h"

#define OFFICE "198.51.100.7"
#define LAIR   "203.0.113.9"

static const char rule[] = "title: Logging stopped\n"
                           "id: stop\n"
                           "logsource: {product: aws, service: cloudtrail}\n"
                           "detection:\n"
                           "  selection:\n"
                           "    eventName: StopLogging\n"
                           "  condition: selection\n"
                           "level: high\n";

static const char tactics[] = "sts\tGetCallerIdentity\tdiscovery\ttelling\n"
                              "iam\tListUsers\tdiscovery\ttelling\n"
                              "iam\tListRoles\tdiscovery\ttelling\n"
                              "iam\tAttachUserPolicy\tprivilege-escalation\tsensitive\n"
                              "iam\tCreateAccessKey\tpersistence\tsensitive\n"
                              "cloudtrail\tStopLogging\tdefense-evasion\tsensitive\n"
                              "s3\tGetObject\tcollection\tordinary\n";

/* A call of the one user that there is. */
struct call {
    const char *id;
    const char *time; /* of 2026-03-02 */
    const char *service;
    const char *api;
    const char *address;
};

static const struct call habits[] = {
    {"day-1", "06:00:00", "s3", "GetObject", OFFICE},
    {"day-2", "07:15:00", "s3", "GetObject", OFFICE},
    {"day-3", "08:30:00", "s3", "GetObject", OFFICE},
};

static const struct call attack[] = {
    {"bad-1", "10:00:01", "sts", "GetCallerIdentity", LAIR},
    {"bad-2", "10:00:02", "iam", "ListUsers", LAIR},
    {"bad-3", "10:00:03", "iam", "ListRoles", LAIR},
    {"bad-4", "10:00:20", "iam", "AttachUserPolicy", LAIR},
    {"bad-5", "10:00:30", "iam", "CreateAccessKey", LAIR},
    {"bad-6", "10:00:40", "cloudtrail", "StopLogging", LAIR},
};

static const struct call evening[] = {{"day-4", "18:00:00", "s3", "GetObject", OFFICE}};

static void add_call(struct np_buf *buf, const struct call *call)
{
    (void) np_buf_printf(
        buf,
        "{\"eventVersion\":\"1.11\",\"eventID\":\"%s\",\"eventTime\":\"2026-03-02T%sZ\","
        "\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\",\"sourceIPAddress\":\"%s\","
        "\"awsRegion\":\"us-east-1\",\"recipientAccountId\":\"111122223333\",\"readOnly\":%s,"
        "\"userAgent\":\"\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\"},\"userIdentity\":{"
        "\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/robot\","
        "\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIAROBOT\",\"userName\":\"robot\"}}\n",
        call->id, call->time, call->service, call->api, call->address,
        call->api[0] == 'G' || call->api[0] == 'L' ? "true" : "false");
}

static void add_calls(struct np_buf *buf, const struct call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_call(buf, &calls[i]);
}

/* Keeps what it was told of incidents as lines "state events", and the rules of findings. */
struct list_sink {
    struct np_sink head;
    struct np_buf incidents;
    struct np_buf findings;
    struct np_hash128 id; /* of the last incident */
    size_t ids;           /* how often another id than before was told */
    size_t events;        /* of the last incident */
    bool fails;
};

static int list_finding(struct np_sink *sink, const struct np_finding *finding, struct np_err *err)
{
    struct list_sink *list = (struct list_sink *) sink;
    (void) err;
    return np_buf_printf(&list->findings, "%s\n", finding->rule->id);
}

static int list_incident(struct np_sink *sink, const struct np_incident *incident,
                         struct np_err *err)
{
    static const char *const states[] = {"open", "update", "closed"};
    struct list_sink *list = (struct list_sink *) sink;
    if (list->fails)
        return np_fail(err, -ENOSPC, "the disk is full");
    list->ids += list->incidents.len == 0 || list->id.low != incident->id.low ||
                 list->id.high != incident->id.high;
    list->id = incident->id;
    list->events = incident->event_count;
    return np_buf_printf(&list->incidents, "%s\n", states[incident->state]);
}

struct run {
    struct np_field_set *fields;
    struct np_rule_set *rules;
    struct np_decode_plan *plan;
    struct np_tactics *tactics;
    struct np_endpoints *endpoints;
    struct np_incident_params incidents;
    struct list_sink sink;
    struct np_sink *sinks[1];
    struct np_engine_params params;
    struct np_engine_result result;
    struct np_buf input;
    struct np_err err;
};

static void run_open(struct run *run)
{
    static const struct np_sink_ops ops = {
        .name = "list", .finding = list_finding, .incident = list_incident};
    struct np_diag_list diags;
    *run = (struct run){};
    np_diag_list_init(&diags);
    assert_int_equal(np_field_set_new(&run->fields), 0);
    assert_int_equal(np_rule_set_new(&run->rules, run->fields), 0);
    assert_int_equal(np_rule_set_load(run->rules, "stop.yml", np_span_of(rule), &diags), 0);
    assert_int_equal(np_rule_set_compile(run->rules, NULL), 0);
    assert_int_equal(np_decode_plan_new(&run->plan, run->fields, NULL, NULL), 0);
    assert_int_equal(np_tactics_load(&run->tactics, np_span_of(tactics), NULL), 0);
    assert_int_equal(np_endpoints_new(&run->endpoints), 0);
    np_diag_list_done(&diags);
    run->sink.head.ops = &ops;
    np_buf_init(&run->sink.incidents, 1 << 20);
    np_buf_init(&run->sink.findings, 1 << 20);
    np_buf_init(&run->input, 1 << 24);
    run->sinks[0] = &run->sink.head;
    run->incidents = (struct np_incident_params){
        .tactics = run->tactics, .endpoints = run->endpoints, .behaviours = true};
    run->params =
        (struct np_engine_params){.rules = run->rules,
                                  .fields = run->fields,
                                  .plan = run->plan,
                                  .sinks = run->sinks,
                                  .sink_count = 1,
                                  .filter = {.since = NP_TIME_NONE, .until = NP_TIME_NONE},
                                  .lateness = NP_LATENESS_NS,
                                  .incidents = &run->incidents};
}

static void run_close(struct run *run)
{
    np_engine_result_done(&run->result);
    np_endpoints_free(&run->endpoints);
    np_tactics_free(&run->tactics);
    np_decode_plan_free(&run->plan);
    np_rule_set_free(&run->rules);
    np_field_set_free(&run->fields);
    np_buf_done(&run->sink.incidents);
    np_buf_done(&run->sink.findings);
    np_buf_done(&run->input);
}

static int run_texts(struct run *run, const char *const *texts, size_t count)
{
    struct memory_source source;
    memory_source_init(&source, texts, count);
    run->params.source = &source.head;
    int r = np_engine_run(&run->result, &run->params, &run->err);
    memory_source_destroy(&source.head);
    return r;
}

/* Runs what is in `input`. */
static int run_input(struct run *run)
{
    const char *const texts[] = {np_buf_cstr(&run->input)};
    return run_texts(run, texts, 1);
}

static void add_whole_day(struct run *run)
{
    add_calls(&run->input, habits, NP_ARRAY_LEN(habits));
    add_calls(&run->input, attack, NP_ARRAY_LEN(attack));
    add_calls(&run->input, evening, NP_ARRAY_LEN(evening));
}

static void assert_one_incident(const struct run *run)
{
    assert_int_equal(run->sink.ids, 1);
    assert_int_equal(run->sink.events, NP_ARRAY_LEN(attack));
    assert_int_equal(run->result.summary.incidents, 1);
}

static void an_attack_is_one_incident_without_its_owners_work(void **state)
{
    (void) state;
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct run run;
        run_open(&run);
        run.params.threads = threads;
        add_whole_day(&run);
        assert_int_equal(run_input(&run), 0);
        assert_one_incident(&run);
        assert_true(np_span_starts(np_buf_span(&run.sink.incidents), NP_SPAN("open\n")));
        assert_true(np_span_ends(np_buf_span(&run.sink.incidents), NP_SPAN("closed\n")));
        assert_non_null(strstr(np_buf_cstr(&run.sink.findings), "stop\n"));
        assert_non_null(strstr(np_buf_cstr(&run.sink.findings), "nepho."));
        run_close(&run);
    }
}

static void without_incidents_only_rules_find(void **state)
{
    struct run run;
    (void) state;
    run_open(&run);
    run.params.incidents = NULL;
    add_whole_day(&run);
    assert_int_equal(run_input(&run), 0);
    assert_int_equal(run.sink.incidents.len, 0);
    assert_string_equal(np_buf_cstr(&run.sink.findings), "stop\n");
    run_close(&run);
}

static void order_within_the_lateness_changes_nothing(void **state)
{
    struct run straight;
    struct run turned;
    (void) state;
    run_open(&straight);
    run_open(&turned);
    add_whole_day(&straight);
    add_calls(&turned.input, habits, NP_ARRAY_LEN(habits));
    for (size_t i = NP_ARRAY_LEN(attack); i-- > 0;)
        add_call(&turned.input, &attack[i]);
    add_calls(&turned.input, evening, NP_ARRAY_LEN(evening));
    assert_int_equal(run_input(&straight), 0);
    assert_int_equal(run_input(&turned), 0);
    assert_one_incident(&turned);
    assert_memory_equal(&turned.sink.id, &straight.sink.id, sizeof(straight.sink.id));
    assert_string_equal(np_buf_cstr(&turned.sink.incidents), np_buf_cstr(&straight.sink.incidents));
    run_close(&straight);
    run_close(&turned);
}

/* The last two calls come hours after the incident was told. */
static void what_is_late_joins_the_incident_that_was_told(void **state)
{
    struct run run;
    (void) state;
    run_open(&run);
    add_calls(&run.input, habits, NP_ARRAY_LEN(habits));
    add_calls(&run.input, attack, NP_ARRAY_LEN(attack) - 2);
    add_calls(&run.input, evening, NP_ARRAY_LEN(evening));
    add_calls(&run.input, &attack[NP_ARRAY_LEN(attack) - 2], 2);
    assert_int_equal(run_input(&run), 0);
    assert_int_equal(run.result.summary.late, 2);
    assert_one_incident(&run);
    run_close(&run);
}

static void behaviours_are_silent_with_the_shipped_rules(void **state)
{
    struct run run;
    (void) state;
    run_open(&run);
    run.incidents.behaviours = false;
    add_whole_day(&run);
    assert_int_equal(run_input(&run), 0);
    assert_string_equal(np_buf_cstr(&run.sink.findings), "stop\n");
    run_close(&run);
}

static void one_behaviour_is_silenced(void **state)
{
    const struct np_rule_info *silent[1] = {};
    size_t count = 0;
    const struct np_behaviour *all = np_behaviours_all(&count);
    struct run run;
    (void) state;
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].rule.id, "nepho.guards-off") == 0)
            silent[0] = &all[i].rule;
    assert_non_null(silent[0]);
    for (size_t is_silent = 0; is_silent < 2; is_silent++) {
        run_open(&run);
        run.incidents.silent = silent;
        run.incidents.silent_count = is_silent;
        add_whole_day(&run);
        assert_int_equal(run_input(&run), 0);
        const char *told = strstr(np_buf_cstr(&run.sink.findings), "nepho.guards-off\n");
        assert_int_equal(told == NULL, is_silent);
        run_close(&run);
    }
}

static void says_why_an_event_is_in_or_out(void **state)
{
    static const struct {
        const char *id;
        const char *says;
    } cases[] = {{"bad-2", "in: "}, {"day-2", "out: "}, {"other", ""}};
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct run run;
        run_open(&run);
        run.incidents.explain = np_span_of(cases[i].id);
        add_whole_day(&run);
        assert_int_equal(run_input(&run), 0);
        struct np_span text = np_buf_span(&run.result.explanation);
        assert_true(np_span_starts(text, np_span_of(cases[i].says)));
        assert_int_equal(text.len == 0, cases[i].says[0] == '\0');
        run_close(&run);
    }
}

static void ends_with_a_sinks_error(void **state)
{
    struct run run;
    (void) state;
    run_open(&run);
    run.sink.fails = true;
    add_whole_day(&run);
    assert_int_equal(run_input(&run), -ENOSPC);
    assert_string_equal(run.err.msg, "the disk is full");
    run_close(&run);
}

static bool has_limit(const struct run *run, const char *what)
{
    for (size_t i = 0; i < run->result.summary.limit_count; i++)
        if (strcmp(run->result.summary.limits[i].what, what) == 0)
            return true;
    return false;
}

/* An object of so many keys that one user makes. */
static void add_new_keys(struct np_buf *buf, int object, int count)
{
    for (int i = 0; i < count; i++)
        (void) np_buf_printf(
            buf,
            "{\"eventVersion\":\"1.11\",\"eventID\":\"key-%d-%d\",\"eventTime\":"
            "\"2026-03-02T09:00:00Z\",\"eventSource\":\"iam.amazonaws.com\",\"eventName\":"
            "\"CreateAccessKey\",\"sourceIPAddress\":\"" OFFICE "\",\"awsRegion\":\"us-east-1\","
            "\"recipientAccountId\":\"111122223333\",\"userIdentity\":{\"type\":\"IAMUser\","
            "\"arn\":\"arn:aws:iam::111122223333:user/robot\",\"accountId\":\"111122223333\","
            "\"accessKeyId\":\"AKIAROBOT\",\"userName\":\"robot\"},\"responseElements\":"
            "{\"accessKey\":{\"accessKeyId\":\"AKIA%d%d\",\"userName\":\"robot\"}}}\n",
            object, i, object, i);
}

static void tells_that_it_had_to_forget(void **state)
{
    enum { OBJECTS = 40, KEYS = 5000 };
    static struct np_buf objects[OBJECTS];
    const char *texts[OBJECTS];
    (void) state;
    for (int i = 0; i < OBJECTS; i++) {
        np_buf_init(&objects[i], 1 << 23);
        add_new_keys(&objects[i], i, KEYS);
        texts[i] = np_buf_cstr(&objects[i]);
    }
    for (size_t count = 1; count <= OBJECTS; count += OBJECTS - 1) {
        struct run run;
        run_open(&run);
        assert_int_equal(run_texts(&run, texts, count), 0);
        assert_int_equal(has_limit(&run, "habits and credentials forgotten for lack of memory"),
                         count > 1);
        run_close(&run);
    }
    for (int i = 0; i < OBJECTS; i++)
        np_buf_done(&objects[i]);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    long count = 1; /* of allocations, once a run was made */
    bool told = false;
    for (long n = -1; n < count; n++) {
        struct run run;
        run_open(&run);
        add_whole_day(&run);
        assert_int_equal(np_buf_reserve(&run.sink.findings, 1 << 12), 0); /* the sink's own */
        assert_int_equal(np_buf_reserve(&run.sink.incidents, 1 << 12), 0);
        size_t before = np_alloc_count();
        np_alloc_fail_at(n);
        int r = run_input(&run);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && run.err.msg[0] != '\0'));
        if (n < 0)
            count = (long) (np_alloc_count() - before);
        told |= has_limit(&run, "events whose caller could not be followed");
        run_close(&run);
    }
    assert_true(told);
}

/* An object of everyday calls: a second apart, behind those of the objects before. */
static void add_work(struct np_buf *buf, int object, int calls)
{
    for (int i = 0; i < calls; i++) {
        char id[32];
        char time[32];
        (void) snprintf(id, sizeof(id), "work-%02d-%02d", object, i);
        (void) snprintf(time, sizeof(time), "09:%02d:%02d", object, i);
        add_call(buf, &(struct call){id, time, "s3", "GetObject", OFFICE});
    }
}

/* Twice as many everyday calls need as many allocations, but for what is doubled at times. */
static void allocates_nothing_per_ordinary_event(void **state)
{
    enum { OBJECTS = 40, CALLS = 60, DOUBLED = 4 };
    static struct np_buf objects[OBJECTS];
    const char *texts[OBJECTS];
    size_t allocated[2];
    (void) state;
    for (int i = 0; i < OBJECTS; i++) {
        np_buf_init(&objects[i], 1 << 20);
        add_work(&objects[i], i, CALLS);
        texts[i] = np_buf_cstr(&objects[i]);
    }
    for (size_t twice = 0; twice < 2; twice++) {
        struct run run;
        run_open(&run);
        size_t before = np_alloc_count();
        assert_int_equal(run_texts(&run, texts, twice == 0 ? OBJECTS / 2 : OBJECTS), 0);
        allocated[twice] = np_alloc_count() - before;
        assert_int_equal(run.sink.incidents.len, 0);
        run_close(&run);
    }
    for (int i = 0; i < OBJECTS; i++)
        np_buf_done(&objects[i]);
    assert_in_range(allocated[1], allocated[0], allocated[0] + DOUBLED);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attack_is_one_incident_without_its_owners_work),
        cmocka_unit_test(without_incidents_only_rules_find),
        cmocka_unit_test(order_within_the_lateness_changes_nothing),
        cmocka_unit_test(what_is_late_joins_the_incident_that_was_told),
        cmocka_unit_test(behaviours_are_silent_with_the_shipped_rules),
        cmocka_unit_test(one_behaviour_is_silenced),
        cmocka_unit_test(says_why_an_event_is_in_or_out),
        cmocka_unit_test(ends_with_a_sinks_error),
        cmocka_unit_test(tells_that_it_had_to_forget),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(allocates_nothing_per_ordinary_event),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
