/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields that no record has and that are computed from others: a text in small letters, the length of a list, an option of a command
 * line. A rule declares them in its field set; they are computed, all of an event at once, when the first of them is asked for.
 * Where a field that one is made from is missing, it is missing, too.
 */
#pragma once

#include "base/err.h"
#include "event/event.h"

enum np_derived_op {
    NP_DERIVED_TOLOWER,  /* of each text of the input: ASCII letters small */
    NP_DERIVED_TOUPPER,  /* and capital */
    NP_DERIVED_B64,      /* and decoded (RFC 4648, section 4); missing where one is not base64 */
    NP_DERIVED_BASENAME, /* and what stands behind its last slash */
    NP_DERIVED_LEN,      /* elements of a list, else bytes of a text */
    NP_DERIVED_JOIN,     /* the inputs behind the first, lists opened, with the first between */
    NP_DERIVED_CONCAT,   /* the inputs in a row */
    /* A list of the options, and their arguments, among the inputs behind the first, which says what options there are as getopt(3)
     * takes it. */
    NP_DERIVED_GETOPT,
    NP_DERIVED_ITEM, /* the element of a list with the number `index` */
    NP_DERIVED_OP_MAX
};

struct np_derived_input {
    np_field_id field;   /* NP_FIELD_NONE: `text` itself */
    struct np_span text; /* copied */
};

struct np_derived {
    enum np_derived_op op;
    const struct np_derived_input *inputs; /* one, except of JOIN, CONCAT and GETOPT */
    size_t count;
    uint32_t index;    /* of ITEM */
    np_field_id field; /* its own; set by np_field_derive() */
};

enum { NP_DERIVED_MAX = 4096, NP_DERIVED_TEXT_MAX_BYTES = 16 * 1024 * 1024 };

/* The name of an operation, e.g. "tolower"; "item" is written as "[index]" behind its input. */
const char *np_derived_op_name(enum np_derived_op op);

/*
 * The id of the field that `derived` says, added where it is new; fields that it is made from are of the same set. Its name is its
 * call, e.g. "tolower(proc.name)". 0, -EINVAL (the name is too long), -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_field_derive(struct np_field_set *set, const struct np_derived *derived,
                                 np_field_id *out_field);

/* All of a set, each behind those that it is made from. */
const struct np_derived *np_field_derived(const struct np_field_set *set, size_t *out_count);

/* Computes all derived fields of an event, for np_event_load(). Where memory is out they are missing, and the event is truncated. */
void np_derived_load(struct np_event *event);
