/* SPDX-License-Identifier: Apache-2.0 */
#include "support/unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <libdeflate.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "simulate/folder.h"
#include "simulate/simulate.h"

enum { PATHS_MAX = 16, PATH_MAX_BYTES = 512 };

#define START np_time_of_utc(2026, 3, 2, 8, 0, 0)

/* The files below a folder; nftw() hands its callback no context. */
static char paths[PATHS_MAX][PATH_MAX_BYTES];
static size_t path_count;

static int collect(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void) status;
    (void) at;
    if (kind == FTW_F && path_count < PATHS_MAX)
        (void) snprintf(paths[path_count++], PATH_MAX_BYTES, "%s", path);
    return 0;
}

static int erase(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void) status;
    (void) kind;
    (void) at;
    return remove(path);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void list(const char *folder)
{
    path_count = 0;
    assert_int_equal(nftw(folder, collect, 16, FTW_PHYS), 0);
    qsort(paths, path_count, sizeof(paths[0]), by_text);
}

static int make_folder(void **state)
{
    char *folder = np_strndup("/tmp/np-trail-XXXXXX", sizeof("/tmp/np-trail-XXXXXX") - 1);
    *state = folder != NULL ? mkdtemp(folder) : NULL;
    return *state == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    int r = nftw(*state, erase, 16, FTW_DEPTH | FTW_PHYS);
    np_free(*state);
    return r;
}

static struct np_simulated event_of(const char *region, int64_t minutes)
{
    return (struct np_simulated){
        .record = NP_SPAN("{\"a\":1}"),
        .delivered = START + minutes * NP_NS_PER_MIN,
        .account = NP_SPAN("123456789012"),
        .region = np_span_of(region),
    };
}

static struct np_trail *open_trail(const char *folder)
{
    struct np_trail *trail = NULL;
    struct np_err err = {};
    assert_int_equal(np_trail_new(&trail, folder, NP_SPAN("o-abc"), 1, &err), 0);
    return trail;
}

static void add(struct np_trail *trail, const char *region, int64_t minutes)
{
    struct np_simulated event = event_of(region, minutes);
    assert_int_equal(np_trail_add(trail, &event, NULL), 0);
}

/* The inflated text of a file, in a buffer that lives until the next call. */
static const char *read_object(const char *path)
{
    static char text[65536];
    char packed[65536];
    size_t len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, packed, sizeof(packed));
    assert_true(n > 0);
    assert_int_equal(close(fd), 0);
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    assert_int_equal(
        libdeflate_gzip_decompress(inflater, packed, (size_t) n, text, sizeof(text) - 1, &len),
        LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(inflater);
    text[len] = '\0';
    return text;
}

static void writes_an_object_for_each_place_and_period(void **state)
{
    struct np_trail *trail = open_trail(*state);
    add(trail, "eu-west-1", 0);
    add(trail, "us-east-1", 1);
    add(trail, "eu-west-1", 2);
    add(trail, "eu-west-1", 5);
    assert_int_equal(np_trail_finish(trail, NULL), 0);
    assert_int_equal(np_trail_objects(trail), 3);
    np_trail_free(&trail);
    list(*state);
    assert_int_equal(path_count, 3);
    assert_non_null(strstr(paths[0], "/AWSLogs/o-abc/123456789012/CloudTrail/eu-west-1/2026/03/02/"
                                     "123456789012_CloudTrail_eu-west-1_20260302T0800Z_"));
    assert_non_null(strstr(paths[1], "_CloudTrail_eu-west-1_20260302T0805Z_"));
    assert_non_null(strstr(paths[2], "_CloudTrail_us-east-1_20260302T0801Z_"));
    assert_true(np_span_ends(np_span_of(paths[0]), NP_SPAN(".json.gz")));
    assert_string_equal(read_object(paths[0]), "{\"Records\":[{\"a\":1},{\"a\":1}]}");
}

static void begins_another_object_when_one_is_full(void **state)
{
    struct np_trail *trail = open_trail(*state);
    for (size_t i = 0; i < 801; i++)
        add(trail, "eu-west-1", 0);
    assert_int_equal(np_trail_finish(trail, NULL), 0);
    np_trail_free(&trail);
    list(*state);
    assert_int_equal(path_count, 3);
}

static void same_seed_gives_the_same_names_and_bytes(void **state)
{
    char first[PATH_MAX_BYTES];
    char text[256];
    const char *base = *state;
    for (int i = 0; i < 2; i++) {
        char folder[PATH_MAX_BYTES];
        (void) snprintf(folder, sizeof(folder), "%s/%d/below", base, i);
        struct np_trail *trail = open_trail(folder);
        add(trail, "eu-west-1", 0);
        assert_int_equal(np_trail_finish(trail, NULL), 0);
        np_trail_free(&trail);
        list(folder);
        assert_int_equal(path_count, 1);
        const char *name = strrchr(paths[0], '/');
        if (i == 0) {
            (void) snprintf(first, sizeof(first), "%s", name);
            (void) snprintf(text, sizeof(text), "%s", read_object(paths[0]));
        }
        assert_string_equal(name, first);
        assert_string_equal(read_object(paths[0]), text);
    }
}

static void refuses_a_folder_that_holds_something(void **state)
{
    struct np_trail *trail = NULL;
    struct np_err err = {};
    char path[PATH_MAX_BYTES];
    (void) snprintf(path, sizeof(path), "%s/something", (const char *) *state);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(close(fd), 0);
    assert_int_equal(np_trail_new(&trail, *state, NP_SPAN("o-a"), 1, &err), -EEXIST);
    assert_non_null(strstr(err.msg, *state));
    assert_int_equal(np_trail_new(&trail, path, NP_SPAN("o-a"), 1, &err), -ENOTDIR);
    assert_int_equal(np_trail_new(&trail, "", NP_SPAN("o-a"), 1, &err), -ENAMETOOLONG);
    assert_null(trail);
}

static void refuses_names_that_would_lead_elsewhere(void **state)
{
    struct np_trail *trail = open_trail(*state);
    struct np_simulated event = event_of("../..", 0);
    assert_int_equal(np_trail_add(trail, &event, NULL), -EINVAL);
    event = event_of("eu-west-1", 0);
    event.account = NP_SPAN("/etc");
    assert_int_equal(np_trail_add(trail, &event, NULL), -EINVAL);
    np_trail_free(&trail);
}

static void names_the_file_that_cannot_be_written(void **state)
{
    struct np_err err = {};
    char path[PATH_MAX_BYTES];
    struct np_trail *trail = open_trail(*state);
    add(trail, "eu-west-1", 0);
    (void) snprintf(path, sizeof(path), "%s/AWSLogs", (const char *) *state);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); /* where a folder has to be */
    assert_int_equal(close(fd), 0);
    assert_int_equal(np_trail_finish(trail, &err), -ENOTDIR);
    assert_non_null(strstr(err.msg, path));
    np_trail_free(&trail);
}

static void survives_any_failed_allocation(void **state)
{
    const char *base = *state;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        char folder[PATH_MAX_BYTES];
        struct np_trail *trail = NULL;
        struct np_simulated event = event_of("eu-west-1", 0);
        (void) snprintf(folder, sizeof(folder), "%s/%ld", base, n);
        np_alloc_fail_at(n);
        r = np_trail_new(&trail, folder, NP_SPAN("o-abc"), 1, NULL);
        if (r == 0)
            r = np_trail_add(trail, &event, NULL);
        if (r == 0)
            r = np_trail_finish(trail, NULL);
        np_alloc_fail_at(-1);
        np_trail_free(&trail);
        assert_true(r == 0 || r == -ENOMEM);
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(writes_an_object_for_each_place_and_period),
        IN_FOLDER(begins_another_object_when_one_is_full),
        IN_FOLDER(same_seed_gives_the_same_names_and_bytes),
        IN_FOLDER(refuses_a_folder_that_holds_something),
        IN_FOLDER(refuses_names_that_would_lead_elsewhere),
        IN_FOLDER(names_the_file_that_cannot_be_written),
        IN_FOLDER(survives_any_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
