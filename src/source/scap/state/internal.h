/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: the tables, and how tasks hang together. A task is in one
 * thread group (its process) and is a child of one other task; both are lists through the tasks, so
 * that a task that goes leaves no trace. Tasks without a known process ("invalid") are in neither.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"
#include "source/scap/blocks.h"
#include "source/scap/state/idmap.h"
#include "source/scap/state/state.h"

enum {
    NP_TASKS_MAX = 131072,     /* in all */
    NP_DESCRIPTORS_MAX = 4096, /* of a process */
    NP_DESCRIPTORS_ALL_MAX = 1 << 20,
    NP_USERS_MAX = 65536,
    NP_INTERFACES_MAX = 4096,
    NP_PORTS = 65536
};

/* Bits of a task's flags, as captures number them. */
enum np_task_flag {
    NP_TASK_CLONE_FILES = 1 << 0,
    NP_TASK_CLONE_NEWPID = 1 << 6,
    NP_TASK_CLONE_PARENT = 1 << 8,
    NP_TASK_CLONE_THREAD = 1 << 13,
    NP_TASK_CLONE_INVERTED = 1 << 16, /* set here: the child's event came before the parent's */
    NP_TASK_CLONE_NEWUSER = 1 << 20,
    NP_TASK_CLONE_VFORK = 1 << 27,
    NP_TASK_IN_PIDNS = 1 << 29,
    NP_TASK_IS_MAIN = 1 << 30
};

struct np_task_entry;

/* The threads of a process, the main one first. */
struct np_thread_group {
    int64_t pid;
    size_t alive;
    bool is_reaper; /* orphans below it become its children */
    struct np_task_entry *first;
    struct np_task_entry *last;
};

struct np_task_entry {
    struct np_task task; /* first: the public part stands for the whole */
    struct np_thread_group *group;
    struct np_task_entry *group_prev;
    struct np_task_entry *group_next;
    struct np_task_entry *parent;
    struct np_task_entry *sibling_prev;
    struct np_task_entry *sibling_next;
    struct np_task_entry *children;
    struct np_idmap descriptors; /* struct np_descriptor by number */
};

struct np_interface {
    uint8_t address[16];
    uint8_t netmask[4];
    bool is_v6;
};

struct np_scap_state {
    struct np_idmap tasks;  /* struct np_task_entry by tid */
    struct np_idmap groups; /* struct np_thread_group by pid */
    struct np_idmap users;  /* struct np_user by uid */
    struct np_idmap user_groups;
    NP_VEC(struct np_interface) interfaces;
    uint8_t *server_ports; /* a bit for each port that a socket was bound to at the beginning */
    uint64_t boot_ts;
    uint64_t first_ts;
    uint64_t last_ts; /* of the last event taken; 0 = none was */
    uint64_t generation; /* of tasks, users and groups: raised by whatever changes one */
    size_t descriptors_len;
    bool is_settled;    /* the tables of the beginning are complete */
    int64_t exited_tid; /* to be removed before the next event; 0 = none */
    int64_t closed_tid; /* whose descriptor `closed_fd` is to be removed then; 0 = none */
    int64_t closed_fd;
    struct np_buf text; /* scratch of one handler */
    struct np_scap_state_lost lost;
};

/* An event on its way through the state. */
struct np_take {
    struct np_scap_state *state;
    const struct np_scap_event *event;
    struct np_task_entry *entry;      /* NULL = not known */
    struct np_descriptor *descriptor; /* NULL = none */
    int64_t result;
    int32_t error;
};

/* tasks.c */

struct np_task_entry *np_state_find(const struct np_scap_state *state, int64_t tid);

/* The task of `tid`, made of nothing where it is not known; NULL in `*out` where there is no room. */
NP_NODISCARD int np_state_get(struct np_scap_state *state, int64_t tid,
                              struct np_task_entry **out_entry);

/*
 * A new task that is in no table yet, with nothing known. NULL when memory is out. Free it with
 * np_task_entry_free() or give it to np_state_add().
 */
NP_NODISCARD struct np_task_entry *np_task_entry_new(int64_t tid);
void np_task_entry_free(struct np_scap_state *state, struct np_task_entry **entry);

/*
 * Puts `*entry` into the table in place of one with the same tid, and takes it over (NULL then),
 * also where there is no room for it (a lost task). 0 or -ENOMEM (not taken over).
 */
NP_NODISCARD int np_state_add(struct np_scap_state *state, struct np_task_entry **entry);

/* Puts the task into its thread group and below its parent, once both are known: 0 or -ENOMEM. */
NP_NODISCARD int np_state_link(struct np_scap_state *state, struct np_task_entry *entry);

/* Removes a thread, and its process with its last one; children go to a reaper. */
void np_state_remove(struct np_scap_state *state, int64_t tid);

bool np_task_is_invalid(const struct np_task *task);
bool np_task_is_main(const struct np_task *task);
struct np_task_entry *np_entry_main(struct np_task_entry *entry);

/* descriptors.c */

/* Where the task's descriptors are: its own table or that of its main thread; NULL = not known. */
struct np_idmap *np_entry_descriptors(struct np_task_entry *entry);

/* The descriptor of a number for an event: its name becomes its old name. NULL = not known. */
struct np_descriptor *np_entry_descriptor(struct np_task_entry *entry, int64_t fd);

struct np_descriptor *np_descriptor_new(enum np_descriptor_kind kind);
void np_descriptor_free(struct np_descriptor **descriptor);
#define np_auto_descriptor NP_CLEANUP(np_descriptor_free)

/* A copy that shares the texts; NULL when memory is out. */
NP_NODISCARD struct np_descriptor *np_descriptor_copy(const struct np_descriptor *descriptor);

/*
 * Puts `*descriptor` under `fd` into the task's table and takes it over (NULL then), as the event's
 * own one. Where there is no room it is lost and the event has none. 0 or -ENOMEM (not taken over).
 */
NP_NODISCARD int np_take_descriptor(struct np_take *take, int64_t fd,
                                    struct np_descriptor **descriptor);
NP_NODISCARD int np_entry_add_descriptor(struct np_scap_state *state, struct np_task_entry *entry,
                                         int64_t fd, struct np_descriptor **descriptor);
void np_entry_remove_descriptor(struct np_scap_state *state, struct np_task_entry *entry,
                                int64_t fd);
void np_descriptors_clear(struct np_scap_state *state, struct np_idmap *table);
NP_NODISCARD int np_descriptors_copy(struct np_scap_state *state, struct np_idmap *to,
                                     const struct np_idmap *from);

/* Sets the name to the state's scratch text: 0 or -ENOMEM. */
NP_NODISCARD int np_descriptor_set_name(struct np_descriptor *descriptor,
                                        struct np_scap_state *state);

/* machine.c */

/* Fills in the end of an IP socket that is zero, from the interfaces. */
void np_state_complete_ends(const struct np_scap_state *state, struct np_descriptor *descriptor);

void np_state_free_users(struct np_scap_state *state);

/* Sets the path of a program, without the mark of a deleted file: 0, -ENOMEM or -E2BIG. */
NP_NODISCARD int np_task_set_exepath(struct np_task *task, struct np_span path);

/* Joins the paths as the working directory: 0 or -ENOMEM. */
NP_NODISCARD int np_task_set_cwd(struct np_scap_state *state, struct np_task *task,
                                 struct np_span base, struct np_span path);

/* state.c: finishes the tables of the beginning, before the first event. 0 or -ENOMEM. */
NP_NODISCARD int np_state_settle(struct np_scap_state *state);

/* take.c: a parameter as a number, `fallback` where it is not there; whether it is there. */
int64_t np_take_int(const struct np_take *take, size_t param, int64_t fallback);
bool np_take_has(const struct np_take *take, size_t param);

/* What each kind of event does to the state: 0 or -ENOMEM. */
NP_NODISCARD int np_take_clone(struct np_take *take);
NP_NODISCARD int np_take_exec(struct np_take *take);
NP_NODISCARD int np_take_exit(struct np_take *take);
NP_NODISCARD int np_take_open(struct np_take *take);
NP_NODISCARD int np_take_close(struct np_take *take);
NP_NODISCARD int np_take_dup(struct np_take *take);
NP_NODISCARD int np_take_fcntl(struct np_take *take);
NP_NODISCARD int np_take_pipe(struct np_take *take);
NP_NODISCARD int np_take_new_fd(struct np_take *take);
NP_NODISCARD int np_take_memfd(struct np_take *take);
NP_NODISCARD int np_take_pidfd(struct np_take *take);
NP_NODISCARD int np_take_pidfd_getfd(struct np_take *take);
NP_NODISCARD int np_take_chdir(struct np_take *take);
NP_NODISCARD int np_take_fchdir(struct np_take *take);
NP_NODISCARD int np_take_chroot(struct np_take *take);
NP_NODISCARD int np_take_user(struct np_take *take);
NP_NODISCARD int np_take_socket(struct np_take *take);
NP_NODISCARD int np_take_socketpair(struct np_take *take);
NP_NODISCARD int np_take_bind(struct np_take *take);
NP_NODISCARD int np_take_connect(struct np_take *take);
NP_NODISCARD int np_take_accept(struct np_take *take);
NP_NODISCARD int np_take_receive(struct np_take *take);
NP_NODISCARD int np_take_send(struct np_take *take);
