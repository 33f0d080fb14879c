/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fitting is counting glyphs twice: once to learn whether all of it fits, once to write what does.
 */
#include "sink/width.h"

#include <inttypes.h>
#include <string.h>

#include "sink/figure.h"

enum { NAMES_MIN_COLUMNS = 8 }; /* in fewer, two names are none */

size_t np_width(struct np_span text, size_t limit, enum np_charset charset)
{
    struct np_glyphs glyphs;
    struct np_glyph glyph;
    size_t columns = 0;
    np_glyphs_init(&glyphs, text, charset);
    while (columns < limit && np_glyphs_next(&glyphs, &glyph))
        columns += glyph.columns;
    return columns;
}

/* The mark of a cut, itself cut to `columns`. */
static struct np_span ellipsis(size_t columns, enum np_charset charset)
{
    if (charset == NP_CHARSET_UNICODE && columns > 0)
        return NP_SPAN("…");
    return np_span_head(NP_SPAN("..."), columns);
}

/* The beginning in `room` columns, without blanks before the cut, then `mark`. */
static size_t fit_head(struct np_buf *buf, struct np_glyphs glyphs, size_t room,
                       struct np_span mark)
{
    struct np_glyph glyph;
    size_t columns = 0;
    size_t kept_columns = 0;
    size_t kept_len = buf->len;
    while (np_glyphs_next(&glyphs, &glyph) && columns + glyph.columns <= room) {
        np_buf_add(buf, glyph.text, glyph.len);
        columns += glyph.columns;
        if (glyph.text[0] != ' ') {
            kept_columns = columns;
            kept_len = buf->len;
        }
    }
    buf->len = kept_len;
    np_buf_add_span(buf, mark);
    return kept_columns;
}

/* Where a tail of at most `room` columns begins. */
static struct np_glyphs tail_start(struct np_glyphs glyphs, size_t all, size_t room)
{
    struct np_glyph glyph;
    struct np_glyphs start = glyphs;
    size_t left = all;
    while (left > room && np_glyphs_next(&glyphs, &glyph)) {
        left -= glyph.columns;
        start = glyphs;
    }
    /*
     * A mark whose base is gone would join the ellipsis; a separator near by makes a better
     * beginning.
     */
    struct np_glyphs best = start;
    bool begun = false;
    for (size_t passed = 0; passed <= room / 2 && np_glyphs_next(&glyphs, &glyph); start = glyphs) {
        if (glyph.columns > 0 && !begun) {
            best = start;
            begun = true;
        }
        if (glyph.text[0] == ':' || glyph.text[0] == '/')
            return start;
        passed += glyph.columns;
    }
    return begun ? best : glyphs;
}

static size_t write_all(struct np_buf *buf, struct np_glyphs glyphs)
{
    struct np_glyph glyph;
    size_t columns = 0;
    while (np_glyphs_next(&glyphs, &glyph)) {
        np_buf_add(buf, glyph.text, glyph.len);
        columns += glyph.columns;
    }
    return columns;
}

/* Where the last '/' stands that has something on both sides; 0 = nowhere. */
static size_t last_slash(struct np_span text)
{
    size_t at = text.len > 0 ? text.len - 1 : 0;
    while (at > 0 && (text.ptr[at] != '/' || at + 1 == text.len))
        at--;
    return at;
}

/* Both names share `columns`; what the one does not need the other gets. */
static size_t fit_names(struct np_buf *buf, struct np_span text, size_t columns,
                        enum np_charset charset)
{
    size_t slash = last_slash(text);
    if (slash == 0 || columns < NAMES_MIN_COLUMNS)
        return np_fit(buf, text, columns, NP_KEEP_HEAD, charset);
    struct np_span head = np_span_head(text, slash);
    struct np_span tail = np_span_from(text, slash + 1);
    size_t room = columns - 1;
    size_t head_columns = np_width(head, room, charset);
    size_t tail_columns = np_width(tail, room, charset);
    size_t tail_share = NP_MAX(room - room / 2, room - NP_MIN(head_columns, room));
    tail_columns = NP_MIN(tail_columns, tail_share);
    size_t used = np_fit(buf, head, room - tail_columns, NP_KEEP_HEAD, charset);
    np_buf_add_char(buf, '/');
    return used + 1 + np_fit(buf, tail, tail_columns, NP_KEEP_HEAD, charset);
}

size_t np_fit(struct np_buf *buf, struct np_span text, size_t columns, enum np_keep keep,
              enum np_charset charset)
{
    struct np_glyphs glyphs;
    np_glyphs_init(&glyphs, text, charset);
    size_t enough = columns < NP_COLUMNS_UNLIMITED ? columns + 1 : columns;
    if (np_width(text, enough, charset) <= columns)
        return write_all(buf, glyphs);
    if (keep == NP_KEEP_NAMES)
        return fit_names(buf, text, columns, charset);
    struct np_span mark = ellipsis(columns, charset);
    size_t mark_columns = np_width(mark, NP_COLUMNS_UNLIMITED, charset);
    if (keep == NP_KEEP_HEAD)
        return fit_head(buf, glyphs, columns - mark_columns, mark) + mark_columns;
    size_t all = np_width(text, NP_COLUMNS_UNLIMITED, charset);
    np_buf_add_span(buf, mark);
    return mark_columns + write_all(buf, tail_start(glyphs, all, columns - mark_columns));
}

/* What follows the first `shown` items. */
static void list_suffix(char *out, size_t size, const struct np_list *list, size_t shown)
{
    char figure[NP_FIGURE_BYTES] = "";
    *out = '\0';
    if (list->at_least) {
        np_figure_count(figure, list->total);
        (void) snprintf(out, size, "%sof %s+", shown > 0 ? " " : "", figure);
    } else if (list->total > shown) {
        np_figure_count(figure, list->total - shown);
        (void) snprintf(out, size, "%s+%s", shown > 0 ? " " : "", figure);
    }
}

static size_t items_width(const struct np_list *list, size_t shown, size_t limit,
                          enum np_charset charset)
{
    size_t columns = 0;
    for (size_t i = 0; i < shown && columns < limit; i++)
        columns += np_width(list->items[i], limit, charset) + (i > 0 ? 2 : 0);
    return columns;
}

size_t np_fit_list(struct np_buf *buf, const struct np_list *list, size_t columns,
                   enum np_charset charset)
{
    char suffix[NP_FIGURE_BYTES + 8];
    size_t enough = columns < NP_COLUMNS_UNLIMITED ? columns + 1 : columns;
    for (size_t shown = list->count; shown > 0; shown--) {
        list_suffix(suffix, sizeof(suffix), list, shown);
        size_t width = items_width(list, shown, enough, charset);
        if (width > columns || columns - width < strlen(suffix))
            continue;
        for (size_t i = 0; i < shown; i++) {
            np_buf_add_str(buf, i > 0 ? ", " : "");
            np_escape(buf, list->items[i], charset);
        }
        np_buf_add_str(buf, suffix);
        return width + strlen(suffix);
    }
    /* Not even one as it is: the first one cut, or the number alone. */
    list_suffix(suffix, sizeof(suffix), list, list->count > 0 ? 1 : 0);
    size_t suffix_columns = NP_MIN(strlen(suffix), columns);
    size_t room = list->count > 0 ? columns - suffix_columns : 0;
    size_t width = room > 0 ? np_fit(buf, list->items[0], room, NP_KEEP_TAIL, charset) : 0;
    np_buf_add(buf, suffix, suffix_columns);
    return width + suffix_columns;
}

/* The columns of the parts of at least that rank. */
static size_t parts_width(const struct np_part *parts, size_t count, size_t gap, unsigned rank)
{
    size_t columns = 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].rank >= rank)
            columns += (columns > 0 ? gap : 0) + strlen(parts[i].text);
    return columns;
}

size_t np_fit_parts(struct np_buf *buf, const struct np_part *parts, size_t count, const char *gap,
                    size_t columns)
{
    unsigned highest = NP_PART_LEFT_OUT + 1;
    for (size_t i = 0; i < count; i++)
        highest = NP_MAX(highest, parts[i].rank);
    unsigned rank = NP_PART_LEFT_OUT + 1;
    while (rank < highest && parts_width(parts, count, strlen(gap), rank) > columns)
        rank++;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].rank < rank)
            continue;
        struct np_span before = np_span_head(np_span_of(used > 0 ? gap : ""), columns - used);
        np_buf_add_span(buf, before);
        used += before.len;
        used +=
            np_fit(buf, np_span_of(parts[i].text), columns - used, NP_KEEP_HEAD, NP_CHARSET_ASCII);
    }
    return used;
}

struct np_span np_arn_short(struct np_span text, struct np_span account)
{
    enum { COLONS = 5 }; /* arn:partition:service:region:account:resource */
    if (!np_span_starts(text, NP_SPAN("arn:")))
        return text;
    size_t after[COLONS];
    size_t colons = 0;
    for (size_t i = 0; i < text.len && colons < COLONS; i++)
        if (text.ptr[i] == ':')
            after[colons++] = i + 1;
    if (colons < COLONS || after[COLONS - 1] == text.len)
        return text;
    struct np_span owner = np_span_head(np_span_from(text, after[COLONS - 2]),
                                        after[COLONS - 1] - 1 - after[COLONS - 2]);
    if (owner.len > 0 && !np_span_eq(owner, account))
        return np_span_from(text, after[COLONS - 2]);
    struct np_span resource = np_span_from(text, after[COLONS - 1]);
    struct np_span kind = NP_SPAN("assumed-role/");
    bool is_session = np_span_starts(resource, kind) && resource.len > kind.len;
    return is_session ? np_span_from(resource, kind.len) : resource;
}
