/* SPDX-License-Identifier: Apache-2.0 */
/* Paths joined component by component; the buffer's end is the stack of components. */
#include "source/scap/state/path.h"

#include <errno.h>

#include "source/scap/state/state.h"

enum { PATH_MAX_BYTES = 1023 }; /* a longer one is told as such, as Falco does */

/* Where the last component of `out` starts, behind its slash. */
static size_t last_component(const struct np_buf *out)
{
    size_t start = out->len;
    while (start > 0 && out->data[start - 1] != '/')
        start--;
    return start;
}

static void go_up(struct np_buf *out, bool absolute)
{
    size_t start = last_component(out);
    struct np_span last = np_span_from(np_buf_span(out), start);
    if (last.len == 0 && absolute)
        return;
    if (last.len == 0 || np_span_is(last, "..")) {
        np_buf_add_str(out, last.len > 0 ? "/.." : "..");
        return;
    }
    out->len = start > 1 ? start - 1 : start; /* the root keeps its slash */
}

static void add_components(struct np_buf *out, struct np_span path, bool absolute)
{
    while (path.len > 0) {
        const char *slash = memchr(path.ptr, '/', path.len);
        struct np_span part = np_span_head(path, slash ? (size_t) (slash - path.ptr) : path.len);
        path = np_span_from(path, part.len + 1);
        if (part.len == 0 || np_span_is(part, "."))
            continue;
        if (np_span_is(part, "..")) {
            go_up(out, absolute);
            continue;
        }
        if (out->len > 0 && out->data[out->len - 1] != '/')
            np_buf_add_char(out, '/');
        np_buf_add_span(out, part);
    }
}

bool np_scap_path_is_plain(struct np_span path)
{
    if (path.len == 0 || path.len > PATH_MAX_BYTES || path.ptr[0] != '/' ||
        path.ptr[path.len - 1] == '/')
        return false;
    for (size_t i = 0; i + 1 < path.len; i++)
        if (path.ptr[i] == '/' && (path.ptr[i + 1] == '/' || path.ptr[i + 1] == '.'))
            return false;
    return true;
}

int np_scap_path_join(struct np_buf *out, struct np_span base, struct np_span path)
{
    np_buf_reset(out);
    if (np_scap_path_is_plain(path))
        return np_buf_add_span(out, path);
    if (path.len > 0 && path.ptr[0] == '/')
        base = (struct np_span){};
    struct np_span first = base.len > 0 ? base : path;
    bool absolute = first.len > 0 && first.ptr[0] == '/';
    if (absolute)
        np_buf_add_char(out, '/');
    add_components(out, base, absolute);
    add_components(out, path, absolute);
    if (out->len == 0 && first.len > 0)
        np_buf_add_char(out, '.');
    if (out->error == 0 && out->len > PATH_MAX_BYTES) {
        np_buf_reset(out);
        np_buf_add_str(out, "/PATH_TOO_LONG");
    }
    return out->error;
}

struct np_span np_scap_path_base(const struct np_scap_state *state, const struct np_task *task,
                                 int64_t dirfd, struct np_span path)
{
    if (path.len > 0 && path.ptr[0] == '/')
        return NP_SPAN(".");
    if (task == NULL)
        return NP_SPAN("<UNKNOWN>");
    if (dirfd == NP_SCAP_AT_FDCWD)
        return np_task_cwd(state, task);
    const struct np_descriptor *dir = np_task_descriptor(state, task, dirfd);
    return dir != NULL ? np_text_span(dir->name) : NP_SPAN("<UNKNOWN>");
}
