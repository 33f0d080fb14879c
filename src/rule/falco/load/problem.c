/* SPDX-License-Identifier: Apache-2.0 */
/* See problem.h. */
#include "rule/falco/load/problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_BYTES = 512, ITEM_MAX_BYTES = 128 };

static void tell(const struct np_falco_teller *teller, const struct np_falco_problem *problem,
                 enum np_severity severity, const char *message)
{
    const struct np_rule_doc *doc = &teller->set->docs.items[teller->doc];
    char item[ITEM_MAX_BYTES + 1];
    struct np_span text = np_span_head(problem->item, ITEM_MAX_BYTES);
    if (text.len > 0)
        memcpy(item, text.ptr, text.len);
    item[text.len] = '\0';
    struct np_diag diag = {
        .place = {doc->file, doc->line, 1},
        .severity = severity,
        .code = problem->code,
        .hint = problem->hint,
        .item = text.len > 0 ? item : NULL,
        .document = doc->index,
    };
    if (problem->node != NULL)
        diag.place = np_yaml_place(problem->node, doc->file, problem->offset);
    np_diag_add(teller->diags, diag, "%s", message);
}

int np_falco_refuse(const struct np_falco_teller *teller, struct np_falco_problem problem,
                    const char *fmt, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, fmt);
    (void) vsnprintf(message, sizeof(message), fmt, args); /* a cut message is still a message */
    va_end(args);
    struct np_rule_doc *doc = &teller->set->docs.items[teller->doc];
    teller->set->refused += doc->status != NP_DOC_ERROR;
    doc->status = NP_DOC_ERROR;
    tell(teller, &problem, NP_SEVERITY_ERROR, message);
    return -EINVAL;
}

void np_falco_warn(const struct np_falco_teller *teller, struct np_falco_problem problem,
                   const char *fmt, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, fmt);
    (void) vsnprintf(message, sizeof(message), fmt, args); /* a cut message is still a message */
    va_end(args);
    struct np_rule_doc *doc = &teller->set->docs.items[teller->doc];
    if (doc->status == NP_DOC_OK)
        doc->status = NP_DOC_WARNING;
    tell(teller, &problem, NP_SEVERITY_WARNING, message);
}
