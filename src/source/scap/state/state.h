/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks, descriptors, users and groups rebuilt from a capture: the tables of its beginning, then
 * each event in turn. It follows what Falco makes of the same events, also where a kernel knows
 * better (a name set by prctl is seen in children only, descriptors closed by exec stay known):
 * rules are written against that view. One thread.
 */
#pragma once

#include "base/compiler.h"
#include "source/scap/state/descriptor.h"
#include "source/scap/state/text.h"

struct np_scap_event;
struct np_scap_fd;
struct np_scap_machine;
struct np_scap_proc;
struct np_scap_state;
struct np_scap_user;

/* A thread; the main thread (tid == pid) stands for its process. Identifiers that are not known
 * are -1. */
struct np_task {
    int64_t tid;
    int64_t pid;
    int64_t ptid; /* parent; 0 = none that is known */
    int64_t vtid; /* in the task's own pid namespace */
    int64_t vpid;
    int64_t sid;
    int64_t pgid;
    int64_t vpgid;
    int64_t reaper; /* who got the children at exit; -1 unknown */
    struct np_text *comm;
    struct np_text *exe; /* argument 0 */
    struct np_text *exepath;
    struct np_text *args; /* from argument 1 on, a NUL behind each */
    struct np_text *env;  /* NUL behind each; read with np_task_env() */
    struct np_text *cwd;  /* ends in a slash; read with np_task_cwd() */
    struct np_text *root;
    struct np_text *cgroups; /* "subsystem=path", NUL behind each, as recorded */
    uint32_t uid;            /* UINT32_MAX = unset, also below */
    uint32_t gid;
    uint32_t loginuid;
    uint32_t tty;
    uint32_t flags; /* the capture's own numbers (PPM_CL_*) */
    bool exe_writable;
    bool exe_upper_layer;
    bool exe_lower_layer;
    bool exe_from_memfd;
    bool dead;
    uint64_t exe_ino;
    uint64_t exe_ino_ctime; /* ns, as all times */
    uint64_t exe_ino_mtime;
    uint64_t exe_ino_ctime_duration_clone_ts;    /* clone_ts - ctime; 0 = not told */
    uint64_t exe_ino_ctime_duration_pidns_start; /* ctime - start of the namespace; 0 = not told */
    uint64_t cap_inheritable;
    uint64_t cap_permitted;
    uint64_t cap_effective;
    uint64_t clone_ts;
    uint64_t last_exec_ts; /* 0 = no exec seen */
    uint64_t pidns_init_start_ts;
    uint64_t vmsize_kb; /* memory figures of the last clone or exec */
    uint64_t vmrss_kb;
    uint64_t vmswap_kb;
    uint64_t pfmajor;
    uint64_t pfminor;
    int64_t fdlimit;
    int64_t last_fd; /* the descriptor of its latest event, -1 = none */
};

struct np_user {
    uint32_t uid;
    uint32_t gid;
    struct np_text *name;
    struct np_text *home;
    struct np_text *shell;
};

struct np_group {
    uint32_t gid;
    struct np_text *name;
};

/*
 * What an event met and made. Pointers are valid until the next np_scap_state_take(); what the event
 * removes (an exited task, a closed descriptor) is still there.
 */
struct np_scap_moment {
    const struct np_scap_event *event;
    const struct np_scap_state *state;
    const struct np_task *task;             /* NULL = not known */
    const struct np_descriptor *descriptor; /* NULL = none; after the event */
    int64_t fd;                             /* its number, -1 = none */
    uint64_t before_ts;                     /* time of the event before; of the first one its own */
    bool name_changed;                      /* the event gave the descriptor another name */
    /* Equal where the task is the same and no task, user or group has changed; 0 = none. */
    uint64_t subject;
    int32_t error; /* errno of a failed call, 0 = none */
};

/* An interface of the capturing machine, to fill in the near end of sockets; network order. */
struct np_scap_interface {
    struct np_span address; /* 4 or 16 bytes */
    struct np_span netmask; /* 4 bytes; not of IPv6 */
};

/* What a limit made the state forget; told in the run's summary. */
struct np_scap_state_lost {
    uint64_t tasks;
    uint64_t descriptors;
    uint64_t names; /* users, groups and addresses of the machine */
};

/* An empty state: 0 or -ENOMEM; caller frees. */
NP_NODISCARD int np_scap_state_new(struct np_scap_state **out_state);
void np_scap_state_free(struct np_scap_state **state);
#define np_auto_scap_state NP_CLEANUP(np_scap_state_free)

/*
 * The tables at the beginning, in any order but a task before its descriptors; an id met again
 * replaces. 0 or -ENOMEM; what a full table cannot hold counts as lost.
 */
void np_scap_state_set_machine(struct np_scap_state *state, const struct np_scap_machine *machine);
NP_NODISCARD int np_scap_state_add_proc(struct np_scap_state *state,
                                        const struct np_scap_proc *proc);
NP_NODISCARD int np_scap_state_add_fd(struct np_scap_state *state, int64_t tid,
                                      const struct np_scap_fd *fd);
NP_NODISCARD int np_scap_state_add_user(struct np_scap_state *state,
                                        const struct np_scap_user *user);
NP_NODISCARD int np_scap_state_add_interface(struct np_scap_state *state,
                                             const struct np_scap_interface *interface);

/*
 * Takes the next event and says what it met. The moment borrows `event`. 0 or -ENOMEM (the state is
 * sound, the moment is not written).
 */
NP_NODISCARD int np_scap_state_take(struct np_scap_state *state, const struct np_scap_event *event,
                                    struct np_scap_moment *out_moment);

void np_scap_state_lost(const struct np_scap_state *state, struct np_scap_state_lost *out_lost);

/* The task of a thread id, its main thread, its parent; NULL = not known. */
const struct np_task *np_task_find(const struct np_scap_state *state, int64_t tid);
const struct np_task *np_task_main(const struct np_scap_state *state, const struct np_task *task);
const struct np_task *np_task_parent(const struct np_scap_state *state, const struct np_task *task);

/* Whether the task is in a pid namespace of its own. */
bool np_task_in_pidns(const struct np_task *task);

/* Of the process (its main thread); empty where that is not known. */
struct np_span np_task_cwd(const struct np_scap_state *state, const struct np_task *task);
struct np_span np_task_env(const struct np_scap_state *state, const struct np_task *task);

/* A descriptor of the task's process, and how many it has open; NULL, 0 where not known. */
const struct np_descriptor *np_task_descriptor(const struct np_scap_state *state,
                                               const struct np_task *task, int64_t fd);
size_t np_task_descriptor_count(const struct np_scap_state *state, const struct np_task *task);

/* The next descriptor from place `*cursor` on (0 = the first), in no order; NULL at the end. */
const struct np_descriptor *np_task_descriptor_next(const struct np_scap_state *state,
                                                    const struct np_task *task, size_t *cursor);

/* Living threads of the task's process; 0 where not known. */
size_t np_task_threads(const struct np_scap_state *state, const struct np_task *task);

/* The user or group of an id; NULL = not known. */
const struct np_user *np_scap_state_user(const struct np_scap_state *state, uint32_t uid);
const struct np_group *np_scap_state_group(const struct np_scap_state *state, uint32_t gid);

/* Whether an address (4 or 16 bytes) is one of the capturing machine. */
bool np_scap_state_is_local(const struct np_scap_state *state, const uint8_t *address, size_t len);

/* The time of the first event (0 = none). */
uint64_t np_scap_state_first_ts(const struct np_scap_state *state);
