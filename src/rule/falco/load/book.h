/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Falco's files said so far: lists, macros and rules by name, as pieces of YAML. An item may add to another one or replace a
 * part of it, so that each text is a chain of pieces, each with the document that it comes from. Everything but the tables lives
 * in the book's arena.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "codec/yaml.h"
#include "event/falco/fields.h"
#include "rule/falco/ast.h"
#include "rule/finding.h"

struct np_rule_set;

/* A piece of YAML that an item gave: kept, since a file's nodes die with the file. */
struct np_falco_piece {
    const struct np_yaml_node *node;
    uint32_t doc; /* index of its document in the set */
    struct np_falco_piece *next;
};

struct np_falco_pieces {
    struct np_falco_piece *first;
    struct np_falco_piece *last;
};

/*
 * Where an item stands among all items of all files. One that is changed keeps its place, but sees all that was there when it was
 * changed last.
 */
struct np_falco_order {
    uint32_t place;
    uint32_t sees; /* items with a lower place */
};

struct np_falco_list {
    struct np_span name;
    struct np_falco_order order;
    struct np_falco_pieces items; /* sequences */
    uint32_t doc;
    bool used;
    struct np_span text; /* what its name is replaced by: made when all files are read */
    bool too_large;      /* it could not be made */
};

/* A place in a text that was put together: from here on it comes from `node`. */
struct np_falco_mark {
    size_t at;
    const struct np_yaml_node *node;
    uint32_t doc;
    size_t offset; /* in the text of `node` */
    bool made;     /* all of the piece stands for that one place */
};

/* A text and where it comes from. */
struct np_falco_written {
    struct np_buf text;
    NP_VEC(struct np_falco_mark) marks; /* ascending */
};

enum np_falco_macro_state {
    NP_FALCO_MACRO_PARSED,
    NP_FALCO_MACRO_RESOLVING, /* met again now, it is a part of itself */
    NP_FALCO_MACRO_READY,
    NP_FALCO_MACRO_REFUSED
};

struct np_falco_macro {
    struct np_span name;
    struct np_falco_order order;
    struct np_falco_pieces condition;
    uint32_t doc;
    bool used;
    /* From here on made when all files are read. */
    enum np_falco_macro_state state;
    struct np_falco_written written;
    struct np_falco_node *tree;
    uint32_t depth;      /* of macros in macros; 1 = none in it */
    uint32_t warned_for; /* the last rule for which its tree was looked through, from 1 */
};

struct np_falco_exception {
    struct np_span name;
    const struct np_yaml_node *node;   /* for its place */
    const struct np_yaml_node *fields; /* a text, or a sequence; NULL = not given */
    const struct np_yaml_node *comps;  /* likewise */
    struct np_falco_pieces values;     /* sequences */
    uint32_t doc;
    struct np_falco_exception *next;
};

struct np_falco_exceptions {
    struct np_falco_exception *first;
    struct np_falco_exception *last;
};

struct np_falco_rule {
    struct np_span name;
    struct np_falco_order order;
    struct np_falco_pieces condition;
    struct np_falco_pieces output;
    struct np_falco_pieces tags; /* sequences */
    struct np_falco_exceptions exceptions;
    const char *priority; /* as Falco spells it */
    enum np_level level;
    enum np_falco_source source;
    struct np_span source_name;
    bool source_known;
    bool enabled;
    bool warn_event_types;
    bool skip_unknown_fields;
    uint32_t doc;
};

enum { NP_FALCO_ITEMS_MAX = 1000000, NP_FALCO_TEXT_MAX_BYTES = 256 * 1024 * 1024 };

struct np_falco_book {
    struct np_arena arena;
    NP_VEC(struct np_falco_list) lists;
    NP_VEC(struct np_falco_macro) macros;
    NP_VEC(struct np_falco_rule) rules;
    struct np_map list_names; /* -> index */
    struct np_map macro_names;
    struct np_map rule_names;
    uint32_t next_place;
    size_t filled_bytes; /* that lists put into texts so far: NP_FALCO_TEXT_MAX_BYTES at most */
};

/* The set's book, made when it is first asked for; NULL when memory is out. */
struct np_falco_book *np_falco_book_of(struct np_rule_set *set);

/* A copy of `node` that lives as long as the book: 0 or -ENOMEM. */
NP_NODISCARD int np_falco_keep(struct np_falco_book *book, const struct np_yaml_node *node,
                               const struct np_yaml_node **out_node);

/* Adds a copy of `node` behind `pieces`: 0 or -ENOMEM. */
NP_NODISCARD int np_falco_add_piece(struct np_falco_book *book, struct np_falco_pieces *pieces,
                                    const struct np_yaml_node *node, uint32_t doc);
