/* SPDX-License-Identifier: Apache-2.0 */
/* Single parameters of an event: see params.h and blocks.h. */
#include "source/scap/params.h"

#include <string.h>

#include "source/scap/bytes.h"

struct np_scap_stored np_scap_event_stored(const struct np_scap_event *event, size_t i)
{
    const struct np_scap_param *info = &event->info->params[i];
    struct np_scap_stored stored = {info->type, event->params[i]};
    if (stored.type != NP_SCAP_DYN || stored.bytes.len == 0)
        return stored;
    size_t which = (unsigned char) stored.bytes.ptr[0];
    if (which >= info->variants->count)
        return stored;
    stored.type = info->variants->items[which].type;
    stored.bytes = np_span_from(stored.bytes, 1);
    return stored;
}

bool np_scap_event_int(const struct np_scap_event *event, size_t i, int64_t *out_value)
{
    if (i >= event->params_len)
        return false;
    enum np_scap_param_type type = event->info->params[i].type;
    const char *bytes = event->params[i].ptr;
    size_t len = event->params[i].len;
    if (type == NP_SCAP_DYN) {
        struct np_scap_stored stored = np_scap_event_stored(event, i);
        type = stored.type;
        bytes = stored.bytes.ptr;
        len = stored.bytes.len;
    }
    struct np_scap_width width = np_scap_width_of(type);
    if (width.bytes == 0 || len < width.bytes)
        return false;
    uint64_t bits = np_scap_number(bytes, width.bytes);
    *out_value = width.is_signed ? np_scap_carry_sign(bits, width.bytes) : (int64_t) bits;
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

struct np_span np_scap_event_name(const struct np_scap_event *event)
{
    int64_t number = 0;
    if (event->type == NP_SCAP_ASYNCEVENT_E)
        return np_scap_event_text(event, 1);
    bool is_numbered = event->type == NP_SCAP_GENERIC_X && np_scap_event_int(event, 0, &number);
    const char *call = is_numbered ? np_scap_call_name((uint64_t) number) : NULL;
    return np_span_of(call != NULL ? call : event->info->name);
}

bool np_scap_event_has_own_name(const struct np_scap_event *event)
{
    return event->type == NP_SCAP_ASYNCEVENT_E || event->type == NP_SCAP_GENERIC_X;
}

bool np_scap_event_result(const struct np_scap_event *event, int64_t *out_result)
{
    if (event->params_len == 0 || event->info->origin != NP_SCAP_FROM_SYSCALL)
        return false;
    enum np_scap_param_type type = event->info->params[0].type;
    bool is_result = type == NP_SCAP_ERRNO || type == NP_SCAP_FD || type == NP_SCAP_PID;
    return is_result && np_scap_event_int(event, 0, out_result);
}
