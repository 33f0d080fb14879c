/* SPDX-License-Identifier: Apache-2.0 */
/* The cast of a scenario. A member names only members before it, so they can be made in order. */
#include "base/compiler.h"
#include "simulate/load/entry.h"
#include "simulate/load/read.h"
#include "simulate/value.h"

static const char *const member_keys[] = {"is", "pool", "of", "in", "like", "account"};

struct cast {
    const struct np_load_file *file;
    struct np_cast_member *members;
    size_t count; /* so far */
};

/* The member before this one that `node` names; -1 where it is not given or unknown, which is told. */
static int32_t find_before(const struct cast *cast, const struct np_yaml_node *node)
{
    return np_load_find_member(cast->file, cast->members, cast->count, node,
                               "member of the cast before this one");
}

static const struct np_pool *find_pool(const struct cast *cast, const struct np_yaml_node *node)
{
    const struct np_world *world = &cast->file->loader->set->world;
    const char *near = NULL;
    for (size_t i = 0; i < world->pool_count; i++)
        if (np_span_eq(world->pools[i].name, node->text))
            return &world->pools[i];
    for (size_t i = 0; i < world->pool_count; i++)
        near = np_value_nearer(node->text, near, world->pools[i].name.ptr);
    np_load_refuse_name(cast->file, node, near, "pool");
    return NULL;
}

/* A member that is drawn has what the entry of its pool has, and nothing of its own. */
static void read_drawn(const struct cast *cast, struct np_cast_member *member,
                       const struct np_yaml_node *node)
{
    const struct np_yaml_node *pool = np_yaml_get(node, "pool");
    np_load_check_keys(cast->file, node, member_keys, NP_ARRAY_LEN(member_keys));
    if (!np_load_is(cast->file, pool, NP_YAML_SCALAR))
        return;
    member->pool = find_pool(cast, pool);
    if (member->pool == NULL)
        return;
    if (member->pool->entry.is != member->entry.is)
        np_diag_add(cast->file->loader->diags, np_load_problem(cast->file, pool, "bad-value"),
                    "the pool '%.*s' is of the kind %s", NP_SPAN_ARGS(pool->text),
                    np_entry_kind(member->pool->entry.is)->name);
    for (size_t i = 0; i < cast->count; i++)
        if (cast->members[i].pool == member->pool)
            member->earlier_of_pool++;
}

static int read_new(const struct cast *cast, struct np_cast_member *member,
                    const struct np_yaml_node *node)
{
    const struct np_yaml_node *like = np_yaml_get(node, "like");
    if (like != NULL)
        np_diag_add(cast->file->loader->diags, np_load_problem(cast->file, like, "missing-key"),
                    "'like' draws from a pool: 'pool' is missing");
    struct np_entry_source source = {
        .file = cast->file,
        .node = node,
        .keys = member_keys,
        .key_count = NP_ARRAY_LEN(member_keys),
        .scope = {.file = cast->file->path,
                  .where = NP_TEXT_CAST,
                  .members = cast->members,
                  .member_count = cast->count,
                  .arena = &cast->file->loader->set->arena,
                  .diags = cast->file->loader->diags},
    };
    return np_entry_read(&member->entry, &source);
}

/* Whether `of` is there where the kind wants it, and names what it must. */
static void check_of(const struct cast *cast, const struct np_cast_member *member,
                     const struct np_yaml_node *node)
{
    const struct np_entry_kind *kind = np_entry_kind(member->entry.is);
    const struct np_yaml_node *of = np_yaml_get(node, "of");
    struct np_diag diag = np_load_problem(cast->file, of != NULL ? of : node, "bad-value");
    if ((of != NULL) != (kind->of != NULL)) {
        np_diag_add(cast->file->loader->diags, diag, "a %s %s", kind->name,
                    of != NULL ? "has no 'of'" : "needs 'of': whose it is");
    } else if (member->of >= 0) {
        enum np_member_is is = cast->members[member->of].entry.is;
        if ((kind->of_kinds & (1u << is)) == 0)
            np_diag_add(cast->file->loader->diags, diag, "a %s is of %s, not of a %s", kind->name,
                        kind->of, np_entry_kind(is)->name);
    }
}

static void read_account(const struct cast *cast, struct np_cast_member *member,
                         const struct np_yaml_node *node)
{
    if (node == NULL)
        return;
    bool word = node->kind == NP_YAML_SCALAR;
    if (word && np_span_is(node->text, "other"))
        member->account = NP_ACCOUNT_OTHER;
    else if (word && np_span_is(node->text, "foreign"))
        member->account = NP_ACCOUNT_FOREIGN;
    else
        np_load_bad_value(cast->file, node, "'other' or 'foreign'");
}

static int read_member(struct cast *cast, const struct np_yaml_node *key,
                       const struct np_yaml_node *node)
{
    const struct np_load_file *file = cast->file;
    struct np_cast_member *member = &cast->members[cast->count];
    *member = (struct np_cast_member){.name = key->text, .of = -1, .in = -1, .like = -1};
    if (!np_value_is_name(key->text) || np_span_is(key->text, "by") ||
        np_span_is(key->text, "self"))
        np_load_bad_value(file, key, "a name of letters, digits, '_' and '-', nor by or self");
    if (np_arena_keep(&file->loader->set->arena, &member->name) < 0)
        return -ENOMEM;
    if (!np_load_is(file, node, NP_YAML_MAPPING) ||
        !np_entry_read_kind(file, node, &member->entry.is))
        return 0;
    member->of = find_before(cast, np_yaml_get(node, "of"));
    member->in = find_before(cast, np_yaml_get(node, "in"));
    member->like = find_before(cast, np_yaml_get(node, "like"));
    read_account(cast, member, np_yaml_get(node, "account"));
    check_of(cast, member, node);
    if (np_yaml_get(node, "pool") == NULL)
        return read_new(cast, member, node);
    read_drawn(cast, member, node);
    return 0;
}

int np_load_cast(const struct np_load_file *file, struct np_scenario *scenario,
                 const struct np_yaml_node *node)
{
    struct cast cast = {.file = file};
    if (!np_load_is(file, node, NP_YAML_MAPPING))
        return 0;
    if (node->count > NP_SCENARIO_MAX_NAMES) {
        np_diag_add(file->loader->diags, np_load_problem(file, node, "limit"),
                    "more than %d members of the cast", NP_SCENARIO_MAX_NAMES);
        return 0;
    }
    cast.members = np_load_array(file, node->count, sizeof(*cast.members));
    if (cast.members == NULL)
        return -ENOMEM;
    for (; cast.count < node->count; cast.count++) {
        int r = read_member(&cast, np_yaml_key(node, cast.count), np_yaml_value(node, cast.count));
        if (r < 0)
            return r;
    }
    scenario->cast = cast.members;
    scenario->cast_count = cast.count;
    return 0;
}
