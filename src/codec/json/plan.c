/* SPDX-License-Identifier: Apache-2.0 */
/* Builds plans: see plan.h for their shape. */
#include "codec/json/plan.h"

#include <errno.h>

#include "base/alloc.h"

enum { FIRST_PLACES = 4 }; /* of a node with edges; a power of two */

struct path {
    struct np_span parts[NP_JSON_MAX_PATH_PARTS];
    size_t count;
};

int np_json_plan_new(struct np_json_plan **out_plan)
{
    struct np_json_plan *plan = np_alloc(sizeof(*plan));
    if (plan == NULL)
        return -ENOMEM;
    np_arena_init(&plan->paths, SIZE_MAX);
    int r = np_vec_push(&plan->nodes, (struct np_json_node){}, NP_JSON_MAX_PLAN_KEYS);
    if (r < 0) {
        np_free(plan);
        return r;
    }
    *out_plan = plan;
    return 0;
}

void np_json_plan_free(struct np_json_plan **plan)
{
    struct np_json_plan *old = *plan;
    *plan = NULL;
    if (old == NULL)
        return;
    for (size_t i = 0; i < old->nodes.len; i++)
        np_free(old->nodes.items[i].places);
    np_vec_done(&old->nodes);
    np_vec_done(&old->leaves);
    np_arena_done(&old->paths);
    np_free(old);
}

/* The place of `key` at `node`: the one that holds it, or the empty one where it belongs. */
static struct np_json_edge *place_of(const struct np_json_node *node, const struct np_json_key *key)
{
    uint64_t i = np_json_key_hash(key) >> node->shift;
    while (node->places[i].child != 0 && !np_json_edge_has_key(&node->places[i], key))
        i = (i + 1) & node->mask;
    return &node->places[i];
}

/* Makes room for one more edge out of `node`. */
static int grow_places(struct np_json_node *node)
{
    size_t old_cap = node->places != NULL ? (size_t) node->mask + 1 : 0;
    if (((size_t) node->edges + 1) * 2 <= old_cap)
        return 0;
    size_t cap = old_cap > 0 ? old_cap * 2 : FIRST_PLACES;
    struct np_json_node grown = *node;
    grown.places = np_alloc_array(cap, sizeof(*grown.places));
    if (grown.places == NULL)
        return -ENOMEM;
    grown.mask = (uint32_t) cap - 1;
    grown.shift = 64 - (uint32_t) __builtin_ctzl(cap);
    for (size_t i = 0; i < old_cap; i++) {
        const struct np_json_edge *edge = &node->places[i];
        struct np_json_key key = {{edge->key, edge->key_len}, edge->head, edge->tail};
        if (edge->child != 0)
            *place_of(&grown, &key) = *edge;
    }
    np_free(node->places);
    *node = grown;
    return 0;
}

/*
 * Leads `key` from node `from` to node `*child`; where that is 0, to the node it leads to already
 * or to a new one.
 */
static int link_key(struct np_json_plan *plan, uint32_t from, struct np_span text, uint32_t *child)
{
    if (plan->edges >= NP_JSON_MAX_PLAN_KEYS)
        return -E2BIG;
    int r = grow_places(&plan->nodes.items[from]);
    if (r < 0)
        return r;
    struct np_json_key key = np_json_key_make(text);
    struct np_json_node *node = &plan->nodes.items[from];
    struct np_json_edge *edge = place_of(node, &key);
    if (edge->child == 0 && *child == 0) {
        *child = (uint32_t) plan->nodes.len;
        r = np_vec_push(&plan->nodes, (struct np_json_node){}, NP_JSON_MAX_PLAN_KEYS);
        if (r < 0)
            return r;
        node = &plan->nodes.items[from];
    }
    if (edge->child == 0) {
        *edge = (struct np_json_edge){.head = key.head,
                                      .tail = key.tail,
                                      .key = text.ptr,
                                      .key_len = (uint32_t) text.len,
                                      .child = *child,
                                      .number = plan->edges++};
        node->edges++;
    }
    *child = edge->child;
    return 0;
}

/* The key that joins the parts from `from` up to, not including, `to`. */
static struct np_span join(const struct path *path, size_t from, size_t to)
{
    const char *start = path->parts[from].ptr;
    const struct np_span *last = &path->parts[to - 1];
    return np_span_make(start, (size_t) (last->ptr + last->len - start));
}

/*
 * Adds the spellings of `path` whose first key is its first part (`first` 1), or all that begin
 * with a joined key (`first` 2). `reached[i]` is the node behind the first i parts.
 */
static int add_spellings(struct np_json_plan *plan, const struct path *path, size_t first,
                         uint32_t *out_last)
{
    uint32_t reached[NP_JSON_MAX_PATH_PARTS + 1] = {0};
    for (size_t to = first; to <= path->count; to++) {
        int r = 0;
        if (to == 1 || first > 1)
            r = link_key(plan, 0, join(path, 0, to), &reached[to]);
        for (size_t from = first; r == 0 && from < to; from++)
            r = link_key(plan, reached[from], join(path, from, to), &reached[to]);
        if (r < 0)
            return r;
    }
    *out_last = reached[path->count];
    return 0;
}

/* Lets the value of `node` go to `slot` too; room for a leaf has been reserved. */
static void add_leaf(struct np_json_plan *plan, uint32_t node, uint32_t slot)
{
    uint32_t *link = &plan->nodes.items[node].first_leaf;
    while (*link != 0) {
        struct np_json_leaf *leaf = &plan->leaves.items[*link - 1];
        if (leaf->slot == slot)
            return;
        link = &leaf->next;
    }
    plan->leaves.items[plan->leaves.len++] = (struct np_json_leaf){.slot = slot};
    *link = (uint32_t) plan->leaves.len;
}

static int split_path(struct np_span text, struct path *out_path)
{
    *out_path = (struct path){};
    for (;;) {
        const char *dot = text.len > 0 ? memchr(text.ptr, '.', text.len) : NULL;
        size_t len = dot != NULL ? (size_t) (dot - text.ptr) : text.len;
        if (len == 0)
            return -EINVAL;
        if (out_path->count == NP_JSON_MAX_PATH_PARTS)
            return -E2BIG;
        out_path->parts[out_path->count++] = np_span_head(text, len);
        if (dot == NULL)
            return 0;
        text = np_span_from(text, len + 1);
    }
}

/* Copies `*path` to where it lives as long as the plan and can be read as keys. */
static int keep_path(struct np_json_plan *plan, struct np_span *path)
{
    if (path->len > NP_JSON_MAX_PATH_BYTES)
        return -E2BIG;
    char *copy = np_arena_zalloc(&plan->paths, path->len + NP_JSON_KEY_PADDING);
    if (copy == NULL)
        return -ENOMEM;
    if (path->len > 0)
        memcpy(copy, path->ptr, path->len);
    path->ptr = copy;
    return 0;
}

int np_json_plan_add(struct np_json_plan *plan, struct np_span path, uint32_t slot,
                     enum np_json_path_form form)
{
    struct path split;
    int r = keep_path(plan, &path);
    if (r == 0)
        r = split_path(path, &split);
    uint32_t plain = 0;
    uint32_t joined = 0;
    if (r == 0 && form == NP_JSON_PATH_ANY)
        r = add_spellings(plan, &split, 1, &plain);
    if (r == 0 && split.count > 1)
        r = add_spellings(plan, &split, 2, &joined);
    if (r == 0)
        r = np_vec_reserve(&plan->leaves, plan->leaves.len + 2, NP_JSON_MAX_PLAN_KEYS);
    if (r < 0)
        return r;
    if (plain != 0)
        add_leaf(plan, plain, slot);
    if (joined != 0)
        add_leaf(plan, joined, slot);
    return 0;
}
