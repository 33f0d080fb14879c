/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `action:` as files of Sigma 1 use it: the keys of a `global` document go into every document
 * behind it, `reset` ends that, `repeat` is the document before with some keys changed. Where both
 * documents have a key, the global one wins and the repeating one wins, as in the reference
 * implementation.
 */
#include "rule/sigma/sigma.h"

#include <errno.h>

#include "rule/sigma/document.h"

static bool is_mapping(const struct np_yaml_node *node)
{
    return node->kind == NP_YAML_MAPPING;
}

/* A mapping at the place of `at` with room for `pairs`; NULL when memory is out. */
static struct np_yaml_node *new_mapping(struct np_arena *arena, const struct np_yaml_node *at,
                                        size_t pairs, const struct np_yaml_node ***out_items)
{
    struct np_yaml_node *mapping = np_arena_zalloc(arena, sizeof(*mapping));
    const struct np_yaml_node **items = np_arena_alloc(arena, 2 * pairs * sizeof(*items));
    if (mapping == NULL || items == NULL)
        return NULL;
    *mapping = (struct np_yaml_node){
        .kind = NP_YAML_MAPPING, .line = at->line, .column = at->column, .items = items};
    *out_items = items;
    return mapping;
}

static const struct np_yaml_node *without_action(struct np_arena *arena,
                                                 const struct np_yaml_node *document)
{
    const struct np_yaml_node **items = NULL;
    struct np_yaml_node *rest = new_mapping(arena, document, document->count, &items);
    for (size_t i = 0; rest != NULL && i < document->count; i++) {
        if (np_span_is(np_yaml_key(document, i)->text, "action"))
            continue;
        items[2 * rest->count] = np_yaml_key(document, i);
        items[2 * rest->count + 1] = np_yaml_value(document, i);
        rest->count++;
    }
    return rest;
}

/* Index of the pair with `key`; the count where there is none. */
static size_t find_pair(const struct np_yaml_node *mapping, struct np_span key)
{
    size_t i = 0;
    while (i < mapping->count && !np_span_eq(np_yaml_key(mapping, i)->text, key))
        i++;
    return i;
}

/*
 * The pairs of both, those of `over` where both have a key, mappings within merged in turn; stands
 * where `base` does. Recursion ends at the depth of YAML documents. 0, -E2BIG or -ENOMEM.
 */
static int merge(struct np_sigma_collection *collection, const struct np_yaml_node *base,
                 const struct np_yaml_node *over, struct np_yaml_node **out_merged)
{
    size_t pairs = base->count + over->count;
    collection->work += pairs + base->count * over->count; /* each below NP_YAML_MAX_NODES */
    if (collection->work > NP_SIGMA_MAX_MERGE_WORK)
        return -E2BIG;
    const struct np_yaml_node **items = NULL;
    struct np_yaml_node *merged = new_mapping(collection->arena, base, pairs, &items);
    if (merged == NULL)
        return -ENOMEM;
    merged->count = base->count;
    if (base->count > 0)
        memcpy(items, base->items, 2 * base->count * sizeof(*items));
    for (size_t i = 0; i < over->count; i++) {
        const struct np_yaml_node *value = np_yaml_value(over, i);
        size_t place = find_pair(base, np_yaml_key(over, i)->text);
        if (place == base->count) {
            place = merged->count++;
        } else if (is_mapping(value) && is_mapping(items[2 * place + 1])) {
            struct np_yaml_node *inner = NULL;
            int r = merge(collection, items[2 * place + 1], value, &inner);
            if (r < 0)
                return r;
            value = inner;
        }
        items[2 * place] = np_yaml_key(over, i);
        items[2 * place + 1] = value;
    }
    *out_merged = merged;
    return 0;
}

/* How many nodes reading `node` meets; bounded, as its document was. */
static size_t size_of(const struct np_yaml_node *node)
{
    size_t items = is_mapping(node) ? 2 * node->count : node->count;
    size_t size = 1;
    for (size_t i = 0; i < items; i++)
        size += size_of(node->items[i]);
    return size;
}

/* merge(), with what is taken over counted as work too: it will be loaded once more. */
static int merge_documents(struct np_sigma_collection *collection, const struct np_yaml_node *base,
                           const struct np_yaml_node *over, struct np_yaml_node **out_merged)
{
    collection->work += size_of(base) + size_of(over);
    return merge(collection, base, over, out_merged);
}

static int repeat(struct np_sigma_collection *collection, const struct np_yaml_node *rest,
                  const struct np_yaml_node **out_document)
{
    struct np_yaml_node *merged = NULL;
    int r = merge_documents(collection, collection->previous, rest, &merged);
    if (r < 0)
        return r;
    merged->line = rest->line;
    merged->column = rest->column;
    *out_document = collection->previous = merged;
    return 0;
}

static int plain(struct np_sigma_collection *collection, const struct np_yaml_node *document,
                 const struct np_yaml_node **out_document)
{
    if (collection->global != NULL) {
        struct np_yaml_node *merged = NULL;
        int r = merge_documents(collection, document, collection->global, &merged);
        if (r < 0)
            return r;
        document = merged;
    }
    *out_document = collection->previous = document;
    return 0;
}

int np_sigma_collection_next(struct np_sigma_collection *collection,
                             const struct np_yaml_node *document,
                             const struct np_yaml_node **out_document)
{
    const struct np_yaml_node *action = np_yaml_get(document, "action");
    if (action == NULL)
        return plain(collection, document, out_document);
    const struct np_yaml_node *rest = without_action(collection->arena, document);
    if (rest == NULL)
        return -ENOMEM;
    *out_document = NULL;
    if (np_span_is(action->text, "reset")) {
        collection->global = NULL;
        return rest->count > 0 ? plain(collection, rest, out_document) : 0;
    }
    if (np_span_is(action->text, "global"))
        collection->global = collection->previous = rest;
    else if (np_span_is(action->text, "repeat") && collection->previous != NULL)
        return repeat(collection, rest, out_document);
    else
        *out_document = document;
    return 0;
}
