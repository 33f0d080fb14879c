/* SPDX-License-Identifier: Apache-2.0 */
/* Problems of the document being loaded, with their places: see document.h. */
#include "rule/sigma/document.h"

#include <errno.h>
#include <stdarg.h>

#include "base/suggest.h"

NP_PRINTF(4, 0)
static void tell(struct np_sigma_document *document, const struct np_sigma_problem *problem,
                 enum np_severity severity, const char *fmt, va_list args)
{
    struct np_diag diag = {
        .place = np_yaml_place(problem->node, document->file, problem->offset),
        .severity = severity,
        .code = problem->code,
        .hint = problem->hint,
        .document = document->index,
    };
    np_diag_addv(document->diags, diag, problem->item, fmt, args);
}

int np_sigma_refuse(struct np_sigma_document *document, struct np_sigma_problem problem,
                    const char *fmt, ...)
{
    va_list args;
    document->errors++;
    va_start(args, fmt);
    tell(document, &problem, NP_SEVERITY_ERROR, fmt, args);
    va_end(args);
    return -EINVAL;
}

/* That there were more warnings than are told. */
static void tell_of_the_rest(struct np_sigma_document *document)
{
    struct np_diag diag = {
        .place = np_yaml_place(document->root, document->file, 0),
        .severity = NP_SEVERITY_WARNING,
        .code = "limit",
        .document = document->index,
    };
    np_diag_add(document->diags, diag, "further warnings about this document are left out");
}

void np_sigma_warn(struct np_sigma_document *document, struct np_sigma_problem problem,
                   const char *fmt, ...)
{
    va_list args;
    document->warnings++;
    va_start(args, fmt);
    if (document->warnings <= NP_SIGMA_MAX_WARNINGS)
        tell(document, &problem, NP_SEVERITY_WARNING, fmt, args);
    else if (document->warnings == NP_SIGMA_MAX_WARNINGS + 1)
        tell_of_the_rest(document);
    va_end(args);
}

static bool is_one_of(struct np_span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_span_is(text, words[i]))
            return true;
    return false;
}

void np_sigma_check_keys(struct np_sigma_document *document, const struct np_yaml_node *mapping,
                         const char *const *known, size_t count)
{
    size_t keys = NP_MIN(mapping->count, (size_t) NP_SIGMA_MAX_KEYS);
    for (size_t i = 0; i < keys; i++) {
        const struct np_yaml_node *key = np_yaml_key(mapping, i);
        if (is_one_of(key->text, known, count))
            continue;
        const char *near = np_suggest(key->text, known, count);
        if (near != NULL)
            np_sigma_warn(document,
                          (struct np_sigma_problem){
                              .code = "unknown-key", .node = key, .item = key->text, .hint = near},
                          "key '%.*s' is not known and has no effect", NP_SPAN_ARGS(key->text));
    }
}

const struct np_yaml_node *np_sigma_near_key(const struct np_yaml_node *mapping, const char *known)
{
    size_t keys = NP_MIN(mapping->count, (size_t) NP_SIGMA_MAX_KEYS);
    for (size_t i = 0; i < keys; i++)
        if (np_suggest(np_yaml_key(mapping, i)->text, &known, 1) != NULL)
            return np_yaml_key(mapping, i);
    return NULL;
}

const char *np_sigma_keep_text(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    return np_sigma_is_text(node) ? np_arena_strdup(&document->set->arena, node->text) : "";
}
