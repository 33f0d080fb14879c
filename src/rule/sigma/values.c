/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of --values: one mapping of names to lists. It stays as the YAML that it is, but that a
 * single value is made a list of one, so that nobody else has to know the difference.
 */
#include <errno.h>

#include "rule/sigma/sigma.h"

/* The file while it is checked. */
struct reading {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    const char *file;
};

static int refuse(const struct reading *reading, const struct np_yaml_node *node, const char *hint,
                  const char *message)
{
    struct np_diag diag = {
        .place = np_yaml_place(node, reading->file, 0),
        .severity = NP_SEVERITY_ERROR,
        .code = "bad-values",
        .hint = hint,
    };
    np_diag_add(reading->diags, diag, "%s", message);
    return -EINVAL;
}

static int check_value(const struct reading *reading, const struct np_yaml_node *value)
{
    if (value->kind != NP_YAML_SCALAR || np_yaml_type(value) == NP_YAML_NULL)
        return refuse(reading, value, "write texts or numbers", "this is no value for a list");
    return 0;
}

/* Gives the list that stands under a name. */
static int read_list(const struct reading *reading, const struct np_yaml_node *node,
                     const struct np_yaml_node **out_list)
{
    const struct np_yaml_node *list = node;
    if (node->kind == NP_YAML_MAPPING || (node->kind == NP_YAML_SEQUENCE && node->count == 0))
        return refuse(reading, node, "write a list of texts or numbers",
                      "there are no values under this name");
    if (node->kind == NP_YAML_SCALAR) {
        const struct np_yaml_node **item = np_arena_alloc(&reading->set->arena, sizeof(node));
        struct np_yaml_node *made = np_arena_alloc(&reading->set->arena, sizeof(*made));
        if (item == NULL || made == NULL)
            return -ENOMEM;
        *item = node;
        *made = (struct np_yaml_node){.kind = NP_YAML_SEQUENCE,
                                      .line = node->line,
                                      .column = node->column,
                                      .items = item,
                                      .count = 1};
        list = made;
    }
    for (size_t i = 0; i < list->count; i++) {
        int r = check_value(reading, list->items[i]);
        if (r < 0)
            return r;
    }
    *out_list = list;
    return 0;
}

static int read_lists(const struct reading *reading, const struct np_yaml_node *root)
{
    size_t count = root->count;
    if (root->kind != NP_YAML_MAPPING || count == 0)
        return refuse(reading, root, "write 'name: [value, value]'",
                      "this is no mapping of names to lists");
    struct np_yaml_node *lists = np_arena_alloc(&reading->set->arena, sizeof(*lists));
    const struct np_yaml_node **items =
        np_arena_alloc(&reading->set->arena, 2 * count * sizeof(root));
    if (lists == NULL || items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        items[2 * i] = np_yaml_key(root, i);
        int r = read_list(reading, np_yaml_value(root, i), &items[2 * i + 1]);
        if (r < 0)
            return r;
    }
    *lists = *root;
    lists->items = items;
    reading->set->values = lists;
    return 0;
}

int np_sigma_load_values(struct np_rule_set *set, const char *file, struct np_span text,
                         struct np_diag_list *diags)
{
    struct reading reading = {.set = set, .diags = diags, .file = file};
    const struct np_yaml_node *const *documents = NULL;
    const struct np_yaml_node empty = {.kind = NP_YAML_SCALAR, .line = 1, .column = 1};
    size_t count = 0;
    int r = np_yaml_load(&documents, &count, &set->arena, file, text, diags);
    if (r < 0)
        return r;
    for (size_t i = 0; i < count; i++)
        if (documents[i] == NULL) /* told by the YAML reader */
            return -EINVAL;
    if (count > 1)
        return refuse(&reading, documents[1], "put all names into one",
                      "there is more than one document in this file");
    return read_lists(&reading, count == 0 ? &empty : documents[0]);
}
