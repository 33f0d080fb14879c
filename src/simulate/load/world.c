/* SPDX-License-Identifier: Apache-2.0 */
/* world.yml: the organisation, its regions, its pools. */
#include "base/compiler.h"
#include "simulate/load/entry.h"
#include "simulate/load/read.h"
#include "simulate/value.h"

enum { MAX_COUNT = 100000 };

static const char *const pool_keys[] = {"is", "count", "of"};

static struct np_text_scope scope_of(const struct np_load_file *file, enum np_text_where where)
{
    return (struct np_text_scope){
        .file = file->path,
        .where = where,
        .arena = &file->loader->set->arena,
        .diags = file->loader->diags,
    };
}

static void read_owner(const struct np_load_file *file, const struct np_yaml_node *node,
                       bool *out_of_organization)
{
    if (node == NULL)
        return;
    *out_of_organization = true;
    if (node->kind != NP_YAML_SCALAR || !np_span_is(node->text, "organization"))
        np_load_bad_value(file, node, "'organization'");
}

static int read_pool(const struct np_load_file *file, struct np_pool *pool,
                     const struct np_yaml_node *key, const struct np_yaml_node *node)
{
    pool->name = key->text;
    if (!np_value_is_name(key->text))
        np_load_bad_value(file, key, "a name of letters, digits, '_' and '-'");
    if (np_arena_keep(&file->loader->set->arena, &pool->name) < 0)
        return -ENOMEM;
    if (!np_load_is(file, node, NP_YAML_MAPPING) ||
        !np_entry_read_kind(file, node, &pool->entry.is))
        return 0;
    const struct np_entry_kind *kind = np_entry_kind(pool->entry.is);
    if (kind->of != NULL)
        np_diag_add(file->loader->diags, np_load_problem(file, node, "bad-value"),
                    "a %s is of another member, so no pool can hold it", kind->name);
    struct np_range count = {1, 1};
    np_load_range(file, np_yaml_get(node, "count"), (struct np_range){1, MAX_COUNT}, &count);
    if (count.low != count.high)
        np_load_bad_value(file, np_yaml_get(node, "count"), "a single number");
    pool->count = (uint32_t) count.high;
    read_owner(file, np_yaml_get(node, "of"), &pool->of_organization);
    struct np_entry_source source = {
        .file = file,
        .node = node,
        .keys = pool_keys,
        .key_count = NP_ARRAY_LEN(pool_keys),
        .scope = scope_of(file, NP_TEXT_POOL),
    };
    return np_entry_read(&pool->entry, &source);
}

static int read_pools(const struct np_load_file *file, const struct np_yaml_node *node)
{
    struct np_world *world = &file->loader->set->world;
    if (!np_load_is(file, node, NP_YAML_MAPPING))
        return 0;
    struct np_pool *pools = np_load_array(file, node->count, sizeof(*pools));
    if (pools == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count; i++) {
        int r = read_pool(file, &pools[i], np_yaml_key(node, i), np_yaml_value(node, i));
        if (r < 0)
            return r;
    }
    world->pools = pools;
    world->pool_count = node->count;
    return 0;
}

/* Regions in use, then the others, as one list. */
static int read_regions(const struct np_load_file *file)
{
    struct np_world *world = &file->loader->set->world;
    const struct np_span *used = NULL;
    const struct np_span *others = NULL;
    size_t other_count = 0;
    const struct np_yaml_node *node = np_load_need(file, file->root, "regions");
    int r = np_load_texts(file, node, &used, &world->used_region_count);
    if (r == 0)
        r = np_load_texts(file, np_yaml_get(file->root, "other_regions"), &others, &other_count);
    if (r < 0)
        return r;
    if (node != NULL && node->kind == NP_YAML_SEQUENCE && node->count == 0)
        np_load_bad_value(file, node, "a list of at least one region");
    world->region_count = world->used_region_count + other_count;
    struct np_span *regions = np_load_array(file, world->region_count, sizeof(*regions));
    if (regions == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < world->region_count; i++)
        regions[i] = i < world->used_region_count ? used[i] : others[i - world->used_region_count];
    world->regions = regions;
    return 0;
}

int np_load_world(const struct np_load_file *file)
{
    static const char *const keys[] = {"organization", "regions", "other_regions", "pools"};
    struct np_world *world = &file->loader->set->world;
    struct np_text_scope scope = scope_of(file, NP_TEXT_WORLD);
    if (!np_load_is(file, file->root, NP_YAML_MAPPING))
        return 0;
    np_load_check_keys(file, file->root, keys, NP_ARRAY_LEN(keys));
    const struct np_yaml_node *organization = np_load_need(file, file->root, "organization");
    int r = 0;
    if (organization != NULL)
        r = np_text_compile(&world->organization, &scope, organization);
    if (r == 0)
        r = read_regions(file);
    return r < 0 ? r : read_pools(file, np_load_need(file, file->root, "pools"));
}
