/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines gather in one buffer and leave it in large writes; on a terminal each commit leaves at
 * once, since somebody watches. The first failure stays: what would come after a lost line is not
 * written either.
 */
#include "sink/out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/alloc.h"

enum {
    GATHER_BYTES = 64 * 1024,
    BUFFER_MAX_BYTES = 64 * 1024 * 1024, /* a summary that names every object of a hostile folder */
};

struct np_out {
    int fd;
    bool owns_fd;
    bool is_terminal;
    int failed; /* the first error */
    char *name; /* for messages */
    struct np_buf buf;
    size_t committed; /* bytes of whole lines at the start of `buf` */
};

/* Frees on failure, so that a descriptor that it was given is not leaked. */
static int make_out(struct np_out **out_out, int fd, bool owns_fd, const char *name)
{
    struct np_out *out = np_alloc(sizeof(*out));
    char *copy = np_strndup(name, strlen(name));
    if (out == NULL || copy == NULL) {
        np_free(out);
        np_free(copy);
        return -ENOMEM;
    }
    *out =
        (struct np_out){.fd = fd, .owns_fd = owns_fd, .is_terminal = isatty(fd) == 1, .name = copy};
    np_buf_init(&out->buf, BUFFER_MAX_BYTES);
    *out_out = out;
    return 0;
}

int np_out_stdout(struct np_out **out_out)
{
    return make_out(out_out, STDOUT_FILENO, false, "standard output");
}

int np_out_file(struct np_out **out_out, const char *path, struct np_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0) {
        int code = np_neg_errno();
        return np_fail(err, code, "cannot write '%s': %s", path, strerror(-code));
    }
    int r = make_out(out_out, fd, true, path);
    if (r < 0) {
        (void) close(fd); /* nothing was written */
        return np_fail(err, r, "cannot write '%s': out of memory", path);
    }
    return 0;
}

void np_out_free(struct np_out **out)
{
    if (out == NULL || *out == NULL)
        return;
    if ((*out)->owns_fd)
        (void) close((*out)->fd); /* errors of writing were told by the flush */
    np_buf_done(&(*out)->buf);
    np_free((*out)->name);
    np_free(*out);
    *out = NULL;
}

struct np_buf *np_out_buf(struct np_out *out)
{
    return &out->buf;
}

static int fail(struct np_out *out, int code, struct np_err *err)
{
    out->failed = code;
    const char *reason = code == -E2BIG ? "a line is too long" : strerror(-code);
    return np_fail(err, code, "cannot write '%s': %s", out->name, reason);
}

/* Waits until a descriptor that somebody made non-blocking takes bytes again. */
static bool wait_writable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    return poll(&poll_fd, 1, -1) >= 0 || errno == EINTR;
}

/* Writes all: 0 or the error. */
static int write_all(int fd, struct np_span bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written > 0)
            bytes = np_span_from(bytes, (size_t) written);
        else if (written == 0)
            return -EIO;
        else if (errno != EINTR && !(errno == EAGAIN && wait_writable(fd)))
            return np_neg_errno();
    }
    return 0;
}

int np_out_flush(struct np_out *out, struct np_err *err)
{
    if (out->failed < 0)
        return fail(out, out->failed, err);
    int r = write_all(out->fd, np_span_head(np_buf_span(&out->buf), out->committed));
    if (r < 0)
        return fail(out, r, err);
    size_t rest = out->buf.len - out->committed;
    if (rest > 0)
        memmove(out->buf.data, out->buf.data + out->committed, rest);
    out->buf.len = rest;
    out->committed = 0;
    return 0;
}

int np_out_commit(struct np_out *out, struct np_err *err)
{
    int code = out->buf.error;
    if (code < 0 && out->failed == 0) {
        out->buf.len = out->committed; /* half a line is not written, the lines before it are */
        int r = np_out_flush(out, err);
        return r < 0 ? r : fail(out, code, err);
    }
    out->committed = out->buf.len;
    if (out->failed < 0 || out->is_terminal || out->committed >= GATHER_BYTES)
        return np_out_flush(out, err);
    return 0;
}

bool np_out_is_stdout(const struct np_out *out)
{
    return !out->owns_fd;
}

bool np_out_is_terminal(const struct np_out *out)
{
    return out->is_terminal;
}
