/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clone in all its forms, exec and exit. A clone is told twice, by the caller (with the child's
 * tid) and by the child (with 0), in either order; whoever comes first makes the child. Where pid
 * namespaces are about, the caller does not know the child's tid, and with vfork it is told when
 * the child has gone already: then only the child makes it.
 */
#include <errno.h>

#include "source/scap/state/internal.h"

/* Parameters of clone and exec, and where they differ. */
enum {
    PARAM_EXE = 1,
    PARAM_ARGS = 2,
    PARAM_PID = 4,
    PARAM_PTID = 5,
    PARAM_FDLIMIT = 7,
    PARAM_PGFT_MAJ = 8,
    PARAM_PGFT_MIN = 9,
    PARAM_VM_SIZE = 10,
    PARAM_VM_RSS = 11,
    PARAM_VM_SWAP = 12,
    PARAM_COMM = 13,
    PARAM_CGROUPS = 14,

    CLONE_FLAGS = 15,
    CLONE_UID = 16,
    CLONE_GID = 17,
    CLONE_VTID = 18,
    CLONE_VPID = 19,
    CLONE_PIDNS_START = 20,

    EXEC_ENV = 15,
    EXEC_TTY = 16,
    EXEC_VPGID = 17,
    EXEC_LOGINUID = 18,
    EXEC_FLAGS = 19,
    EXEC_CAP_INHERITABLE = 20,
    EXEC_CAP_PERMITTED = 21,
    EXEC_CAP_EFFECTIVE = 22,
    EXEC_INO = 23,
    EXEC_CTIME = 24,
    EXEC_MTIME = 25,
    EXEC_UID = 26,
    EXEC_PATH = 27,
    EXEC_PGID = 28,
    EXEC_GID = 29,

    EXIT_REAPER = 4
};

/* Bits of EXEC_FLAGS. */
enum { EXE_WRITABLE = 1, EXE_UPPER_LAYER = 2, EXE_FROM_MEMFD = 4, EXE_LOWER_LAYER = 8 };

static const uint64_t clone_stale_ns = UINT64_C(2000000000); /* both sides come within this time */

static uint64_t as_u64(const struct np_take *take, size_t param)
{
    return (uint64_t) np_take_int(take, param, 0);
}

/* Name, arguments and figures that clone and exec tell in the same places. */
static int set_common(struct np_take *take, struct np_task *task)
{
    const struct np_scap_event *event = take->event;
    int r = np_text_set(&task->exe, np_scap_event_text(event, PARAM_EXE));
    if (r == 0 && np_take_has(take, PARAM_COMM))
        r = np_text_set(&task->comm, np_scap_event_text(event, PARAM_COMM));
    else if (r == 0)
        np_text_share(&task->comm, task->exe);
    if (r == 0)
        r = np_text_set(&task->args, event->params[PARAM_ARGS]);
    if (r == 0 && np_take_has(take, PARAM_CGROUPS))
        r = np_text_set(&task->cgroups, event->params[PARAM_CGROUPS]);
    task->fdlimit = np_take_int(take, PARAM_FDLIMIT, 0);
    if (!np_take_has(take, PARAM_VM_SWAP))
        return r;
    task->pfmajor = as_u64(take, PARAM_PGFT_MAJ);
    task->pfminor = as_u64(take, PARAM_PGFT_MIN);
    task->vmsize_kb = as_u64(take, PARAM_VM_SIZE);
    task->vmrss_kb = as_u64(take, PARAM_VM_RSS);
    task->vmswap_kb = as_u64(take, PARAM_VM_SWAP);
    return r;
}

static int set_clone(struct np_take *take, struct np_task *task)
{
    task->uid = (uint32_t) np_take_int(take, CLONE_UID, 0);
    task->gid = (uint32_t) np_take_int(take, CLONE_GID, 0);
    task->clone_ts = take->event->ts;
    return set_common(take, task);
}

/* What a child has of the task that it is a copy of. */
static void inherit(struct np_task *child, const struct np_task *from)
{
    np_text_share(&child->exepath, from->exepath);
    np_text_share(&child->root, from->root);
    child->exe_writable = from->exe_writable;
    child->exe_upper_layer = from->exe_upper_layer;
    child->exe_lower_layer = from->exe_lower_layer;
    child->exe_from_memfd = from->exe_from_memfd;
    child->sid = from->sid;
    child->pgid = from->pgid;
    child->vpgid = from->vpgid;
    child->tty = from->tty;
    child->loginuid = from->loginuid;
    child->cap_inheritable = from->cap_inheritable;
    child->cap_permitted = from->cap_permitted;
    child->cap_effective = from->cap_effective;
    child->exe_ino = from->exe_ino;
    child->exe_ino_ctime = from->exe_ino_ctime;
    child->exe_ino_mtime = from->exe_ino_mtime;
    child->exe_ino_ctime_duration_clone_ts = from->exe_ino_ctime_duration_clone_ts;
}

/* What a new process has of its parent; threads look into their main thread for these. */
static int inherit_process(struct np_scap_state *state, struct np_task_entry *child,
                           struct np_task_entry *from)
{
    struct np_task_entry *main = np_entry_main(from);
    struct np_idmap *table = np_entry_descriptors(from);
    np_text_share(&child->task.env, from->task.env);
    int r = main != NULL ? 0 : np_text_set(&child->task.cwd, NP_SPAN("./"));
    if (main != NULL)
        np_text_share(&child->task.cwd, main->task.cwd);
    if (r == 0 && table != NULL)
        r = np_descriptors_copy(state, &child->descriptors, table);
    return r;
}

/* Makes the child that its caller tells of. */
static int fill_by_caller(struct np_take *take, struct np_task_entry *child, bool is_caller_known)
{
    struct np_task_entry *caller = take->entry;
    struct np_task *task = &child->task;
    bool is_thread = (task->flags & NP_TASK_CLONE_THREAD) != 0;
    if (is_thread) {
        task->pid = caller->task.pid;
        task->ptid = caller->task.ptid;
        task->flags |= NP_TASK_CLONE_FILES;
        task->last_exec_ts = caller->task.last_exec_ts;
    } else {
        task->pid = task->tid;
        task->ptid = caller->task.tid;
    }
    task->vtid = task->tid;
    task->vpid = task->pid;
    task->pidns_init_start_ts = take->state->boot_ts;
    int r = set_clone(take, task);
    if (r < 0)
        return r;
    if (is_caller_known) {
        inherit(task, &caller->task);
        return is_thread ? 0 : inherit_process(take->state, child, caller);
    }
    np_text_share(&caller->task.exe, task->exe);
    np_text_share(&caller->task.comm, task->comm);
    np_text_share(&caller->task.args, task->args);
    return 0;
}

/* A task of which nothing was known is told by its own clone. */
static int learn_caller(struct np_take *take)
{
    struct np_task *task = &take->entry->task;
    bool has_virtual = np_take_has(take, CLONE_VPID);
    task->pid = np_take_int(take, PARAM_PID, 0);
    task->ptid = np_take_int(take, PARAM_PTID, 0);
    task->vtid = has_virtual ? np_take_int(take, CLONE_VTID, 0) : task->tid;
    task->vpid = has_virtual ? np_take_int(take, CLONE_VPID, 0) : -1;
    return np_state_link(take->state, take->entry);
}

static bool only_child_tells(const struct np_take *take, uint32_t flags)
{
    const uint32_t others =
        NP_TASK_IN_PIDNS | NP_TASK_CLONE_NEWPID | NP_TASK_CLONE_PARENT | NP_TASK_CLONE_VFORK;
    const struct np_task *task = &take->entry->task;
    return (flags & others) != 0 || task->tid != task->vtid ||
           take->event->type == NP_SCAP_VFORK_20_X;
}

static int clone_in_caller(struct np_take *take)
{
    struct np_scap_state *state = take->state;
    int64_t child_tid = take->result;
    uint32_t flags = (uint32_t) np_take_int(take, CLONE_FLAGS, 0);
    int r = np_state_get(state, take->event->tid, &take->entry);
    if (r < 0 || take->entry == NULL)
        return r;
    bool is_known = !np_task_is_invalid(&take->entry->task);
    if (!is_known)
        r = learn_caller(take);
    if (r < 0 || only_child_tells(take, flags) || child_tid == take->event->tid)
        return r;
    struct np_task_entry *there = np_state_find(state, child_tid);
    if (there != NULL && (there->task.flags & NP_TASK_CLONE_INVERTED) != 0)
        return 0;
    /* Otherwise it is an old task whose exit was missed. The caller may go with it. */
    if (there != NULL)
        np_state_remove(state, child_tid);
    take->entry = np_state_find(state, take->event->tid);
    if (take->entry == NULL)
        return 0;
    struct np_task_entry *child = np_task_entry_new(child_tid);
    if (child == NULL)
        return -ENOMEM;
    child->task.flags = flags;
    r = fill_by_caller(take, child, is_known);
    if (r == 0)
        r = np_state_add(state, &child);
    np_task_entry_free(state, &child);
    return r;
}

/* A main thread of which nothing was known is told by the first of its threads. */
static int learn_main(struct np_take *take, struct np_task_entry *main,
                      const struct np_task *thread)
{
    main->task.pid = thread->pid;
    main->task.ptid = thread->ptid;
    main->task.vpid = thread->vpid;
    main->task.vtid = thread->vpid;
    np_text_share(&main->task.exe, thread->exe);
    np_text_share(&main->task.comm, thread->comm);
    np_text_share(&main->task.args, thread->args);
    return np_state_link(take->state, main);
}

static int fill_by_child(struct np_take *take, struct np_task_entry *child)
{
    struct np_task *task = &child->task;
    bool is_thread = (task->flags & NP_TASK_CLONE_THREAD) != 0;
    struct np_task_entry *from = NULL;
    int r = set_clone(take, task);
    if (r == 0)
        r = np_state_get(take->state, is_thread ? task->pid : task->ptid, &from);
    if (r < 0 || from == NULL)
        return r;
    if (np_task_is_invalid(&from->task))
        return is_thread ? learn_main(take, from, task) : 0;
    inherit(task, &from->task);
    if (!is_thread)
        return inherit_process(take->state, child, from);
    task->last_exec_ts = from->task.last_exec_ts;
    return 0;
}

static uint64_t pidns_start(const struct np_take *take, const struct np_task *task)
{
    bool is_inside =
        (task->flags & (NP_TASK_IN_PIDNS | NP_TASK_CLONE_NEWPID)) != 0 || task->tid != task->vtid;
    if (!is_inside)
        return take->state->boot_ts;
    return np_take_has(take, CLONE_PIDNS_START)
               ? as_u64(take, CLONE_PIDNS_START) + take->state->boot_ts
               : 0;
}

static void set_child_ids(struct np_take *take, struct np_task *task)
{
    bool has_virtual = np_take_has(take, CLONE_VPID);
    task->pid = np_take_int(take, PARAM_PID, 0);
    task->ptid = np_take_int(take, PARAM_PTID, 0);
    task->vtid = has_virtual ? np_take_int(take, CLONE_VTID, 0) : task->tid;
    task->vpid = has_virtual ? np_take_int(take, CLONE_VPID, 0) : -1;
    task->flags = (uint32_t) np_take_int(take, CLONE_FLAGS, 0) | NP_TASK_CLONE_INVERTED;
    task->pidns_init_start_ts = pidns_start(take, task);
    if ((task->flags & NP_TASK_CLONE_THREAD) != 0)
        task->flags |= NP_TASK_CLONE_FILES;
}

static int clone_in_child(struct np_take *take)
{
    struct np_scap_state *state = take->state;
    int64_t tid = take->event->tid;
    if (take->entry != NULL && take->entry->task.clone_ts != 0) {
        if (take->event->ts - take->entry->task.clone_ts < clone_stale_ns)
            return 0; /* the caller has made it */
        np_state_remove(state, tid);
    }
    take->entry = NULL;
    struct np_task_entry *child = np_task_entry_new(tid);
    if (child == NULL)
        return -ENOMEM;
    set_child_ids(take, &child->task);
    int r = fill_by_child(take, child);
    if (r == 0)
        r = np_state_add(state, &child);
    np_task_entry_free(state, &child);
    if (r == 0)
        take->entry = np_state_find(state, tid);
    if (take->entry != NULL)
        take->entry->task.last_fd = -1;
    return r;
}

int np_take_clone(struct np_take *take)
{
    if (take->result < 0)
        return 0;
    return take->result == 0 ? clone_in_child(take) : clone_in_caller(take);
}

static void set_exe_file(struct np_take *take, struct np_task *task)
{
    if (np_take_has(take, EXEC_FLAGS)) {
        int64_t flags = np_take_int(take, EXEC_FLAGS, 0);
        task->exe_writable = (flags & EXE_WRITABLE) != 0;
        task->exe_upper_layer = (flags & EXE_UPPER_LAYER) != 0;
        task->exe_from_memfd = (flags & EXE_FROM_MEMFD) != 0;
        task->exe_lower_layer = (flags & EXE_LOWER_LAYER) != 0;
    }
    if (!np_take_has(take, EXEC_MTIME))
        return;
    task->exe_ino = as_u64(take, EXEC_INO);
    task->exe_ino_ctime = as_u64(take, EXEC_CTIME);
    task->exe_ino_mtime = as_u64(take, EXEC_MTIME);
    if (task->clone_ts != 0)
        task->exe_ino_ctime_duration_clone_ts = task->clone_ts - task->exe_ino_ctime;
    if (task->pidns_init_start_ts != 0 && task->exe_ino_ctime > task->pidns_init_start_ts)
        task->exe_ino_ctime_duration_pidns_start = task->exe_ino_ctime - task->pidns_init_start_ts;
}

static void set_exec_ids(struct np_take *take, struct np_task *task)
{
    if (np_take_has(take, EXEC_TTY))
        task->tty = (uint32_t) np_take_int(take, EXEC_TTY, 0);
    if (np_take_has(take, EXEC_VPGID))
        task->vpgid = np_take_int(take, EXEC_VPGID, 0);
    if (np_take_has(take, EXEC_LOGINUID))
        task->loginuid = (uint32_t) np_take_int(take, EXEC_LOGINUID, 0);
    if (np_take_has(take, EXEC_UID))
        task->uid = (uint32_t) np_take_int(take, EXEC_UID, 0);
    if (np_take_has(take, EXEC_GID))
        task->gid = (uint32_t) np_take_int(take, EXEC_GID, 0);
    task->pgid = np_take_int(take, EXEC_PGID, -1);
    if (!np_take_has(take, EXEC_CAP_EFFECTIVE))
        return;
    task->cap_inheritable = as_u64(take, EXEC_CAP_INHERITABLE);
    task->cap_permitted = as_u64(take, EXEC_CAP_PERMITTED);
    task->cap_effective = as_u64(take, EXEC_CAP_EFFECTIVE);
}

/* Exec ends all other threads of its process. */
static void end_other_threads(struct np_scap_state *state, struct np_task_entry *entry)
{
    struct np_thread_group *group = entry->group;
    if (group == NULL || group->alive <= 1)
        return;
    struct np_task_entry *at = group->first;
    while (at != NULL) {
        struct np_task_entry *next = at->group_next;
        if (at != entry && !np_task_is_main(&at->task))
            np_state_remove(state, at->task.tid);
        at = next;
    }
}

static int link_if_unknown(struct np_take *take)
{
    struct np_task *task = &take->entry->task;
    task->pid = np_take_int(take, PARAM_PID, 0);
    if (!np_task_is_invalid(task))
        return 0;
    task->ptid = np_take_int(take, PARAM_PTID, 0);
    if ((task->flags & NP_TASK_IN_PIDNS) == 0) {
        task->vtid = task->tid;
        task->vpid = task->pid;
    }
    return np_state_link(take->state, take->entry);
}

int np_take_exec(struct np_take *take)
{
    struct np_task_entry *entry = take->entry;
    if (take->result < 0 || entry == NULL)
        return 0;
    struct np_task *task = &entry->task;
    if (task->dead) { /* a thread's exec makes it the main thread, which had ended before */
        task->dead = false;
        if (entry->group != NULL)
            entry->group->alive++;
    }
    task->last_exec_ts = take->event->ts;
    int r = link_if_unknown(take);
    if (r == 0)
        r = set_common(take, task);
    if (r == 0 && np_take_has(take, EXEC_ENV))
        r = np_text_set(&task->env, take->event->params[EXEC_ENV]);
    if (r == 0 && np_take_has(take, EXEC_PATH))
        r = np_task_set_exepath(task, np_scap_event_text(take->event, EXEC_PATH));
    if (r < 0)
        return r;
    set_exec_ids(take, task);
    set_exe_file(take, task);
    task->flags &= NP_TASK_IS_MAIN | NP_TASK_CLONE_INVERTED;
    end_other_threads(take->state, entry);
    return 0;
}

int np_take_exit(struct np_take *take)
{
    struct np_task_entry *entry = take->entry;
    if (entry == NULL)
        return 0;
    if (!entry->task.dead && entry->group != NULL)
        entry->group->alive--;
    entry->task.dead = true;
    take->state->exited_tid = take->event->tid;
    if (entry->children != NULL && np_take_has(take, EXIT_REAPER))
        entry->task.reaper = np_take_int(take, EXIT_REAPER, -1);
    return 0;
}
