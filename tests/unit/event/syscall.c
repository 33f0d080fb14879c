/* SPDX-License-Identifier: Apache-2.0 */
/* Resolved records of system calls: written, read back, and hostile. */
#include "decode.h"

#include <errno.h>

#include "event/falco/fields.h"
#include "event/syscall.h"
#include "event/syscall_internal.h"

enum { RECORD_MAX_BYTES = 1 << 20 };

static const struct np_syscall_head exec_head = {
    .num = 7,
    .time = 1795390061182972454,
    .tid = 10688,
    .type = 293,
    .category = NP_SYSCALL_PROCESS,
    .name = NP_SPAN("execve"),
    .user = NP_SPAN("root"),
    .outcome = NP_SPAN("ENOENT"),
};

static np_field_id id_of(struct decode *d, const char *name)
{
    np_field_id id = np_field_find(d->fields, np_span_of(name));
    assert_int_not_equal(id, NP_FIELD_NONE);
    return id;
}

/* A record of a list, a text and a number. */
static void write_record(struct decode *d, struct np_buf *buf)
{
    static const struct np_value items[] = {
        {.kind = NP_VALUE_ADDRESS, .text = NP_SPAN("127.0.0.1")},
        {.kind = NP_VALUE_ADDRESS, .text = NP_SPAN("::1")},
    };
    struct np_value list = {.kind = NP_VALUE_LIST, .count = 2, .items = items};
    struct np_value text = {.kind = NP_VALUE_TEXT, .text = NP_SPAN("")};
    struct np_value number = {.kind = NP_VALUE_INT, .integer = -1, .text = NP_SPAN("-1")};
    struct np_value absent = {};
    size_t start = np_syscall_begin(buf, &exec_head);
    np_syscall_add(buf, id_of(d, "fd.ip"), &list);
    np_syscall_add(buf, id_of(d, "fd.name"), &text);
    np_syscall_add(buf, id_of(d, "fd.num"), &number);
    np_syscall_add(buf, id_of(d, "proc.name"), &absent);
    assert_int_equal(np_syscall_end(buf, start), 0);
}

static enum np_decode_result decode_bytes(struct decode *d, struct np_span bytes)
{
    struct np_record record = {.bytes = bytes, .origin = {.object = "a.scap"}};
    return np_decode(d->decoder, &record, &d->arena, &d->event, &d->reason);
}

static void reads_what_was_written(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    struct np_event_brief brief;
    struct np_hash128 key;
    np_buf_init(&buf, RECORD_MAX_BYTES);
    write_record(d, &buf);
    assert_int_equal(np_syscall_record_len(np_buf_span(&buf)), buf.len);
    assert_int_equal(np_syscall_time(np_buf_span(&buf)), exec_head.time);
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_SYSCALL);
    assert_string_equal(np_event_kind_name(d->event->kind), "syscall");
    assert_int_equal(d->event->time, exec_head.time);
    assert_span_equal(d->event->logsource->product, "linux");
    assert_span_equal(d->event->logsource->category, "process_creation");
    assert_span_equal(d->event->logsource->service, "");
    assert_int_equal(np_syscall_head_of(d->event)->num, 7);
    assert_int_equal(np_syscall_head_of(d->event)->tid, 10688);
    assert_int_equal(np_syscall_head_of(d->event)->type, 293);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "execve");
    assert_span_equal(brief.principal, "root");
    assert_span_equal(brief.address, "");
    assert_span_equal(brief.outcome, "ENOENT");
    assert_false(np_event_key(d->event, &key));
}

static void keeps_kinds_of_values(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, RECORD_MAX_BYTES);
    write_record(d, &buf);
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_EVENT);
    const struct np_value *list = field(d, "fd.ip");
    assert_int_equal(list->kind, NP_VALUE_LIST);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->items[1].kind, NP_VALUE_ADDRESS);
    assert_span_equal(list->items[1].text, "::1");
    assert_int_equal(field(d, "fd.name")->kind, NP_VALUE_TEXT);
    assert_span_equal(field(d, "fd.name")->text, "");
    assert_int_equal(field(d, "fd.num")->integer, -1);
    assert_span_equal(field(d, "fd.num")->text, "-1");
    assert_int_equal(field(d, "proc.name")->kind, NP_VALUE_ABSENT);
}

static void reads_log_records_between(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, RECORD_MAX_BYTES);
    write_record(d, &buf);
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_EVENT);
    assert_int_equal(decode(d, "{\"action\":\"a\",\"actor\":\"b\"}"), NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_GITHUB);
    assert_int_equal(field(d, "fd.num")->kind, NP_VALUE_ABSENT);
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_EVENT);
    assert_int_equal(field(d, "fd.num")->integer, -1);
}

static bool count_call(void *context, struct np_span text)
{
    (void) text;
    (*(size_t *) context)++;
    return true;
}

static void gives_texts_and_names(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    size_t texts = 0;
    size_t paths = 0;
    np_buf_init(&buf, RECORD_MAX_BYTES);
    write_record(d, &buf);
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_EVENT);
    np_event_each_text(d->event, count_call, &texts);
    np_event_each_path(d->event, count_call, &paths);
    assert_int_equal(texts, 1);
    assert_int_equal(paths, 3);
}

static void refuses_records_that_are_cut(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, RECORD_MAX_BYTES);
    write_record(d, &buf);
    for (size_t len = sizeof(struct np_record_head); len < buf.len; len++) {
        char *copy = np_alloc(len);
        assert_non_null(copy);
        memcpy(copy, buf.data, len);
        assert_int_equal(np_syscall_record_len(np_span_make(copy, len)), 0);
        assert_int_equal(decode_bytes(d, np_span_make(copy, len)), NP_DECODE_INVALID);
        uint32_t claimed = (uint32_t) len;
        memcpy(copy + offsetof(struct np_record_start, len), &claimed, sizeof(claimed));
        (void) decode_bytes(d, np_span_make(copy, len)); /* must not read behind the end */
        np_free(copy);
    }
}

static void survives_any_changed_byte(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, RECORD_MAX_BYTES);
    write_record(d, &buf);
    for (size_t i = sizeof(uint32_t); i < buf.len; i++)
        for (unsigned change = 1; change < 256; change = change * 2 + 1) {
            buf.data[i] = (char) (buf.data[i] ^ (char) change);
            enum np_decode_result result = decode_bytes(d, np_buf_span(&buf));
            assert_true(result == NP_DECODE_EVENT || result == NP_DECODE_INVALID);
            buf.data[i] = (char) (buf.data[i] ^ (char) change);
        }
}

static void refuses_a_field_twice(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    struct np_value text = {.kind = NP_VALUE_TEXT, .text = NP_SPAN("a")};
    np_buf_init(&buf, RECORD_MAX_BYTES);
    size_t start = np_syscall_begin(&buf, &exec_head);
    np_syscall_add(&buf, id_of(d, "fd.name"), &text);
    np_syscall_add(&buf, id_of(d, "fd.name"), &text);
    assert_int_equal(np_syscall_end(&buf, start), 0);
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_INVALID);
}

static void leaves_the_buffer_as_it_was_on_failure(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    struct np_value text = {.kind = NP_VALUE_TEXT, .text = NP_SPAN("0123456789")};
    np_buf_init(&buf, 2 * sizeof(struct np_record_head));
    assert_int_equal(np_buf_add_str(&buf, "before"), 0);
    size_t start = np_syscall_begin(&buf, &exec_head);
    for (int i = 0; i < 10; i++)
        np_syscall_add(&buf, id_of(d, "fd.name"), &text);
    assert_int_equal(np_syscall_end(&buf, start), -E2BIG);
    assert_span_equal(np_buf_span(&buf), "before");
    assert_int_equal(buf.error, 0);
}

static const struct np_syscall_quiet some_quiet = {
    .count = UINT64_C(1) << 40,
    .first = 1795390061182972454,
    .newest = 1795390061999999999,
};

static void writes_and_reads_quiet_events(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    struct np_syscall_quiet quiet = {};
    np_buf_init(&buf, RECORD_MAX_BYTES);
    assert_int_equal(np_syscall_add_quiet(&buf, &some_quiet), 0);
    struct np_span bytes = np_buf_span(&buf);
    assert_true(np_syscall_is_record(bytes));
    assert_int_equal(np_syscall_record_len(bytes), buf.len);
    assert_int_equal(np_syscall_time(bytes), some_quiet.first);
    assert_int_equal(decode_bytes(d, bytes), NP_DECODE_QUIET);
    assert_true(np_syscall_read_quiet(bytes, &quiet));
    assert_int_equal(quiet.count, some_quiet.count);
    assert_int_equal(quiet.first, some_quiet.first);
    assert_int_equal(quiet.newest, some_quiet.newest);
}

static void reads_no_other_bytes_as_quiet_events(void **state)
{
    struct decode *d = *state;
    np_auto_buf struct np_buf buf;
    struct np_syscall_quiet quiet = {.count = 77};
    np_buf_init(&buf, RECORD_MAX_BYTES);
    assert_int_equal(np_syscall_add_quiet(&buf, &some_quiet), 0);
    size_t whole = buf.len;
    for (size_t len = 0; len < whole; len++) {
        char *copy = np_alloc(len + 1);
        assert_non_null(copy);
        memcpy(copy + 1, buf.data, len); /* ends where the memory does */
        struct np_span cut = np_span_make(copy + 1, len);
        assert_int_equal(np_syscall_record_len(cut), 0);
        assert_false(np_syscall_read_quiet(cut, &quiet));
        if (len >= sizeof(struct np_record_start))
            assert_int_equal(decode_bytes(d, cut), NP_DECODE_INVALID);
        np_free(copy);
    }
    write_record(d, &buf);
    assert_int_equal(np_syscall_record_len(np_buf_span(&buf)), whole);
    assert_false(np_syscall_read_quiet(np_buf_span(&buf), &quiet));
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_INVALID);
    struct np_span event = np_span_from(np_buf_span(&buf), whole);
    assert_false(np_syscall_read_quiet(event, &quiet));
    assert_int_equal(decode_bytes(d, event), NP_DECODE_EVENT);
    uint32_t longer = (uint32_t) buf.len; /* one that claims to be all of it */
    memcpy(buf.data + offsetof(struct np_record_start, len), &longer, sizeof(longer));
    assert_false(np_syscall_read_quiet(np_buf_span(&buf), &quiet));
    assert_int_equal(decode_bytes(d, np_buf_span(&buf)), NP_DECODE_INVALID);
    assert_int_equal(quiet.count, 77);
}

static void leaves_a_full_buffer_without_quiet_events(void **state)
{
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, sizeof(struct np_record_quiet) + 1);
    assert_int_equal(np_buf_add_str(&buf, "before"), 0);
    assert_int_equal(np_syscall_add_quiet(&buf, &some_quiet), -E2BIG);
    assert_span_equal(np_buf_span(&buf), "before");
    assert_int_equal(buf.error, 0);
    np_buf_reset(&buf);
    assert_int_equal(np_syscall_add_quiet(&buf, &some_quiet), 0);
}

static const struct np_syscall_want *want_of(const struct np_syscall_wants *wants, np_field_id id)
{
    for (size_t i = 0; i < wants->count; i++)
        if (wants->items[i].field == id)
            return &wants->items[i];
    return NULL;
}

static void wants_fields_of_falco_and_names_of_sigma(void **state)
{
    struct decode *d = *state;
    struct np_syscall_wants wants;
    assert_int_equal(np_syscall_wants_init(&wants, d->fields), 0);
    const struct np_syscall_want *ancestor = want_of(&wants, id_of(d, "proc.aname[2]"));
    assert_non_null(ancestor);
    assert_int_equal(ancestor->which, NP_SYSCALL_PROC_ANAME);
    assert_true(ancestor->has_index);
    assert_int_equal(ancestor->index, 2);
    const struct np_syscall_want *flags = want_of(&wants, id_of(d, "evt.arg.flags"));
    assert_non_null(flags);
    assert_span_equal(flags->argument, "flags");
    assert_false(flags->has_index);
    assert_int_equal(want_of(&wants, id_of(d, "Image"))->which, NP_SYSCALL_PROC_EXEPATH);
    assert_int_equal(want_of(&wants, id_of(d, "Initiated"))->which, NP_SYSCALL_INITIATED);
    assert_null(want_of(&wants, id_of(d, "eventName")));
    np_syscall_wants_done(&wants);
}

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {
        "fd.ip",         "fd.name", "fd.num",    "proc.name", "proc.aname[2]",
        "evt.arg.flags", "Image",   "Initiated", "eventName", NULL};
    decode_open(&d, names, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written),
        cmocka_unit_test(keeps_kinds_of_values),
        cmocka_unit_test(reads_log_records_between),
        cmocka_unit_test(gives_texts_and_names),
        cmocka_unit_test(refuses_records_that_are_cut),
        cmocka_unit_test(survives_any_changed_byte),
        cmocka_unit_test(refuses_a_field_twice),
        cmocka_unit_test(leaves_the_buffer_as_it_was_on_failure),
        cmocka_unit_test(writes_and_reads_quiet_events),
        cmocka_unit_test(reads_no_other_bytes_as_quiet_events),
        cmocka_unit_test(leaves_a_full_buffer_without_quiet_events),
        cmocka_unit_test(wants_fields_of_falco_and_names_of_sigma),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
