/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes in the order written. While they are read, an entry has only those before: what a text may name. Those
 * that are made for it (an ARN, an id) it has at the end.
 */
#include "simulate/load/entry.h"

#include "base/compiler.h"
#include "simulate/load/read.h"
#include "simulate/value.h"

#define HAS(attribute) (1u << NP_ATTRIBUTE_##attribute)
#define IS(kind)       (1u << NP_IS_##kind)

static const struct np_span fixed_names[NP_ATTRIBUTE_FIXED] = {
    [NP_ATTRIBUTE_ACCOUNT] = NP_SPAN("account"),
    [NP_ATTRIBUTE_NAME] = NP_SPAN("name"),
    [NP_ATTRIBUTE_PATH] = NP_SPAN("path"),
    [NP_ATTRIBUTE_ARN] = NP_SPAN("arn"),
    [NP_ATTRIBUTE_ID] = NP_SPAN("id"),
    [NP_ATTRIBUTE_KEY] = NP_SPAN("key"),
    [NP_ATTRIBUTE_TOKEN] = NP_SPAN("token"),
    [NP_ATTRIBUTE_MFA] = NP_SPAN("mfa"),
    [NP_ATTRIBUTE_SOURCE] = NP_SPAN("source"),
    [NP_ATTRIBUTE_PROVIDER] = NP_SPAN("provider"),
    [NP_ATTRIBUTE_DELIVERY] = NP_SPAN("delivery"),
    [NP_ATTRIBUTE_INVOKED] = NP_SPAN("invoked"),
    [NP_ATTRIBUTE_ADDRESS] = NP_SPAN("address"),
    [NP_ATTRIBUTE_AGENT] = NP_SPAN("agent"),
    [NP_ATTRIBUTE_ENDPOINT] = NP_SPAN("endpoint"),
    [NP_ATTRIBUTE_ENDPOINT_ACCOUNT] = NP_SPAN("endpoint_account"),
    [NP_ATTRIBUTE_PROXY] = NP_SPAN("proxy"),
};

static const struct np_entry_kind kinds[NP_IS_MAX] = {
    [NP_IS_USER] = {.name = "user",
                    .has = HAS(ACCOUNT) | HAS(NAME) | HAS(PATH) | HAS(ARN) | HAS(ID) | HAS(KEY),
                    .needs = HAS(NAME)},
    [NP_IS_ROLE] = {.name = "role",
                    .has = HAS(ACCOUNT) | HAS(NAME) | HAS(PATH) | HAS(ARN) | HAS(ID),
                    .needs = HAS(NAME),
                    .silent = "a role calls through a session of it"},
    [NP_IS_SESSION] = {.name = "session",
                       .of = "a role",
                       .of_kinds = IS(ROLE),
                       .has = HAS(ACCOUNT) | HAS(NAME) | HAS(ARN) | HAS(ID) | HAS(KEY) | HAS(TOKEN),
                       .may = HAS(MFA) | HAS(SOURCE) | HAS(PROVIDER) | HAS(DELIVERY) | HAS(INVOKED),
                       .needs = HAS(NAME)},
    [NP_IS_CONSOLE] = {.name = "console",
                       .of = "a user, root or a session",
                       .of_kinds = IS(USER) | IS(ROOT) | IS(SESSION),
                       .has = HAS(ACCOUNT) | HAS(NAME) | HAS(ARN) | HAS(ID) | HAS(KEY),
                       .may = HAS(MFA)},
    [NP_IS_ROOT] = {.name = "root", .has = HAS(ACCOUNT) | HAS(ARN) | HAS(ID), .may = HAS(KEY)},
    [NP_IS_SERVICE] = {.name = "service", .has = HAS(ACCOUNT) | HAS(NAME), .needs = HAS(NAME)},
    [NP_IS_KEY] = {.name = "key",
                   .of = "a user",
                   .of_kinds = IS(USER),
                   .has = HAS(ACCOUNT) | HAS(NAME) | HAS(PATH) | HAS(ARN) | HAS(ID) | HAS(KEY)},
    [NP_IS_FEDERATED] = {.name = "federated",
                         .of = "a user",
                         .of_kinds = IS(USER),
                         .has =
                             HAS(ACCOUNT) | HAS(NAME) | HAS(ARN) | HAS(ID) | HAS(KEY) | HAS(TOKEN),
                         .needs = HAS(NAME)},
    [NP_IS_EXTERNAL] = {.name = "external", .has = HAS(ACCOUNT) | HAS(ID), .may = HAS(NAME)},
    [NP_IS_VISITOR] = {.name = "visitor",
                       .has = HAS(ACCOUNT) | HAS(NAME) | HAS(PROVIDER),
                       .needs = HAS(NAME) | HAS(PROVIDER)},
    [NP_IS_PLACE] = {.name = "place",
                     .has = HAS(ACCOUNT) | HAS(ADDRESS) | HAS(AGENT),
                     .may =
                         HAS(NAME) | HAS(ID) | HAS(ENDPOINT) | HAS(ENDPOINT_ACCOUNT) | HAS(PROXY),
                     .needs = HAS(ADDRESS) | HAS(AGENT),
                     .silent = "it belongs to 'from'"},
    [NP_IS_THING] = {.name = "thing",
                     .has = HAS(ACCOUNT),
                     .may = (1u << NP_ATTRIBUTE_FIXED) - 1,
                     .silent = "a thing makes no calls"},
};

const struct np_entry_kind *np_entry_kind(enum np_member_is is)
{
    return &kinds[is];
}

bool np_entry_read_kind(const struct np_load_file *file, const struct np_yaml_node *mapping,
                        enum np_member_is *out_is)
{
    const struct np_yaml_node *node = np_load_need(file, mapping, "is");
    const char *near = NULL;
    if (!np_load_is(file, node, NP_YAML_SCALAR))
        return false;
    for (int i = 0; i < NP_IS_MAX; i++) {
        if (np_span_is(node->text, kinds[i].name)) {
            *out_is = (enum np_member_is) i;
            return true;
        }
    }
    for (int i = 0; i < NP_IS_MAX; i++)
        near = np_value_nearer(node->text, near, kinds[i].name);
    struct np_diag diag = np_load_problem(file, node, "unknown-name");
    diag.hint = near != NULL ? near
                             : "user, role, session, console, root, service, key, federated, "
                               "external, visitor, place or thing";
    np_diag_add(file->loader->diags, diag, "'%.*s' is no kind of entry", NP_SPAN_ARGS(node->text));
    return false;
}

bool np_entry_find(const struct np_entry *entry, struct np_span name, uint16_t *out_attribute)
{
    for (size_t i = 0; i < entry->attribute_count; i++) {
        if (entry->names[i].len > 0 && np_span_eq(entry->names[i], name)) {
            *out_attribute = (uint16_t) i;
            return true;
        }
    }
    return false;
}

struct building {
    const struct np_entry_source *source;
    struct np_entry *entry;
    struct np_span *names;
    uint16_t *order;
    unsigned written; /* fixed ones */
};

static bool is_attribute(const struct np_entry_source *source, struct np_span key)
{
    for (size_t i = 0; i < source->key_count; i++)
        if (np_span_is(key, source->keys[i]))
            return false;
    return true;
}

/* The index of an attribute that is written; a new one where it is not fixed. False where it is told not to fit. */
static bool place_attribute(struct building *building, const struct np_yaml_node *key,
                            uint16_t *out_attribute)
{
    const struct np_entry_source *source = building->source;
    const struct np_entry_kind *kind = &kinds[building->entry->is];
    unsigned allowed = (kind->has | kind->may) & ~HAS(ACCOUNT);
    for (unsigned i = 0; i < NP_ATTRIBUTE_FIXED; i++) {
        if (!np_span_eq(fixed_names[i], key->text))
            continue;
        building->written |= 1u << i;
        *out_attribute = (uint16_t) i;
        if ((allowed & (1u << i)) != 0)
            return true;
        np_diag_add(source->scope.diags, np_load_problem(source->file, key, "unknown-key"),
                    "'%s' cannot be given to a %s", fixed_names[i].ptr, kind->name);
        return false;
    }
    *out_attribute = (uint16_t) building->entry->attribute_count;
    if (np_value_is_name(key->text))
        return true;
    np_load_bad_value(source->file, key, "a name of letters, digits, '_' and '-'");
    return false;
}

static int add_attribute(struct building *building, const struct np_yaml_node *key,
                         const struct np_yaml_node *value)
{
    struct np_entry *entry = building->entry;
    struct np_text_scope scope = building->source->scope;
    uint16_t attribute = 0;
    if (!place_attribute(building, key, &attribute))
        return 0;
    scope.self = entry;
    struct np_span name = key->text;
    int r = np_text_compile(&entry->texts[attribute], &scope, value);
    if (r == 0)
        r = np_arena_keep(scope.arena, &name);
    building->names[attribute] = name;
    building->order[entry->order_count++] = attribute;
    entry->attribute_count += attribute >= NP_ATTRIBUTE_FIXED;
    return r;
}

/* What it must have been given, and what it is given by itself. */
static void complete(struct building *building)
{
    const struct np_entry_source *source = building->source;
    const struct np_entry_kind *kind = &kinds[building->entry->is];
    for (unsigned i = 0; i < NP_ATTRIBUTE_FIXED; i++) {
        if ((kind->needs & ~building->written & (1u << i)) != 0)
            np_diag_add(source->scope.diags,
                        np_load_problem(source->file, source->node, "missing-key"),
                        "a %s needs '%s'", kind->name, fixed_names[i].ptr);
        if ((kind->has & (1u << i)) != 0)
            building->names[i] = fixed_names[i];
    }
}

int np_entry_read(struct np_entry *entry, const struct np_entry_source *source)
{
    const struct np_load_file *file = source->file;
    size_t count = NP_ATTRIBUTE_FIXED + NP_MIN(source->node->count, (size_t) NP_SCENARIO_MAX_NAMES);
    struct building building = {.source = source, .entry = entry};
    building.names = np_load_array(file, count, sizeof(*building.names));
    building.order = np_load_array(file, count, sizeof(*building.order));
    entry->texts = np_load_array(file, count, sizeof(*entry->texts));
    if (building.names == NULL || building.order == NULL || entry->texts == NULL)
        return -ENOMEM;
    entry->names = building.names;
    entry->order = building.order;
    entry->attribute_count = NP_ATTRIBUTE_FIXED;
    building.names[NP_ATTRIBUTE_ACCOUNT] = fixed_names[NP_ATTRIBUTE_ACCOUNT];
    if (source->node->count > NP_SCENARIO_MAX_NAMES) {
        np_diag_add(source->scope.diags, np_load_problem(file, source->node, "limit"),
                    "more than %d attributes", NP_SCENARIO_MAX_NAMES);
        return 0;
    }
    for (size_t i = 0; i < source->node->count; i++) {
        const struct np_yaml_node *key = np_yaml_key(source->node, i);
        if (!is_attribute(source, key->text))
            continue;
        int r = add_attribute(&building, key, np_yaml_value(source->node, i));
        if (r < 0)
            return r;
    }
    complete(&building);
    return 0;
}
