/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the splitter cuts out of small texts, one by one; and that neither the cuts of the stream
 * nor the `lines` mode changes anything, over the small texts, over these mutated, and over the
 * shared data.
 *
 * In the tables ' stands for ", so that they can be read. Each piece is written as the letter of
 * its kind and its bytes (of a broken array or envelope, which has none, as =offset+length).
 */
#include "support/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "split_check.h"

static const struct np_split_params usual = {.max_record = 4096, .max_depth = 64, .unwrap = true};

static struct np_span quoted(const char *text, char *out, size_t cap)
{
    size_t len = strlen(text);
    assert_true(len < cap);
    for (size_t i = 0; i < len; i++)
        out[i] = text[i] == '\'' ? '"' : text[i];
    return np_span_make(out, len);
}

struct split_case {
    const char *text;
    const char *pieces;
};

enum { CASE_MAX = 512 };

static void check_case(const struct split_case *c, struct np_split_params params)
{
    char text_store[CASE_MAX];
    char want_store[CASE_MAX];
    struct np_span text = quoted(c->text, text_store, sizeof(text_store));
    struct np_span want = quoted(c->pieces, want_store, sizeof(want_store));
    struct split_pieces got = split(text, params);
    struct np_span got_text = np_span_trim(np_buf_span(&got.text));
    if (!np_span_eq(got_text, want))
        fail_msg("%s\n gives %.*s\n but   %s is right", c->text, NP_SPAN_ARGS(got_text), c->pieces);
    split_pieces_done(&got);
    if (!params.lines && !is_split_alike(text, params))
        fail_msg("%s\n is split differently", c->text);
}

#define check_cases(cases, params)                                                                 \
    do {                                                                                           \
        for (size_t case_ = 0; case_ < NP_ARRAY_LEN(cases); case_++)                               \
            check_case(&(cases)[case_], (params));                                                 \
    } while (0)

/* clang-format off: one case a line */

static const struct split_case plain[] = {
    {"", ""},
    {" \t\r\n\n", ""},
    {"{'a':1}", "R{'a':1}"},
    {"{}", "R{}"},
    {"{'a':1}\n{'b':2}\n", "R{'a':1} R{'b':2}"},
    {"{'a':1}\r\n\r\n\n{'b':2}\r\n", "R{'a':1} R{'b':2}"},
    {"{'a':1}{'b':2} {'c':3}", "R{'a':1} R{'b':2} R{'c':3}"},
    {"{'a':1},{'b':2}\n,{'c':3},\n{'d':4}", "R{'a':1} R{'b':2} R{'c':3} R{'d':4}"},
    {"\xEF\xBB\xBF{'a':1}\n\xEF\xBB\xBF{'b':2}", "R{'a':1} R{'b':2}"},
    {"\xEF\xBB\xBF", ""},
    {"{'a':'}\\'}\\\\'}{'b':'\\\\\\\\'}", "R{'a':'}\\'}\\\\'} R{'b':'\\\\\\\\'}"},
    {"{\n'a': {\n'b': [\n{},\n{}\n]\n}\n}\n{\n'c': 1\n}",
     "R{\n'a': {\n'b': [\n{},\n{}\n]\n}\n} R{\n'c': 1\n}"},
    {"{'a':\n{'b':1}}", "R{'a':\n{'b':1}}"},
};

static const struct split_case arrays[] = {
    {"[]", ""},
    {"[{'a':1},{'b':2}]", "R{'a':1} R{'b':2}"},
    {"[\n{'a':1},\n{'b':2}\n]\n", "R{'a':1} R{'b':2}"},
    {"[{'a':1}\n,\n{'b':2}]", "R{'a':1} R{'b':2}"},
    {"[{'a':1}] [{'b':2}]{'c':3}", "R{'a':1} R{'b':2} R{'c':3}"},
    {"[1,'x',[{'a':1},2],{'b':2},null]", "O1 O'x' O[{'a':1},2] R{'b':2} Onull"},
    {"[{'a':1},{'b':2}", "R{'a':1} R{'b':2} B=0+16"},
    {" [ \n", "B=1+1"},
    {"[[1,2", "B[1,2"},
    {"[{'a':1},{'b'", "R{'a':1} B{'b'"},
    {"[{'a':1}\n{'b':2}\n]", "R{'a':1} B=0+8 R{'b':2} G]"},
    {"[{'a':1}}\n{'b':2}]", "R{'a':1} G} R{'b':2} G]"},
    {"[abc, {'a':1},\n {'b':2}]", "Gabc, {'a':1}, R{'b':2} G]"},
};

static const struct split_case envelopes[] = {
    {"{'Records':[{'a':1},{'b':2}]}", "R{'a':1} R{'b':2}"},
    {"{'Records':[]}", ""},
    {"{'Records':[]}\n{'a':1}", "R{'a':1}"},
    {"{ 'Records' : [ {'a':1} ] }", "R{'a':1}"},
    {"{\n  'Records'\n:\n[\n{'a':1},\n{'b':2}\n]\n}\n{'c':3}", "R{'a':1} R{'b':2} R{'c':3}"},
    {"{'x':{'Records':[1]},'y':[2],'Records':[{'a':1}],'z':[{'b':2}]}", "R{'a':1}"},
    {"{'Records':[{'a':1}],'z':{'Records':[3]},'Records':[{'b':2}]}{'c':3}",
     "R{'a':1} R{'b':2} R{'c':3}"},
    {"{'Records':[{'a':1}]}{'Records':[{'b':2}]}", "R{'a':1} R{'b':2}"},
    {"{'Records':{'a':1}}", "R{'Records':{'a':1}}"},
    {"{'a':'Records','b':[1]}", "R{'a':'Records','b':[1]}"},
    {"{'a\\'Records':[1]}", "R{'a\\'Records':[1]}"},
    {"{'MyRecords':[1]}", "R{'MyRecords':[1]}"},
    {"{'RECORDS':[1]}", "R{'RECORDS':[1]}"},
    {"{'records':[{'a':1}]}{'Events':[{'b':2}]}", "R{'a':1} R{'b':2}"},
    {"{'messageType':'DATA_MESSAGE','logEvents':[{'message':'m'}]}", "R{'message':'m'}"},
    {"{'kind':'EventList','items':[{'a':1},{'b':2}],'metadata':{}}", "R{'a':1} R{'b':2}"},
    {"{'a':{'items':[1]}}", "R{'a':{'items':[1]}}"},
    {"{'a':{'Records':[1]}}", "R{'a':{'Records':[1]}}"},
    {"[{'Records':[{'a':1}]}]", "R{'Records':[{'a':1}]}"},
    {"{'Records':[1,{'Records':[2]},[]]}", "O1 R{'Records':[2]} O[]"},
    {"{'Records':[{'a':1},{'b':2}", "R{'a':1} R{'b':2} B=0+27"},
    {"{'Records':[{'a':1}], \n", "R{'a':1} B=0+21"},
    {"{'Records':[{'a':1},{'b'", "R{'a':1} B{'b'"},
    {"{'Records':[{'a':1}\n{'b':2}]}", "R{'a':1} B=0+19 R{'b':2} G]}"},
    {"{'Records':[{'a':1}],'x\n{'b':2}", "R{'a':1} B=0+23 R{'b':2}"},
};

static const struct split_case exported[] = {
    {"2024-01-02T03:04:05.678Z {'a':1}\n2024-01-02T03:04:06Z {'b':2}\n", "R{'a':1} R{'b':2}"},
    {"2024-01-02T03:04:05Z {'Records':[{'a':1}]}", "R{'a':1}"},
    {"2024-01-02T03:04:05Z", "G2024-01-02T03:04:05Z"},
    {"2024-01-02T03:04:05Z ", "G2024-01-02T03:04:05Z"},
    {"2024-01-02T03:04:05Z text {'a':1}", "G2024-01-02T03:04:05Z text {'a':1}"},
    {"2024-01-02T03:04:05Z  {'a':1}", "G2024-01-02T03:04:05Z  {'a':1}"},
    {"2024-01-02T03:04:05 {'a':1}", "G2024-01-02T03:04:05 {'a':1}"},
    {"[2024-01-02T03:04:05Z {'a':1}]", "G2024-01-02T03:04:05Z {'a':1}]"},
};

static const struct split_case broken[] = {
    {"{'a':", "B{'a':"},
    {"{'a':1}\n{'b':\n", "R{'a':1} B{'b':"},
    {"{'a':{'b':1}\n{'c':2}\n", "B{'a':{'b':1} R{'c':2}"},
    {"{'a':'text\n{'c':2}\n{'d':3}", "B{'a':'text R{'c':2} R{'d':3}"},
    {"{'a':'text \t\r\n{'c':2}", "B{'a':'text R{'c':2}"},
    {"{'a':{\n'b':1\n{'c':2}", "B{'a':{\n'b':1 R{'c':2}"},
    {"{'a':1}}\n{'c':2}", "R{'a':1} G} R{'c':2}"},
    /* Lines cut behind [ , or : swallow the next, which is read again. */
    {"{'a':1,\n{'b':2}\n{'c':3}", "B{'a':1, R{'b':2} R{'c':3}"},
    {"{'a':1,\n{'b':2}", "B{'a':1, R{'b':2}"},
    {"{'a':[\n{'b':'x,\n{'c':3}\n{'d':\n{'e':5}", "B{'a':[ B{'b':'x, R{'c':3} B{'d': R{'e':5}"},
    {"{'Records':[{'a':[\n{'b':2}\n{'c':3}", "B{'a':[ R{'b':2} R{'c':3}"},
    {"{'Records':[{'a':1}],'x':[\n{'b':2}\n", "R{'a':1} B=0+26 R{'b':2}"},
};

static const struct split_case scalars[] = {
    {"1", "O1"},
    {"true\nfalse\nnull", "Otrue Ofalse Onull"},
    {"-0.5e+10 'text' 'a\\'b\\\\'{'a':1}", "O-0.5e+10 O'text' O'a\\'b\\\\' R{'a':1}"},
    {"0123", "G0123"},
    {"nul", "Gnul"},
    {"truely so\n{'a':1}", "Gtruely so R{'a':1}"},
    {"'open\n{'a':1}", "G'open R{'a':1}"},
    {"'open", "G'open"},
    {"['a','open", "O'a' G'open"},
};

static const struct split_case texts[] = {
    {"hello", "Ghello"},
    {"hello\nworld, {not} at [the] start\n 7\n\n", "Ghello\nworld, {not} at [the] start\n 7"},
    {"hello\n \t{'a':1}\nworld\n [{'b':2}]", "Ghello R{'a':1} Gworld R{'b':2}"},
    {"]\n}\n:", "G]\n}\n:"},
    {"{'a':1};{'b':2}\n{'c':3}", "R{'a':1} G;{'b':2} R{'c':3}"},
    {"\xEF\xBB{'a':1}", "G\xEF\xBB{'a':1}"},
    {"\xEF\xBB", "G\xEF\xBB"},
    {"<!doctype html>\n<p>\"quoted\"</p>\n<script>f({});</script>\n",
     "G<!doctype html>\n<p>\"quoted\"</p>\n<script>f({});</script>"},
};

/* clang-format on */

static void cuts_documents_however_they_are_joined(void **state)
{
    (void) state;
    check_cases(plain, usual);
}

static void cuts_elements_out_of_arrays(void **state)
{
    (void) state;
    check_cases(arrays, usual);
}

static void passes_over_the_time_before_an_exported_record(void **state)
{
    (void) state;
    check_cases(exported, usual);
}

static void cuts_records_out_of_envelopes(void **state)
{
    (void) state;
    check_cases(envelopes, usual);
}

static void leaves_envelopes_whole_where_asked(void **state)
{
    (void) state;
    struct np_split_params params = usual;
    params.unwrap = false;
    static const struct split_case cases[] = {
        {"{'Records':[{'a':1}]}[{'b':2}]", "R{'Records':[{'a':1}]} R{'b':2}"},
    };
    check_cases(cases, params);
}

static void loses_only_what_is_broken(void **state)
{
    (void) state;
    check_cases(broken, usual);
}

static void tells_scalars_from_text(void **state)
{
    (void) state;
    check_cases(scalars, usual);
}

static void gives_text_as_one_piece(void **state)
{
    (void) state;
    check_cases(texts, usual);
}

static void passes_over_records_beyond_the_limits(void **state)
{
    (void) state;
    const struct np_split_params params = {.max_record = 20, .max_depth = 3, .unwrap = true};
    static const struct split_case cases[] = {
        {"{'a':'23456789 1234'}", "T{'a':'23456789 1234'}"},
        {"{'a':'23456789 123'}", "R{'a':'23456789 123'}"},
        {"{'a':'23456789 1234 {'}{'b':1}", "T{'a':'23456789 1234 {'} R{'b':1}"},
        {"{'a':'23456789 1234\n{'b':1}", "B{'a':'23456789 1234 R{'b':1}"},
        {"{'a':'23456789 123456\n{'b':1}", "T{'a':'23456789 123456 R{'b':1}"},
        {"{'a':'23456789 123456", "T{'a':'23456789 123456"},
        {"{'a':{'b':[]}}", "R{'a':{'b':[]}}"},
        {"{'a':{'b':[{}]}}{'c':1}", "D{'a':{'b':[{}]}} R{'c':1}"},
        {"{'a':{'b':[{}", "D{'a':{'b':[{}"},
        {"{'a':{'b':[{}\n{'c':1}", "D{'a':{'b':[{} R{'c':1}"},
        {"[[[[[[[[[[[]]]]]]]]]]]", "O[[[[[[[[[[]]]]]]]]]]"},
        /* What is beside the records of an envelope may be deep. */
        {"{'x':[[[]]],'Records':[{'a':1}],'yyyyyyyyyyyyyyyyy':[[[]]]}", "R{'a':1}"},
    };
    check_cases(cases, params);
}

/* A value of more than the record limit and than the head is let go and told when it ends. */
static void keeps_no_more_than_the_record_limit(void **state)
{
    (void) state;
    const struct np_split_params params = {.max_record = 100, .max_depth = 8, .unwrap = true};
    static const struct {
        const char *before; /* 5000 bytes of `fill` */
        const char *after;
        char fill;
        enum np_piece_kind kind;
        size_t length;
    } cases[] = {
        {"{\"a\":\"", "\"}{}", 'x', NP_PIECE_TOO_LONG, 5008},
        {"{\"a\":\"", "\n{}", 'x', NP_PIECE_TOO_LONG, 5006},
        {"{\"a\":\"", "", 'x', NP_PIECE_TOO_LONG, 5006},
        {"{\"a\":\"", "", '\\', NP_PIECE_TOO_LONG, 5006},
        {"{\"a\":1", "}{}", ' ', NP_PIECE_TOO_LONG, 5007},
        {"{\"a\":\"", "\",\"Records\":[{}]}{}", 'x', NP_PIECE_TOO_LONG, 5023},
        {"{\"a\":1", "\n{}", ' ', NP_PIECE_BROKEN, 6},
        {"{\"a\":", "", '[', NP_PIECE_TOO_LONG, 5005},
        {"[[", "]]{}", ',', NP_PIECE_NO_OBJECT, 5002},
        {"\"", "\"{}", 'x', NP_PIECE_NO_OBJECT, 5002},
        {"<", "\n{}", 'x', NP_PIECE_NO_JSON, 5001},
        {"1", "\n{}", '1', NP_PIECE_NO_JSON, 5001},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_buf text;
        np_buf_init(&text, SIZE_MAX);
        (void) np_buf_add_str(&text, cases[i].before);
        for (size_t n = 0; n < 5000; n++)
            (void) np_buf_add_char(&text, cases[i].fill);
        (void) np_buf_add_str(&text, cases[i].after);
        struct split_pieces pieces =
            split_how(np_buf_span(&text), params, SPLIT_BYTES, NP_JSON_SCAN_BEST);
        assert_true(pieces.list.len >= 1);
        if (pieces.list.items[0].kind != cases[i].kind ||
            pieces.list.items[0].length != cases[i].length)
            fail_msg("case %zu: %s", i, np_buf_cstr(&pieces.text));
        if (strlen(cases[i].after) > 2)
            assert_int_equal(pieces.list.items[1].kind, NP_PIECE_RECORD);
        split_pieces_done(&pieces);
        if (!is_split_alike(np_buf_span(&text), params))
            fail_msg("case %zu is split differently", i);
        np_buf_done(&text);
    }
}

/* Half a line, then whole ones each of which ends with a comma: nothing but the limit shows it. */
static void starts_again_where_the_limit_shows_a_broken_line(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    (void) np_buf_add_str(&text, "{\"a\":[\n");
    for (int i = 0; i < 1000; i++)
        (void) np_buf_add_str(&text, "{\"b\":1},\n");
    struct split_pieces pieces = split(np_buf_span(&text), usual);
    assert_int_equal(pieces.list.len, 1001);
    assert_int_equal(pieces.list.items[0].kind, NP_PIECE_BROKEN);
    assert_int_equal(pieces.list.items[0].length, 6);
    assert_int_equal(pieces.list.items[1000].kind, NP_PIECE_RECORD);
    split_pieces_done(&pieces);
    assert_true(is_split_alike(np_buf_span(&text), usual));
    np_buf_done(&text);
}

/*
 * The rest of an envelope may be long, and have lines that begin with { where that is valid; but
 * that no records are looked for in it any more must be told.
 */
static void tells_the_long_rest_of_an_envelope(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    (void) np_buf_add_str(&text, "{\"Records\":[{\"a\":1}],\"x\":[\n{}");
    for (int i = 0; i < 1000; i++)
        (void) np_buf_add_str(&text, ",\n{\"b\":1}");
    (void) np_buf_add_str(&text, "],\"Records\":[{\"c\":1}]}{\"d\":1}");
    struct split_pieces pieces = split(np_buf_span(&text), usual);
    static const char wanted[] = " R{\"a\":1} T],\"x\":[\n{},\n{\"b\":1},";
    assert_memory_equal(np_buf_cstr(&pieces.text), wanted, strlen(wanted));
    assert_int_equal(pieces.list.len, 3);
    assert_int_equal(pieces.list.items[2].kind, NP_PIECE_RECORD);
    assert_int_equal(pieces.list.items[1].offset + pieces.list.items[1].length,
                     pieces.list.items[2].offset);
    split_pieces_done(&pieces);
    assert_true(is_split_alike(np_buf_span(&text), usual));
    np_buf_done(&text);
}

/* Every line is broken and swallows the next ones: each is read again, but not for ever. */
static void reads_again_only_so_much(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    for (int i = 0; i < 20000; i++)
        (void) np_buf_add_str(&text, "{\"a\":[\n");
    struct split_pieces pieces = split(np_buf_span(&text), usual);
    assert_in_range(pieces.list.len, NP_SPLIT_RESCAN_FACTOR, 2 * NP_SPLIT_RESCAN_FACTOR);
    split_pieces_done(&pieces);
    np_buf_done(&text);
}

static void gives_lines_unseen_where_that_is_exact(void **state)
{
    (void) state;
    struct np_split_params params = usual;
    params.lines = true;
    static const struct split_case cases[] = {
        {"{'a':1}\n{'b':2}\n", "L{'a':1} L{'b':2}"},
        {"{'a':1}\r\n{'b':2}\r\n{'c':3}", "L{'a':1} L{'b':2} L{'c':3}"},
        {" {'a':1} \n{'b':2}{'c':3}\n{'d':}\n", "L{'a':1} L{'b':2}{'c':3} L{'d':}"},
        {"{'a':{}\n{'b':2}", "L{'a':{} L{'b':2}"},
        {"{'a':1}\n\n{'b':2}\n [{'c':3}]", "R{'a':1} R{'b':2} R{'c':3}"},
        {"{'a':1\n}\n{'b':2}", "R{'a':1\n} L{'b':2}"},
        {"{'a':1\n{'b':2}\n7", "B{'a':1 R{'b':2} O7"},
        {"[{'a':1},\n{'b':2}\n]\n{'c':3}", "R{'a':1} R{'b':2} L{'c':3}"},
        {"{'a':1} x\n{'b':2}", "R{'a':1} Gx L{'b':2}"},
        {"{'a':1,\n{'b':2}\n{'c':3}", "B{'a':1, L{'b':2} L{'c':3}"},
    };
    check_cases(cases, params);
}

static void looks_into_long_lines(void **state)
{
    (void) state;
    const struct np_split_params params = {.max_record = 1 << 20, .max_depth = 8, .lines = true};
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    for (size_t len = 0; len < 2 * NP_SPLIT_LINE_MAX_BYTES; len = text.len)
        (void) np_buf_add_str(&text, "{\"a\":1}");
    (void) np_buf_add_str(&text, "\n{\"b\":2}");
    struct split_pieces pieces =
        split_how(np_buf_span(&text), params, SPLIT_RANDOM, NP_JSON_SCAN_BEST);
    assert_int_equal(pieces.list.items[0].kind, NP_PIECE_RECORD);
    assert_int_equal(pieces.list.items[pieces.list.len - 1].kind, NP_PIECE_LINE);
    assert_true(pieces.window_max <= NP_SPLIT_LINE_MAX_BYTES);
    split_pieces_done(&pieces);
    np_buf_done(&text);
}

static void tells_whether_there_was_any_value(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool seen;
    } cases[] = {
        {"", false},     {" \n", false},  {"\xEF\xBB\xBF ", false},
        {"text", false}, {"[]", true},    {"{}", true},
        {"1", true},     {"\"a\"", true}, {"{\"Records\":[]}", true},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        for (int lines = 0; lines <= 1; lines++) {
            struct np_split_params params = usual;
            params.lines = lines != 0;
            struct np_split splitter;
            struct np_piece piece;
            np_split_init(&splitter, params);
            while (np_split_next(&splitter, np_span_of(cases[i].text), true, &piece) ==
                   NP_SPLIT_PIECE)
                continue;
            assert_int_equal(splitter.seen_value, cases[i].seen);
        }
    }
}

/* Changes, removes, doubles or joins parts of `text` in place; returns the new length. */
static size_t mutate(char *text, size_t len, size_t cap)
{
    static const char bytes[] = "\"\"\\{}[]\n\n\n,: 1x";
    for (int changes = 1 + rand() % 4; changes > 0 && len > 0; changes--) {
        size_t place = (size_t) rand() % len;
        size_t part = 1 + (size_t) rand() % (1 + len / 4);
        part = NP_MIN(part, len - place);
        switch (rand() % 4) {
        case 0:
            text[place] = bytes[(size_t) rand() % (sizeof(bytes) - 1)];
            break;
        case 1:
            memmove(text + place, text + place + part, len - place - part);
            len -= part;
            break;
        case 2:
            if (len + part <= cap) {
                memmove(text + place + part, text + place, len - place);
                len += part;
            }
            break;
        case 3:
            if (len < cap && place + 1 < len) {
                memmove(text + place + 1, text + place, len - place);
                text[place] = '\n';
                len++;
            }
            break;
        }
    }
    return len;
}

static void check_mutations(const struct split_case *cases, size_t count, unsigned rounds)
{
    static const struct np_split_params params[] = {
        {.max_record = 4096, .max_depth = 64, .unwrap = true},
        {.max_record = 70, .max_depth = 4, .unwrap = true},
        {.max_record = 20, .max_depth = 2},
    };
    for (unsigned seed = 0; seed < rounds; seed++) {
        srand(seed);
        char text[4 * CASE_MAX];
        size_t len = 0;
        for (int parts = 1 + rand() % 3; parts > 0; parts--)
            len += quoted(cases[(size_t) rand() % count].text, text + len, CASE_MAX).len;
        len = mutate(text, len, sizeof(text));
        for (size_t i = 0; i < NP_ARRAY_LEN(params); i++)
            if (!is_split_alike(np_span_make(text, len), params[i]))
                fail_msg("seed %u, params %zu: %.*s", seed, i, (int) len, text);
    }
}

static void splits_mutations_alike_however_they_are_cut(void **state)
{
    (void) state;
    unsigned rounds = test_rounds(300);
    check_mutations(plain, NP_ARRAY_LEN(plain), rounds);
    check_mutations(arrays, NP_ARRAY_LEN(arrays), rounds);
    check_mutations(envelopes, NP_ARRAY_LEN(envelopes), rounds);
    check_mutations(exported, NP_ARRAY_LEN(exported), rounds);
    check_mutations(broken, NP_ARRAY_LEN(broken), rounds);
    check_mutations(texts, NP_ARRAY_LEN(texts), rounds);
}

static struct np_span read_file(int folder, const char *name, struct np_buf *buf)
{
    enum { FILE_MAX = 16 << 20, PART = 1 << 16 };
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    np_buf_init(buf, FILE_MAX);
    ssize_t got = 1;
    while (got > 0) {
        assert_int_equal(np_buf_reserve(buf, PART), 0);
        got = read(fd, buf->data + buf->len, PART);
        assert_true(got >= 0);
        buf->len += (size_t) got;
    }
    (void) close(fd);
    return np_buf_span(buf);
}

static bool is_log(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcmp(dot, ".json") == 0 || strcmp(dot, ".ndjson") == 0 ||
                           strcmp(dot, ".cloudtrail") == 0);
}

/* Checks one file and returns how many records it holds. */
static size_t check_file(int folder, const char *name)
{
    static const struct np_split_params params = {
        .max_record = 1 << 20, .max_depth = 256, .unwrap = true};
    enum { FEW = 20 };
    struct np_buf buf;
    struct np_span text = read_file(folder, name, &buf);
    struct split_pieces pieces = split(text, params);
    size_t records = 0;
    for (size_t i = 0; i < pieces.list.len; i++)
        records += pieces.list.items[i].kind == NP_PIECE_RECORD;
    if (is_log(name) ? records != pieces.list.len : pieces.list.len > FEW)
        fail_msg("%s: %zu records, %zu pieces", name, records, pieces.list.len);
    if (!is_split_alike(text, params))
        fail_msg("%s is split differently", name);
    split_pieces_done(&pieces);
    np_buf_done(&buf);
    return is_log(name) ? records : 0;
}

static void splits_real_logs_alike_however_they_are_cut(void **state)
{
    (void) state;
    static const struct {
        const char *folder;
        size_t records;
    } folders[] = {
        {"cloudtrail/trail-real", 1293},
        {"cloudtrail/technique-logs", 117},
        {"cloudtrail/api-examples", 563},
        {"audit-samples", 34 + 94 + 45},
    };
    const char *data = getenv("NEPHO_TEST_DATA");
    if (data == NULL) {
        print_message("# NEPHO_TEST_DATA is not set\n");
        skip();
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(folders); i++) {
        char path[4096];
        (void) snprintf(path, sizeof(path), "%s/%s", data, folders[i].folder);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        size_t records = 0;
        for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
            if (entry->d_name[0] != '.')
                records += check_file(dirfd(folder), entry->d_name);
        (void) closedir(folder);
        assert_int_equal(records, folders[i].records);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_documents_however_they_are_joined),
        cmocka_unit_test(cuts_elements_out_of_arrays),
        cmocka_unit_test(cuts_records_out_of_envelopes),
        cmocka_unit_test(passes_over_the_time_before_an_exported_record),
        cmocka_unit_test(leaves_envelopes_whole_where_asked),
        cmocka_unit_test(loses_only_what_is_broken),
        cmocka_unit_test(tells_scalars_from_text),
        cmocka_unit_test(gives_text_as_one_piece),
        cmocka_unit_test(passes_over_records_beyond_the_limits),
        cmocka_unit_test(keeps_no_more_than_the_record_limit),
        cmocka_unit_test(starts_again_where_the_limit_shows_a_broken_line),
        cmocka_unit_test(tells_the_long_rest_of_an_envelope),
        cmocka_unit_test(reads_again_only_so_much),
        cmocka_unit_test(gives_lines_unseen_where_that_is_exact),
        cmocka_unit_test(looks_into_long_lines),
        cmocka_unit_test(tells_whether_there_was_any_value),
        cmocka_unit_test(splits_mutations_alike_however_they_are_cut),
        cmocka_unit_test(splits_real_logs_alike_however_they_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
