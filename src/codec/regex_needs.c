/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of the part of PCRE2's syntax that patterns are mostly written in; see pcre2pattern(3).
 * Of a sequence the best of its literals will do, of alternatives each gives its own.
 *
 * Literals are ASCII only. In a folded text they stand whatever the options were: the two other
 * characters that PCRE2 takes for ASCII letters where case is ignored, U+017F and U+212A, fold to
 * "s" and "k". Nothing then depends on the versions of Unicode that the libraries know.
 */
#include "codec/regex_needs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/fold.h"
#include "codec/literals.h"

enum { DEPTH_MAX = 32 };

/* A literal: a run of bytes in the reader's text. */
struct piece {
    size_t first;
    size_t len;
};

/* Literals of which one is needed; none: nothing is known. */
struct needs {
    struct piece pieces[NP_REGEX_NEEDS_MAX];
    size_t count;
};

struct reader {
    struct np_span rest; /* of the pattern */
    char *text;          /* the literals' bytes: no more than the pattern has */
    size_t text_len;
    unsigned depth; /* of groups */
    bool is_lost;   /* something was not understood */
};

enum atom_kind {
    ATOM_BYTE,
    ATOM_UNKNOWN, /* takes some text, perhaps none */
    ATOM_EMPTY,   /* takes no text: what stands before and behind it stand together */
    ATOM_GROUP
};

struct atom {
    enum atom_kind kind;
    char byte;
    struct needs needs; /* of a group */
};

/* The sequence that is read, up to the next "|" or the end of its group. */
struct branch {
    struct piece run; /* the bytes just read, at the end of the reader's text */
    struct needs best;
};

static size_t shortest(const struct needs *needs)
{
    size_t len = SIZE_MAX;
    for (size_t i = 0; i < needs->count; i++)
        len = NP_MIN(len, needs->pieces[i].len);
    return needs->count > 0 ? len : 0;
}

static void consider(struct needs *best, const struct needs *needs)
{
    size_t old = shortest(best);
    size_t new = shortest(needs);
    if (new > old || (new == old && needs->count < best->count))
        *best = *needs;
}

static void end_run(struct branch *branch)
{
    if (branch->run.len >= NP_LITERALS_MIN_BYTES) {
        struct needs run = {.pieces = {branch->run}, .count = 1};
        consider(&branch->best, &run);
    }
    branch->run.len = 0;
}

static void add_byte(struct reader *reader, struct branch *branch, char byte)
{
    if (branch->run.len == 0)
        branch->run.first = reader->text_len;
    reader->text[reader->text_len++] = np_fold_byte(byte);
    branch->run.len++;
}

/* The next byte of the pattern, which stays there; NUL at the end. */
static char peek(const struct reader *reader)
{
    return reader->rest.len > 0 ? reader->rest.ptr[0] : '\0';
}

static void skip(struct reader *reader, size_t len)
{
    reader->rest = np_span_from(reader->rest, len);
}

/* Takes one byte; at the end of the pattern, where none is expected, the reader is lost. */
static char take(struct reader *reader)
{
    char byte = peek(reader);
    if (reader->rest.len > 0)
        skip(reader, 1);
    else
        reader->is_lost = true;
    return byte;
}

/* Takes `text` if it is next. */
static bool take_if(struct reader *reader, const char *text)
{
    size_t len = strlen(text);
    if (reader->rest.len < len || memcmp(reader->rest.ptr, text, len) != 0)
        return false;
    skip(reader, len);
    return true;
}

static bool is_in(char byte, const char *set)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return np_fold_byte(byte) >= 'a' && np_fold_byte(byte) <= 'z';
}

static bool is_printable(char byte)
{
    return byte >= ' ' && byte <= '~';
}

/* Takes bytes as long as they are letters, digits or in `others`; how many. */
static size_t take_word(struct reader *reader, const char *others)
{
    size_t len = 0;
    for (char next = peek(reader); is_letter(next) || is_digit(next) || is_in(next, others);
         next = peek(reader)) {
        skip(reader, 1);
        len++;
    }
    return len;
}

/* Takes digits; whether they are a number above zero. */
static bool take_number(struct reader *reader)
{
    bool positive = false;
    for (; is_digit(peek(reader)); skip(reader, 1))
        positive |= peek(reader) != '0';
    return positive;
}

/*
 * Whether "{", which is next, may begin a quantifier in some version of PCRE2; if not, it is a
 * character.
 */
static bool is_brace_quantifier(const struct reader *reader)
{
    return reader->rest.len > 1 &&
           (is_digit(reader->rest.ptr[1]) || is_in(reader->rest.ptr[1], ", \t"));
}

/* Takes {n}, {n,} or {n,m}; whether n is above zero. */
static bool take_brace_quantifier(struct reader *reader)
{
    skip(reader, 1);
    reader->is_lost |= !is_digit(peek(reader));
    bool needed = take_number(reader);
    if (take_if(reader, ","))
        (void) take_number(reader);
    reader->is_lost |= !take_if(reader, "}");
    return needed;
}

/* Takes the quantifier of an atom if there is one; whether the atom is needed once at least. */
static bool take_quantifier(struct reader *reader, bool *out_needed)
{
    *out_needed = true;
    if (peek(reader) == '{' && is_brace_quantifier(reader))
        *out_needed = take_brace_quantifier(reader);
    else if (is_in(peek(reader), "*+?"))
        *out_needed = take(reader) == '+';
    else
        return false;
    if (is_in(peek(reader), "+?")) /* possessive, lazy */
        skip(reader, 1);
    return true;
}

/* \x and \p take what follows them, in braces or not. */
static void take_escape_operand(struct reader *reader, size_t max)
{
    if (take_if(reader, "{")) {
        (void) take_word(reader, "^_&-=: ");
        reader->is_lost |= !take_if(reader, "}");
        return;
    }
    for (size_t i = 0; i < max && (is_letter(peek(reader)) || is_digit(peek(reader))); i++)
        skip(reader, 1);
}

static void read_escape(struct reader *reader, struct atom *atom)
{
    char escaped = take(reader);
    if (is_printable(escaped) && !is_letter(escaped) && !is_digit(escaped)) {
        *atom = (struct atom){.kind = ATOM_BYTE, .byte = escaped};
        return;
    }
    if (is_in(escaped, "bBAZzGK")) {
        atom->kind = ATOM_EMPTY;
        return;
    }
    if (escaped == 'x')
        take_escape_operand(reader, 2);
    else if (is_in(escaped, "pP"))
        take_escape_operand(reader, 1);
    else if (is_digit(escaped) && escaped != '0') /* what a group matched, or a code in octal */
        (void) take_number(reader);
    else
        reader->is_lost |= !is_in(escaped, "dDwWsShHvVRXtnrfea");
}

/* A class of one byte, or of one letter in both cases. */
static bool read_byte_class(struct reader *reader, struct atom *atom)
{
    const char *bytes = reader->rest.ptr;
    size_t len = 0;
    if (reader->rest.len > 1 && bytes[1] == ']')
        len = 1;
    else if (reader->rest.len > 2 && bytes[2] == ']' && is_letter(bytes[0]) &&
             np_fold_byte(bytes[0]) == np_fold_byte(bytes[1]))
        len = 2;
    if (len == 0 || !is_printable(bytes[0]) || is_in(bytes[0], "^\\[]"))
        return false;
    *atom = (struct atom){.kind = ATOM_BYTE, .byte = bytes[0]};
    skip(reader, len + 1);
    return true;
}

/* Takes [:name:], of which "[" is gone already, where it is one. */
static void take_posix_class(struct reader *reader)
{
    if (!is_in(peek(reader), ":.="))
        return;
    skip(reader, 1);
    (void) take_if(reader, "^");
    (void) take_word(reader, "");
    reader->is_lost |= !take_if(reader, ":]");
}

/* Any other class takes one character, so that only its end is of interest. */
static void read_class(struct reader *reader, struct atom *atom)
{
    if (read_byte_class(reader, atom))
        return;
    (void) take_if(reader, "^");
    (void) take_if(reader, "]"); /* stands for itself at the beginning */
    while (!reader->is_lost && !take_if(reader, "]")) {
        char byte = take(reader);
        if (byte == '[')
            take_posix_class(reader);
        else if (byte == '\\' && is_letter(peek(reader)))
            reader->is_lost |= !is_in(take(reader), "dDwWsShHvVtnrfeabxpP");
        else if (byte == '\\')
            (void) take(reader);
    }
}

/* Takes what follows "(?"; false where the parenthesis ends with it, so that there is no group. */
static bool take_group_kind(struct reader *reader, enum atom_kind *out_kind)
{
    static const struct {
        const char *begin;
        const char *end; /* of a name that follows; NULL = there is none */
        enum atom_kind kind;
    } kinds[] = {
        {":", NULL, ATOM_GROUP},  {">", NULL, ATOM_GROUP}, {"|", NULL, ATOM_GROUP},
        {"=", NULL, ATOM_GROUP},  {"!", NULL, ATOM_EMPTY}, {"<=", NULL, ATOM_GROUP},
        {"<!", NULL, ATOM_EMPTY}, {"P<", ">", ATOM_GROUP}, {"<", ">", ATOM_GROUP},
        {"'", "'", ATOM_GROUP},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(kinds); i++) {
        if (!take_if(reader, kinds[i].begin))
            continue;
        *out_kind = kinds[i].kind;
        if (kinds[i].end != NULL)
            reader->is_lost |= take_word(reader, "_") == 0 || !take_if(reader, kinds[i].end);
        return true;
    }
    while (is_in(peek(reader), "imsU-")) /* options: none of them changes what is needed */
        skip(reader, 1);
    if (take_if(reader, ":"))
        return true;
    *out_kind = ATOM_EMPTY;
    reader->is_lost |= !take_if(reader, ")");
    return false;
}

static void read_alternatives(struct reader *reader, struct needs *out_needs);

static void read_group(struct reader *reader, struct atom *atom)
{
    atom->kind = ATOM_GROUP;
    if (reader->depth == DEPTH_MAX) {
        reader->is_lost = true;
        return;
    }
    if (take_if(reader, "?") && !take_group_kind(reader, &atom->kind))
        return;
    reader->depth++;
    read_alternatives(reader, &atom->needs);
    reader->depth--;
    reader->is_lost |= !take_if(reader, ")");
}

static void read_atom(struct reader *reader, struct atom *atom)
{
    *atom = (struct atom){.kind = ATOM_UNKNOWN};
    reader->is_lost |= peek(reader) == '{' && is_brace_quantifier(reader);
    char byte = take(reader);
    switch (byte) {
    case '\\':
        read_escape(reader, atom);
        break;
    case '[':
        read_class(reader, atom);
        break;
    case '(':
        read_group(reader, atom);
        break;
    case '^':
    case '$':
        atom->kind = ATOM_EMPTY;
        break;
    case '*':
    case '+':
    case '?':
        reader->is_lost = true; /* of nothing */
        break;
    default:
        if (is_printable(byte) && byte != '.')
            *atom = (struct atom){.kind = ATOM_BYTE, .byte = byte};
    }
}

/* Reads an atom with its quantifier. */
static void read_item(struct reader *reader, struct branch *branch)
{
    struct atom atom;
    bool needed = false;
    if (peek(reader) == '(')
        end_run(branch); /* what is in the group has a run of its own */
    read_atom(reader, &atom);
    bool quantified = take_quantifier(reader, &needed);
    if (atom.kind == ATOM_EMPTY) {
        reader->is_lost |= quantified;
        return;
    }
    if (atom.kind == ATOM_BYTE && needed)
        add_byte(reader, branch, atom.byte);
    if (atom.kind != ATOM_BYTE || quantified)
        end_run(branch);
    if (atom.kind == ATOM_GROUP && needed)
        consider(&branch->best, &atom.needs);
}

static void read_branch(struct reader *reader, struct needs *out_needs)
{
    struct branch branch = {};
    while (!reader->is_lost && reader->rest.len > 0 && !is_in(peek(reader), "|)"))
        read_item(reader, &branch);
    end_run(&branch);
    *out_needs = branch.best;
}

static void read_alternatives(struct reader *reader, struct needs *out_needs)
{
    struct needs all = {};
    bool known = true;
    do {
        struct needs one;
        read_branch(reader, &one);
        known = known && one.count > 0 && one.count <= NP_ARRAY_LEN(all.pieces) - all.count;
        for (size_t i = 0; known && i < one.count; i++)
            all.pieces[all.count++] = one.pieces[i];
    } while (take_if(reader, "|"));
    if (!known)
        all.count = 0;
    *out_needs = all;
}

static int keep(struct np_regex_needs *out_needs, struct np_arena *arena, const char *text,
                const struct needs *needs)
{
    struct np_span *literals = np_arena_alloc(arena, needs->count * sizeof(*literals));
    if (literals == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < needs->count; i++) {
        literals[i] = np_span_make(text + needs->pieces[i].first, needs->pieces[i].len);
        if (np_arena_keep(arena, &literals[i]) < 0)
            return -ENOMEM;
    }
    *out_needs = (struct np_regex_needs){literals, needs->count};
    return 0;
}

int np_regex_needs_find(struct np_regex_needs *out_needs, struct np_arena *arena,
                        struct np_span pattern)
{
    np_auto_free char *text = np_alloc(pattern.len);
    if (text == NULL)
        return -ENOMEM;
    struct reader reader = {.rest = pattern, .text = text};
    struct needs needs;
    read_alternatives(&reader, &needs);
    if (reader.is_lost || reader.rest.len > 0)
        needs.count = 0;
    return keep(out_needs, arena, text, &needs);
}
