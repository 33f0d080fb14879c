/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of an event as text: those that are texts, paths, addresses or lists. Numbers are in argument_number.c. */
#include "source/scap/fields/argument.h"

#include <errno.h>
#include <inttypes.h>

#include "source/scap/params.h"
#include "source/scap/state/path.h"

void np_argument_text_init(struct np_argument_text *text)
{
    np_buf_init(&text->plain, NP_QUERY_TEXT_MAX_BYTES);
    np_buf_init(&text->meaning, NP_QUERY_TEXT_MAX_BYTES);
}

void np_argument_text_done(struct np_argument_text *text)
{
    np_buf_done(&text->plain);
    np_buf_done(&text->meaning);
}

/* The bytes before the first NUL. */
static struct np_span text_of(struct np_span bytes)
{
    size_t len = bytes.len > 0 ? strnlen(bytes.ptr, bytes.len) : 0;
    return np_span_head(bytes, len);
}

/* Where a path of the event is seen from. */
static int64_t folder_of(const struct np_argument *argument)
{
    int64_t fd = NP_SCAP_AT_FDCWD;
    int8_t index = argument->info->relative_to;
    if (argument->type == NP_SCAP_FSRELPATH && index >= 0 &&
        argument->query->event->info->params[index].type == NP_SCAP_FD)
        (void) np_scap_event_int(argument->query->event, (size_t) index, &fd);
    return fd;
}

/* Writes the folder that a path is seen from, with a slash at its end; nothing where it is not known. */
static int write_folder(const struct np_argument *argument, struct np_buf *out)
{
    const struct np_scap_moment *moment = argument->query->moment;
    int64_t fd = folder_of(argument);
    if (fd == NP_SCAP_AT_FDCWD)
        return np_buf_add_span(out, np_task_cwd(moment->state, moment->task));
    const struct np_descriptor *folder = np_task_descriptor(moment->state, moment->task, fd);
    if (folder == NULL)
        return 0;
    int r = np_buf_add_span(out, np_text_span(folder->name));
    return r < 0 ? r : np_buf_add_char(out, '/');
}

/* A relative path means the absolute one. */
static int write_path(const struct np_argument *argument)
{
    struct np_span path = text_of(argument->bytes);
    (void) np_buf_add_span(&argument->out->plain, path);
    bool is_relative = path.len > 0 && path.ptr[0] != '/' && !np_span_is(path, "<NA>");
    if (!is_relative || argument->query->moment->task == NULL)
        return 0;
    np_auto_buf struct np_buf folder;
    np_buf_init(&folder, NP_QUERY_TEXT_MAX_BYTES);
    int r = write_folder(argument, &folder);
    return r < 0 ? r : np_scap_path_join(&argument->out->meaning, np_buf_span(&folder), path);
}

/* Bytes that cannot be printed become dots. */
static int write_bytes(const struct np_argument *argument)
{
    struct np_buf *out = &argument->out->plain;
    int r = np_buf_reserve(out, argument->bytes.len);
    for (size_t i = 0; r == 0 && i < argument->bytes.len; i++) {
        char byte = argument->bytes.ptr[i];
        r = np_buf_add_char(out, byte >= ' ' && byte <= '~' ? byte : '.');
    }
    return r;
}

static int write_texts(const struct np_argument *argument)
{
    struct np_buf *out = &argument->out->plain;
    struct np_span rest = argument->bytes;
    struct np_span part;
    for (bool first = true; np_next_part(&rest, &part); first = false) {
        if (!first)
            (void) np_buf_add_char(out, '.');
        (void) np_buf_add_span(out, part);
    }
    return 0;
}

/* "first:second,first:second" */
static int write_pairs(const struct np_argument *argument)
{
    struct np_buf *out = &argument->out->plain;
    struct np_span rest = argument->bytes;
    struct np_span part;
    for (size_t i = 0; np_next_part(&rest, &part); i++) {
        if (i > 0)
            (void) np_buf_add_char(out, i % 2 == 1 ? ':' : ',');
        (void) np_buf_add_span(out, part);
    }
    return 0;
}

enum { FAMILY_UNIX = 1, FAMILY_IPV4 = 2, FAMILY_IPV6 = 10, UNIX_PATH_AT = 17 };

static uint16_t read_port(const char *bytes)
{
    return (uint16_t) ((unsigned char) bytes[0] | (unsigned char) bytes[1] << 8);
}

/* An address of `len` bytes and its port, which follows. */
static void write_end(struct np_buf *out, const char *bytes, size_t len)
{
    np_write_address(out, np_span_make(bytes, len));
    (void) np_buf_add_char(out, ':');
    np_write_int(out, read_port(bytes + len));
}

static uint64_t read_kernel_address(const char *bytes)
{
    uint64_t address = 0;
    memcpy(&address, bytes, sizeof(address));
    return le64toh(address);
}

static void write_other_family(struct np_buf *out, int family)
{
    (void) np_buf_printf(out, "family %d", family);
}

/* One end of a socket. */
static int write_address(const struct np_argument *argument)
{
    struct np_buf *out = &argument->out->plain;
    struct np_span bytes = argument->bytes;
    unsigned char family = (unsigned char) bytes.ptr[0];
    size_t len = family == FAMILY_IPV4 ? 4 : 16;
    if (family == FAMILY_UNIX)
        (void) np_buf_add_span(out, text_of(np_span_from(bytes, 1)));
    else if (family != FAMILY_IPV4 && family != FAMILY_IPV6)
        write_other_family(out, family);
    else if (bytes.len != 1 + len + 2)
        (void) np_buf_add_str(out, len == 4 ? "INVALID IPv4" : "INVALID IPv6");
    else
        write_end(out, bytes.ptr + 1, len);
    return 0;
}

/* Whether 16 bytes are an IPv4 address written as IPv6, or no address at all, which counts as one. */
static bool is_mapped(const char *address)
{
    static const char zeros[16];
    return memcmp(address, zeros, 16) == 0 ||
           (memcmp(address, zeros, 10) == 0 && memcmp(address + 10, "\xff\xff", 2) == 0);
}

static void write_ends(struct np_buf *out, struct np_span bytes, size_t len)
{
    const char *source = bytes.ptr + 1;
    const char *dest = source + len + 2;
    if (len == 16 && is_mapped(source) && is_mapped(dest)) {
        np_write_address(out, np_span_make(source + 12, 4));
        (void) np_buf_printf(out, ":%u->", read_port(source + len));
        np_write_address(out, np_span_make(dest + 12, 4));
        (void) np_buf_printf(out, ":%u", read_port(dest + len));
        return;
    }
    write_end(out, source, len);
    (void) np_buf_add_str(out, "->");
    write_end(out, dest, len);
}

/* Both ends of a socket. */
static int write_tuple(const struct np_argument *argument)
{
    struct np_buf *out = &argument->out->plain;
    struct np_span bytes = argument->bytes;
    unsigned char family = (unsigned char) bytes.ptr[0];
    size_t len = family == FAMILY_IPV4 ? 4 : 16;
    if (family == FAMILY_UNIX && bytes.len >= UNIX_PATH_AT) {
        (void) np_buf_printf(out, "%" PRIx64 "->%" PRIx64 " ", read_kernel_address(bytes.ptr + 1),
                             read_kernel_address(bytes.ptr + 9));
        (void) np_buf_add_span(out, text_of(np_span_from(bytes, UNIX_PATH_AT)));
    } else if (family != FAMILY_IPV4 && family != FAMILY_IPV6) {
        write_other_family(out, family);
    } else if (bytes.len != 1 + 2 * (len + 2)) {
        (void) np_buf_add_str(out, len == 4 ? "INVALID IPv4" : "INVALID IPv6");
    } else {
        write_ends(out, bytes, len);
    }
    return 0;
}

/* "3:f1 4:p4": descriptors that are polled, their kinds and what is waited for. */
static int write_polled(const struct np_argument *argument)
{
    const struct np_scap_moment *moment = argument->query->moment;
    struct np_buf *out = &argument->out->plain;
    struct np_polled polled = np_polled_begin(argument->bytes);
    for (bool first = true; moment->task != NULL && np_polled_next(&polled); first = false) {
        const struct np_descriptor *descriptor =
            np_task_descriptor(moment->state, moment->task, polled.fd);
        (void) np_buf_printf(out, "%s%" PRIu64 ":%c%x", first ? "" : " ", (uint64_t) polled.fd,
                             descriptor != NULL ? np_descriptor_char(descriptor) : '?',
                             (unsigned) polled.events);
    }
    return 0;
}

static int write_text(const struct np_argument *argument)
{
    return np_buf_add_span(&argument->out->plain, text_of(argument->bytes));
}

/* Lists and the like that are not there are "NULL", all else "<NA>". */
static int write_missing(struct np_buf *out, enum np_scap_param_type type)
{
    switch (type) {
    case NP_SCAP_BYTEBUF:
    case NP_SCAP_SOCKTUPLE:
    case NP_SCAP_FDLIST:
    case NP_SCAP_CHARBUFS:
    case NP_SCAP_CHARPAIRS:
    case NP_SCAP_DYN:
        return np_buf_add_str(out, "NULL");
    default:
        return np_buf_add_str(out, "<NA>");
    }
}

static bool is_missing_text(const struct np_argument *argument)
{
    bool is_text = argument->type == NP_SCAP_CHARBUF || argument->type == NP_SCAP_FSPATH ||
                   argument->type == NP_SCAP_FSRELPATH;
    return is_text && argument->bytes.len == sizeof("(NULL)") &&
           memcmp(argument->bytes.ptr, "(NULL)", sizeof("(NULL)")) == 0;
}

static int write_argument(const struct np_argument *argument)
{
    static int (*const writers[NP_SCAP_PARAM_TYPE_MAX])(const struct np_argument *argument) = {
        [NP_SCAP_CHARBUF] = write_text,     [NP_SCAP_FSPATH] = write_path,
        [NP_SCAP_FSRELPATH] = write_path,   [NP_SCAP_BYTEBUF] = write_bytes,
        [NP_SCAP_CHARBUFS] = write_texts,   [NP_SCAP_CHARPAIRS] = write_pairs,
        [NP_SCAP_SOCKADDR] = write_address, [NP_SCAP_SOCKTUPLE] = write_tuple,
        [NP_SCAP_FDLIST] = write_polled,
    };
    if (argument->bytes.len == 0 || is_missing_text(argument))
        return write_missing(&argument->out->plain, argument->type);
    if (writers[argument->type] != NULL)
        return writers[argument->type](argument);
    if (np_scap_width_of(argument->type).bytes > 0)
        return np_argument_number(argument);
    return np_buf_add_str(&argument->out->plain, "INVALID DYNAMIC PARAMETER");
}

int np_argument_write(const struct np_query *query, size_t index, struct np_argument_text *out)
{
    struct np_scap_stored stored = np_scap_event_stored(query->event, index);
    struct np_argument argument = {
        .query = query,
        .info = &query->event->info->params[index],
        .type = stored.type,
        .bytes = stored.bytes,
        .out = out,
    };
    np_buf_reset(&out->plain);
    np_buf_reset(&out->meaning);
    int r = write_argument(&argument);
    if (r == 0)
        r = out->plain.error < 0 ? out->plain.error : out->meaning.error;
    return r;
}

/* Whether a parameter is a text that stands for itself: then it needs no copy. */
static bool is_plain(const struct np_query *query, size_t index)
{
    enum np_scap_param_type type = query->event->info->params[index].type;
    struct np_span bytes = query->event->params[index];
    if (bytes.len == 0 || bytes.ptr[0] == '(')
        return false;
    return type == NP_SCAP_CHARBUF ||
           ((type == NP_SCAP_FSPATH || type == NP_SCAP_FSRELPATH) && bytes.ptr[0] == '/');
}

int np_put_argument(const struct np_query *query, size_t index)
{
    if (is_plain(query, index))
        return np_put_text(query, text_of(query->event->params[index]));
    np_auto_argument_text struct np_argument_text text;
    np_argument_text_init(&text);
    int r = np_argument_write(query, index, &text);
    if (r < 0)
        return r == -E2BIG ? 0 : r;
    return np_put_buf(query, text.meaning.len > 0 ? &text.meaning : &text.plain);
}

int np_argument_find(const struct np_scap_event *event, struct np_span name)
{
    int index = np_scap_type_param(event->info, name);
    return index >= 0 && (uint32_t) index < event->params_len ? index : -1;
}
