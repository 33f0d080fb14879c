/* SPDX-License-Identifier: Apache-2.0 */
/* The progress line through a pipe: what it says, that it fits, that it is not drawn too often and goes away. */
#include "unit/sink/fixture.h"

#include "sink/progress.h"

#define S NP_NS_PER_S

struct line {
    int ends[2];
    struct np_progress progress;
    char text[8192]; /* of the last read */
};

static void begin(struct line *line, size_t width, enum np_charset charset)
{
    assert_int_equal(pipe(line->ends), 0);
    assert_int_equal(fcntl(line->ends[0], F_SETFL, O_NONBLOCK), 0);
    np_progress_init(&line->progress, line->ends[1], width, charset, 100 * S);
}

/* What was written since the last call. */
static const char *written(struct line *line)
{
    ssize_t len = read(line->ends[0], line->text, sizeof(line->text) - 1);
    line->text[len > 0 ? len : 0] = '\0';
    return line->text;
}

static void end(struct line *line)
{
    assert_int_equal(close(line->ends[0]), 0);
    assert_int_equal(close(line->ends[1]), 0);
}

static const struct np_progress_figures half = {
    .bytes_done = 1450000000, .bytes_total = 2900000000, .events = 900000, .findings = 37};

static void tells_how_far_how_fast_and_how_long(void **state)
{
    (void) state;
    struct line line;
    begin(&line, 100, NP_CHARSET_UNICODE);
    np_progress_update(&line.progress, &half, 102 * S);
    assert_string_equal(
        written(&line),
        "\r━━━━━━━━━━──────────   50 %  1.4 of 2.9 GB  450,000 events/s  37 findings  ETA 0:02\r");
    end(&line);
    begin(&line, 100, NP_CHARSET_ASCII);
    np_progress_update(&line.progress, &half, 102 * S);
    assert_string_equal(
        written(&line),
        "\r##########----------   50 %  1.4 of 2.9 GB  450,000 events/s  37 findings  ETA 0:02\r");
    end(&line);
}

static void has_no_bar_where_the_end_is_not_known(void **state)
{
    (void) state;
    struct line line;
    const struct np_progress_figures figures = {.bytes_done = 1200, .events = 10, .findings = 1};
    begin(&line, 80, NP_CHARSET_UNICODE);
    np_progress_update(&line.progress, &figures, 105 * S);
    assert_string_equal(written(&line), "\r1.2 kB  2 events/s  1 finding  0:05\r");
    end(&line);
}

static void promises_nothing_before_the_first_byte(void **state)
{
    (void) state;
    struct line line;
    const struct np_progress_figures figures = {.bytes_total = 5000};
    begin(&line, 80, NP_CHARSET_ASCII);
    np_progress_update(&line.progress, &figures, 100 * S);
    assert_string_equal(
        written(&line),
        "\r----------------    0 %  0 B of 5.0 kB  0 events/s  0 findings  ETA -:--\r");
    end(&line);
}

static void is_never_more_than_done(void **state)
{
    (void) state;
    struct line line;
    const struct np_progress_figures figures = {.bytes_done = 7000, .bytes_total = 5000};
    begin(&line, 30, NP_CHARSET_ASCII);
    np_progress_update(&line.progress, &figures, 101 * S);
    assert_string_equal(written(&line), "\r100 %  ETA 0:00\r");
    end(&line);
}

static void draws_ten_times_a_second_at_most(void **state)
{
    (void) state;
    struct line line;
    begin(&line, 80, NP_CHARSET_ASCII);
    int drawn = 0;
    for (int ms = 0; ms < 1000; ms++) {
        np_progress_update(&line.progress, &half, 100 * S + ms * (S / 1000));
        drawn += *written(&line) != '\0';
    }
    assert_int_equal(drawn, 10);
    end(&line);
}

static void covers_what_stood_there_and_goes_away(void **state)
{
    (void) state;
    struct line line;
    const struct np_progress_figures small = {.bytes_done = 1, .events = 0};
    begin(&line, 60, NP_CHARSET_ASCII);
    np_progress_erase(&line.progress);
    assert_string_equal(written(&line), ""); /* nothing was there */
    np_progress_update(&line.progress, &half, 101 * S);
    size_t first = strlen(written(&line)) - 2;
    np_progress_update(&line.progress, &small, 102 * S);
    assert_int_equal(strlen(written(&line)) - 2, first);
    np_progress_erase(&line.progress);
    assert_string_equal(written(&line), "\r                                 \r");
    np_progress_update(&line.progress, &small, 102 * S); /* at once, though it was drawn just now */
    assert_string_equal(written(&line), "\r1 B  0 events/s  0 findings  0:02\r");
    end(&line);
}

static void fits_every_width(void **state)
{
    (void) state;
    const struct np_progress_figures huge = {.bytes_done = UINT64_MAX - 1,
                                             .bytes_total = UINT64_MAX,
                                             .events = UINT64_MAX,
                                             .findings = UINT64_MAX};
    for (size_t width = 1; width < 200; width++) {
        struct line line;
        begin(&line, width, NP_CHARSET_UNICODE);
        np_progress_update(&line.progress, &huge, 100 * S + 1);
        const char *text = written(&line);
        size_t len = strlen(text);
        assert_int_equal(text[0], '\r');
        assert_int_equal(text[len - 1], '\r');
        assert_harmless(text + 1, len - 2, width - 1, false);
        end(&line);
    }
}

static void ignores_a_terminal_that_has_gone(void **state)
{
    (void) state;
    struct np_progress progress;
    np_progress_init(&progress, -1, 0, NP_CHARSET_ASCII, 0);
    np_progress_update(&progress, &half, S);
    np_progress_erase(&progress);
    assert_int_equal(progress.drawn_columns, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_far_how_fast_and_how_long),
        cmocka_unit_test(has_no_bar_where_the_end_is_not_known),
        cmocka_unit_test(promises_nothing_before_the_first_byte),
        cmocka_unit_test(is_never_more_than_done),
        cmocka_unit_test(draws_ten_times_a_second_at_most),
        cmocka_unit_test(covers_what_stood_there_and_goes_away),
        cmocka_unit_test(fits_every_width),
        cmocka_unit_test(ignores_a_terminal_that_has_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
