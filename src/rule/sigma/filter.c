/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a filter document; link.c puts it onto its rules. */
#include "rule/sigma/filter.h"

#include <errno.h>

#include "rule/sigma/detection.h"
#include "rule/sigma/reference.h"

static bool is_every_rule(const struct np_yaml_node *rules)
{
    return rules->kind == NP_YAML_SCALAR &&
           (np_span_is(rules->text, "any") || np_span_is(rules->text, "all"));
}

/*
 * The rules that are named; none means all of the filter's log source, which is worth a word if it
 * is not said.
 */
static int read_rules(struct np_sigma_document *document,
                      struct np_sigma_references *out_references)
{
    const struct np_yaml_node *filter = np_yaml_get(document->root, "filter");
    const struct np_yaml_node *rules = np_yaml_get(filter, "rules");
    if (rules != NULL)
        return is_every_rule(rules) ? 0 : np_sigma_references_read(document, rules, out_references);
    np_sigma_warn(document,
                  (struct np_sigma_problem){.code = "filter-without-rules",
                                            .node = filter,
                                            .item = NP_SPAN("rules"),
                                            .hint = "name the rules, or write 'rules: any'"},
                  "the filter names no rules: it applies to all of its log source");
    return 0;
}

int np_sigma_filter_load(struct np_sigma_document *document, struct np_sigma_meta *meta)
{
    struct np_sigma_detection detection = {};
    struct np_sigma_references references = {};
    int r = np_sigma_logsource_read(document, meta);
    if (np_sigma_is_fatal(r))
        return r;
    r = np_sigma_detection_compile(document, "filter", &detection);
    if (r == 0)
        r = read_rules(document, &references);
    if (r < 0 || document->errors > 0)
        return r < 0 ? r : -EINVAL;
    struct np_rule_link link = {
        .kind = NP_LINK_FILTER,
        .doc = (uint32_t) document->set->docs.len,
        .refs = references.items,
        .ref_count = references.count,
        .condition = detection.condition,
        .fields = detection.fields,
        .field_count = detection.field_count,
    };
    return np_vec_push(&document->set->links, link, NP_RULES_MAX);
}
