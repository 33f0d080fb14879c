/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the descriptor that an event works on ("fd.*"), but for those of sockets' ends. */
#include "source/scap/fields/descriptor.h"

#include "source/scap/state/path.h"

/* Of kinds of descriptors, by enum np_descriptor_kind. */
static const struct {
    char character;
    const char *type;
} kinds[NP_FD_KIND_MAX] = {
    [NP_FD_UNKNOWN] = {'o', NULL},
    [NP_FD_FILE] = {'f', "file"},
    [NP_FD_FILE_V2] = {'f', "file"},
    [NP_FD_DIRECTORY] = {'d', "directory"},
    [NP_FD_IPV4] = {'4', "ipv4"},
    [NP_FD_IPV6] = {'6', "ipv6"},
    [NP_FD_IPV4_SERVER] = {'2', "ipv4"},
    [NP_FD_IPV6_SERVER] = {'3', "ipv6"},
    [NP_FD_PIPE] = {'p', "pipe"},
    [NP_FD_UNIX] = {'u', "unix"},
    [NP_FD_EVENT] = {'e', "event"},
    [NP_FD_UNSUPPORTED] = {'X', NULL},
    [NP_FD_SIGNAL] = {'s', "signalfd"},
    [NP_FD_EVENTPOLL] = {'l', "eventpoll"},
    [NP_FD_INOTIFY] = {'i', "inotify"},
    [NP_FD_TIMER] = {'t', "timerfd"},
    [NP_FD_NETLINK] = {'n', "netlink"},
    [NP_FD_BPF] = {'b', "bpf"},
    [NP_FD_USERFAULT] = {'u', "userfaultfd"},
    [NP_FD_IO_URING] = {'r', "io_uring"},
    [NP_FD_MEMFD] = {'m', "memfd"},
    [NP_FD_PIDFD] = {'P', "pidfd"},
};

/* The character of a kind, which lives on. */
static const char *character_of(enum np_descriptor_kind kind)
{
    bool is_known = (size_t) kind < NP_ARRAY_LEN(kinds) && kinds[kind].character != '\0';
    return is_known ? &kinds[kind].character : "?";
}

char np_descriptor_char(const struct np_descriptor *descriptor)
{
    return *character_of(descriptor->kind);
}

const char *np_descriptor_type(const struct np_descriptor *descriptor)
{
    size_t kind = (size_t) descriptor->kind;
    return kind < NP_ARRAY_LEN(kinds) && kinds[kind].type != NULL ? kinds[kind].type : "<NA>";
}

bool np_event_descriptor(const struct np_scap_moment *moment,
                         const struct np_descriptor **out_descriptor)
{
    const int touches = NP_SCAP_CREATES_FD | NP_SCAP_USES_FD | NP_SCAP_DESTROYS_FD;
    *out_descriptor = NULL;
    if ((moment->event->info->does & touches) == 0 || moment->task == NULL)
        return false;
    *out_descriptor = moment->descriptor;
    if (moment->descriptor == NULL && moment->task->last_fd != -1)
        *out_descriptor = np_task_descriptor(moment->state, moment->task, moment->task->last_fd);
    return true;
}

static bool is_file(const struct np_descriptor *descriptor)
{
    return descriptor->kind == NP_FD_FILE || descriptor->kind == NP_FD_FILE_V2;
}

/* The path that an open at a folder asked for. */
static int put_opened_path(const struct np_query *query)
{
    const struct np_scap_moment *moment = query->moment;
    struct np_span path = np_scap_event_text(query->event, 2);
    int64_t folder = NP_SCAP_AT_FDCWD;
    np_auto_buf struct np_buf joined;
    np_buf_init(&joined, NP_QUERY_TEXT_MAX_BYTES);
    if (query->want->which == NP_SYSCALL_FD_NAMERAW || np_scap_path_is_plain(path))
        return np_put_text(query, path);
    (void) np_scap_event_int(query->event, 1, &folder);
    int r = np_scap_path_join(&joined, np_scap_path_base(moment->state, moment->task, folder, path),
                              path);
    return r < 0 ? r : np_put_buf(query, &joined);
}

/* The name that a call would have given its descriptor, had it worked; empty of calls that give none. */
static int put_asked_name(const struct np_query *query)
{
    switch (query->event->type) {
    case NP_SCAP_OPEN_X:
    case NP_SCAP_CREAT_X:
    case NP_SCAP_ACCEPT_5_X:
    case NP_SCAP_ACCEPT4_6_X:
    case NP_SCAP_CONNECT_X:
        return query->event->params_len > 1 ? np_put_argument(query, 1) : np_put_literal(query, "");
    case NP_SCAP_OPENAT_2_X:
    case NP_SCAP_OPENAT2_X:
        return put_opened_path(query);
    case NP_SCAP_OPEN_BY_HANDLE_AT_X:
        return np_put_text(query, np_scap_event_text(query->event, 3));
    default:
        return np_put_literal(query, "");
    }
}

/* Falco calls a failed connect by what it asked for, also where the descriptor has a name. */
static bool is_failed_connect(const struct np_scap_event *event)
{
    int64_t result = 0;
    return event->type == NP_SCAP_CONNECT_X && np_scap_event_result(event, &result) && result < 0;
}

static int put_name(const struct np_query *query, const struct np_descriptor *descriptor)
{
    if (descriptor == NULL || is_failed_connect(query->event))
        return put_asked_name(query);
    return np_put_text(query, np_text_span(descriptor->name));
}

/* The folder of a path: what is before its last slash, unless that is the last character. */
static struct np_span folder_of(struct np_span path)
{
    const char *slash = path.len > 0 ? memrchr(path.ptr, '/', path.len) : NULL;
    size_t at = slash != NULL ? (size_t) (slash - path.ptr) : 0;
    if (at == 0)
        return NP_SPAN("/");
    return at + 1 < path.len ? np_span_head(path, at) : path;
}

static int put_folder(const struct np_query *query, const struct np_descriptor *descriptor)
{
    if (descriptor == NULL) {
        int r = put_asked_name(query);
        query->out->text = folder_of(query->out->text);
        return r;
    }
    if (is_file(descriptor))
        return np_put_text(query, folder_of(np_text_span(descriptor->name)));
    return descriptor->kind == NP_FD_DIRECTORY ? np_put_text(query, np_text_span(descriptor->name))
                                               : 0;
}

static int put_file_name(const struct np_query *query, const struct np_descriptor *descriptor)
{
    if (descriptor == NULL || !is_file(descriptor))
        return 0;
    struct np_span path = np_text_span(descriptor->name);
    const char *slash = path.len > 0 ? memrchr(path.ptr, '/', path.len) : NULL;
    if (slash == NULL)
        return np_put_literal(query, "/");
    size_t at = (size_t) (slash - path.ptr) + 1;
    return np_put_text(query, at < path.len ? np_span_from(path, at) : path);
}

/* The kind that a call would have given its descriptor: of sockets IPv4, whatever they are. */
static enum np_descriptor_kind asked_kind(uint16_t type)
{
    switch (type) {
    case NP_SCAP_OPEN_X:
    case NP_SCAP_OPENAT_2_X:
    case NP_SCAP_OPENAT2_X:
    case NP_SCAP_CREAT_X:
        return NP_FD_FILE;
    case NP_SCAP_SOCKET_X:
    case NP_SCAP_ACCEPT_5_X:
    case NP_SCAP_ACCEPT4_6_X:
        return NP_FD_IPV4;
    case NP_SCAP_PIPE_X:
    case NP_SCAP_PIPE2_X:
        return NP_FD_PIPE;
    case NP_SCAP_EVENTFD_X:
    case NP_SCAP_EVENTFD2_X:
        return NP_FD_EVENT;
    case NP_SCAP_SIGNALFD_X:
    case NP_SCAP_SIGNALFD4_X:
        return NP_FD_SIGNAL;
    case NP_SCAP_TIMERFD_CREATE_X:
        return NP_FD_TIMER;
    case NP_SCAP_INOTIFY_INIT_X:
    case NP_SCAP_INOTIFY_INIT1_X:
        return NP_FD_INOTIFY;
    default:
        return NP_FD_UNKNOWN;
    }
}

static int put_char(const struct np_query *query, const struct np_descriptor *descriptor)
{
    enum np_descriptor_kind kind =
        descriptor != NULL ? descriptor->kind : asked_kind(query->event->type);
    return np_put_text(query, np_span_make(character_of(kind), 1));
}

/* Doubled slashes are one. */
static int put_raw_name(const struct np_query *query, const struct np_descriptor *descriptor)
{
    int r = 0;
    if (descriptor == NULL)
        r = put_asked_name(query);
    else
        r = np_put_text(query, np_text_span(descriptor->name_raw));
    struct np_span name = query->out->text;
    if (r == 0 && (name.len == 0 || memmem(name.ptr, name.len, "//", 2) == NULL))
        return 0;
    char *text = np_arena_alloc(query->arena, name.len + 1);
    if (r < 0 || text == NULL)
        return r < 0 ? r : -ENOMEM;
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] != '/' || i == 0 || name.ptr[i - 1] != '/')
            text[len++] = name.ptr[i];
    return np_put_text(query, np_span_make(text, len));
}

/* The kinds of one descriptor, or of all that the process has, each once. */
static int put_types(const struct np_query *query)
{
    const struct np_scap_moment *moment = query->moment;
    if (query->want->has_index) {
        const struct np_descriptor *one =
            np_task_descriptor(moment->state, moment->task, query->want->index);
        return one != NULL ? np_put_literal(query, np_descriptor_type(one)) : 0;
    }
    struct np_value *items = np_arena_zalloc(query->arena, NP_FD_KIND_MAX * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    const struct np_descriptor *descriptor = NULL;
    uint64_t seen = 0;
    size_t count = 0;
    for (size_t at = 0;
         (descriptor = np_task_descriptor_next(moment->state, moment->task, &at)) != NULL;) {
        uint64_t bit = UINT64_C(1) << ((size_t) descriptor->kind % 64);
        if ((seen & bit) != 0 || count == NP_FD_KIND_MAX)
            continue;
        seen |= bit;
        items[count++] = (struct np_value){.kind = NP_VALUE_TEXT,
                                           .text = np_span_of(np_descriptor_type(descriptor))};
    }
    return np_put_items(query, items, count);
}

static int put_family(const struct np_query *query, const struct np_descriptor *descriptor)
{
    switch (descriptor->kind) {
    case NP_FD_IPV4:
    case NP_FD_IPV6:
    case NP_FD_IPV4_SERVER:
    case NP_FD_IPV6_SERVER:
        return np_put_literal(query, "ip");
    case NP_FD_UNIX:
        return np_put_literal(query, "unix");
    default:
        return 0;
    }
}

/* "<id of the thread><number of the descriptor>" */
static int put_unique(const struct np_query *query)
{
    np_auto_buf struct np_buf out;
    np_buf_init(&out, NP_QUERY_TEXT_MAX_BYTES);
    (void) np_buf_printf(&out, "%lld%lld", (long long) query->moment->task->tid,
                         (long long) query->moment->task->last_fd);
    return np_put_buf(query, &out);
}

/* A device number as text in capital hexadecimal digits. */
static int put_device(const struct np_query *query, uint32_t dev)
{
    np_auto_buf struct np_buf out;
    np_buf_init(&out, NP_QUERY_TEXT_MAX_BYTES);
    (void) np_buf_printf(&out, "%X", dev);
    int r = np_put_buf(query, &out);
    if (r < 0)
        return r;
    query->out->kind = NP_VALUE_INT;
    query->out->integer = dev;
    return 0;
}

static int put_file_figure(const struct np_query *query, const struct np_descriptor *descriptor)
{
    bool has_layer = (descriptor->flags & NP_FD_UPPER_LAYER) != 0;
    uint32_t dev = descriptor->dev;
    switch (query->want->which) {
    case NP_SYSCALL_FD_DEV:
        return put_device(query, dev);
    case NP_SYSCALL_FD_DEV_MAJOR:
        return np_put_uint(query, (dev & 0xfff00) >> 8);
    case NP_SYSCALL_FD_DEV_MINOR:
        return np_put_uint(query, (dev & 0xff) | ((dev >> 12) & 0xfff00));
    case NP_SYSCALL_FD_INO:
        return np_put_uint(query, descriptor->ino);
    case NP_SYSCALL_FD_IS_UPPER_LAYER:
        return np_put_bool(query, has_layer);
    case NP_SYSCALL_FD_IS_LOWER_LAYER:
        return np_put_bool(query, (descriptor->flags & NP_FD_LOWER_LAYER) != 0);
    case NP_SYSCALL_FD_CONNECTED:
        return np_put_bool(query, (descriptor->flags & NP_FD_CONNECTED) != 0);
    case NP_SYSCALL_FD_NAME_CHANGED:
        return np_put_bool(query, query->moment->name_changed);
    case NP_SYSCALL_FD_TYPE:
        return np_put_literal(query, np_descriptor_type(descriptor));
    case NP_SYSCALL_FD_SOCKFAMILY:
        return put_family(query, descriptor);
    default:
        return np_field_socket(query, descriptor);
    }
}

int np_field_descriptor(const struct np_query *query)
{
    const struct np_descriptor *descriptor = NULL;
    if (!np_event_descriptor(query->moment, &descriptor))
        return 0;
    switch (query->want->which) {
    case NP_SYSCALL_FD_NUM:
        return np_put_int(query, query->moment->task->last_fd);
    case NP_SYSCALL_FD_NAME:
        return put_name(query, descriptor);
    case NP_SYSCALL_FD_DIRECTORY:
        return put_folder(query, descriptor);
    case NP_SYSCALL_FD_FILENAME:
        return put_file_name(query, descriptor);
    case NP_SYSCALL_FD_TYPECHAR:
        return put_char(query, descriptor);
    case NP_SYSCALL_FD_NAMERAW:
        return put_raw_name(query, descriptor);
    case NP_SYSCALL_FD_TYPES:
        return put_types(query);
    case NP_SYSCALL_FD_UID:
        return put_unique(query);
    default:
        return descriptor != NULL ? put_file_figure(query, descriptor) : 0;
    }
}
