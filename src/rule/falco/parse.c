/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive descent, one function a level of the grammar; depth is counted, so that a condition of parentheses only cannot use up
 * the stack. Nodes and terms whose parent is not complete wait on stacks.
 */
#include "rule/falco/parse.h"

#include "base/vec.h"
#include "rule/falco/lex.h"

enum { ITEMS_MAX = 1 << 24 };

struct parser {
    struct np_falco_lexer lexer;
    struct np_arena *arena;
    struct np_falco_fault *fault;
    unsigned depth;
    NP_VEC(struct np_falco_node *) nodes;
    NP_VEC(struct np_falco_term) terms;
};

/* ---- problems */

static int refuse_as(struct parser *parser, enum np_falco_fault_kind kind, const char *message)
{
    *parser->fault = (struct np_falco_fault){.kind = kind, .offset = parser->lexer.at};
    return np_fail(&parser->fault->err, -EINVAL, "%s", message);
}

/* What stands at the lexer's place is not what belongs there. */
static int refuse(struct parser *parser, const char *expected)
{
    enum { SHOWN_BYTES = 24 };
    struct np_span rest = np_falco_lex_rest(&parser->lexer);
    *parser->fault = (struct np_falco_fault){.offset = parser->lexer.at};
    struct np_err *err = &parser->fault->err;
    if (rest.len == 0)
        return np_fail(err, -EINVAL, "the condition ends where %s is expected", expected);
    struct np_span shown = np_span_head(rest, SHOWN_BYTES);
    const char *more = rest.len > shown.len ? "..." : "";
    return np_fail(err, -EINVAL, "'%.*s%s' stands where %s is expected", NP_SPAN_ARGS(shown), more,
                   expected);
}

static int enter(struct parser *parser)
{
    if (parser->depth == NP_FALCO_MAX_DEPTH)
        return refuse_as(parser, NP_FALCO_FAULT_SIZE, "parentheses and calls are nested too deep");
    parser->depth++;
    return 0;
}

/* ---- terms: fields, calls, values */

/* Makes the terms from `first` on the items of `term`. */
static int take_items(struct parser *parser, size_t first, struct np_falco_term *term)
{
    term->count = parser->terms.len - first;
    struct np_falco_term *items = np_arena_alloc(parser->arena, term->count * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    if (term->count > 0)
        memcpy(items, parser->terms.items + first, term->count * sizeof(*items));
    term->items = items;
    parser->terms.len = first;
    return 0;
}

static int push_term(struct parser *parser, const struct np_falco_term *term)
{
    return np_vec_push(&parser->terms, *term, ITEMS_MAX);
}

/* A text in quotes: 1 = there was one, 0, -EINVAL or -ENOMEM. */
static int parse_quoted(struct parser *parser, struct np_span *out_text)
{
    int r = np_falco_lex_quoted(&parser->lexer, out_text);
    return r == -EINVAL
               ? refuse_as(parser, NP_FALCO_FAULT_SYNTAX, "there is no such escape in a text")
               : r;
}

/* The argument in brackets, if any, behind the name of a field. */
static int parse_argument(struct parser *parser, struct np_falco_term *field)
{
    struct np_span argument;
    if (!np_falco_lex_word(&parser->lexer, "["))
        return 0;
    int r = parse_quoted(parser, &argument);
    if (r == 0 && !np_falco_lex_bare_argument(&parser->lexer, &argument))
        return refuse(parser, "the field's argument, a text with or without quotes,");
    if (r < 0)
        return r;
    if (!np_falco_lex_word(&parser->lexer, "]"))
        return refuse(parser, "']'");
    size_t len = field->text.len + argument.len + 2;
    char *name = np_arena_alloc(parser->arena, len);
    if (name == NULL)
        return -ENOMEM;
    memcpy(name, field->text.ptr, field->text.len);
    name[field->text.len] = '[';
    if (argument.len > 0)
        memcpy(name + field->text.len + 1, argument.ptr, argument.len);
    name[len - 1] = ']';
    field->text = np_span_make(name, len);
    return 0;
}

static int parse_operand(struct parser *parser, struct np_falco_term *out_term);

/* A value that a transformer is given beside fields; 1 = there was one, 0 = there is none. */
static int parse_constant(struct parser *parser, struct np_falco_term *out_term)
{
    *out_term = (struct np_falco_term){.kind = NP_FALCO_TEXT, .offset = parser->lexer.at};
    if (np_falco_lex_number(&parser->lexer, &out_term->text))
        return 1;
    return parse_quoted(parser, &out_term->text);
}

static int parse_call_item(struct parser *parser)
{
    struct np_falco_term item;
    np_falco_lex_blank(&parser->lexer);
    int r = parse_constant(parser, &item);
    if (r == 0)
        r = parse_operand(parser, &item);
    if (r == 0)
        return refuse(parser, "a field, a transformer, a text in quotes or a number");
    return r < 0 ? r : push_term(parser, &item);
}

/* Items up to the closing parenthesis; the opening one is behind us. */
static int parse_items(struct parser *parser, int (*parse_item)(struct parser *parser),
                       struct np_falco_term *term)
{
    size_t first = parser->terms.len;
    np_falco_lex_blank(&parser->lexer);
    if (np_falco_lex_word(&parser->lexer, ")"))
        return take_items(parser, first, term);
    do {
        int r = parse_item(parser);
        if (r < 0)
            return r;
        np_falco_lex_blank(&parser->lexer);
    } while (np_falco_lex_word(&parser->lexer, ","));
    if (!np_falco_lex_word(&parser->lexer, ")"))
        return refuse(parser, "',' or ')'");
    return take_items(parser, first, term);
}

/* An argument of a transformer: what parse_call_item() takes, or a list of that. */
static int parse_call_argument(struct parser *parser)
{
    np_falco_lex_blank(&parser->lexer);
    struct np_falco_term list = {.kind = NP_FALCO_LIST, .offset = parser->lexer.at};
    if (!np_falco_lex_word(&parser->lexer, "("))
        return parse_call_item(parser);
    int r = parse_items(parser, parse_call_item, &list);
    return r < 0 ? r : push_term(parser, &list);
}

/* A number in brackets behind a call. */
static int parse_index(struct parser *parser, struct np_falco_term *call)
{
    struct np_span digits;
    if (!np_falco_lex_word(&parser->lexer, "["))
        return 0;
    if (!np_falco_lex_bare_argument(&parser->lexer, &digits))
        return refuse(parser, "a number");
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = (unsigned char) digits.ptr[i] - (unsigned) '0';
        if (digit > 9 || call->index > (UINT32_MAX - digit) / 10)
            return refuse_as(parser, NP_FALCO_FAULT_SYNTAX,
                             "the index in front of this is no number");
        call->index = call->index * 10 + digit;
    }
    call->has_index = true;
    return np_falco_lex_word(&parser->lexer, "]") ? 0 : refuse(parser, "']'");
}

/* A call: 1 = there was one, 0 = there is none, -EINVAL or -ENOMEM. */
static int parse_call(struct parser *parser, struct np_falco_term *out_term)
{
    *out_term = (struct np_falco_term){.kind = NP_FALCO_CALL, .offset = parser->lexer.at};
    if (!np_falco_lex_transformer(&parser->lexer, &out_term->text))
        return 0;
    int r = enter(parser);
    if (r == 0)
        r = parse_items(parser, parse_call_argument, out_term);
    if (r == 0)
        r = parse_index(parser, out_term);
    parser->depth--;
    return r < 0 ? r : 1;
}

/* A field or a call; the same. */
static int parse_operand(struct parser *parser, struct np_falco_term *out_term)
{
    *out_term = (struct np_falco_term){.kind = NP_FALCO_FIELD, .offset = parser->lexer.at};
    if (!np_falco_lex_field(&parser->lexer, &out_term->text))
        return parse_call(parser, out_term);
    int r = parse_argument(parser, out_term);
    return r < 0 ? r : 1;
}

/* On the right of an operator, val(field) or a call: 1 = there was one, 0, -EINVAL or -ENOMEM. */
static int parse_computed(struct parser *parser, struct np_falco_term *out_term)
{
    if (!np_falco_lex_word(&parser->lexer, "val("))
        return parse_call(parser, out_term);
    np_falco_lex_blank(&parser->lexer);
    *out_term = (struct np_falco_term){.offset = parser->lexer.at};
    if (!np_falco_lex_field(&parser->lexer, &out_term->text))
        return refuse(parser, "a field within val()");
    int r = parse_argument(parser, out_term);
    if (r < 0)
        return r;
    np_falco_lex_blank(&parser->lexer);
    return np_falco_lex_word(&parser->lexer, ")") ? 1 : refuse(parser, "')'");
}

/* A text with or without quotes: 1, 0, -EINVAL or -ENOMEM. */
static int parse_text(struct parser *parser, struct np_falco_term *out_term)
{
    *out_term = (struct np_falco_term){.kind = NP_FALCO_TEXT, .offset = parser->lexer.at};
    int r = parse_quoted(parser, &out_term->text);
    return r == 0 && np_falco_lex_bare(&parser->lexer, &out_term->text) ? 1 : r;
}

static int parse_list_item(struct parser *parser)
{
    struct np_falco_term item;
    np_falco_lex_blank(&parser->lexer);
    int r = parse_text(parser, &item);
    if (r == 0)
        return refuse(parser, "a text, with or without quotes,");
    return r < 0 ? r : push_term(parser, &item);
}

/* ---- checks */

static int parse_list(struct parser *parser, struct np_falco_term *out_term)
{
    *out_term = (struct np_falco_term){.kind = NP_FALCO_LIST, .offset = parser->lexer.at};
    if (np_falco_lex_word(&parser->lexer, "("))
        return parse_items(parser, parse_list_item, out_term);
    int r = parse_computed(parser, out_term);
    if (r != 0)
        return r < 0 ? r : 0;
    /* A word alone is a list of itself. */
    struct np_falco_term word = {.kind = NP_FALCO_TEXT, .offset = parser->lexer.at};
    *out_term = (struct np_falco_term){.kind = NP_FALCO_LIST, .offset = parser->lexer.at};
    if (!np_falco_lex_identifier(&parser->lexer, &word.text))
        return refuse(parser, "a list, a transformer or val()");
    size_t first = parser->terms.len;
    r = push_term(parser, &word);
    return r < 0 ? r : take_items(parser, first, out_term);
}

static bool is_order(enum np_falco_op op)
{
    return op >= NP_FALCO_OP_LESS && op <= NP_FALCO_OP_GREATER_EQUAL;
}

static int parse_number(struct parser *parser, struct np_falco_term *out_term)
{
    *out_term = (struct np_falco_term){.kind = NP_FALCO_TEXT, .offset = parser->lexer.at};
    return np_falco_lex_number(&parser->lexer, &out_term->text) ? 1 : 0;
}

static int parse_right(struct parser *parser, struct np_falco_node *check)
{
    np_falco_lex_blank(&parser->lexer);
    if (np_falco_op_takes_list(check->op) ||
        (np_falco_op_is_modifiable(check->op) &&
         np_falco_lex_modifier(&parser->lexer, &check->modifier)))
        return parse_list(parser, &check->right);
    int r = parse_computed(parser, &check->right);
    if (r == 0)
        r = is_order(check->op) ? parse_number(parser, &check->right)
                                : parse_text(parser, &check->right);
    if (r == 0)
        return refuse(parser, is_order(check->op) ? "a number, a transformer or val()"
                                                  : "a text, a transformer or val()");
    return r < 0 ? r : 0;
}

static struct np_falco_node *new_node(struct parser *parser, enum np_falco_node_kind kind)
{
    struct np_falco_node *node = np_arena_zalloc(parser->arena, sizeof(*node));
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->offset = parser->lexer.at;
    return node;
}

static int push_node(struct parser *parser, struct np_falco_node *node)
{
    return np_vec_push(&parser->nodes, node, ITEMS_MAX);
}

static int parse_check(struct parser *parser)
{
    struct np_falco_node *node = new_node(parser, NP_FALCO_CHECK);
    if (node == NULL)
        return -ENOMEM;
    int r = parse_operand(parser, &node->left);
    if (r < 0)
        return r;
    if (r == 0) {
        node->kind = NP_FALCO_MACRO;
        if (!np_falco_lex_identifier(&parser->lexer, &node->name))
            return refuse(parser, "a check of a field, the name of a macro or '('");
        return push_node(parser, node);
    }
    np_falco_lex_blank(&parser->lexer);
    if (!np_falco_lex_op(&parser->lexer, &node->op))
        return refuse(parser, "an operator");
    r = node->op == NP_FALCO_OP_EXISTS ? 0 : parse_right(parser, node);
    return r < 0 ? r : push_node(parser, node);
}

/* ---- levels of the grammar */

static int parse_or(struct parser *parser);

/* Behind an opening parenthesis. */
static int parse_group(struct parser *parser)
{
    int r = enter(parser);
    if (r == 0)
        r = parse_or(parser);
    parser->depth--;
    if (r < 0)
        return r;
    np_falco_lex_blank(&parser->lexer);
    return np_falco_lex_word(&parser->lexer, ")") ? 0 : refuse(parser, "'and', 'or' or ')'");
}

/* "not" with a blank behind it, or with a parenthesis, which stays. */
static bool lex_not(struct parser *parser)
{
    size_t before = parser->lexer.at;
    if (!np_falco_lex_word(&parser->lexer, "not"))
        return false;
    if (np_falco_lex_blank(&parser->lexer) ||
        np_span_starts(np_falco_lex_rest(&parser->lexer), NP_SPAN("(")))
        return true;
    parser->lexer.at = before;
    return false;
}

static int negate(struct parser *parser, size_t offset)
{
    struct np_falco_node *node = new_node(parser, NP_FALCO_NOT);
    struct np_falco_node **children = np_arena_alloc(parser->arena, sizeof(*children));
    if (node == NULL || children == NULL)
        return -ENOMEM;
    struct np_falco_node **top = &parser->nodes.items[parser->nodes.len - 1];
    children[0] = *top;
    node->offset = offset;
    node->children = children;
    node->count = 1;
    *top = node;
    return 0;
}

static int parse_not(struct parser *parser)
{
    bool negated = false;
    np_falco_lex_blank(&parser->lexer);
    size_t offset = parser->lexer.at;
    while (lex_not(parser))
        negated = !negated;
    int r = np_falco_lex_word(&parser->lexer, "(") ? parse_group(parser) : parse_check(parser);
    return r == 0 && negated ? negate(parser, offset) : r;
}

/* Replaces the nodes from `first` on, if there are several, by one of them. */
static int join(struct parser *parser, enum np_falco_node_kind kind, size_t first)
{
    size_t count = parser->nodes.len - first;
    if (count == 1)
        return 0;
    struct np_falco_node *node = new_node(parser, kind);
    struct np_falco_node **children = np_arena_alloc(parser->arena, count * sizeof(*children));
    if (node == NULL || children == NULL)
        return -ENOMEM;
    memcpy(children, parser->nodes.items + first, count * sizeof(*children));
    node->offset = children[0]->offset;
    node->children = children;
    node->count = count;
    parser->nodes.len = first;
    return push_node(parser, node);
}

/* "and" or "or" with a blank or a parenthesis behind it: 1 = there was one, 0, -EINVAL. */
static int lex_joint(struct parser *parser, const char *word)
{
    np_falco_lex_blank(&parser->lexer);
    if (!np_falco_lex_word(&parser->lexer, word))
        return 0;
    if (np_falco_lex_blank(&parser->lexer) ||
        np_span_starts(np_falco_lex_rest(&parser->lexer), NP_SPAN("(")))
        return 1;
    return refuse(parser, "a blank or '('");
}

static int parse_and(struct parser *parser)
{
    size_t first = parser->nodes.len;
    int r = 0;
    do {
        r = parse_not(parser);
        if (r == 0)
            r = lex_joint(parser, "and");
    } while (r == 1);
    return r < 0 ? r : join(parser, NP_FALCO_AND, first);
}

static int parse_or(struct parser *parser)
{
    size_t first = parser->nodes.len;
    int r = 0;
    do {
        r = parse_and(parser);
        if (r == 0)
            r = lex_joint(parser, "or");
    } while (r == 1);
    return r < 0 ? r : join(parser, NP_FALCO_OR, first);
}

static int parse_all(struct parser *parser)
{
    int r = parse_or(parser);
    if (r < 0)
        return r;
    np_falco_lex_blank(&parser->lexer);
    bool is_end = parser->lexer.at == parser->lexer.text.len;
    return is_end ? 0 : refuse(parser, "'and', 'or' or the end");
}

/* ---- the outside */

/* Begins with a copy of `text`. */
static int begin(struct parser *parser, struct np_arena *arena, struct np_span text,
                 struct np_falco_fault *fault)
{
    *parser =
        (struct parser){.lexer = {.arena = arena, .text = text}, .arena = arena, .fault = fault};
    if (text.len > NP_FALCO_CONDITION_MAX_BYTES)
        return refuse_as(parser, NP_FALCO_FAULT_SIZE, "the condition is too long");
    return np_arena_keep(arena, &parser->lexer.text);
}

static void end(struct parser *parser)
{
    np_vec_done(&parser->nodes);
    np_vec_done(&parser->terms);
}

/* -E2BIG comes from a stack that is full. */
static int give_up(struct parser *parser, int r)
{
    return r == -E2BIG ? refuse_as(parser, NP_FALCO_FAULT_SIZE, "the condition has too many parts")
                       : r;
}

int np_falco_parse(struct np_arena *arena, struct np_span text, struct np_falco_node **out_tree,
                   struct np_falco_fault *out_fault)
{
    struct parser parser;
    int r = begin(&parser, arena, text, out_fault);
    if (r == 0)
        r = parse_all(&parser);
    if (r == 0)
        *out_tree = parser.nodes.items[0];
    else
        r = give_up(&parser, r);
    end(&parser);
    return r;
}

int np_falco_parse_term(struct np_arena *arena, struct np_span text, struct np_falco_term *out_term,
                        size_t *out_used, struct np_falco_fault *out_fault)
{
    struct parser parser;
    struct np_falco_term term = {};
    int r = begin(&parser, arena, text, out_fault);
    if (r == 0) {
        r = parse_operand(&parser, &term);
        r = r == 0 ? refuse(&parser, "a field or a transformer") : r;
    }
    if (r > 0) {
        *out_term = term;
        *out_used = parser.lexer.at;
        r = 0;
    } else {
        r = give_up(&parser, r);
    }
    end(&parser);
    return r;
}

int np_falco_resolve(struct np_falco_node *tree, np_falco_macro_fn *find, void *context,
                     struct np_falco_fault *out_fault)
{
    if (tree->kind == NP_FALCO_MACRO) {
        tree->definition = find(context, tree->name);
        if (tree->definition != NULL)
            return 0;
        *out_fault = (struct np_falco_fault){.kind = NP_FALCO_FAULT_MACRO, .offset = tree->offset};
        return np_fail(&out_fault->err, -EINVAL, "the macro '%.*s' is not defined",
                       NP_SPAN_ARGS(tree->name));
    }
    /* As deep as the parser let it become. */
    for (size_t i = 0; i < tree->count; i++) {
        int r = np_falco_resolve(tree->children[i], find, context, out_fault);
        if (r < 0)
            return r;
    }
    return 0;
}
