/* SPDX-License-Identifier: Apache-2.0 */
/* The state as a whole, and the tables at the beginning of a capture. */
#include "source/scap/state/state.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "source/scap/state/internal.h"
#include "source/scap/state/socket.h"

enum {
    TEXT_MAX_BYTES = 1 << 20
}; /* of the scratch: two texts of an event, 64 KiB each, and more */

int np_scap_state_new(struct np_scap_state **out_state)
{
    np_auto_scap_state struct np_scap_state *state = np_alloc(sizeof(*state));
    if (state == NULL)
        return -ENOMEM;
    np_buf_init(&state->text, TEXT_MAX_BYTES);
    state->server_ports = np_alloc_array(NP_PORTS / 8, 1);
    if (state->server_ports == NULL)
        return -ENOMEM;
    *out_state = NP_TAKE(state);
    return 0;
}

void np_scap_state_free(struct np_scap_state **state)
{
    struct np_scap_state *gone = *state;
    if (gone == NULL)
        return;
    struct np_task_entry *entry = NULL;
    for (size_t at = 0; (entry = np_idmap_next(&gone->tasks, &at)) != NULL;)
        np_task_entry_free(gone, &entry);
    for (size_t i = 0; i < gone->groups.cap; i++)
        np_free(gone->groups.entries[i].value);
    np_idmap_done(&gone->tasks);
    np_idmap_done(&gone->groups);
    np_state_free_users(gone);
    np_vec_done(&gone->interfaces);
    np_free(gone->server_ports);
    np_buf_done(&gone->text);
    np_free(gone);
    *state = NULL;
}

static int set_texts(struct np_scap_state *state, struct np_task *task,
                     const struct np_scap_proc *proc)
{
    struct {
        struct np_text **text;
        struct np_span bytes;
    } texts[] = {
        {&task->comm, proc->comm}, {&task->exe, proc->exe},         {&task->args, proc->args},
        {&task->root, proc->root}, {&task->cgroups, proc->cgroups},
    };
    int r = np_task_set_exepath(task, proc->exepath);
    for (size_t i = 0; r == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
        r = np_text_set(texts[i].text, texts[i].bytes);
    if (r == 0 && np_task_is_main(task))
        r = np_text_set(&task->env, proc->env);
    if (r == 0 && np_task_is_main(task))
        r = np_task_set_cwd(state, task, (struct np_span){}, proc->cwd);
    return r;
}

static void set_numbers(struct np_task *task, const struct np_scap_proc *proc)
{
    task->pid = proc->pid;
    task->ptid = proc->ptid;
    task->vtid = proc->vtid;
    task->vpid = proc->vpid;
    task->sid = proc->sid;
    task->pgid = proc->has_pgid ? proc->pgid : -1;
    task->vpgid = proc->vpgid;
    task->uid = proc->uid;
    task->gid = proc->gid;
    task->loginuid = proc->loginuid;
    task->tty = proc->tty;
    task->flags = proc->flags;
    task->exe_writable = proc->exe_writable;
    task->exe_upper_layer = proc->exe_upper_layer;
    task->exe_lower_layer = proc->exe_lower_layer;
    task->exe_from_memfd = proc->exe_from_memfd;
    task->exe_ino = proc->exe_ino;
    task->exe_ino_ctime = proc->exe_ino_ctime;
    task->exe_ino_mtime = proc->exe_ino_mtime;
    task->cap_inheritable = proc->cap_inheritable;
    task->cap_permitted = proc->cap_permitted;
    task->cap_effective = proc->cap_effective;
    task->pidns_init_start_ts = proc->pidns_init_start_ts;
    task->vmsize_kb = proc->vmsize_kb;
    task->vmrss_kb = proc->vmrss_kb;
    task->vmswap_kb = proc->vmswap_kb;
    task->pfmajor = proc->pfmajor;
    task->pfminor = proc->pfminor;
    task->fdlimit = proc->fdlimit;
}

int np_scap_state_add_proc(struct np_scap_state *state, const struct np_scap_proc *proc)
{
    struct np_task_entry *entry = np_task_entry_new(proc->tid);
    if (entry == NULL)
        return -ENOMEM;
    set_numbers(&entry->task, proc);
    int r = set_texts(state, &entry->task, proc);
    if (r == 0)
        r = np_state_add(state, &entry);
    np_task_entry_free(state, &entry);
    return r;
}

static void copy_address(uint8_t *to, size_t bytes, struct np_span from)
{
    if (from.len == bytes)
        memcpy(to, from.ptr, bytes);
}

static void set_connection(struct np_scap_state *state, struct np_descriptor *made,
                           const struct np_scap_fd *fd)
{
    struct np_scap_tuple tuple = {
        .family = made->kind == NP_FD_IPV6 ? NP_SCAP_AF_INET6 : NP_SCAP_AF_INET,
        .source_port = fd->source_port,
        .dest_port = fd->destination_port,
    };
    size_t bytes = made->kind == NP_FD_IPV6 ? 16 : 4;
    copy_address(tuple.source, bytes, fd->source);
    copy_address(tuple.dest, bytes, fd->destination);
    np_scap_tuple_unmap(&tuple);
    made->kind = tuple.family == NP_SCAP_AF_INET6 ? NP_FD_IPV6 : NP_FD_IPV4;
    np_socket_set_ends(made, &tuple, NP_SCAP_FAR_OVERWRITE);
    *np_socket_proto(made) = fd->l4proto;
    if (fd->l4proto == NP_L4_TCP)
        made->flags |= NP_FD_CONNECTED;
    if (made->kind == NP_FD_IPV4)
        np_state_complete_ends(state, made);
}

static void set_server(struct np_scap_state *state, struct np_descriptor *made,
                       const struct np_scap_fd *fd)
{
    if (made->kind == NP_FD_IPV4_SERVER) {
        copy_address(made->socket.v4_server.address, 4, fd->source);
        made->socket.v4_server.port = fd->source_port;
    } else {
        copy_address(made->socket.v6_server.address, 16, fd->source);
        made->socket.v6_server.port = fd->source_port;
    }
    *np_socket_proto(made) = fd->l4proto;
    state->server_ports[fd->source_port / 8] |= (uint8_t) (1 << fd->source_port % 8);
}

static int fill_descriptor(struct np_scap_state *state, struct np_descriptor *made,
                           const struct np_scap_fd *fd)
{
    made->ino = fd->ino;
    np_buf_reset(&state->text);
    switch (made->kind) {
    case NP_FD_IPV4:
    case NP_FD_IPV6:
        set_connection(state, made, fd);
        np_socket_name(&state->text, made);
        return np_descriptor_set_name(made, state);
    case NP_FD_IPV4_SERVER:
    case NP_FD_IPV6_SERVER:
        set_server(state, made, fd);
        np_socket_name(&state->text, made);
        return np_descriptor_set_name(made, state);
    case NP_FD_UNIX:
        made->socket.unix_.source = fd->unix_source;
        made->socket.unix_.dest = fd->unix_destination;
        made->flags |= fd->name.len > 0 ? NP_FD_ROLE_SERVER : NP_FD_ROLE_CLIENT;
        break;
    case NP_FD_FILE_V2:
        made->open_flags = fd->open_flags;
        made->dev = fd->dev;
        break;
    default:
        made->pid = fd->pidfd_pid;
        break;
    }
    return np_text_set(&made->name, fd->name);
}

int np_scap_state_add_fd(struct np_scap_state *state, int64_t tid, const struct np_scap_fd *fd)
{
    struct np_task_entry *entry = np_state_find(state, tid);
    if (entry == NULL || fd->type == NP_FD_UNKNOWN || fd->type >= NP_FD_KIND_MAX)
        return 0;
    np_auto_descriptor struct np_descriptor *made =
        np_descriptor_new((enum np_descriptor_kind) fd->type);
    if (made == NULL)
        return -ENOMEM;
    int r = fill_descriptor(state, made, fd);
    if (r < 0)
        return r;
    uint32_t flags = entry->task.flags;
    entry->task.flags &= ~(uint32_t) NP_TASK_CLONE_FILES; /* a list is always the task's own */
    r = np_entry_add_descriptor(state, entry, fd->fd, &made);
    entry->task.flags = flags;
    return r;
}

/* A connection at the beginning whose near port is bound by a server came in, all others went out. */
static int settle_roles(struct np_scap_state *state, struct np_task_entry *entry)
{
    struct np_descriptor *one = NULL;
    for (size_t at = 0; (one = np_idmap_next(&entry->descriptors, &at)) != NULL;) {
        if (one->kind != NP_FD_IPV4 || (one->flags & (NP_FD_ROLE_CLIENT | NP_FD_ROLE_SERVER)) != 0)
            continue;
        uint16_t port = one->socket.v4.source_port;
        if ((state->server_ports[port / 8] >> port % 8 & 1) == 0) {
            one->flags |= NP_FD_ROLE_CLIENT;
            continue;
        }
        np_socket_swap_ends(one);
        one->flags |= NP_FD_ROLE_SERVER;
        np_buf_reset(&state->text);
        np_socket_name(&state->text, one);
        int r = np_descriptor_set_name(one, state);
        if (r < 0)
            return r;
    }
    return 0;
}

int np_state_settle(struct np_scap_state *state)
{
    struct np_task_entry *entry = NULL;
    for (size_t at = 0; (entry = np_idmap_next(&state->tasks, &at)) != NULL;) {
        int r = np_state_link(state, entry);
        if (r == 0)
            r = settle_roles(state, entry);
        if (r < 0)
            return r;
    }
    state->is_settled = true;
    return 0;
}

void np_scap_state_lost(const struct np_scap_state *state, struct np_scap_state_lost *out_lost)
{
    *out_lost = state->lost;
}
