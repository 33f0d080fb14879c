/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters that are numbers, as text: flags and errors by name, descriptors and tasks by what they are.
 */
#include "source/scap/fields/argument.h"

#include <inttypes.h>
#include <stdio.h>

#include "event/falco/times.h"
#include "source/scap/bytes.h"
#include "source/scap/state/path.h"

/* Unsigned numbers of 64 bits are written as signed ones, as Falco does. */
static void write_number(const struct np_argument *argument, uint64_t bits)
{
    struct np_scap_width width = np_scap_width_of(argument->type);
    struct np_buf *out = &argument->out->plain;
    switch (argument->info->format) {
    case NP_SCAP_OCTAL:
        (void) np_buf_printf(out, "%#" PRIo64, bits);
        break;
    case NP_SCAP_HEX:
        (void) np_buf_printf(out, "%" PRIX64, bits);
        break;
    default:
        np_write_int(out, width.is_signed ? np_scap_carry_sign(bits, width.bytes) : (int64_t) bits);
    }
}

static void add_error(struct np_buf *out, int64_t result)
{
    const char *name = result < 0 && result > -INT32_MAX ? np_errno_name(-result) : NULL;
    if (name != NULL)
        (void) np_buf_add_str(out, name);
}

static char protocol_char(const struct np_descriptor *descriptor)
{
    switch (np_descriptor_proto(descriptor)) {
    case NP_L4_TCP:
        return 't';
    case NP_L4_UDP:
        return 'u';
    case NP_L4_ICMP:
        return 'i';
    case NP_L4_RAW:
        return 'r';
    default:
        return '\0';
    }
}

static void write_descriptor(const struct np_argument *argument, uint64_t bits)
{
    int64_t fd = (int64_t) bits;
    const struct np_scap_moment *moment = argument->query->moment;
    struct np_buf *out = &argument->out->meaning;
    np_write_int(&argument->out->plain, fd);
    if (fd == NP_SCAP_AT_FDCWD) {
        (void) np_buf_add_str(out, "AT_FDCWD");
    } else if (fd < 0) {
        add_error(out, fd);
    } else if (moment->task != NULL) {
        const struct np_descriptor *descriptor =
            fd == moment->fd && moment->descriptor != NULL
                ? moment->descriptor
                : np_task_descriptor(moment->state, moment->task, fd);
        if (descriptor == NULL)
            return;
        char head[] = {'<', np_descriptor_char(descriptor), protocol_char(descriptor), '\0'};
        (void) np_buf_add_str(out, head);
        (void) np_buf_add_char(out, '>');
        (void) np_buf_add_span(out, np_text_span(descriptor->name));
    }
}

static void write_task(const struct np_argument *argument, uint64_t bits)
{
    int64_t tid = (int64_t) bits;
    np_write_int(&argument->out->plain, tid);
    const struct np_task *task = np_task_find(argument->query->moment->state, tid);
    if (task != NULL)
        (void) np_buf_add_span(&argument->out->meaning, np_text_span(task->comm));
}

static void add_name(struct np_buf *out, const char *name)
{
    if (out->len > 0)
        (void) np_buf_add_char(out, '|');
    (void) np_buf_add_str(out, name);
}

/* Names of an enumeration's value; some have several. */
static void write_enum(const struct np_argument *argument, uint64_t bits)
{
    np_write_int(&argument->out->plain, (int64_t) bits);
    const struct np_scap_flags *flags = argument->info->flags;
    for (size_t i = 0; flags != NULL && i < flags->count; i++) {
        if (flags->items[i].value != bits)
            continue;
        add_name(&argument->out->meaning, flags->items[i].name);
    }
}

/* Names of bits in the order of the table, each bit under the first name that has it; a name for 0 is of 0 only. */
static void write_flags(const struct np_argument *argument, uint64_t bits)
{
    const struct np_scap_flags *flags = argument->info->flags;
    uint64_t rest = bits;
    np_write_int(&argument->out->plain, (int64_t) bits);
    for (size_t i = 0; flags != NULL && i < flags->count; i++) {
        uint32_t flag = flags->items[i].value;
        if (flag == 0 ? bits != 0 : (rest & flag) != flag)
            continue;
        add_name(&argument->out->meaning, flags->items[i].name);
        rest &= ~(uint64_t) flag;
        if (flag == bits)
            return;
    }
}

/* As for flags, but a name for the whole value ends the list wherever it stands. */
static void write_mode(const struct np_argument *argument, uint64_t bits)
{
    const struct np_scap_flags *flags = argument->info->flags;
    uint64_t rest = bits;
    write_number(argument, bits);
    for (size_t i = 0; flags != NULL && i < flags->count; i++) {
        uint32_t flag = flags->items[i].value;
        bool is_whole = flag == bits;
        if (!is_whole && (flag == 0 || (rest & flag) != flag))
            continue;
        add_name(&argument->out->meaning, flags->items[i].name);
        rest &= ~(uint64_t) flag;
        if (is_whole)
            return;
    }
}

/* A user or group. */
static void write_owner(const struct np_argument *argument, uint64_t bits)
{
    uint32_t id = (uint32_t) bits;
    const struct np_scap_state *state = argument->query->moment->state;
    struct np_span name = {};
    if (id == UINT32_MAX) {
        (void) np_buf_add_str(&argument->out->plain, "-1");
        (void) np_buf_add_str(&argument->out->meaning, "<NONE>");
        return;
    }
    np_write_int(&argument->out->plain, (int32_t) id);
    if (argument->type == NP_SCAP_UID) {
        const struct np_user *user = np_scap_state_user(state, id);
        name = user != NULL ? np_text_span(user->name) : name;
    } else {
        const struct np_group *group = np_scap_state_group(state, id);
        name = group != NULL ? np_text_span(group->name) : name;
    }
    (void) np_buf_add_span(&argument->out->meaning, name.len > 0 ? name : NP_SPAN("<NA>"));
}

/* "SIGINT", or nothing. */
static void add_signal(struct np_buf *out, uint64_t number)
{
    const char *name = number <= INT8_MAX ? sigabbrev_np((int) number) : NULL;
    if (name != NULL)
        (void) np_buf_printf(out, "%sSIG%s", out->len > 0 ? " " : "", name);
}

static void write_signal(const struct np_argument *argument, uint64_t bits)
{
    np_write_int(&argument->out->plain, (int64_t) bits);
    add_signal(&argument->out->meaning, bits);
}

static void write_signals(const struct np_argument *argument, uint64_t bits)
{
    for (unsigned bit = 0; bit < 32; bit++)
        if ((bits >> bit & 1) != 0)
            add_signal(&argument->out->plain, bit + 1);
}

static void write_duration(const struct np_argument *argument, uint64_t bits)
{
    if (bits == UINT64_MAX) {
        (void) np_buf_add_str(&argument->out->plain, "none");
        return;
    }
    np_write_int(&argument->out->plain, (int64_t) bits);
    (void) np_buf_printf(&argument->out->meaning, "%gs", (double) bits / 1e9);
}

/* "2026-01-31 23:59:59.000000001 +0000" */
static void write_moment(const struct np_argument *argument, uint64_t bits)
{
    struct np_buf *out = &argument->out->plain;
    struct np_value value;
    int r =
        np_falco_time_value(NP_FALCO_TIME_DATE, (np_time_ns) bits, argument->query->arena, &value);
    if (r < 0)
        out->error = r;
    (void) np_buf_add_span(out, value.text);
    (void) np_buf_add_str(out, " +0000");
}

static void write_result(const struct np_argument *argument, uint64_t bits)
{
    np_write_int(&argument->out->plain, (int64_t) bits);
    add_error(&argument->out->meaning, (int64_t) bits);
}

static void write_call(const struct np_argument *argument, uint64_t bits)
{
    const char *name = np_scap_call_name(bits);
    np_write_int(&argument->out->plain, (int64_t) bits);
    (void) np_buf_add_str(&argument->out->meaning, name != NULL ? name : "");
}

int np_argument_number(const struct np_argument *argument)
{
    static void (*const writers[NP_SCAP_PARAM_TYPE_MAX])(const struct np_argument *argument,
                                                         uint64_t bits) = {
        [NP_SCAP_ERRNO] = write_result,     [NP_SCAP_FD] = write_descriptor,
        [NP_SCAP_PID] = write_task,         [NP_SCAP_UID] = write_owner,
        [NP_SCAP_GID] = write_owner,        [NP_SCAP_MODE] = write_mode,
        [NP_SCAP_FLAGS8] = write_flags,     [NP_SCAP_FLAGS16] = write_flags,
        [NP_SCAP_FLAGS32] = write_flags,    [NP_SCAP_ENUMFLAGS8] = write_enum,
        [NP_SCAP_ENUMFLAGS16] = write_enum, [NP_SCAP_ENUMFLAGS32] = write_enum,
        [NP_SCAP_SIGTYPE] = write_signal,   [NP_SCAP_SIGSET] = write_signals,
        [NP_SCAP_RELTIME] = write_duration, [NP_SCAP_ABSTIME] = write_moment,
        [NP_SCAP_SYSCALLID] = write_call,
    };
    struct np_scap_bytes bytes = {.rest = argument->bytes};
    uint64_t bits = np_scap_take_number(&bytes, np_scap_width_of(argument->type).bytes);
    if (bytes.is_short)
        return np_buf_add_str(&argument->out->plain, "<NA>");
    if (writers[argument->type] != NULL)
        writers[argument->type](argument, bits);
    else
        write_number(argument, bits);
    return 0;
}
