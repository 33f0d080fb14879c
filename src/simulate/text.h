/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with holes, compiled once and filled for each event (docs/reference/scenarios.md, "Texts with holes").
 * A body of a call is such a text too: its JSON is literal but for the holes.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/time.h"
#include "codec/yaml.h"
#include "simulate/random.h"

enum { NP_TEXT_MAX_CHARACTERS = 4096 }; /* that a hole of random characters or bytes gives */

enum np_hole {
    NP_HOLE_NONE,      /* literal text only */
    NP_HOLE_MEMBER,    /* attribute `b` of member `a` of the cast */
    NP_HOLE_SELF,      /* attribute `b` of the entry that is being made */
    NP_HOLE_PARAMETER, /* parameter `a` of the call */
    NP_HOLE_BY,        /* attribute `b` of who calls */
    NP_HOLE_ACCOUNT,
    NP_HOLE_REGION,
    NP_HOLE_ADDRESS,
    NP_HOLE_INDEX,      /* ${n} */
    NP_HOLE_TIME,       /* `low` ns later, written in form `a` */
    NP_HOLE_CHARACTERS, /* `low` of alphabet `a` */
    NP_HOLE_BASE64,     /* of `low` bytes */
    NP_HOLE_UUID,
    NP_HOLE_INT,  /* from `low` to `high` */
    NP_HOLE_PICK, /* one of `choices` */
    NP_HOLE_PUBLIC,
    NP_HOLE_PRIVATE,
    /* Only in JSON. */
    NP_HOLE_OPTIONAL, /* the next `a` segments are left out where parameter `b` has no value */
    NP_HOLE_COMMA,    /* a comma, but for the first member */
    NP_HOLE_MAX
};

enum np_time_form {
    NP_TIME_FORM_ISO,
    NP_TIME_FORM_TEXT,
    NP_TIME_FORM_MS,
    NP_TIME_FORM_S,
    NP_TIME_FORM_MAX
};
enum np_alphabet {
    NP_ALPHABET_HEX,
    NP_ALPHABET_DIGITS,
    NP_ALPHABET_UPPER,
    NP_ALPHABET_ALNUM,
    NP_ALPHABET_MAX
};

struct np_segment {
    struct np_span text; /* literal, before the hole; within JSON it is escaped already */
    enum np_hole hole;
    bool whole; /* the parameter is a whole JSON value: text is put in quotes, JSON is not */
    uint16_t a;
    uint16_t b;
    int64_t low;
    int64_t high;
    const struct np_span *choices; /* within JSON escaped already */
    size_t choice_count;
};

struct np_text {
    const struct np_segment *segments;
    size_t count;      /* 0 = not given */
    bool json;         /* is JSON (a body, or a typed value), not text */
    bool null_if_bare; /* an object all of whose members are optional: null where none is there */
};

/* Where a text stands, and so which holes it may have beside those of random characters. */
enum np_text_where {
    NP_TEXT_WORLD, /* nothing more */
    NP_TEXT_POOL,  /* of an entry: itself, its index */
    NP_TEXT_CAST,  /* of a new member: itself, members before it, the time */
    NP_TEXT_STEP,  /* members, who calls, the time, the place of the call, the repetition */
    NP_TEXT_CALL,  /* parameters, who calls, the time, the place of the call */
    NP_TEXT_WHERE_MAX
};

struct np_entry;
struct np_cast_member;

/* The parameters of a call, which its texts name; grows while they are compiled. Its owner frees with np_vec_done(). */
struct np_parameter_name {
    struct np_span name; /* in the arena */
    bool needed;         /* named where it is not optional */
};
struct np_parameter_names {
    NP_VEC(struct np_parameter_name) names;
};

/* What a text may name. */
struct np_text_scope {
    const char *file;
    enum np_text_where where;
    const struct np_cast_member *members;
    size_t member_count;
    const struct np_entry *self;           /* POOL, CAST: with the attributes so far */
    struct np_parameter_names *parameters; /* CALL */
    struct np_arena *arena;                /* what is compiled lives here */
    struct np_diag_list *diags;
};

/*
 * Compile a scalar as text; any node as JSON; a node as it is meant: text, or, where it is a number, a boolean, a list
 * or a mapping, JSON. What is wrong is added to the diagnostics of `scope`; the text must then not be
 * filled. 0 or -ENOMEM.
 */
NP_NODISCARD int np_text_compile(struct np_text *out_text, const struct np_text_scope *scope,
                                 const struct np_yaml_node *node);
NP_NODISCARD int np_text_compile_json(struct np_text *out_text, const struct np_text_scope *scope,
                                      const struct np_yaml_node *node);
NP_NODISCARD int np_text_compile_value(struct np_text *out_text, const struct np_text_scope *scope,
                                       const struct np_yaml_node *node);

/* Whether a hole begins with this word, so that nothing else can be named so. */
bool np_text_is_hole_word(struct np_span name);

/* The value of a parameter in one call. */
struct np_parameter {
    struct np_span text;
    bool given;
    bool json;
};

/*
 * What a text is filled from. An identity is the array of its attributes (enum np_attribute, then its own). The value
 * of a parameter is filled once a call, so that it is the same wherever it stands: in the order of the parameters,
 * as a default names only those before it.
 */
struct np_fill {
    struct np_random *random;
    np_time_ns now;
    const struct np_span *const *members;
    const struct np_span *self;
    const struct np_span *by;
    const struct np_parameter *parameters;
    struct np_span account;
    struct np_span region;
    struct np_span address;
    uint64_t index;
};

/* Appends the filled text. Within JSON, text is escaped. Errors stay in `buf->error`. */
void np_text_fill(struct np_buf *buf, const struct np_text *text, const struct np_fill *fill);

/* Whether what the text gives, as the value of a parameter, is JSON. */
static inline bool np_text_is_json(const struct np_text *text, const struct np_fill *fill)
{
    const struct np_segment *only = text->count == 1 ? &text->segments[0] : NULL;
    if (only != NULL && only->hole == NP_HOLE_PARAMETER && only->text.len == 0)
        return fill->parameters[only->a].json;
    return text->json;
}
