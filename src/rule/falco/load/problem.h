/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Problems of items: told with Falco's own codes, and noted in the record of the item's document, which is refused at the first
 * error.
 */
#pragma once

#include "base/diag.h"
#include "codec/yaml.h"
#include "rule/rule_internal.h"

/* Whose problems are told. */
struct np_falco_teller {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    uint32_t doc; /* index of the document in the set */
};

struct np_falco_problem {
    const char *code;                /* one of Falco's, literal */
    const struct np_yaml_node *node; /* NULL = the whole item */
    size_t offset;                   /* in the text of `node` */
    struct np_span item;             /* what it is about; empty = none */
    const char *hint;                /* NULL = none */
};

/* Tells a problem for which the item is refused; returns -EINVAL. */
int np_falco_refuse(const struct np_falco_teller *teller, struct np_falco_problem problem,
                    const char *fmt, ...) NP_PRINTF(3, 4);

/* Tells a problem with which the item still loads. */
void np_falco_warn(const struct np_falco_teller *teller, struct np_falco_problem problem,
                   const char *fmt, ...) NP_PRINTF(3, 4);

/* Whether `result` ends the work, rather than being 0 or a problem that has been told. */
static inline bool np_falco_is_fatal(int result)
{
    return result < 0 && result != -EINVAL;
}
