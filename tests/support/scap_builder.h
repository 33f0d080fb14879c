/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Captures by hand, block by block, for tests and for the corpus of the fuzz target. Nothing is
 * checked: what is wrong shall be written, too.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"
#include "source/scap/blocks.h"

enum {
    SCAP_SECTION = 0x0A0D0D0A,
    SCAP_MACHINE = 0x201,
    SCAP_FDS = 0x203,
    SCAP_PROCS_V4 = 0x210,
    SCAP_PROCS = 0x215,
    SCAP_EVENT = 0x216,
    SCAP_EVENT_FLAGS = 0x217,
    SCAP_FDS_V2 = 0x218,
    SCAP_INTERFACES = 0x219,
    SCAP_USERS = 0x220,
    SCAP_EVENT_LARGE = 0x221,
    SCAP_EVENT_FLAGS_LARGE = 0x222,
    SCAP_BUILT_MAX_BYTES = 1 << 24,
};

static inline void scap_u8(struct np_buf *out, uint8_t value)
{
    (void) np_buf_add(out, &value, sizeof(value));
}

static inline void scap_u16(struct np_buf *out, uint16_t value)
{
    (void) np_buf_add(out, &value, sizeof(value));
}

static inline void scap_u32(struct np_buf *out, uint32_t value)
{
    (void) np_buf_add(out, &value, sizeof(value));
}

static inline void scap_u64(struct np_buf *out, uint64_t value)
{
    (void) np_buf_add(out, &value, sizeof(value));
}

static inline void scap_text(struct np_buf *out, const char *text)
{
    scap_u16(out, (uint16_t) strlen(text));
    (void) np_buf_add_str(out, text);
}

/* A block around `body`, padded to four bytes. */
static inline void scap_block(struct np_buf *out, uint32_t type, const struct np_buf *body)
{
    static const char zeros[4];
    size_t padding = (4 - body->len % 4) % 4;
    uint32_t len = (uint32_t) (12 + body->len + padding);
    scap_u32(out, type);
    scap_u32(out, len);
    (void) np_buf_add(out, body->data, body->len);
    (void) np_buf_add(out, zeros, padding);
    scap_u32(out, len);
}

/* Ends a block whose body was written into `body`, and empties that. */
static inline void scap_end_block(struct np_buf *out, uint32_t type, struct np_buf *body)
{
    scap_block(out, type, body);
    np_buf_reset(body);
}

static inline void scap_section(struct np_buf *out)
{
    np_auto_buf struct np_buf body;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_u32(&body, 0x1A2B3C4D);
    scap_u16(&body, 1);
    scap_u16(&body, 2);
    scap_u64(&body, UINT64_MAX);
    scap_block(out, SCAP_SECTION, &body);
}

/* Puts the length of an entry, which begins at `start`, before it: as lists of today have it. */
static inline void scap_end_entry(struct np_buf *body, size_t start)
{
    uint32_t len = (uint32_t) (body->len - start);
    memcpy(body->data + start, &len, sizeof(len));
}

/* What a task is called and who it is; everything else is plain. */
static inline void scap_proc(struct np_buf *body, int64_t tid, int64_t parent, const char *exepath)
{
    size_t start = body->len;
    scap_u32(body, 0);
    scap_u64(body, (uint64_t) tid);
    scap_u64(body, (uint64_t) tid);
    scap_u64(body, (uint64_t) parent);
    scap_u64(body, (uint64_t) tid); /* session */
    scap_u64(body, (uint64_t) tid); /* group */
    scap_text(body, strrchr(exepath, '/') + 1);
    scap_text(body, exepath);
    scap_text(body, exepath);
    scap_text(body, ""); /* arguments */
    scap_text(body, "/srv/");
    scap_u64(body, 1024);
    for (int i = 0; i < 6; i++) /* flags, uid, gid, memory */
        scap_u32(body, 0);
    scap_u64(body, 0);
    scap_u64(body, 0);
    scap_text(body, ""); /* environment */
    scap_u64(body, (uint64_t) tid);
    scap_u64(body, (uint64_t) tid);
    scap_text(body, ""); /* control groups */
    scap_text(body, "/");
    scap_end_entry(body, start);
}

struct scap_event {
    uint32_t block; /* SCAP_EVENT ... */
    uint16_t type;
    int64_t tid;
    uint64_t ts;
    uint32_t count; /* of `params` */
    const struct np_span *params;
};

/* A block of an event. */
static inline void scap_event(struct np_buf *out, const struct scap_event *event)
{
    bool is_large = event->block == SCAP_EVENT_LARGE || event->block == SCAP_EVENT_FLAGS_LARGE;
    size_t width = is_large ? sizeof(uint32_t) : sizeof(uint16_t);
    size_t len = 26 + width * event->count;
    np_auto_buf struct np_buf body;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    for (uint32_t i = 0; i < event->count; i++)
        len += event->params[i].len;
    scap_u16(&body, 1); /* processor */
    if (event->block == SCAP_EVENT_FLAGS || event->block == SCAP_EVENT_FLAGS_LARGE)
        scap_u32(&body, 5);
    scap_u64(&body, event->ts);
    scap_u64(&body, (uint64_t) event->tid);
    scap_u32(&body, (uint32_t) len);
    scap_u16(&body, event->type);
    scap_u32(&body, event->count);
    for (uint32_t i = 0; i < event->count; i++) {
        uint32_t param_len = (uint32_t) event->params[i].len;
        (void) np_buf_add(&body, &param_len, width);
    }
    for (uint32_t i = 0; i < event->count; i++)
        (void) np_buf_add_span(&body, event->params[i]);
    scap_block(out, event->block, &body);
}

/* A path that was opened and got descriptor 3. */
static inline void scap_open(struct np_buf *out, uint64_t ts, const char *path)
{
    static const int64_t fd = 3;
    static const uint32_t flags = 1;
    const struct np_span params[] = {{(const char *) &fd, sizeof(fd)},
                                     {path, strlen(path) + 1},
                                     {(const char *) &flags, sizeof(flags)}};
    scap_event(out, &(struct scap_event){.block = SCAP_EVENT,
                                         .type = NP_SCAP_OPEN_X,
                                         .tid = 7,
                                         .ts = ts,
                                         .count = 3,
                                         .params = params});
}

/* A capture of one task that opens `count` files. */
static inline void scap_small(struct np_buf *out, unsigned count)
{
    np_auto_buf struct np_buf body;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_section(out);
    scap_proc(&body, 7, 1, "/bin/cat");
    scap_end_block(out, SCAP_PROCS, &body);
    for (unsigned i = 0; i < count; i++)
        scap_open(out, 1000000000 + i, "/etc/hosts");
}
