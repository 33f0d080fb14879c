/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the call itself ("evt.*", "syscall.type"). */
#include "source/scap/fields/query.h"
#include "source/scap/params.h"
#include "source/scap/state/path.h"

/* Bits of open's flags and modes, as captures number them. */
enum {
    OPEN_READ = 1 << 0,
    OPEN_WRITE = 1 << 1,
    OPEN_CREATE = 1 << 2,
    OPEN_TEMPORARY = 1 << 10,
    OPEN_CREATED = 1 << 15,
    MODE_EXEC = 1 << 0 | 1 << 3 | 1 << 6
};

static int put_named_argument(const struct np_query *query)
{
    const struct np_syscall_want *want = query->want;
    if (want->has_index)
        return want->index < query->event->params_len ? np_put_argument(query, want->index) : 0;
    int index = np_argument_find(query->event, want->argument);
    return index >= 0 ? np_put_argument(query, (size_t) index) : 0;
}

/* The parameter as it is stored: a number, or its bytes without the NUL of a text. */
static int put_raw_argument(const struct np_query *query)
{
    int64_t number = 0;
    int index = np_argument_find(query->event, query->want->argument);
    if (index < 0)
        return 0;
    if (np_scap_event_int(query->event, (size_t) index, &number))
        return query->event->info->params[index].type == NP_SCAP_UINT64
                   ? np_put_uint(query, (uint64_t) number)
                   : np_put_int(query, number);
    struct np_span bytes = query->event->params[index];
    if (bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\0')
        bytes.len--;
    return np_put_text(query, bytes);
}

/* "name=3(<f>/etc/passwd) flags=1(O_RDONLY)" */
static int put_arguments(const struct np_query *query)
{
    np_auto_buf struct np_buf all;
    np_auto_argument_text struct np_argument_text text;
    int r = 0;
    np_argument_text_init(&text);
    np_buf_init(&all, NP_QUERY_TEXT_MAX_BYTES);
    if (query->event->type == NP_SCAP_GENERIC_X)
        return np_put_literal(query, "");
    for (size_t i = 0; i < query->event->params_len && r == 0; i++) {
        r = np_argument_write(query, i, &text);
        if (i > 0)
            (void) np_buf_add_char(&all, ' ');
        (void) np_buf_add_str(&all, query->event->info->params[i].name);
        (void) np_buf_add_char(&all, '=');
        (void) np_buf_add_span(&all, np_buf_span(&text.plain));
        if (text.meaning.len == 0)
            continue;
        (void) np_buf_add_char(&all, '(');
        (void) np_buf_add_span(&all, np_buf_span(&text.meaning));
        (void) np_buf_add_char(&all, ')');
    }
    return r < 0 ? r : np_put_buf(query, &all);
}

static int put_buffer(const struct np_query *query)
{
    int index = np_argument_find(query->event, NP_SPAN("data"));
    return index >= 0 ? np_put_text(query, query->event->params[index]) : 0;
}

/* "SUCCESS", or what the first parameter says of the failure. */
static int put_result(const struct np_query *query)
{
    int64_t result = 0;
    if (!np_scap_event_result(query->event, &result))
        return 0;
    if (result >= 0)
        return np_put_literal(query, "SUCCESS");
    const char *name = result > INT32_MIN ? np_errno_name(-result) : NULL;
    return name != NULL ? np_put_literal(query, name) : np_put_int(query, result);
}

static int put_raw_result(const struct np_query *query)
{
    int64_t result = 0;
    return np_scap_event_result(query->event, &result) ? np_put_int(query, result) : 0;
}

static bool has_mode_to_execute(const struct np_scap_event *event, size_t index)
{
    int64_t mode = 0;
    return np_scap_event_int(event, index, &mode) && (mode & MODE_EXEC) != 0;
}

/* The flags are where each call has them, its mode behind them. */
bool np_is_open(const struct np_scap_event *event, uint16_t which)
{
    size_t at = 2;
    int64_t flags = 0;
    int64_t result = 0;
    switch (event->type) {
    case NP_SCAP_OPENAT_2_X:
    case NP_SCAP_OPENAT2_X:
        at = 3;
        break;
    case NP_SCAP_OPEN_X:
    case NP_SCAP_OPEN_BY_HANDLE_AT_X:
        break;
    case NP_SCAP_CREAT_X:
        return which == NP_SYSCALL_EVT_IS_OPEN_EXEC && has_mode_to_execute(event, 2);
    default:
        return false;
    }
    (void) np_scap_event_int(event, at, &flags);
    if (which == NP_SYSCALL_EVT_IS_OPEN_READ)
        return (flags & OPEN_READ) != 0;
    if (which == NP_SYSCALL_EVT_IS_OPEN_WRITE)
        return (flags & OPEN_WRITE) != 0;
    if (which == NP_SYSCALL_EVT_IS_OPEN_CREATE)
        return (flags & OPEN_CREATED) != 0 || ((flags & OPEN_TEMPORARY) != 0 &&
                                               np_scap_event_result(event, &result) && result >= 0);
    return (flags & (OPEN_TEMPORARY | OPEN_CREATE)) != 0 &&
           event->type != NP_SCAP_OPEN_BY_HANDLE_AT_X && has_mode_to_execute(event, at + 1);
}

/* The path that a call names by a folder's descriptor and a name, of those calls that Falco knows. */
static const struct {
    uint16_t type;
    uint8_t which; /* the argument of evt.abspath: 0 none or "src", 1 "dst", 2 any */
    const char *folder;
    const char *path;
} paths[] = {
    {NP_SCAP_RENAMEAT_X, 0, "olddirfd", "oldpath"},
    {NP_SCAP_RENAMEAT_X, 1, "newdirfd", "newpath"},
    {NP_SCAP_RENAMEAT2_X, 0, "olddirfd", "oldpath"},
    {NP_SCAP_RENAMEAT2_X, 1, "newdirfd", "newpath"},
    {NP_SCAP_SYMLINKAT_X, 2, "linkdirfd", "linkpath"},
    {NP_SCAP_OPENAT_2_X, 2, "dirfd", "name"},
    {NP_SCAP_OPENAT2_X, 2, "dirfd", "name"},
    {NP_SCAP_LINKAT_2_X, 0, "olddir", "oldpath"},
    {NP_SCAP_LINKAT_2_X, 1, "newdir", "newpath"},
    {NP_SCAP_UNLINKAT_2_X, 2, "dirfd", "name"},
    {NP_SCAP_MKDIRAT_X, 2, "dirfd", "path"},
    {NP_SCAP_FCHMODAT_X, 2, "dirfd", "filename"},
    {NP_SCAP_FCHOWNAT_X, 2, "dirfd", "pathname"},
};

/* The path of parameter `index`, seen from the folder in parameter `folder`. */
static int put_joined_path(const struct np_query *query, int folder, int index)
{
    int64_t fd = 0;
    const struct np_scap_moment *moment = query->moment;
    if (folder < 0 || index < 0 || moment->task == NULL ||
        !np_scap_event_int(query->event, (size_t) folder, &fd))
        return 0;
    struct np_span path = np_scap_event_text(query->event, (size_t) index);
    if (path.len == 0)
        return 0;
    np_auto_buf struct np_buf joined;
    np_buf_init(&joined, NP_QUERY_TEXT_MAX_BYTES);
    int r =
        np_scap_path_join(&joined, np_scap_path_base(moment->state, moment->task, fd, path), path);
    return r < 0 ? r : np_put_buf(query, &joined);
}

static int put_absolute_path(const struct np_query *query)
{
    const struct np_scap_event *event = query->event;
    uint8_t which = np_span_is(query->want->argument, "dst");
    if (event->type == NP_SCAP_OPEN_BY_HANDLE_AT_X) {
        int64_t fd = 0;
        bool worked = np_scap_event_result(event, &fd) && fd > 0;
        return worked ? np_put_text(query, np_scap_event_text(event, 3)) : 0;
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(paths); i++)
        if (paths[i].type == event->type && (paths[i].which == which || paths[i].which == 2))
            return put_joined_path(query, np_argument_find(event, np_span_of(paths[i].folder)),
                                   np_argument_find(event, np_span_of(paths[i].path)));
    return 0;
}

/* Whether the event's type has that number, or that name. */
static int put_is_type(const struct np_query *query)
{
    const struct np_syscall_want *want = query->want;
    if (want->has_index)
        return np_put_uint(query, query->event->type == want->index);
    return np_put_uint(query, np_span_eq(want->argument, np_scap_event_name(query->event)));
}

int np_field_event(const struct np_query *query)
{
    uint16_t which = query->want->which;
    switch (which) {
    case NP_SYSCALL_EVT_LATENCY:
    case NP_SYSCALL_EVT_LATENCY_S:
    case NP_SYSCALL_EVT_LATENCY_NS:
    case NP_SYSCALL_EVT_LATENCY_QUANTIZED:
    case NP_SYSCALL_EVT_WAIT_LATENCY:
        return np_put_uint(query, 0); /* events are of exits alone, as in Falco since 0.42 */
    case NP_SYSCALL_EVT_DELTATIME:
    case NP_SYSCALL_EVT_DELTATIME_S:
    case NP_SYSCALL_EVT_DELTATIME_NS:
        return np_field_event_general(query);
    case NP_SYSCALL_EVT_LATENCY_HUMAN:
        return np_put_literal(query, "0ns");
    case NP_SYSCALL_EVT_DIR:
        return np_put_literal(query, query->event->type % 2 == 1 ? "<" : ">");
    case NP_SYSCALL_EVT_TYPE:
        return np_put_text(query, np_scap_event_name(query->event));
    case NP_SYSCALL_EVT_TYPE_IS:
        return put_is_type(query);
    case NP_SYSCALL_SYSCALL_TYPE:
        return query->event->info->origin == NP_SCAP_FROM_SYSCALL
                   ? np_put_text(query, np_scap_event_name(query->event))
                   : 0;
    case NP_SYSCALL_EVT_CPU:
        return np_put_uint(query, query->event->cpu);
    case NP_SYSCALL_EVT_ARGS:
    case NP_SYSCALL_EVT_INFO:
        return put_arguments(query);
    case NP_SYSCALL_EVT_ARG:
        return put_named_argument(query);
    case NP_SYSCALL_EVT_RAWARG:
        return put_raw_argument(query);
    case NP_SYSCALL_EVT_BUFFER:
        return put_buffer(query);
    case NP_SYSCALL_EVT_RES:
        return put_result(query);
    case NP_SYSCALL_EVT_RAWRES:
        return put_raw_result(query);
    case NP_SYSCALL_EVT_ABSPATH:
        return put_absolute_path(query);
    case NP_SYSCALL_EVT_IS_OPEN_READ:
    case NP_SYSCALL_EVT_IS_OPEN_WRITE:
    case NP_SYSCALL_EVT_IS_OPEN_EXEC:
    case NP_SYSCALL_EVT_IS_OPEN_CREATE:
        return np_put_bool(query, np_is_open(query->event, which));
    default:
        return np_field_event_io(query);
    }
}
