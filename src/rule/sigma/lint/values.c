/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that do not say what their author meant, or say it twice. Whether a value is the name of a
 * field is only known when all rules are there; those that look like one wait until then.
 */
#include <errno.h>
#include <stdlib.h>

#include "codec/fold.h"
#include "rule/sigma/lint/lint.h"

enum { FIELD_MAX_BYTES = 128, SUSPECTS_MAX = 4000000 };

/* ---- wildcards */

/* Whether the last character is a wildcard, rather than a star behind its escape. */
static bool ends_with_star(struct np_span text)
{
    size_t slashes = 0;
    if (!np_span_ends(text, NP_SPAN("*")))
        return false;
    while (slashes + 1 < text.len && text.ptr[text.len - 2 - slashes] == '\\')
        slashes++;
    return slashes % 2 == 0;
}

static bool is_all_stars(struct np_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '*')
            return false;
    return true;
}

static void check_wildcards(struct np_sigma_document *document, const struct np_sigma_key *key,
                            const struct np_yaml_node *node)
{
    bool contains = np_sigma_has(key, NP_SIGMA_CONTAINS);
    bool front = contains || np_sigma_has(key, NP_SIGMA_ENDSWITH);
    bool back = contains || np_sigma_has(key, NP_SIGMA_STARTSWITH);
    if (is_all_stars(node->text)) /* "is not empty" */
        return;
    if ((front && node->text.ptr[0] == '*') || (back && ends_with_star(node->text)))
        np_sigma_warn(document,
                      (struct np_sigma_problem){.code = "redundant-wildcard",
                                                .node = node,
                                                .item = key->field,
                                                .hint = "leave it out"},
                      "the modifier puts a '*' there already");
}

/* Whether stars are the only signs of an expression, each behind a plain character. */
static bool is_wildcard_pattern(struct np_span pattern)
{
    bool star = false;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (strchr(".[](){}+?|^$\\", c) != NULL)
            return false;
        star = star || c == '*';
    }
    return star;
}

static void check_regex(struct np_sigma_document *document, const struct np_sigma_key *key,
                        const struct np_yaml_node *node)
{
    if (is_wildcard_pattern(node->text))
        np_sigma_warn(document,
                      (struct np_sigma_problem){.code = "wildcard-in-regex",
                                                .node = node,
                                                .item = key->field,
                                                .hint = "write '.*' for any text"},
                      "'*' in a regular expression repeats the character in front of it");
}

/* ---- values that stand twice */

struct entry {
    struct np_span text;
    size_t index;
};

static int compare_folded(struct np_span a, struct np_span b)
{
    size_t len = NP_MIN(a.len, b.len);
    for (size_t i = 0; i < len; i++) {
        int order = (unsigned char) np_fold_byte(a.ptr[i]) - (unsigned char) np_fold_byte(b.ptr[i]);
        if (order != 0)
            return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = compare_folded(x->text, y->text);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* Warns of each value that says the same as one before it. */
static int check_repeated(struct np_sigma_document *document, const struct np_sigma_key *key,
                          const struct np_yaml_node *const *values, size_t count)
{
    struct entry *entries = np_arena_alloc(&document->set->scratch, count * sizeof(*entries));
    if (entries == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct entry){values[i]->text, i};
    qsort(entries, count, sizeof(*entries), compare_entries);
    for (size_t i = 1; i < count; i++) {
        if (compare_folded(entries[i - 1].text, entries[i].text) != 0)
            continue;
        bool same = np_span_eq(entries[i - 1].text, entries[i].text);
        np_sigma_warn(
            document,
            (struct np_sigma_problem){
                .code = "repeated-value", .node = values[entries[i].index], .item = key->field},
            same ? "this value stands twice"
                 : "this value differs from another one in case only, which plays no part");
    }
    return 0;
}

/* ---- names of fields */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Whether a text is words joined by dots. */
static bool looks_like_a_field(struct np_span text)
{
    bool dotted = false;
    bool start = true;
    if (text.len > FIELD_MAX_BYTES)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !start) {
            dotted = start = true;
            continue;
        }
        if (!is_letter(c) && (start || c < '0' || c > '9'))
            return false;
        start = false;
    }
    return dotted && !start;
}

/* Keeps a value that may be the name of a field. */
static int note_suspect(struct np_sigma_document *document, const struct np_yaml_node *node)
{
    struct np_rule_set *set = document->set;
    struct np_place place = np_yaml_place(node, document->file, 0);
    struct np_rule_suspect suspect = {
        .doc = (uint32_t) set->docs.len,
        .line = place.line,
        .column = place.column,
        .text = node->text,
    };
    if (np_arena_keep(&set->arena, &suspect.text) < 0)
        return -ENOMEM;
    return np_vec_push(&set->suspects, suspect, SUSPECTS_MAX);
}

/*
 * Whether `text` is a field of the catalogue or of a rule, or lies below a member that only records
 * have: one spelt with a capital inside, as `responseElements`.
 */
static bool is_field(const struct np_field_set *fields, struct np_span text)
{
    if (np_field_find(fields, text) != NP_FIELD_NONE)
        return true;
    size_t root = 0;
    bool capital = false;
    for (; text.ptr[root] != '.'; root++)
        capital = capital || (text.ptr[root] >= 'A' && text.ptr[root] <= 'Z');
    if (!capital)
        return false;
    for (np_field_id i = 0; i < NP_FIELD_FIXED_COUNT; i++) {
        struct np_span name = np_field_name(fields, i);
        if (np_span_starts(name, np_span_head(text, root)) &&
            (name.len == root || name.ptr[root] == '.'))
            return true;
    }
    return false;
}

void np_sigma_lint_fields(struct np_rule_set *set, struct np_diag_list *diags)
{
    for (size_t i = 0; i < set->suspects.len; i++) {
        const struct np_rule_suspect *suspect = &set->suspects.items[i];
        struct np_rule_doc *doc = &set->docs.items[suspect->doc];
        if (doc->status == NP_DOC_ERROR || !is_field(set->field_names, suspect->text))
            continue;
        doc->status = NP_DOC_WARNING;
        struct np_diag diag = {
            .place = {doc->file, suspect->line, suspect->column},
            .severity = NP_SEVERITY_WARNING,
            .code = "field-as-value",
            .hint = "did you mean the modifier 'fieldref'?",
            .item = suspect->text.ptr,
            .document = doc->index,
        };
        np_diag_add(diags, diag, "'%.*s' is the name of a field, but compared as a text",
                    NP_SPAN_ARGS(suspect->text));
    }
    set->suspects.len = 0;
}

/* ---- all of it */

/* Whether values of the key are compared as texts, with a field. */
static bool is_text(const struct np_sigma_key *key)
{
    return key->field.len > 0 && !np_sigma_has(key, NP_SIGMA_RE) &&
           !np_sigma_has(key, NP_SIGMA_CIDR) && !np_sigma_has(key, NP_SIGMA_FIELDREF);
}

static bool is_cased(const struct np_sigma_key *key)
{
    return np_sigma_has(key, NP_SIGMA_RE) || np_sigma_has(key, NP_SIGMA_CASED) ||
           np_sigma_has(key, NP_SIGMA_BASE64) || np_sigma_has(key, NP_SIGMA_BASE64OFFSET);
}

static int check_one(struct np_sigma_document *document, const struct np_sigma_key *key,
                     const struct np_yaml_node *node)
{
    if (np_yaml_type(node) != NP_YAML_TEXT || node->text.len == 0)
        return 0;
    if (np_sigma_has(key, NP_SIGMA_RE))
        check_regex(document, key, node);
    else
        check_wildcards(document, key, node);
    return is_text(key) && looks_like_a_field(node->text) ? note_suspect(document, node) : 0;
}

int np_sigma_lint_values(struct np_sigma_document *document, const struct np_sigma_key *key,
                         const struct np_yaml_node *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int r = check_one(document, key, values[i]);
        if (r < 0)
            return r;
    }
    return is_cased(key) || count < 2 ? 0 : check_repeated(document, key, values, count);
}
