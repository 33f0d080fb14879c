/* SPDX-License-Identifier: Apache-2.0 */
/* See glob.h. A match only ever goes back to its last "*", as with any pattern without alternatives. */
#include "codec/glob.h"

#include <ctype.h>
#include <stddef.h>

#include "base/compiler.h"
#include "codec/fold.h"

static char fold_if(bool fold, char c)
{
    return fold ? np_fold_byte(c) : c;
}

/* ---- what stands in brackets */

struct set {
    struct np_span pattern;
    size_t at; /* in the pattern */
    char c;    /* what is looked for */
    bool fold;
};

enum set_result { SET_NO, SET_YES, SET_BAD /* never matches */, SET_OPEN /* no closing bracket */ };

static bool is_of_class(struct np_span name, char c)
{
    static const struct {
        const char *name;
        int (*holds)(int c);
    } classes[] = {
        {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
        {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
        {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(classes); i++)
        if (np_span_is(name, classes[i].name))
            return (unsigned char) c < 128 && classes[i].holds((unsigned char) c) != 0;
    return false;
}

static bool is_class(struct np_span name)
{
    /* Each class has a character among these. */
    static const char samples[] = "aA0 .\n";
    for (size_t i = 0; i + 1 < sizeof(samples); i++)
        if (is_of_class(name, samples[i]))
            return true;
    return false;
}

/* "[:alpha:]" at the set's place; SET_OPEN where it is none, and nothing is taken. */
static enum set_result match_class(struct set *set)
{
    struct np_span rest = np_span_from(set->pattern, set->at);
    if (!np_span_starts(rest, NP_SPAN("[:")))
        return SET_OPEN;
    const char *end = memmem(rest.ptr + 2, rest.len - 2, ":]", 2);
    if (end == NULL)
        return SET_OPEN;
    struct np_span name = np_span_make(rest.ptr + 2, (size_t) (end - rest.ptr) - 2);
    set->at += name.len + 4;
    if (!is_class(name))
        return SET_BAD;
    return is_of_class(name, set->c) ? SET_YES : SET_NO;
}

/* One byte of the set: itself, behind a backslash, or as "[.x.]" or "[=x=]"; false at the end of the pattern. */
static bool next_byte(struct set *set, char *out_byte)
{
    struct np_span rest = np_span_from(set->pattern, set->at);
    if (rest.len == 0 || (rest.len == 1 && rest.ptr[0] == '\\'))
        return false;
    bool is_named = rest.len >= 5 && rest.ptr[0] == '[' &&
                    (rest.ptr[1] == '.' || rest.ptr[1] == '=') && rest.ptr[3] == rest.ptr[1] &&
                    rest.ptr[4] == ']';
    size_t skipped = is_named ? 2 : rest.ptr[0] == '\\' ? 1 : 0;
    *out_byte = fold_if(set->fold, rest.ptr[skipped]);
    set->at += is_named ? 5 : skipped + 1;
    return true;
}

/* A byte or a range of bytes. The C library gives up a pattern that ends within a range. */
static enum set_result match_range(struct set *set)
{
    char first = 0;
    if (!next_byte(set, &first))
        return SET_OPEN;
    char last = first;
    struct np_span rest = np_span_from(set->pattern, set->at);
    if (rest.len > 0 && rest.ptr[0] == '-' && (rest.len == 1 || rest.ptr[1] != ']')) {
        set->at++;
        if (!next_byte(set, &last))
            return SET_BAD;
    }
    unsigned char c = (unsigned char) fold_if(set->fold, set->c);
    return (unsigned char) first <= c && c <= (unsigned char) last ? SET_YES : SET_NO;
}

/* Whether the closing bracket is next, which then is taken. */
static bool takes_close(struct set *set)
{
    struct np_span rest = np_span_from(set->pattern, set->at);
    if (rest.len == 0 || rest.ptr[0] != ']')
        return false;
    set->at++;
    return true;
}

/* Moves behind the rest of a set: what it holds does not count any more, but it has to end. */
static bool skip_rest(struct set *set)
{
    char byte = 0;
    while (!takes_close(set))
        if (match_class(set) == SET_OPEN && !next_byte(set, &byte))
            return false;
    return true;
}

/* Looks for `set->c` in the set whose bracket is behind us, and moves behind it. */
static enum set_result match_set(struct set *set)
{
    struct np_span rest = np_span_from(set->pattern, set->at);
    bool negated = rest.len > 0 && (rest.ptr[0] == '!' || rest.ptr[0] == '^');
    set->at += negated ? 1 : 0;
    enum set_result result = SET_NO;
    for (bool is_first = true; result == SET_NO; is_first = false) {
        if (!is_first && takes_close(set))
            return negated ? SET_YES : SET_NO;
        result = match_class(set);
        if (result == SET_OPEN)
            result = match_range(set);
    }
    if (result != SET_YES)
        return result;
    if (!skip_rest(set))
        return SET_OPEN;
    return negated ? SET_NO : SET_YES;
}

/* ---- the pattern */

struct walk {
    struct np_span pattern;
    struct np_span text;
    size_t at;      /* in the pattern */
    size_t text_at; /* in the text */
    bool fold;
};

/* Matches one byte of the text, which there is, with what stands at the pattern's place, which is no "*". */
static bool match_one(struct walk *walk)
{
    if (walk->at == walk->pattern.len)
        return false;
    char c = walk->text.ptr[walk->text_at];
    char wanted = walk->pattern.ptr[walk->at];
    size_t behind = walk->at + 1;
    bool matches = wanted == '?';
    if (wanted == '[') {
        struct set set = {walk->pattern, behind, c, walk->fold};
        enum set_result result = match_set(&set);
        matches = result == SET_YES || (result == SET_OPEN && c == '[');
        behind = result == SET_OPEN ? behind : set.at;
    } else if (wanted != '?') {
        if (wanted == '\\') {
            if (behind == walk->pattern.len)
                return false;
            wanted = walk->pattern.ptr[behind++];
        }
        matches = fold_if(walk->fold, wanted) == fold_if(walk->fold, c);
    }
    walk->at = behind;
    walk->text_at++;
    return matches;
}

static bool is_star(const struct walk *walk)
{
    return walk->at < walk->pattern.len && walk->pattern.ptr[walk->at] == '*';
}

bool np_glob_matches(struct np_span pattern, struct np_span text, bool fold)
{
    struct walk walk = {.pattern = pattern, .text = text, .fold = fold};
    size_t retry = SIZE_MAX; /* behind the last "*", and where its run ends for now */
    size_t run_end = 0;
    while (walk.text_at < text.len) {
        if (is_star(&walk)) {
            retry = ++walk.at;
            run_end = walk.text_at;
        } else if (!match_one(&walk)) {
            if (retry == SIZE_MAX)
                return false;
            walk.at = retry;
            walk.text_at = ++run_end;
        }
    }
    while (is_star(&walk))
        walk.at++;
    return walk.at == pattern.len;
}

/* ---- paths */

/* Takes the next part that is not empty from `*path`; false where there is none. */
static bool next_part(struct np_span *path, struct np_span *out_part)
{
    while (path->len > 0 && path->ptr[0] == '/')
        *path = np_span_from(*path, 1);
    const char *slash = path->len > 0 ? memchr(path->ptr, '/', path->len) : NULL;
    *out_part = np_span_head(*path, slash != NULL ? (size_t) (slash - path->ptr) : path->len);
    *path = np_span_from(*path, out_part->len);
    return out_part->len > 0;
}

static bool is_pattern(struct np_span part)
{
    for (size_t i = 0; i < part.len; i++)
        if (part.ptr[i] == '?' || part.ptr[i] == '*' || part.ptr[i] == '[')
            return true;
    return false;
}

bool np_glob_holds(struct np_span path, struct np_span text)
{
    struct np_span wanted;
    struct np_span part;
    while (next_part(&path, &wanted)) {
        if (!next_part(&text, &part))
            return false;
        if (is_pattern(wanted) ? !np_glob_matches(wanted, part, false) : !np_span_eq(wanted, part))
            return false;
    }
    return true;
}

struct np_span np_glob_longest_part(struct np_span path)
{
    struct np_span longest = {};
    struct np_span part;
    while (next_part(&path, &part))
        if (part.len > longest.len && !is_pattern(part))
            longest = part;
    return longest;
}
