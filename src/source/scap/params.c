/* SPDX-License-Identifier: Apache-2.0 */
/* Single parameters of an event: see blocks.h. */
#include <string.h>

#include "source/scap/blocks.h"

/* How a type is stored as a number; 0 = it is none. Negative: signed. */
static int width_of(enum np_scap_param_type type)
{
    switch (type) {
    case NP_SCAP_INT8:
        return -1;
    case NP_SCAP_INT16:
        return -2;
    case NP_SCAP_INT32:
        return -4;
    case NP_SCAP_INT64:
    case NP_SCAP_ERRNO:
    case NP_SCAP_FD:
    case NP_SCAP_PID:
        return -8;
    case NP_SCAP_UINT8:
    case NP_SCAP_SIGTYPE:
    case NP_SCAP_FLAGS8:
    case NP_SCAP_ENUMFLAGS8:
        return 1;
    case NP_SCAP_UINT16:
    case NP_SCAP_SYSCALLID:
    case NP_SCAP_FLAGS16:
    case NP_SCAP_ENUMFLAGS16:
        return 2;
    case NP_SCAP_UINT32:
    case NP_SCAP_UID:
    case NP_SCAP_GID:
    case NP_SCAP_MODE:
    case NP_SCAP_BOOL:
    case NP_SCAP_SIGSET:
    case NP_SCAP_FLAGS32:
    case NP_SCAP_ENUMFLAGS32:
        return 4;
    case NP_SCAP_UINT64:
    case NP_SCAP_RELTIME:
    case NP_SCAP_ABSTIME:
        return 8;
    case NP_SCAP_CHARBUF:
    case NP_SCAP_FSPATH:
    case NP_SCAP_FSRELPATH:
    case NP_SCAP_BYTEBUF:
    case NP_SCAP_CHARBUFS:
    case NP_SCAP_CHARPAIRS:
    case NP_SCAP_SOCKADDR:
    case NP_SCAP_SOCKTUPLE:
    case NP_SCAP_FDLIST:
    case NP_SCAP_DYN:
    case NP_SCAP_PARAM_TYPE_MAX:
        break;
    }
    return 0;
}

/* The number that `bytes` begin with, its sign carried to the full width. */
static int64_t read_number(struct np_span bytes, int width)
{
    uint64_t value = 0;
    size_t len = (size_t) (width < 0 ? -width : width);
    memcpy(&value, bytes.ptr, len);
    unsigned unused = 64 - 8 * (unsigned) len;
    return width < 0 ? (int64_t) (value << unused) >> unused : (int64_t) value;
}

bool np_scap_event_int(const struct np_scap_event *event, size_t i, int64_t *out_value)
{
    if (i >= event->params_len)
        return false;
    struct np_span bytes = event->params[i];
    enum np_scap_param_type type = event->info->params[i].type;
    if (type == NP_SCAP_DYN && bytes.len > 0) {
        const struct np_scap_variants *variants = event->info->params[i].variants;
        size_t which = (unsigned char) bytes.ptr[0];
        if (which >= variants->count)
            return false;
        type = variants->items[which].type;
        bytes = np_span_from(bytes, 1);
    }
    int width = width_of(type);
    if (width == 0 || bytes.len < (size_t) (width < 0 ? -width : width))
        return false;
    *out_value = read_number(bytes, width);
    return true;
}

struct np_span np_scap_event_text(const struct np_scap_event *event, size_t i)
{
    if (i >= event->params_len || event->params[i].len == 0)
        return (struct np_span){};
    struct np_span text = event->params[i];
    text.len = strnlen(text.ptr, text.len);
    return text;
}

bool np_scap_event_result(const struct np_scap_event *event, int64_t *out_result)
{
    if (event->params_len == 0 || event->info->origin != NP_SCAP_FROM_SYSCALL)
        return false;
    enum np_scap_param_type type = event->info->params[0].type;
    bool is_result = type == NP_SCAP_ERRNO || type == NP_SCAP_FD || type == NP_SCAP_PID;
    return is_result && np_scap_event_int(event, 0, out_result);
}
