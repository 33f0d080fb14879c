/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of blocks, sections, machines and events. */
#include "support/unit.h"

#include "support/scap_builder.h"

#include "base/compiler.h"

static void tells_captures_by_their_first_bytes(void **state)
{
    static const struct {
        struct np_span head;
        enum np_verdict want;
    } cases[] = {
        {{"{\"a\":1}", 7}, NP_VERDICT_NO},
        {{"\n\n", 2}, NP_VERDICT_NO},
        {{"\n", 1}, NP_VERDICT_UNSURE},
        {{"\n\r\r\n\x1C\0\0\0\x4D\x3C\x2B", 11}, NP_VERDICT_UNSURE},
        {{"\n\r\r\n\x1C\0\0\0\x4D\x3C\x2B\x1A", 12}, NP_VERDICT_YES},
        {{"\n\r\r\n\0\0\0\x1C\x1A\x2B\x3C\x4D", 12}, NP_VERDICT_YES},
        {{"\n\r\r\n\x1C\0\0\0abcd", 12}, NP_VERDICT_NO},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(np_scap_detect(cases[i].head), cases[i].want);
}

static void tells_what_a_block_is(void **state)
{
    static const struct {
        uint32_t type;
        enum np_scap_block_kind kind;
        bool has_flags;
        bool is_large;
    } cases[] = {
        {SCAP_EVENT, NP_SCAP_BLOCK_EVENT, false, false},
        {SCAP_EVENT_FLAGS, NP_SCAP_BLOCK_EVENT, true, false},
        {SCAP_EVENT_LARGE, NP_SCAP_BLOCK_EVENT, false, true},
        {SCAP_EVENT_FLAGS_LARGE, NP_SCAP_BLOCK_EVENT, true, true},
        {SCAP_PROCS, NP_SCAP_BLOCK_PROCS, false, false},
        {0x204, NP_SCAP_BLOCK_OLD, false, false},
        {0x8010ABCD, NP_SCAP_BLOCK_OLD, false, false},
        {0x999, NP_SCAP_BLOCK_UNKNOWN, false, false},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        uint32_t head[2] = {cases[i].type, 12};
        struct np_scap_block block;
        size_t len = 0;
        assert_int_equal(
            np_scap_block_head(np_span_make((const char *) head, sizeof(head)), &block, &len, NULL),
            0);
        assert_int_equal(len, 12);
        assert_int_equal(block.kind, cases[i].kind);
        assert_int_equal(block.has_flags, cases[i].has_flags);
        assert_int_equal(block.is_large, cases[i].is_large);
    }
}

static void rejects_lengths_that_do_not_fit(void **state)
{
    static const uint32_t short_one[3] = {SCAP_EVENT, 11, 11};
    static const uint32_t unequal[3] = {SCAP_EVENT, 12, 16};
    struct np_scap_block block;
    size_t len = 0;
    (void) state;
    assert_int_equal(
        np_scap_block_head(np_span_make((const char *) short_one, 8), &block, &len, NULL),
        -EBADMSG);
    assert_int_equal(np_scap_block_take(np_span_make((const char *) unequal, 12), &block, NULL),
                     -EBADMSG);
}

static void rejects_other_versions_and_byte_orders(void **state)
{
    static const struct {
        struct np_span body;
        int want;
    } cases[] = {
        {{"\x4D\x3C\x2B\x1A\1\0\2\0", 8}, 0},
        {{"\x4D\x3C\x2B\x1A\1\0\x63\0", 8}, 0}, /* blocks carry their own versions */
        {{"\x4D\x3C\x2B\x1A\2\0\0\0", 8}, -ENOTSUP},
        {{"\x1A\x2B\x3C\x4D\0\1\0\2", 8}, -ENOTSUP},
        {{"\x4D\x3C\x2B\x1A\1\0", 6}, -EBADMSG},
        {{"", 0}, -EBADMSG},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(np_scap_section(cases[i].body, NULL), cases[i].want);
}

static void reads_the_machine(void **state)
{
    char name[128] = "lab";
    struct np_scap_machine machine;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_u32(&body, 2);
    scap_u64(&body, 4096);
    scap_u64(&body, 32768);
    assert_int_equal(np_scap_machine(np_buf_span(&body), &machine, NULL), -EBADMSG);
    (void) np_buf_add(&body, name, sizeof(name));
    assert_int_equal(np_scap_machine(np_buf_span(&body), &machine, NULL), 0);
    assert_int_equal(machine.cpus, 2);
    assert_int_equal(machine.boot_ns, 0);
    assert_span_equal(machine.hostname, "lab");
    scap_u64(&body, 99);
    assert_int_equal(np_scap_machine(np_buf_span(&body), &machine, NULL), 0);
    assert_int_equal(machine.boot_ns, 99);
}

/* A whole block, head and body. */
static void take_whole(const struct np_buf *buf, struct np_scap_block *out_block)
{
    size_t len = 0;
    assert_int_equal(np_scap_block_head(np_buf_span(buf), out_block, &len, NULL), 0);
    assert_int_equal(len, buf->len);
    assert_int_equal(np_scap_block_take(np_buf_span(buf), out_block, NULL), 0);
}

/* Builds one event and takes it apart again. */
static int round_trip(struct np_buf *buf, const struct scap_event *event,
                      struct np_scap_event *out_event)
{
    struct np_scap_block block;
    np_buf_reset(buf);
    scap_event(buf, event);
    take_whole(buf, &block);
    return np_scap_event(&block, out_event, NULL);
}

static void reads_events_of_all_four_blocks(void **state)
{
    static const uint32_t blocks[] = {SCAP_EVENT, SCAP_EVENT_FLAGS, SCAP_EVENT_LARGE,
                                      SCAP_EVENT_FLAGS_LARGE};
    static const struct np_span params[] = {{"\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8}, {"/tmp/a", 7}};
    struct np_scap_event event = {};
    int64_t number = 0;
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, SCAP_BUILT_MAX_BYTES);
    for (size_t i = 0; i < NP_ARRAY_LEN(blocks); i++) {
        struct scap_event built = {blocks[i], NP_SCAP_UNLINK_2_X, -1, 77, 2, params};
        assert_int_equal(round_trip(&buf, &built, &event), 1);
        assert_int_equal(event.ts, 77);
        assert_int_equal(event.tid, -1);
        assert_int_equal(event.cpu, 1);
        assert_int_equal(event.flags, i % 2 == 1 ? 5 : 0);
        assert_string_equal(event.info->name, "unlink");
        assert_int_equal(event.params_len, 2);
        assert_span_equal(np_scap_event_text(&event, 1), "/tmp/a");
        assert_true(np_scap_event_result(&event, &number));
        assert_int_equal(number, -2);
    }
}

static void takes_fewer_and_more_parameters_than_are_described(void **state)
{
    static const struct np_span params[] = {{"\0\0\0\0\0\0\0\0", 8}, {"a", 2}, {"more", 4}};
    struct np_scap_event event = {};
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, SCAP_BUILT_MAX_BYTES);
    struct scap_event built = {SCAP_EVENT, NP_SCAP_UNLINK_2_X, 1, 1, 3, params};
    assert_int_equal(round_trip(&buf, &built, &event), 1);
    assert_int_equal(event.params_len, 2);
    built.count = 1;
    assert_int_equal(round_trip(&buf, &built, &event), 1);
    assert_int_equal(event.params_len, 1);
    assert_int_equal(event.params[1].len, 0);
    assert_int_equal(np_scap_event_text(&event, 1).len, 0);
}

static void names_no_type_that_it_does_not_know(void **state)
{
    struct np_scap_event event = {};
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, SCAP_BUILT_MAX_BYTES);
    struct scap_event built = {SCAP_EVENT, 9999, 5, 6, 0, NULL};
    assert_int_equal(round_trip(&buf, &built, &event), 0);
    assert_null(event.info);
    assert_int_equal(event.type, 9999);
    assert_int_equal(event.tid, 5);
}

static void survives_every_byte_changed_and_every_cut(void **state)
{
    static const struct np_span params[] = {{"\0\0\0\0\0\0\0\0", 8}, {"/tmp/a", 7}};
    struct np_scap_event event = {};
    struct np_scap_block block = {};
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, SCAP_BUILT_MAX_BYTES);
    struct scap_event built = {SCAP_EVENT, NP_SCAP_UNLINK_2_X, 1, 1, 2, params};
    assert_int_equal(round_trip(&buf, &built, &event), 1);
    take_whole(&buf, &block);
    assert_int_equal(block.body.len % 4, 0);
    for (size_t i = 0; i < block.body.len - 1 /* of padding */; i++) {
        struct np_scap_block cut = block;
        cut.body.len = i;
        char kept = buf.data[8 + i];
        assert_int_equal(np_scap_event(&cut, &event, NULL), -EBADMSG);
        buf.data[8 + i] = '\xFF';
        assert_in_range(np_scap_event(&block, &event, NULL) + EBADMSG, 0, EBADMSG + 1);
        buf.data[8 + i] = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_captures_by_their_first_bytes),
        cmocka_unit_test(tells_what_a_block_is),
        cmocka_unit_test(rejects_lengths_that_do_not_fit),
        cmocka_unit_test(rejects_other_versions_and_byte_orders),
        cmocka_unit_test(reads_the_machine),
        cmocka_unit_test(reads_events_of_all_four_blocks),
        cmocka_unit_test(takes_fewer_and_more_parameters_than_are_described),
        cmocka_unit_test(names_no_type_that_it_does_not_know),
        cmocka_unit_test(survives_every_byte_changed_and_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
