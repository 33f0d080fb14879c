/* SPDX-License-Identifier: Apache-2.0 */
/* Captures as objects: records in order, what is told of what is not read, cuts, refusals. */
#include "../fixture.h"

#include "support/scap_builder.h"

#include "event/syscall.h"

/* Reads "f" to its end: how many records, and what was told. */
static uint64_t read_capture(struct np_buf *said)
{
    struct np_source *source = NULL;
    struct np_batch batch;
    uint64_t records = 0;
    const char *const paths[] = {"f"};
    np_batch_init(&batch);
    np_buf_init(said, SIZE_MAX);
    assert_int_equal(np_input_new(&source,
                                  &(struct np_input_params){
                                      .paths = paths, .path_count = 1, .plan = common_plan.plan},
                                  NULL),
                     0);
    int r = 0;
    while ((r = source->ops->next(source, &batch, NULL)) == 1)
        for (size_t i = 0; i < batch.pieces.len; i++) {
            struct np_span bytes = {batch.data + batch.pieces.items[i].start,
                                    batch.pieces.items[i].len};
            assert_int_equal(np_syscall_record_len(bytes), bytes.len);
            records++;
        }
    assert_int_equal(r, 0);
    add_tally(said, &source->tally);
    np_source_free(&source);
    np_batch_done(&batch);
    return records;
}

/* The capture in `built` as a file, plain, in gzip and in zstd, gives `records` and says `want`. */
static void assert_reads(const struct np_buf *built, uint64_t records, const char *want)
{
    for (int packing = 0; packing < 3; packing++) {
        struct np_buf said;
        struct np_buf packed;
        np_buf_init(&packed, SIZE_MAX);
        if (packing == 1)
            add_gzip(&packed, built->data, built->len);
        else if (packing == 2)
            add_zstd(&packed, built->data, built->len);
        else
            assert_int_equal(np_buf_add_span(&packed, np_buf_span(built)), 0);
        put_bytes("f", packed.data, packed.len);
        assert_int_equal(read_capture(&said), records);
        assert_string_equal(np_buf_cstr(&said), want);
        np_buf_done(&said);
        np_buf_done(&packed);
    }
}

static void gives_a_record_for_each_event(void **state)
{
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 0);
    assert_reads(&built, 0, "");
    scap_open(&built, 5, "/etc/passwd");
    assert_reads(&built, 1, "");
    np_buf_reset(&built);
    scap_small(&built, 100000); /* several batches */
    assert_reads(&built, 100000, "");
    np_buf_reset(&built);
    scap_small(&built, 2); /* one behind the other */
    scap_small(&built, 3);
    assert_reads(&built, 5, "");
}

static void passes_over_what_it_does_not_know(void **state)
{
    struct np_buf body;
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 1);
    scap_text(&body, "whatever");
    scap_block(&built, 0x999, &body);
    scap_event(&built, &(struct scap_event){.block = SCAP_EVENT, .type = 9999, .ts = 1});
    scap_event(&built, &(struct scap_event){.block = SCAP_EVENT, .type = 9999, .ts = 1});
    scap_open(&built, 5, "/etc/passwd");
    np_buf_done(&body);
    assert_reads(&built, 2,
                 "f:264: a block of unknown type 0x999 x1\n"
                 "f:288: an event of unknown type 9999 x2\n");
}

static void tells_that_the_recorder_dropped_events(void **state)
{
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 1);
    scap_event(&built, &(struct scap_event){.block = SCAP_EVENT, .type = NP_SCAP_DROP_E, .ts = 1});
    assert_reads(&built, 1, "f:264: the recorder dropped events here (a 'drop' event) x1\n");
}

static void keeps_what_stands_before_a_cut(void **state)
{
    struct np_buf said;
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 3);
    put_bytes("f", built.data, built.len - 5);
    assert_int_equal(read_capture(&said), 2);
    assert_non_null(strstr(np_buf_cstr(&said), "the capture ends inside a block (cut off?); the 2 "
                                               "events before it were read x1"));
    np_buf_done(&said);
    built.data[built.len - 1] = 1; /* the length behind the last block */
    put_bytes("f", built.data, built.len);
    assert_int_equal(read_capture(&said), 2);
    assert_non_null(
        strstr(np_buf_cstr(&said), "the length in front of a block is not the one behind it"));
    np_buf_done(&said);
}

static void goes_on_behind_a_damaged_list_or_event(void **state)
{
    struct np_buf body;
    struct np_buf said;
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_section(&built);
    scap_u32(&body, 5000);
    scap_end_block(&built, SCAP_USERS, &body);
    scap_u16(&body, 1);
    scap_end_block(&built, SCAP_EVENT, &body);
    scap_open(&built, 5, "/etc/passwd");
    np_buf_done(&body);
    put_bytes("f", built.data, built.len);
    assert_int_equal(read_capture(&said), 1);
    assert_string_equal(np_buf_cstr(&said), "f:44: an event is longer than its block x1\n"
                                            "f:28: the list of users is damaged x1\n");
    np_buf_done(&said);
}

static void refuses_older_forms_by_name(void **state)
{
    static const struct {
        uint32_t block;
        uint16_t type;
        const char *want;
    } cases[] = {
        {SCAP_EVENT, NP_SCAP_CLOSE_E,
         "in the form from before Falco 0.42, in which calls are also "
         "recorded when they are entered ('close')"},
        {SCAP_EVENT, NP_SCAP_EXECVE_18_X, "in an older form of the event 'execve' (type 289"},
        {0x204, NP_SCAP_CLOSE_X, "in the form from before 2020 (blocks of type 0x204)"},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_buf said;
        np_auto_buf struct np_buf built;
        np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
        scap_small(&built, 1);
        scap_event(&built,
                   &(struct scap_event){.block = cases[i].block, .type = cases[i].type, .ts = 1});
        scap_open(&built, 5, "/etc/passwd");
        put_bytes("f", built.data, built.len);
        assert_int_equal(read_capture(&said), 0);
        assert_non_null(strstr(np_buf_cstr(&said), cases[i].want));
        np_buf_done(&said);
    }
}

/* To know a path before it can be changed, today's recorders still look at a few calls early. */
static void takes_early_looks_at_paths_for_nothing_old(void **state)
{
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 1);
    scap_event(&built,
               &(struct scap_event){.block = SCAP_EVENT, .type = NP_SCAP_OPENAT_2_E, .ts = 1});
    scap_open(&built, 5, "/etc/passwd");
    assert_reads(&built, 2, "");
}

static void says_that_packets_are_no_system_calls(void **state)
{
    struct np_buf body;
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_section(&built);
    scap_u32(&body, 1);
    scap_end_block(&built, 1, &body);
    np_buf_done(&body);
    assert_reads(&built, 0,
                 "f:28: a block of unknown type 0x1 x1\n"
                 "f: no system calls in it (a capture of network packets?) x1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_a_record_for_each_event),
        cmocka_unit_test(passes_over_what_it_does_not_know),
        cmocka_unit_test(tells_that_the_recorder_dropped_events),
        cmocka_unit_test(keeps_what_stands_before_a_cut),
        cmocka_unit_test(goes_on_behind_a_damaged_list_or_event),
        cmocka_unit_test(refuses_older_forms_by_name),
        cmocka_unit_test(takes_early_looks_at_paths_for_nothing_old),
        cmocka_unit_test(says_that_packets_are_no_system_calls),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
