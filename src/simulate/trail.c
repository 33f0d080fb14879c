/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trail in a folder: one object for each account, region and five minutes of delivery, and no more than
 * MAX_OBJECT_RECORDS in one. Objects are gathered in memory, packed, written under another name and renamed, so that
 * what has the name of an object is whole.
 */
#include <fcntl.h>
#include <libdeflate.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "simulate/folder.h"
#include "simulate/random.h"
#include "simulate/simulate.h"

enum {
    MAX_OBJECT_RECORDS = 400,
    MAX_OBJECT_BYTES = 64 * 1024 * 1024,
    MAX_OPEN_BYTES = 32 * 1024 * 1024, /* of all open objects: beyond it all are written */
    MAX_OPEN_OBJECTS = 1 << 20,
    KEPT_OBJECTS = 64, /* whose memory is kept from period to period */
    MAX_PATH_BYTES = 4096,
    MAX_KEY_BYTES = 64, /* account and region */
    NAME_LETTERS = 16,
    PACK_LEVEL = 6
};

#define PERIOD (5 * NP_NS_PER_MIN)

struct object {
    struct np_buf text;
    struct np_buf folder; /* below AWSLogs/ORGANISATION: account and region, as "A/CloudTrail/R" */
    np_time_ns delivered; /* of its first record */
    size_t records;
};

struct np_trail {
    struct np_buf root; /* FOLDER/AWSLogs/ORGANISATION/ */
    struct np_random names;
    struct libdeflate_compressor *compressor;
    NP_VEC(struct object) objects; /* the first `open_count` are open */
    size_t open_count;
    struct np_map by_place;
    size_t open_bytes;
    int64_t period; /* that the open objects are of */
    struct np_buf path;
    struct np_buf other_path;
    struct np_buf packed;
    uint64_t written; /* objects */
};

/* ---- making and freeing */

static void done_object(struct object *object)
{
    np_buf_done(&object->text);
    np_buf_done(&object->folder);
}

void np_trail_free(struct np_trail **trail)
{
    struct np_trail *self = *trail;
    if (self == NULL)
        return;
    *trail = NULL;
    for (size_t i = 0; i < self->objects.len; i++)
        done_object(&self->objects.items[i]);
    np_vec_done(&self->objects);
    np_map_done(&self->by_place);
    np_buf_done(&self->root);
    np_buf_done(&self->path);
    np_buf_done(&self->other_path);
    np_buf_done(&self->packed);
    libdeflate_free_compressor(self->compressor);
    np_free(self);
}

static int open_folder(struct np_trail *trail, const char *folder, struct np_span organization,
                       struct np_err *err)
{
    (void) np_buf_add_str(&trail->root, folder);
    (void) np_buf_add_str(&trail->root, "/AWSLogs/");
    (void) np_buf_add_span(&trail->root, organization);
    (void) np_buf_add_char(&trail->root, '/');
    if (trail->root.error == -ENOMEM)
        return np_fail(err, -ENOMEM, "out of memory");
    if (trail->root.error < 0)
        return np_fail(err, -ENAMETOOLONG, "the name of the folder is too long");
    return np_folder_make_empty(folder, err);
}

int np_trail_new(struct np_trail **out_trail, const char *folder, struct np_span organization,
                 uint64_t seed, struct np_err *err)
{
    struct np_trail *trail = np_alloc(sizeof(*trail));
    if (trail == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    np_buf_init(&trail->root, MAX_PATH_BYTES);
    np_buf_init(&trail->path, 2 * MAX_PATH_BYTES);
    np_buf_init(&trail->other_path, 2 * MAX_PATH_BYTES);
    np_buf_init(&trail->packed, 2 * (size_t) MAX_OBJECT_BYTES);
    np_map_init(&trail->by_place, MAX_OPEN_OBJECTS);
    trail->names = np_random_for(seed, NP_SPAN("object names"), 0);
    trail->compressor = libdeflate_alloc_compressor(PACK_LEVEL);
    int r = trail->compressor != NULL ? open_folder(trail, folder, organization, err)
                                      : np_fail(err, -ENOMEM, "out of memory");
    if (r < 0)
        np_trail_free(&trail);
    else
        *out_trail = trail;
    return r;
}

/* ---- writing an object */

/* ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_RAND16.json.gz in the folder of its day, into `path`. */
static void set_path(struct np_trail *trail, const struct object *object, size_t *out_folder_len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    struct np_buf *path = &trail->path;
    char time[NP_TIME_TEXT_BYTES];
    struct np_span folder = np_buf_span(&object->folder);
    struct np_span account = np_span_head(folder, 12);
    struct np_span region = np_span_from(folder, 12 + sizeof("/CloudTrail/") - 1);
    np_time_format(time, object->delivered - object->delivered % NP_NS_PER_MIN);
    np_buf_reset(path);
    (void) np_buf_add_span(path, np_buf_span(&trail->root));
    (void) np_buf_add_span(path, folder);
    (void) np_buf_printf(path, "/%.4s/%.2s/%.2s", time, time + 5, time + 8);
    *out_folder_len = path->len;
    (void) np_buf_printf(path, "/%.*s_CloudTrail_%.*s_%.4s%.2s%.2sT%.2s%.2sZ_",
                         NP_SPAN_ARGS(account), NP_SPAN_ARGS(region), time, time + 5, time + 8,
                         time + 11, time + 14);
    for (size_t i = 0; i < NAME_LETTERS; i++)
        (void) np_buf_add_char(path,
                               letters[np_random_between(&trail->names, 0, sizeof(letters) - 2)]);
    (void) np_buf_add_str(path, ".json.gz");
}

static int pack(struct np_trail *trail, const struct object *object, struct np_err *err)
{
    size_t bound = libdeflate_gzip_compress_bound(trail->compressor, object->text.len);
    np_buf_reset(&trail->packed);
    if (np_buf_reserve(&trail->packed, bound) < 0)
        return np_fail(err, trail->packed.error, "out of memory");
    trail->packed.len = libdeflate_gzip_compress(trail->compressor, object->text.data,
                                                 object->text.len, trail->packed.data, bound);
    return 0;
}

static int write_all(int fd, struct np_span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR)
            return np_neg_errno();
        bytes = np_span_from(bytes, n > 0 ? (size_t) n : 0);
    }
    return 0;
}

/* Writes bytes as a file that is whole as soon as it has its name. */
static int write_file(const char *path, const char *temporary, struct np_span bytes,
                      struct np_err *err)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        int failed = np_neg_errno();
        return np_fail(err, failed, "cannot write '%s': %s", path, strerror(-failed));
    }
    int r = write_all(fd, bytes);
    if (close(fd) < 0 && r == 0)
        r = np_neg_errno();
    if (r == 0 && rename(temporary, path) < 0)
        r = np_neg_errno();
    if (r == 0)
        return 0;
    (void) unlink(temporary); /* what it holds is of no use */
    return np_fail(err, r, "cannot write '%s': %s", path, strerror(-r));
}

static int write_object(struct np_trail *trail, struct object *object, struct np_err *err)
{
    size_t folder_len = 0;
    struct np_buf *temporary = &trail->other_path;
    (void) np_buf_add_str(&object->text, "]}");
    set_path(trail, object, &folder_len);
    np_buf_reset(temporary);
    (void) np_buf_add_span(temporary, np_span_head(np_buf_span(&trail->path), folder_len));
    if (object->text.error < 0 || trail->path.error < 0 || temporary->error < 0)
        return np_fail(err, -ENOMEM, "out of memory");
    int r = np_folder_make(np_buf_cstr(temporary), err);
    if (r == 0)
        r = pack(trail, object, err);
    if (r == 0 && np_buf_add_str(temporary, "/.part") < 0)
        r = np_fail(err, -ENOMEM, "out of memory");
    if (r == 0)
        r = write_file(np_buf_cstr(&trail->path), np_buf_cstr(temporary),
                       np_buf_span(&trail->packed), err);
    trail->written += r == 0 ? 1 : 0;
    return r;
}

/* ---- gathering */

/* Writes all open objects. */
static int close_all(struct np_trail *trail, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < trail->open_count && r == 0; i++)
        if (trail->objects.items[i].records > 0)
            r = write_object(trail, &trail->objects.items[i], err);
    while (trail->objects.len > KEPT_OBJECTS)
        done_object(&trail->objects.items[--trail->objects.len]);
    trail->open_count = 0;
    trail->open_bytes = 0;
    np_map_done(&trail->by_place);
    return r;
}

static void begin_object(struct object *object)
{
    np_buf_reset(&object->text);
    (void) np_buf_add_str(&object->text, "{\"Records\":[");
    object->records = 0;
}

static int open_object(struct np_trail *trail, const struct np_simulated *event, struct np_span key,
                       struct object **out_object)
{
    int r = 0;
    if (trail->open_count == trail->objects.len) {
        struct object fresh = {};
        np_buf_init(&fresh.text, MAX_OBJECT_BYTES);
        np_buf_init(&fresh.folder, MAX_PATH_BYTES);
        r = np_vec_push(&trail->objects, fresh, MAX_OPEN_OBJECTS);
    }
    if (r == 0)
        r = np_map_put(&trail->by_place, key, (uint32_t) trail->open_count);
    if (r < 0)
        return r;
    struct object *object = &trail->objects.items[trail->open_count++];
    begin_object(object);
    np_buf_reset(&object->folder);
    (void) np_buf_add_span(&object->folder, event->account);
    (void) np_buf_add_str(&object->folder, "/CloudTrail/");
    (void) np_buf_add_span(&object->folder, event->region);
    *out_object = object;
    return object->folder.error;
}

/* The open object of an account and a region. */
static int find_object(struct np_trail *trail, const struct np_simulated *event,
                       struct object **out_object)
{
    char key[MAX_KEY_BYTES];
    size_t len = event->account.len + event->region.len;
    if (len > sizeof(key))
        return -E2BIG;
    memcpy(key, event->account.ptr, event->account.len);
    memcpy(key + event->account.len, event->region.ptr, event->region.len);
    uint32_t found = np_map_get(&trail->by_place, np_span_make(key, len));
    if (found == NP_MAP_NONE)
        return open_object(trail, event, np_span_make(key, len), out_object);
    *out_object = &trail->objects.items[found];
    return 0;
}

/* Account and region become parts of a path. */
static bool is_name(struct np_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= 'a' && text.ptr[i] <= 'z') &&
            !(text.ptr[i] >= '0' && text.ptr[i] <= '9') && text.ptr[i] != '-')
            return false;
    return text.len > 0;
}

static int append(struct np_trail *trail, const struct np_simulated *event, struct np_err *err)
{
    struct object *object = NULL;
    int r = find_object(trail, event, &object);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    if (object->records == 0)
        object->delivered = event->delivered;
    else
        (void) np_buf_add_char(&object->text, ',');
    (void) np_buf_add_span(&object->text, event->record);
    if (object->text.error < 0)
        return np_fail(err, object->text.error, "out of memory");
    trail->open_bytes += event->record.len + 1;
    if (++object->records < MAX_OBJECT_RECORDS)
        return 0;
    trail->open_bytes -= NP_MIN(trail->open_bytes, object->text.len);
    r = write_object(trail, object, err);
    begin_object(object);
    return r;
}

int np_trail_add(struct np_trail *trail, const struct np_simulated *event, struct np_err *err)
{
    int64_t period = event->delivered / PERIOD;
    int r = 0;
    if (!is_name(event->region) || !is_name(event->account) || event->account.len != 12)
        return np_fail(err, -EINVAL, "no account and region that a file could be named by");
    if (period != trail->period || trail->open_bytes > MAX_OPEN_BYTES)
        r = close_all(trail, err);
    trail->period = period;
    return r == 0 ? append(trail, event, err) : r;
}

int np_trail_finish(struct np_trail *trail, struct np_err *err)
{
    return close_all(trail, err);
}

uint64_t np_trail_objects(const struct np_trail *trail)
{
    return trail->written;
}
