/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the process and the thread of an event ("proc.*", "thread.*"). */
#include "source/scap/fields/process.h"

#include <stddef.h>

#include "source/scap/fields/process_text.h"

/* How a member of a task is a value. */
enum form {
    TEXT,
    INT64,
    KNOWN_INT64, /* -1 = not known */
    UINT32,
    UINT64,
    KNOWN_UINT64, /* 0 = not known */
    BOOL
};

/* Fields that are a member of the task. */
static const struct member {
    uint16_t which;
    uint8_t form;
    uint16_t offset;
} members[] = {
    {NP_SYSCALL_PROC_NAME, TEXT, offsetof(struct np_task, comm)},
    {NP_SYSCALL_PROC_EXE, TEXT, offsetof(struct np_task, exe)},
    {NP_SYSCALL_PROC_EXEPATH, TEXT, offsetof(struct np_task, exepath)},
    {NP_SYSCALL_PROC_TTY, UINT32, offsetof(struct np_task, tty)},
    {NP_SYSCALL_PROC_VPID, KNOWN_INT64, offsetof(struct np_task, vpid)},
    {NP_SYSCALL_THREAD_VTID, KNOWN_INT64, offsetof(struct np_task, vtid)},
    {NP_SYSCALL_PROC_SID, INT64, offsetof(struct np_task, sid)},
    {NP_SYSCALL_PROC_VPGID, INT64, offsetof(struct np_task, vpgid)},
    {NP_SYSCALL_PROC_PGID, INT64, offsetof(struct np_task, pgid)},
    {NP_SYSCALL_PROC_PID_TS, KNOWN_UINT64, offsetof(struct np_task, clone_ts)},
    {NP_SYSCALL_PROC_IS_EXE_WRITABLE, BOOL, offsetof(struct np_task, exe_writable)},
    {NP_SYSCALL_PROC_IS_EXE_UPPER_LAYER, BOOL, offsetof(struct np_task, exe_upper_layer)},
    {NP_SYSCALL_PROC_IS_EXE_LOWER_LAYER, BOOL, offsetof(struct np_task, exe_lower_layer)},
    {NP_SYSCALL_PROC_IS_EXE_FROM_MEMFD, BOOL, offsetof(struct np_task, exe_from_memfd)},
    {NP_SYSCALL_PROC_EXE_INO, KNOWN_UINT64, offsetof(struct np_task, exe_ino)},
    {NP_SYSCALL_PROC_EXE_INO_CTIME, KNOWN_UINT64, offsetof(struct np_task, exe_ino_ctime)},
    {NP_SYSCALL_PROC_EXE_INO_MTIME, KNOWN_UINT64, offsetof(struct np_task, exe_ino_mtime)},
    {NP_SYSCALL_PROC_EXE_INO_CTIME_DURATION_PROC_START, KNOWN_UINT64,
     offsetof(struct np_task, exe_ino_ctime_duration_clone_ts)},
    {NP_SYSCALL_PROC_EXE_INO_CTIME_DURATION_PIDNS_START, KNOWN_UINT64,
     offsetof(struct np_task, exe_ino_ctime_duration_pidns_start)},
    {NP_SYSCALL_PROC_PIDNS_INIT_START_TS, KNOWN_UINT64,
     offsetof(struct np_task, pidns_init_start_ts)},
};

static int put_member(const struct np_query *query, const struct np_task *task,
                      const struct member *member)
{
    const void *at = (const char *) task + member->offset;
    int64_t id = 0;
    uint64_t number = 0;
    switch ((enum form) member->form) {
    case TEXT:
        return np_put_text(query, np_text_span(*(struct np_text *const *) at));
    case UINT32:
        return np_put_uint(query, *(const uint32_t *) at);
    case UINT64:
        return np_put_uint(query, *(const uint64_t *) at);
    case KNOWN_UINT64:
        number = *(const uint64_t *) at;
        return number != 0 ? np_put_uint(query, number) : 0;
    case INT64:
        return np_put_int(query, *(const int64_t *) at);
    case KNOWN_INT64:
        id = *(const int64_t *) at;
        return id != -1 ? np_put_int(query, id) : 0;
    case BOOL:
        return np_put_bool(query, *(const bool *) at);
    }
    return 0;
}

/* Standard input, output or error, as the process has it now. */
static int put_standard(const struct np_query *query, const struct np_task *task)
{
    bool is_name = query->want->which >= NP_SYSCALL_PROC_STDIN_NAME;
    int64_t fd =
        query->want->which - (is_name ? NP_SYSCALL_PROC_STDIN_NAME : NP_SYSCALL_PROC_STDIN_TYPE);
    const struct np_descriptor *descriptor = np_task_descriptor(query->moment->state, task, fd);
    if (descriptor == NULL)
        return 0;
    return is_name ? np_put_text(query, np_text_span(descriptor->name))
                   : np_put_literal(query, np_descriptor_type(descriptor));
}

/* Fields that say more than a member. */
static int put_other(const struct np_query *query, const struct np_task *task)
{
    const struct np_scap_state *state = query->moment->state;
    switch (query->want->which) {
    case NP_SYSCALL_PROC_ARGS:
        return np_put_trait(query, task, NP_TASK_ARGS);
    case NP_SYSCALL_PROC_CMDLINE:
        return np_put_trait(query, task, NP_TASK_CMDLINE);
    case NP_SYSCALL_PROC_EXELINE:
        return np_put_exe_line(query, task);
    case NP_SYSCALL_PROC_CMDNARGS:
    case NP_SYSCALL_PROC_CMDLENARGS:
        return np_put_args_figure(query, task);
    case NP_SYSCALL_PROC_ENV:
        return np_put_env(query, task);
    case NP_SYSCALL_PROC_CWD:
        return np_put_text(query, np_task_cwd(state, task));
    case NP_SYSCALL_PROC_PID:
        return np_put_trait(query, task, NP_TASK_PID);
    case NP_SYSCALL_PROC_DURATION:
        return task->clone_ts != 0
                   ? np_put_int(query, (int64_t) (query->event->ts - task->clone_ts))
                   : 0;
    case NP_SYSCALL_PROC_IS_SID_LEADER:
        return np_put_bool(query, task->sid == task->vpid);
    case NP_SYSCALL_PROC_IS_VPGID_LEADER:
        return np_put_bool(query, task->vpgid == task->vpid);
    case NP_SYSCALL_PROC_IS_PGID_LEADER:
        return np_put_bool(query, task->pgid == task->pid);
    case NP_SYSCALL_THREAD_CAP_PERMITTED:
        return np_put_capabilities(query, task->cap_permitted);
    case NP_SYSCALL_THREAD_CAP_INHERITABLE:
        return np_put_capabilities(query, task->cap_inheritable);
    case NP_SYSCALL_THREAD_CAP_EFFECTIVE:
        return np_put_capabilities(query, task->cap_effective);
    case NP_SYSCALL_THREAD_ISMAIN:
        return np_put_bool(query, task->tid == task->pid);
    case NP_SYSCALL_THREAD_NAMETID:
        return np_put_name_and_id(query, task);
    case NP_SYSCALL_THREAD_CGROUPS:
        return np_put_cgroups(query, task);
    case NP_SYSCALL_THREAD_CGROUP:
        return np_put_cgroup(query, task);
    case NP_SYSCALL_THREAD_EXECTIME:
    case NP_SYSCALL_THREAD_TOTEXECTIME:
        return np_put_uint(query, 0); /* of switches between threads, which are not recorded */
    default:
        return np_field_figure(query, task);
    }
}

int np_field_process(const struct np_query *query)
{
    const struct np_task *task = query->moment->task;
    uint16_t which = query->want->which;
    if (which == NP_SYSCALL_THREAD_TID)
        return np_put_thread_id(query, query->event->tid);
    if (task == NULL)
        return 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(members); i++)
        if (members[i].which == which)
            return put_member(query, task, &members[i]);
    if (which >= NP_SYSCALL_PROC_STDIN_TYPE && which <= NP_SYSCALL_PROC_STDERR_NAME)
        return put_standard(query, task);
    if (np_is_of_parent(which))
        return np_field_parent(query, task);
    if (np_is_of_ancestor(which))
        return np_field_ancestor(query, task);
    if (np_is_of_leader(which))
        return np_field_leader(query, task);
    return put_other(query, task);
}
