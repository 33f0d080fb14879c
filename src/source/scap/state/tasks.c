/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of tasks, thread groups and parents. Orphans go where the kernel sends them: to another
 * thread of the process, to the nearest ancestor that reaps, else to nobody that is known.
 */
#include <errno.h>

#include "base/alloc.h"
#include "source/scap/state/internal.h"
#include "source/scap/state/path.h"

enum { ANCESTORS_MAX = 1024 }; /* a longer chain of parents is a loop */

bool np_task_is_invalid(const struct np_task *task)
{
    return task->tid < 0 || task->pid < 0 || task->ptid < 0;
}

bool np_task_is_main(const struct np_task *task)
{
    return task->tid == task->pid || (task->flags & NP_TASK_IS_MAIN) != 0;
}

bool np_task_in_pidns(const struct np_task *task)
{
    return (task->flags & NP_TASK_IN_PIDNS) != 0 || (task->vtid >= 0 && task->tid != task->vtid);
}

struct np_task_entry *np_task_entry_new(int64_t tid)
{
    struct np_task_entry *entry = np_alloc(sizeof(*entry));
    if (entry == NULL)
        return NULL;
    entry->task = (struct np_task){
        .tid = tid,
        .pid = -1,
        .ptid = -1,
        .vtid = -1,
        .vpid = -1,
        .sid = -1,
        .pgid = -1,
        .vpgid = -1,
        .reaper = -1,
        .uid = UINT32_MAX,
        .gid = UINT32_MAX,
        .loginuid = UINT32_MAX,
        .fdlimit = -1,
        .last_fd = 0,
    };
    return entry;
}

static void leave_group(struct np_scap_state *state, struct np_task_entry *entry)
{
    struct np_thread_group *group = entry->group;
    if (group == NULL)
        return;
    if (entry->group_prev != NULL)
        entry->group_prev->group_next = entry->group_next;
    else
        group->first = entry->group_next;
    if (entry->group_next != NULL)
        entry->group_next->group_prev = entry->group_prev;
    else
        group->last = entry->group_prev;
    entry->group = NULL;
    entry->group_prev = entry->group_next = NULL;
    if (group->first == NULL) {
        np_idmap_remove(&state->groups, group->pid);
        np_free(group);
    }
}

static void join_group(struct np_thread_group *group, struct np_task_entry *entry)
{
    bool is_first = np_task_is_main(&entry->task) || group->first == NULL;
    entry->group = group;
    entry->group_prev = is_first ? NULL : group->last;
    entry->group_next = is_first ? group->first : NULL;
    if (entry->group_prev != NULL)
        entry->group_prev->group_next = entry;
    else
        group->first = entry;
    if (entry->group_next != NULL)
        entry->group_next->group_prev = entry;
    else
        group->last = entry;
    group->alive++;
}

static void leave_parent(struct np_task_entry *entry)
{
    if (entry->parent == NULL)
        return;
    if (entry->sibling_prev != NULL)
        entry->sibling_prev->sibling_next = entry->sibling_next;
    else
        entry->parent->children = entry->sibling_next;
    if (entry->sibling_next != NULL)
        entry->sibling_next->sibling_prev = entry->sibling_prev;
    entry->parent = entry->sibling_prev = entry->sibling_next = NULL;
}

static void add_child(struct np_task_entry *parent, struct np_task_entry *child)
{
    leave_parent(child);
    child->parent = parent;
    child->sibling_next = parent->children;
    if (parent->children != NULL)
        parent->children->sibling_prev = child;
    parent->children = child;
    child->task.ptid = parent->task.tid;
}

static void give_children(struct np_task_entry *from, struct np_task_entry *to)
{
    while (from->children != NULL) {
        struct np_task_entry *child = from->children;
        leave_parent(child);
        if (to != NULL)
            add_child(to, child);
        else
            child->task.ptid = 0;
    }
}

void np_task_entry_free(struct np_scap_state *state, struct np_task_entry **entry)
{
    struct np_task_entry *gone = *entry;
    if (gone == NULL)
        return;
    struct np_text **texts[] = {&gone->task.comm, &gone->task.exe,    &gone->task.exepath,
                                &gone->task.args, &gone->task.env,    &gone->task.cwd,
                                &gone->task.root, &gone->task.cgroups};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        np_text_drop(texts[i]);
    np_descriptors_clear(state, &gone->descriptors);
    np_idmap_done(&gone->descriptors);
    np_free(gone);
    *entry = NULL;
}

/* Takes an entry out of all lists and frees it; its children keep the number of their parent. */
static void erase(struct np_scap_state *state, struct np_task_entry *entry)
{
    leave_group(state, entry);
    leave_parent(entry);
    while (entry->children != NULL)
        leave_parent(entry->children);
    np_idmap_remove(&state->tasks, entry->task.tid);
    np_task_entry_free(state, &entry);
}

struct np_task_entry *np_state_find(const struct np_scap_state *state, int64_t tid)
{
    return np_idmap_get(&state->tasks, tid);
}

int np_state_link(struct np_scap_state *state, struct np_task_entry *entry)
{
    struct np_task *task = &entry->task;
    if (np_task_is_invalid(task) || entry->group != NULL)
        return 0;
    struct np_thread_group *group = np_idmap_get(&state->groups, task->pid);
    if (group == NULL) {
        group = np_alloc(sizeof(*group));
        if (group == NULL)
            return -ENOMEM;
        group->pid = task->pid;
        group->is_reaper = task->pid == 1 || task->vpid == 1;
        int r = np_idmap_put(&state->groups, task->pid, group);
        if (r < 0) {
            np_free(group);
            return r;
        }
    }
    join_group(group, entry);
    if (task->pid == 1)
        return 0;
    struct np_task_entry *parent = np_state_find(state, task->ptid);
    if (parent != NULL && parent != entry && !np_task_is_invalid(&parent->task))
        add_child(parent, entry);
    else
        task->ptid = 0;
    return 0;
}

int np_state_add(struct np_scap_state *state, struct np_task_entry **entry)
{
    struct np_task_entry *added = *entry;
    struct np_task_entry *old = np_state_find(state, added->task.tid);
    state->generation++;
    if (old == NULL && state->tasks.len >= NP_TASKS_MAX) {
        state->lost.tasks++;
        np_task_entry_free(state, entry);
        return 0;
    }
    if (old != NULL) {
        give_children(old, added);
        erase(state, old);
    }
    int r = np_idmap_put(&state->tasks, added->task.tid, added);
    if (r < 0)
        return r;
    *entry = NULL;
    return state->is_settled ? np_state_link(state, added) : 0;
}

int np_state_get(struct np_scap_state *state, int64_t tid, struct np_task_entry **out_entry)
{
    struct np_task_entry *entry = np_state_find(state, tid);
    if (entry == NULL) {
        struct np_task_entry *made = np_task_entry_new(tid);
        if (made == NULL)
            return -ENOMEM;
        int r = np_text_set(&made->task.comm, NP_SPAN("<NA>"));
        if (r == 0) {
            np_text_share(&made->task.exe, made->task.comm);
            r = np_state_add(state, &made);
        }
        if (r < 0) {
            np_task_entry_free(state, &made);
            return r;
        }
        entry = np_state_find(state, tid);
    }
    *out_entry = entry;
    return 0;
}

static struct np_task_entry *living_thread(const struct np_thread_group *group,
                                           const struct np_task_entry *but)
{
    if (group == NULL || group->alive == 0)
        return NULL;
    for (struct np_task_entry *entry = group->first; entry != NULL; entry = entry->group_next) {
        if (entry != but && !entry->task.dead)
            return entry;
    }
    return NULL;
}

static struct np_task_entry *find_reaper(const struct np_scap_state *state,
                                         const struct np_task_entry *gone)
{
    struct np_task_entry *reaper = living_thread(gone->group, gone);
    if (reaper != NULL)
        return reaper;
    const struct np_task_entry *at = np_state_find(state, gone->task.ptid);
    for (size_t i = 0; at != NULL && at != gone && i < ANCESTORS_MAX; i++) {
        if (np_task_in_pidns(&at->task) != np_task_in_pidns(&gone->task))
            return NULL; /* orphans stay in their pid namespace */
        if (at->group != NULL && at->group->is_reaper) {
            reaper = living_thread(at->group, NULL);
            if (reaper != NULL)
                return reaper;
        }
        at = np_state_find(state, at->task.ptid);
    }
    return NULL;
}

static void reparent(struct np_scap_state *state, struct np_task_entry *gone)
{
    if (gone->children == NULL)
        return;
    struct np_task_entry *reaper =
        gone->task.reaper > 0 ? np_state_find(state, gone->task.reaper) : NULL;
    if (reaper == NULL || reaper == gone || np_task_is_invalid(&reaper->task))
        reaper = find_reaper(state, gone);
    if (reaper != NULL) {
        gone->task.reaper = reaper->task.tid;
        if (reaper->group != NULL && reaper->group != gone->group)
            reaper->group->is_reaper = true;
    }
    give_children(gone, reaper);
}

void np_state_remove(struct np_scap_state *state, int64_t tid)
{
    struct np_task_entry *gone = np_state_find(state, tid);
    if (gone == NULL)
        return;
    state->generation++;
    struct np_thread_group *group = gone->group;
    if (np_task_is_invalid(&gone->task) || group == NULL) {
        erase(state, gone);
        return;
    }
    if (!gone->task.dead) {
        gone->task.dead = true;
        group->alive--;
    }
    reparent(state, gone);
    bool is_last = group->alive == 0;
    struct np_task_entry *main = np_state_find(state, gone->task.pid);
    /* The main thread stays while others live: it has the descriptors and the working directory. */
    if (!np_task_is_main(&gone->task) || (is_last && main != gone))
        erase(state, gone);
    if (is_last && main != NULL)
        erase(state, main);
}

int np_task_set_exepath(struct np_task *task, struct np_span path)
{
    struct np_span suffix = NP_SPAN(" (deleted)");
    if (path.len > suffix.len && np_span_ends(path, suffix))
        path.len -= suffix.len;
    return np_text_set(&task->exepath, path);
}

int np_task_set_cwd(struct np_scap_state *state, struct np_task *task, struct np_span base,
                    struct np_span path)
{
    np_scap_path_join(&state->text, base, path);
    if (state->text.len == 0 || state->text.data[state->text.len - 1] != '/')
        np_buf_add_char(&state->text, '/');
    if (state->text.error != 0)
        return -ENOMEM;
    return np_text_set(&task->cwd, np_buf_span(&state->text));
}

struct np_task_entry *np_entry_main(struct np_task_entry *entry)
{
    if (np_task_is_main(&entry->task))
        return entry;
    struct np_task_entry *first = entry->group != NULL ? entry->group->first : NULL;
    return first != NULL && np_task_is_main(&first->task) ? first : NULL;
}

/* Reading. The tables are only changed by taking events: constness is the reader's. */

static const struct np_task_entry *entry_of(const struct np_task *task)
{
    return (const struct np_task_entry *) task; /* its first member */
}

const struct np_task *np_task_find(const struct np_scap_state *state, int64_t tid)
{
    const struct np_task_entry *entry = np_state_find(state, tid);
    return entry != NULL ? &entry->task : NULL;
}

const struct np_task *np_task_main(const struct np_scap_state *state, const struct np_task *task)
{
    (void) state;
    if (np_task_is_main(task))
        return task;
    const struct np_thread_group *group = entry_of(task)->group;
    const struct np_task_entry *first = group != NULL ? group->first : NULL;
    return first != NULL && np_task_is_main(&first->task) ? &first->task : NULL;
}

const struct np_task *np_task_parent(const struct np_scap_state *state, const struct np_task *task)
{
    return np_task_find(state, task->ptid);
}

struct np_span np_task_cwd(const struct np_scap_state *state, const struct np_task *task)
{
    const struct np_task *main = np_task_main(state, task);
    return main != NULL ? np_text_span(main->cwd) : NP_SPAN("./");
}

struct np_span np_task_env(const struct np_scap_state *state, const struct np_task *task)
{
    const struct np_task *main = np_task_main(state, task);
    return np_text_span(main != NULL ? main->env : task->env);
}

size_t np_task_threads(const struct np_scap_state *state, const struct np_task *task)
{
    (void) state;
    const struct np_thread_group *group = entry_of(task)->group;
    return group != NULL ? group->alive : 0;
}
