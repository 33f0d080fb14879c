/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both ways to make masks against one byte at a time, over random bytes that are rich in what
 * matters.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/json/scan.h"

enum { TEXT_MAX = 300, ROUNDS = 20000 };

/* The obvious way: what a scan knows, one byte at a time. */
struct model {
    bool in_string;
    bool escaped;
    bool after_newline;
};

static void model_step(struct model *model, char c, unsigned bit, struct np_json_masks *masks)
{
    bool is_open = c == '{' || c == '[';
    bool is_close = c == '}' || c == ']';
    if (is_open && model->after_newline)
        masks->line_start |= UINT64_C(1) << bit;
    if (c == '"' && !model->escaped)
        model->in_string = !model->in_string;
    else if (is_open && !model->in_string)
        masks->open |= UINT64_C(1) << bit;
    else if (is_close && !model->in_string)
        masks->close |= UINT64_C(1) << bit;
    model->escaped = c == '\\' && !model->escaped;
    model->after_newline = c == '\n';
}

static size_t random_text(char *text)
{
    static const char bytes[] = "\"\"\\\\\\{}[]\n,: ax";
    size_t len = (size_t) rand() % TEXT_MAX;
    int plain = rand() % 100;
    for (size_t i = 0; i < len; i++)
        text[i] = rand() % 100 < plain ? 'a' : bytes[(size_t) rand() % (sizeof(bytes) - 1)];
    return len;
}

static bool same_masks(const struct np_json_masks *a, const struct np_json_masks *b)
{
    return a->open == b->open && a->close == b->close && a->line_start == b->line_start;
}

static bool same_state(const struct np_json_scan *scan, const struct model *model)
{
    return scan->escaped == model->escaped && scan->after_newline == model->after_newline &&
           scan->in_string == (model->in_string ? UINT64_MAX : 0);
}

/* Scans `text` cut at random places, looking at each block: whether all that is told is right. */
static bool is_scanned_right(const char *text, size_t len, enum np_json_scan_how how)
{
    struct np_json_scan scan;
    np_json_scan_init(&scan, how);
    np_json_scan_enter(&scan, 1, 0); /* no depth is allowed: every block wants a look */
    struct model model = {};
    for (size_t at = 0; at < len;) {
        size_t part = 1 + (size_t) rand() % (len - at);
        size_t block = part < NP_JSON_SCAN_BLOCK ? part : NP_JSON_SCAN_BLOCK;
        struct np_json_masks got = {};
        struct np_json_masks want = {};
        if (np_json_scan_pass(&scan, text + at, part, &got) != 0)
            return false;
        for (size_t i = 0; i < block; i++)
            model_step(&model, text[at + i], (unsigned) i, &want);
        if (!same_masks(&got, &want) || !same_state(&scan, &model))
            return false;
        at += block;
    }
    return true;
}

static void makes_the_masks_of_the_obvious_way(void **state)
{
    (void) state;
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        char text[TEXT_MAX];
        srand(seed);
        size_t len = random_text(text);
        if (!is_scanned_right(text, len, NP_JSON_SCAN_BEST) ||
            !is_scanned_right(text, len, NP_JSON_SCAN_PORTABLE))
            fail_msg("seed %u", seed);
    }
}

/* Passes over `text` from depth 3 on; the depth behind it, and the first block looked at. */
static size_t pass(const char *text, size_t len, uint64_t watch, uint64_t max_depth,
                   uint64_t *out_depth)
{
    struct np_json_scan scan;
    struct np_json_masks masks;
    np_json_scan_init(&scan, NP_JSON_SCAN_BEST);
    np_json_scan_enter(&scan, watch, max_depth);
    scan.depth = 3;
    size_t looked = np_json_scan_pass(&scan, text, len, &masks);
    *out_depth = scan.depth;
    return looked;
}

static void looks_only_where_it_matters(void **state)
{
    (void) state;
    static const struct {
        const char *third_block; /* at depth 3, behind a blank block and one with [] */
        uint64_t watch;
        uint64_t max_depth;
        size_t looked;
    } cases[] = {
        {"", 1, 4, 192},      {"", 1, 3, 64}, /* the second block may reach depth 4 */
        {"]]", 1, 4, 192},                    /* depth 1 */
        {"]]]", 1, 4, 128},                   /* may reach depth 0 */
        {"[]]]", 1, 4, 128},                  /* so may this, as far as counting can tell */
        {"]]", 2, 4, 192},                    /* nothing opens */
        {"]][", 2, 4, 128},                   /* may open at depth 1 */
        {"\n{", 1, 9, 128},                   /* may be a boundary */
        {"\"\n{", 1, 9, 128},                 /* in a string too */
        {"\"]]]", 1, 9, 192},                 /* not in a string */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[3 * NP_JSON_SCAN_BLOCK];
        memset(text, ' ', sizeof(text));
        memcpy(text + 70, "[]", 2);
        memcpy(text + 128, cases[i].third_block, strlen(cases[i].third_block));
        uint64_t depth = 0;
        size_t looked = pass(text, sizeof(text), cases[i].watch, cases[i].max_depth, &depth);
        if (looked != cases[i].looked)
            fail_msg("case %zu: looked at %zu", i, looked);
    }
}

static void counts_the_depth_of_what_it_passes(void **state)
{
    (void) state;
    char text[NP_JSON_SCAN_BLOCK * 4] = "";
    memset(text, '[', 200);
    memset(text + 200, ']', 40);
    uint64_t depth = 0;
    assert_int_equal(pass(text, 240, 1, UINT64_MAX, &depth), 240);
    assert_int_equal(depth, 163);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_masks_of_the_obvious_way),
        cmocka_unit_test(looks_only_where_it_matters),
        cmocka_unit_test(counts_the_depth_of_what_it_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
