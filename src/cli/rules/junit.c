/* SPDX-License-Identifier: Apache-2.0 */
/* A suite's sums stand in front of its cases, so each file's tests are counted first. */
#include "cli/rules/junit.h"

#include <utf8proc.h>

enum { CASE_TEXT_MAX_BYTES = 1024 * 1024 };

/* Whether XML 1.0 has that character at all (2.2). */
static bool is_character(utf8proc_int32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xd7ff) ||
           (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}

/* Whether it would steer a terminal that the file is shown on, or be changed by a parser of XML. */
static bool is_reference(utf8proc_int32_t code)
{
    return (code < 0x80 && strchr("<>&\"'", code) != NULL) || code < 0x20 ||
           (code >= 0x7f && code <= 0x9f) || code == 0x61c || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void np_xml_add(struct np_buf *buf, struct np_span text)
{
    while (text.len > 0) {
        utf8proc_int32_t code = 0;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *) text.ptr,
                                                (utf8proc_ssize_t) text.len, &code);
        if (len <= 0 || !is_character(code))
            (void) np_buf_add_str(buf, "\xef\xbf\xbd");
        else if (is_reference(code))
            (void) np_buf_printf(buf, "&#%d;", (int) code);
        else
            (void) np_buf_add(buf, text.ptr, (size_t) len);
        text = np_span_from(text, len > 0 ? (size_t) len : 1);
    }
}

static void add_attribute(struct np_buf *buf, const char *name, struct np_span value)
{
    (void) np_buf_printf(buf, " %s=\"", name);
    np_xml_add(buf, value);
    (void) np_buf_add_char(buf, '"');
}

struct sums {
    size_t cases;
    size_t failures;
    size_t errors;
    size_t skipped;
};

static void add_sums(struct np_buf *buf, struct sums sums)
{
    (void) np_buf_printf(buf, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                         sums.cases, sums.failures, sums.errors, sums.skipped);
}

/* The end of the tests of the file that begins at `first`. */
static size_t count_file(const struct np_tests *tests, size_t first, struct sums *out_sums)
{
    size_t counts[NP_TEST_STATUS_MAX] = {};
    size_t end = first;
    const char *file = tests->tests.items[first].doc->file;
    for (; end < tests->tests.len && tests->tests.items[end].doc->file == file; end++)
        counts[tests->tests.items[end].status]++;
    *out_sums = (struct sums){end - first, counts[NP_TEST_FAILED], counts[NP_TEST_REFUSED],
                              counts[NP_TEST_UNTESTED]};
    return end;
}

/* The case's name within its rule. */
static void add_name(struct np_buf *buf, const struct np_test *test)
{
    const char *slash = strrchr(test->place.file, '/');
    if (test->name != NULL)
        (void) np_buf_add_str(buf, test->name);
    else if (test->record > 0)
        (void) np_buf_printf(buf, "%s record %u", slash != NULL ? slash + 1 : test->place.file,
                             test->record);
    else
        (void) np_buf_printf(buf, "document %u", test->doc->index + 1);
}

/* Opens an element that says what is wrong, with the place as its text. */
static void add_outcome(struct np_buf *buf, const char *element, const struct np_test *test,
                        struct np_buf *scratch)
{
    np_buf_reset(scratch);
    np_test_explain(scratch, test);
    (void) np_buf_printf(buf, "<%s", element);
    add_attribute(buf, "message", np_buf_span(scratch));
    (void) np_buf_add_char(buf, '>');
    np_xml_add(buf, np_span_of(test->place.file));
    (void) np_buf_printf(buf, ":%u</%s>", test->place.line, element);
}

static void add_case(struct np_buf *buf, const struct np_test *test, struct np_buf *scratch)
{
    const char *title = test->doc->title[0] != '\0' ? test->doc->title : test->doc->file;
    np_buf_reset(scratch);
    add_name(scratch, test);
    (void) np_buf_add_str(buf, "    <testcase");
    add_attribute(buf, "classname", np_span_of(title));
    add_attribute(buf, "name", np_buf_span(scratch));
    (void) np_buf_add_char(buf, '>');
    switch (test->status) {
    case NP_TEST_FAILED:
        add_outcome(buf, "failure", test, scratch);
        break;
    case NP_TEST_REFUSED:
        add_outcome(buf, "error", test, scratch);
        break;
    case NP_TEST_UNTESTED:
        (void) np_buf_printf(buf, "<skipped message=\"%s\"/>",
                             test->problem != NULL ? test->problem : "the rule has no sample");
        break;
    case NP_TEST_PASSED:
    case NP_TEST_STATUS_MAX:
        break;
    }
    (void) np_buf_add_str(buf, "</testcase>\n");
}

static int write_suite(const struct np_tests *tests, size_t *next, struct np_buf *scratch,
                       struct np_out *out, struct np_err *err)
{
    struct sums sums;
    size_t end = count_file(tests, *next, &sums);
    struct np_buf *buf = np_out_buf(out);
    (void) np_buf_add_str(buf, "  <testsuite");
    add_attribute(buf, "name", np_span_of(tests->tests.items[*next].doc->file));
    add_sums(buf, sums);
    (void) np_buf_add_str(buf, ">\n");
    int r = 0;
    for (; *next < end && r == 0; (*next)++) {
        add_case(np_out_buf(out), &tests->tests.items[*next], scratch);
        r = scratch->error < 0 ? np_fail(err, scratch->error, "out of memory")
                               : np_out_commit(out, err);
    }
    (void) np_buf_add_str(np_out_buf(out), "  </testsuite>\n");
    return r < 0 ? r : np_out_commit(out, err);
}

int np_junit_write(const struct np_tests *tests, struct np_out *out, struct np_err *err)
{
    np_auto_buf struct np_buf scratch;
    struct np_buf *buf = np_out_buf(out);
    np_buf_init(&scratch, CASE_TEXT_MAX_BYTES);
    (void) np_buf_add_str(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<testsuites name=\"nepho rules test\"");
    add_sums(buf, (struct sums){tests->tests.len, tests->counts[NP_TEST_FAILED],
                                tests->counts[NP_TEST_REFUSED], tests->counts[NP_TEST_UNTESTED]});
    (void) np_buf_add_str(buf, ">\n");
    int r = np_out_commit(out, err);
    for (size_t next = 0; next < tests->tests.len && r == 0;)
        r = write_suite(tests, &next, &scratch, out, err);
    if (r < 0)
        return r;
    (void) np_buf_add_str(np_out_buf(out), "</testsuites>\n");
    return np_out_commit(out, err);
}
