/* SPDX-License-Identifier: Apache-2.0 */
/* See override.h. */
#include "rule/falco/load/override.h"

#include <errno.h>

/* What is read, and the keys that it may name. */
struct reading {
    const struct np_falco_item *item;
    const struct np_falco_changeable *keys;
    size_t count;
    struct np_falco_override *override;
};

static size_t place_of(const struct reading *reading, struct np_span key)
{
    size_t i = 0;
    while (i < reading->count && !np_span_is(key, reading->keys[i].key))
        i++;
    return i;
}

/* One pair "key: append" or "key: replace". */
static int read_change(const struct reading *reading, const struct np_yaml_node *key,
                       const struct np_yaml_node *value)
{
    const struct np_falco_item *item = reading->item;
    size_t place = place_of(reading, key->text);
    bool is_known = place < reading->count;
    bool append = value->kind == NP_YAML_SCALAR && np_span_is(value->text, "append");
    bool replace = value->kind == NP_YAML_SCALAR && np_span_is(value->text, "replace");
    if (!append && !replace)
        return np_falco_malformed(item, value, key->text.ptr,
                                  "'%.*s' can be overridden by 'append' or 'replace' only",
                                  NP_SPAN_ARGS(key->text));
    if (append && (!is_known || !reading->keys[place].append))
        return np_falco_malformed(item, key, key->text.ptr,
                                  "key '%.*s' cannot be appended to, use 'replace' instead",
                                  NP_SPAN_ARGS(key->text));
    if (!is_known)
        return np_falco_malformed(item, key, key->text.ptr, "key '%.*s' cannot be replaced",
                                  NP_SPAN_ARGS(key->text));
    if (np_yaml_get(item->node, reading->keys[place].key) == NULL)
        return np_falco_malformed(item, key, key->text.ptr,
                                  "an override of '%.*s' is asked for, but there is no '%.*s'",
                                  NP_SPAN_ARGS(key->text), NP_SPAN_ARGS(key->text));
    reading->override->changes[place] = append ? NP_FALCO_APPEND : NP_FALCO_REPLACE;
    reading->override->any = true;
    return 0;
}

static int read_changes(const struct reading *reading)
{
    const struct np_yaml_node *node = np_yaml_get(reading->item->node, "override");
    if (node == NULL || (node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_NULL))
        return 0;
    if (node->kind != NP_YAML_MAPPING)
        return np_falco_malformed(reading->item, node, "override", "'override' is not a mapping");
    int r = 0;
    for (size_t i = 0; i < node->count && r == 0; i++)
        r = read_change(reading, np_yaml_key(node, i), np_yaml_value(node, i));
    return r;
}

/* Every key that is there must be overridden: what else could it be for? */
static int check_whole(const struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        const struct np_yaml_node *node = np_yaml_get(reading->item->node, reading->keys[i].key);
        if (node != NULL && reading->override->changes[i] == NP_FALCO_KEEP)
            return np_falco_malformed(reading->item, node, reading->keys[i].key,
                                      "key '%s' is there, but 'override' does not say what for",
                                      reading->keys[i].key);
    }
    return 0;
}

int np_falco_override_read(const struct np_falco_item *item, const struct np_falco_changeable *keys,
                           size_t count, bool whole, struct np_falco_override *out_override)
{
    struct np_falco_override override = {};
    struct reading reading = {item, keys, count, &override};
    int r = np_falco_flag(item, "append", &override.append);
    if (r < 0)
        return r;
    if (override.append)
        np_falco_warn(&item->teller,
                      (struct np_falco_problem){.code = "LOAD_DEPRECATED_ITEM",
                                                .node = np_yaml_get(item->node, "append"),
                                                .item = NP_SPAN("append"),
                                                .hint = "write 'override: {KEY: append}'"},
                      "'append' is deprecated");
    r = read_changes(&reading);
    if (r == 0 && override.any && override.append)
        r = np_falco_malformed(item, np_yaml_get(item->node, "override"), "override",
                               "'override' and 'append: true' do not go together");
    if (r == 0 && override.any && whole)
        r = check_whole(&reading);
    if (r == 0)
        *out_override = override;
    return r;
}
