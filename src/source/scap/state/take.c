/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event through the state: what the event before it left to remove, the task and the descriptor
 * that it is about, what its type does, and the moment that comes of it. What has no more than a
 * few lines to do is here too; the rest is in take_task.c, take_file.c and take_socket.c.
 */
#include <errno.h>

#include "source/scap/state/internal.h"

enum {
    CAPS_BITS = 41, /* capabilities that exist, up to CAP_CHECKPOINT_RESTORE */
    PRCTL_SET_CHILD_SUBREAPER = 36,
    PRCTL_GET_CHILD_SUBREAPER = 37,
    RLIMIT_OPEN_FILES = 7,
    TID_BITS = 22, /* a kernel gives no higher ones (PID_MAX_LIMIT) */
};

int64_t np_take_int(const struct np_take *take, size_t param, int64_t fallback)
{
    int64_t value = 0;
    return np_scap_event_int(take->event, param, &value) ? value : fallback;
}

bool np_take_has(const struct np_take *take, size_t param)
{
    return param < NP_SCAP_PARAMS_MAX && take->event->params[param].len > 0;
}

static int take_uid(struct np_take *take)
{
    size_t param = take->event->type == NP_SCAP_SETUID_X ? 1 : 2; /* the effective one */
    if (take->entry != NULL && take->result == 0 && np_take_has(take, param))
        take->entry->task.uid = (uint32_t) np_take_int(take, param, 0);
    return 0;
}

static int take_gid(struct np_take *take)
{
    size_t param = take->event->type == NP_SCAP_SETGID_X ? 1 : 2;
    if (take->entry != NULL && take->result == 0 && np_take_has(take, param))
        take->entry->task.gid = (uint32_t) np_take_int(take, param, 0);
    return 0;
}

static int take_setsid(struct np_take *take)
{
    if (take->entry != NULL && take->result >= 0)
        take->entry->task.sid = take->result;
    return 0;
}

static int take_capset(struct np_take *take)
{
    if (take->entry == NULL || take->result < 0)
        return 0;
    struct np_task *task = &take->entry->task;
    task->cap_inheritable = (uint64_t) np_take_int(take, 1, 0);
    task->cap_permitted = (uint64_t) np_take_int(take, 2, 0);
    task->cap_effective = (uint64_t) np_take_int(take, 3, 0);
    return 0;
}

/* Whoever enters a new user namespace has all capabilities in it. */
static int take_namespace(struct np_take *take)
{
    size_t param = take->event->type == NP_SCAP_SETNS_X ? 2 : 1;
    if (take->entry == NULL || take->result < 0 ||
        (np_take_int(take, param, 0) & NP_TASK_CLONE_NEWUSER) == 0)
        return 0;
    struct np_task *task = &take->entry->task;
    task->cap_inheritable = (UINT64_C(1) << CAPS_BITS) - 1;
    task->cap_permitted = task->cap_inheritable;
    task->cap_effective = task->cap_inheritable;
    return 0;
}

static int take_prctl(struct np_take *take)
{
    int64_t option = np_take_int(take, 1, 0);
    if (take->entry == NULL || take->entry->group == NULL || take->result < 0)
        return 0;
    if (option == PRCTL_SET_CHILD_SUBREAPER || option == PRCTL_GET_CHILD_SUBREAPER)
        take->entry->group->is_reaper = np_take_int(take, 3, 0) != 0;
    return 0;
}

static void set_fdlimit(struct np_task_entry *entry, int64_t limit)
{
    struct np_task_entry *main = entry != NULL ? np_entry_main(entry) : NULL;
    if (main != NULL && limit != -1)
        main->task.fdlimit = limit;
}

static int take_rlimit(struct np_take *take)
{
    if (take->result >= 0 && np_take_int(take, 3, 0) == RLIMIT_OPEN_FILES)
        set_fdlimit(take->entry, np_take_int(take, 1, -1));
    return 0;
}

static int take_prlimit(struct np_take *take)
{
    if (take->result != 0 || !np_take_has(take, 5) || np_take_int(take, 6, 0) != RLIMIT_OPEN_FILES)
        return 0;
    int64_t tid = np_take_int(take, 5, 0);
    set_fdlimit(np_state_find(take->state, tid != 0 ? tid : take->event->tid),
                np_take_int(take, 1, -1));
    return 0;
}

/* What changes tasks and users, by type of event. */
static int (*const task_handlers[NP_SCAP_TYPE_MAX])(struct np_take *take) = {
    [NP_SCAP_CLONE_20_X] = np_take_clone,
    [NP_SCAP_CLONE3_X] = np_take_clone,
    [NP_SCAP_FORK_20_X] = np_take_clone,
    [NP_SCAP_VFORK_20_X] = np_take_clone,
    [NP_SCAP_EXECVE_19_X] = np_take_exec,
    [NP_SCAP_EXECVEAT_X] = np_take_exec,
    [NP_SCAP_PROCEXIT_1_E] = np_take_exit,
    [NP_SCAP_CHDIR_X] = np_take_chdir,
    [NP_SCAP_GETCWD_X] = np_take_chdir,
    [NP_SCAP_FCHDIR_X] = np_take_fchdir,
    [NP_SCAP_CHROOT_X] = np_take_chroot,
    [NP_SCAP_SETUID_X] = take_uid,
    [NP_SCAP_SETREUID_X] = take_uid,
    [NP_SCAP_SETRESUID_X] = take_uid,
    [NP_SCAP_SETGID_X] = take_gid,
    [NP_SCAP_SETREGID_X] = take_gid,
    [NP_SCAP_SETRESGID_X] = take_gid,
    [NP_SCAP_SETSID_X] = take_setsid,
    [NP_SCAP_CAPSET_X] = take_capset,
    [NP_SCAP_UNSHARE_X] = take_namespace,
    [NP_SCAP_SETNS_X] = take_namespace,
    [NP_SCAP_PRCTL_X] = take_prctl,
    [NP_SCAP_GETRLIMIT_X] = take_rlimit,
    [NP_SCAP_SETRLIMIT_X] = take_rlimit,
    [NP_SCAP_PRLIMIT_X] = take_prlimit,
    [NP_SCAP_USER_ADDED_E] = np_take_user,
    [NP_SCAP_USER_DELETED_E] = np_take_user,
    [NP_SCAP_GROUP_ADDED_E] = np_take_user,
    [NP_SCAP_GROUP_DELETED_E] = np_take_user,
};

/* What changes descriptors alone. What is in neither table leaves the state as it is. */
static int (*const descriptor_handlers[NP_SCAP_TYPE_MAX])(struct np_take *take) = {
    [NP_SCAP_OPEN_X] = np_take_open,
    [NP_SCAP_CREAT_X] = np_take_open,
    [NP_SCAP_OPENAT_2_X] = np_take_open,
    [NP_SCAP_OPENAT2_X] = np_take_open,
    [NP_SCAP_OPEN_BY_HANDLE_AT_X] = np_take_open,
    [NP_SCAP_CLOSE_X] = np_take_close,
    [NP_SCAP_DUP_1_X] = np_take_dup,
    [NP_SCAP_DUP2_X] = np_take_dup,
    [NP_SCAP_DUP3_X] = np_take_dup,
    [NP_SCAP_FCNTL_X] = np_take_fcntl,
    [NP_SCAP_PIPE_X] = np_take_pipe,
    [NP_SCAP_PIPE2_X] = np_take_pipe,
    [NP_SCAP_EVENTFD_X] = np_take_new_fd,
    [NP_SCAP_EVENTFD2_X] = np_take_new_fd,
    [NP_SCAP_SIGNALFD_X] = np_take_new_fd,
    [NP_SCAP_SIGNALFD4_X] = np_take_new_fd,
    [NP_SCAP_TIMERFD_CREATE_X] = np_take_new_fd,
    [NP_SCAP_INOTIFY_INIT_X] = np_take_new_fd,
    [NP_SCAP_INOTIFY_INIT1_X] = np_take_new_fd,
    [NP_SCAP_BPF_2_X] = np_take_new_fd,
    [NP_SCAP_USERFAULTFD_X] = np_take_new_fd,
    [NP_SCAP_IO_URING_SETUP_X] = np_take_new_fd,
    [NP_SCAP_EPOLL_CREATE_X] = np_take_new_fd,
    [NP_SCAP_EPOLL_CREATE1_X] = np_take_new_fd,
    [NP_SCAP_MEMFD_CREATE_X] = np_take_memfd,
    [NP_SCAP_PIDFD_OPEN_X] = np_take_pidfd,
    [NP_SCAP_PIDFD_GETFD_X] = np_take_pidfd_getfd,
    [NP_SCAP_SOCKET_X] = np_take_socket,
    [NP_SCAP_SOCKETPAIR_X] = np_take_socketpair,
    [NP_SCAP_BIND_X] = np_take_bind,
    [NP_SCAP_CONNECT_X] = np_take_connect,
    [NP_SCAP_ACCEPT_5_X] = np_take_accept,
    [NP_SCAP_ACCEPT4_6_X] = np_take_accept,
    [NP_SCAP_READ_X] = np_take_receive,
    [NP_SCAP_READV_X] = np_take_receive,
    [NP_SCAP_PREAD_X] = np_take_receive,
    [NP_SCAP_PREADV_X] = np_take_receive,
    [NP_SCAP_RECV_X] = np_take_receive,
    [NP_SCAP_RECVFROM_X] = np_take_receive,
    [NP_SCAP_RECVMSG_X] = np_take_receive,
    [NP_SCAP_RECVMMSG_X] = np_take_receive,
    [NP_SCAP_WRITE_X] = np_take_send,
    [NP_SCAP_WRITEV_X] = np_take_send,
    [NP_SCAP_PWRITE_X] = np_take_send,
    [NP_SCAP_PWRITEV_X] = np_take_send,
    [NP_SCAP_SEND_X] = np_take_send,
    [NP_SCAP_SENDTO_X] = np_take_send,
    [NP_SCAP_SENDMSG_X] = np_take_send,
    [NP_SCAP_SENDMMSG_X] = np_take_send,
};

static int handle(struct np_take *take)
{
    uint16_t type = take->event->type;
    if (type >= NP_SCAP_TYPE_MAX)
        return 0;
    if (descriptor_handlers[type] != NULL)
        return descriptor_handlers[type](take);
    if (task_handlers[type] == NULL)
        return 0;
    take->state->generation++;
    return task_handlers[type](take);
}

/* Fields of an event see what it removes; it goes before the next one. */
static void remove_leftovers(struct np_scap_state *state)
{
    if (state->closed_tid != 0) {
        struct np_task_entry *entry = np_state_find(state, state->closed_tid);
        if (entry != NULL)
            np_entry_remove_descriptor(state, entry, state->closed_fd);
        state->closed_tid = 0;
    }
    if (state->exited_tid != 0) {
        np_state_remove(state, state->exited_tid);
        state->exited_tid = 0;
    }
}

/* Whether an event is about no task, and whether one that is not known is made for it. */
enum need { NEED_NO_TASK, NEED_KNOWN_TASK, NEED_TASK };

static enum need need_of(const struct np_scap_event *event)
{
    switch (event->type) {
    case NP_SCAP_CLONE_20_X:
    case NP_SCAP_CLONE3_X:
    case NP_SCAP_FORK_20_X:
    case NP_SCAP_VFORK_20_X:
    case NP_SCAP_PROCEXIT_1_E:
        return NEED_KNOWN_TASK;
    case NP_SCAP_USER_ADDED_E:
    case NP_SCAP_USER_DELETED_E:
    case NP_SCAP_GROUP_ADDED_E:
    case NP_SCAP_GROUP_DELETED_E:
        return NEED_NO_TASK;
    default:
        break;
    }
    if (event->info->origin == NP_SCAP_FROM_META || event->info->origin == NP_SCAP_FROM_PLUGIN ||
        (event->info->does & NP_SCAP_SKIPS_PARSE_RESET) != 0)
        return NEED_NO_TASK;
    return NEED_TASK;
}

/* The descriptor that a call works on: its first parameter of that type behind the result. */
static void find_descriptor(struct np_take *take)
{
    const struct np_scap_type *info = take->event->info;
    if ((info->does & NP_SCAP_USES_FD) == 0)
        return;
    for (size_t i = 1; i < info->params_len; i++) {
        if (info->params[i].type != NP_SCAP_FD)
            continue;
        take->entry->task.last_fd = np_take_int(take, i, -1);
        take->descriptor = np_entry_descriptor(take->entry, take->entry->task.last_fd);
        return;
    }
}

static int begin(struct np_take *take)
{
    const struct np_scap_event *event = take->event;
    enum need need = need_of(event);
    int r = 0;
    if (need == NEED_TASK)
        r = np_state_get(take->state, event->tid, &take->entry);
    else if (need == NEED_KNOWN_TASK)
        take->entry = np_state_find(take->state, event->tid);
    if (r < 0)
        return r;
    if (!np_scap_event_result(event, &take->result))
        take->result = 0;
    if (take->result < 0 && take->result > INT32_MIN && event->type % 2 == 1)
        take->error = (int32_t) -take->result;
    if (take->entry == NULL)
        return 0;
    take->entry->task.last_fd = -1;
    find_descriptor(take);
    return 0;
}

/* A call about descriptors that did not say more than a number is about what is known of it. */
static void find_by_number(struct np_take *take)
{
    const uint16_t about_fd = NP_SCAP_CREATES_FD | NP_SCAP_USES_FD | NP_SCAP_DESTROYS_FD;
    if (take->descriptor == NULL && take->entry != NULL &&
        (take->event->info->does & about_fd) != 0)
        take->descriptor = np_entry_descriptor(take->entry, take->entry->task.last_fd);
}

static bool has_new_name(const struct np_descriptor *descriptor)
{
    return descriptor != NULL &&
           !np_span_eq(np_text_span(descriptor->name), np_text_span(descriptor->old_name));
}

/* A generation and a thread id in one number; 0 where one of them is too large for that. */
static uint64_t subject_of(const struct np_scap_state *state, const struct np_task *task)
{
    if (task->tid <= 0 || task->tid >> TID_BITS != 0 || state->generation >> (64 - TID_BITS) != 0)
        return 0;
    return state->generation << TID_BITS | (uint64_t) task->tid;
}

int np_scap_state_take(struct np_scap_state *state, const struct np_scap_event *event,
                       struct np_scap_moment *out_moment)
{
    struct np_take take = {.state = state, .event = event};
    int r = state->is_settled ? 0 : np_state_settle(state);
    if (r < 0)
        return r;
    if (state->first_ts == 0)
        state->first_ts = event->ts;
    remove_leftovers(state);
    r = begin(&take);
    if (r == 0)
        r = handle(&take);
    if (r < 0)
        return -ENOMEM;
    bool name_changed = has_new_name(take.descriptor);
    find_by_number(&take);
    *out_moment = (struct np_scap_moment){
        .event = event,
        .state = state,
        .task = take.entry != NULL ? &take.entry->task : NULL,
        .descriptor = take.descriptor,
        .fd = take.entry != NULL ? take.entry->task.last_fd : -1,
        .before_ts = state->last_ts != 0 ? state->last_ts : event->ts,
        .name_changed = name_changed,
        .subject = take.entry != NULL ? subject_of(state, &take.entry->task) : 0,
        .error = take.error,
    };
    state->last_ts = event->ts;
    return 0;
}
