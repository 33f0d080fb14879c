/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that make, copy and close descriptors other than sockets, and those that move a process in
 * the file system.
 */
#include <errno.h>
#include <inttypes.h>

#include "source/scap/state/internal.h"
#include "source/scap/state/path.h"

enum {
    OPEN_DIRECTORY = 1 << 10, /* bits of open flags, as captures number them */
    OPEN_CLOEXEC = 1 << 12,
    OPEN_UPPER_LAYER = 1 << 15,
    OPEN_LOWER_LAYER = 1 << 16,
    CREAT_UPPER_LAYER = 1, /* bits of creat's own flags */
    CREAT_LOWER_LAYER = 2,
    FCNTL_DUPFD = 1,
    FCNTL_DUPFD_CLOEXEC = 26,
};

/* Where the parameters of the open family are; -1 = it has none. */
struct open_form {
    uint16_t type;
    int8_t dirfd;
    int8_t name;
    int8_t flags;
    int8_t dev;
    int8_t ino;
};

static const struct open_form open_forms[] = {
    {NP_SCAP_OPEN_X, -1, 1, 2, 4, 5},
    {NP_SCAP_CREAT_X, -1, 1, -1, 3, 4},
    {NP_SCAP_OPENAT_2_X, 1, 2, 3, 5, 6},
    {NP_SCAP_OPENAT2_X, 1, 2, 3, 6, 7},
    {NP_SCAP_OPEN_BY_HANDLE_AT_X, -1, 3, 2, 4, 5},
};

static uint32_t creat_flags(const struct np_take *take)
{
    int64_t flags = np_take_int(take, 5, 0);
    if ((flags & CREAT_UPPER_LAYER) != 0)
        return OPEN_UPPER_LAYER;
    return (flags & CREAT_LOWER_LAYER) != 0 ? OPEN_LOWER_LAYER : 0;
}

/* The directory that the name is seen from. */
static struct np_span open_base(const struct np_take *take, const struct open_form *form,
                                struct np_span name)
{
    const struct np_task *task = &take->entry->task;
    if (form->type == NP_SCAP_OPEN_BY_HANDLE_AT_X)
        return (struct np_span){}; /* the recorder tells the whole path */
    if (form->dirfd < 0)
        return np_task_cwd(take->state, task);
    if (!np_take_has(take, (size_t) form->dirfd))
        return (struct np_span){};
    int64_t dirfd = np_take_int(take, (size_t) form->dirfd, -1);
    return np_scap_path_base(take->state, task, dirfd, name);
}

static void set_file(const struct np_take *take, const struct open_form *form,
                     struct np_descriptor *made)
{
    uint32_t flags =
        form->flags < 0 ? creat_flags(take) : (uint32_t) np_take_int(take, (size_t) form->flags, 0);
    made->open_flags = flags;
    if ((flags & OPEN_DIRECTORY) != 0)
        made->kind = NP_FD_DIRECTORY;
    if ((flags & OPEN_UPPER_LAYER) != 0)
        made->flags |= NP_FD_UPPER_LAYER;
    if ((flags & OPEN_LOWER_LAYER) != 0)
        made->flags |= NP_FD_LOWER_LAYER;
    made->dev = (uint32_t) np_take_int(take, (size_t) form->dev, 0);
    made->ino = (uint64_t) np_take_int(take, (size_t) form->ino, 0);
}

static int set_path(const struct np_take *take, const struct open_form *form,
                    struct np_descriptor *made)
{
    struct np_span name = np_scap_event_text(take->event, (size_t) form->name);
    if (!np_take_has(take, (size_t) form->name))
        name = form->dirfd >= 0 ? NP_SPAN("<NA>") : (struct np_span){};
    int r = np_text_set(&made->name_raw, name);
    if (r < 0)
        return r;
    struct np_buf *path = &take->state->text;
    r = np_scap_path_join(path, open_base(take, form, name), name);
    if (r == 0 && np_span_eq(np_buf_span(path), name)) {
        np_text_share(&made->name, made->name_raw);
        return 0;
    }
    return np_descriptor_set_name(made, take->state);
}

int np_take_open(struct np_take *take)
{
    const struct open_form *form = open_forms;
    while (form->type != take->event->type)
        form++; /* the table of handlers has just these */
    if (take->entry == NULL || take->result < 0)
        return 0;
    np_auto_descriptor struct np_descriptor *made = np_descriptor_new(NP_FD_FILE_V2);
    if (made == NULL)
        return -ENOMEM;
    set_file(take, form, made);
    int r = set_path(take, form, made);
    return r < 0 ? r : np_take_descriptor(take, take->result, &made);
}

int np_take_close(struct np_take *take)
{
    if (take->entry == NULL || take->descriptor == NULL || take->result < 0)
        return 0;
    take->state->closed_tid = take->entry->task.tid;
    take->state->closed_fd = take->entry->task.last_fd;
    return 0;
}

/* The event's descriptor once more, under the number that the call returned. */
static int copy_descriptor(struct np_take *take)
{
    np_auto_descriptor struct np_descriptor *copy = np_descriptor_copy(take->descriptor);
    if (copy == NULL)
        return -ENOMEM;
    return np_take_descriptor(take, take->result, &copy);
}

int np_take_dup(struct np_take *take)
{
    if (take->entry == NULL || take->result < 0 || take->descriptor == NULL)
        return 0;
    if (take->event->type == NP_SCAP_DUP3_X) {
        uint32_t flags = (uint32_t) np_take_int(take, 3, 0);
        if (flags != 0)
            take->descriptor->open_flags |= flags;
        else
            take->descriptor->open_flags &= ~(uint32_t) OPEN_CLOEXEC;
    }
    return copy_descriptor(take);
}

int np_take_fcntl(struct np_take *take)
{
    int64_t command = np_take_int(take, 2, 0);
    if (take->entry == NULL || take->result < 0 || take->descriptor == NULL ||
        (command != FCNTL_DUPFD && command != FCNTL_DUPFD_CLOEXEC))
        return 0;
    return copy_descriptor(take);
}

int np_take_pipe(struct np_take *take)
{
    if (take->entry == NULL || take->result < 0)
        return 0;
    for (size_t end = 1; end <= 2; end++) {
        np_auto_descriptor struct np_descriptor *made = np_descriptor_new(NP_FD_PIPE);
        if (made == NULL)
            return -ENOMEM;
        made->ino = (uint64_t) np_take_int(take, 3, 0);
        if (take->event->type == NP_SCAP_PIPE2_X)
            made->open_flags = (uint32_t) np_take_int(take, 4, 0);
        int r = np_take_descriptor(take, np_take_int(take, end, 0), &made);
        if (r < 0)
            return r;
    }
    return 0;
}

static enum np_descriptor_kind kind_of(uint16_t type)
{
    switch (type) {
    case NP_SCAP_EVENTFD_X:
    case NP_SCAP_EVENTFD2_X:
        return NP_FD_EVENT;
    case NP_SCAP_SIGNALFD_X:
    case NP_SCAP_SIGNALFD4_X:
        return NP_FD_SIGNAL;
    case NP_SCAP_TIMERFD_CREATE_X:
        return NP_FD_TIMER;
    case NP_SCAP_INOTIFY_INIT_X:
    case NP_SCAP_INOTIFY_INIT1_X:
        return NP_FD_INOTIFY;
    case NP_SCAP_BPF_2_X:
        return NP_FD_BPF;
    case NP_SCAP_USERFAULTFD_X:
        return NP_FD_USERFAULT;
    case NP_SCAP_IO_URING_SETUP_X:
        return NP_FD_IO_URING;
    default:
        return NP_FD_EVENTPOLL;
    }
}

int np_take_new_fd(struct np_take *take)
{
    uint16_t type = take->event->type;
    if (take->entry == NULL || take->result < 0)
        return 0;
    np_auto_descriptor struct np_descriptor *made = np_descriptor_new(kind_of(type));
    if (made == NULL)
        return -ENOMEM;
    if (type == NP_SCAP_EVENTFD2_X || type == NP_SCAP_SIGNALFD4_X ||
        type == NP_SCAP_INOTIFY_INIT1_X)
        made->open_flags = (uint32_t) np_take_int(take, 1, 0);
    return np_take_descriptor(take, take->result, &made);
}

/*
 * A memory file or a pidfd. A call that failed leaves a descriptor without kind and name under the
 * negative number that it returned, as in Falco.
 */
static int add_named(struct np_take *take, enum np_descriptor_kind kind, struct np_span name)
{
    bool has_failed = take->result < 0;
    np_auto_descriptor struct np_descriptor *made =
        np_descriptor_new(has_failed ? NP_FD_UNINITIALIZED : kind);
    if (made == NULL)
        return -ENOMEM;
    if (!has_failed) {
        made->open_flags = (uint32_t) np_take_int(take, 2, 0);
        made->pid = kind == NP_FD_PIDFD ? np_take_int(take, 1, 0) : 0;
        int r = np_text_set(&made->name, name);
        if (r < 0)
            return r;
    }
    return np_take_descriptor(take, take->result, &made);
}

int np_take_memfd(struct np_take *take)
{
    if (take->entry == NULL)
        return 0;
    return add_named(take, NP_FD_MEMFD, np_scap_event_text(take->event, 1));
}

int np_take_pidfd(struct np_take *take)
{
    struct np_buf *text = &take->state->text;
    if (take->entry == NULL)
        return 0;
    np_buf_reset(text);
    np_buf_printf(text, "/proc/%" PRId64, np_take_int(take, 1, 0));
    return text->error != 0 ? -ENOMEM : add_named(take, NP_FD_PIDFD, np_buf_span(text));
}

/* A descriptor fetched from another process; the event itself does not get it. */
int np_take_pidfd_getfd(struct np_take *take)
{
    if (take->entry == NULL || take->result < 0)
        return 0;
    const struct np_descriptor *pidfd = np_entry_descriptor(take->entry, np_take_int(take, 1, -1));
    if (pidfd == NULL || pidfd->kind != NP_FD_PIDFD)
        return 0;
    struct np_task_entry *other = np_state_find(take->state, pidfd->pid);
    const struct np_descriptor *target =
        other != NULL ? np_entry_descriptor(other, np_take_int(take, 2, -1)) : NULL;
    if (target == NULL)
        return 0;
    np_auto_descriptor struct np_descriptor *copy = np_descriptor_copy(target);
    if (copy == NULL)
        return -ENOMEM;
    return np_entry_add_descriptor(take->state, take->entry, take->result, &copy);
}

/* Threads have no working directory of their own: a relative path of theirs starts from nowhere. */
static int move_to(struct np_take *take, struct np_span path)
{
    struct np_task_entry *main = np_entry_main(take->entry);
    if (main == NULL)
        return 0;
    struct np_span base = np_text_span(take->entry->task.cwd);
    return np_task_set_cwd(take->state, &main->task, base, path);
}

int np_take_chdir(struct np_take *take)
{
    if (take->entry == NULL || take->result < 0)
        return 0;
    return move_to(take, np_scap_event_text(take->event, 1));
}

int np_take_fchdir(struct np_take *take)
{
    if (take->entry == NULL || take->descriptor == NULL || take->result < 0)
        return 0;
    return move_to(take, np_text_span(take->descriptor->name));
}

int np_take_chroot(struct np_take *take)
{
    if (take->entry == NULL || take->result != 0)
        return 0;
    struct np_task *task = &take->entry->task;
    struct np_span path = np_scap_event_text(take->event, 1);
    np_scap_path_join(&take->state->text, np_task_cwd(take->state, task), path);
    if (take->state->text.error != 0)
        return -ENOMEM;
    return np_text_set(&task->root, np_buf_span(&take->state->text));
}
