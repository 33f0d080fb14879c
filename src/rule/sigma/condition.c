/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive descent, one function a level of the grammar; depth is counted, so that a condition of
 * parentheses only cannot use up the stack. Operands wait in `operands` until their and/or is
 * complete.
 */
#include "rule/sigma/condition.h"

#include <errno.h>

#include "base/suggest.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_PIPE };

struct token {
    enum token_kind kind;
    struct np_span text;
};

struct parser {
    struct np_sigma_section *section;
    const struct np_yaml_node *node;
    struct np_ir *ir;
    struct np_span rest;
    struct token token; /* the next one */
    unsigned depth;
    NP_VEC(np_expr_id) operands;
};

/* ---- tokens */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_sign(char c)
{
    return c == '(' || c == ')' || c == '|';
}

static void advance(struct parser *parser)
{
    struct np_span rest = parser->rest;
    while (rest.len > 0 && is_blank(rest.ptr[0]))
        rest = np_span_from(rest, 1);
    size_t len = 0;
    while (len < rest.len && !is_blank(rest.ptr[len]) && !is_sign(rest.ptr[len]))
        len++;
    enum token_kind kind = TOKEN_WORD;
    if (rest.len == 0)
        kind = TOKEN_END;
    else if (len == 0)
        kind = rest.ptr[0] == '(' ? TOKEN_OPEN : rest.ptr[0] == ')' ? TOKEN_CLOSE : TOKEN_PIPE;
    parser->token = (struct token){kind, np_span_head(rest, kind == TOKEN_WORD ? len : 1)};
    parser->rest = np_span_from(rest, parser->token.text.len);
}

static bool is_keyword(const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && np_span_eq_ascii_fold(token->text, np_span_of(word));
}

/* ---- problems */

static struct np_sigma_problem problem_at(const struct parser *parser, struct np_span at,
                                          const char *code, const char *hint)
{
    return (struct np_sigma_problem){
        .code = code,
        .node = parser->node,
        .offset = (size_t) (at.ptr - parser->node->text.ptr),
        .item = at,
        .hint = hint,
    };
}

/* Refuses the next token where something else was expected. */
static int refuse_token(struct parser *parser, const char *expected, const char *hint)
{
    struct np_sigma_document *document = parser->section->document;
    struct np_span text = parser->token.text;
    if (parser->token.kind == TOKEN_PIPE)
        return np_sigma_refuse(
            document, problem_at(parser, text, "aggregation", "write a correlation document"),
            "aggregations behind '|' are not part of Sigma any more");
    struct np_sigma_problem problem = problem_at(parser, text, "bad-condition", hint);
    if (parser->token.kind == TOKEN_END)
        return np_sigma_refuse(document, problem, "the condition ends where %s is expected",
                               expected);
    return np_sigma_refuse(document, problem, "'%.*s' stands where %s is expected",
                           NP_SPAN_ARGS(text), expected);
}

/* Gives the nearest word of the language or name of a selection; NULL where there is none. */
static int suggest(const struct parser *parser, struct np_span word, const char **out_hint)
{
    static const char *const language[] = {"and", "or", "not"};
    const struct np_sigma_section *section = parser->section;
    size_t count = section->count + NP_ARRAY_LEN(language);
    const char **words = np_arena_alloc(&section->document->set->scratch, count * sizeof(*words));
    if (words == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < section->count; i++)
        words[i] = section->selections[i].key->text.ptr;
    memcpy(words + section->count, language, sizeof(language));
    *out_hint = np_suggest(word, words, count);
    return 0;
}

static int refuse_name(struct parser *parser, struct np_span name)
{
    const char *hint = "put '1 of' or 'all of' in front of a pattern";
    if (memchr(name.ptr, '*', name.len) == NULL) {
        int r = suggest(parser, name, &hint);
        if (r < 0)
            return r;
    }
    return np_sigma_refuse(parser->section->document,
                           problem_at(parser, name, "undefined-selection", hint),
                           "selection '%.*s' is not defined", NP_SPAN_ARGS(name));
}

static bool is_number(struct np_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

static int refuse_quantifier(struct parser *parser, struct np_span word)
{
    return np_sigma_refuse(parser->section->document,
                           problem_at(parser, word, "bad-condition", "1, any or all"),
                           is_number(word) ? "no other number than 1 can stand in front of 'of'"
                                           : "this word cannot stand in front of 'of'");
}

/* Behind a complete condition. */
static int refuse_rest(struct parser *parser)
{
    static const char *const words[] = {"and", "or"};
    const char *hint = np_suggest(parser->token.text, words, NP_ARRAY_LEN(words));
    return refuse_token(parser, "'and', 'or' or the end", hint);
}

/* ---- operands */

static int push(struct parser *parser, np_expr_id expr)
{
    return np_vec_push(&parser->operands, expr, NP_EXPRS_MAX);
}

/* Replaces the operands from `first` on by one expression of them. */
static int join(struct parser *parser, enum np_expr_kind and_or, size_t first)
{
    np_expr_id expr = 0;
    int r = np_ir_join(parser->ir, and_or, parser->operands.items + first,
                       parser->operands.len - first, &expr);
    parser->operands.len = first;
    return r < 0 ? r : push(parser, expr);
}

static int push_selection(struct parser *parser, struct np_sigma_selection *selection)
{
    selection->used = true;
    return push(parser, selection->expr);
}

static int parse_name(struct parser *parser)
{
    struct np_span name = parser->token.text;
    struct np_sigma_section *section = parser->section;
    for (size_t i = 0; i < section->count; i++) {
        if (!np_span_eq(section->selections[i].key->text, name))
            continue;
        advance(parser);
        return push_selection(parser, &section->selections[i]);
    }
    return refuse_name(parser, name);
}

/* Whether `name` matches `pattern`, in which '*' stands for any run of characters. */
static bool matches(struct np_span pattern, struct np_span name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = SIZE_MAX; /* behind the last '*' seen, and where its run ends for now */
    size_t run_end = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = ++p;
            run_end = n;
        } else if (p < pattern.len && pattern.ptr[p] == name.ptr[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star;
            n = ++run_end;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

/*
 * Behind `1 of`, `all of`: `them`, or a pattern of names. A leading underscore keeps a name out of
 * wider patterns.
 */
static int parse_of(struct parser *parser, enum np_expr_kind and_or)
{
    struct np_span pattern = parser->token.text;
    if (parser->token.kind != TOKEN_WORD)
        return refuse_token(parser, "'them' or a pattern of names", NULL);
    if (is_keyword(&parser->token, "them"))
        pattern = NP_SPAN("*");
    size_t first = parser->operands.len;
    for (size_t i = 0; i < parser->section->count; i++) {
        struct np_sigma_selection *selection = &parser->section->selections[i];
        struct np_span name = selection->key->text;
        bool hidden = name.len > 0 && name.ptr[0] == '_' && pattern.ptr[0] != '_';
        if (hidden || !matches(pattern, name))
            continue;
        int r = push_selection(parser, selection);
        if (r < 0)
            return r;
    }
    if (parser->operands.len == first)
        return np_sigma_refuse(parser->section->document,
                               problem_at(parser, parser->token.text, "undefined-selection", NULL),
                               "no selection fits '%.*s'", NP_SPAN_ARGS(parser->token.text));
    advance(parser);
    return join(parser, and_or, first);
}

/* ---- levels of the grammar */

static int parse_or(struct parser *parser);

static int parse_group(struct parser *parser)
{
    struct np_span open = parser->token.text;
    if (parser->depth == NP_SIGMA_MAX_CONDITION_DEPTH)
        return np_sigma_refuse(
            parser->section->document, problem_at(parser, open, "bad-condition", NULL),
            "parentheses are nested deeper than %d", NP_SIGMA_MAX_CONDITION_DEPTH);
    parser->depth++;
    advance(parser);
    int r = parse_or(parser);
    parser->depth--;
    if (r < 0)
        return r;
    if (parser->token.kind != TOKEN_CLOSE)
        return refuse_token(parser, "')'", NULL);
    advance(parser);
    return 0;
}

static int parse_operand(struct parser *parser)
{
    struct token token = parser->token;
    if (token.kind == TOKEN_OPEN)
        return parse_group(parser);
    if (token.kind != TOKEN_WORD || is_keyword(&token, "and") || is_keyword(&token, "or"))
        return refuse_token(parser, "a selection", NULL);
    struct parser ahead = *parser;
    advance(&ahead);
    if (!is_keyword(&ahead.token, "of"))
        return parse_name(parser);
    bool all = is_keyword(&token, "all");
    if (!all && !is_keyword(&token, "1") && !is_keyword(&token, "any"))
        return refuse_quantifier(parser, token.text);
    advance(parser);
    advance(parser);
    return parse_of(parser, all ? NP_EXPR_AND : NP_EXPR_OR);
}

static int parse_not(struct parser *parser)
{
    bool negated = false;
    for (; is_keyword(&parser->token, "not"); advance(parser))
        negated = !negated;
    int r = parse_operand(parser);
    if (r < 0 || !negated)
        return r;
    np_expr_id *expr = &parser->operands.items[parser->operands.len - 1];
    return np_ir_not(parser->ir, *expr, expr);
}

static int parse_and(struct parser *parser)
{
    size_t first = parser->operands.len;
    int r = parse_not(parser);
    while (r == 0 && is_keyword(&parser->token, "and")) {
        advance(parser);
        r = parse_not(parser);
    }
    return r < 0 ? r : join(parser, NP_EXPR_AND, first);
}

static int parse_or(struct parser *parser)
{
    size_t first = parser->operands.len;
    int r = parse_and(parser);
    while (r == 0 && is_keyword(&parser->token, "or")) {
        advance(parser);
        r = parse_and(parser);
    }
    return r < 0 ? r : join(parser, NP_EXPR_OR, first);
}

int np_sigma_condition_compile(struct np_sigma_section *section, const struct np_yaml_node *node,
                               np_expr_id *out_expr)
{
    struct parser parser = {
        .section = section,
        .node = node,
        .ir = &section->document->set->ir,
        .rest = node->text,
    };
    if (node->text.len > NP_SIGMA_MAX_CONDITION_BYTES)
        return np_sigma_refuse(
            section->document, (struct np_sigma_problem){.code = "bad-condition", .node = node},
            "the condition is longer than %d bytes", NP_SIGMA_MAX_CONDITION_BYTES);
    advance(&parser);
    int r = parse_or(&parser);
    if (r == 0 && parser.token.kind != TOKEN_END)
        r = refuse_rest(&parser);
    if (r == 0)
        *out_expr = parser.operands.items[0];
    np_vec_done(&parser.operands);
    return r;
}
