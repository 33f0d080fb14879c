/* SPDX-License-Identifier: Apache-2.0 */
/* Margins, as a reader sees them. */
#include "support/unit.h"

#include "sink/incident/lanes.h"

enum { LINKS_MAX = 12, STEPS_MAX = 12 };

/* Who each link comes from; itself = nobody. */
struct drawing {
    size_t froms[LINKS_MAX];
    size_t link_count;
    const char *steps; /* the letter of the link of each step */
    size_t max;
    const char *want; /* a margin a line */
};

static void assert_drawn(const struct drawing *drawing, enum np_charset charset)
{
    struct np_incident_link links[LINKS_MAX] = {};
    struct np_incident_step steps[STEPS_MAX] = {};
    struct np_credentials credentials;
    struct np_lanes lanes;
    struct np_buf got;
    char text[NP_LANES_BYTES];
    for (size_t i = 0; i < drawing->link_count; i++) {
        links[i].from = drawing->froms[i];
        links[i].reason = drawing->froms[i] != i ? "join" : NULL;
    }
    struct np_incident incident = {.chain = links,
                                   .chain_count = drawing->link_count,
                                   .steps = steps,
                                   .step_count = strlen(drawing->steps)};
    for (size_t i = 0; i < incident.step_count; i++)
        steps[i].link = (size_t) (drawing->steps[i] - 'a');
    np_buf_init(&got, SIZE_MAX);
    assert_int_equal(np_credentials_init(&credentials, &incident), 0);
    assert_int_equal(np_lanes_init(&lanes, &credentials, drawing->max, charset), 0);
    for (size_t i = 0; i < incident.step_count; i++) {
        np_lanes_draw(&lanes, i, text);
        assert_int_equal(np_buf_printf(&got, "%s\n", text), 0);
    }
    assert_string_equal(np_buf_cstr(&got), drawing->want);
    np_buf_done(&got);
    np_lanes_done(&lanes);
    np_credentials_done(&credentials);
}

static void draws_branches(void **state)
{
    (void) state;
    static const struct drawing drawings[] = {
        {{0}, 1, "aaa", 8, "a\na\na\n"},
        {{0, 0}, 2, "aabab", 8, "a\na\n├─b\na │\n  b\n"},
        {{0, 0}, 2, "ab", 8, "a\n└─b\n"},
        {{0, 0, 1}, 3, "abca", 8, "a\n├─b\n│ └─c\na\n"},
        {{0, 0, 0}, 3, "abcba", 8, "a\n├─b\n├─┼─c\n│ b\na\n"},
        /* a lane is used again when its credential has ended */
        {{0, 0, 0}, 3, "abca", 8, "a\n├─b\n├─c\na\n"},
        {{0, 0, 1, 2}, 4, "abcd", 8, "a\n└─b\n  └─c\n    └─d\n"},
        {{0, 0, 1, 2, 3}, 5, "abcde", 4, "a\n└─b\n  └─c\n    └─d\ne─────┘\n"},
        /* nobody to branch off from */
        {{0, 1}, 2, "abab", 8, "a\n│ b\na │\n  b\n"},
        {{0, 1}, 2, "ab", 8, "a\nb\n"},
        /* the last lane is shared */
        {{0, 0, 0}, 3, "abcabc", 2, "a\n├─b\n├─c\na │\n  b\n  c\n"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(drawings); i++)
        assert_drawn(&drawings[i], NP_CHARSET_UNICODE);
}

static void draws_in_ascii(void **state)
{
    (void) state;
    static const struct drawing drawings[] = {
        {{0, 0}, 2, "aabab", 8, "a\na\n+-b\na |\n  b\n"},
        {{0, 0, 0}, 3, "abcb", 8, "a\n+-b\n`-+-c\n  b\n"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(drawings); i++)
        assert_drawn(&drawings[i], NP_CHARSET_ASCII);
}

static void survives_links_that_are_not_there(void **state)
{
    (void) state;
    static const struct drawing drawing = {{9, 9}, 2, "azl", 4, "a\n*\n*\n"};
    assert_drawn(&drawing, NP_CHARSET_UNICODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_branches),
        cmocka_unit_test(draws_in_ascii),
        cmocka_unit_test(survives_links_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
