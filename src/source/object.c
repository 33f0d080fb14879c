/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening, looking and reading: see object.h. Plain bytes pass through no buffer of ours but the
 * first four.
 */
#include "source/object.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    GZIP_STATE_BYTES = 64 * 1024,       /* zlib's window and tables, libdeflate's tables */
    ZSTD_STATE_BYTES = 4 * 1024 * 1024, /* a window as the zstd command makes it, and its buffers */
    GZIP_MAX_RATIO = 1040,              /* deflate cannot pack better than 1032:1 */
};

static const char *const packing_names[NP_PACKING_MAX] = {
    [NP_PACKING_NONE] = "plain", [NP_PACKING_GZIP] = "gzip", [NP_PACKING_ZSTD] = "zstd"};

void np_object_init(struct np_object *object)
{
    *object = (struct np_object){.fd = -1};
    np_buf_init(&object->packed, NP_OBJECT_WHOLE_PACKED_MAX_BYTES + NP_OBJECT_CHUNK_BYTES);
}

void np_object_done(struct np_object *object)
{
    np_object_close(object);
    for (int i = 0; i < NP_PACKING_MAX; i++)
        np_inflate_free(&object->inflates[i]);
    np_buf_done(&object->packed);
}

/* What is open for reading, as a descriptor of our own: negative errno on failure. */
static int open_fd(const char *path, enum np_object_kind kind)
{
    int fd = -1;
    if (kind == NP_OBJECT_STDIN)
        fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    else if (kind == NP_OBJECT_STREAM)
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    else /* what was a file during the walk may be a FIFO by now: never wait for its writer */
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return fd >= 0 ? fd : np_neg_errno();
}

int np_object_open(struct np_object *object, const char *path, enum np_object_kind kind)
{
    struct stat st;
    np_object_close(object);
    int fd = open_fd(path, kind);
    if (fd < 0)
        return fd;
    int r = fstat(fd, &st) < 0 ? np_neg_errno() : 0;
    if (r == 0 && kind == NP_OBJECT_FILE && !S_ISREG(st.st_mode))
        r = -ENODEV;
    if (r < 0) {
        (void) close(fd); /* nothing was written */
        return r;
    }
    object->fd = fd;
    object->taken = 0;
    object->is_file = S_ISREG(st.st_mode);
    object->size = object->is_file ? (uint64_t) st.st_size : NP_OBJECT_SIZE_UNKNOWN;
    if (object->is_file && object->size > NP_OBJECT_WHOLE_PACKED_MAX_BYTES)
        (void) posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* a hint; reading works without */
    return 0;
}

void np_object_open_part(struct np_object *object, np_object_feed_fn *feed, void *context,
                         uint64_t size)
{
    np_object_close(object);
    object->feed = feed;
    object->feed_context = context;
    object->size = size;
    object->taken = 0;
}

static void end_input(struct np_object *object)
{
    if (object->fd >= 0)
        (void) close(object->fd); /* nothing was written */
    object->fd = -1;
    object->feed = NULL;
}

void np_object_close(struct np_object *object)
{
    end_input(object);
    np_buf_reset(&object->packed);
    object->is_file = false;
    object->size = NP_OBJECT_SIZE_UNKNOWN;
    object->is_known = false;
    object->is_streamed = false;
    object->packing = NP_PACKING_NONE;
    object->head_len = 0;
    object->packed_at = 0;
    object->whole_bytes = 0;
}

/* Waits until there is something to read: 0 or a negative errno. */
static int wait_readable(int fd)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    return poll(&waiting, 1, -1) < 0 ? np_neg_errno() : 0;
}

static int fail_read(struct np_err *err, int r)
{
    if (r == -EINTR || r == -ENOMEM)
        return np_fail(err, r, "%s", strerror(-r));
    return np_fail(err, r, "cannot be read any further: %s", strerror(-r));
}

/*
 * read(), 0 at the end. A file is read again after a signal, since it does not wait for long; a
 * stream is not, so that the caller can end. A pipe that somebody else has made non-blocking is
 * waited for.
 */
static int read_fd(struct np_object *object, char *out, size_t cap, size_t *out_len,
                   struct np_err *err)
{
    int r = 0;
    while (r == 0 && object->fd >= 0) {
        ssize_t len = read(object->fd, out, cap);
        if (len >= 0) {
            *out_len = (size_t) len;
            return 0;
        }
        r = np_neg_errno();
        if (r == -EAGAIN)
            r = wait_readable(object->fd);
        else if (r == -EINTR && object->is_file)
            r = 0;
    }
    return r < 0 ? fail_read(err, r) : 0;
}

/* The next packed bytes, none at the end. */
static int read_some(struct np_object *object, char *out, size_t cap, size_t *out_len,
                     struct np_err *err)
{
    *out_len = 0;
    int r = object->feed != NULL ? object->feed(object->feed_context, out, cap, out_len, err)
                                 : read_fd(object, out, cap, out_len, err);
    object->taken += *out_len;
    return r;
}

/* Reads the bytes that tell the packing, fewer where there are no more. */
static int read_head(struct np_object *object, struct np_err *err)
{
    size_t len = 1;
    while (object->head_len < NP_OBJECT_HEAD_BYTES && len > 0) {
        int r = read_some(object, object->head + object->head_len,
                          NP_OBJECT_HEAD_BYTES - object->head_len, &len, err);
        if (r < 0)
            return r;
        object->head_len += len;
    }
    return 0;
}

/*
 * Reads more packed bytes behind those that are there, up to `goal` in all; sets `*out_len` to how
 * many came.
 */
static int read_packed(struct np_object *object, size_t goal, size_t *out_len, struct np_err *err)
{
    struct np_buf *packed = &object->packed;
    int r = np_buf_reserve(packed, goal - packed->len);
    if (r < 0)
        return fail_read(err, r);
    r = read_some(object, packed->data + packed->len, goal - packed->len, out_len, err);
    packed->len += *out_len;
    return r;
}

/*
 * Reads a small object to its end and learns what it claims to hold. One that turns out longer
 * than it was said to be is streamed.
 */
static int load_whole(struct np_object *object, struct np_err *err)
{
    size_t goal = (size_t) object->size + 1;
    size_t len = 1;
    while (len > 0 && object->packed.len < goal) {
        int r = read_packed(object, goal, &len, err);
        if (r < 0)
            return r;
    }
    size_t claimed = np_gunzip_claimed(np_buf_span(&object->packed));
    if (len == 0 && claimed <= NP_OBJECT_WHOLE_MAX_BYTES &&
        claimed / GZIP_MAX_RATIO <= object->packed.len)
        object->whole_bytes = claimed;
    return 0;
}

/* Gets a decompressor ready and gives it the head. */
static int begin_unpacking(struct np_object *object, struct np_err *err)
{
    struct np_inflate **inflate = &object->inflates[object->packing];
    int r = 0;
    if (*inflate == NULL)
        r = np_inflate_new(inflate, object->packing, err);
    else
        np_inflate_reset(*inflate);
    if (r < 0)
        return r;
    r = np_buf_add(&object->packed, object->head, object->head_len);
    object->head_len = 0;
    if (r < 0)
        return fail_read(err, r);
    return object->packing == NP_PACKING_GZIP && object->size <= NP_OBJECT_WHOLE_PACKED_MAX_BYTES
               ? load_whole(object, err)
               : 0;
}

int np_object_look(struct np_object *object, size_t *out_bytes, struct np_err *err)
{
    if (!object->is_known) {
        int r = read_head(object, err);
        if (r < 0)
            return r;
        object->packing = np_packing_detect(np_span_make(object->head, object->head_len));
        object->is_known = true;
        if (object->packing != NP_PACKING_NONE)
            r = begin_unpacking(object, err);
        if (r < 0)
            return r;
    }
    *out_bytes = object->is_streamed ? 0 : object->whole_bytes;
    return 0;
}

static int read_plain(struct np_object *object, char *out, size_t cap, size_t *out_len,
                      struct np_err *err)
{
    size_t head = NP_MIN(cap, object->head_len);
    memcpy(out, object->head, head);
    memmove(object->head, object->head + head, object->head_len - head);
    object->head_len -= head;
    int r = head < cap ? read_some(object, out + head, cap - head, out_len, err) : 0;
    *out_len += head;
    if (r == -EINTR && head > 0)
        return 0;
    if (r < 0)
        return r;
    if (*out_len == 0)
        end_input(object);
    return 0;
}

/*
 * Unpacks a small file at one go; false where that cannot be done, and the stream has to tell what
 * is wrong.
 */
static bool read_whole(struct np_object *object, char *out, size_t cap, size_t *out_len)
{
    if (object->is_streamed || object->whole_bytes == 0 || cap < object->whole_bytes)
        return false;
    size_t len = 0;
    if (np_gunzip_whole(object->inflates[NP_PACKING_GZIP], np_buf_span(&object->packed), out, cap,
                        &len) < 0)
        return false;
    object->is_streamed = true;
    object->packed_at = object->packed.len;
    *out_len = len;
    return true;
}

/* Packed data that ends inside a member. */
static int fail_cut(struct np_object *object, struct np_err *err)
{
    end_input(object);
    return np_fail(err, -ENODATA, "%s data ends too early (cut off?)",
                   packing_names[object->packing]);
}

/* Puts more packed bytes where the used ones were; `*out_len` is 0 at the end. */
static int refill(struct np_object *object, size_t *out_len, struct np_err *err)
{
    np_buf_reset(&object->packed);
    object->packed_at = 0;
    *out_len = 0;
    return read_packed(object, NP_OBJECT_CHUNK_BYTES, out_len, err);
}

static int read_stream(struct np_object *object, char *out, size_t cap, size_t *out_len,
                       struct np_err *err)
{
    struct np_inflate *inflate = object->inflates[object->packing];
    object->is_streamed = true;
    for (;;) {
        struct np_span in = np_span_from(np_buf_span(&object->packed), object->packed_at);
        int r = np_inflate_step(inflate, &in, out, cap, out_len, err);
        object->packed_at = object->packed.len - in.len;
        if (r < 0) {
            end_input(object);
            return r;
        }
        if (*out_len > 0)
            return 0;
        if (in.len > 0)
            continue;
        size_t more = 0;
        r = refill(object, &more, err);
        if (r < 0)
            return r;
        if (more > 0)
            continue;
        if (np_inflate_is_inside(inflate))
            return fail_cut(object, err);
        end_input(object);
        return 0;
    }
}

int np_object_read(struct np_object *object, char *out, size_t cap, size_t *out_len,
                   struct np_err *err)
{
    size_t whole_bytes = 0;
    *out_len = 0;
    int r = np_object_look(object, &whole_bytes, err);
    if (r < 0)
        return r;
    if (object->packing == NP_PACKING_NONE)
        return read_plain(object, out, cap, out_len, err);
    if (read_whole(object, out, cap, out_len)) {
        end_input(object);
        return 0;
    }
    return read_stream(object, out, cap, out_len, err);
}

bool np_object_is_ready(const struct np_object *object)
{
    struct pollfd waiting = {.fd = object->fd, .events = POLLIN};
    return object->is_file || object->fd < 0 /* at its end, or a part */ || object->head_len > 0 ||
           object->packed_at < object->packed.len || poll(&waiting, 1, 0) > 0;
}

size_t np_object_memory(const struct np_object *object)
{
    return object->packed.cap + (object->inflates[NP_PACKING_GZIP] != NULL ? GZIP_STATE_BYTES : 0) +
           (object->inflates[NP_PACKING_ZSTD] != NULL ? ZSTD_STATE_BYTES : 0);
}
