/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line is one write: figures in parts that are left out where it is narrow, behind a bar that
 * takes what is left.
 */
#include "sink/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sink/figure.h"
#include "sink/width.h"

#define REDRAW_NS (NP_NS_PER_S / 10)

enum {
    WIDTH_DEFAULT = 80,
    BAR_MIN_WIDTH = 40, /* of a terminal with a bar */
    BAR_MIN_COLUMNS = 10,
    BAR_MAX_COLUMNS = 30,
    LINE_MAX_BYTES = 4096,
    GAP = 2,
};

void np_progress_init(struct np_progress *progress, int fd, size_t width, enum np_charset charset,
                      np_mono_ns now)
{
    *progress = (struct np_progress){
        .fd = fd,
        .width = width > 0 ? width : WIDTH_DEFAULT,
        .charset = charset,
        .start = now,
        .drawn_at = now - REDRAW_NS,
    };
}

/* Thousandths of the work that are done; a file that has grown since is not more than all. */
static unsigned done_permille(const struct np_progress_figures *figures)
{
    if (figures->bytes_done >= figures->bytes_total)
        return 1000;
    return (unsigned) ((double) figures->bytes_done / (double) figures->bytes_total * 1000);
}

/* "1.2 of 2.9 GB" reads better than both units, but only where they are equal. */
static void size_text(char *out, size_t size, const struct np_progress_figures *figures)
{
    char done[NP_FIGURE_BYTES];
    char total[NP_FIGURE_BYTES];
    np_figure_bytes(done, figures->bytes_done);
    np_figure_bytes(total, figures->bytes_total);
    const char *done_unit = strchr(done, ' ');
    const char *total_unit = strchr(total, ' ');
    int digits = done_unit != NULL && total_unit != NULL && strcmp(done_unit, total_unit) == 0
                     ? (int) (done_unit - done)
                     : (int) strlen(done);
    if (figures->bytes_total > 0)
        (void) snprintf(out, size, "%.*s of %s", digits, done, total);
    else
        (void) snprintf(out, size, "%s", done);
}

/* The time left at the speed so far, or the time that has passed where the end is not known. */
static void time_text(char *out, size_t size, const struct np_progress_figures *figures,
                      double seconds)
{
    char clock[NP_FIGURE_BYTES];
    double left = seconds;
    if (figures->bytes_total > 0 && figures->bytes_done > 0)
        left = seconds * (double) figures->bytes_total / (double) figures->bytes_done - seconds;
    bool is_known = figures->bytes_total == 0 || figures->bytes_done > 0;
    np_figure_clock(clock, left >= 0 && left < 1e9 ? (uint64_t) left : 0);
    (void) snprintf(out, size, "%s%s", figures->bytes_total > 0 ? "ETA " : "",
                    is_known ? clock : "-:--");
}

enum part { PERCENT, SIZE, RATE, FINDINGS, TIME, PART_MAX };

static void make_parts(struct np_part parts[PART_MAX], const struct np_progress_figures *figures,
                       double seconds)
{
    char figure[NP_FIGURE_BYTES];
    memset(parts, 0, PART_MAX * sizeof(parts[0]));
    if (figures->bytes_total > 0) {
        parts[PERCENT].rank = 5;
        (void) snprintf(parts[PERCENT].text, sizeof(parts[0].text), "%3u %%",
                        done_permille(figures) / 10);
    }
    parts[SIZE].rank = 3;
    size_text(parts[SIZE].text, sizeof(parts[0].text), figures);
    parts[RATE].rank = 2;
    np_figure_count(figure, np_figure_rate(figures->events, seconds));
    (void) snprintf(parts[RATE].text, sizeof(parts[0].text), "%s events/s", figure);
    parts[FINDINGS].rank = 1;
    np_figure_count(figure, figures->findings);
    (void) snprintf(parts[FINDINGS].text, sizeof(parts[0].text), "%s finding%s", figure,
                    figures->findings == 1 ? "" : "s");
    parts[TIME].rank = 4;
    time_text(parts[TIME].text, sizeof(parts[0].text), figures, seconds);
}

static void add_bar(struct np_buf *buf, size_t columns, unsigned permille, enum np_charset charset)
{
    bool unicode = charset == NP_CHARSET_UNICODE;
    size_t done = columns * permille / 1000;
    for (size_t i = 0; i < columns; i++)
        np_buf_add_str(buf, i < done ? (unicode ? "━" : "#") : (unicode ? "─" : "-"));
}

/* The columns of the bar depend on the terminal only, so that it stands still. */
static size_t bar_columns(const struct np_progress *progress,
                          const struct np_progress_figures *figures)
{
    if (figures->bytes_total == 0 || progress->width < BAR_MIN_WIDTH)
        return 0;
    return NP_MIN(NP_MAX(progress->width / 5, (size_t) BAR_MIN_COLUMNS), (size_t) BAR_MAX_COLUMNS);
}

/*
 * The line that is to stand there, without the blanks that cover the last one. Returns its columns.
 */
static size_t make_line(struct np_buf *buf, const struct np_progress *progress,
                        const struct np_progress_figures *figures, double seconds)
{
    struct np_part parts[PART_MAX];
    size_t room = progress->width - 1; /* a line that fills the last column may scroll */
    size_t bar = bar_columns(progress, figures);
    if (bar > 0) {
        add_bar(buf, bar, done_permille(figures), progress->charset);
        np_buf_add_str(buf, "  ");
        bar += GAP;
    }
    make_parts(parts, figures, seconds);
    return bar + np_fit_parts(buf, parts, PART_MAX, "  ", room - bar);
}

/* Replaces the line on the terminal by `line` of `columns`. */
static void draw(struct np_progress *progress, struct np_buf *line, size_t columns)
{
    for (size_t i = columns; i < progress->drawn_columns; i++)
        np_buf_add_char(line, ' ');
    np_buf_add_char(line, '\r');
    if (line->error == 0 && write(progress->fd, line->data, line->len) >= 0)
        progress->drawn_columns = columns;
}

void np_progress_update(struct np_progress *progress, const struct np_progress_figures *figures,
                        np_mono_ns now)
{
    if (now - progress->drawn_at < REDRAW_NS)
        return;
    progress->drawn_at = now;
    np_auto_buf struct np_buf line = {};
    np_buf_init(&line, LINE_MAX_BYTES);
    np_buf_add_char(&line, '\r');
    double seconds = (double) (now - progress->start) / (double) NP_NS_PER_S;
    size_t columns = make_line(&line, progress, figures, seconds);
    draw(progress, &line, columns);
}

void np_progress_erase(struct np_progress *progress)
{
    if (progress->drawn_columns == 0)
        return;
    np_auto_buf struct np_buf line = {};
    np_buf_init(&line, LINE_MAX_BYTES);
    np_buf_add_char(&line, '\r');
    draw(progress, &line, 0);
    progress->drawn_at -= REDRAW_NS;
}
