/* SPDX-License-Identifier: Apache-2.0 */
/* Whole runs: the order of reading, over accounts and regions, over long files and short ones. */
#include "fixture.h"

#include <sys/resource.h>

enum { ACCOUNTS = 2, REGIONS = 3, DAYS = 365 };

static const char *const accounts[ACCOUNTS] = {"111111111111", "222222222222"};
static const char *const regions[REGIONS] = {"eu-west-1", "us-east-1", "us-west-2"};

/* The order of reading, told by a reader of times who knows nothing of the source. */
struct watch {
    struct np_decoder *decoder;
    struct np_arena texts;
    np_time_ns newest;
    np_time_ns worst; /* how much a record was older than the newest before it */
    size_t records;
    size_t batches;
};

static void watch_batch(struct watch *watch, const struct np_batch *batch)
{
    struct np_split split;
    struct np_piece part;
    watch->batches++;
    for (size_t i = 0; i < batch->pieces.len; i++) {
        const struct np_batch_piece *piece = &batch->pieces.items[i];
        np_split_init(&split, (struct np_split_params){.max_record = NP_RECORD_MAX_BYTES,
                                                       .max_depth = NP_JSON_MAX_DEPTH,
                                                       .unwrap = true});
        struct np_span bytes = np_span_make(batch->data + piece->start, piece->len);
        while (np_split_next(&split, bytes, true, &part) == NP_SPLIT_PIECE) {
            np_arena_reset(&watch->texts);
            np_time_ns time = np_decode_time(watch->decoder, part.bytes, &watch->texts);
            assert_true(time != NP_TIME_NONE);
            watch->records++;
            if (watch->newest != NP_TIME_NONE)
                watch->worst = NP_MAX(watch->worst, watch->newest - time);
            watch->newest = NP_MAX(watch->newest, time);
        }
    }
}

/* Reads `paths` (NULL ends them) and watches the order. */
static struct watch watch_paths(const char *const *paths)
{
    struct watch watch = {.newest = NP_TIME_NONE};
    struct plan plan = make_plan(NULL);
    struct np_source *source = NULL;
    struct np_batch batch;
    struct np_input_params params = {.paths = paths, .plan = plan.plan};
    while (paths[params.path_count] != NULL)
        params.path_count++;
    np_batch_init(&batch);
    np_arena_init(&watch.texts, SIZE_MAX);
    assert_int_equal(np_decoder_new(&watch.decoder, plan.plan), 0);
    assert_int_equal(np_input_new(&source, &params, NULL), 0);
    int r = 0;
    while ((r = source->ops->next(source, &batch, NULL)) == 1)
        watch_batch(&watch, &batch);
    assert_int_equal(r, 0);
    assert_int_equal(source->tally.entries.len, 0);
    np_source_free(&source);
    np_decoder_free(&watch.decoder);
    np_arena_done(&watch.texts);
    np_batch_done(&batch);
    free_plan(&plan);
    return watch;
}

#define WATCH(...) watch_paths((const char *const[]){__VA_ARGS__, NULL})

/* A number from 0 to `below` - 1; the same sequence in every run. */
static uint64_t draw(uint64_t *random, uint64_t below)
{
    *random = *random * 6364136223846793005 + 1442695040888963407;
    return (*random >> 33) % below;
}

/*
 * The year of one account and region: some objects a day, delivered up to ten minutes after their
 * events.
 */
static size_t put_year_of(const char *account, const char *region, uint64_t seed,
                          struct np_buf *all)
{
    uint64_t random = seed;
    size_t records = 0;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    int days = (int) test_rounds(DAYS);
    for (int day = 0; day < days; day++) {
        np_time_ns delivery = np_time_of_utc(2024, 1, 1, 0, 10, 0) + day * 1440 * NP_NS_PER_MIN +
                              (np_time_ns) draw(&random, 1200) * NP_NS_PER_MIN;
        for (uint64_t object = draw(&random, 3); object > 0; object--) {
            char path[256];
            char spelt[NP_TIME_TEXT_BYTES];
            np_time_format(spelt, delivery);
            (void) snprintf(path, sizeof(path),
                            "s3/AWSLogs/%s/CloudTrail/%s/%.4s/%.2s/%.2s/"
                            "%s_CloudTrail_%s_%.4s%.2s%.2sT%.2s%.2sZ_r%llu.json.gz",
                            account, region, spelt, spelt + 5, spelt + 8, account, region, spelt,
                            spelt + 5, spelt + 8, spelt + 11, spelt + 14,
                            (unsigned long long) object);
            np_buf_reset(&text);
            assert_int_equal(np_buf_add_str(&text, "{\"Records\":["), 0);
            uint64_t count = 1 + draw(&random, 6);
            for (uint64_t i = 0; i < count; i++) {
                np_time_ns time = delivery - (np_time_ns) draw(&random, 10 * 60) * NP_NS_PER_S;
                assert_int_equal(add_event(&text, time, account, i + 1 < count ? "," : "]}"), 0);
                assert_int_equal(add_event(all, time, account, "\n"), 0);
                records++;
            }
            put_gzip(path, np_buf_cstr(&text));
            delivery += 5 * NP_NS_PER_MIN;
        }
    }
    np_buf_done(&text);
    return records;
}

static void reads_a_year_in_order(void **state)
{
    (void) state;
    size_t records = 0;
    struct np_buf all;
    np_buf_init(&all, SIZE_MAX);
    for (int a = 0; a < ACCOUNTS; a++) {
        for (int g = 0; g < REGIONS; g++) {
            char path[64];
            np_buf_reset(&all);
            records += put_year_of(accounts[a], regions[g], (uint64_t) (a * REGIONS + g), &all);
            (void) snprintf(path, sizeof(path), "long/%s-%s.json", accounts[a], regions[g]);
            put_bytes(path, all.data, all.len);
        }
    }
    np_buf_done(&all);
    struct watch s3 = WATCH("s3");
    assert_int_equal(s3.records, records);
    assert_true(s3.worst <= 10 * NP_NS_PER_MIN);
    struct watch merged = WATCH("long");
    assert_int_equal(merged.records, records);
    assert_true(merged.worst <= 15 * NP_NS_PER_MIN);
    struct watch both =
        WATCH("long/111111111111-eu-west-1.json", "s3/AWSLogs/222222222222",
              "long/111111111111-us-east-1.json", "long/111111111111-us-west-2.json");
    assert_int_equal(both.records, records);
    assert_true(both.worst <= 15 * NP_NS_PER_MIN);
}

static void merges_long_files_record_by_record(void **state)
{
    enum { FILES = 5, COUNT = 4000 }; /* about 600 KB each: ten batches that are merged */
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    for (int f = 0; f < FILES; f++) {
        char path[32];
        np_buf_reset(&text);
        for (int i = 0; i < COUNT; i++)
            assert_int_equal(
                add_event(&text, np_time_of_utc(2024, 1, 1, 0, 0, 0) + (i * 10 + f) * NP_NS_PER_MIN,
                          accounts[0], "\n"),
                0);
        (void) snprintf(path, sizeof(path), "five/%d.json", f);
        put_bytes(path, text.data, text.len);
    }
    np_buf_done(&text);
    struct watch watch = WATCH("five");
    assert_int_equal(watch.records, FILES * COUNT);
    assert_true(watch.worst <= 2 * NP_NS_PER_MIN);
    watch = WATCH("five/3.json");
    assert_int_equal(watch.records, COUNT);
    assert_int_equal(watch.batches, 2); /* alone it is read half a megabyte at a time */
}

static void waits_where_too_much_would_be_open(void **state)
{
    enum { FILES = 60, COUNT = 1500 };
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    for (int f = 0; f < FILES; f++) {
        char path[32];
        np_buf_reset(&text);
        for (int i = 0; i < COUNT; i++)
            assert_int_equal(
                add_event(&text, np_time_of_utc(2024, 1, 1, 0, 0, 0) + (i * 60 + f) * NP_NS_PER_MIN,
                          accounts[0], "\n"),
                0);
        (void) snprintf(path, sizeof(path), "many/%02d.json", f);
        put_bytes(path, text.data, text.len);
    }
    np_buf_done(&text);
    assert_true(WATCH("many").worst <= 2 * NP_NS_PER_MIN);
    struct rlimit kept;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &kept), 0);
    struct rlimit few = {.rlim_cur = 40, .rlim_max = kept.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    struct watch watch = WATCH("many");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &kept), 0);
    assert_int_equal(watch.records, FILES * COUNT); /* complete, and the order suffers */
    assert_true(watch.worst > NP_NS_PER_MIN * 15);
}

static void orders_objects_by_name_or_first_record(void **state)
{
    (void) state;
    put_event("mixed/c.json", "2024-01-01T12:00:00Z");
    put_event("mixed/a.json", "2024-01-03T12:00:00Z");
    put_event("mixed/111111111111_CloudTrail_us-east-1_20240102T1210Z_x.json",
              "2024-01-02T12:00:00Z");
    put_text("mixed/z/no-time.json", "{\"eventName\":\"X\",\"eventSource\":\"y\"}\n");
    put_text("mixed/also-no-time.json", "{\"eventName\":\"X\",\"eventSource\":\"y\"}\n");
    put_text("mixed/later.json", "17\n{\"x\":1}\n"
                                 "{\"eventName\":\"X\",\"eventSource\":\"y\",\"eventTime\":"
                                 "\"2024-01-01T13:00:00Z\"}\n");
    struct run run = READ("mixed");
    struct np_buf order;
    np_buf_init(&order, SIZE_MAX);
    for (const char *line = np_buf_cstr(&run.records); *line != '\0'; line = strchr(line, '\n') + 1)
        assert_int_equal(np_buf_printf(&order, "%.*s ", (int) (strchr(line, ':') - line), line), 0);
    assert_string_equal(np_buf_cstr(&order),
                        "mixed/c.json mixed/later.json mixed/later.json "
                        "mixed/111111111111_CloudTrail_us-east-1_20240102T1210Z_x.json "
                        "mixed/a.json mixed/also-no-time.json mixed/z/no-time.json ");
    assert_skipped(&run, "mixed/later.json:0: a JSON value that is no object x1\n");
    assert_int_equal(run.objects, 6);
    assert_int_equal(run.bytes, run.bytes_total);
    np_buf_done(&order);
    free_run(&run);
}

static void tells_when_an_s3_object_arrived(void **state)
{
    (void) state;
    const char *name = "111111111111_CloudTrail_us-east-1_20240102T1210Z_x.json";
    put_event(name, "2024-01-02T12:00:00Z");
    put_event("other.json", "2024-01-02T12:00:00Z");
    struct plan plan = make_plan(NULL);
    struct np_source *source = NULL;
    struct np_batch batch;
    np_batch_init(&batch);
    struct np_input_params params = {
        .paths = (const char *const[]){name, "other.json"}, .path_count = 2, .plan = plan.plan};
    assert_int_equal(np_input_new(&source, &params, NULL), 0);
    assert_int_equal(source->ops->next(source, &batch, NULL), 1);
    assert_string_equal(batch.object, "other.json");
    assert_int_equal(batch.arrival, 0);
    assert_int_equal(source->ops->next(source, &batch, NULL), 1);
    assert_string_equal(batch.object, name);
    assert_int_equal(batch.arrival, np_time_of_utc(2024, 1, 2, 12, 10, 0));
    assert_int_equal(source->ops->next(source, &batch, NULL), 0);
    assert_int_equal(source->ops->next(source, &batch, NULL), 0);
    np_source_free(&source);
    np_batch_done(&batch);
    free_plan(&plan);
}

/* Files whose every second record is nearly as long as a record may be. */
static void put_fat_files(int count)
{
    enum { LONG_BYTES = 7 * 1024 * 1024 };
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    for (int f = 0; f < count; f++) {
        char path[32];
        np_time_ns time = np_time_of_utc(2024, 1, 1, 0, f, 0);
        np_buf_reset(&text);
        for (int i = 0; i < 2; i++) {
            char spelt[NP_TIME_TEXT_BYTES];
            assert_int_equal(add_event(&text, time + i * 1440 * NP_NS_PER_MIN, "1", "\n"), 0);
            np_time_format(spelt, time + (i * 1440 + 60) * NP_NS_PER_MIN);
            assert_int_equal(np_buf_printf(&text, "{\"eventTime\":\"%s\",\"x\":\"%0*d\"}\n", spelt,
                                           LONG_BYTES, 0),
                             0);
        }
        (void) snprintf(path, sizeof(path), "fat/%d.json", f);
        put_bytes(path, text.data, text.len);
    }
    np_buf_done(&text);
}

static void empties_first_what_holds_most_memory(void **state)
{
    enum { FILES = 8 };
    (void) state;
    put_fat_files(FILES);
    struct watch watch = WATCH("fat");
    assert_int_equal(watch.records, 4 * FILES); /* complete, whatever became of the order */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_year_in_order),
        cmocka_unit_test(merges_long_files_record_by_record),
        cmocka_unit_test(waits_where_too_much_would_be_open),
        cmocka_unit_test(orders_objects_by_name_or_first_record),
        cmocka_unit_test(tells_when_an_s3_object_arrived),
        cmocka_unit_test(empties_first_what_holds_most_memory),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
