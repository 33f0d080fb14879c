/* SPDX-License-Identifier: Apache-2.0 */
/* See book.h. */
#include "rule/falco/load/book.h"

#include <errno.h>

#include "rule/falco/load/load.h"
#include "rule/falco/load/written.h"

struct np_falco_book *np_falco_book_of(struct np_rule_set *set)
{
    if (set->falco != NULL)
        return set->falco;
    struct np_falco_book *book = np_alloc(sizeof(*book));
    if (book == NULL)
        return NULL;
    np_arena_init(&book->arena, SIZE_MAX);
    np_map_init(&book->list_names, NP_FALCO_ITEMS_MAX);
    np_map_init(&book->macro_names, NP_FALCO_ITEMS_MAX);
    np_map_init(&book->rule_names, NP_FALCO_ITEMS_MAX);
    set->falco = book;
    return book;
}

void np_falco_book_free(struct np_falco_book **book)
{
    if (book == NULL || *book == NULL)
        return;
    struct np_falco_book *b = *book;
    for (size_t i = 0; i < b->macros.len; i++)
        np_falco_written_done(&b->macros.items[i].written);
    np_vec_done(&b->lists);
    np_vec_done(&b->macros);
    np_vec_done(&b->rules);
    np_map_done(&b->list_names);
    np_map_done(&b->macro_names);
    np_map_done(&b->rule_names);
    np_arena_done(&b->arena);
    np_free(b);
    *book = NULL;
}

/* Copies the node itself and its text; `*out_items` is room for its items, which are not copied. */
static int keep_one(struct np_falco_book *book, const struct np_yaml_node *node,
                    struct np_yaml_node **out_node, const struct np_yaml_node ***out_items)
{
    size_t count = node->kind == NP_YAML_MAPPING ? 2 * node->count : node->count;
    if (node->kind == NP_YAML_SCALAR)
        count = 0;
    struct np_yaml_node *copy = np_arena_alloc(&book->arena, sizeof(*copy));
    const struct np_yaml_node **items = np_arena_alloc(&book->arena, count * sizeof(*items) + 1);
    if (copy == NULL || items == NULL)
        return -ENOMEM;
    *copy = *node;
    copy->items = items;
    *out_node = copy;
    *out_items = items;
    return np_arena_keep(&book->arena, &copy->text);
}

int np_falco_keep(struct np_falco_book *book, const struct np_yaml_node *node,
                  const struct np_yaml_node **out_node)
{
    struct np_yaml_node *copy = NULL;
    const struct np_yaml_node **items = NULL;
    int r = keep_one(book, node, &copy, &items);
    size_t count = node->kind == NP_YAML_SCALAR    ? 0
                   : node->kind == NP_YAML_MAPPING ? 2 * node->count
                                                   : node->count;
    for (size_t i = 0; i < count && r == 0; i++)
        r = np_falco_keep(book, node->items[i], &items[i]); /* NP_YAML_MAX_DEPTH deep */
    if (r == 0)
        *out_node = copy;
    return r;
}

int np_falco_add_piece(struct np_falco_book *book, struct np_falco_pieces *pieces,
                       const struct np_yaml_node *node, uint32_t doc)
{
    struct np_falco_piece *piece = np_arena_zalloc(&book->arena, sizeof(*piece));
    int r = piece == NULL ? -ENOMEM : np_falco_keep(book, node, &piece->node);
    if (r < 0)
        return r;
    piece->doc = doc;
    if (pieces->last != NULL)
        pieces->last->next = piece;
    else
        pieces->first = piece;
    pieces->last = piece;
    return 0;
}
