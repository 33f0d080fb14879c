/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Joins documents once all are loaded. Filters are gathered rule by rule and joined to a rule's
 * condition at once, so that many of them make it wider, not deeper.
 */
#include "rule/sigma/sigma.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "rule/sigma/lint/lint.h"

/* A filter on a rule. */
struct pair {
    uint32_t rule;
    uint32_t link;
};

struct linker {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    uint32_t *rule_of_doc; /* NP_MAP_NONE where a document has none */
    NP_VEC(struct pair) pairs;
    NP_VEC(np_expr_id) exprs;
    NP_VEC(struct np_rule_filter) filters; /* of one rule */
};

enum { PAIRS_MAX = 10 * 1000 * 1000 };

static void tell(struct linker *linker, const struct np_rule_link *link,
                 const struct np_rule_ref *ref, struct np_diag diag, const char *message)
{
    struct np_rule_doc *doc = &linker->set->docs.items[link->doc];
    diag.place = (struct np_place){doc->file, ref->line, ref->column};
    diag.document = doc->index;
    diag.item = ref->name;
    np_diag_add(linker->diags, diag, "%s", message);
    if (doc->status == NP_DOC_OK)
        doc->status = NP_DOC_WARNING;
    if (diag.severity == NP_SEVERITY_ERROR && doc->status != NP_DOC_ERROR) {
        doc->status = NP_DOC_ERROR;
        linker->set->refused++;
    }
}

/* ---- filters */

static bool names_same(const char *filter, const char *rule)
{
    return filter[0] == '\0' || np_span_eq_ascii_fold(np_span_of(filter), np_span_of(rule));
}

/* Whether the rule's events are within the filter's log source. */
static bool is_within(const struct np_rule *rule, const struct np_rule_doc *filter)
{
    return names_same(filter->product, rule->product) &&
           names_same(filter->category, rule->category) &&
           names_same(filter->service, rule->service);
}

static int filter_all(struct linker *linker, uint32_t link)
{
    const struct np_rule_set *set = linker->set;
    const struct np_rule_doc *filter = &set->docs.items[set->links.items[link].doc];
    int r = 0;
    for (uint32_t rule = 0; r == 0 && rule < set->rules.len; rule++)
        if (is_within(&set->rules.items[rule], filter))
            r = np_vec_push(&linker->pairs, ((struct pair){rule, link}), PAIRS_MAX);
    return r;
}

/* Puts the filter onto the rules of one name. */
static int filter_named(struct linker *linker, uint32_t link, const struct np_rule_ref *ref)
{
    const struct np_rule_set *set = linker->set;
    const struct np_rule_link *filter = &set->links.items[link];
    bool found = false;
    bool outside = false;
    uint32_t entry = np_map_get(&set->names, np_span_of(ref->name));
    for (; entry != NP_MAP_NONE; entry = set->name_list.items[entry].next) {
        uint32_t rule = linker->rule_of_doc[set->name_list.items[entry].doc];
        if (rule == NP_MAP_NONE)
            continue;
        found = true;
        if (!is_within(&set->rules.items[rule], &set->docs.items[filter->doc])) {
            outside = true;
            continue;
        }
        int r = np_vec_push(&linker->pairs, ((struct pair){rule, link}), PAIRS_MAX);
        if (r < 0)
            return r;
    }
    if (!found)
        tell(linker, filter, ref,
             (struct np_diag){.severity = NP_SEVERITY_WARNING, .code = "unknown-rule"},
             "no rule of this id, name or title is loaded");
    if (outside)
        tell(linker, filter, ref,
             (struct np_diag){.severity = NP_SEVERITY_WARNING,
                              .code = "filter-logsource",
                              .hint = "give the filter the log source of the rule"},
             "the filter does not apply: the rule is of another log source");
    return 0;
}

/* ---- correlations */

/* A correlation stands on rules and on correlations that are loaded. */
static void check_named(struct linker *linker, const struct np_rule_link *link,
                        const struct np_rule_ref *ref)
{
    const struct np_rule_set *set = linker->set;
    uint32_t entry = np_map_get(&set->names, np_span_of(ref->name));
    for (; entry != NP_MAP_NONE; entry = set->name_list.items[entry].next) {
        uint32_t doc = set->name_list.items[entry].doc;
        if (doc != link->doc && strcmp(set->docs.items[doc].type, "filter") != 0)
            return;
    }
    tell(linker, link, ref, (struct np_diag){.severity = NP_SEVERITY_ERROR, .code = "unknown-rule"},
         "no rule of this id, name or title is loaded");
}

/* ---- all links */

static int follow(struct linker *linker, uint32_t index)
{
    const struct np_rule_link *link = &linker->set->links.items[index];
    int r = 0;
    if (link->kind == NP_LINK_FILTER && link->ref_count == 0)
        r = filter_all(linker, index);
    for (size_t i = 0; r == 0 && i < link->ref_count; i++) {
        if (link->kind == NP_LINK_FILTER)
            r = filter_named(linker, index, &link->refs[i]);
        else
            check_named(linker, link, &link->refs[i]);
    }
    return r;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    if (left->rule != right->rule)
        return left->rule < right->rule ? -1 : 1;
    return (left->link > right->link) - (left->link < right->link);
}

static bool has_field(const np_field_id *fields, size_t count, np_field_id field)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i] == field)
            return true;
    return false;
}

/* Adds the fields of a filter that the rule does not look at itself. */
static int add_fields(struct np_rule_set *set, struct np_rule *rule,
                      const struct np_rule_link *link)
{
    size_t most = rule->field_count + link->field_count;
    np_field_id *fields = np_arena_alloc(&set->arena, most * sizeof(*fields));
    if (fields == NULL)
        return -ENOMEM;
    size_t count = rule->field_count;
    if (count > 0)
        memcpy(fields, rule->fields, count * sizeof(*fields));
    for (size_t i = 0; i < link->field_count; i++)
        if (!has_field(fields, count, link->fields[i]))
            fields[count++] = link->fields[i];
    rule->fields = fields;
    rule->field_count = count;
    return 0;
}

/* Notes `count` filters of a rule, behind those that it has. */
static int add_filters(struct np_rule_set *set, struct np_rule *rule,
                       const struct np_rule_filter *filters, size_t count)
{
    size_t before = rule->filter_count;
    struct np_rule_filter *all = np_arena_alloc(&set->arena, (before + count) * sizeof(*all));
    if (all == NULL)
        return -ENOMEM;
    if (before > 0)
        memcpy(all, rule->filters, before * sizeof(*all));
    else
        rule->unfiltered = rule->condition;
    memcpy(all + before, filters, count * sizeof(*all));
    rule->filters = all;
    rule->filter_count = before + count;
    return 0;
}

/* Joins to one rule the filters of `count` pairs, all of them its. */
static int filter_rule(struct linker *linker, const struct pair *pairs, size_t count)
{
    struct np_rule_set *set = linker->set;
    struct np_rule *rule = &set->rules.items[pairs[0].rule];
    linker->exprs.len = 0;
    linker->filters.len = 0;
    int r = np_vec_push(&linker->exprs, rule->condition, PAIRS_MAX + 1);
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct np_rule_link *link = &set->links.items[pairs[i].link];
        if (i > 0 && pairs[i].link == pairs[i - 1].link)
            continue; /* named twice, by id and by title */
        struct np_rule_filter filter = {link->doc, link->condition};
        r = np_vec_push(&linker->exprs, link->condition, PAIRS_MAX + 1);
        if (r == 0)
            r = np_vec_push(&linker->filters, filter, PAIRS_MAX);
        if (r == 0)
            r = add_fields(set, rule, link);
    }
    if (r == 0)
        r = add_filters(set, rule, linker->filters.items, linker->filters.len);
    return r < 0 ? r
                 : np_ir_join(&set->ir, NP_EXPR_AND, linker->exprs.items, linker->exprs.len,
                              &rule->condition);
}

static int filter_rules(struct linker *linker)
{
    struct pair *pairs = linker->pairs.items;
    size_t count = linker->pairs.len;
    if (count > 1)
        qsort(pairs, count, sizeof(*pairs), compare_pairs);
    int r = 0;
    for (size_t first = 0, end = 0; r == 0 && first < count; first = end) {
        while (end < count && pairs[end].rule == pairs[first].rule)
            end++;
        r = filter_rule(linker, pairs + first, end - first);
    }
    return r;
}

static int link_all(struct linker *linker)
{
    struct np_rule_set *set = linker->set;
    for (size_t i = 0; i < set->docs.len; i++)
        linker->rule_of_doc[i] = NP_MAP_NONE;
    for (uint32_t i = 0; i < set->rules.len; i++)
        linker->rule_of_doc[set->rules.items[i].doc] = i;
    int r = 0;
    for (uint32_t i = 0; r == 0 && i < set->links.len; i++)
        r = follow(linker, i);
    return r < 0 ? r : filter_rules(linker);
}

int np_sigma_link(struct np_rule_set *set, struct np_diag_list *diags)
{
    struct linker linker = {
        .set = set,
        .diags = diags,
        .rule_of_doc = np_alloc_array(set->docs.len, sizeof(*linker.rule_of_doc)),
    };
    int r = linker.rule_of_doc == NULL ? -ENOMEM : link_all(&linker);
    np_free(linker.rule_of_doc);
    np_vec_done(&linker.pairs);
    np_vec_done(&linker.exprs);
    np_vec_done(&linker.filters);
    if (r == 0)
        np_sigma_lint_fields(set, diags);
    set->links.len = 0; /* done: another call links what is loaded then */
    return r;
}
