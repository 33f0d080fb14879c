/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of what an event is done on and how it ended: categories, bytes moved, counters. */
#include <string.h>

#include "source/scap/fields/query.h"

/* What an input or output is done on. */
static const char *io_category(const struct np_descriptor *descriptor)
{
    if (descriptor == NULL)
        return "unknown";
    switch (descriptor->kind) {
    case NP_FD_FILE:
    case NP_FD_FILE_V2:
    case NP_FD_DIRECTORY:
        return "file";
    case NP_FD_IPV4:
    case NP_FD_IPV6:
    case NP_FD_IPV4_SERVER:
    case NP_FD_IPV6_SERVER:
        return "net";
    case NP_FD_PIPE:
    case NP_FD_UNIX:
    case NP_FD_EVENT:
    case NP_FD_SIGNAL:
    case NP_FD_INOTIFY:
    case NP_FD_USERFAULT:
        return "ipc";
    default:
        return "unknown";
    }
}

static bool is_io(const struct np_scap_event *event)
{
    enum np_scap_category category = event->info->category;
    return category == NP_SCAP_CAT_IO_READ || category == NP_SCAP_CAT_IO_WRITE ||
           category == NP_SCAP_CAT_IO_OTHER;
}

static int put_category(const struct np_query *query)
{
    return np_put_literal(query, is_io(query->event)
                                     ? io_category(query->moment->descriptor)
                                     : np_scap_category_name(query->event->info->category));
}

static int put_failed(const struct np_query *query)
{
    int64_t result = 0;
    if (!np_scap_event_result(query->event, &result))
        return 0;
    if (query->want->which == NP_SYSCALL_EVT_FAILED)
        return np_put_bool(query, result < 0);
    return np_put_uint(query, result < 0);
}

/* Which inputs and outputs a field counts the bytes of. */
struct moved {
    uint16_t which;
    bool only_in;
    bool only_out;
    const char *kind; /* NULL = of any descriptor */
};

static const struct moved moved[] = {
    {NP_SYSCALL_EVT_BUFLEN, false, false, NULL},
    {NP_SYSCALL_EVT_BUFLEN_IN, true, false, NULL},
    {NP_SYSCALL_EVT_BUFLEN_OUT, false, true, NULL},
    {NP_SYSCALL_EVT_BUFLEN_FILE, false, false, "file"},
    {NP_SYSCALL_EVT_BUFLEN_FILE_IN, true, false, "file"},
    {NP_SYSCALL_EVT_BUFLEN_FILE_OUT, false, true, "file"},
    {NP_SYSCALL_EVT_BUFLEN_NET, false, false, "net"},
    {NP_SYSCALL_EVT_BUFLEN_NET_IN, true, false, "net"},
    {NP_SYSCALL_EVT_BUFLEN_NET_OUT, false, true, "net"},
};

/* Whether the event is one whose bytes the field counts; a folder is no file here. */
static bool counts_moved(const struct np_query *query, const struct moved *field)
{
    enum np_scap_category category = query->event->info->category;
    const struct np_descriptor *descriptor = query->moment->descriptor;
    if (descriptor == NULL || !is_io(query->event) ||
        (field->only_in && category != NP_SCAP_CAT_IO_READ) ||
        (field->only_out && category != NP_SCAP_CAT_IO_WRITE))
        return false;
    return field->kind == NULL || (strcmp(field->kind, io_category(descriptor)) == 0 &&
                                   descriptor->kind != NP_FD_DIRECTORY);
}

/* The bytes that an input or output moved, where it worked. */
static int put_moved(const struct np_query *query)
{
    int64_t result = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(moved); i++)
        if (moved[i].which == query->want->which && counts_moved(query, &moved[i]) &&
            np_scap_event_result(query->event, &result) && result >= 0)
            return np_put_int(query, result);
    return 0;
}

static int put_io(const struct np_query *query)
{
    uint16_t does = query->event->info->does;
    switch (query->want->which) {
    case NP_SYSCALL_EVT_IS_IO:
        return np_put_bool(query, (does & (NP_SCAP_READS_FD | NP_SCAP_WRITES_FD)) != 0);
    case NP_SYSCALL_EVT_IS_IO_READ:
        return np_put_bool(query, (does & NP_SCAP_READS_FD) != 0);
    case NP_SYSCALL_EVT_IS_IO_WRITE:
        return np_put_bool(query, (does & NP_SCAP_WRITES_FD) != 0);
    case NP_SYSCALL_EVT_IO_DIR:
        if ((does & NP_SCAP_WRITES_FD) != 0)
            return np_put_literal(query, "write");
        return (does & NP_SCAP_READS_FD) != 0 ? np_put_literal(query, "read") : 0;
    default:
        return np_put_bool(query, (does & NP_SCAP_WAITS) != 0);
    }
}

/* Which of the error counters an event without a descriptor belongs to. */
static enum np_syscall_field kind_of_error(const struct np_query *query)
{
    const char *kind = io_category(query->moment->descriptor);
    const struct np_descriptor *descriptor = query->moment->descriptor;
    if (descriptor != NULL) {
        if (strcmp(kind, "file") == 0)
            return NP_SYSCALL_EVT_COUNT_ERROR_FILE;
        return strcmp(kind, "net") == 0 || descriptor->kind == NP_FD_UNIX
                   ? NP_SYSCALL_EVT_COUNT_ERROR_NET
                   : NP_SYSCALL_EVT_COUNT_ERROR_OTHER;
    }
    switch (query->event->type) {
    case NP_SCAP_OPEN_X:
    case NP_SCAP_CREAT_X:
    case NP_SCAP_OPENAT_2_X:
    case NP_SCAP_OPENAT2_X:
    case NP_SCAP_OPEN_BY_HANDLE_AT_X:
        return NP_SYSCALL_EVT_COUNT_ERROR_FILE;
    case NP_SCAP_ACCEPT_5_X:
    case NP_SCAP_ACCEPT4_6_X:
    case NP_SCAP_CONNECT_X:
        return NP_SYSCALL_EVT_COUNT_ERROR_NET;
    default:
        return NP_SYSCALL_EVT_COUNT_ERROR_OTHER;
    }
}

static int put_count(const struct np_query *query)
{
    bool is_memory = query->event->info->category == NP_SCAP_CAT_MEMORY;
    switch (query->want->which) {
    case NP_SYSCALL_EVT_COUNT:
        return np_put_uint(query, 1);
    case NP_SYSCALL_EVT_COUNT_ERROR:
        return put_failed(query);
    case NP_SYSCALL_EVT_COUNT_ERROR_MEMORY:
        return is_memory ? put_failed(query) : 0;
    case NP_SYSCALL_EVT_COUNT_ERROR_OTHER:
        if (is_memory && query->moment->descriptor == NULL)
            return 0;
        return kind_of_error(query) == query->want->which ? put_failed(query) : 0;
    case NP_SYSCALL_EVT_COUNT_ERROR_FILE:
    case NP_SYSCALL_EVT_COUNT_ERROR_NET:
        return kind_of_error(query) == query->want->which ? put_failed(query) : 0;
    case NP_SYSCALL_EVT_COUNT_EXIT:
        return query->event->type % 2 == 1 ? np_put_uint(query, 1) : 0;
    default:
        return np_put_uint(query, 0); /* of events that no recorder of today writes */
    }
}

int np_field_event_io(const struct np_query *query)
{
    uint16_t which = query->want->which;
    if (which >= NP_SYSCALL_EVT_BUFLEN_IN && which <= NP_SYSCALL_EVT_BUFLEN_NET_OUT)
        return put_moved(query);
    if (which >= NP_SYSCALL_EVT_COUNT && which <= NP_SYSCALL_EVT_COUNT_THREADINFO)
        return put_count(query);
    if (which >= NP_SYSCALL_EVT_IS_IO && which <= NP_SYSCALL_EVT_IS_WAIT)
        return put_io(query);
    switch (which) {
    case NP_SYSCALL_EVT_CATEGORY:
        return put_category(query);
    case NP_SYSCALL_EVT_BUFLEN:
        return put_moved(query);
    case NP_SYSCALL_EVT_FAILED:
        return put_failed(query);
    default:
        return 0;
    }
}
