/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: a question for one field, and how answers are written. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "codec/value.h"
#include "event/falco/fields.h"
#include "event/syscall.h"
#include "source/scap/blocks.h"
#include "source/scap/state/state.h"

enum { NP_QUERY_TEXT_MAX_BYTES = 16 * 1024 * 1024 }; /* of a text that is put together */

/* A question, and where its answer goes; `out` is absent until something is put. */
struct np_query {
    const struct np_scap_moment *moment;
    const struct np_scap_event *event;
    const struct np_syscall_want *want;
    struct np_arena *arena;
    struct np_value *out;
};

/* Answers; a text that is put is borrowed. 0 or -ENOMEM. */
int np_put_text(const struct np_query *query, struct np_span text);
int np_put_literal(const struct np_query *query, const char *text);
int np_put_int(const struct np_query *query, int64_t value);
int np_put_uint(const struct np_query *query, uint64_t value);
int np_put_bool(const struct np_query *query, bool value);
int np_put_double(const struct np_query *query, double value);

/* An address of 4 or 16 bytes in network order. */
int np_put_address(const struct np_query *query, struct np_span address);

/* The text that `buf` holds, copied; its failure where it has one. */
int np_put_buf(const struct np_query *query, const struct np_buf *buf);

/* A list of `count` items, which live in the arena. */
int np_put_items(const struct np_query *query, const struct np_value *items, size_t count);

/* NUL-terminated parts with `joiner` between them, after `first` and a joiner where that is not NULL; copied. */
int np_put_joined(const struct np_query *query, const struct np_span *first, struct np_span parts,
                  char joiner);

/* Takes the next NUL-terminated part off `*rest`: false at the end. */
bool np_next_part(struct np_span *rest, struct np_span *out_part);

/* Writes a number in decimal digits; np_buf_printf() takes ten times as long. */
void np_write_int(struct np_buf *out, int64_t value);

/* Writes an address of 4 or 16 bytes as text. */
void np_write_address(struct np_buf *out, struct np_span address);

/* "ENOENT" for 2; NULL where the number has no name. */
const char *np_errno_name(int64_t error);

/* What NP_SYSCALL_EVT_IS_OPEN_... `which` says of an event: what an open asked for or did; false of other calls. */
bool np_is_open(const struct np_scap_event *event, uint16_t which);

/* The groups of fields, by the parts of the catalogue. */
int np_field_event_general(const struct np_query *query);
int np_field_event(const struct np_query *query);
int np_field_event_io(const struct np_query *query);
int np_field_process(const struct np_query *query);
int np_field_user(const struct np_query *query);
int np_field_descriptor(const struct np_query *query);
int np_field_path(const struct np_query *query);
int np_field_polled(const struct np_query *query);

/* The texts of a parameter: as it is, and what that means ("3" and "<f>/etc/passwd"), empty where that says no more. */
struct np_argument_text {
    struct np_buf plain;
    struct np_buf meaning;
};

void np_argument_text_init(struct np_argument_text *text);
void np_argument_text_done(struct np_argument_text *text);
#define np_auto_argument_text NP_CLEANUP(np_argument_text_done)

/* Writes the texts of parameter `index` of the event, which has one. 0, -ENOMEM or -E2BIG. */
int np_argument_write(const struct np_query *query, size_t index, struct np_argument_text *out);

/* What the event says of parameter `index`: its meaning, or else its plain text. */
int np_put_argument(const struct np_query *query, size_t index);

/* Which parameter of the event has that name; -1 = none that is stored. */
int np_argument_find(const struct np_scap_event *event, struct np_span name);

/* The descriptors in the bytes of a list of polled ones. */
struct np_polled {
    struct np_span rest;
    int64_t fd;
    int16_t events;
};

struct np_polled np_polled_begin(struct np_span bytes);
bool np_polled_next(struct np_polled *polled);

/* The descriptor that the event's fields speak of, NULL = none; false where the event has nothing to do with one. */
bool np_event_descriptor(const struct np_scap_moment *moment,
                         const struct np_descriptor **out_descriptor);

/* What fd.name and its kin say of a descriptor. */
char np_descriptor_char(const struct np_descriptor *descriptor);
const char *np_descriptor_type(const struct np_descriptor *descriptor);
enum np_l4_proto np_descriptor_proto(const struct np_descriptor *descriptor);
