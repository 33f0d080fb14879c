/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: a rule set's inside. set.c fills it through the front ends,
 * index.c completes it, matchers only read it.
 */
#pragma once

#include "rule/explain/note.h"
#include "rule/ir.h"
#include "rule/rule.h"

struct np_rule_index; /* index.h */
struct np_yaml_node;
struct np_falco_book; /* falco/load/book.h */

/* A filter document that was put onto a rule. */
struct np_rule_filter {
    uint32_t doc; /* index of its document in the set */
    np_expr_id condition;
};

/* One rule that runs. */
struct np_rule {
    struct np_rule_info info;
    const char *product; /* as written, "" = not named */
    const char *category;
    const char *service;
    np_expr_id condition;  /* with all its filters */
    np_expr_id relaxed;    /* what the condition asks of the record alone; of rules that ask who */
    bool asks_who;         /* it names fields that say who acted: set by compiling */
    np_expr_id unfiltered; /* the rule's own, where there are filters */
    const struct np_rule_filter *filters;
    size_t filter_count;
    const np_field_id *fields; /* that the condition looks at, each once, as the rule has them */
    size_t field_count;
    const struct np_rule_output *output; /* of a Falco rule; NULL = none */
    uint32_t doc;                        /* index of its document in the set */
};

/* A document that can be named by id, name or title; `next` is an older one of the same name. */
struct np_rule_name {
    uint32_t doc;
    uint32_t next; /* index into `name_list`, NP_MAP_NONE = no more */
};

/* A name that a document gives a rule by. */
struct np_rule_ref {
    const char *name;
    uint32_t line;
    uint32_t column;
};

/* What a document says of rules anywhere before or behind it: kept until np_rule_set_link(). */
struct np_rule_link {
    enum { NP_LINK_FILTER, NP_LINK_CORRELATION } kind;
    uint32_t doc;
    const struct np_rule_ref *refs; /* none: all rules of the document's log source */
    size_t ref_count;
    np_expr_id condition;      /* of a filter: ANDed onto the rules' own */
    const np_field_id *fields; /* of a filter: that its condition looks at */
    size_t field_count;
};

/* A value that may be meant as the name of a field: looked at when all rules are there. */
struct np_rule_suspect {
    uint32_t doc;
    uint32_t line;
    uint32_t column;
    struct np_span text; /* NUL-terminated */
};

enum { NP_RULES_MAX = 1000000 /* documents, too */, NP_RULE_NAMES_MAX = 3 * NP_RULES_MAX };

struct np_rule_set {
    struct np_field_set *field_names; /* borrowed */
    struct np_ir ir;
    struct np_arena arena; /* texts and arrays of rules and documents */
    NP_VEC(struct np_rule) rules;
    NP_VEC(struct np_rule_doc) docs;
    size_t refused;
    NP_VEC(struct np_rule_link) links;
    NP_VEC(struct np_rule_suspect) suspects;
    struct np_map ids;   /* id, or title of a document without one -> first document */
    struct np_map names; /* id, name or title -> newest entry of `name_list` */
    NP_VEC(struct np_rule_name) name_list;
    struct np_notes notes;
    struct np_arena file_arena; /* the file being loaded; reset for each */
    struct np_arena scratch;    /* the document being loaded; reset for each */
    size_t expanded;            /* literals that one written value was multiplied into, so far */
    size_t filled;              /* literals that came from lists of values, so far */
    const struct np_yaml_node *values; /* lists for `expand` by name; NULL = none given */
    NP_VEC(struct np_span)
    appended;                    /* fields that the outputs of Falco rules tell beside their own */
    struct np_falco_book *falco; /* Falco's items until they are linked; NULL = none */
    struct np_rule_index *index; /* NULL until compiled */
};

/* What is asked of every event: the condition, or the part of it that a record can answer. */
static inline np_expr_id np_rule_asked_of_record(const struct np_rule *rule)
{
    return rule->asks_who ? rule->relaxed : rule->condition;
}

/* Of index.c. */
NP_NODISCARD int np_rule_index_new(struct np_rule_index **out_index, const struct np_rule_set *set);
void np_rule_index_free(struct np_rule_index **index);
