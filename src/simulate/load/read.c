/* SPDX-License-Identifier: Apache-2.0 */
/* Values by key: see read.h. */
#include "simulate/load/read.h"

#include <stdio.h>

#include "simulate/value.h"

struct np_diag np_load_problem(const struct np_load_file *file, const struct np_yaml_node *node,
                               const char *code)
{
    return (struct np_diag){
        .place = np_yaml_place(node, file->path, 0),
        .severity = NP_SEVERITY_ERROR,
        .code = code,
    };
}

void np_load_refuse_name(const struct np_load_file *file, const struct np_yaml_node *node,
                         const char *near, const char *what)
{
    struct np_diag diag = np_load_problem(file, node, "unknown-name");
    diag.hint = near;
    np_diag_add(file->loader->diags, diag, "no %s is named '%.*s'", what, NP_SPAN_ARGS(node->text));
}

int32_t np_load_find_member(const struct np_load_file *file, const struct np_cast_member *members,
                            size_t count, const struct np_yaml_node *node, const char *what)
{
    const char *near = NULL;
    if (!np_load_is(file, node, NP_YAML_SCALAR))
        return -1;
    for (size_t i = 0; i < count; i++)
        if (np_span_eq(members[i].name, node->text))
            return (int32_t) i;
    for (size_t i = 0; i < count; i++)
        near = np_value_nearer(node->text, near, members[i].name.ptr);
    np_load_refuse_name(file, node, near, what);
    return -1;
}

void np_load_bad_value(const struct np_load_file *file, const struct np_yaml_node *node,
                       const char *expected)
{
    struct np_diag diag = np_load_problem(file, node, "bad-value");
    if (node->kind == NP_YAML_SCALAR)
        np_diag_add(file->loader->diags, diag, "'%.*s' is not %s", NP_SPAN_ARGS(node->text),
                    expected);
    else
        np_diag_add(file->loader->diags, diag, "must be %s", expected);
}

void np_load_check_keys(const struct np_load_file *file, const struct np_yaml_node *mapping,
                        const char *const *known, size_t count)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct np_yaml_node *key = np_yaml_key(mapping, i);
        size_t k = 0;
        while (k < count && !np_span_is(key->text, known[k]))
            k++;
        if (k < count)
            continue;
        struct np_diag diag = np_load_problem(file, key, "unknown-key");
        for (k = 0; k < count; k++)
            diag.hint = np_value_nearer(key->text, diag.hint, known[k]);
        np_diag_add(file->loader->diags, diag, "unknown key '%.*s'", NP_SPAN_ARGS(key->text));
    }
}

const struct np_yaml_node *np_load_need(const struct np_load_file *file,
                                        const struct np_yaml_node *mapping, const char *key)
{
    const struct np_yaml_node *node = np_yaml_get(mapping, key);
    if (node == NULL)
        np_diag_add(file->loader->diags, np_load_problem(file, mapping, "missing-key"),
                    "'%s' is missing", key);
    return node;
}

bool np_load_is(const struct np_load_file *file, const struct np_yaml_node *node,
                enum np_yaml_kind kind)
{
    static const char *const names[NP_YAML_KIND_MAX] = {"a word", "a list", "a mapping"};
    if (node == NULL)
        return false;
    if (node->kind != kind)
        np_load_bad_value(file, node, names[kind]);
    return node->kind == kind;
}

static bool is_text(const struct np_yaml_node *node)
{
    return node->kind == NP_YAML_SCALAR && np_yaml_type(node) != NP_YAML_NULL;
}

int np_load_text(const struct np_load_file *file, const struct np_yaml_node *node,
                 struct np_span *text)
{
    if (node == NULL)
        return 0;
    if (!is_text(node) || memmem(node->text.ptr, node->text.len, "${", 2) != NULL) {
        np_load_bad_value(file, node, "a text without holes");
        return 0;
    }
    *text = node->text;
    return np_arena_keep(&file->loader->set->arena, text);
}

void *np_load_array(const struct np_load_file *file, size_t count, size_t size)
{
    return np_arena_zalloc(&file->loader->set->arena, count * size);
}

int np_load_texts(const struct np_load_file *file, const struct np_yaml_node *node,
                  const struct np_span **texts, size_t *count)
{
    if (!np_load_is(file, node, NP_YAML_SEQUENCE))
        return 0;
    struct np_span *list = np_load_array(file, node->count, sizeof(*list));
    if (list == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count; i++)
        if (np_load_text(file, node->items[i], &list[i]) < 0)
            return -ENOMEM;
    *texts = list;
    *count = node->count;
    return 0;
}

void np_load_bool(const struct np_load_file *file, const struct np_yaml_node *node, bool *value)
{
    if (node == NULL)
        return;
    if (node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_BOOL)
        *value = np_yaml_bool(node);
    else
        np_load_bad_value(file, node, "true or false");
}

void np_load_chance(const struct np_load_file *file, const struct np_yaml_node *node,
                    uint32_t *chance)
{
    if (node != NULL && (node->kind != NP_YAML_SCALAR || !np_value_read_chance(node->text, chance)))
        np_load_bad_value(file, node, "a chance, as in 40%");
}

void np_load_pause(const struct np_load_file *file, const struct np_yaml_node *node,
                   struct np_range *range)
{
    if (node != NULL && (node->kind != NP_YAML_SCALAR || !np_value_read_pause(node->text, range)))
        np_load_bad_value(file, node, "a time or a range of times, as in 90s or 2s..5m");
}

void np_load_range(const struct np_load_file *file, const struct np_yaml_node *node,
                   struct np_range bounds, struct np_range *range)
{
    char expected[96];
    if (node == NULL ||
        (node->kind == NP_YAML_SCALAR && np_value_read_range(node->text, bounds.high, range) &&
         range->low >= bounds.low))
        return;
    (void) snprintf(expected, sizeof(expected),
                    "a number or a range, as in 3..8, from %lld to %lld", (long long) bounds.low,
                    (long long) bounds.high);
    np_load_bad_value(file, node, expected);
}
