/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes of tests as lines for people, ndjson and SARIF; JUnit has a file of its own. */
#include "cli/rules/junit.h"
#include "cli/rules/sarif.h"
#include "cli/rules/tests.h"
#include "sink/line.h"

enum { SENTENCE_MAX_BYTES = 65536 };

static const char *const status_names[NP_TEST_STATUS_MAX] = {
    [NP_TEST_PASSED] = "passed",
    [NP_TEST_FAILED] = "failed",
    [NP_TEST_UNTESTED] = "untested",
    [NP_TEST_REFUSED] = "error",
};

/* What is told. */
struct report {
    const struct np_loaded *loaded;
    struct np_tests *tests;
};

static int write_sums(const struct report *report, struct np_out *out, struct np_err *err)
{
    const struct np_tests *tests = report->tests;
    size_t records = tests->counts[NP_TEST_PASSED] + tests->counts[NP_TEST_FAILED];
    (void) np_buf_printf(np_out_buf(out),
                         "%zu rules: %zu tested, %zu untested; %zu documents refused\n"
                         "%zu samples: %zu as stated, %zu not\n",
                         tests->rules, tests->tested, tests->rules - tests->tested,
                         tests->counts[NP_TEST_REFUSED], records, tests->counts[NP_TEST_PASSED],
                         tests->counts[NP_TEST_FAILED]);
    return np_out_commit(out, err);
}

/* "RULE-FILE:LINE: untested: 'Title': why" */
static void add_untested(struct np_buf *buf, const struct np_test *test)
{
    np_add_safe(buf, test->place.file);
    (void) np_buf_printf(buf, ":%u: untested: '", test->place.line);
    np_add_safe(buf, test->doc->title);
    (void) np_buf_printf(buf, "': %s\n", test->problem);
}

/* "SAMPLE:LINE: failed: record 2 must match 'Title', but does not (RULE-FILE)" */
static void add_failure(struct np_buf *buf, const struct np_test *test, struct np_buf *sentence)
{
    np_buf_reset(sentence);
    np_test_explain(sentence, test);
    np_add_safe(buf, test->place.file);
    (void) np_buf_printf(buf, ":%u: failed: ", test->place.line);
    np_add_safe(buf, np_buf_cstr(sentence));
    if (test->name == NULL) {
        (void) np_buf_add_str(buf, " (");
        np_add_safe(buf, test->doc->file);
        (void) np_buf_add_char(buf, ')');
    }
    (void) np_buf_add_char(buf, '\n');
}

/* Calls `fn` with each problem for which the document is refused, until it fails. */
static int each_problem(const struct report *report, const struct np_rule_doc *doc,
                        int (*fn)(void *context, const struct np_diag *diag), void *context)
{
    const struct np_diag_list *diags = &report->loaded->diags;
    int r = 0;
    for (size_t i = 0; i < diags->diags.len && r == 0; i++)
        if (diags->diags.items[i].severity == NP_SEVERITY_ERROR &&
            np_diag_is_of(&diags->diags.items[i], doc))
            r = fn(context, &diags->diags.items[i]);
    return r;
}

static int add_problem_line(void *context, const struct np_diag *diag)
{
    struct np_buf *buf = context;
    np_diag_add_line(buf, diag);
    return 0; /* errors stay in the buffer */
}

static int write_table(const struct report *report, struct np_out *out, struct np_err *err)
{
    np_auto_buf struct np_buf sentence;
    np_buf_init(&sentence, SENTENCE_MAX_BYTES);
    int r = 0;
    for (size_t i = 0; i < report->tests->tests.len && r == 0; i++) {
        const struct np_test *test = &report->tests->tests.items[i];
        if (test->status == NP_TEST_FAILED)
            add_failure(np_out_buf(out), test, &sentence);
        else if (test->status == NP_TEST_UNTESTED && test->problem != NULL)
            add_untested(np_out_buf(out), test);
        else if (test->status == NP_TEST_REFUSED)
            r = each_problem(report, test->doc, add_problem_line, np_out_buf(out));
        if (r == 0)
            r = np_out_commit(out, err);
    }
    return r < 0 ? r : write_sums(report, out, err);
}

static void write_test(const struct report *report, struct np_buf *buf, const struct np_test *test)
{
    struct np_json_writer writer;
    bool is_record = test->status == NP_TEST_PASSED || test->status == NP_TEST_FAILED;
    np_line_begin(&writer, buf, "test");
    np_json_cstr(&writer, "status", status_names[test->status]);
    np_json_begin_object(&writer, "rule");
    np_json_cstr(&writer, "id", test->doc->id);
    np_json_cstr(&writer, "title", test->doc->title);
    np_json_cstr(&writer, "file", test->doc->file);
    np_json_uint(&writer, "index", test->doc->index);
    np_json_end_object(&writer);
    np_json_cstr(&writer, "file", test->place.file);
    np_json_uint(&writer, "line", test->place.line);
    np_json_cstr(&writer, "test", test->name);
    if (test->record > 0)
        np_json_uint(&writer, "record", test->record);
    else
        np_json_null(&writer, "record");
    if (is_record)
        np_json_bool(&writer, "expected", test->want);
    else
        np_json_null(&writer, "expected");
    if (is_record && test->problem == NULL)
        np_json_bool(&writer, "matched", test->want == (test->status == NP_TEST_PASSED));
    else
        np_json_null(&writer, "matched");
    np_json_cstr(&writer, "message", test->problem);
    if (test->status == NP_TEST_REFUSED)
        np_line_diagnostics(&writer, report->loaded, test->doc);
    np_line_end(&writer);
}

static int write_ndjson(const struct report *report, struct np_out *out, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < report->tests->tests.len && r == 0; i++) {
        write_test(report, np_out_buf(out), &report->tests->tests.items[i]);
        r = np_out_commit(out, err);
    }
    return r;
}

/* Adds the result of a failed test; its sentence is kept in `texts`. */
static int add_result(struct np_sarif *sarif, struct np_arena *texts, const struct np_test *test)
{
    np_auto_buf struct np_buf sentence;
    np_buf_init(&sentence, SENTENCE_MAX_BYTES);
    np_test_explain(&sentence, test);
    const char *message =
        sentence.error < 0 ? NULL : np_arena_strdup(texts, np_buf_span(&sentence));
    if (message == NULL)
        return -ENOMEM;
    return np_sarif_add(sarif, (struct np_sarif_result){
                                   .code = test->problem != NULL ? "sample-not-usable"
                                           : test->want          ? "sample-not-matched"
                                                                 : "sample-matched",
                                   .message = message,
                                   .place = test->place,
                                   .severity = NP_SEVERITY_ERROR,
                               });
}

static int add_problem(void *context, const struct np_diag *diag)
{
    return np_sarif_add_diag(context, diag);
}

static int write_sarif(const struct report *report, struct np_out *out, struct np_err *err)
{
    struct np_sarif sarif = {};
    struct np_tests *tests = report->tests;
    int r = 0;
    for (size_t i = 0; i < tests->tests.len && r == 0; i++) {
        const struct np_test *test = &tests->tests.items[i];
        if (test->status == NP_TEST_FAILED)
            r = add_result(&sarif, &tests->texts, test);
        else if (test->status == NP_TEST_REFUSED)
            r = each_problem(report, test->doc, add_problem, &sarif);
    }
    r = r < 0 ? np_fail(err, r, "out of memory") : np_sarif_write(&sarif, out, err);
    np_sarif_done(&sarif);
    return r;
}

int np_tests_write(struct np_loaded *loaded, struct np_tests *tests, struct np_err *err)
{
    struct report report = {loaded, tests};
    struct np_outputs *outputs = &loaded->outputs;
    int r = 0;
    for (size_t i = 0; i < outputs->count && r == 0; i++) {
        struct np_output *output = &outputs->items[i];
        if (np_span_is(output->format, "ndjson"))
            r = write_ndjson(&report, output->out, err);
        else if (np_span_is(output->format, "sarif"))
            r = write_sarif(&report, output->out, err);
        else if (np_span_is(output->format, "junit"))
            r = np_junit_write(tests, output->out, err);
        else
            r = write_table(&report, output->out, err);
    }
    return r < 0 ? r : np_outputs_flush(outputs, err);
}
