/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan inside: nodes and edges. A node stands for the parts of a path that have been read so
 * far; an edge out of it is a key, one part or several joined by dots. However a path is spelt it
 * leads to the same node, so a path of n parts costs n nodes and n * n / 2 edges instead of one
 * branch for each of its 2^(n-1) spellings. Spellings whose first key is one part and those that
 * begin with a joined key have nodes of their own, since NP_JSON_PATH_JOINED_FIRST wants only the
 * second.
 *
 * Keys are compared by their first and last eight bytes, which is all of them up to 16.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "codec/json/json.h"

enum { NP_JSON_KEY_PADDING = 8 }; /* bytes behind the start of a key that must be readable */

struct np_json_edge {
    uint64_t head; /* first eight bytes, zeros behind a shorter key */
    uint64_t tail; /* last eight bytes, 0 for a shorter key */
    const char *key;
    uint32_t key_len;
    uint32_t child;  /* 0 marks an empty place: the root is nobody's child */
    uint32_t number; /* among all edges of the plan */
};

struct np_json_node {
    struct np_json_edge *places; /* a hash table, at most half full; NULL where no edge goes out */
    uint32_t shift;              /* of a hash, which leaves the bits that number them */
    uint32_t mask;               /* one less than there are */
    uint32_t edges;
    uint32_t first_leaf; /* 1 + index in the plan's leaves, 0 = none */
};

struct np_json_leaf {
    uint32_t slot;
    uint32_t next; /* as first_leaf */
};

struct np_json_plan {
    NP_VEC(struct np_json_node) nodes; /* the root first */
    NP_VEC(struct np_json_leaf) leaves;
    struct np_arena paths; /* keys are parts of them */
    uint32_t edges;
};

struct np_json_key {
    struct np_span text;
    uint64_t head;
    uint64_t tail;
};

static inline uint64_t np_json_load64(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    return word;
}

static inline struct np_json_key np_json_key_make(struct np_span text)
{
    static const char mask[16] = "\xff\xff\xff\xff\xff\xff\xff\xff";
    struct np_json_key key = {.text = text, .head = np_json_load64(text.ptr)};
    if (text.len < 8)
        key.head &= np_json_load64(mask + 8 - text.len);
    else
        key.tail = np_json_load64(text.ptr + text.len - 8);
    return key;
}

static inline uint64_t np_json_key_hash(const struct np_json_key *key)
{
    return (key->head + key->tail * 3 + key->text.len) * UINT64_C(0x9e3779b97f4a7c15);
}

static inline bool np_json_edge_has_key(const struct np_json_edge *edge,
                                        const struct np_json_key *key)
{
    return edge->head == key->head && edge->tail == key->tail && edge->key_len == key->text.len &&
           (edge->key_len <= 16 ||
            memcmp(edge->key + 8, key->text.ptr + 8, key->text.len - 16) == 0);
}

/* The edge for `key` out of a node that has edges, NULL where that key is not wanted. */
static inline const struct np_json_edge *np_json_node_find(const struct np_json_node *node,
                                                           const struct np_json_key *key)
{
    for (uint64_t i = np_json_key_hash(key) >> node->shift;; i = (i + 1) & node->mask) {
        const struct np_json_edge *edge = &node->places[i];
        if (edge->child == 0)
            return NULL;
        if (np_json_edge_has_key(edge, key))
            return edge;
    }
}

/* The leaf that `link` (a first_leaf or a next) leads to, NULL at the end. */
static inline const struct np_json_leaf *np_json_plan_leaf(const struct np_json_plan *plan,
                                                           uint32_t link)
{
    return link != 0 ? &plan->leaves.items[link - 1] : NULL;
}
