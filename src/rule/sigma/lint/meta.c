/* SPDX-License-Identifier: Apache-2.0 */
/* Tags, dates and names of a document. */
#include "base/time.h"
#include "rule/attack.h"
#include "rule/sigma/lint/lint.h"

/* Without these a finding cannot be told apart, weighed or understood. */
static const struct {
    const char *key;
    const char *code;
    const char *hint;
} expected[] = {
    {"id", "missing-id", "write a random UUID, for example from 'uuidgen'"},
    {"level", "missing-level", "it counts as medium; write 'level: medium' to mean it"},
    {"description", "missing-description", "say what the rule finds and why it matters"},
};

static void warn(struct np_sigma_document *document, const struct np_yaml_node *node,
                 const char *code, const char *hint, const char *message)
{
    np_sigma_warn(
        document,
        (struct np_sigma_problem){.code = code, .node = node, .item = node->text, .hint = hint},
        "'%.*s' %s", NP_SPAN_ARGS(node->text), message);
}

static void check_expected(struct np_sigma_document *document)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(expected); i++)
        if (np_yaml_get(document->root, expected[i].key) == NULL)
            np_sigma_warn(document,
                          (struct np_sigma_problem){.code = expected[i].code,
                                                    .node = document->root,
                                                    .item = np_span_of(expected[i].key),
                                                    .hint = expected[i].hint},
                          "no '%s'", expected[i].key);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Whether `text` has the form of `pattern`, in which 'x' stands for a hexadecimal digit. */
static bool has_form(struct np_span text, const char *pattern)
{
    if (text.len != strlen(pattern))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (pattern[i] == 'x' ? !is_hex(c) : c != pattern[i])
            return false;
    }
    return true;
}

static void check_id(struct np_sigma_document *document)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, "id");
    if (np_sigma_is_text(node) && !has_form(node->text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"))
        warn(document, node, "bad-id", "write a random UUID, for example from 'uuidgen'",
             "is no UUID");
}

static void check_date(struct np_sigma_document *document, const char *key)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, key);
    if (node == NULL || node->kind != NP_YAML_SCALAR)
        return;
    np_time_ns time = 0;
    if (!np_time_parse_date(node->text, &time))
        warn(document, node, "bad-date", "write it as YYYY-MM-DD", "is no date");
}

static bool is_tag_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* What stands behind the namespace of a tag; empty where it has none. */
static struct np_span name_of(struct np_span tag)
{
    const char *dot = tag.len > 0 ? memchr(tag.ptr, '.', tag.len) : NULL;
    if (dot == NULL || dot == tag.ptr || tag.ptr[tag.len - 1] == '.')
        return (struct np_span){};
    for (size_t i = 0; i < tag.len; i++)
        if (!is_tag_char(tag.ptr[i]))
            return (struct np_span){};
    return np_span_from(tag, (size_t) (dot - tag.ptr) + 1);
}

static void check_tag(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    if (!np_sigma_is_text(node)) /* told when tags are read */
        return;
    struct np_span name = name_of(node->text);
    if (name.len == 0) {
        warn(document, node, "bad-tag", "write it as namespace.name, for example attack.t1078",
             "is no tag: a name in a namespace");
        return;
    }
    struct np_span space = np_span_head(node->text, node->text.len - name.len - 1);
    if (!np_span_eq_ascii_fold(space, NP_SPAN("attack")) || np_attack_is_known(name))
        return;
    const char *near = np_attack_nearest(name);
    warn(document, node, "bad-tag",
         near != NULL ? near : "attack.t1078, attack.t1078.004 or a tactic as attack.discovery",
         "is neither a tactic nor a technique of ATT&CK");
}

static void check_tags(struct np_sigma_document *document)
{
    const struct np_yaml_node *node = np_yaml_get(document->root, "tags");
    if (node == NULL)
        return;
    bool list = node->kind == NP_YAML_SEQUENCE;
    for (size_t i = 0; i < (list ? node->count : 1); i++)
        check_tag(document, list ? node->items[i] : node);
}

/* A capture or a probe of system calls has no records of auditd: such a rule can match its log only. */
static void check_log_source(struct np_sigma_document *document)
{
    const struct np_yaml_node *source = np_yaml_get(document->root, "logsource");
    if (source == NULL || source->kind != NP_YAML_MAPPING)
        return;
    const struct np_yaml_node *product = np_yaml_get(source, "product");
    const struct np_yaml_node *service = np_yaml_get(source, "service");
    if (np_sigma_is_text(product) && np_sigma_is_text(service) &&
        np_span_eq_ascii_fold(product->text, NP_SPAN("linux")) &&
        np_span_eq_ascii_fold(service->text, NP_SPAN("auditd")))
        warn(document, service, "needs-auditd",
             "give its log with --as product=linux,service=auditd",
             "is a log of its own: system calls read from a capture do not match this rule");
}

void np_sigma_lint_meta(struct np_sigma_document *document)
{
    if (np_yaml_get(document->root, "filter") == NULL &&
        np_yaml_get(document->root, "correlation") == NULL)
        check_expected(document);
    check_id(document);
    check_date(document, "date");
    check_date(document, "modified");
    check_tags(document);
    check_log_source(document);
}
