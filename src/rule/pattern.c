/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns: made simple once, then matched often. A general one needs no memory: it only ever goes
 * back to its last run.
 */
#include "rule/pattern.h"

#include "codec/fold.h"

/*
 * Brings `parts` into the form that np_pattern_matches() expects; literals are put together in
 * `text`.
 */
struct builder {
    struct np_buf text;
    struct np_pattern_part *parts; /* of a literal, `text.ptr` is not set yet */
    size_t count;
    bool fold;
};

static bool last_is(const struct builder *builder, enum np_part_kind kind)
{
    return builder->count > 0 && builder->parts[builder->count - 1].kind == kind;
}

static int add_literal(struct builder *builder, struct np_span text)
{
    if (text.len == 0)
        return 0;
    size_t before = builder->text.len;
    int r = builder->fold ? np_fold_append(&builder->text, text)
                          : np_buf_add_span(&builder->text, text);
    if (r < 0)
        return r;
    if (!last_is(builder, NP_PART_LITERAL))
        builder->parts[builder->count++] = (struct np_pattern_part){.kind = NP_PART_LITERAL};
    builder->parts[builder->count - 1].text.len += builder->text.len - before;
    return 0;
}

static int add_part(struct builder *builder, const struct np_pattern_part *part)
{
    switch (part->kind) {
    case NP_PART_LITERAL:
        return add_literal(builder, part->text);
    case NP_PART_RUN:
        if (!last_is(builder, NP_PART_RUN))
            builder->parts[builder->count++] = (struct np_pattern_part){.kind = NP_PART_RUN};
        break;
    case NP_PART_ONE: /* "*?" means the same as "?*", and then runs meet */
        if (last_is(builder, NP_PART_RUN)) {
            builder->parts[builder->count - 1].kind = NP_PART_ONE;
            builder->parts[builder->count++] = (struct np_pattern_part){.kind = NP_PART_RUN};
        } else {
            builder->parts[builder->count++] = (struct np_pattern_part){.kind = NP_PART_ONE};
        }
        break;
    case NP_PART_DASH:
        builder->parts[builder->count++] = (struct np_pattern_part){.kind = NP_PART_DASH};
        break;
    }
    return 0;
}

/*
 * The plain kind that says the same as the parts, PARTS where there is none; `*out_literal` is the
 * one literal's index.
 */
static enum np_pattern_kind simplest(const struct builder *builder, size_t *out_literal)
{
    const struct np_pattern_part *parts = builder->parts;
    size_t count = builder->count;
    bool run_first = count > 0 && parts[0].kind == NP_PART_RUN;
    bool run_last = count > 0 && parts[count - 1].kind == NP_PART_RUN;
    if (count == 0)
        return NP_PATTERN_EXACT;
    if (count == 1 && run_first)
        return NP_PATTERN_SOME;
    *out_literal = run_first ? 1 : 0;
    if (count - run_first - run_last != 1 || parts[*out_literal].kind != NP_PART_LITERAL)
        return NP_PATTERN_PARTS;
    if (run_first)
        return run_last ? NP_PATTERN_CONTAINS : NP_PATTERN_SUFFIX;
    return run_last ? NP_PATTERN_PREFIX : NP_PATTERN_EXACT;
}

static int finish(const struct builder *builder, struct np_arena *arena,
                  struct np_pattern *out_pattern)
{
    struct np_span text = np_buf_span(&builder->text);
    if (np_arena_keep(arena, &text) < 0)
        return -ENOMEM;
    size_t at = 0;
    for (size_t i = 0; i < builder->count; i++) {
        builder->parts[i].text.ptr = text.ptr + at;
        at += builder->parts[i].text.len;
    }
    size_t literal = 0;
    struct np_pattern pattern = {.kind = simplest(builder, &literal), .fold = builder->fold};
    if (pattern.kind == NP_PATTERN_PARTS) {
        pattern.parts = builder->parts;
        pattern.part_count = builder->count;
    } else if (pattern.kind != NP_PATTERN_SOME && builder->count > 0) {
        pattern.text = builder->parts[literal].text;
    }
    *out_pattern = pattern;
    return 0;
}

int np_pattern_make(struct np_pattern *out_pattern, struct np_arena *arena,
                    const struct np_pattern_part *parts, size_t count, bool fold)
{
    struct builder builder = {.fold = fold};
    if (count > SIZE_MAX / (2 * sizeof(builder.parts[0])))
        return -ENOMEM;
    /* A part adds at most one. */
    builder.parts = np_arena_alloc(arena, count * sizeof(builder.parts[0]));
    if (builder.parts == NULL)
        return -ENOMEM;
    np_buf_init(&builder.text, SIZE_MAX / 2);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = add_part(&builder, &parts[i]);
    if (r == 0)
        r = finish(&builder, arena, out_pattern);
    np_buf_done(&builder.text);
    return r == -E2BIG ? -ENOMEM : r;
}

static bool equals(bool fold, struct np_span text, struct np_span literal)
{
    return fold ? np_fold_ascii_eq(text, literal) : np_span_eq(text, literal);
}

static bool starts(bool fold, struct np_span text, struct np_span literal)
{
    return text.len >= literal.len && equals(fold, np_span_head(text, literal.len), literal);
}

/* Where `literal` is found from `from` on; NP_FOLD_NOT_FOUND. */
static size_t find(bool fold, struct np_span text, size_t from, struct np_span literal)
{
    struct np_span rest = np_span_from(text, from);
    if (fold) {
        size_t at = np_fold_ascii_find(rest, literal);
        return at == NP_FOLD_NOT_FOUND ? at : from + at;
    }
    if (rest.len < literal.len)
        return NP_FOLD_NOT_FOUND;
    const char *at = memmem(rest.ptr, rest.len, literal.ptr, literal.len);
    return at != NULL ? (size_t) (at - text.ptr) : NP_FOLD_NOT_FOUND;
}

/* How many bytes the character at `at` (inside the text) has; 1 for a byte that is no UTF-8. */
static size_t char_len(struct np_span text, size_t at)
{
    unsigned char lead = (unsigned char) text.ptr[at];
    size_t len = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
    if (len > text.len - at)
        return 1;
    for (size_t i = 1; i < len; i++)
        if (((unsigned char) text.ptr[at + i] & 0xc0) != 0x80)
            return 1;
    return len;
}

/* A place in a folded text and in the text that it was folded from. */
struct pair_at {
    size_t folded;
    size_t raw;
};

/*
 * Matching PARTS: where it stands, and where it goes back to: the part behind the last run, and
 * the place it was tried at.
 */
struct walk {
    const struct np_pattern *pattern;
    struct np_span text;
    struct np_span raw; /* what `text` was folded from; the same where nothing was folded */
    size_t part;
    size_t at;
    size_t retry_part; /* 0 = no run so far: part 0 never follows one */
    size_t retry_at;
    /* Beginnings of characters: none before the last one that was asked for, or gone back to. */
    struct pair_at pair;
    struct pair_at retry_pair;
};

/* Moves on to the character of the original that the folded text has at `at`; its length there. */
static size_t seek(const struct walk *walk, struct pair_at *pair, size_t at)
{
    for (;;) {
        size_t used = 0;
        size_t len = np_fold_next(np_span_from(walk->raw, pair->raw), &used);
        if (len == 0 || pair->folded + len > at)
            return len;
        pair->folded += len;
        pair->raw += used;
    }
}

/* How many bytes are left of the character at `at`: folded, one character may be several. */
static size_t rest_of_char(struct walk *walk)
{
    if (walk->raw.ptr == walk->text.ptr)
        return char_len(walk->text, walk->at);
    size_t len = seek(walk, &walk->pair, walk->at);
    return walk->pair.folded + len - walk->at;
}

/*
 * Moves to the next place where the part behind the last run may begin, `from` or later; false =
 * there is none.
 */
static bool retry(struct walk *walk, size_t from)
{
    const struct np_pattern_part *part = &walk->pattern->parts[walk->retry_part];
    if (part->kind == NP_PART_LITERAL)
        from = find(walk->pattern->fold, walk->text, from, part->text);
    if (from > walk->text.len)
        return false;
    walk->retry_at = walk->at = from;
    walk->part = walk->retry_part;
    if (walk->raw.ptr != walk->text.ptr)
        (void) seek(walk, &walk->retry_pair, from);
    walk->pair = walk->retry_pair;
    return true;
}

size_t np_pattern_dash(struct np_span text)
{
    const char *bytes = text.ptr;
    if (text.len > 0 && (bytes[0] == '-' || bytes[0] == '/'))
        return 1;
    /* U+2013, U+2014 and U+2015 */
    bool is_dash = text.len >= 3 && bytes[0] == '\xe2' && bytes[1] == '\x80' &&
                   bytes[2] >= '\x93' && bytes[2] <= '\x95';
    return is_dash ? 3 : 0;
}

static bool match_part(struct walk *walk)
{
    const struct np_pattern_part *part = &walk->pattern->parts[walk->part];
    struct np_span rest = np_span_from(walk->text, walk->at);
    if (part->kind == NP_PART_LITERAL) {
        if (!starts(walk->pattern->fold, rest, part->text))
            return false;
        walk->at += part->text.len;
    } else if (part->kind == NP_PART_DASH) {
        size_t len = np_pattern_dash(rest);
        if (len == 0)
            return false;
        walk->at += len;
    } else {
        if (rest.len == 0)
            return false;
        walk->at += rest_of_char(walk);
    }
    walk->part++;
    return true;
}

static bool parts_match(const struct np_pattern *pattern, struct np_span text, struct np_span raw)
{
    struct walk walk = {.pattern = pattern, .text = text, .raw = raw};
    for (;;) {
        if (walk.part == pattern->part_count) {
            if (walk.at == text.len)
                return true;
        } else if (pattern->parts[walk.part].kind == NP_PART_RUN) {
            if (walk.part + 1 == pattern->part_count)
                return true;
            walk.retry_part = walk.part + 1;
            if (!retry(&walk, walk.at))
                return false;
            continue;
        } else if (match_part(&walk)) {
            continue;
        }
        if (walk.retry_part == 0 || walk.retry_at >= text.len ||
            !retry(&walk, walk.retry_at + char_len(text, walk.retry_at)))
            return false;
    }
}

bool np_pattern_matches(const struct np_pattern *pattern, struct np_span text, struct np_span raw)
{
    struct np_span literal = pattern->text;
    switch (pattern->kind) {
    case NP_PATTERN_EXACT:
        return equals(pattern->fold, text, literal);
    case NP_PATTERN_PREFIX:
        return starts(pattern->fold, text, literal);
    case NP_PATTERN_SUFFIX:
        return text.len >= literal.len &&
               equals(pattern->fold, np_span_from(text, text.len - literal.len), literal);
    case NP_PATTERN_CONTAINS:
        return find(pattern->fold, text, 0, literal) != NP_FOLD_NOT_FOUND;
    case NP_PATTERN_SOME:
        return text.len > 0;
    case NP_PATTERN_PARTS:
        return parts_match(pattern, text, raw);
    case NP_PATTERN_KIND_MAX:
        break;
    }
    return false;
}

struct np_span np_pattern_guard(const struct np_pattern *pattern)
{
    struct np_span best = {};
    if (pattern->fold || np_fold_is_ascii(pattern->text))
        best = pattern->text;
    for (size_t i = 0; i < pattern->part_count; i++) {
        struct np_span text = pattern->parts[i].text;
        if (text.len > best.len && (pattern->fold || np_fold_is_ascii(text)))
            best = text;
    }
    return best;
}
