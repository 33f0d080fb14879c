/* SPDX-License-Identifier: Apache-2.0 */
/* See define.h. */
#include "rule/falco/load/define.h"

#include <errno.h>

#include "rule/falco/load/override.h"

static const struct np_falco_changeable list_keys[] = {{"items", true}};
static const struct np_falco_changeable macro_keys[] = {{"condition", true}};

static bool is_bare(struct np_span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (strchr("()\"'=, \t\n\r\v\f", name.ptr[i]) != NULL)
            return false;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_identifier(struct np_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!is_letter(c) && (i == 0 || (c != '_' && (c < '0' || c > '9'))))
            return false;
    }
    return true;
}

/* The place of the item's name in a table, or NP_MAP_NONE; that it is missing for an append is told. */
static int find_earlier(const struct np_falco_item *item, const struct np_map *names, bool append,
                        const char *what, uint32_t *out_index)
{
    *out_index = np_map_get(names, item->name);
    if (append && *out_index == NP_MAP_NONE)
        return np_falco_invalid(item, NULL, item->name,
                                "there is no %s '%.*s' before this one to append to", what,
                                NP_SPAN_ARGS(item->name));
    return 0;
}

/* ---- lists */

/* The list of the item's name, emptied unless it is appended to. */
static int open_list(const struct np_falco_item *item, bool append, struct np_falco_list **out_list)
{
    struct np_falco_book *book = item->book;
    struct np_falco_order order = np_falco_next_order(book);
    uint32_t index = NP_MAP_NONE;
    int r = find_earlier(item, &book->list_names, append, "list", &index);
    if (r == 0 && index == NP_MAP_NONE) {
        struct np_falco_list list = {.name = item->name, .order = order};
        index = (uint32_t) book->lists.len;
        r = np_vec_push(&book->lists, list, NP_FALCO_ITEMS_MAX);
        if (r == 0)
            r = np_map_put(&book->list_names, item->name, index);
    }
    if (r < 0)
        return r;
    *out_list = &book->lists.items[index];
    (*out_list)->order.sees = order.sees;
    if (!append) {
        (*out_list)->items = (struct np_falco_pieces){};
        (*out_list)->doc = item->teller.doc;
    }
    return 0;
}

int np_falco_list_read(const struct np_falco_item *item)
{
    const struct np_yaml_node *items = NULL;
    struct np_falco_override override = {};
    struct np_falco_list *list = NULL;
    if (!is_bare(item->name))
        np_falco_warn(
            &item->teller,
            (struct np_falco_problem){.code = "LOAD_INVALID_LIST_NAME", .item = item->name},
            "the name of a list should have no blanks, quotes, commas, brackets or '='");
    int r = np_falco_sequence(item, "items", &items);
    if (r == 0 && items == NULL)
        r = np_falco_malformed(item, NULL, "items", "no 'items'");
    if (r == 0)
        r = np_falco_override_read(item, list_keys, NP_ARRAY_LEN(list_keys), false, &override);
    if (r == 0)
        r = open_list(item, override.append || override.changes[0] == NP_FALCO_APPEND, &list);
    return r < 0 ? r : np_falco_add_piece(item->book, &list->items, items, item->teller.doc);
}

/* ---- macros */

static int open_macro(const struct np_falco_item *item, bool append,
                      struct np_falco_macro **out_macro)
{
    struct np_falco_book *book = item->book;
    struct np_falco_order order = np_falco_next_order(book);
    uint32_t index = NP_MAP_NONE;
    int r = find_earlier(item, &book->macro_names, append, "macro", &index);
    if (r == 0 && index == NP_MAP_NONE) {
        struct np_falco_macro macro = {.name = item->name, .order = order};
        index = (uint32_t) book->macros.len;
        r = np_vec_push(&book->macros, macro, NP_FALCO_ITEMS_MAX);
        if (r == 0)
            r = np_map_put(&book->macro_names, item->name, index);
    }
    if (r < 0)
        return r;
    *out_macro = &book->macros.items[index];
    (*out_macro)->order.sees = order.sees;
    if (!append) {
        (*out_macro)->condition = (struct np_falco_pieces){};
        (*out_macro)->doc = item->teller.doc;
    }
    return 0;
}

int np_falco_macro_read(const struct np_falco_item *item)
{
    const struct np_yaml_node *condition = NULL;
    struct np_falco_override override = {};
    struct np_falco_macro *macro = NULL;
    if (!is_identifier(item->name))
        np_falco_warn(
            &item->teller,
            (struct np_falco_problem){.code = "LOAD_INVALID_MACRO_NAME", .item = item->name},
            "the name of a macro should be a letter, followed by letters, digits and '_'");
    int r = np_falco_text(item, item->node, "condition", &condition);
    if (r == 0)
        r = np_falco_override_read(item, macro_keys, NP_ARRAY_LEN(macro_keys), false, &override);
    if (r == 0)
        r = open_macro(item, override.append || override.changes[0] == NP_FALCO_APPEND, &macro);
    return r < 0 ? r
                 : np_falco_add_piece(item->book, &macro->condition, condition, item->teller.doc);
}
