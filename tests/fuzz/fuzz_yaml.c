/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a YAML file: what is loaded is a tree within the limits, what is not has a problem
 * that says so.
 */
#include <stdint.h>

#include "codec/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Looks at every node the way that a reader does; returns how many there are. */
static size_t walk(const struct np_yaml_node *node, size_t depth)
{
    NP_ASSERT(depth <= NP_YAML_MAX_DEPTH);
    struct np_place place = np_yaml_place(node, "f", node->text.len);
    NP_ASSERT(node->line > 0 && node->column > 0 && place.line > 0 && place.column > 0);
    if (node->kind == NP_YAML_SCALAR) {
        struct np_number number;
        NP_ASSERT(node->text.ptr[node->text.len] == '\0');
        enum np_yaml_type type = np_yaml_type(node);
        NP_ASSERT(!np_yaml_number(node, &number) || type == NP_YAML_INT || type == NP_YAML_FLOAT);
        return 1;
    }
    size_t count = 1;
    bool mapping = node->kind == NP_YAML_MAPPING;
    for (size_t i = 0; i < node->count; i++) {
        count += walk(mapping ? np_yaml_value(node, i) : node->items[i], depth + 1);
        if (mapping) {
            const struct np_yaml_node *key = np_yaml_key(node, i);
            NP_ASSERT(key->kind == NP_YAML_SCALAR);
            /* Its text up to a NUL may be another key's. */
            NP_ASSERT(np_yaml_get(node, key->text.ptr) == np_yaml_value(node, i) ||
                      memchr(key->text.ptr, '\0', key->text.len) != NULL);
            count++;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_arena arena;
    struct np_diag_list diags;
    const struct np_yaml_node *const *documents = NULL;
    size_t count = 0;
    np_arena_init(&arena, SIZE_MAX);
    np_diag_list_init(&diags);
    int r = np_yaml_load(&documents, &count, &arena, "f", np_span_make((const char *) data, size),
                         &diags);
    size_t nodes = 0;
    size_t refused = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        refused += documents[i] == NULL;
        nodes += documents[i] != NULL ? walk(documents[i], 0) : 0;
    }
    NP_ASSERT(nodes <= NP_YAML_MAX_NODES && refused <= diags.errors);
    NP_ASSERT((refused > 0) == (diags.errors > 0) || r < 0);
    np_diag_list_done(&diags);
    np_arena_done(&arena);
    return 0;
}
