/* SPDX-License-Identifier: Apache-2.0 */
/* See lex.h. The forms are those of libsinsp's filter grammar. */
#include "rule/falco/lex.h"

#include "rule/falco/parse.h"

struct np_span np_falco_lex_rest(const struct np_falco_lexer *lexer)
{
    return np_span_from(lexer->text, lexer->at);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Takes `len` bytes. */
static struct np_span take(struct np_falco_lexer *lexer, size_t len)
{
    struct np_span word = np_span_head(np_falco_lex_rest(lexer), len);
    lexer->at += word.len;
    return word;
}

bool np_falco_lex_blank(struct np_falco_lexer *lexer)
{
    size_t before = lexer->at;
    while (lexer->at < lexer->text.len &&
           (is_space(lexer->text.ptr[lexer->at]) || lexer->text.ptr[lexer->at] == '\b'))
        lexer->at++;
    return lexer->at > before;
}

bool np_falco_lex_word(struct np_falco_lexer *lexer, const char *word)
{
    if (!np_span_starts(np_falco_lex_rest(lexer), np_span_of(word)))
        return false;
    lexer->at += strlen(word);
    return true;
}

static size_t identifier_len(struct np_span text)
{
    size_t len = 0;
    if (text.len == 0 || !is_letter(text.ptr[0]))
        return 0;
    while (len < text.len &&
           (is_letter(text.ptr[len]) || is_digit(text.ptr[len]) || text.ptr[len] == '_'))
        len++;
    return len;
}

bool np_falco_lex_identifier(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    size_t len = identifier_len(np_falco_lex_rest(lexer));
    *out_word = take(lexer, len);
    return len > 0;
}

bool np_falco_lex_field(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    struct np_span rest = np_falco_lex_rest(lexer);
    size_t len = identifier_len(rest);
    size_t parts = len > 0 ? 1 : 0;
    while (parts > 0 && len < rest.len && rest.ptr[len] == '.') {
        size_t more = identifier_len(np_span_from(rest, len + 1));
        if (more == 0)
            break;
        len += 1 + more;
        parts++;
    }
    if (parts < 2)
        return false;
    *out_word = take(lexer, len);
    return true;
}

bool np_falco_lex_transformer(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    static const char *const names[] = {"tolower(", "toupper(", "b64(",    "basename(",
                                        "len(",     "join(",    "concat(", "getopt("};
    size_t before = lexer->at;
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++) {
        if (!np_falco_lex_word(lexer, names[i]))
            continue;
        *out_word = np_span_make(lexer->text.ptr + before, lexer->at - before - 1);
        return true;
    }
    return false;
}

static size_t run_of(struct np_span text, size_t from, bool (*belongs)(char c))
{
    size_t len = from;
    while (len < text.len && belongs(text.ptr[len]))
        len++;
    return len - from;
}

static size_t hex_len(struct np_span text)
{
    if (!np_span_starts(text, NP_SPAN("0x")) && !np_span_starts(text, NP_SPAN("0X")))
        return 0;
    size_t digits = run_of(text, 2, is_hex_digit);
    return digits > 0 ? 2 + digits : 0;
}

/* Like e+3, at `from`; 0 where there is none. */
static size_t exponent_len(struct np_span text, size_t from)
{
    struct np_span rest = np_span_from(text, from);
    if (rest.len < 2 || (rest.ptr[0] != 'e' && rest.ptr[0] != 'E') ||
        (rest.ptr[1] != '+' && rest.ptr[1] != '-'))
        return 0;
    size_t digits = run_of(rest, 2, is_digit);
    return digits > 0 ? 2 + digits : 0;
}

/* Like 0x1f, 5, -5, 5.5, 5e+3; 0 where there is none. */
static size_t number_len(struct np_span text)
{
    size_t len = hex_len(text);
    if (len > 0)
        return len;
    len = text.len > 0 && (text.ptr[0] == '+' || text.ptr[0] == '-') ? 1 : 0;
    size_t digits = run_of(text, len, is_digit);
    if (digits == 0)
        return 0;
    len += digits;
    if (len < text.len && text.ptr[len] == '.')
        len += 1 + run_of(text, len + 1, is_digit);
    return len + exponent_len(text, len);
}

bool np_falco_lex_number(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    size_t len = number_len(np_falco_lex_rest(lexer));
    *out_word = take(lexer, len);
    return len > 0;
}

static bool is_bare(char c)
{
    return !is_space(c) && strchr("()\"'=,", c) == NULL;
}

static bool is_bare_argument(char c)
{
    return !is_space(c) && strchr("[]\"'", c) == NULL;
}

bool np_falco_lex_bare(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    *out_word = take(lexer, run_of(np_falco_lex_rest(lexer), 0, is_bare));
    return out_word->len > 0;
}

bool np_falco_lex_bare_argument(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    *out_word = take(lexer, run_of(np_falco_lex_rest(lexer), 0, is_bare_argument));
    return out_word->len > 0;
}

/* ---- texts in quotes */

static unsigned char hex_value(char c)
{
    return (unsigned char) (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

/*
 * Writes what the escape at the head of `text` means, behind its backslash, to `*out_byte`; how many bytes of `text` it has, 0
 * where there is no such escape.
 */
static size_t unescape_one(struct np_span text, char quote, char *out_byte)
{
    static const char letters[] = "bfnrt";
    static const char meanings[] = "\b\f\n\r\t";
    if (text.len == 0)
        return 0;
    char c = text.ptr[0];
    const char *letter = c != '\0' ? strchr(letters, c) : NULL;
    if (letter != NULL)
        *out_byte = meanings[letter - letters];
    else if (c == '/' || c == '\\' || c == quote)
        *out_byte = c;
    else if (c == ' ') /* old rules write it, and mean the backslash */
        *out_byte = '\\';
    else if (c == 'x' && text.len >= 3 && is_hex_digit(text.ptr[1]) && is_hex_digit(text.ptr[2]))
        *out_byte = (char) (hex_value(text.ptr[1]) << 4 | hex_value(text.ptr[2]));
    else
        return 0;
    return c == 'x' ? 3 : 1;
}

/* The same of all of `text`; -EINVAL with the lexer at the backslash of a bad one. */
static int unescape(struct np_falco_lexer *lexer, struct np_span text, char quote,
                    struct np_span *out_word)
{
    char *bytes = np_arena_strdup(lexer->arena, text);
    if (bytes == NULL)
        return -ENOMEM;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++, len++) {
        if (text.ptr[i] != '\\') {
            bytes[len] = text.ptr[i];
            continue;
        }
        size_t used = unescape_one(np_span_from(text, i + 1), quote, &bytes[len]);
        if (used == 0) {
            lexer->at = (size_t) (text.ptr - lexer->text.ptr) + i;
            return -EINVAL;
        }
        i += used;
    }
    *out_word = np_span_make(bytes, len);
    return 1;
}

/* How far it is to the quote that closes `text`; SIZE_MAX where there is none. */
static size_t find_close(struct np_span text, char quote)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == quote)
            return i;
        if (text.ptr[i] == '\\')
            i++;
    }
    return SIZE_MAX;
}

int np_falco_lex_quoted(struct np_falco_lexer *lexer, struct np_span *out_word)
{
    struct np_span rest = np_falco_lex_rest(lexer);
    if (rest.len == 0 || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
        return 0;
    struct np_span inner = np_span_from(rest, 1);
    size_t len = find_close(inner, rest.ptr[0]);
    if (len == SIZE_MAX)
        return 0;
    inner = np_span_head(inner, len);
    if (memchr(inner.ptr, '\\', inner.len) == NULL)
        *out_word = inner;
    else {
        int r = unescape(lexer, inner, rest.ptr[0], out_word);
        if (r < 0)
            return r;
    }
    lexer->at += len + 2;
    return 1;
}

/* ---- operators */

struct op_word {
    const char *word;
    enum np_falco_op op;
    bool needs_blank; /* behind it */
};

/* In the order in which they are tried: none stands behind one that it begins with. */
static const struct op_word op_words[] = {
    {"exists", NP_FALCO_OP_EXISTS, false},
    {"<=", NP_FALCO_OP_LESS_EQUAL, false},
    {"<", NP_FALCO_OP_LESS, false},
    {">=", NP_FALCO_OP_GREATER_EQUAL, false},
    {">", NP_FALCO_OP_GREATER, false},
    {"==", NP_FALCO_OP_EQUAL, false},
    {"=", NP_FALCO_OP_EQUAL, false},
    {"!=", NP_FALCO_OP_NOT_EQUAL, false},
    {"glob", NP_FALCO_OP_GLOB, true},
    {"iglob", NP_FALCO_OP_IGLOB, true},
    {"contains", NP_FALCO_OP_CONTAINS, true},
    {"icontains", NP_FALCO_OP_ICONTAINS, true},
    {"bcontains", NP_FALCO_OP_BCONTAINS, true},
    {"startswith", NP_FALCO_OP_STARTSWITH, true},
    {"bstartswith", NP_FALCO_OP_BSTARTSWITH, true},
    {"endswith", NP_FALCO_OP_ENDSWITH, true},
    {"regex", NP_FALCO_OP_REGEX, true},
    {"intersects", NP_FALCO_OP_INTERSECTS, false},
    {"in", NP_FALCO_OP_IN, false},
    {"pmatch", NP_FALCO_OP_PMATCH, false},
};

bool np_falco_lex_op(struct np_falco_lexer *lexer, enum np_falco_op *out_op)
{
    size_t before = lexer->at;
    for (size_t i = 0; i < NP_ARRAY_LEN(op_words); i++) {
        if (!np_falco_lex_word(lexer, op_words[i].word))
            continue;
        if (!op_words[i].needs_blank || np_falco_lex_blank(lexer)) {
            *out_op = op_words[i].op;
            return true;
        }
        lexer->at = before;
    }
    return false;
}

bool np_falco_lex_modifier(struct np_falco_lexer *lexer, enum np_falco_modifier *out_modifier)
{
    static const struct {
        const char *word;
        enum np_falco_modifier modifier;
    } words[] = {{"oneof", NP_FALCO_ONEOF}, {"anyof", NP_FALCO_ANYOF}, {"allof", NP_FALCO_ALLOF}};
    size_t before = lexer->at;
    for (size_t i = 0; i < NP_ARRAY_LEN(words); i++) {
        if (!np_falco_lex_word(lexer, words[i].word))
            continue;
        (void) np_falco_lex_blank(lexer);
        if (np_span_starts(np_falco_lex_rest(lexer), NP_SPAN("("))) {
            *out_modifier = words[i].modifier;
            return true;
        }
        lexer->at = before;
    }
    return false;
}

const char *np_falco_op_name(enum np_falco_op op)
{
    if (op == NP_FALCO_OP_EQUAL)
        return "=";
    for (size_t i = 0; i < NP_ARRAY_LEN(op_words); i++)
        if (op_words[i].op == op)
            return op_words[i].word;
    return "?";
}

enum np_falco_op np_falco_op_of(struct np_span text)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(op_words); i++)
        if (np_span_is(text, op_words[i].word))
            return op_words[i].op;
    return NP_FALCO_OP_MAX;
}

bool np_falco_op_is_modifiable(enum np_falco_op op)
{
    return op == NP_FALCO_OP_EQUAL || op == NP_FALCO_OP_NOT_EQUAL ||
           (op >= NP_FALCO_OP_CONTAINS && op <= NP_FALCO_OP_REGEX);
}

bool np_falco_op_takes_list(enum np_falco_op op)
{
    return op == NP_FALCO_OP_IN || op == NP_FALCO_OP_INTERSECTS || op == NP_FALCO_OP_PMATCH;
}
