/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 of gzip in all its forms, as objects, cut anywhere, and what only looks like it. */
#include "fixture.h"

#include "codec/base64.h"
#include "source/awslogs.h"

/* Appends base64 of gzip of `text`, with a line break behind each `columns` (0: none). */
static void add_text(struct np_buf *out, const char *text, size_t columns)
{
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, strlen(text));
    size_t len = np_base64_size(packed.len);
    np_auto_free char *base64 = np_alloc(len);
    assert_non_null(base64);
    np_base64_encode(base64, np_buf_span(&packed));
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(np_buf_add_char(out, base64[i]), 0);
        if (columns > 0 && (i + 1) % columns == 0)
            assert_int_equal(np_buf_add_char(out, '\n'), 0);
    }
    np_buf_done(&packed);
}

#define FIRST  "{\"logEvents\":1}"
#define SECOND "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111111111111\"}\n"
#define THIRD  "{\"n\":3}"

static const char records[] = "f:0 " FIRST "\nf:15 {\"messageType\":\"DATA_MESSAGE\","
                              "\"owner\":\"111111111111\"}\nf:69 " THIRD "\n";

/* Three texts with something before, between and behind them. */
static void make(struct np_buf *out, const char *before, const char *between, size_t columns)
{
    static const char *const texts[] = {FIRST, SECOND, THIRD};
    np_buf_init(out, SIZE_MAX);
    assert_int_equal(np_buf_add_str(out, before), 0);
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        if (i > 0)
            assert_int_equal(np_buf_add_str(out, between), 0);
        add_text(out, texts[i], columns);
    }
}

static void assert_reads(const struct np_buf *text, const char *behind)
{
    struct np_buf whole;
    np_buf_init(&whole, SIZE_MAX);
    assert_int_equal(np_buf_add_span(&whole, np_buf_span(text)), 0);
    assert_int_equal(np_buf_add_str(&whole, behind), 0);
    put_bytes("f", whole.data, whole.len);
    struct run run = READ("f");
    assert_records(&run, records);
    assert_skipped(&run, "");
    free_run(&run);
    put_gzip("f", np_buf_cstr(&whole));
    run = READ("f");
    assert_records(&run, records);
    free_run(&run);
    np_buf_done(&whole);
}

static void reads_all_forms(void **state)
{
    static const struct {
        const char *before;
        const char *between;
        const char *behind;
        size_t columns;
    } cases[] = {
        {"", "\n", "\n", 0},
        {"", "\n", "", 0},
        {"\r\n", "\r\n", "\r\n", 0},
        {"", "\n", "\n", 76},
        {"", "\n", "", 4},
        {"{\"awslogs\":{\"data\":\"", "\"}}\n{\"awslogs\":{\"data\":\"", "\"}}\n", 0},
        {"[{\n  \"awslogs\": {\n    \"data\": \"", "\"}},{\"awslogs\":{\"data\":\"", "\"}}]", 0},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_buf text;
        make(&text, cases[i].before, cases[i].between, cases[i].columns);
        assert_reads(&text, cases[i].behind);
        np_buf_done(&text);
    }
}

static void tells_it_by_its_first_bytes(void **state)
{
    static const struct {
        const char *head;
        enum np_verdict bare;
        enum np_verdict unwrapped;
    } cases[] = {
        {"", NP_VERDICT_UNSURE, NP_VERDICT_UNSURE},
        {"H4s", NP_VERDICT_UNSURE, NP_VERDICT_UNSURE},
        {"H4sI", NP_VERDICT_YES, NP_VERDICT_YES},
        {"\n H4sIAAAA", NP_VERDICT_YES, NP_VERDICT_YES},
        {"H4x", NP_VERDICT_NO, NP_VERDICT_NO},
        {"{", NP_VERDICT_NO, NP_VERDICT_UNSURE},
        {"{\"awslogs\":{\"data\":\"H4sI", NP_VERDICT_NO, NP_VERDICT_YES},
        {"{\"awslogs\":{\"data\":\"AAAA", NP_VERDICT_NO, NP_VERDICT_NO},
        {"{\"awsRegion\"", NP_VERDICT_NO, NP_VERDICT_NO},
        {"{\"Records\":[", NP_VERDICT_NO, NP_VERDICT_NO},
        {"{\"dat\":1}", NP_VERDICT_NO, NP_VERDICT_NO},
        {"PK\3\4", NP_VERDICT_NO, NP_VERDICT_NO},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_span head = np_span_of(cases[i].head);
        assert_int_equal(np_awslogs_detect(head, false), cases[i].bare);
        assert_int_equal(np_awslogs_detect(head, true), cases[i].unwrapped);
    }
    char blanks[NP_AWSLOGS_HEAD_BYTES];
    memset(blanks, ' ', sizeof(blanks));
    assert_int_equal(np_awslogs_detect(np_span_make(blanks, sizeof(blanks)), true), NP_VERDICT_NO);
}

static void leaves_the_event_alone_that_is_generic(void **state)
{
    static const struct np_logsource generic = {.product = {"x", 1}};
    (void) state;
    struct np_buf text;
    make(&text, "{\"awslogs\":{\"data\":\"", "\"}}\n{\"awslogs\":{\"data\":\"", 0);
    assert_int_equal(np_buf_add_str(&text, "\"}}\n"), 0);
    put_bytes("f", text.data, text.len);
    struct run run = read_generic("f", &generic);
    assert_memory_equal(np_buf_cstr(&run.records), "f:0 {\"awslogs\":", 15);
    assert_skipped(&run, "");
    free_run(&run);
    np_buf_done(&text);
}

static void tells_what_follows_and_keeps_what_came_before(void **state)
{
    static const struct {
        const char *behind;
        const char *reason;
    } cases[] = {
        {"\n{\"n\":4}\n", "f: base64 of gzip is cut off or followed by"},
        {"\n#", "f: base64 of gzip is cut off or followed by"},
        {"\nH4sIA", "f: base64 of gzip is cut off or followed by"},
        {"\nH4sIAAAA", "f: gzip data ends too early (cut off?)"},
        {"\nH4sI////", "f: gzip data is damaged at byte "},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_buf text;
        make(&text, "", "\n", 0);
        assert_int_equal(np_buf_add_str(&text, cases[i].behind), 0);
        put_bytes("f", text.data, text.len);
        struct run run = READ("f");
        assert_records(&run, records);
        assert_memory_equal(np_buf_cstr(&run.skipped), cases[i].reason, strlen(cases[i].reason));
        free_run(&run);
        np_buf_done(&text);
    }
}

static void tells_every_cut(void **state)
{
    (void) state;
    struct np_buf text;
    make(&text, "[{\"awslogs\":{\"data\":\"", "\"}},{\"awslogs\":{\"data\":\"", 0);
    for (size_t len = 0; len <= text.len; len++) {
        put_bytes("f", text.data, len);
        struct run run = READ("f");
        assert_memory_equal(np_buf_cstr(&run.records), records, run.records.len);
        assert_true(run.skipped.len > 0);
        free_run(&run);
    }
    np_buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(tells_it_by_its_first_bytes),
        cmocka_unit_test(leaves_the_event_alone_that_is_generic),
        cmocka_unit_test(tells_what_follows_and_keeps_what_came_before),
        cmocka_unit_test(tells_every_cut),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
