/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader against a slow and obvious one: it goes over the text character by character, once
 * for each path, and looks for a later repeat of every key it meets. Both must say the same of
 * generated records and of all shared ones.
 */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

enum { PATH_PARTS = 8 };

/* ---- the slow reader; its text ends with a NUL and is valid ---- */

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

static const char *skip_string(const char *p)
{
    for (p += 1 + strcspn(p + 1, "\"\\"); *p != '"'; p += strcspn(p, "\"\\"))
        p += 2;
    return p + 1;
}

/* The place behind the value at `p`. */
static const char *skip_value(const char *p)
{
    if (*p == '"')
        return skip_string(p);
    if (*p != '{' && *p != '[')
        return p + strcspn(p, " \t\r\n,]}");
    size_t depth = 0;
    do {
        p += strcspn(p, "\"{}[]");
        if (*p == '"') {
            p = skip_string(p);
            continue;
        }
        depth += (*p == '{' || *p == '[');
        depth -= (*p == '}' || *p == ']');
        p++;
    } while (depth > 0);
    return p;
}

static unsigned unit_at(const char *p)
{
    char digits[5] = {p[0], p[1], p[2], p[3], 0};
    return (unsigned) strtoul(digits, NULL, 16);
}

static void add_code(struct np_buf *out, unsigned code)
{
    if (code >= 0xd800 && code < 0xe000)
        code = 0xfffd;
    if (code < 0x80)
        np_buf_printf(out, "%c", (int) code);
    else if (code < 0x800)
        np_buf_printf(out, "%c%c", (int) (0xc0 | code >> 6), (int) (0x80 | (code & 63)));
    else if (code < 0x10000)
        np_buf_printf(out, "%c%c%c", (int) (0xe0 | code >> 12), (int) (0x80 | (code >> 6 & 63)),
                      (int) (0x80 | (code & 63)));
    else
        np_buf_printf(out, "%c%c%c%c", (int) (0xf0 | code >> 18), (int) (0x80 | (code >> 12 & 63)),
                      (int) (0x80 | (code >> 6 & 63)), (int) (0x80 | (code & 63)));
}

/* Appends the text of the string at `p`. */
static void add_string(struct np_buf *out, const char *p)
{
    for (p++; *p != '"'; p++) {
        size_t plain = strcspn(p, "\"\\");
        if (plain > 0) {
            np_buf_add(out, p, plain);
            p += plain - 1;
        } else if (*++p == 'u') {
            unsigned code = unit_at(p + 1);
            p += 4;
            if (code >= 0xd800 && code < 0xdc00 && p[1] == '\\' && p[2] == 'u' &&
                unit_at(p + 3) >= 0xdc00 && unit_at(p + 3) < 0xe000) {
                code = 0x10000 + (code - 0xd800) * 0x400 + (unit_at(p + 3) - 0xdc00);
                p += 6;
            }
            add_code(out, code);
        } else {
            const char *from = "bfnrt";
            const char *found = strchr(from, *p);
            np_buf_add_char(out, found != NULL ? "\b\f\n\r\t"[found - from] : *p);
        }
    }
}

struct search {
    char parts[PATH_PARTS][32];
    size_t count;
    bool joined_first;
    struct np_buf found; /* as show_value() writes it, without the brackets of a list */
    size_t values;
    bool is_list;
};

static bool key_is(const char *p, const char *want)
{
    np_auto_buf struct np_buf key;
    np_buf_init(&key, TEST_MAX_BYTES);
    add_string(&key, p);
    return np_span_is(np_buf_span(&key), want);
}

/* Whether the key at `p` comes again in its object. */
static bool is_repeated(const char *p)
{
    np_auto_buf struct np_buf key;
    np_buf_init(&key, TEST_MAX_BYTES);
    add_string(&key, p);
    for (;;) {
        p = skip_blanks(skip_value(skip_blanks(skip_blanks(skip_string(p)) + 1)));
        if (*p == '}')
            return false;
        p = skip_blanks(p + 1);
        if (key_is(p, np_buf_cstr(&key)))
            return true;
    }
}

static void add_scalar(struct np_buf *out, const char *p)
{
    size_t len = (size_t) (skip_value(p) - p);
    char *end = NULL;
    errno = 0;
    long long number = strtoll(p, &end, 10);
    if (*p == 't' || *p == 'f' || *p == 'n') {
        np_buf_add(out, p, len);
    } else if (errno == 0 && end == p + len) {
        np_buf_printf(out, "i%lld", number);
    } else {
        errno = 0;
        unsigned long long big = strtoull(p, &end, 10);
        if (*p != '-' && errno == 0 && end == p + len)
            np_buf_printf(out, "u%llu", big);
        else
            np_buf_printf(out, "d%.17g(%.*s)", strtod(p, NULL), (int) len, p);
    }
}

static void find(struct search *search, const char *p, size_t part, bool in_array);

static void find_in_members(struct search *search, const char *p, size_t part, bool in_array)
{
    p = skip_blanks(p + 1);
    while (*p != '}') {
        const char *value = skip_blanks(skip_blanks(skip_string(p)) + 1);
        np_auto_buf struct np_buf key;
        np_buf_init(&key, TEST_MAX_BYTES);
        for (size_t i = part; i < search->count; i++) {
            np_buf_printf(&key, "%s%s", i > part ? "." : "", search->parts[i]);
            if (part == 0 && i == 0 && search->joined_first)
                continue;
            if (key_is(p, np_buf_cstr(&key)) && !is_repeated(p))
                find(search, value, i + 1, in_array);
        }
        p = skip_blanks(skip_value(value));
        p = *p == ',' ? skip_blanks(p + 1) : p;
    }
}

static void find_in_elements(struct search *search, const char *p, size_t part)
{
    search->is_list |= part == search->count;
    p = skip_blanks(p + 1);
    while (*p != ']') {
        find(search, p, part, true);
        p = skip_blanks(skip_value(p));
        p = *p == ',' ? skip_blanks(p + 1) : p;
    }
}

/* Adds what the rest of the path, from `part` on, finds in the value at `p`. */
static void find(struct search *search, const char *p, size_t part, bool in_array)
{
    if (*p == '[') {
        find_in_elements(search, p, part);
        return;
    }
    if (part < search->count) {
        if (*p == '{')
            find_in_members(search, p, part, in_array);
        return;
    }
    search->is_list |= in_array;
    np_buf_add_str(&search->found, search->values++ > 0 ? "," : "");
    if (*p == '{') {
        np_buf_add(&search->found, p, (size_t) (skip_value(p) - p));
    } else if (*p == '"') {
        np_buf_add_char(&search->found, '\'');
        add_string(&search->found, p);
        np_buf_add_char(&search->found, '\'');
    } else {
        add_scalar(&search->found, p);
    }
}

/* What `path` (a + in front: joined first) finds in `record`, as show_value() writes it. */
static void search_path(struct np_buf *out, const char *record, const char *path)
{
    struct search search = {.joined_first = *path == '+'};
    np_buf_init(&search.found, TEST_MAX_BYTES);
    for (path += search.joined_first; *path != '\0'; path += *path == '.') {
        size_t len = strcspn(path, ".");
        (void) snprintf(search.parts[search.count++], sizeof(search.parts[0]), "%.*s", (int) len,
                        path);
        path += len;
    }
    find(&search, skip_blanks(record), 0, false);
    if (search.values == 0 && !search.is_list)
        np_buf_add_char(out, '-');
    else if (search.values == 1 && !search.is_list)
        np_buf_add_span(out, np_buf_span(&search.found));
    else
        np_buf_printf(out, "[%s]", np_buf_cstr(&search.found));
    np_buf_done(&search.found);
}

/* ---- both against each other ---- */

struct bench {
    const char *const *paths;
    size_t count;
    struct np_json_plan *plan;
    struct np_json_reader *reader;
    struct np_arena arena;
};

static void bench_init(struct bench *bench, const char *const *paths, size_t count)
{
    *bench = (struct bench){.paths = paths, .count = count};
    assert_int_equal(np_json_plan_new(&bench->plan), 0);
    assert_int_equal(np_json_reader_new(&bench->reader), 0);
    np_arena_init(&bench->arena, TEST_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        bool joined = paths[i][0] == '+';
        assert_int_equal(np_json_plan_add(bench->plan, np_span_of(paths[i] + joined), (uint32_t) i,
                                          joined ? NP_JSON_PATH_JOINED_FIRST : NP_JSON_PATH_ANY),
                         0);
    }
}

static void bench_done(struct bench *bench)
{
    np_json_plan_free(&bench->plan);
    np_json_reader_free(&bench->reader);
    np_arena_done(&bench->arena);
}

/* Reads `record` both ways; `text` is the same with a NUL behind it. */
static void compare(struct bench *bench, struct np_span record, const char *text)
{
    struct test_slots room;
    slots_init(&room, &bench->arena);
    np_arena_reset(&bench->arena);
    const char *reason = "";
    enum np_json_result result =
        np_json_read(bench->reader, bench->plan, record, &room.slots, &reason);
    if (result != NP_JSON_OK)
        fail_msg("%d %s: %s", (int) result, reason, text);
    for (size_t i = 0; i < bench->count; i++) {
        np_auto_buf struct np_buf got;
        np_auto_buf struct np_buf want;
        np_buf_init(&got, TEST_MAX_BYTES);
        np_buf_init(&want, TEST_MAX_BYTES);
        show_value(&got, &room.values[i]);
        search_path(&want, text, bench->paths[i]);
        if (!np_span_eq(np_buf_span(&got), np_buf_span(&want)))
            fail_msg("%s: got %s, want %s in %s", bench->paths[i], np_buf_cstr(&got),
                     np_buf_cstr(&want), text);
    }
}

static void compare_copy(struct bench *bench, const char *text, size_t len)
{
    char *copy = np_strndup(text, len);
    struct np_span record = record_place(np_span_make(text, len), '"');
    assert_non_null(copy);
    compare(bench, record, copy);
    record_free(&record);
    np_free(copy);
}

/* ---- generated records ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *pick(uint64_t *seed, const char *const *choices, size_t count)
{
    return choices[next_random(seed) % count];
}

static void generate_value(struct np_buf *out, uint64_t *seed, size_t depth);

static void generate_blank(struct np_buf *out, uint64_t *seed)
{
    if (next_random(seed) % 8 == 0)
        np_buf_add_str(out, next_random(seed) % 2 == 0 ? " " : "\r\n\t");
}

static void generate_object(struct np_buf *out, uint64_t *seed, size_t depth)
{
    static const char *const keys[] = {"a",   "b",     "c",       "a.b",       "b.c",
                                       "c.a", "a.b.c", "\\u0061", "a\\u002eb", ""};
    size_t count = next_random(seed) % 5;
    np_buf_add_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        np_buf_add_str(out, i > 0 ? "," : "");
        generate_blank(out, seed);
        np_buf_printf(out, "\"%s\"", pick(seed, keys, NP_ARRAY_LEN(keys)));
        generate_blank(out, seed);
        np_buf_add_char(out, ':');
        generate_blank(out, seed);
        generate_value(out, seed, depth);
        generate_blank(out, seed);
    }
    np_buf_add_char(out, '}');
}

static void generate_array(struct np_buf *out, uint64_t *seed, size_t depth)
{
    size_t count = next_random(seed) % 4;
    np_buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        np_buf_add_str(out, i > 0 ? "," : "");
        generate_blank(out, seed);
        generate_value(out, seed, depth);
        generate_blank(out, seed);
    }
    np_buf_add_char(out, ']');
}

static void generate_value(struct np_buf *out, uint64_t *seed, size_t depth)
{
    static const char *const scalars[] = {
        "1",       "-2",   "1.5e3", "18446744073709551615",  "18446744073709551616",
        "true",    "null", "\"x\"", "\"\\ud83d\\ude00\\n\"", "\"\\udc00]\\\"}\"",
        "\"\\\\\""};
    uint64_t kind = next_random(seed) % 4;
    if (depth > 0 && kind < 2)
        generate_object(out, seed, depth - 1);
    else if (depth > 0 && kind == 2)
        generate_array(out, seed, depth - 1);
    else
        np_buf_add_str(out, pick(seed, scalars, NP_ARRAY_LEN(scalars)));
}

static void agrees_on_generated_records(void **state)
{
    (void) state;
    static const char *const paths[] = {"a",     "b",       "a.b",   "b.c",    "a.b.c",
                                        "c.a.b", "a.a",     "b.c.a", "+a.b",   "+a.b.c",
                                        "c",     "a.b.c.a", "c.c",   "+b.c.a", "a.b.a"};
    struct bench bench;
    bench_init(&bench, paths, NP_ARRAY_LEN(paths));
    uint64_t seed = 20260101;
    unsigned rounds = test_rounds(10000);
    for (unsigned i = 0; i < rounds; i++) {
        np_auto_buf struct np_buf text;
        np_buf_init(&text, TEST_MAX_BYTES);
        generate_blank(&text, &seed);
        generate_object(&text, &seed, 5);
        compare_copy(&bench, np_buf_cstr(&text), text.len);
    }
    bench_done(&bench);
}

/* ---- shared records ---- */

static const char *const trail_paths[] = {
    "eventVersion",
    "eventTime",
    "eventID",
    "eventSource",
    "eventName",
    "errorCode",
    "errorMessage",
    "readOnly",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "resources",
    "resources.ARN",
    "resources.accountId",
    "userIdentity",
    "userIdentity.type",
    "userIdentity.arn",
    "userIdentity.accessKeyId",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "requestParameters.ipPermissions.items.ipRanges.items.cidrIp",
    "requestParameters.policyDocument",
    "requestParameters.instancesSet.items.instanceId",
    "responseElements.instancesSet.items.instanceId",
    "requestParameters.filterSet.items.valueSet.items.value",
    "requestParameters.maxResults",
};

/* The array of records that the document at `p` is or holds; NULL where it is a record itself. */
static const char *records_of(const char *p)
{
    if (*p == '[')
        return p;
    const char *first = skip_blanks(p + 1);
    if (*first != '"' || !key_is(first, "Records"))
        return NULL;
    return skip_blanks(skip_blanks(skip_string(first)) + 1);
}

/* Compares all records of a file's text and returns how many there are. */
static size_t compare_text(struct bench *bench, const char *text)
{
    size_t count = 0;
    for (const char *p = skip_blanks(text); *p == '{' || *p == '[';
         p = skip_blanks(skip_value(p))) {
        const char *element = records_of(p);
        if (element == NULL) {
            compare_copy(bench, p, (size_t) (skip_value(p) - p));
            count++;
            continue;
        }
        for (element = skip_blanks(element + 1); *element == '{'; count++) {
            const char *end = skip_value(element);
            compare_copy(bench, element, (size_t) (end - element));
            end = skip_blanks(end);
            element = skip_blanks(end + (*end == ','));
        }
    }
    return count;
}

static size_t compare_file(struct bench *bench, int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    char *text = np_alloc((size_t) st.st_size + 1);
    assert_non_null(text);
    assert_int_equal(read(fd, text, (size_t) st.st_size), st.st_size);
    (void) close(fd);
    size_t count = compare_text(bench, text);
    np_free(text);
    return count;
}

static void agrees_on_the_shared_records(void **state)
{
    (void) state;
    static const struct {
        const char *folder;
        size_t records;
    } folders[] = {{"trail-real", 1293}, {"technique-logs", 117}, {"api-examples", 563}};
    const char *data = getenv("NEPHO_TEST_DATA");
    if (data == NULL) {
        print_message("# NEPHO_TEST_DATA is not set\n");
        skip();
    }
    struct bench bench;
    bench_init(&bench, trail_paths, NP_ARRAY_LEN(trail_paths));
    for (size_t i = 0; i < NP_ARRAY_LEN(folders); i++) {
        char path[4096];
        (void) snprintf(path, sizeof(path), "%s/cloudtrail/%s", data, folders[i].folder);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        size_t records = 0;
        for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
            if (strstr(entry->d_name, ".json") != NULL)
                records += compare_file(&bench, dirfd(folder), entry->d_name);
        (void) closedir(folder);
        assert_int_equal(records, folders[i].records);
    }
    bench_done(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_on_generated_records),
        cmocka_unit_test(agrees_on_the_shared_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
