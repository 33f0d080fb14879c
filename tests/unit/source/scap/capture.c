/* SPDX-License-Identifier: Apache-2.0 */
/* Captures as objects: records in order, what is told of what is not read, cuts, refusals. */
#include "../fixture.h"

#include "support/scap_builder.h"

#include "event/syscall.h"

enum { MIXED_EVENTS = 2000, MANY_EVENTS = 100000 };

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

/* Wants every so many events, by their number; counts how many it was asked about. */
struct every {
    np_field_id num;
    uint64_t step; /* 0 = none */
    uint64_t asked;
};

static bool is_wanted(const struct every *every, uint64_t num)
{
    return every->step != 0 && num % every->step == 0;
}

static bool wants(void *context, struct np_event *event)
{
    struct every *every = context;
    const struct np_value *num = np_event_field(event, every->num);
    every->asked++;
    return is_wanted(every, num->uinteger);
}

static void forget(void *context)
{
    (void) context;
}

/* A record as it lies in a batch. */
struct piece {
    char *bytes; /* owned */
    size_t len;
    uint64_t offset;
};

struct pieces {
    NP_VEC(struct piece) all;
};

static void pieces_done(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->all.len; i++)
        np_free(pieces->all.items[i].bytes);
    np_vec_done(&pieces->all);
}

/* A plan that wants the number of an event and the name of its file; returns the field of the number. */
static np_field_id plan_of_names(struct plan *plan)
{
    np_field_id num = 0;
    np_field_id name = 0;
    *plan = (struct plan){};
    assert_int_equal(np_field_set_new(&plan->fields), 0);
    assert_int_equal(np_field_intern(plan->fields, np_span_of("evt.num"), &num), 0);
    assert_int_equal(np_field_intern(plan->fields, np_span_of("fd.name"), &name), 0);
    assert_int_equal(np_decode_plan_new(&plan->plan, plan->fields, NULL, NULL), 0);
    return num;
}

/* All records of the capture in `built`; `every` may be NULL, then there is no screen. */
static struct pieces pieces_of(const struct np_buf *built, struct every *every)
{
    struct plan plan;
    struct pieces pieces = {};
    struct np_source *source = NULL;
    struct np_batch batch;
    np_field_id num = plan_of_names(&plan);
    put_bytes("f", built->data, built->len);
    const struct np_screen screen = {.wants = wants, .forget = forget, .context = every};
    struct np_input_params params = {.paths = (const char *const[]){"f"},
                                     .path_count = 1,
                                     .plan = plan.plan,
                                     .screen = every != NULL ? &screen : NULL};
    if (every != NULL)
        every->num = num;
    np_batch_init(&batch);
    assert_int_equal(np_input_new(&source, &params, NULL), 0);
    int r = 0;
    while ((r = source->ops->next(source, &batch, NULL)) == 1) {
        assert_true(batch.pieces.len > 0);
        for (size_t i = 0; i < batch.pieces.len; i++) {
            const struct np_batch_piece *from = &batch.pieces.items[i];
            struct piece piece = {np_alloc(from->len), from->len, from->offset};
            assert_non_null(piece.bytes);
            memcpy(piece.bytes, batch.data + from->start, from->len);
            assert_int_equal(np_vec_push(&pieces.all, piece, SIZE_MAX), 0);
        }
    }
    assert_int_equal(r, 0);
    np_source_free(&source);
    np_batch_done(&batch);
    free_plan(&plan);
    return pieces;
}

static bool read_quiet(const struct piece *piece, struct np_syscall_quiet *out_quiet)
{
    return np_syscall_read_quiet(np_span_make(piece->bytes, piece->len), out_quiet);
}

/* `quiet` stands for events of `all` from one on, none of which is wanted; returns how many. */
static size_t check_quiet(const struct np_syscall_quiet *quiet, const struct pieces *all,
                          size_t from, const struct every *every)
{
    np_time_ns newest = NP_TIME_NONE;
    assert_true(quiet->count > 0 && quiet->count <= all->all.len - from);
    assert_true(quiet->count <= NP_BATCH_PIECES_MAX); /* whoever waits for a batch gets one */
    for (size_t i = from; i < from + quiet->count; i++) {
        const struct piece *piece = &all->all.items[i];
        np_time_ns time = np_syscall_time(np_span_make(piece->bytes, piece->len));
        assert_false(is_wanted(every, i + 1));
        newest = i == from ? time : NP_MAX(newest, time);
        if (i == from)
            assert_int_equal(quiet->first, time);
    }
    assert_int_equal(quiet->newest, newest);
    return quiet->count;
}

/*
 * With the screen, the capture's records are those without one, but for what it does not want: that
 * is counted where it stood.
 */
static void check_screened(const struct np_buf *built, uint64_t step)
{
    struct every every = {.step = step};
    struct np_syscall_quiet quiet;
    struct pieces all = pieces_of(built, NULL);
    struct pieces screened = pieces_of(built, &every);
    size_t at = 0;
    for (size_t i = 0; i < screened.all.len; i++) {
        const struct piece *piece = &screened.all.items[i];
        assert_true(at < all.all.len);
        const struct piece *plain = &all.all.items[at];
        assert_int_equal(piece->offset, plain->offset);
        if (read_quiet(piece, &quiet)) {
            at += check_quiet(&quiet, &all, at, &every);
            continue;
        }
        assert_true(is_wanted(&every, at + 1));
        assert_int_equal(piece->len, plain->len);
        assert_memory_equal(piece->bytes, plain->bytes, plain->len);
        at++;
    }
    assert_int_equal(at, all.all.len);
    assert_int_equal(every.asked, all.all.len);
    pieces_done(&all);
    pieces_done(&screened);
}

static void counts_in_place_what_a_screen_does_not_want(void **state)
{
    np_auto_buf struct np_buf built;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 0);
    for (unsigned i = 0; i < MIXED_EVENTS; i++) {
        char path[32];
        uint64_t out_of_order = i % 11 == 0 ? 900 : i % 97 == 0 ? 1700 : 0; /* ms back */
        (void) snprintf(path, sizeof(path), "/srv/%u", i);
        scap_open(&built, (10000 + i * UINT64_C(10) - out_of_order) * 1000000, path);
    }
    for (uint64_t step = 0; step <= 4; step++)
        check_screened(&built, step);
    check_screened(&built, MIXED_EVENTS);
    np_buf_reset(&built);
    scap_small(&built, MANY_EVENTS); /* several batches of records, or of what is counted */
    for (uint64_t step = 0; step <= 3; step++)
        check_screened(&built, step);
}

static void counts_quiet_events_of_a_capture_in_one_record(void **state)
{
    np_auto_buf struct np_buf built;
    struct every every = {.step = 3};
    struct np_syscall_quiet quiet;
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 8);
    struct pieces pieces = pieces_of(&built, &every);
    assert_int_equal(pieces.all.len, 5); /* two quiet ones, the third, two, the sixth, two */
    for (size_t i = 0; i < pieces.all.len; i++)
        assert_int_equal(read_quiet(&pieces.all.items[i], &quiet), i % 2 == 0);
    assert_int_equal(quiet.count, 2);
    assert_int_equal(quiet.newest, 1000000007);
    pieces_done(&pieces);
}

static void begins_another_quiet_record_where_time_steps_back(void **state)
{
    static const uint64_t times[] = {
        10000000000, 10500000000, 9500000000 /* just a second */, 9499999999, 9400000000,
    };
    np_auto_buf struct np_buf built;
    struct every none = {};
    struct np_syscall_quiet quiet[2];
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 0);
    for (size_t i = 0; i < NP_ARRAY_LEN(times); i++)
        scap_open(&built, times[i], "/etc/hosts");
    struct pieces pieces = pieces_of(&built, &none);
    assert_int_equal(pieces.all.len, 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(read_quiet(&pieces.all.items[i], &quiet[i]));
    assert_int_equal(quiet[0].count, 3);
    assert_int_equal(quiet[0].first, times[0]);
    assert_int_equal(quiet[0].newest, times[1]);
    assert_int_equal(quiet[1].count, 2);
    assert_int_equal(quiet[1].first, times[3]);
    assert_int_equal(quiet[1].newest, times[3]);
    pieces_done(&pieces);
    check_screened(&built, 0);
    check_screened(&built, 2);
}

static void drops_quiet_events_of_a_refused_capture(void **state)
{
    (void) state;
    for (uint64_t step = 0; step <= 3; step++) {
        struct every every = {.step = step};
        np_auto_buf struct np_buf built;
        np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
        scap_small(&built, 5);
        scap_event(&built,
                   &(struct scap_event){.block = SCAP_EVENT, .type = NP_SCAP_CLOSE_E, .ts = 1});
        scap_open(&built, 5, "/etc/passwd");
        struct pieces pieces = pieces_of(&built, &every);
        assert_int_equal(every.asked, 5);
        assert_int_equal(pieces.all.len, 0);
        pieces_done(&pieces);
    }
}

static void keeps_quiet_events_before_a_cut(void **state)
{
    np_auto_buf struct np_buf built;
    struct every none = {};
    struct np_syscall_quiet quiet = {};
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 3);
    built.len -= 5;
    struct pieces pieces = pieces_of(&built, &none);
    assert_int_equal(pieces.all.len, 1);
    assert_true(read_quiet(&pieces.all.items[0], &quiet));
    assert_int_equal(quiet.count, 2);
    pieces_done(&pieces);
}

#ifdef NP_FAULT_INJECTION
/* Opens "f" and reads it: 0, or what went wrong. */
static int try_to_read(struct np_batch *batch, const struct plan *plan,
                       const struct np_screen *screen)
{
    struct np_source *source = NULL;
    const char *const paths[] = {"f"};
    struct np_input_params params = {
        .paths = paths, .path_count = 1, .plan = plan->plan, .screen = screen};
    int r = np_input_new(&source, &params, NULL);
    if (r < 0)
        return r;
    do
        r = source->ops->next(source, batch, NULL);
    while (r == 1);
    np_source_free(&source);
    return r;
}

static void survives_every_failed_allocation(void **state)
{
    np_auto_buf struct np_buf built;
    struct plan plan;
    struct every every = {.num = plan_of_names(&plan), .step = 2};
    struct np_screen screen = {.wants = wants, .forget = forget, .context = &every};
    (void) state;
    np_buf_init(&built, SCAP_BUILT_MAX_BYTES);
    scap_small(&built, 4);
    scap_open(&built, 5, "../etc/./passwd");
    put_bytes("f", built.data, built.len);
    for (int screened = 0; screened < 2; screened++) {
        int r = -ENOMEM;
        long n = 0;
        for (; r != 0; n++) {
            struct np_batch batch;
            np_batch_init(&batch);
            np_alloc_fail_at(n);
            r = try_to_read(&batch, &plan, screened ? &screen : NULL);
            np_alloc_fail_at(-1);
            assert_true(r == 0 || r == -ENOMEM);
            np_batch_done(&batch);
        }
        assert_true(n > 20);
    }
    assert_true(every.asked > 0);
    free_plan(&plan);
}
#endif

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
        cmocka_unit_test(counts_in_place_what_a_screen_does_not_want),
        cmocka_unit_test(counts_quiet_events_of_a_capture_in_one_record),
        cmocka_unit_test(begins_another_quiet_record_where_time_steps_back),
        cmocka_unit_test(drops_quiet_events_of_a_refused_capture),
        cmocka_unit_test(keeps_quiet_events_before_a_cut),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
