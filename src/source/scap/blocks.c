/* SPDX-License-Identifier: Apache-2.0 */
/* Heads, the section, the machine and events: see blocks.h. Lists are in lists.c. */
#include "source/scap/blocks.h"

#include <inttypes.h>
#include <string.h>

#include "base/compiler.h"
#include "source/scap/bytes.h"

enum {
    SECTION = 0x0A0D0D0A,
    BYTE_ORDER_MARK = 0x1A2B3C4D,
    BYTE_ORDER_SWAPPED = 0x4D3C2B1A,
    MAJOR_VERSION = 1,
    TRAILER_BYTES = 4,
    HOSTNAME_BYTES = 128,
    EVENT_HEAD_BYTES = 26, /* time, thread, length, type, count of parameters */
};

struct known_block {
    uint32_t type;
    enum np_scap_block_kind kind;
    bool has_flags;
    bool is_large;
};

/* Blocks whose number ends in ABCD, and events without a count of parameters, are of before 2020.*/
static const struct known_block known_blocks[] = {
    {0x216, NP_SCAP_BLOCK_EVENT, false, false},
    {0x217, NP_SCAP_BLOCK_EVENT, true, false},
    {0x221, NP_SCAP_BLOCK_EVENT, false, true},
    {0x222, NP_SCAP_BLOCK_EVENT, true, true},
    {SECTION, NP_SCAP_BLOCK_SECTION, false, false},
    {0x201, NP_SCAP_BLOCK_MACHINE, false, false},
    {0x202, NP_SCAP_BLOCK_PROCS, false, false},
    {0x207, NP_SCAP_BLOCK_PROCS, false, false},
    {0x209, NP_SCAP_BLOCK_PROCS, false, false},
    {0x210, NP_SCAP_BLOCK_PROCS, false, false},
    {0x211, NP_SCAP_BLOCK_PROCS, false, false},
    {0x212, NP_SCAP_BLOCK_PROCS, false, false},
    {0x213, NP_SCAP_BLOCK_PROCS, false, false},
    {0x214, NP_SCAP_BLOCK_PROCS, false, false},
    {0x215, NP_SCAP_BLOCK_PROCS, false, false},
    {0x203, NP_SCAP_BLOCK_FDS, false, false},
    {0x218, NP_SCAP_BLOCK_FDS, false, false},
    {0x205, NP_SCAP_BLOCK_INTERFACES, false, false},
    {0x219, NP_SCAP_BLOCK_INTERFACES, false, false},
    {0x206, NP_SCAP_BLOCK_USERS, false, false},
    {0x220, NP_SCAP_BLOCK_USERS, false, false},
    {0x204, NP_SCAP_BLOCK_OLD, false, false},
    {0x208, NP_SCAP_BLOCK_OLD, false, false},
    {0x8000ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8001ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8002ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8010ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8011ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8012ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8013ABCD, NP_SCAP_BLOCK_OLD, false, false},
    {0x8014ABCD, NP_SCAP_BLOCK_OLD, false, false},
};

static uint32_t u32_at(struct np_span bytes, size_t at)
{
    return (uint32_t) np_scap_number(bytes.ptr + at, sizeof(uint32_t));
}

enum np_verdict np_scap_detect(struct np_span head)
{
    static const char magic[] = {'\n', '\r', '\r', '\n'};
    if (memcmp(head.ptr, magic, NP_MIN(head.len, sizeof(magic))) != 0)
        return NP_VERDICT_NO;
    if (head.len < NP_SCAP_MAGIC_BYTES)
        return NP_VERDICT_UNSURE;
    uint32_t mark = u32_at(head, NP_SCAP_BLOCK_HEAD_BYTES);
    return mark == BYTE_ORDER_MARK || mark == BYTE_ORDER_SWAPPED ? NP_VERDICT_YES : NP_VERDICT_NO;
}

static void tell_kind(struct np_scap_block *block)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(known_blocks); i++) {
        if (known_blocks[i].type != block->type)
            continue;
        block->kind = known_blocks[i].kind;
        block->has_flags = known_blocks[i].has_flags;
        block->is_large = known_blocks[i].is_large;
        return;
    }
}

int np_scap_block_head(struct np_span head, struct np_scap_block *out_block, size_t *out_len,
                       struct np_err *err)
{
    struct np_scap_block block = {.type = u32_at(head, 0), .kind = NP_SCAP_BLOCK_UNKNOWN};
    uint32_t len = u32_at(head, 4);
    if (len < NP_SCAP_BLOCK_MIN_BYTES)
        return np_fail(err, -EBADMSG, "a block says that it has %" PRIu32 " bytes", len);
    tell_kind(&block);
    *out_block = block;
    *out_len = len;
    return 0;
}

int np_scap_block_take(struct np_span bytes, struct np_scap_block *block, struct np_err *err)
{
    if (u32_at(bytes, bytes.len - TRAILER_BYTES) != bytes.len)
        return np_fail(err, -EBADMSG, "the length in front of a block is not the one behind it");
    block->body = np_span_make(bytes.ptr + NP_SCAP_BLOCK_HEAD_BYTES,
                               bytes.len - NP_SCAP_BLOCK_HEAD_BYTES - TRAILER_BYTES);
    return 0;
}

int np_scap_section(struct np_span body, struct np_err *err)
{
    struct np_scap_bytes bytes = {.rest = body};
    uint32_t mark = np_scap_take_u32(&bytes);
    uint16_t major = np_scap_take_u16(&bytes);
    uint16_t minor = np_scap_take_u16(&bytes);
    if (mark == BYTE_ORDER_SWAPPED)
        return np_fail(err, -ENOTSUP, "a capture of a big-endian machine, which is not read");
    if (mark != BYTE_ORDER_MARK || bytes.is_short)
        return np_fail(err, -EBADMSG, "no header of a capture");
    if (major != MAJOR_VERSION)
        return np_fail(err, -ENOTSUP,
                       "a capture in version %u.%u of the format, of which 1.x is read",
                       (unsigned) major, (unsigned) minor);
    return 0;
}

int np_scap_machine(struct np_span body, struct np_scap_machine *out_machine, struct np_err *err)
{
    struct np_scap_bytes bytes = {.rest = body};
    struct np_scap_machine machine = {
        .cpus = np_scap_take_u32(&bytes),
        .memory_bytes = np_scap_take_u64(&bytes),
        .max_pid = np_scap_take_u64(&bytes),
        .hostname = np_scap_take(&bytes, HOSTNAME_BYTES),
    };
    if (bytes.is_short)
        return np_fail(err, -EBADMSG, "the description of the machine is cut off");
    machine.hostname.len = strnlen(machine.hostname.ptr, machine.hostname.len);
    if (bytes.rest.len >= sizeof(machine.boot_ns))
        machine.boot_ns = np_scap_take_u64(&bytes);
    *out_machine = machine;
    return 0;
}

/* Cuts the parameters: their lengths stand before all of them. */
static int cut_params(struct np_span rest, bool is_large, uint32_t count,
                      struct np_scap_event *event, struct np_err *err)
{
    size_t width = is_large ? sizeof(uint32_t) : sizeof(uint16_t);
    if (count > rest.len / width)
        return np_fail(err, -EBADMSG, "an event says that it has %" PRIu32 " parameters", count);
    struct np_span params = np_span_from(rest, count * width);
    event->params_len = NP_MIN(count, event->info->params_len);
    for (uint32_t i = 0; i < count; i++) {
        size_t len = (size_t) np_scap_number(rest.ptr + i * width, width);
        if (len > params.len)
            return np_fail(err, -EBADMSG, "the parameters of an event are longer than its block");
        if (i < event->params_len)
            event->params[i] = np_span_make(params.ptr, len);
        params = np_span_make(params.ptr + len, params.len - len);
    }
    for (uint32_t i = event->params_len; i < event->info->params_len; i++)
        event->params[i] = (struct np_span){};
    return 0;
}

int np_scap_event(const struct np_scap_block *block, struct np_scap_event *out_event,
                  struct np_err *err)
{
    struct np_span body = block->body;
    size_t lead = sizeof(uint16_t) + (block->has_flags ? sizeof(uint32_t) : 0);
    if (body.len < lead + EVENT_HEAD_BYTES)
        return np_fail(err, -EBADMSG, "an event is longer than its block");
    struct np_span head = np_span_make(body.ptr + lead, body.len - lead);
    uint32_t len = u32_at(head, 16);
    if (len > head.len || len < EVENT_HEAD_BYTES)
        return np_fail(err, -EBADMSG, "an event is longer than its block");
    out_event->cpu = (uint16_t) np_scap_number(body.ptr, sizeof(uint16_t));
    out_event->flags = block->has_flags ? u32_at(body, 2) : 0;
    out_event->ts = np_scap_number(head.ptr, sizeof(uint64_t));
    out_event->tid = (int64_t) np_scap_number(head.ptr + 8, sizeof(uint64_t));
    out_event->type = (uint16_t) np_scap_number(head.ptr + 20, sizeof(uint16_t));
    out_event->info = np_scap_type_of(out_event->type);
    out_event->params_len = 0;
    if (out_event->info == NULL)
        return 0;
    struct np_span rest = np_span_make(head.ptr + EVENT_HEAD_BYTES, len - EVENT_HEAD_BYTES);
    int r = cut_params(rest, block->is_large, u32_at(head, 22), out_event, err);
    return r < 0 ? r : 1;
}
