/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of those that a process comes from, or that lead its session or group. */
#include <errno.h>

#include "source/scap/fields/process.h"
#include "source/scap/fields/process_text.h"

/* More are no real lineage; it also ends a circle, which a forged capture can have. */
enum { ANCESTORS_MAX = 1024, ENVIRONMENTS_MAX = 20 };

/* A field that is a trait of somebody else. */
struct trait_field {
    uint16_t which;
    uint8_t trait; /* enum np_task_trait */
};

static const struct trait_field parent_fields[] = {
    {NP_SYSCALL_PROC_PNAME, NP_TASK_NAME},
    {NP_SYSCALL_PROC_PEXE, NP_TASK_EXE},
    {NP_SYSCALL_PROC_PEXEPATH, NP_TASK_EXEPATH},
    {NP_SYSCALL_PROC_PCMDLINE, NP_TASK_CMDLINE},
};

static const struct trait_field ancestor_fields[] = {
    {NP_SYSCALL_PROC_ANAME, NP_TASK_NAME},       {NP_SYSCALL_PROC_AEXE, NP_TASK_EXE},
    {NP_SYSCALL_PROC_AEXEPATH, NP_TASK_EXEPATH}, {NP_SYSCALL_PROC_ACMDLINE, NP_TASK_CMDLINE},
    {NP_SYSCALL_PROC_AARGS, NP_TASK_ARGS},       {NP_SYSCALL_PROC_APID, NP_TASK_PID},
    {NP_SYSCALL_PROC_AENV, NP_TASK_ENV},
};

static const struct trait_field leader_fields[] = {
    {NP_SYSCALL_PROC_SNAME, NP_TASK_NAME},
    {NP_SYSCALL_PROC_SID_EXE, NP_TASK_EXE},
    {NP_SYSCALL_PROC_SID_EXEPATH, NP_TASK_EXEPATH},
    {NP_SYSCALL_PROC_VPGID_NAME, NP_TASK_NAME},
    {NP_SYSCALL_PROC_VPGID_EXE, NP_TASK_EXE},
    {NP_SYSCALL_PROC_VPGID_EXEPATH, NP_TASK_EXEPATH},
    {NP_SYSCALL_PROC_PGID_NAME, NP_TASK_NAME},
    {NP_SYSCALL_PROC_PGID_EXE, NP_TASK_EXE},
    {NP_SYSCALL_PROC_PGID_EXEPATH, NP_TASK_EXEPATH},
};

static const struct trait_field *find(const struct trait_field *fields, size_t count,
                                      uint16_t which)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].which == which)
            return &fields[i];
    return NULL;
}

#define FIND(fields, which) find((fields), NP_ARRAY_LEN(fields), (which))

bool np_is_of_parent(uint16_t which)
{
    return FIND(parent_fields, which) != NULL || which == NP_SYSCALL_PROC_PPID ||
           which == NP_SYSCALL_PROC_PVPID || which == NP_SYSCALL_PROC_PPID_TS ||
           which == NP_SYSCALL_PROC_PPID_DURATION;
}

bool np_is_of_ancestor(uint16_t which)
{
    return FIND(ancestor_fields, which) != NULL || which == NP_SYSCALL_PROC_LOGINSHELLID;
}

bool np_is_of_leader(uint16_t which)
{
    return FIND(leader_fields, which) != NULL;
}

static int put_parent_id(const struct np_query *query, const struct np_task *task)
{
    const struct np_task *main = np_task_main(query->moment->state, task);
    return main != NULL && main->ptid != 0 ? np_put_thread_id(query, main->ptid) : 0;
}

static int put_parent_figure(const struct np_query *query, const struct np_task *task)
{
    const struct np_task *parent = np_task_parent(query->moment->state, task);
    if (parent == NULL)
        return 0;
    switch (query->want->which) {
    case NP_SYSCALL_PROC_PVPID:
        return np_put_int(query, parent->vpid);
    case NP_SYSCALL_PROC_PPID_TS:
        return np_put_uint(query, parent->clone_ts);
    default:
        return parent->clone_ts != 0
                   ? np_put_int(query, (int64_t) (query->event->ts - parent->clone_ts))
                   : 0;
    }
}

int np_field_parent(const struct np_query *query, const struct np_task *task)
{
    const struct trait_field *field = FIND(parent_fields, query->want->which);
    if (query->want->which == NP_SYSCALL_PROC_PPID)
        return put_parent_id(query, task);
    if (field == NULL)
        return put_parent_figure(query, task);
    const struct np_task *parent = np_task_parent(query->moment->state, task);
    return parent != NULL ? np_put_trait(query, parent, field->trait) : 0;
}

/* All ancestors of `main` from the nearest on, each with the trait. */
static int put_all(const struct np_query *query, const struct np_task *main,
                   enum np_task_trait trait)
{
    const struct np_scap_state *state = query->moment->state;
    size_t count = 0;
    for (const struct np_task *task = np_task_parent(state, main);
         task != NULL && count < ANCESTORS_MAX; task = np_task_parent(state, task))
        count++;
    struct np_value *items = np_arena_zalloc(query->arena, count * sizeof(*items));
    if (items == NULL && count > 0)
        return -ENOMEM;
    const struct np_task *task = main;
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        struct np_query one = *query;
        one.out = &items[i];
        task = np_task_parent(state, task);
        r = np_put_trait(&one, task, trait);
    }
    return r < 0 || count == 0 ? r : np_put_items(query, items, count);
}

/* The `levels`-th ancestor; 0 = the process itself. */
static const struct np_task *find_ancestor(const struct np_query *query, const struct np_task *main,
                                           uint32_t levels)
{
    const struct np_task *task = main;
    for (uint32_t i = 0; i < levels && task != NULL; i++)
        task = i < ANCESTORS_MAX ? np_task_parent(query->moment->state, task) : NULL;
    return task;
}

/* The variable of the nearest ancestor that has it. */
static int put_inherited(const struct np_query *query, const struct np_task *main)
{
    const struct np_scap_state *state = query->moment->state;
    const struct np_task *task = np_task_parent(state, main);
    struct np_span value = {"", 0};
    for (int i = 0; i < ENVIRONMENTS_MAX && task != NULL && value.len == 0; i++) {
        value = np_task_variable(state, task, query->want->argument);
        task = np_task_parent(state, task);
    }
    return np_put_text(query, value);
}

/* The oldest one whose name ends in "sh", the process included. */
static int put_login_shell(const struct np_query *query, const struct np_task *main)
{
    const struct np_task *shell = NULL;
    const struct np_task *task = main;
    for (int i = 0; i < ANCESTORS_MAX && task != NULL; i++) {
        if (np_span_ends(np_text_span(task->comm), NP_SPAN("sh")))
            shell = task;
        task = np_task_parent(query->moment->state, task);
    }
    return shell != NULL ? np_put_int(query, shell->pid) : 0;
}

int np_field_ancestor(const struct np_query *query, const struct np_task *task)
{
    const struct np_syscall_want *want = query->want;
    const struct np_task *main = np_task_main(query->moment->state, task);
    if (main == NULL)
        return 0;
    if (want->which == NP_SYSCALL_PROC_LOGINSHELLID)
        return put_login_shell(query, main);
    const struct trait_field *field = FIND(ancestor_fields, want->which);
    if (field == NULL)
        return 0;
    if (want->has_index) {
        const struct np_task *ancestor = find_ancestor(query, main, want->index);
        return ancestor != NULL ? np_put_trait(query, ancestor, field->trait) : 0;
    }
    return want->argument.len > 0 ? put_inherited(query, main) : put_all(query, main, field->trait);
}

/* What the field's group is of a task. */
static int64_t group_of(uint16_t which, const struct np_task *task)
{
    if (which <= NP_SYSCALL_PROC_SID_EXEPATH)
        return task->sid;
    return which <= NP_SYSCALL_PROC_VPGID_EXEPATH ? task->vpgid : task->pgid;
}

/*
 * The task whose id is that of the group; or, where that is gone or the id is one of another namespace, the highest ancestor of the
 * same group.
 */
static const struct np_task *find_leader(const struct np_query *query, const struct np_task *task)
{
    const struct np_scap_state *state = query->moment->state;
    uint16_t which = query->want->which;
    int64_t group = group_of(which, task);
    bool is_global = which >= NP_SYSCALL_PROC_PGID_NAME && which <= NP_SYSCALL_PROC_PGID_EXEPATH;
    const struct np_task *leader =
        is_global || !np_task_in_pidns(task) ? np_task_find(state, group) : NULL;
    if (leader != NULL)
        return leader;
    leader = np_task_main(state, task);
    leader = leader != NULL ? leader : task;
    for (int i = 0; i < ANCESTORS_MAX; i++) {
        const struct np_task *parent = np_task_parent(state, leader);
        if (parent == NULL || group_of(which, parent) != group)
            break;
        leader = parent;
    }
    return leader;
}

int np_field_leader(const struct np_query *query, const struct np_task *task)
{
    const struct trait_field *field = FIND(leader_fields, query->want->which);
    return field != NULL ? np_put_trait(query, find_leader(query, task), field->trait) : 0;
}
