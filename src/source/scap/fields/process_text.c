/* SPDX-License-Identifier: Apache-2.0 */
/* Traits of a task that are put together from others. */
#include <errno.h>
#include <string.h>

#include "source/scap/fields/process.h"
#include "source/scap/fields/process_text.h"

/* Names of capabilities by number. */
static const char *const capabilities[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

int np_put_capabilities(const struct np_query *query, uint64_t set)
{
    size_t len = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(capabilities); i++)
        len += (set >> i & 1) != 0 ? strlen(capabilities[i]) + 1 : 0;
    char *text = np_arena_alloc(query->arena, len);
    if (text == NULL && len > 0)
        return -ENOMEM;
    char *at = text;
    for (size_t i = 0; i < NP_ARRAY_LEN(capabilities); i++) {
        if ((set >> i & 1) == 0)
            continue;
        at = stpcpy(at, capabilities[i]);
        *at++ = ' ';
    }
    return np_put_text(query, np_span_make(text, len > 0 ? len - 1 : 0));
}

/* Falco writes a blank behind the program also where there are no arguments. */
int np_put_exe_line(const struct np_query *query, const struct np_task *task)
{
    struct np_span exe = np_text_span(task->exe);
    struct np_span args = np_text_span(task->args);
    if (args.len > 0)
        return np_put_joined(query, &exe, args, ' ');
    np_auto_buf struct np_buf out;
    np_buf_init(&out, NP_QUERY_TEXT_MAX_BYTES);
    (void) np_buf_add_span(&out, exe);
    (void) np_buf_add_char(&out, ' ');
    return np_put_buf(query, &out);
}

int np_put_args_figure(const struct np_query *query, const struct np_task *task)
{
    struct np_span rest = np_text_span(task->args);
    struct np_span part;
    uint64_t count = 0;
    uint64_t bytes = 0;
    for (; np_next_part(&rest, &part); count++)
        bytes += part.len;
    return np_put_uint(query, query->want->which == NP_SYSCALL_PROC_CMDNARGS ? count : bytes);
}

struct np_span np_task_variable(const struct np_scap_state *state, const struct np_task *task,
                                struct np_span name)
{
    struct np_span rest = np_task_env(state, task);
    struct np_span part;
    while (np_next_part(&rest, &part)) {
        if (part.len <= name.len || part.ptr[name.len] != '=' || !np_span_starts(part, name))
            continue;
        struct np_span value = np_span_from(part, name.len + 1);
        while (value.len > 0 && value.ptr[0] == ' ')
            value = np_span_from(value, 1);
        while (value.len > 0 && value.ptr[value.len - 1] == ' ')
            value.len--;
        return value;
    }
    return (struct np_span){"", 0};
}

int np_put_env(const struct np_query *query, const struct np_task *task)
{
    const struct np_scap_state *state = query->moment->state;
    struct np_span name = query->want->argument;
    if (name.len > 0 && !query->want->has_index)
        return np_put_text(query, np_task_variable(state, task, name));
    return np_put_joined(query, NULL, np_task_env(state, task), ' ');
}

int np_put_cgroups(const struct np_query *query, const struct np_task *task)
{
    struct np_span cgroups = np_text_span(task->cgroups);
    return cgroups.len > 0 ? np_put_joined(query, NULL, cgroups, ' ') : 0;
}

int np_put_cgroup(const struct np_query *query, const struct np_task *task)
{
    struct np_span rest = np_text_span(task->cgroups);
    struct np_span name = query->want->argument;
    struct np_span part;
    while (np_next_part(&rest, &part))
        if (part.len > name.len && part.ptr[name.len] == '=' && np_span_starts(part, name))
            return np_put_text(query, np_span_from(part, name.len + 1));
    return 0;
}

int np_put_name_and_id(const struct np_query *query, const struct np_task *task)
{
    np_auto_buf struct np_buf out;
    np_buf_init(&out, NP_QUERY_TEXT_MAX_BYTES);
    (void) np_buf_add_span(&out, np_text_span(task->comm));
    np_write_int(&out, query->event->tid);
    return np_put_buf(query, &out);
}

/* All arguments, or one of them where the field has an index. */
static int put_args(const struct np_query *query, const struct np_task *task)
{
    struct np_span rest = np_text_span(task->args);
    struct np_span part;
    bool is_one = query->want->which == NP_SYSCALL_PROC_ARGS && query->want->has_index;
    if (!is_one)
        return np_put_joined(query, NULL, rest, ' ');
    for (uint32_t i = 0; np_next_part(&rest, &part); i++)
        if (i == query->want->index)
            return np_put_text(query, part);
    return 0;
}

int np_put_trait(const struct np_query *query, const struct np_task *task, enum np_task_trait trait)
{
    struct np_span comm = np_text_span(task->comm);
    switch (trait) {
    case NP_TASK_NAME:
        return np_put_text(query, comm);
    case NP_TASK_EXE:
        return np_put_text(query, np_text_span(task->exe));
    case NP_TASK_EXEPATH:
        return np_put_text(query, np_text_span(task->exepath));
    case NP_TASK_CMDLINE:
        return np_put_joined(query, &comm, np_text_span(task->args), ' ');
    case NP_TASK_ARGS:
        return put_args(query, task);
    case NP_TASK_PID:
        return np_put_thread_id(query, task->pid);
    case NP_TASK_ENV:
        return np_put_joined(query, NULL, np_task_env(query->moment->state, task), ' ');
    }
    return 0;
}

/* A thread's id, which is no more than 32 bits wide where it is a real one. */
int np_put_thread_id(const struct np_query *query, int64_t id)
{
    return id >= -1 && id <= UINT32_MAX ? np_put_int(query, id) : 0;
}
