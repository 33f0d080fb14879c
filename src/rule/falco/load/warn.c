/* SPDX-License-Identifier: Apache-2.0 */
/* See warn.h. Each kind of mistake is told a few times only: lists are long, and who mends one mends all. */
#include "rule/falco/load/warn.h"

#include "rule/falco/parse.h"

enum { TELL_MAX = 8 };

static const char *const deprecated_fields[] = {"evt.dir",           "evt.latency",
                                                "evt.latency.s",     "evt.latency.ns",
                                                "evt.latency.human", "evt.wait_latency"};
static const char *const transformers[] = {"val", "tolower", "toupper", "b64",   "basename",
                                           "len", "join",    "concat",  "getopt"};

/* A condition that is looked through. */
struct look {
    const struct np_falco_teller *teller;
    struct np_falco_book *book;
    const struct np_falco_rule *rule;
    uint32_t number; /* of the rule, from 1 */
    unsigned told;   /* of values */
    bool told_unsafe;
    bool told_deprecated[NP_ARRAY_LEN(deprecated_fields)];
};

/* The place is the condition's, where that stands in the rule's own document. */
static struct np_falco_problem problem_of(const struct look *look, const char *code,
                                          struct np_span item)
{
    const struct np_falco_piece *condition = look->rule->condition.first;
    return (struct np_falco_problem){
        .code = code,
        .node = condition->doc == look->teller->doc ? condition->node : NULL,
        .item = item,
    };
}

/* ---- values */

/* Whether all of a regular expression could be said with a simpler operator: plain text, ".*" at an end or both. */
static bool is_simple_regex(struct np_span text)
{
    if (np_span_starts(text, NP_SPAN(".*")) || np_span_starts(text, NP_SPAN(".+")))
        text = np_span_from(text, 2);
    if (np_span_ends(text, NP_SPAN(".*")) || np_span_ends(text, NP_SPAN(".+")))
        text = np_span_head(text, text.len - 2);
    for (size_t i = 0; i < text.len; i++)
        if (strchr(".+*?^$|\\[](){}", text.ptr[i]) != NULL)
            return false;
    return true;
}

static bool is_call(struct np_span text)
{
    if (!np_span_ends(text, NP_SPAN(")")))
        return false;
    for (size_t i = 0; i < NP_ARRAY_LEN(transformers); i++) {
        struct np_span name = np_span_of(transformers[i]);
        if (np_span_starts(text, name) && text.len > name.len + 1 && text.ptr[name.len] == '(')
            return true;
    }
    return false;
}

/* What is wrong with a value; NULL where nothing is. */
static const char *mistake_of(const struct look *look, enum np_falco_op op, struct np_span text)
{
    struct np_span argument;
    if (op == NP_FALCO_OP_REGEX && is_simple_regex(text))
        return "a simpler operator would do (startswith, contains, endswith)";
    if (np_falco_field_find(look->rule->source, text, &argument) != NULL)
        return "this is the name of a field, but only a text here; val() around it makes it its "
               "value";
    return is_call(text) ? "this reads as a transformer, but is only a text here" : NULL;
}

static void look_at_value(struct look *look, enum np_falco_op op, const struct np_falco_term *value)
{
    struct np_span text = np_span_trim(value->text);
    const char *mistake =
        value->kind == NP_FALCO_TEXT && look->told < TELL_MAX ? mistake_of(look, op, text) : NULL;
    if (mistake == NULL)
        return;
    look->told++;
    np_falco_warn(look->teller, problem_of(look, "LOAD_COMPILE_CONDITION", text), "'%.*s': %s",
                  NP_SPAN_ARGS(text), mistake);
    if (look->told == TELL_MAX)
        np_falco_warn(look->teller, problem_of(look, "LOAD_COMPILE_CONDITION", (struct np_span){}),
                      "further warnings about values of this rule are left out");
}

/* ---- checks */

static bool is_equality(enum np_falco_op op)
{
    return op == NP_FALCO_OP_EQUAL || op == NP_FALCO_OP_NOT_EQUAL || op == NP_FALCO_OP_IN ||
           op == NP_FALCO_OP_INTERSECTS || op == NP_FALCO_OP_PMATCH;
}

static void look_for_missing(struct look *look, const struct np_falco_node *check,
                             const struct np_falco_term *value)
{
    if (look->told_unsafe || !is_equality(check->op) || value->kind != NP_FALCO_TEXT ||
        !np_span_is(value->text, "<NA>") ||
        (!np_span_starts(check->left.text, NP_SPAN("ka.")) &&
         !np_span_starts(check->left.text, NP_SPAN("jevt."))))
        return;
    struct np_falco_problem unsafe = problem_of(look, "LOAD_UNSAFE_NA_CHECK", check->left.text);
    unsafe.hint = "use 'exists'";
    look->told_unsafe = true;
    np_falco_warn(look->teller, unsafe,
                  "a comparison with '<NA>' does not say that a field is "
                  "missing");
}

static void look_for_deprecated(struct look *look, const struct np_falco_node *check)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(deprecated_fields); i++) {
        if (look->told_deprecated[i] || !np_span_is(check->left.text, deprecated_fields[i]))
            continue;
        look->told_deprecated[i] = true;
        np_falco_warn(look->teller, problem_of(look, "LOAD_DEPRECATED_ITEM", check->left.text),
                      "field '%s' is deprecated: events have no direction and no latency any more",
                      deprecated_fields[i]);
    }
}

static void look_at_check(struct look *look, const struct np_falco_node *check)
{
    const struct np_falco_term *right = &check->right;
    look_for_deprecated(look, check);
    if (check->op == NP_FALCO_OP_EXISTS)
        return;
    bool list = right->kind == NP_FALCO_LIST;
    for (size_t i = 0; i < (list ? right->count : 1); i++) {
        const struct np_falco_term *value = list ? &right->items[i] : right;
        look_for_missing(look, check, value);
        look_at_value(look, check->op, value);
    }
}

static void look_through(struct look *look, const struct np_falco_node *tree);

/* A macro is looked through once for each rule that uses it. */
static void look_at_macro(struct look *look, const struct np_falco_node *node)
{
    uint32_t index = np_map_get(&look->book->macro_names, node->name);
    struct np_falco_macro *macro = index != NP_MAP_NONE ? &look->book->macros.items[index] : NULL;
    if (macro == NULL || macro->state != NP_FALCO_MACRO_READY || macro->warned_for == look->number)
        return;
    macro->warned_for = look->number;
    look_through(look, macro->tree);
}

/* As deep as conditions and macros may be. */
static void look_through(struct look *look, const struct np_falco_node *tree)
{
    if (tree->kind == NP_FALCO_CHECK)
        look_at_check(look, tree);
    else if (tree->kind == NP_FALCO_MACRO)
        look_at_macro(look, tree);
    for (size_t i = 0; i < tree->count; i++)
        look_through(look, tree->children[i]);
}

void np_falco_warn_of_condition(const struct np_falco_teller *teller, struct np_falco_book *book,
                                const struct np_falco_rule *rule, const struct np_falco_node *tree)
{
    struct look look = {
        .teller = teller,
        .book = book,
        .rule = rule,
        .number = (uint32_t) (rule - book->rules.items) + 1,
    };
    look_through(&look, tree);
}

/* ---- outputs */

void np_falco_warn_of_output(const struct np_falco_teller *teller, const struct np_falco_rule *rule,
                             struct np_span output)
{
    static const char *const words[] = {"evt.dir", "evt.latency", "evt.wait_latency",
                                        "%container.info"};
    const struct np_falco_piece *piece = rule->output.first;
    for (size_t i = 0; i < NP_ARRAY_LEN(words); i++)
        if (memmem(output.ptr, output.len, words[i], strlen(words[i])) != NULL)
            np_falco_warn(
                teller,
                (struct np_falco_problem){.code = "LOAD_DEPRECATED_ITEM",
                                          .node = piece->doc == teller->doc ? piece->node : NULL,
                                          .item = np_span_of(words[i])},
                "'%s' in the output is deprecated and tells nothing", words[i]);
}
