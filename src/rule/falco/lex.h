/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the words of a condition. What a word is depends on what is expected, so the parser asks for one form after the other; each
 * function takes a word of its form from the front, or nothing.
 */
#pragma once

#include "base/arena.h"
#include "rule/falco/ast.h"

struct np_falco_lexer {
    struct np_arena *arena; /* holds the text */
    struct np_span text;
    size_t at;
};

struct np_span np_falco_lex_rest(const struct np_falco_lexer *lexer);

/* Blanks; whether there were any. */
bool np_falco_lex_blank(struct np_falco_lexer *lexer);

/* Exactly `word`, whatever stands behind it. */
bool np_falco_lex_word(struct np_falco_lexer *lexer, const char *word);

/* Letters, then digits and underscores, too. */
bool np_falco_lex_identifier(struct np_falco_lexer *lexer, struct np_span *out_word);

/* Two or more identifiers joined by dots. */
bool np_falco_lex_field(struct np_falco_lexer *lexer, struct np_span *out_word);

/* The name of a transformer with its opening parenthesis, which is left out of the word. */
bool np_falco_lex_transformer(struct np_falco_lexer *lexer, struct np_span *out_word);

/* A decimal or hexadecimal number. */
bool np_falco_lex_number(struct np_falco_lexer *lexer, struct np_span *out_word);

/* A value without quotes; an argument in brackets without quotes. */
bool np_falco_lex_bare(struct np_falco_lexer *lexer, struct np_span *out_word);
bool np_falco_lex_bare_argument(struct np_falco_lexer *lexer, struct np_span *out_word);

/*
 * A text in quotes, without them and its escapes. 1 = there was one, 0 = there is none, -EINVAL = a bad escape, at which the lexer
 * then stands, -ENOMEM.
 */
NP_NODISCARD int np_falco_lex_quoted(struct np_falco_lexer *lexer, struct np_span *out_word);

/* An operator. */
bool np_falco_lex_op(struct np_falco_lexer *lexer, enum np_falco_op *out_op);

/* A modifier, where a list follows; else the word is a value. */
bool np_falco_lex_modifier(struct np_falco_lexer *lexer, enum np_falco_modifier *out_modifier);
