/* SPDX-License-Identifier: Apache-2.0 */
/* Names, level, status, tags and log source of a document. */
#include "rule/sigma/meta.h"

#include <errno.h>

#include "base/suggest.h"
#include "rule/sigma/lint/lint.h"

static const char *const document_keys[] = {
    "title",       "id",          "name",   "related",        "taxonomy", "status",
    "description", "license",     "author", "references",     "date",     "modified",
    "logsource",   "detection",   "fields", "falsepositives", "level",    "tags",
    "scope",       "correlation", "filter",
};
static const char *const logsource_keys[] = {"category", "product", "service", "definition"};
static const char *const level_words[] = {"informational", "low", "medium", "high", "critical"};
static const char *const status_words[] = {"stable", "test", "experimental", "deprecated",
                                           "unsupported"};

/* A text under `key`, kept; "" where it is not given. What is no text is a warning. */
static int read_text(struct np_sigma_document *document, const char *key, const char **out_text)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, key);
    if (node != NULL && !np_sigma_is_text(node))
        np_sigma_warn(
            document,
            (struct np_sigma_problem){.code = "not-a-text", .node = node, .item = np_span_of(key)},
            "'%s' is not a text and is ignored", key);
    *out_text = np_sigma_keep_text(document, node);
    return *out_text != NULL ? 0 : -ENOMEM;
}

static int read_level(struct np_sigma_document *document, struct np_sigma_meta *meta)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, "level");
    meta->level = NP_LEVEL_MEDIUM; /* of a rule without one */
    meta->priority = np_sigma_keep_text(document, node);
    if (meta->priority == NULL)
        return -ENOMEM;
    if (node == NULL)
        return 0;
    if (node->kind != NP_YAML_SCALAR)
        return np_sigma_refuse(document,
                               (struct np_sigma_problem){
                                   .code = "unknown-level", .node = node, .item = NP_SPAN("level")},
                               "'level' is not a text");
    if (np_level_parse(node->text, &meta->level))
        return 0;
    const char *near = np_suggest(node->text, level_words, NP_ARRAY_LEN(level_words));
    return np_sigma_refuse(
        document,
        (struct np_sigma_problem){
            .code = "unknown-level",
            .node = node,
            .item = NP_SPAN("level"),
            .hint = near != NULL ? near : "informational, low, medium, high or critical"},
        "level '%.*s' is not known", NP_SPAN_ARGS(node->text));
}

static void check_status(struct np_sigma_document *document)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, "status");
    if (node == NULL)
        return;
    for (size_t i = 0; i < NP_ARRAY_LEN(status_words); i++)
        if (node->kind == NP_YAML_SCALAR && np_span_is(node->text, status_words[i]))
            return;
    const char *near = np_suggest(node->text, status_words, NP_ARRAY_LEN(status_words));
    np_sigma_warn(
        document,
        (struct np_sigma_problem){
            .code = "unknown-status",
            .node = node,
            .item = NP_SPAN("status"),
            .hint = near != NULL ? near : "stable, test, experimental, deprecated or unsupported"},
        "status '%.*s' is not known", NP_SPAN_ARGS(node->text));
}

static void warn_of_tags(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    np_sigma_warn(
        document,
        (struct np_sigma_problem){.code = "not-a-text", .node = node, .item = NP_SPAN("tags")},
        "tags are a list of texts; what is not is ignored");
}

static int read_tags(struct np_sigma_document *document, struct np_sigma_meta *meta)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, "tags");
    if (node == NULL)
        return 0;
    bool list = node->kind == NP_YAML_SEQUENCE;
    const struct np_yaml_node *const *items = list ? node->items : &node;
    size_t count = list ? node->count : 1;
    const char **tags = np_arena_alloc(&document->set->arena, count * sizeof(*tags));
    if (tags == NULL)
        return -ENOMEM;
    meta->tags = tags;
    for (size_t i = 0; i < count; i++) {
        if (!np_sigma_is_text(items[i])) {
            warn_of_tags(document, items[i]);
            continue;
        }
        tags[meta->tag_count] = np_sigma_keep_text(document, items[i]);
        if (tags[meta->tag_count++] == NULL)
            return -ENOMEM;
    }
    return 0;
}

static void check_names(struct np_sigma_document *document, const struct np_sigma_meta *meta)
{
    if (meta->title[0] != '\0')
        return;
    np_sigma_warn(document,
                  (struct np_sigma_problem){
                      .code = "missing-title", .node = document->root, .item = NP_SPAN("title")},
                  meta->id[0] == '\0' ? "neither title nor id" : "no title");
}

int np_sigma_meta_read(struct np_sigma_document *document, struct np_sigma_meta *out_meta)
{
    struct np_sigma_meta meta = {.product = "", .category = "", .service = ""};
    int r = read_text(document, "id", &meta.id);
    if (r == 0)
        r = read_text(document, "title", &meta.title);
    if (r == 0)
        r = read_text(document, "name", &meta.name);
    if (r == 0)
        r = read_tags(document, &meta);
    if (r < 0)
        return r;
    check_names(document, &meta);
    check_status(document);
    np_sigma_lint_meta(document);
    np_sigma_check_keys(document, document->root, document_keys, NP_ARRAY_LEN(document_keys));
    r = read_level(document, &meta);
    if (np_sigma_is_fatal(r))
        return r;
    *out_meta = meta;
    return r;
}

/* ---- log source */

static int refuse_logsource(struct np_sigma_document *document, const struct np_yaml_node *node,
                            const char *hint, const char *message)
{
    return np_sigma_refuse(
        document,
        (struct np_sigma_problem){
            .code = "missing-logsource", .node = node, .item = NP_SPAN("logsource"), .hint = hint},
        "%s", message);
}

/* The mapping under `logsource`; NULL, told, where there is none. */
static const struct np_yaml_node *find_logsource(struct np_sigma_document *document)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, "logsource");
    if (node != NULL && node->kind == NP_YAML_MAPPING)
        return node;
    if (node != NULL) {
        (void) refuse_logsource(document, node, "product, category or service",
                                "'logsource' is not a mapping");
        return NULL;
    }
    const struct np_yaml_node *near = np_sigma_near_key(document->root, "logsource");
    (void) refuse_logsource(document, near != NULL ? near : document->root,
                            near != NULL ? "logsource" : NULL, "no 'logsource'");
    return NULL;
}

static int read_logsource_text(struct np_sigma_document *document, const struct np_yaml_node *node,
                               const char *key, const char **out_text)
{
    const struct np_yaml_node *value = np_yaml_get(node, key);
    if (value == NULL || np_yaml_type(value) == NP_YAML_NULL) /* not named */
        return 0;
    if (value->kind != NP_YAML_SCALAR || np_yaml_type(value) != NP_YAML_TEXT ||
        value->text.len == 0)
        return np_sigma_refuse(document,
                               (struct np_sigma_problem){
                                   .code = "bad-logsource", .node = value, .item = np_span_of(key)},
                               "'%s' of 'logsource' must be a text that is not empty", key);
    const char *text = np_sigma_keep_text(document, value);
    if (text == NULL)
        return -ENOMEM;
    *out_text = text;
    return 0;
}

int np_sigma_logsource_read(struct np_sigma_document *document, struct np_sigma_meta *meta)
{
    const struct np_yaml_node *node = find_logsource(document);
    if (node == NULL)
        return -EINVAL;
    np_sigma_check_keys(document, node, logsource_keys, NP_ARRAY_LEN(logsource_keys));
    int r = read_logsource_text(document, node, "product", &meta->product);
    if (r == 0)
        r = read_logsource_text(document, node, "category", &meta->category);
    if (r == 0)
        r = read_logsource_text(document, node, "service", &meta->service);
    if (r < 0)
        return r;
    if (meta->product[0] == '\0' && meta->category[0] == '\0' && meta->service[0] == '\0')
        return refuse_logsource(document, node, "product, category or service",
                                "'logsource' names nothing to look at");
    return 0;
}
