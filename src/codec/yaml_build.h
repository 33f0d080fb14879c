/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the YAML reader: nodes out of libyaml's events. */
#pragma once

#include <yaml.h>

#include "base/map.h"
#include "base/vec.h"
#include "codec/yaml.h"

/* A collection that is open. */
struct np_yaml_frame {
    struct np_yaml_node *node;
    size_t first_pending; /* its items begin here */
    size_t nodes_before;
    size_t height; /* of what stands in it so far */
    struct np_span anchor;
};

struct np_yaml_anchor {
    const struct np_yaml_node *node;
    size_t nodes; /* in it, itself included */
    size_t height;
};

struct np_yaml_builder {
    struct np_arena *arena;
    struct np_diag_list *diags;
    const char *file;
    NP_VEC(const struct np_yaml_node *) documents;
    NP_VEC(const struct np_yaml_node *) pending; /* finished, but not in a collection yet */
    NP_VEC(const struct np_yaml_node *) keys;    /* of one mapping, to find repeated ones */
    struct np_yaml_frame frames[NP_YAML_MAX_DEPTH];
    size_t depth;
    NP_VEC(struct np_yaml_anchor) anchors;
    struct np_map anchor_ids; /* name -> index into `anchors` */
    size_t nodes;
    bool document_refused;
    bool stopped; /* a limit: nothing more is to be read */
};

/* Begins with no document; nodes are made in `arena`, problems added to `diags` with `file`. */
void np_yaml_builder_init(struct np_yaml_builder *builder, struct np_arena *arena, const char *file,
                          struct np_diag_list *diags);
/* Frees all but the nodes. */
void np_yaml_builder_done(struct np_yaml_builder *builder);

/* Takes the next event: 0 or -ENOMEM. */
NP_NODISCARD int np_yaml_builder_take(struct np_yaml_builder *builder, const yaml_event_t *event);

/* Ends the document being read, also one that is not complete: 0 or -ENOMEM. */
NP_NODISCARD int np_yaml_builder_end_document(struct np_yaml_builder *builder);

/* The stem of a problem in the document being read, which is refused for it. */
struct np_diag np_yaml_builder_problem(struct np_yaml_builder *builder, const char *code,
                                       struct np_place place);

/* Characters of UTF-8. */
size_t np_yaml_characters(struct np_span text);
