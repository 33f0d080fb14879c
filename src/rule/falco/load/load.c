/* SPDX-License-Identifier: Apache-2.0 */
/* A file: see load.h. */
#include "rule/falco/load/load.h"

#include <errno.h>

#include "rule/falco/load/define.h"
#include "rule/falco/load/rule.h"
#include "rule/falco/load/version.h"

/* A kind of item, told by its first key that is there, in this order. */
static const struct kind {
    const char *key;
    bool named; /* the key's value is its name */
    int (*read)(const struct np_falco_item *item);
    const char *const *keys; /* that it may have */
    size_t key_count;
} kinds[] = {
#define KEYS(...)                                                                                  \
    (const char *const[]){__VA_ARGS__}, NP_ARRAY_LEN(((const char *const[]){__VA_ARGS__}))
    {"required_engine_version", false, np_falco_engine_check, KEYS("required_engine_version")},
    {"required_plugin_versions", false, np_falco_plugins_check, KEYS("required_plugin_versions")},
    {"list", true, np_falco_list_read, KEYS("list", "items", "append", "override")},
    {"macro", true, np_falco_macro_read, KEYS("macro", "condition", "append", "override")},
    {"rule", true, np_falco_rule_read,
     KEYS("rule", "desc", "condition", "output", "priority", "source", "enabled", "warn_evttypes",
          "skip-if-unknown-filter", "tags", "exceptions", "append", "override", "capture",
          "capture_duration")},
#undef KEYS
};

/* What a file is read with. */
struct reading {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    struct np_falco_book *book;
    const char *file;
    const struct np_yaml_node
        *too_new; /* the version that it requires, where the engine is too old */
};

/* NULL where the item is of none. */
static const struct kind *kind_of(const struct np_yaml_node *item)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(kinds); i++)
        if (np_yaml_get(item, kinds[i].key) != NULL)
            return &kinds[i];
    return NULL;
}

static bool is_null(const struct np_yaml_node *node)
{
    return node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_NULL;
}

/* Adds the item's record, which problems are noted in. */
static int add_record(const struct reading *reading, const struct np_yaml_node *item,
                      const struct kind *kind, uint32_t index)
{
    struct np_rule_set *set = reading->set;
    const struct np_yaml_node *name =
        kind != NULL && kind->named ? np_yaml_get(item, kind->key) : NULL;
    bool named = name != NULL && name->kind == NP_YAML_SCALAR && !is_null(name);
    struct np_rule_doc record = {
        .file = reading->file,
        .index = index,
        .line = item->line,
        .title = named ? np_arena_strdup(&set->arena, name->text) : "",
        .type = kind != NULL ? kind->key : "item",
        .level = "",
        .product = "",
        .category = "",
        .service = "",
        .language = NP_LANGUAGE_FALCO,
    };
    record.id = record.title;
    return record.title == NULL ? -ENOMEM : np_vec_push(&set->docs, record, NP_RULES_MAX);
}

/* Finds the item's name, a text that is kept. */
static int read_name(struct np_falco_item *item, const struct kind *kind)
{
    const struct np_yaml_node *node = NULL;
    int r = np_falco_text(item, item->node, kind->key, &node);
    if (r < 0)
        return r;
    item->name = node->text;
    return np_arena_keep(&item->book->arena, &item->name);
}

static int read_item(const struct reading *reading, struct np_falco_item *item,
                     const struct kind *kind)
{
    if (item->node->kind != NP_YAML_MAPPING)
        return np_falco_malformed(item, item->node, NULL, "an item is a mapping");
    if (kind == NULL) {
        np_falco_warn(&item->teller, (struct np_falco_problem){.code = "LOAD_UNKNOWN_ITEM"},
                      "this is none of rule, macro, list and required versions, and is ignored");
        return 0;
    }
    if (kind->named && reading->too_new != NULL)
        return np_falco_invalid(item, NULL, NP_SPAN("required_engine_version"),
                                "this file requires engine version %.*s, which is newer than this",
                                NP_SPAN_ARGS(reading->too_new->text));
    int r = kind->named ? read_name(item, kind) : 0;
    if (r < 0)
        return r;
    np_falco_check_keys(item, item->node, kind->keys, kind->key_count);
    return kind->read(item);
}

static int load_item(const struct reading *reading, const struct np_yaml_node *node, uint32_t index)
{
    const struct kind *kind = kind_of(node);
    struct np_falco_item item = {
        .teller = {reading->set, reading->diags, (uint32_t) reading->set->docs.len},
        .book = reading->book,
        .node = node,
    };
    int r = add_record(reading, node, kind, index);
    if (r < 0)
        return r;
    r = read_item(reading, &item, kind);
    return np_falco_is_fatal(r) ? r : 0;
}

/* The version that a file requires, where it is newer than the engine's; NULL where all is well. */
static const struct np_yaml_node *find_too_new(const struct np_yaml_node *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct np_yaml_node *version =
            np_yaml_get(items->items[i], "required_engine_version");
        if (version != NULL && np_falco_engine_is_too_old(version))
            return version;
    }
    return NULL;
}

int np_falco_load(struct np_rule_set *set, const struct np_yaml_node *items, const char *file,
                  uint32_t first_index, struct np_diag_list *diags)
{
    struct reading reading = {
        .set = set,
        .diags = diags,
        .book = np_falco_book_of(set),
        .file = file,
        .too_new = find_too_new(items),
    };
    if (reading.book == NULL)
        return -ENOMEM;
    int r = 0;
    for (size_t i = 0; i < items->count && r == 0; i++)
        if (!is_null(items->items[i]))
            r = load_item(&reading, items->items[i], first_index + (uint32_t) i);
    return r;
}
