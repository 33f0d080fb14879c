/* SPDX-License-Identifier: Apache-2.0 */
/* Plain formatting without locale: the same run reads the same everywhere. */
#include "sink/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"

void np_figure_count(char out_text[NP_FIGURE_BYTES], uint64_t count)
{
    char digits[24];
    size_t len = (size_t) snprintf(digits, sizeof(digits), "%" PRIu64, count);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out_text[at++] = ',';
        out_text[at++] = digits[i];
    }
    out_text[at] = '\0';
}

void np_figure_times(char out_text[NP_FIGURE_BYTES], uint64_t count, enum np_charset charset)
{
    char figure[NP_FIGURE_BYTES];
    np_figure_count(figure, count);
    (void) snprintf(out_text, NP_FIGURE_BYTES, "%s%.28s", charset == NP_CHARSET_UNICODE ? "×" : "x",
                    figure);
}

void np_figure_bytes(char out_text[NP_FIGURE_BYTES], uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%" PRIu64 " B", bytes);
        return;
    }
    size_t unit = 0;
    double value = (double) bytes / 1000;
    while (value >= 999.95 && unit + 1 < NP_ARRAY_LEN(units)) { /* what would read as 1000.0 */
        value /= 1000;
        unit++;
    }
    (void) snprintf(out_text, NP_FIGURE_BYTES, "%.1f %s", value, units[unit]);
}

void np_figure_seconds(char out_text[NP_FIGURE_BYTES], double seconds)
{
    if (!(seconds > 0)) /* a NaN too */
        seconds = 0;
    seconds = NP_MIN(seconds, 1e15);
    uint64_t whole = (uint64_t) seconds;
    if (whole < 10)
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%.2f s", seconds);
    else if (whole < 100)
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%.1f s", seconds);
    else if (whole < 3600)
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%" PRIu64 " min %" PRIu64 " s", whole / 60,
                        whole % 60);
    else
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%" PRIu64 " h %" PRIu64 " min", whole / 3600,
                        whole / 60 % 60);
}

void np_figure_clock(char out_text[NP_FIGURE_BYTES], uint64_t seconds)
{
    if (seconds < 3600)
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%" PRIu64 ":%02" PRIu64, seconds / 60,
                        seconds % 60);
    else
        (void) snprintf(out_text, NP_FIGURE_BYTES, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64,
                        seconds / 3600, seconds / 60 % 60, seconds % 60);
}

uint64_t np_figure_rate(uint64_t count, double seconds)
{
    double rate = seconds > 0 ? (double) count / seconds : 0;
    return rate < 1e15 ? (uint64_t) rate : 0;
}
