/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of rule names. */
#include "rule/sigma/reference.h"

#include <errno.h>

static int refuse(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    return np_sigma_refuse(document,
                           (struct np_sigma_problem){.code = "bad-rules",
                                                     .node = node,
                                                     .item = NP_SPAN("rules"),
                                                     .hint = "an id, a name or a title"},
                           "'rules' must be a list that names rules");
}

int np_sigma_references_read(struct np_sigma_document *document, const struct np_yaml_node *node,
                             struct np_sigma_references *out_references)
{
    bool list = node->kind == NP_YAML_SEQUENCE;
    const struct np_yaml_node *const *nodes = list ? node->items : &node;
    size_t count = list ? node->count : 1;
    if (count == 0)
        return refuse(document, node);
    struct np_rule_ref *refs = np_arena_alloc(&document->set->arena, count * sizeof(*refs));
    if (refs == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (!np_sigma_is_text(nodes[i]) || nodes[i]->text.len == 0)
            return refuse(document, nodes[i]);
        struct np_place place = np_yaml_place(nodes[i], document->file, 0);
        refs[i] = (struct np_rule_ref){.name = np_sigma_keep_text(document, nodes[i]),
                                       .line = place.line,
                                       .column = place.column};
        if (refs[i].name == NULL)
            return -ENOMEM;
    }
    *out_references = (struct np_sigma_references){refs, count};
    return 0;
}
