/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file of Falco's: each item loads or is refused with a reason, and each rule that runs is what its record says. The
 * file is loaded twice, so that items change those of the same name.
 */
#include <stdint.h>

#include "rule/rule_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct np_rule_set *set, const struct np_rule *rule)
{
    const struct np_rule_doc *doc = &set->docs.items[rule->doc];
    NP_ASSERT(rule->condition < set->ir.exprs.len);
    if (rule->info.language != NP_LANGUAGE_FALCO)
        return;
    NP_ASSERT(doc->status != NP_DOC_ERROR && strcmp(doc->type, "rule") == 0);
    NP_ASSERT(rule->output != NULL && rule->info.source != NULL);
    NP_ASSERT(strcmp(rule->info.title, doc->title) == 0 && rule->info.title[0] != '\0');
}

static void check(const struct np_rule_set *set, const struct np_diag_list *diags)
{
    size_t refused = 0;
    for (size_t i = 0; i < set->docs.len; i++)
        refused += set->docs.items[i].status == NP_DOC_ERROR;
    NP_ASSERT(refused == set->refused && refused <= diags->errors);
    for (size_t i = 0; i < set->rules.len; i++)
        check_rule(set, &set->rules.items[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_field_set *fields = NULL;
    struct np_rule_set *set = NULL;
    struct np_diag_list diags;
    struct np_span text = np_span_make((const char *) data, size);
    np_diag_list_init(&diags);
    if (np_field_set_new(&fields) == 0 && np_rule_set_new(&set, fields) == 0 &&
        np_rule_set_load(set, "a.yaml", text, &diags) == 0 &&
        np_rule_set_load(set, "b.yaml", text, &diags) == 0 && np_rule_set_link(set, &diags) == 0)
        check(set, &diags);
    np_rule_set_free(&set);
    np_field_set_free(&fields);
    np_diag_list_done(&diags);
    return 0;
}
