/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a correlation document must say: its type, its rules, its time span, and for counts the
 * number.
 */
#include "rule/sigma/correlation.h"

#include <errno.h>

#include "base/suggest.h"
#include "rule/sigma/reference.h"

static const char *const correlation_keys[] = {"type",      "rules",   "group-by", "timespan",
                                               "condition", "aliases", "generate"};
static const char *const condition_words[] = {"gt", "gte", "lt", "lte", "eq", "neq"};
static const char *const condition_keys[] = {"gt", "gte", "lt",    "lte",
                                             "eq", "neq", "field", "percentile"};

static const struct type {
    const char *name;
    bool counts; /* needs a condition */
    bool values; /* of a field */
} types[] = {
    {"event_count", true, false},       {"value_count", true, true},
    {"value_sum", true, true},          {"value_avg", true, true},
    {"value_percentile", true, true},   {"temporal", false, false},
    {"temporal_ordered", false, false},
};

static int refuse(struct np_sigma_document *document, const struct np_yaml_node *node,
                  const char *key, const char *hint, const char *message)
{
    return np_sigma_refuse(
        document,
        (struct np_sigma_problem){
            .code = "bad-correlation", .node = node, .item = np_span_of(key), .hint = hint},
        "%s", message);
}

static void refuse_type(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    const char *names[NP_ARRAY_LEN(types)];
    for (size_t i = 0; i < NP_ARRAY_LEN(types); i++)
        names[i] = types[i].name;
    (void) np_sigma_refuse(
        document,
        (struct np_sigma_problem){.code = "unknown-correlation",
                                  .node = node,
                                  .item = NP_SPAN("type"),
                                  .hint = np_suggest(node->text, names, NP_ARRAY_LEN(names))},
        "correlation type '%.*s' is not known", NP_SPAN_ARGS(node->text));
}

/* The type of the correlation; NULL, told, where it has none that is known. */
static const struct type *find_type(struct np_sigma_document *document,
                                    const struct np_yaml_node *section)
{
    const struct np_yaml_node *node = np_yaml_get(section, "type");
    for (size_t i = 0; node != NULL && i < NP_ARRAY_LEN(types); i++)
        if (np_span_is(node->text, types[i].name))
            return &types[i];
    if (node != NULL)
        refuse_type(document, node);
    else
        (void) refuse(document, section, "type", NULL, "the correlation has no 'type'");
    return NULL;
}

/* A number and s, m, h or d. */
static int check_timespan(struct np_sigma_document *document, const struct np_yaml_node *section)
{
    const struct np_yaml_node *node = np_yaml_get(section, "timespan");
    if (node == NULL)
        return refuse(document, section, "timespan", NULL, "the correlation has no 'timespan'");
    struct np_span text = node->text;
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    if (digits == 0 || digits + 1 != text.len || memchr("smhd", text.ptr[digits], 4) == NULL)
        return refuse(document, node, "timespan", "write it as 30s, 5m, 2h or 1d",
                      "'timespan' is no time span");
    return 0;
}

static bool is_condition_word(struct np_span key)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(condition_words); i++)
        if (np_span_is(key, condition_words[i]))
            return true;
    return false;
}

/* Whether the condition compares with a number, 0 or 1; negative where it is wrong. */
static int check_comparisons(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    struct np_number number;
    int count = 0;
    for (size_t i = 0; i < node->count; i++) {
        const struct np_yaml_node *value = np_yaml_value(node, i);
        if (!is_condition_word(np_yaml_key(node, i)->text))
            continue;
        if (value->kind != NP_YAML_SCALAR ||
            (!np_yaml_number(value, &number) && !np_number_parse(value->text, &number)))
            return refuse(document, value, "condition", NULL,
                          "a correlation compares with numbers");
        count = 1;
    }
    return count;
}

static int check_condition(struct np_sigma_document *document, const struct np_yaml_node *section,
                           const struct type *type)
{
    const struct np_yaml_node *node = np_yaml_get(section, "condition");
    if (node == NULL && !type->counts)
        return 0;
    if (node == NULL || node->kind != NP_YAML_MAPPING)
        return refuse(document, node != NULL ? node : section, "condition",
                      "gt, gte, lt, lte, eq or neq with a number",
                      "the correlation needs a 'condition' that is a mapping");
    np_sigma_check_keys(document, node, condition_keys, NP_ARRAY_LEN(condition_keys));
    int count = check_comparisons(document, node);
    if (count < 0)
        return count;
    if (count == 0)
        return refuse(document, node, "condition", "gt, gte, lt, lte, eq or neq with a number",
                      "the condition compares with nothing");
    if (type->values && np_yaml_get(node, "field") == NULL)
        return refuse(document, node, "field", NULL,
                      "the condition does not say which 'field' to look at");
    return 0;
}

static int read_rules(struct np_sigma_document *document, const struct np_yaml_node *section,
                      struct np_sigma_references *out_references)
{
    const struct np_yaml_node *node = np_yaml_get(section, "rules");
    if (node == NULL)
        return refuse(document, section, "rules", NULL, "the correlation names no 'rules'");
    return np_sigma_references_read(document, node, out_references);
}

/*
 * All that is wrong at once; the results of the checks but -ENOMEM are in the document's count of
 * errors.
 */
static int check(struct np_sigma_document *document, const struct np_yaml_node *section,
                 struct np_sigma_references *out_references)
{
    np_sigma_check_keys(document, section, correlation_keys, NP_ARRAY_LEN(correlation_keys));
    const struct type *type = find_type(document, section);
    if (type != NULL)
        (void) check_condition(document, section, type); /* counted */
    (void) check_timespan(document, section);            /* counted */
    int r = read_rules(document, section, out_references);
    return r == 0 && document->errors > 0 ? -EINVAL : r;
}

int np_sigma_correlation_load(struct np_sigma_document *document, struct np_sigma_meta *meta)
{
    (void) meta; /* a correlation has no log source */
    const struct np_yaml_node *section = np_yaml_get(document->root, "correlation");
    struct np_sigma_references references = {};
    if (section->kind != NP_YAML_MAPPING)
        return refuse(document, section, "correlation", NULL, "'correlation' is not a mapping");
    int r = check(document, section, &references);
    if (r < 0)
        return r;
    np_sigma_warn(document,
                  (struct np_sigma_problem){
                      .code = "not-run-yet", .node = section, .item = NP_SPAN("correlation")},
                  "not run yet: correlations are checked only");
    struct np_rule_link link = {
        .kind = NP_LINK_CORRELATION,
        .doc = (uint32_t) document->set->docs.len,
        .refs = references.items,
        .ref_count = references.count,
    };
    return np_vec_push(&document->set->links, link, NP_RULES_MAX);
}
