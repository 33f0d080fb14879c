/* SPDX-License-Identifier: Apache-2.0 */
/* Edit distance over three rows of a small table (restricted Damerau-Levenshtein). */
#include "base/suggest.h"

#include <limits.h>

#include "base/compiler.h"

enum { WORD_MAX = 48 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

/* The cost of turning a[0..i] into b[0..j], from the rows before. */
static int cell(const int (*rows)[WORD_MAX + 1], size_t i, size_t j, struct np_span a,
                struct np_span b)
{
    const int *above = rows[(i + 2) % 3];
    int change = lower(a.ptr[i - 1]) == lower(b.ptr[j - 1]) ? 0 : 1;
    int best = NP_MIN(above[j] + 1, rows[i % 3][j - 1] + 1);
    best = NP_MIN(best, above[j - 1] + change);
    if (i > 1 && j > 1 && lower(a.ptr[i - 1]) == lower(b.ptr[j - 2]) &&
        lower(a.ptr[i - 2]) == lower(b.ptr[j - 1]))
        best = NP_MIN(best, rows[(i + 1) % 3][j - 2] + 1);
    return best;
}

static int distance(struct np_span a, struct np_span b)
{
    int rows[3][WORD_MAX + 1] = {};
    if (a.len > WORD_MAX || b.len > WORD_MAX)
        return INT_MAX;
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = (int) j;
    for (size_t i = 1; i <= a.len; i++) {
        rows[i % 3][0] = (int) i;
        for (size_t j = 1; j <= b.len; j++)
            rows[i % 3][j] = cell((const int(*)[WORD_MAX + 1]) rows, i, j, a, b);
    }
    return rows[a.len % 3][b.len];
}

const char *np_suggest(struct np_span wrong, const char *const *words, size_t count)
{
    const char *best = NULL;
    int best_distance = INT_MAX;
    for (size_t i = 0; i < count; i++) {
        int d = distance(wrong, np_span_of(words[i]));
        if (d < best_distance) {
            best_distance = d;
            best = words[i];
        }
    }
    int allowed = NP_MAX(1, (int) NP_MIN(wrong.len, (size_t) WORD_MAX) / 3);
    return best_distance <= allowed ? best : NULL;
}
