/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields that Falco's rules may name, by event source: name, type and argument. Facts only: what an event says in a field is
 * decided where its kind is read (source/scap/fields/ for system calls, cloud.c here for logs).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum np_falco_source { NP_FALCO_SYSCALL, NP_FALCO_CLOUDTRAIL, NP_FALCO_K8S, NP_FALCO_SOURCE_MAX };

/* What a comparison takes the values of a field for. */
enum np_falco_type {
    NP_FALCO_STRING,
    NP_FALCO_NUMBER, /* signed, unsigned or with a fraction */
    NP_FALCO_BOOL,
    NP_FALCO_ADDRESS, /* compared as a whole */
    NP_FALCO_NET,     /* an address that is compared with networks, too */
    NP_FALCO_BYTES,
    NP_FALCO_TIME /* nanoseconds since 1970 */
};

/* How the name of a field goes on: "name[argument]", or "name.argument". */
enum np_falco_argument {
    NP_FALCO_NO_ARGUMENT,
    NP_FALCO_INDEX, /* a number in brackets */
    NP_FALCO_KEY,   /* a text in brackets */
    NP_FALCO_SUFFIX /* the rest of the name behind a dot, or a text in brackets */
};

struct np_falco_field {
    struct np_span name; /* without the argument */
    enum np_falco_type type;
    bool is_list;
    enum np_falco_argument argument;
    bool is_argument_required;
    uint16_t which; /* enum np_syscall_field of NP_FALCO_SYSCALL, else enum np_falco_cloud_field */
};

/* The fields of source "syscall", in the order of its table. */
enum np_syscall_field {
#define X(identifier, name, type, list, argument, required) NP_SYSCALL_##identifier,
#include "event/syscall.def"
#undef X
    NP_SYSCALL_FIELD_COUNT
};

/* The fields of the other sources: one table, since some belong to both. */
enum np_falco_cloud_field {
#define X(identifier, sources, name, type, list, argument, required, how, path)                    \
    NP_FALCO_FIELD_##identifier,
#include "event/falco/cloud.def"
#undef X
    NP_FALCO_CLOUD_FIELD_COUNT
};

/* Whether a field of a system call (enum np_syscall_field) says something of its task that no event changes but one of tasks and users. */
bool np_syscall_field_is_of_task(uint16_t which);

/* What it takes, roughly, to look a field of a system call up, in ns. */
uint8_t np_syscall_field_cost(uint16_t which);

/* The name of a source, e.g. "aws_cloudtrail". */
struct np_span np_falco_source_name(enum np_falco_source source);

/* The source of that name: whether there is one. */
bool np_falco_source_find(struct np_span name, enum np_falco_source *out_source);

/*
 * The field that `name`, as a rule writes it ("proc.aname[2]", "evt.arg.flags", quotes around the argument taken away), means in a
 * source; `*out_argument` is its argument, empty where it has none. NULL where there is no such field, an argument that it needs is
 * missing or one that it does not take is there.
 */
const struct np_falco_field *np_falco_field_find(enum np_falco_source source, struct np_span name,
                                                 struct np_span *out_argument);

/* The fields of a source by number, for lists of them; NULL behind the last. */
const struct np_falco_field *np_falco_field_at(enum np_falco_source source, size_t index);
