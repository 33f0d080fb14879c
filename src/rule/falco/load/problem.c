/* SPDX-License-Identifier: Apache-2.0 */
/* See problem.h. */
#include "rule/falco/load/problem.h"

#include <errno.h>
#include <stdarg.h>

NP_PRINTF(4, 0)
static void tell(const struct np_falco_teller *teller, const struct np_falco_problem *problem,
                 enum np_severity severity, const char *fmt, va_list args)
{
    const struct np_rule_doc *doc = &teller->set->docs.items[teller->doc];
    struct np_diag diag = {
        .place = {doc->file, doc->line, 1},
        .severity = severity,
        .code = problem->code,
        .hint = problem->hint,
        .document = doc->index,
    };
    if (problem->node != NULL)
        diag.place = np_yaml_place(problem->node, doc->file, problem->offset);
    np_diag_addv(teller->diags, diag, problem->item, fmt, args);
}

int np_falco_refuse(const struct np_falco_teller *teller, struct np_falco_problem problem,
                    const char *fmt, ...)
{
    va_list args;
    struct np_rule_doc *doc = &teller->set->docs.items[teller->doc];
    teller->set->refused += doc->status != NP_DOC_ERROR;
    doc->status = NP_DOC_ERROR;
    va_start(args, fmt);
    tell(teller, &problem, NP_SEVERITY_ERROR, fmt, args);
    va_end(args);
    return -EINVAL;
}

void np_falco_warn(const struct np_falco_teller *teller, struct np_falco_problem problem,
                   const char *fmt, ...)
{
    va_list args;
    struct np_rule_doc *doc = &teller->set->docs.items[teller->doc];
    if (doc->status == NP_DOC_OK)
        doc->status = NP_DOC_WARNING;
    va_start(args, fmt);
    tell(teller, &problem, NP_SEVERITY_WARNING, fmt, args);
    va_end(args);
}
