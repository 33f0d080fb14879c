/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small machine to replay calls on: events are written parameter by parameter, as a capture has
 * them, and taken by a state.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/scap/blocks.h"
#include "source/scap/state/state.h"

enum {
    FIRST_NS = 1000000000,
    STEP_NS = 1000, /* between two events */
    CL_THREAD = 1 << 13,
    CL_VFORK = 1 << 27,
    CL_IN_PIDNS = 1 << 29,
    O_PPM_CLOEXEC = 1 << 12,
    O_PPM_DIRECTORY = 1 << 10,
};

struct world {
    struct np_scap_state *state;
    struct np_scap_event event;
    struct np_scap_moment moment;
    uint64_t ts;
    char bytes[16384];
    size_t used;
};

static inline void world_init(struct world *world)
{
    memset(world, 0, sizeof(*world));
    world->ts = FIRST_NS;
    assert_int_equal(np_scap_state_new(&world->state), 0);
}

static inline void world_done(struct world *world)
{
    np_scap_state_free(&world->state);
}

/* Begins the next event. */
static inline void event_begin(struct world *world, uint16_t type, int64_t tid)
{
    world->used = 0;
    world->ts += STEP_NS;
    world->event = (struct np_scap_event){
        .ts = world->ts, .tid = tid, .type = type, .info = np_scap_type_of(type)};
    assert_non_null(world->event.info);
}

static inline void put_bytes(struct world *world, size_t param, const void *bytes, size_t len)
{
    assert_true(world->used + len <= sizeof(world->bytes));
    memcpy(world->bytes + world->used, bytes, len);
    world->event.params[param] = (struct np_span){world->bytes + world->used, len};
    world->used += len;
    if (world->event.params_len <= param)
        world->event.params_len = (uint32_t) param + 1;
}

static inline void put_text(struct world *world, size_t param, const char *text)
{
    put_bytes(world, param, text, strlen(text) + 1);
}

static inline size_t width_of(enum np_scap_param_type type)
{
    switch (type) {
    case NP_SCAP_UINT8:
    case NP_SCAP_SIGTYPE:
    case NP_SCAP_FLAGS8:
    case NP_SCAP_ENUMFLAGS8:
        return 1;
    case NP_SCAP_INT16:
    case NP_SCAP_UINT16:
    case NP_SCAP_SYSCALLID:
    case NP_SCAP_FLAGS16:
    case NP_SCAP_ENUMFLAGS16:
        return 2;
    case NP_SCAP_INT64:
    case NP_SCAP_UINT64:
    case NP_SCAP_ERRNO:
    case NP_SCAP_FD:
    case NP_SCAP_PID:
    case NP_SCAP_RELTIME:
    case NP_SCAP_ABSTIME:
        return 8;
    default:
        return 4;
    }
}

static inline void put(struct world *world, size_t param, int64_t value)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t) ((uint64_t) value >> 8 * i);
    put_bytes(world, param, bytes, width_of(world->event.info->params[param].type));
}

static inline const struct np_scap_moment *take(struct world *world)
{
    assert_int_equal(np_scap_state_take(world->state, &world->event, &world->moment), 0);
    return &world->moment;
}

/* A task of the table at the beginning. */
static inline void add_task(struct world *world, int64_t tid, int64_t pid, int64_t ptid,
                            const char *comm)
{
    struct np_scap_proc proc = {
        .tid = tid,
        .pid = pid,
        .ptid = ptid,
        .vtid = tid,
        .vpid = pid,
        .comm = np_span_of(comm),
        .exe = np_span_of(comm),
        .exepath = NP_SPAN("/bin/program"),
        .cwd = NP_SPAN("/home"),
        .env = NP_SPAN("A=1\0B=2"),
        .flags = tid == pid ? 0 : CL_THREAD | 1,
        .uid = 7,
        .cap_effective = 5,
        .has_caps = true,
        .exe_ino = 77,
    };
    assert_int_equal(np_scap_state_add_proc(world->state, &proc), 0);
}

/* A side of a clone: `result` is the child's tid in the caller and 0 in the child. */
struct clone {
    uint16_t type;
    int64_t tid;
    int64_t result;
    int64_t pid;
    int64_t ptid;
    const char *comm;
    uint32_t flags;
    int64_t vtid; /* 0 = tid */
    int64_t vpid; /* 0 = pid */
};

static inline const struct np_scap_moment *take_clone(struct world *world, struct clone side)
{
    event_begin(world, side.type != 0 ? side.type : NP_SCAP_CLONE_20_X, side.tid);
    put(world, 0, side.result);
    put_text(world, 1, side.comm);
    put_bytes(world, 2, "-x\0", 3);
    put(world, 3, side.tid);
    put(world, 4, side.pid);
    put(world, 5, side.ptid);
    put(world, 7, 1024);
    put_text(world, 13, side.comm);
    put(world, 15, side.flags);
    put(world, 16, 8);
    put(world, 17, 9);
    put(world, 18, side.vtid != 0 ? side.vtid : side.tid);
    put(world, 19, side.vpid != 0 ? side.vpid : side.pid);
    return take(world);
}

static inline const struct np_scap_moment *take_exec(struct world *world, int64_t tid,
                                                     const char *path, const char *comm)
{
    event_begin(world, NP_SCAP_EXECVE_19_X, tid);
    put(world, 0, 0);
    put_text(world, 1, comm);
    put_bytes(world, 2, "-l\0/tmp\0", 8);
    put(world, 3, tid);
    put(world, 4, tid);
    put(world, 5, 1);
    put(world, 7, 4096);
    put_text(world, 13, comm);
    put_bytes(world, 15, "C=3\0", 4);
    put(world, 16, 34816);
    put(world, 17, tid);
    put(world, 18, 1000);
    put(world, 19, 5); /* writable, from a memory file */
    put(world, 20, 1);
    put(world, 21, 2);
    put(world, 22, 3);
    put(world, 23, 99);
    put(world, 24, FIRST_NS / 2);
    put(world, 25, FIRST_NS / 4);
    put(world, 26, 33);
    put_text(world, 27, path);
    put(world, 28, tid);
    put(world, 29, 44);
    return take(world);
}

static inline void take_exit(struct world *world, int64_t tid, int64_t reaper)
{
    event_begin(world, NP_SCAP_PROCEXIT_1_E, tid);
    put(world, 0, 0);
    put(world, 4, reaper);
    take(world);
}

/* An event that changes nothing, so that what the one before left is removed. */
static inline void take_nothing(struct world *world)
{
    event_begin(world, NP_SCAP_USER_DELETED_E, -1);
    put(world, 0, 4000000);
    take(world);
}

static inline const struct np_scap_moment *take_openat(struct world *world, int64_t tid, int64_t fd,
                                                       int64_t dirfd, const char *path,
                                                       int64_t flags)
{
    event_begin(world, NP_SCAP_OPENAT_2_X, tid);
    put(world, 0, fd);
    put(world, 1, dirfd);
    put_text(world, 2, path);
    put(world, 3, flags);
    put(world, 4, 0);
    put(world, 5, 8);
    put(world, 6, 1234);
    return take(world);
}

/* A call of a result and, where it is told, one number behind it. */
static inline const struct np_scap_moment *take_call(struct world *world, uint16_t type,
                                                     int64_t tid, int64_t result, int64_t number)
{
    event_begin(world, type, tid);
    put(world, 0, result);
    put(world, 1, number);
    return take(world);
}

#define assert_text(text, expected)                                                                \
    do {                                                                                           \
        struct np_span text_ = np_text_span(text);                                                 \
        struct np_span expected_ = np_span_of(expected);                                           \
        assert_int_equal(text_.len, expected_.len);                                                \
        assert_memory_equal(text_.ptr, expected_.ptr, expected_.len);                              \
    } while (0)

#define assert_span(span, expected)                                                                \
    do {                                                                                           \
        struct np_span span_ = (span);                                                             \
        struct np_span expected_ = np_span_of(expected);                                           \
        assert_int_equal(span_.len, expected_.len);                                                \
        assert_memory_equal(span_.ptr, expected_.ptr, expected_.len);                              \
    } while (0)
