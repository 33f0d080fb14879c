/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors that a poll waits for ("fdlist.*"): their numbers, names and ends, with commas between them. */
#include <string.h>

#include "source/scap/fields/query.h"

enum { POLLED_BYTES = 10 };

struct np_polled np_polled_begin(struct np_span bytes)
{
    return (struct np_polled){.rest = np_span_from(bytes, 2)}; /* behind their number */
}

bool np_polled_next(struct np_polled *polled)
{
    if (polled->rest.len < POLLED_BYTES)
        return false;
    memcpy(&polled->fd, polled->rest.ptr, sizeof(polled->fd));
    memcpy(&polled->events, polled->rest.ptr + sizeof(polled->fd), sizeof(polled->events));
    polled->rest = np_span_from(polled->rest, POLLED_BYTES);
    return true;
}

/* Writes one end of a connection, or the port of it: whether there is one. */
static bool write_end(struct np_buf *out, const struct np_descriptor *descriptor, uint16_t which)
{
    bool is_client = which == NP_SYSCALL_FDLIST_CIPS || which == NP_SYSCALL_FDLIST_CPORTS;
    const union np_socket *socket = &descriptor->socket;
    const uint8_t *address = NULL;
    uint16_t port = 0;
    if (descriptor->kind == NP_FD_IPV4) {
        address = is_client ? socket->v4.source : socket->v4.dest;
        port = is_client ? socket->v4.source_port : socket->v4.dest_port;
    } else if (descriptor->kind == NP_FD_IPV6) {
        address = is_client ? socket->v6.source : socket->v6.dest;
        port = is_client ? socket->v6.source_port : socket->v6.dest_port;
    } else {
        return false;
    }
    size_t len = descriptor->kind == NP_FD_IPV4 ? 4 : 16;
    if (which == NP_SYSCALL_FDLIST_CIPS || which == NP_SYSCALL_FDLIST_SIPS)
        np_write_address(out, np_span_make((const char *) address, len));
    else
        np_write_int(out, port);
    return true;
}

/* Writes what the field says of one descriptor: whether that is anything. */
static bool write_one(struct np_buf *out, const struct np_query *query, int64_t fd)
{
    const struct np_scap_moment *moment = query->moment;
    const struct np_descriptor *descriptor = np_task_descriptor(moment->state, moment->task, fd);
    struct np_span name = {};
    switch (query->want->which) {
    case NP_SYSCALL_FDLIST_NUMS:
        np_write_int(out, fd);
        return true;
    case NP_SYSCALL_FDLIST_NAMES:
        if (descriptor != NULL)
            name = np_text_span(descriptor->name);
        (void) np_buf_add_span(out, name.len > 0 ? name : NP_SPAN("<NA>"));
        return true;
    default:
        return descriptor != NULL && write_end(out, descriptor, query->want->which);
    }
}

int np_field_polled(const struct np_query *query)
{
    const struct np_scap_event *event = query->event;
    int index = np_argument_find(event, NP_SPAN("fds"));
    if (index < 0 || event->info->params[index].type != NP_SCAP_FDLIST ||
        query->moment->task == NULL)
        return 0;
    np_auto_buf struct np_buf out;
    np_buf_init(&out, NP_QUERY_TEXT_MAX_BYTES);
    struct np_polled polled = np_polled_begin(event->params[index]);
    while (np_polled_next(&polled))
        if (write_one(&out, query, polled.fd))
            (void) np_buf_add_char(&out, ',');
    if (out.len > 0)
        out.len--;
    return np_put_buf(query, &out);
}
