/* SPDX-License-Identifier: Apache-2.0 */
/* Which file of this folder knows a field; and the head of a record. */
#include "source/scap/fields/fields.h"

#include <errno.h>

#include "source/scap/fields/query.h"

/* Parts of the catalogue, by their last field, in its order. */
static const struct {
    uint16_t last; /* enum np_syscall_field */
    int (*answer)(const struct np_query *query);
} parts[] = {
    {NP_SYSCALL_EVT_HOSTNAME, np_field_event_general},
    {NP_SYSCALL_EVT_IS_OPEN_CREATE, np_field_event},
    {NP_SYSCALL_PROC_STDERR_NAME, np_field_process},
    {NP_SYSCALL_GROUP_NAME, np_field_user},
    {NP_SYSCALL_FD_IS_LOWER_LAYER, np_field_descriptor},
    {NP_SYSCALL_FS_PATH_TARGETRAW, np_field_path},
    {NP_SYSCALL_FDLIST_SPORTS, np_field_polled},
};

int np_scap_field(const struct np_scap_moment *moment, const struct np_syscall_want *want,
                  struct np_arena *arena, struct np_value *out_value)
{
    struct np_query query = {
        .moment = moment,
        .event = moment->event,
        .want = want,
        .arena = arena,
        .out = out_value,
    };
    *out_value = (struct np_value){};
    if (want->which == NP_SYSCALL_INITIATED)
        return np_put_bool(&query, true);
    for (size_t i = 0; i < NP_ARRAY_LEN(parts); i++)
        if (want->which <= parts[i].last)
            return parts[i].answer(&query);
    return 0; /* of containers, which a capture does not tell */
}

/* The text of one field, empty where it is absent. */
static int field_text(const struct np_scap_moment *moment, enum np_syscall_field which,
                      struct np_arena *arena, struct np_span *out_text)
{
    struct np_syscall_want want = {.which = (uint16_t) which};
    struct np_value value;
    int r = np_scap_field(moment, &want, arena, &value);
    *out_text = r == 0 && np_value_has_text(&value) ? value.text : (struct np_span){};
    return r;
}

static bool is_ip_socket(const struct np_descriptor *descriptor)
{
    return descriptor != NULL && (descriptor->kind == NP_FD_IPV4 || descriptor->kind == NP_FD_IPV6);
}

/* Whether an open asked to write or made the file. */
static bool opens_for_writing(const struct np_scap_event *event)
{
    return np_is_open(event, NP_SYSCALL_EVT_IS_OPEN_WRITE) ||
           np_is_open(event, NP_SYSCALL_EVT_IS_OPEN_CREATE);
}

enum np_syscall_category np_scap_category(const struct np_scap_moment *moment)
{
    const struct np_scap_event *event = moment->event;
    int64_t result = 0;
    bool failed = np_scap_event_result(event, &result) && result < 0;
    switch (event->type) {
    case NP_SCAP_EXECVE_19_X:
    case NP_SCAP_EXECVEAT_X:
        return failed ? NP_SYSCALL_OTHER : NP_SYSCALL_PROCESS;
    case NP_SCAP_CREAT_X:
        return failed ? NP_SYSCALL_OTHER : NP_SYSCALL_FILE;
    case NP_SCAP_OPEN_X:
    case NP_SCAP_OPENAT_2_X:
    case NP_SCAP_OPENAT2_X:
    case NP_SCAP_OPEN_BY_HANDLE_AT_X:
        return !failed && opens_for_writing(event) ? NP_SYSCALL_FILE : NP_SYSCALL_OTHER;
    case NP_SCAP_CONNECT_X:
        return (!failed || result == -EINPROGRESS) && is_ip_socket(moment->descriptor)
                   ? NP_SYSCALL_NETWORK
                   : NP_SYSCALL_OTHER;
    default:
        return NP_SYSCALL_OTHER;
    }
}

static int head_user(const struct np_scap_moment *moment, struct np_arena *arena,
                     struct np_span *out_user)
{
    int r = field_text(moment, NP_SYSCALL_USER_NAME, arena, out_user);
    if (r < 0 || (out_user->len > 0 && !np_span_is(*out_user, "<NA>")))
        return r;
    return field_text(moment, NP_SYSCALL_USER_UID, arena, out_user);
}

int np_scap_head(const struct np_scap_moment *moment, struct np_arena *arena,
                 struct np_syscall_head *out_head)
{
    const struct np_scap_event *event = moment->event;
    struct np_syscall_head head = {
        .num = event->number,
        .time = (np_time_ns) event->ts,
        .tid = event->tid,
        .type = event->type,
        .category = np_scap_category(moment),
    };
    int r = field_text(moment, NP_SYSCALL_EVT_TYPE, arena, &head.name);
    if (r == 0)
        r = head_user(moment, arena, &head.user);
    if (r == 0)
        r = field_text(moment, NP_SYSCALL_FD_RIP, arena, &head.address);
    if (r == 0)
        r = field_text(moment, NP_SYSCALL_EVT_RES, arena, &head.outcome);
    if (head.outcome.len == 0 || np_span_is(head.outcome, "SUCCESS"))
        head.outcome = NP_SPAN("ok");
    if (r == 0)
        *out_head = head;
    return r;
}
