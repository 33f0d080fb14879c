/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a regular expression is said to need is in every text that it matches. Random patterns of
 * all that PCRE2 knows, each with a text that is meant to match, and that text changed in ways that
 * matter: cases and their special forms, bytes lost and added, line ends, bytes that are no UTF-8.
 * PCRE2 alone says what matches. A failure prints the seed of its round:
 *
 *   NP_SEED=SEED NP_ROUNDS=1 ./property_regex_needs
 */
#include "support/unit.h"

#include <inttypes.h>

#include "codec/fold.h"
#include "support/random_rules.h"

enum { ROUNDS = 200000, SUBJECTS = 10, DEPTH_MAX = 3 };

struct counts {
    uint64_t patterns;
    uint64_t with_needs;
    uint64_t subjects;
    uint64_t matched; /* of patterns with needs */
};

/* A pattern and a text that it probably matches. */
struct made {
    struct random *random;
    struct np_buf pattern;
    struct np_buf text;
};

struct sample {
    const char *pattern;
    const char *text;
};

static void add(struct np_buf *buf, const char *text)
{
    assert_int_equal(np_buf_add_str(buf, text), 0);
}

static void add_sample(struct made *made, const struct sample *samples, size_t count)
{
    const struct sample *sample = &samples[random_below(made->random, (uint32_t) count)];
    add(&made->pattern, sample->pattern);
    add(&made->text, sample->text);
}

static void add_word(struct made *made)
{
    static const char *const words[] = {
        "user", "Create", "role", "kiss", "KMS", "a",    "Straße", "ſk", "\u212a",
        "ıi",   "İ",      "x",    "-",    "/",   "sts:", "ß",      "SS", "привет",
    };
    const char *word = RANDOM_PICK(made->random, words);
    add(&made->pattern, word);
    add(&made->text, word);
}

/* One character, or none. */
static void add_single(struct made *made)
{
    static const struct sample samples[] = {
        {".", "q"},       {"\\d", "7"},       {"\\w", "w"},
        {"[a-z]", "m"},   {"[^/]", "p"},      {"[Kk]", "K"},
        {"[sS]", "s"},    {"[.]", "."},       {"\\.", "."},
        {"\\\\", "\\"},   {"\\x41", "A"},     {"\\x{df}", "ß"},
        {"\\p{Lu}", "Q"}, {"\\pL", "e"},      {"\\s", " "},
        {"\\n", "\n"},    {"[]x]", "]"},      {"[[:^digit:]_]", "d"},
        {"[^]]", "c"},    {"[\\]\\d-]", "-"}, {"[\\w]", "g"},
        {"]", "]"},       {"}", "}"},         {"{", "{"},
        {"\\{", "{"},     {"[ſ]", "ſ"},       {"\\R", "\n"},
        {"^", ""},        {"$", ""},          {"\\b", ""},
        {"\\B", ""},      {"\\A", ""},        {"\\K", ""},
        {"(?i)", ""},     {"(?-i)", ""},      {"(?ms)", ""},
        {"(?=.)", ""},    {"(?!user)", ""},   {"(?<!role)", ""},
        {"(?<=r)", ""},   {"()", ""},
    };
    add_sample(made, samples, NP_ARRAY_LEN(samples));
}

/* What is not understood, or easily misunderstood. */
static void add_odd(struct made *made)
{
    static const struct sample samples[] = {
        {"\\Quser*\\E", "user*"},
        {"\\E", ""},
        {"(?x)us er#k\nx", "userx"},
        {"(?#user)", ""},
        {"(?:a)\\1", "a"},
        {"(k)\\1", "kk"},
        {"(?(1)user|ro)", "ro"},
        {"(*ACCEPT)", ""},
        {"(?1)", "user"},
        {"(?R)?", ""},
        {"{,2}", "{,2}"},
        {"{2", "{2"},
        {"{ 1}", "{ 1}"},
        {"\\cA", "\1"},
        {"\\o{101}", "A"},
        {"\\101", "A"},
        {"\\08", "8"},
        {"[\\Qa]\\E]", "a"},
        {"(*COMMIT)", ""},
        {"\\N", "n"},
        {"\\X", "x"},
        {"[[:<:]]", ""},
        {"(?|(a)|(user))", "a"},
        {"(?C)", ""},
        {"#", "#"},
        {"(?^)", ""},
        {"(?>a|user)", "a"},
        {"[[:alpha:]", "a"},
    };
    add_sample(made, samples, NP_ARRAY_LEN(samples));
}

static void add_sequence(struct made *made, int depth);

/* A group of alternatives; the text is that of one. */
static void add_group(struct made *made, int depth)
{
    static const char *const begins[] = {"(", "(", "(?:", "(?:", "(?>", "(?i:", "(?<n>", "(?|"};
    add(&made->pattern, RANDOM_PICK(made->random, begins));
    uint32_t count = 1 + random_below(made->random, 3);
    uint32_t chosen = random_below(made->random, count);
    for (uint32_t i = 0; i < count; i++) {
        size_t len = made->text.len;
        add(&made->pattern, i > 0 ? "|" : "");
        add_sequence(made, depth - 1);
        if (i != chosen)
            made->text.len = len;
    }
    add(&made->pattern, ")");
}

/* Repeats what was added to the text since `from`, or takes it away. */
static void add_quantifier(struct made *made, size_t from)
{
    static const struct {
        const char *text;
        uint32_t min;
    } quantifiers[] = {
        {"?", 0},   {"*", 0},     {"+", 1},    {"{0}", 0},
        {"{2}", 2}, {"{0,2}", 0}, {"{1,}", 1}, {"{2}{0}", 0},
    };
    static const char *const ends[] = {"", "", "", "?", "+"};
    size_t kind = random_below(made->random, NP_ARRAY_LEN(quantifiers));
    add(&made->pattern, quantifiers[kind].text);
    add(&made->pattern, RANDOM_PICK(made->random, ends));
    size_t len = made->text.len - from;
    uint32_t copies = quantifiers[kind].min;
    if (copies == 0)
        made->text.len = from;
    for (uint32_t i = 1; i < copies; i++) {
        assert_int_equal(np_buf_reserve(&made->text, len), 0);
        assert_int_equal(np_buf_add(&made->text, made->text.data + from, len), 0);
    }
}

static void add_item(struct made *made, int depth)
{
    size_t from = made->text.len;
    uint32_t kind = random_below(made->random, 20);
    if (kind < 9)
        add_word(made);
    else if (kind < 15)
        add_single(made);
    else if (kind < 16 && random_below(made->random, 4) == 0)
        add_odd(made);
    else if (depth > 0)
        add_group(made, depth);
    if (random_below(made->random, 4) == 0)
        add_quantifier(made, from);
}

static void add_sequence(struct made *made, int depth)
{
    for (uint32_t i = random_below(made->random, 5); i > 0; i--)
        add_item(made, depth);
}

/* Writes `text` with something changed. */
static void change(struct random *random, struct np_span text, struct np_buf *out)
{
    static const char *const inserts[] = {"",  "\n", "\xff", "\xe2\x84", "ß", "user", "Create",
                                          "k", "ſ",  " ",    "\u212a",   "é", "7",    "\r\n"};
    np_buf_reset(out);
    uint32_t changes = random_below(random, 3);
    uint32_t casing = random_below(random, 3);
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        uint32_t what = changes == 0 ? 100 : random_below(random, 24);
        if (what == 0)
            continue;
        if (what == 1)
            add(out, RANDOM_PICK(random, inserts));
        bool special = casing == 2 && random_below(random, 2) == 0;
        if (special && np_fold_byte(byte) == 'k')
            add(out, "\u212a");
        else if (special && np_fold_byte(byte) == 's')
            add(out, "ſ");
        else
            assert_int_equal(np_buf_add_char(out, casing == 1 ? np_fold_byte(byte) : byte), 0);
    }
    if (random_below(random, 2) == 0)
        add(out, RANDOM_PICK(random, inserts));
}

static bool has_need(const struct np_regex_needs *needs, struct np_span text)
{
    struct np_buf folded;
    np_buf_init(&folded, SIZE_MAX / 2);
    assert_int_equal(np_fold_append(&folded, text), 0);
    bool has = false;
    for (size_t i = 0; i < needs->count; i++)
        has |= np_fold_ascii_find(np_buf_span(&folded), needs->literals[i]) != NP_FOLD_NOT_FOUND;
    np_buf_done(&folded);
    return has;
}

struct tools {
    struct np_regex_scratch *scratch;
    struct np_arena arena;
    struct np_buf subject;
};

static void check_subjects(struct tools *tools, struct made *made, const struct np_regex *regex,
                           const struct np_regex_needs *needs, struct counts *counts, uint64_t seed)
{
    for (int i = 0; i < SUBJECTS; i++) {
        change(made->random, np_buf_span(&made->text), &tools->subject);
        struct np_span subject = np_buf_span(&tools->subject);
        counts->subjects++;
        if (np_regex_search(regex, tools->scratch, subject) != NP_REGEX_YES)
            continue;
        counts->matched++;
        if (!has_need(needs, subject))
            fail_msg("/%.*s/ matches '%.*s' without '%.*s' (of %zu): NP_SEED=%" PRIu64,
                     (int) made->pattern.len, made->pattern.data, (int) subject.len, subject.ptr,
                     (int) needs->literals[0].len, needs->literals[0].ptr, needs->count, seed);
    }
}

static void run_round(struct tools *tools, uint64_t seed, struct counts *counts)
{
    struct random random = {.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    struct made made = {.random = &random};
    np_buf_init(&made.pattern, SIZE_MAX / 2);
    np_buf_init(&made.text, SIZE_MAX / 2);
    add_sequence(&made, DEPTH_MAX);
    struct np_regex_source source = {
        .pattern = np_buf_span(&made.pattern),
        .ignore_case = random_below(&random, 2) == 0,
        .multi_line = random_below(&random, 2) == 0,
        .dot_all = random_below(&random, 2) == 0,
    };
    struct np_regex *regex = NULL;
    if (np_regex_new(&regex, &source, NULL) == 0) {
        struct np_regex_needs needs;
        counts->patterns++;
        assert_int_equal(np_regex_needs_find(&needs, &tools->arena, source.pattern), 0);
        if (needs.count > 0) {
            counts->with_needs++;
            check_subjects(tools, &made, regex, &needs, counts, seed);
        }
        np_regex_free(&regex);
    }
    np_arena_reset(&tools->arena);
    np_buf_done(&made.pattern);
    np_buf_done(&made.text);
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static void every_match_has_what_is_needed(void **state)
{
    (void) state;
    uint64_t seed = number_from("NP_SEED", 1);
    uint64_t rounds = number_from("NP_ROUNDS", ROUNDS);
    struct counts counts = {};
    struct tools tools = {};
    assert_int_equal(np_regex_scratch_new(&tools.scratch), 0);
    np_arena_init(&tools.arena, SIZE_MAX);
    np_buf_init(&tools.subject, SIZE_MAX / 2);
    for (uint64_t i = 0; i < rounds; i++)
        run_round(&tools, seed + i, &counts);
    np_regex_scratch_free(&tools.scratch);
    np_arena_done(&tools.arena);
    np_buf_done(&tools.subject);
    printf("# %" PRIu64 " patterns, %" PRIu64 " of them need something; %" PRIu64 " texts, %" PRIu64
           " of them match\n",
           counts.patterns, counts.with_needs, counts.subjects, counts.matched);
    assert_true(rounds < 1000 ||
                (counts.with_needs > counts.patterns / 5 && counts.matched > counts.subjects / 5 &&
                 counts.matched < counts.subjects - counts.subjects / 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_match_has_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
