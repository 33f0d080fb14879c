/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a rule file: it loads or is refused with a reason, and what loads is an expression
 * that the IR takes. The file is loaded twice, so that ids, names and links meet others.
 */
#include <stdint.h>

#include "rule/rule_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct np_rule_set *set, const struct np_field_set *fields,
                  const struct np_diag_list *diags)
{
    size_t refused = 0;
    size_t rules = 0;
    for (size_t i = 0; i < set->docs.len; i++) {
        const struct np_rule_doc *doc = &set->docs.items[i];
        NP_ASSERT(doc->id != NULL && doc->title != NULL && doc->level != NULL);
        refused += doc->status == NP_DOC_ERROR;
        bool empty_file = doc->line == 0; /* or no YAML, which is refused */
        rules += doc->status != NP_DOC_ERROR && !empty_file && strcmp(doc->type, "detection") == 0;
    }
    NP_ASSERT(refused == set->refused && refused <= diags->errors);
    size_t sigma = 0;
    for (size_t i = 0; i < set->rules.len; i++) {
        const struct np_rule *rule = &set->rules.items[i];
        sigma += rule->info.language == NP_LANGUAGE_SIGMA;
        NP_ASSERT(rule->condition < set->ir.exprs.len);
        NP_ASSERT(set->ir.exprs.items[rule->condition].depth <= NP_EXPR_MAX_DEPTH);
        NP_ASSERT(rule->info.id[0] != '\0');
        for (size_t f = 0; f < rule->field_count; f++)
            NP_ASSERT(rule->fields[f] < np_field_count(fields));
    }
    NP_ASSERT(rules == sigma);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_field_set *fields = NULL;
    struct np_rule_set *set = NULL;
    struct np_diag_list diags;
    struct np_span text = np_span_make((const char *) data, size);
    np_diag_list_init(&diags);
    if (np_field_set_new(&fields) == 0 && np_rule_set_new(&set, fields) == 0 &&
        np_rule_set_load(set, "a.yml", text, &diags) == 0 &&
        np_rule_set_load(set, "b.yml", text, &diags) == 0 && np_rule_set_link(set, &diags) == 0)
        check(set, fields, &diags);
    np_rule_set_free(&set);
    np_field_set_free(&fields);
    np_diag_list_done(&diags);
    return 0;
}
