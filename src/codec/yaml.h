/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a tree with places: libyaml's events, loaded into nodes that know line and column, for
 * files that people mistype. Aliases are resolved: an aliased node is shared, not copied, and
 * counted again wherever it is repeated. Tags but those of the core schema and merge keys are an
 * error. Everything lives in the caller's arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/span.h"
#include "codec/number.h"

enum {
    NP_YAML_MAX_BYTES = 64 * 1024 * 1024, /* of a file */
    NP_YAML_MAX_DEPTH = 64,
    NP_YAML_MAX_NODES = 2000000 /* of a file, what aliases repeat counted again */
};

enum np_yaml_kind { NP_YAML_SCALAR, NP_YAML_SEQUENCE, NP_YAML_MAPPING, NP_YAML_KIND_MAX };

struct np_yaml_node {
    enum np_yaml_kind kind;
    bool plain;      /* of a scalar: without quotes, so that null, numbers and booleans are meant */
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in characters */
    uint32_t text_column; /* of a scalar whose text stands unchanged on one line, of that; else 0 */
    struct np_span text;  /* of a scalar; a NUL stands behind it */
    const struct np_yaml_node *const
        *items;   /* of a sequence: items; of a mapping: key, value, key ... */
    size_t count; /* of items or pairs */
};

/* The type that the core schema of YAML 1.2 gives a plain scalar. */
enum np_yaml_type {
    NP_YAML_TEXT,
    NP_YAML_NULL,
    NP_YAML_BOOL,
    NP_YAML_INT,
    NP_YAML_FLOAT,
    NP_YAML_TYPE_MAX
};

/*
 * Loads all documents of `text`, in order. What is wrong (syntax, a repeated key, a key that is no
 * scalar, an unknown alias or tag, a limit) is added to `diags` with `file` and the document's
 * index, and the document's place holds NULL. After a syntax error or a limit nothing more is read:
 * that NULL is the last one. Returns 0, also with problems, or -ENOMEM.
 */
NP_NODISCARD int np_yaml_load(const struct np_yaml_node *const **out_documents, size_t *out_count,
                              struct np_arena *arena, const char *file, struct np_span text,
                              struct np_diag_list *diags);

/*
 * The value of `key` in a mapping; NULL where it is not there or `node` is no mapping (NULL
 * allowed).
 */
const struct np_yaml_node *np_yaml_get(const struct np_yaml_node *node, const char *key);

/* Key and value of a mapping's pair, from 0. */
static inline const struct np_yaml_node *np_yaml_key(const struct np_yaml_node *mapping,
                                                     size_t pair)
{
    return mapping->items[2 * pair];
}

static inline const struct np_yaml_node *np_yaml_value(const struct np_yaml_node *mapping,
                                                       size_t pair)
{
    return mapping->items[2 * pair + 1];
}

/*
 * Where the byte at `offset` of a scalar's text stands. The node's own place, its quote, is given
 * for offset 0 and where the text does not stand as it is written.
 */
struct np_place np_yaml_place(const struct np_yaml_node *node, const char *file, size_t offset);

/* What a scalar is: quoted ones are text; yes, no, on and off are text too. */
enum np_yaml_type np_yaml_type(const struct np_yaml_node *scalar);

/* The value of a BOOL scalar. */
bool np_yaml_bool(const struct np_yaml_node *scalar);

/*
 * The value of an INT or FLOAT scalar; false where it is none, an integer beyond 64 bits, or not
 * finite.
 */
bool np_yaml_number(const struct np_yaml_node *scalar, struct np_number *out_number);
