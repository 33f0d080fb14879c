/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls as events: the *resolved record*, in which whoever watches a kernel (a capture's reader, a probe) hands an event on.
 *
 * Only the watcher has the tables of processes and descriptors, so it looks up what the loaded rules and outputs ask for (their
 * *wants*) and writes just these values. A record is plain bytes in a batch, and needs nothing else to be read.
 *
 * Its layout is in syscall_internal.h, in the byte order of the machine since a record never leaves it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/span.h"
#include "base/time.h"
#include "codec/value.h"
#include "event/field.h"

/* What Sigma calls the category of a log source on Linux. */
enum np_syscall_category {
    NP_SYSCALL_OTHER,
    NP_SYSCALL_PROCESS, /* "process_creation": a program was started */
    NP_SYSCALL_FILE,    /* "file_event": a file was made, or opened for writing */
    NP_SYSCALL_NETWORK, /* "network_connection": a connection was asked for */
    NP_SYSCALL_CATEGORY_MAX
};

/* What every event says of itself, whatever the rules ask for. */
struct np_syscall_head {
    uint64_t num; /* of the event in its capture, from 1 */
    np_time_ns time;
    int64_t tid;
    uint16_t type; /* number of the event's type, as captures have it */
    enum np_syscall_category category;
    struct np_span name;    /* of the type: "openat" */
    struct np_span user;    /* who: a name, or the number where there is none */
    struct np_span address; /* of the remote end; empty = none */
    struct np_span outcome; /* "ok" or the name of the error */
};

/* What Sigma calls Initiated: true of every connection that was asked for. No field of Falco says it. */
#define NP_SYSCALL_INITIATED UINT16_MAX

/* A value that is wanted of each event. Spans live as long as the field set. */
struct np_syscall_want {
    np_field_id field;
    uint16_t which;          /* enum np_syscall_field, or NP_SYSCALL_INITIATED */
    struct np_span argument; /* in brackets or behind the last dot; empty = none */
    uint32_t index;          /* the argument as a number, where it is one */
    bool has_index;
};

/* What is wanted of one type of event. */
struct np_syscall_want_list {
    struct np_syscall_want *items;
    size_t count;
    bool is_made;
};

struct np_syscall_wants {
    const struct np_field_set *fields;
    struct np_syscall_want *items; /* owned, of any type, in the order of their fields */
    size_t count;
    struct np_syscall_want_list *lists; /* by number of the type, made when it is first met */
    size_t list_count;
};

/* The values that `fields` names: those of the catalogue of Falco's source "syscall", and Sigma's names for them. 0 or -ENOMEM. */
NP_NODISCARD int np_syscall_wants_init(struct np_syscall_wants *wants,
                                       const struct np_field_set *fields);

/*
 * What is wanted of events of a type (its number, below 65536, and its name; an empty name = any); lives as long as `wants`, or until
 * its next call. 0 or -ENOMEM.
 */
NP_NODISCARD int np_syscall_wants_of(struct np_syscall_wants *wants, uint16_t type,
                                     struct np_span name,
                                     const struct np_syscall_want_list **out_list);
void np_syscall_wants_done(struct np_syscall_wants *wants);

/* Events, one after the other, that no rule wanted: they are counted and not written. */
struct np_syscall_quiet {
    uint64_t count;
    np_time_ns first; /* time of the first of them */
    np_time_ns newest;
};

/* Adds a record that stands for quiet events. 0, or the buffer's failure: then it is as before. */
NP_NODISCARD int np_syscall_add_quiet(struct np_buf *buf, const struct np_syscall_quiet *quiet);

/* Whether `bytes` are such a record; then what it says. */
bool np_syscall_read_quiet(struct np_span bytes, struct np_syscall_quiet *out_quiet);

/* Begins a record at the end of `buf` and returns where. Failures are remembered in the buffer. */
size_t np_syscall_begin(struct np_buf *buf, const struct np_syscall_head *head);

/* Adds the value of a field; nothing where it is absent. An object, and a list in a list, cannot be written. */
void np_syscall_add(struct np_buf *buf, np_field_id field, const struct np_value *value);

/* Ends the record begun at `start`. 0, or the buffer's failure: then the buffer ends at `start` again and is usable as before. */
NP_NODISCARD int np_syscall_end(struct np_buf *buf, size_t start);

/* Whether `bytes` begin as a record does. */
bool np_syscall_is_record(struct np_span bytes);

/* The length of the record that `bytes` begin with; 0 where it is none, or not whole. */
size_t np_syscall_record_len(struct np_span bytes);

/* The time of the record that `bytes` begin with; of quiet events, that of the first. */
np_time_ns np_syscall_time(struct np_span bytes);

struct np_event;
struct np_logsource;

/* Where events of a category belong for rules; a constant. */
const struct np_logsource *np_syscall_logsource(enum np_syscall_category category);

/* The head of an event of kind NP_EVENT_SYSCALL; spans as in the event. */
const struct np_syscall_head *np_syscall_head_of(const struct np_event *event);
