/* SPDX-License-Identifier: Apache-2.0 */
/* See found.h. */
#include "rule/index/found.h"

#include <stdlib.h>

int np_found_add(struct np_found *found, const struct np_ir *ir,
                 const struct np_witness_list *witnesses, uint32_t rule)
{
    for (size_t i = 0; i < witnesses->witnesses.len; i++) {
        struct np_witness witness = witnesses->witnesses.items[i];
        const struct np_pred *pred = &ir->preds.items[witness.pred];
        np_field_id field = pred->op == NP_PRED_KEYWORD ? NP_KEYWORDS : pred->field;
        struct np_witness_rule one = {field, witness, rule};
        int r = np_vec_push(&found->rules, one, UINT32_MAX);
        if (r < 0)
            return r;
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct np_witness_rule *one = a;
    const struct np_witness_rule *two = b;
    if (one->field != two->field)
        return one->field < two->field ? -1 : 1;
    if (one->witness.pred != two->witness.pred)
        return one->witness.pred < two->witness.pred ? -1 : 1;
    if (one->witness.negative != two->witness.negative)
        return one->witness.negative ? 1 : -1;
    return (one->rule > two->rule) - (one->rule < two->rule);
}

void np_found_sort(struct np_found *found)
{
    if (found->rules.len > 0)
        qsort(found->rules.items, found->rules.len, sizeof(found->rules.items[0]), compare);
}

struct np_witness_rules np_found_of_one_field(const struct np_found *found, size_t start)
{
    const struct np_witness_rule *items = found->rules.items;
    size_t end = start + 1;
    while (end < found->rules.len && items[end].field == items[start].field)
        end++;
    return (struct np_witness_rules){&items[start], end - start};
}
