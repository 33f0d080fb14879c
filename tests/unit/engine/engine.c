/* SPDX-License-Identifier: Apache-2.0 */
/* Runs from bytes to findings and sums, with and without threads. */
#include "engine/engine.h"

#include "support/unit.h"

#include <stdio.h>

#include "base/alloc.h"
#include "event/syscall.h"
#include "support/memory_source.h"

static const char stop_rule[] = "title: Logging stopped\n"
                                "id: stop\n"
                                "logsource: {product: aws, service: cloudtrail}\n"
                                "detection:\n"
                                "  selection:\n"
                                "    eventName: StopLogging\n"
                                "  condition: selection\n"
                                "level: high\n"
                                "---\n"
                                "title: Anything\n"
                                "id: any\n"
                                "logsource: {product: aws}\n"
                                "detection:\n"
                                "  selection:\n"
                                "    eventVersion: '*'\n"
                                "  condition: selection\n"
                                "level: low\n";

#define EVENT(id, name, time)                                                                      \
    "{\"eventVersion\":\"1.08\",\"eventID\":\"" id                                                 \
    "\",\"recipientAccountId\":\"1\",\"eventName\":\"" name "\",\"eventTime\":\"2024-05-01T" time  \
    "Z\",\"awsRegion\":\"us-east-1\"}"

/* A sink that writes "rule event" lines into a buffer. */
struct list_sink {
    struct np_sink head;
    struct np_buf lines;
    int fails_at; /* finding number that fails; 0 = none */
    int count;
};

static int list_finding(struct np_sink *sink, const struct np_finding *finding, struct np_err *err)
{
    struct list_sink *list = (struct list_sink *) sink;
    list->count++;
    if (list->count == list->fails_at)
        return np_fail(err, -ENOSPC, "the disk is full");
    (void) np_buf_printf(&list->lines, "%s %.*s\n", finding->rule->id,
                         NP_SPAN_ARGS(finding->event_id));
    return 0;
}

struct run {
    struct np_field_set *fields;
    struct np_rule_set *rules;
    struct np_decode_plan *plan;
    struct list_sink sink;
    struct np_sink *sinks[1];
    struct np_engine_params params;
    struct np_engine_result result;
    struct np_err err;
};

static void run_open(struct run *run)
{
    static const struct np_sink_ops ops = {.name = "list", .finding = list_finding};
    struct np_diag_list diags;
    *run = (struct run){};
    np_diag_list_init(&diags);
    assert_int_equal(np_field_set_new(&run->fields), 0);
    assert_int_equal(np_rule_set_new(&run->rules, run->fields), 0);
    assert_int_equal(np_rule_set_load(run->rules, "stop.yml", np_span_of(stop_rule), &diags), 0);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(np_rule_set_compile(run->rules, NULL), 0);
    assert_int_equal(np_decode_plan_new(&run->plan, run->fields, NULL, NULL), 0);
    np_diag_list_done(&diags);
    run->sink.head.ops = &ops;
    np_buf_init(&run->sink.lines, 1 << 24);
    run->sinks[0] = &run->sink.head;
    run->params =
        (struct np_engine_params){.rules = run->rules,
                                  .fields = run->fields,
                                  .plan = run->plan,
                                  .sinks = run->sinks,
                                  .sink_count = 1,
                                  .filter = {.since = NP_TIME_NONE, .until = NP_TIME_NONE},
                                  .lateness = NP_LATENESS_NS};
}

static void run_close(struct run *run)
{
    np_engine_result_done(&run->result);
    np_decode_plan_free(&run->plan);
    np_rule_set_free(&run->rules);
    np_field_set_free(&run->fields);
    np_buf_done(&run->sink.lines);
}

static int run_texts(struct run *run, const char *const *texts, size_t count)
{
    struct memory_source source;
    memory_source_init(&source, texts, count);
    run->params.source = &source.head;
    np_engine_result_done(&run->result);
    np_buf_reset(&run->sink.lines);
    int r = np_engine_run(&run->result, &run->params, &run->err);
    memory_source_destroy(&source.head);
    return r;
}

static void tells_findings_in_order(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "{\"Records\":[" EVENT("a", "StopLogging", "10:00:00") "," EVENT("b", "X", "10:00:01") "]}",
        EVENT("c", "X", "10:00:02") "\n" EVENT("d", "stopLOGGING", "10:00:03") "\n",
    };
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 2), 0);
    assert_string_equal(np_buf_cstr(&run.sink.lines),
                        "stop a\nany a\nany b\nany c\nstop d\nany d\n");
    assert_int_equal(run.result.summary.objects, 2);
    assert_int_equal(run.result.summary.records, 4);
    assert_int_equal(run.result.summary.events, 4);
    assert_int_equal(run.result.summary.findings, 6);
    assert_int_equal(run.result.summary.by_level[NP_LEVEL_HIGH], 2);
    assert_true(run.result.summary.complete);
    run_close(&run);
}

static void tells_a_duplicate_once(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "StopLogging", "10:00:00"),
                                        EVENT("a", "StopLogging", "10:00:00")};
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 2), 0);
    assert_string_equal(np_buf_cstr(&run.sink.lines), "stop a\nany a\n");
    assert_int_equal(run.result.summary.records, 2);
    assert_int_equal(run.result.summary.duplicates, 1);
    assert_int_equal(run.result.summary.events, 1);
    run_close(&run);
}

static void counts_what_is_late_beyond_the_lateness(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "X", "10:30:00") EVENT(
        "b", "X", "10:15:00") EVENT("c", "X", "10:14:59") EVENT("d", "X", "10:29:00")};
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_int_equal(run.result.summary.records, 4);
    assert_int_equal(run.result.summary.late, 1);
    run_close(&run);
}

/* One batch of records of system calls, among them some of quiet events. */
struct call_source {
    struct np_source head;
    const struct np_syscall_quiet *calls; /* a count of 0: one event, at `first` */
    size_t count;
    bool is_over;
};

static int call_source_next(struct np_source *source, struct np_batch *batch, struct np_err *err)
{
    struct call_source *calls = (struct call_source *) source;
    np_auto_buf struct np_buf buf;
    (void) err;
    np_buf_init(&buf, 1 << 20);
    if (calls->is_over)
        return 0;
    calls->is_over = true;
    assert_int_equal(np_batch_begin(batch, "calls", 0, NP_BATCH_BYTES), 0);
    for (size_t i = 0; i < calls->count; i++) {
        struct np_batch_piece piece = {.start = (uint32_t) buf.len, .offset = i};
        struct np_syscall_head head = {.num = i + 1, .time = calls->calls[i].first};
        if (calls->calls[i].count > 0)
            assert_int_equal(np_syscall_add_quiet(&buf, &calls->calls[i]), 0);
        else
            assert_int_equal(np_syscall_end(&buf, np_syscall_begin(&buf, &head)), 0);
        piece.len = (uint32_t) buf.len - piece.start;
        assert_int_equal(np_vec_push(&batch->pieces, piece, NP_BATCH_PIECES_MAX), 0);
    }
    assert_int_equal(np_batch_reserve(batch, buf.len), 0);
    memcpy(batch->data, buf.data, buf.len);
    batch->len = buf.len;
    return 1;
}

static void counts_quiet_events_as_records_and_as_late(void **state)
{
    enum { S = 1000000000 };
    static const struct np_source_ops ops = {.next = call_source_next};
    static const struct np_syscall_quiet calls[] = {
        {.count = 100, .first = 1000LL * S, .newest = 2000LL * S}, /* the first is never late */
        {.first = 1989LL * S},                                     /* by one second */
        {.first = 1990LL * S},
        {.count = 7, .first = 10LL * S, .newest = 1990LL * S}, /* by its newest it is not */
        {.count = 20, .first = 10LL * S, .newest = 1989LL * S},
        {.first = 2005LL * S},
        {.count = 3, .first = 1994LL * S, .newest = 1994LL * S},
        {.count = 1, .first = 2000LL * S, .newest = 3000LL * S}, /* moves the newest on */
        {.first = 2989LL * S},
    };
    (void) state;
    for (unsigned threads = 0; threads <= 2; threads++) {
        struct call_source source = {
            .head = {.ops = &ops}, .calls = calls, .count = NP_ARRAY_LEN(calls)};
        struct run run;
        run_open(&run);
        np_tally_init(&source.head.tally);
        run.params.source = &source.head;
        run.params.threads = threads;
        run.params.lateness = 10LL * S;
        assert_int_equal(np_engine_run(&run.result, &run.params, &run.err), 0);
        assert_int_equal(run.result.summary.records, 100 + 7 + 20 + 3 + 1 + 4);
        assert_int_equal(run.result.summary.events, 100 + 7 + 20 + 3 + 1 + 4);
        assert_int_equal(run.result.summary.late, 1 + 20 + 3 + 1);
        assert_int_equal(run.result.summary.duplicates, 0);
        assert_int_equal(run.result.summary.findings, 0);
        assert_int_equal(run.result.summary.skipped_count, 0);
        np_tally_done(&source.head.tally);
        run_close(&run);
    }
}

static void splits_lines_that_hold_more(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "{\"Records\":[" EVENT("a", "X", "10:00:00") "," EVENT("b", "X", "10:00:01") "]}\n" EVENT(
            "c", "X", "10:00:02")
            EVENT("d", "X", "10:00:03") "\n{\"Records\":[]}\n" EVENT("e", "X", "10:00:04") "\n"};
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_string_equal(np_buf_cstr(&run.sink.lines), "any a\nany b\nany c\nany d\nany e\n");
    assert_true(run.result.summary.complete);
    run_close(&run);
}

static void reads_good_records_beside_a_bad_one_on_a_line(void **state)
{
    (void) state;
    static const char *const texts[] = {
        EVENT("a", "X", "10:00:00") "{\"bad\":\"\xff\"}" EVENT("b", "X", "10:00:01") "\n"};
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_string_equal(np_buf_cstr(&run.sink.lines), "any a\nany b\n");
    assert_int_equal(run.result.summary.skipped_count, 1);
    run_close(&run);
}

static void names_what_it_cannot_read(void **state)
{
    (void) state;
    static const char *const texts[] = {
        EVENT("a", "X", "10:00:00") "\n{\"who\":\"knows\"}\n{\"a\":\"\xff\"}\n" EVENT(
            "b", "X", "10:00:01") "\n"
                                  "{\"digestStartTime\":\"x\",\"logFiles\":[]}\n"};
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_int_equal(run.result.summary.records, 2);
    assert_int_equal(run.result.summary.digests, 1);
    assert_int_equal(run.result.summary.skipped_count, 2);
    assert_string_equal(run.result.summary.skipped[0].object, "memory-0");
    assert_false(run.result.summary.complete);
    assert_int_equal(run.result.summary.limit_count, 0);
    run_close(&run);
}

static void takes_depth_for_a_limit(void **state)
{
    (void) state;
    enum { DEPTH = 3000 };
    static const char head[] = "{\"eventName\":\"X\",\"eventSource\":\"s\",\"a\":";
    char *text = np_alloc(sizeof(head) + 2 * DEPTH + 1);
    assert_non_null(text);
    memcpy(text, head, sizeof(head) - 1);
    memset(text + sizeof(head) - 1, '[', DEPTH);
    memset(text + sizeof(head) - 1 + DEPTH, ']', DEPTH);
    text[sizeof(head) - 1 + 2 * DEPTH] = '}';
    const char *const texts[] = {text};
    struct run run;
    run_open(&run);
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_int_equal(run.result.summary.records, 0);
    assert_int_equal(run.result.summary.skipped_count, 1);
    assert_int_equal(run.result.summary.limit_count, 1);
    run_close(&run);
    np_free(text);
}

static void filters_matching_and_not_counting(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "X", "10:00:00") EVENT("b", "X", "11:00:00")
                                            EVENT("c", "X", "12:00:00")};
    static const char *const other_account[] = {"2"};
    static const char *const regions[] = {"eu-west-1", "us-east-1"};
    struct run run;
    run_open(&run);
    run.params.filter.since = np_time_of_utc(2024, 5, 1, 11, 0, 0);
    run.params.filter.until = np_time_of_utc(2024, 5, 1, 12, 0, 0);
    run.params.filter.regions = regions;
    run.params.filter.region_count = 2;
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_string_equal(np_buf_cstr(&run.sink.lines), "any b\n");
    assert_int_equal(run.result.summary.records, 3);
    run.params.filter.accounts = other_account;
    run.params.filter.account_count = 1;
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_int_equal(run.result.summary.findings, 0);
    run_close(&run);
}

static void hides_findings_below_the_least_level(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "StopLogging", "10:00:00")};
    struct run run;
    run_open(&run);
    run.params.min_level = NP_LEVEL_MEDIUM;
    assert_int_equal(run_texts(&run, texts, 1), 0);
    assert_string_equal(np_buf_cstr(&run.sink.lines), "stop a\n");
    assert_int_equal(run.result.summary.findings, 1);
    assert_int_equal(run.result.all_by_level[NP_LEVEL_LOW], 1);
    run_close(&run);
}

static void ends_with_a_sinks_error(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "X", "10:00:00"), EVENT("b", "X", "10:00:01"),
                                        EVENT("c", "X", "10:00:02")};
    for (unsigned threads = 0; threads <= 2; threads++) {
        struct run run;
        run_open(&run);
        run.params.threads = threads;
        run.sink.fails_at = 2;
        assert_int_equal(run_texts(&run, texts, 3), -ENOSPC);
        assert_string_equal(run.err.msg, "the disk is full");
        run_close(&run);
    }
}

static void ends_when_interrupted(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "X", "10:00:00"), EVENT("b", "X", "10:00:01")};
    static const volatile sig_atomic_t interrupted = 1;
    for (unsigned threads = 0; threads <= 2; threads++) {
        struct run run;
        run_open(&run);
        run.params.threads = threads;
        run.params.interrupted = &interrupted;
        assert_int_equal(run_texts(&run, texts, 2), 0);
        assert_true(run.result.interrupted);
        assert_false(run.result.summary.complete);
        assert_int_equal(run.result.summary.records, 0);
        run_close(&run);
    }
}

/* Property: threads change neither findings, nor their order, nor a count. */
static void threads_change_nothing(void **state)
{
    (void) state;
    enum { OBJECTS = 200 };
    static char storage[OBJECTS][1024];
    const char *texts[OBJECTS];
    struct run inline_run;
    for (int i = 0; i < OBJECTS; i++) {
        (void) snprintf(
            storage[i], sizeof(storage[i]),
            EVENT("%d", "%s", "10:%02d:00") "\n" EVENT("%d", "X", "10:%02d:01") "\n%s\n", i,
            i % 3 == 0 ? "StopLogging" : "X", i % 60, i / 2, i % 50,
            i % 7 == 0 ? "{\"odd\":1}" : "");
        texts[i] = storage[i];
    }
    run_open(&inline_run);
    assert_int_equal(run_texts(&inline_run, texts, OBJECTS), 0);
    for (unsigned threads = 2; threads <= 5; threads++) {
        struct run run;
        run_open(&run);
        run.params.threads = threads;
        assert_int_equal(run_texts(&run, texts, OBJECTS), 0);
        assert_string_equal(np_buf_cstr(&run.sink.lines), np_buf_cstr(&inline_run.sink.lines));
        assert_int_equal(run.result.summary.records, inline_run.result.summary.records);
        assert_int_equal(run.result.summary.duplicates, inline_run.result.summary.duplicates);
        assert_int_equal(run.result.summary.late, inline_run.result.summary.late);
        assert_int_equal(run.result.summary.skipped_count, inline_run.result.summary.skipped_count);
        run_close(&run);
    }
    run_close(&inline_run);
}

/* More findings than a batch may hold at once are told in parts, and none is lost. */
static void tells_more_findings_than_fit(void **state)
{
    (void) state;
    enum { EVENTS = 6000, EVENT_BYTES = 160 };
    char *text = np_alloc_array(EVENTS, EVENT_BYTES);
    assert_non_null(text);
    size_t len = 0;
    for (int i = 0; i < EVENTS; i++)
        len += (size_t) snprintf(text + len, EVENT_BYTES,
                                 EVENT("%d", "StopLogging", "10:00:00") "\n", i);
    const char *const texts[] = {text, EVENT("last", "X", "10:00:01")};
    for (unsigned threads = 0; threads <= 2; threads++) {
        struct run run;
        run_open(&run);
        run.params.threads = threads;
        assert_int_equal(run_texts(&run, texts, 2), 0);
        assert_int_equal(run.result.summary.records, EVENTS + 1);
        assert_int_equal(run.result.summary.findings, 2 * EVENTS + 1);
        assert_non_null(strstr(np_buf_cstr(&run.sink.lines), "any last\n"));
        run_close(&run);
    }
    np_free(text);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    static const char *const texts[] = {EVENT("a", "StopLogging", "10:00:00") "\n{\"odd\":1}\n"};
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM && n < 1000; n++) {
        struct run run;
        run_open(&run);
        np_alloc_fail_at(n);
        r = run_texts(&run, texts, 1);
        np_alloc_fail_at(-1);
        run_close(&run);
    }
    assert_int_equal(r, 0);
}

/* Only the caller's thread fails, whatever it is at; the others end with it. */
static void survives_failed_allocations_beside_a_thread(void **state)
{
    (void) state;
    enum { TRIES = 150, OBJECTS = 8 };
    const char *texts[OBJECTS];
    for (int i = 0; i < OBJECTS; i++)
        texts[i] = EVENT("a", "StopLogging", "10:00:00") "\n{\"odd\":1}\n";
    for (long n = 0; n < TRIES; n++) {
        struct run run;
        run_open(&run);
        run.params.threads = 2;
        np_alloc_fail_at(n);
        int r = run_texts(&run, texts, OBJECTS);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        run_close(&run);
    }
}

static void allocates_nothing_per_event(void **state)
{
    (void) state;
    enum { OBJECTS = 64 };
    static char storage[OBJECTS][4096];
    const char *texts[OBJECTS];
    size_t allocated[2];
    for (int i = 0; i < OBJECTS; i++) {
        size_t len = 0;
        for (int k = 0; k < 8; k++)
            len += (size_t) snprintf(storage[i] + len, sizeof(storage[i]) - len,
                                     EVENT("%d-%d", "StopLogging", "10:00:%02d") "\n", i, k, k);
        texts[i] = storage[i];
    }
    for (int twice = 0; twice < 2; twice++) {
        struct run run;
        run_open(&run);
        np_buf_init(&run.sink.lines, 1 << 24);
        assert_int_equal(np_buf_reserve(&run.sink.lines, 1 << 20), 0);
        size_t before = np_alloc_count();
        assert_int_equal(run_texts(&run, texts, twice == 0 ? OBJECTS / 2 : OBJECTS), 0);
        allocated[twice] = np_alloc_count() - before;
        run_close(&run);
    }
    assert_int_equal(allocated[0], allocated[1]);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_findings_in_order),
        cmocka_unit_test(tells_a_duplicate_once),
        cmocka_unit_test(counts_what_is_late_beyond_the_lateness),
        cmocka_unit_test(counts_quiet_events_as_records_and_as_late),
        cmocka_unit_test(splits_lines_that_hold_more),
        cmocka_unit_test(reads_good_records_beside_a_bad_one_on_a_line),
        cmocka_unit_test(names_what_it_cannot_read),
        cmocka_unit_test(takes_depth_for_a_limit),
        cmocka_unit_test(filters_matching_and_not_counting),
        cmocka_unit_test(hides_findings_below_the_least_level),
        cmocka_unit_test(ends_with_a_sinks_error),
        cmocka_unit_test(ends_when_interrupted),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(tells_more_findings_than_fit),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(survives_failed_allocations_beside_a_thread),
        cmocka_unit_test(allocates_nothing_per_event),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
