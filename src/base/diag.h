/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many problems at once: what is wrong in a file that people write by hand, with the place and a
 * hint. Texts are copied into the list. Bounded: beyond the maximum only `dropped` grows.
 */
#pragma once

#include <stdarg.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/vec.h"

enum np_severity { NP_SEVERITY_WARNING, NP_SEVERITY_ERROR, NP_SEVERITY_MAX };

/* Where: lines and columns count from 1, 0 = not known. */
struct np_place {
    const char *file;
    uint32_t line;
    uint32_t column;
};

struct np_diag {
    struct np_place place;
    enum np_severity severity;
    const char *code;    /* stable word for scripts, e.g. "unknown-modifier" */
    const char *message; /* lower case, no full stop */
    const char *hint;    /* the remedy; NULL = none */
    const char *item;    /* what it is about (a selection, a field); NULL = none */
    uint32_t document;   /* index of the document in its file, from 0 */
};

enum { NP_DIAG_ITEM_MAX_BYTES = 128 };

struct np_diag_list {
    NP_VEC(struct np_diag) diags;
    struct np_arena texts;
    size_t dropped;
    size_t errors;
};

/* An empty list; allocates nothing yet. */
void np_diag_list_init(struct np_diag_list *list);

/* Frees everything; NULL-safe. */
void np_diag_list_done(struct np_diag_list *list);

/*
 * Adds a problem. `code` is a literal; `item` and `hint` (NULL allowed) and the formatted message
 * are copied, `place.file` too. A list that is full or out of memory counts it in `dropped` (an
 * error also in `errors`).
 */
void np_diag_add(struct np_diag_list *list, struct np_diag diag, const char *fmt, ...)
    NP_PRINTF(3, 4);

/* The same about `item` (cut to NP_DIAG_ITEM_MAX_BYTES; empty = none), which takes the place of `diag.item`. */
void np_diag_addv(struct np_diag_list *list, struct np_diag diag, struct np_span item,
                  const char *fmt, va_list args) NP_PRINTF(4, 0);
