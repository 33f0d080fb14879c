/* SPDX-License-Identifier: Apache-2.0 */
/* See item.h. */
#include "rule/falco/load/item.h"

#include <errno.h>

#include "base/suggest.h"

static bool is_null(const struct np_yaml_node *node)
{
    return node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_NULL;
}

int np_falco_text(const struct np_falco_item *item, const struct np_yaml_node *mapping,
                  const char *key, const struct np_yaml_node **out_node)
{
    const struct np_yaml_node *node = np_yaml_get(mapping, key);
    const struct np_yaml_node *at = mapping == item->node ? NULL : mapping;
    if (node == NULL)
        return np_falco_malformed(item, at, key, "no '%s'", key);
    if (node->kind != NP_YAML_SCALAR)
        return np_falco_malformed(item, node, key, "'%s' is not a text", key);
    if (is_null(node) || node->text.len == 0)
        return np_falco_malformed(item, node, key, "'%s' is empty", key);
    *out_node = node;
    return 0;
}

int np_falco_flag(const struct np_falco_item *item, const char *key, bool *value)
{
    static const char *const words[] = {"true", "yes", "on", "y", "false", "no", "off", "n"};
    const struct np_yaml_node *node = np_yaml_get(item->node, key);
    if (node == NULL)
        return 0;
    int r = np_falco_text(item, item->node, key, &node);
    for (size_t i = 0; r == 0 && i < NP_ARRAY_LEN(words); i++) {
        if (!np_span_eq_ascii_fold(node->text, np_span_of(words[i])))
            continue;
        *value = i < NP_ARRAY_LEN(words) / 2;
        return 0;
    }
    return r < 0 ? r : np_falco_malformed(item, node, key, "'%s' is neither true nor false", key);
}

int np_falco_sequence(const struct np_falco_item *item, const char *key,
                      const struct np_yaml_node **out_node)
{
    const struct np_yaml_node *node = np_yaml_get(item->node, key);
    *out_node = NULL;
    if (node == NULL)
        return 0;
    if (node->kind != NP_YAML_SEQUENCE)
        return np_falco_malformed(item, node, key, "'%s' is not a list", key);
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != NP_YAML_SCALAR)
            return np_falco_malformed(item, node->items[i], key, "a value of '%s' is not a text",
                                      key);
    *out_node = node;
    return 0;
}

static bool is_one_of(struct np_span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_span_is(text, words[i]))
            return true;
    return false;
}

void np_falco_check_keys(const struct np_falco_item *item, const struct np_yaml_node *mapping,
                         const char *const *known, size_t count)
{
    enum { KEYS_MAX = 64 }; /* beyond them nobody reads on */
    for (size_t i = 0; i < NP_MIN(mapping->count, (size_t) KEYS_MAX); i++) {
        const struct np_yaml_node *key = np_yaml_key(mapping, i);
        if (is_one_of(key->text, known, count))
            continue;
        np_falco_warn(&item->teller,
                      (struct np_falco_problem){.code = "LOAD_UNKNOWN_KEY",
                                                .node = key,
                                                .item = key->text,
                                                .hint = np_suggest(key->text, known, count)},
                      "key '%.*s' is not known and has no effect", NP_SPAN_ARGS(key->text));
    }
}
