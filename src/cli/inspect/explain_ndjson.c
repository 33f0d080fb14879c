/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation as one JSON object; docs/reference/output.md describes it. */
#include "cli/inspect/explain_show.h"
#include "sink/line.h"

const char *np_value_type(const struct np_value *value)
{
    static const char *const names[NP_VALUE_KIND_MAX] = {
        [NP_VALUE_ABSENT] = "absent", [NP_VALUE_NULL] = "null",    [NP_VALUE_BOOL] = "boolean",
        [NP_VALUE_INT] = "number",    [NP_VALUE_UINT] = "number",  [NP_VALUE_DOUBLE] = "number",
        [NP_VALUE_TEXT] = "text",     [NP_VALUE_ADDRESS] = "text", [NP_VALUE_LIST] = "list",
        [NP_VALUE_OBJECT] = "object",
    };
    return names[value->kind];
}

static bool has_text(const struct np_value *value)
{
    return value->kind != NP_VALUE_ABSENT && value->kind != NP_VALUE_NULL;
}

static void write_value(struct np_json_writer *json, const char *key, const struct np_value *value)
{
    np_json_begin_object(json, key);
    np_json_cstr(json, "type", np_value_type(value));
    if (value->kind == NP_VALUE_LIST) {
        np_json_begin_array(json, "items");
        for (uint32_t i = 0; i < value->count; i++)
            if (has_text(&value->items[i]))
                np_json_text(json, NULL, value->items[i].text);
            else
                np_json_null(json, NULL);
        np_json_end_array(json);
    } else if (has_text(value)) {
        np_json_text(json, "text", value->text);
    }
    np_json_end_object(json);
}

static void write_test(struct np_json_writer *json, const struct np_explain_subject *subject,
                       const struct np_explained *node)
{
    if (node->field != NP_FIELD_NONE)
        np_json_text(json, "field", np_field_name(subject->fields, node->field));
    else
        np_json_null(json, "field");
    np_json_text(json, "test", node->test);
    np_json_bool(json, "decides", node->decides);
    if (node->limit != NULL)
        np_json_cstr(json, "limit", node->limit);
    if (node->value != NULL)
        write_value(json, "value", node->value);
    if (node->other_value != NULL) {
        np_json_text(json, "other_field", np_field_name(subject->fields, node->other));
        write_value(json, "other_value", node->other_value);
    }
}

/* Recursion is bounded as that of conditions is. */
static void write_node(struct np_json_writer *json, const char *key,
                       const struct np_explain_subject *subject, const struct np_explained *node)
{
    static const char *const kinds[NP_EXPLAINED_KIND_MAX] = {
        [NP_EXPLAINED_ALL] = "all",           [NP_EXPLAINED_ANY] = "any",
        [NP_EXPLAINED_NOT] = "not",           [NP_EXPLAINED_TEST] = "test",
        [NP_EXPLAINED_CONSTANT] = "constant",
    };
    np_json_begin_object(json, key);
    np_json_cstr(json, "op", kinds[node->kind]);
    np_json_bool(json, "true", node->is_true);
    if (node->selection.len > 0)
        np_json_text(json, "selection", node->selection);
    if (node->kind == NP_EXPLAINED_TEST)
        write_test(json, subject, node);
    if (node->child_count > 0) {
        np_json_begin_array(json, "of");
        for (uint32_t i = 0; i < node->child_count; i++)
            write_node(json, NULL, subject, &node->children[i]);
        np_json_end_array(json);
    }
    np_json_end_object(json);
}

static void write_rule(struct np_json_writer *json, const struct np_rule_info *rule)
{
    np_json_begin_object(json, "rule");
    np_json_cstr(json, "id", rule->id);
    np_json_cstr(json, "title", rule->title);
    np_json_cstr(json, "language", np_rule_language_name(rule->language));
    np_json_cstr(json, "level", np_level_name(rule->level));
    np_json_cstr(json, "file", rule->file);
    np_json_uint(json, "line", rule->line);
    np_json_end_object(json);
}

static void write_event(struct np_json_writer *json, struct np_event *event)
{
    char id[1024];
    struct np_event_brief brief;
    np_event_brief(event, &brief);
    np_json_begin_object(json, "event");
    np_json_text(json, "id", np_event_id(event, id, sizeof(id)));
    np_json_cstr(json, "kind", np_event_kind_name(event->kind));
    np_json_text(json, "account", event->account);
    np_line_brief(json, &brief);
    np_json_end_object(json);
    np_line_origin(json, &event->origin);
}

static void write_logsource(struct np_json_writer *json, const struct np_explain_subject *subject)
{
    const struct np_explanation *explanation = subject->explanation;
    const struct np_logsource *event = subject->event->logsource;
    np_json_begin_object(json, "logsource");
    np_json_bool(json, "true", explanation->is_of_logsource);
    np_json_begin_object(json, "rule");
    np_json_cstr(json, "product", explanation->logsource.product);
    np_json_cstr(json, "category", explanation->logsource.category);
    np_json_cstr(json, "service", explanation->logsource.service);
    np_json_end_object(json);
    np_json_begin_object(json, "event");
    np_json_text(json, "product", event->product);
    np_json_text(json, "category", event->category);
    np_json_text(json, "service", event->service);
    np_json_end_object(json);
    np_json_end_object(json);
}

static void write_filters(struct np_json_writer *json, const struct np_explain_subject *subject)
{
    const struct np_explanation *explanation = subject->explanation;
    np_json_begin_array(json, "filters");
    for (size_t i = 0; i < explanation->filter_count; i++) {
        const struct np_explained_filter *filter = &explanation->filters[i];
        np_json_begin_object(json, NULL);
        np_json_cstr(json, "id", filter->doc->id);
        np_json_cstr(json, "title", filter->doc->title);
        np_json_cstr(json, "file", filter->doc->file);
        write_node(json, "condition", subject, filter->condition);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

void np_explain_ndjson(struct np_buf *buf, const struct np_explain_subject *subject)
{
    static const char *const choices[NP_EXPLAIN_CHOICE_MAX] = {
        [NP_EXPLAIN_ASKED] = "asked",
        [NP_EXPLAIN_FIRST] = "first",
        [NP_EXPLAIN_NEAREST] = "nearest",
    };
    const struct np_explanation *explanation = subject->explanation;
    struct np_json_writer json;
    np_line_begin(&json, buf, "explanation");
    np_json_bool(&json, "matched", explanation->matches);
    np_json_cstr(&json, "choice", choices[subject->choice]);
    np_line_time(&json, "time", subject->event->time);
    write_rule(&json, np_rule_set_info(subject->rules, explanation->rule));
    write_event(&json, subject->event);
    write_logsource(&json, subject);
    np_json_uint(&json, "tests", explanation->tests);
    if (explanation->changes == NP_EXPLAINED_NEVER)
        np_json_null(&json, "changes");
    else
        np_json_uint(&json, "changes", explanation->changes);
    write_node(&json, "condition", subject, explanation->condition);
    write_filters(&json, subject);
    np_line_end(&json);
}
