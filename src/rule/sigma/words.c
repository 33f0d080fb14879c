/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verb from the modifiers, the values as they are written, and in parentheses the modifiers that
 * no verb stands for: "contains 'a' or 'b' (base64offset, wide)".
 */
#include "rule/sigma/words.h"

enum { VALUES_SHOWN = 12, VALUE_SHOWN_BYTES = 200 };

struct verb {
    enum np_sigma_modifier modifier;
    const char *text;
};

/* The first that a key has is its verb. */
static const struct verb verbs[] = {
    {NP_SIGMA_FIELDREF, "is the same as the field"},
    {NP_SIGMA_RE, "matches the expression"},
    {NP_SIGMA_CONTAINS, "contains"},
    {NP_SIGMA_STARTSWITH, "starts with"},
    {NP_SIGMA_ENDSWITH, "ends with"},
    {NP_SIGMA_CIDR, "is in the network"},
    {NP_SIGMA_EXISTS, "exists"},
    {NP_SIGMA_LT, "is less than"},
    {NP_SIGMA_LTE, "is at most"},
    {NP_SIGMA_GT, "is more than"},
    {NP_SIGMA_GTE, "is at least"},
};

/* `fieldref` with a place in the text. */
static const struct verb reference_verbs[] = {
    {NP_SIGMA_CONTAINS, "contains the field"},
    {NP_SIGMA_STARTSWITH, "starts with the field"},
    {NP_SIGMA_ENDSWITH, "ends with the field"},
};

static const char *find_verb(const struct np_sigma_key *key, const struct verb *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_sigma_has(key, table[i].modifier))
            return table[i].text;
    return NULL;
}

static const char *verb_of(const struct np_sigma_key *key)
{
    const char *verb = NULL;
    if (np_sigma_has(key, NP_SIGMA_FIELDREF))
        verb = find_verb(key, reference_verbs, NP_ARRAY_LEN(reference_verbs));
    if (verb == NULL)
        verb = find_verb(key, verbs, NP_ARRAY_LEN(verbs));
    if (verb == NULL)
        verb = key->field.len > 0 ? "is" : "contains"; /* keywords */
    return verb;
}

static void add_value(struct np_buf *buf, const struct np_yaml_node *node)
{
    bool quoted = np_yaml_type(node) == NP_YAML_TEXT;
    (void) np_buf_add_str(buf, quoted ? "'" : "");
    if (np_yaml_type(node) == NP_YAML_NULL)
        (void) np_buf_add_str(buf, "null");
    else
        np_note_add_value(buf, node->text, VALUE_SHOWN_BYTES);
    (void) np_buf_add_str(buf, quoted ? "'" : "");
}

static void add_values(struct np_buf *buf, const struct np_yaml_node *const *values, size_t count)
{
    size_t shown = NP_MIN(count, (size_t) VALUES_SHOWN);
    for (size_t i = 0; i < shown; i++) {
        (void) np_buf_add_str(buf, i > 0 ? " or " : " ");
        add_value(buf, values[i]);
    }
    if (shown < count)
        (void) np_buf_printf(buf, " or %zu more", count - shown);
}

/* Whether a modifier is told by the verb, or by the tree around the test. */
static bool is_told(struct np_span modifier)
{
    static const char *const told[] = {"all", "neq",  "contains", "startswith", "endswith",
                                       "re",  "cidr", "exists",   "lt",         "lte",
                                       "gt",  "gte",  "fieldref"};
    for (int part = 0; part < NP_TIME_PART_MAX; part++)
        if (np_span_is(modifier, np_time_part_name((enum np_time_part) part)))
            return true;
    for (size_t i = 0; i < NP_ARRAY_LEN(told); i++)
        if (np_span_is(modifier, told[i]))
            return true;
    return false;
}

static void add_modifiers(struct np_buf *buf, const struct np_sigma_key *key)
{
    struct np_span rest = np_span_from(key->node->text, key->field.len);
    const char *separator = " (";
    while (rest.len > 0) {
        rest = np_span_from(rest, 1); /* the '|' in front of it */
        const char *end = rest.len > 0 ? memchr(rest.ptr, '|', rest.len) : NULL;
        struct np_span word = end != NULL ? np_span_head(rest, (size_t) (end - rest.ptr)) : rest;
        rest = np_span_from(rest, word.len);
        if (is_told(word))
            continue;
        (void) np_buf_add_str(buf, separator);
        (void) np_buf_add_span(buf, word);
        separator = ", ";
    }
    (void) np_buf_add_str(buf, separator[0] == ',' ? ")" : "");
}

static int add_note(struct np_sigma_document *document, np_expr_id expr, enum np_note_kind kind,
                    struct np_span text)
{
    int r = np_arena_keep(&document->set->arena, &text);
    struct np_note note = {.expr = expr, .kind = kind, .text = text};
    return r < 0 ? r : np_notes_add(&document->set->notes, note);
}

int np_sigma_note_selection(struct np_sigma_document *document, np_expr_id expr,
                            struct np_span name)
{
    return document->set->notes.wanted ? add_note(document, expr, NP_NOTE_SELECTION, name) : 0;
}

int np_sigma_note_test(struct np_sigma_document *document, np_expr_id expr,
                       const struct np_sigma_key *key, const struct np_yaml_node *const *values,
                       size_t count)
{
    if (!document->set->notes.wanted)
        return 0;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    enum np_sigma_modifier time = np_sigma_time_part(key);
    if (time != NP_SIGMA_MODIFIER_MAX)
        (void) np_buf_printf(&buf, "in its %s ",
                             np_time_part_name((enum np_time_part)(time - NP_SIGMA_MINUTE)));
    (void) np_buf_add_str(&buf, verb_of(key));
    if (!np_sigma_has(key, NP_SIGMA_EXISTS))
        add_values(&buf, values, count);
    if (key->modifier_count > 0)
        add_modifiers(&buf, key);
    return buf.error < 0 ? buf.error : add_note(document, expr, NP_NOTE_TEST, np_buf_span(&buf));
}
