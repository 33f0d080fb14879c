/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines are put together from parts and lists that fit themselves (width.h), and from text
 * of ours. Where room is short the parts that matter least are left out: of two figures the one
 * that is zero.
 */
#include "sink/summary.h"

#include <stdio.h>
#include <string.h>

#include "sink/figure.h"
#include "sink/terminal.h"
#include "sink/width.h"

enum {
    LABEL_COLUMNS = 12,
    NAMED_MAX = 3,          /* skipped objects and limits that are named */
    NAMED_MIN_COLUMNS = 64, /* of a line that names skipped objects and limits */
    NAME_MIN_COLUMNS = 8,
    ITEM_MIN_COLUMNS = 36, /* of a name with the words beside it */
    ITEM_MAX_COLUMNS = 80,
    SUFFIX_COLUMNS = 8,       /* " +9,997" behind a list */
    SCRATCH_MAX_BYTES = 8192, /* of one line's pieces: all are fitted */
};

struct line {
    struct np_buf *buf;
    const struct np_sink_params *params;
    enum np_charset charset;
    size_t left; /* columns */
};

/* Begins a line with its label. */
static struct line begin(struct np_buf *buf, const char *label, const struct np_sink_params *params)
{
    struct line line = {.buf = buf,
                        .params = params,
                        .charset = np_params_charset(params),
                        .left = np_params_columns(params)};
    bool colour = params->colour;
    if (colour)
        np_buf_add_str(buf, "\033[" NP_SGR_TITLE "m");
    size_t columns = np_fit(buf, np_span_of(label), line.left, NP_KEEP_HEAD, line.charset);
    if (colour)
        np_buf_add_str(buf, "\033[0m");
    line.left -= columns;
    for (size_t i = columns; i < LABEL_COLUMNS && line.left > 0; i++, line.left--)
        np_buf_add_char(buf, ' ');
    return line;
}

static void end(struct line *line)
{
    np_buf_add_char(line->buf, '\n');
}

static void add(struct line *line, struct np_span text)
{
    line->left -= np_fit(line->buf, text, line->left, NP_KEEP_HEAD, line->charset);
}

static void add_parts(struct line *line, const struct np_part *parts, size_t count)
{
    line->left -= np_fit_parts(line->buf, parts, count, ", ", line->left);
}

/* "1,973 records"; a count that is zero has a rank of its own. */
static struct np_part counted(uint64_t count, const char *one, const char *many, unsigned rank,
                              unsigned rank_of_zero)
{
    struct np_part part = {.rank = count > 0 ? rank : rank_of_zero};
    char figure[NP_FIGURE_BYTES];
    np_figure_count(figure, count);
    (void) snprintf(part.text, sizeof(part.text), "%s %s", figure, count == 1 ? one : many);
    return part;
}

static void write_read(struct np_buf *buf, const struct np_summary *summary,
                       const struct np_sink_params *params)
{
    struct np_part bytes = {.rank = 6};
    struct np_part seconds = {.rank = 8};
    struct np_part rate = {.rank = 5};
    char figure[NP_FIGURE_BYTES];
    np_figure_bytes(bytes.text, summary->bytes);
    np_figure_seconds(seconds.text, summary->seconds);
    np_figure_count(figure, np_figure_rate(summary->events, summary->seconds));
    (void) snprintf(rate.text, sizeof(rate.text), "%s events/s", figure);
    const struct np_part parts[] = {
        counted(summary->objects, "object", "objects", 7, 7),
        counted(summary->records, "record", "records", 11, 11),
        counted(summary->events, "event", "events", 12, 12),
        bytes,
        counted(summary->duplicates, "duplicate", "duplicates", 10, 3),
        counted(summary->late, "late", "late", 9, 2),
        counted(summary->digests, "digest", "digests", 4, NP_PART_LEFT_OUT),
        seconds,
        rate,
    };
    struct line line = begin(buf, "read", params);
    add_parts(&line, parts, NP_ARRAY_LEN(parts));
    end(&line);
}

/*
 * What is said of rules gives way to what is said of findings, but refused ones may hide the worse.
 */
enum {
    RANK_NONE_REFUSED = 1,
    RANK_RULES,
    RANK_LOW,
    RANK_REFUSED = RANK_LOW + NP_LEVEL_HIGH,
    RANK_HIGH
};

static void write_findings(struct np_buf *buf, const struct np_summary *summary,
                           const struct np_sink_params *params)
{
    struct np_part parts[NP_LEVEL_MAX + 3] = {};
    size_t count = 0;
    for (unsigned level = NP_LEVEL_MAX; level-- > 0;) {
        const char *name = np_level_short((enum np_level) level);
        unsigned rank =
            level < NP_LEVEL_HIGH ? RANK_LOW + level : RANK_HIGH + level - NP_LEVEL_HIGH;
        parts[count++] = counted(summary->by_level[level], name, name, rank, NP_PART_LEFT_OUT);
    }
    if (summary->findings == 0)
        parts[count++] = (struct np_part){.text = "none", .rank = RANK_HIGH + NP_LEVEL_MAX};
    parts[count++] = counted(summary->rules_loaded, "rule", "rules", RANK_RULES, RANK_RULES);
    parts[count++] =
        counted(summary->rules_refused, "refused", "refused", RANK_REFUSED, RANK_NONE_REFUSED);
    struct line line = begin(buf, "findings", params);
    add_parts(&line, parts, count);
    end(&line);
}

static void write_incidents(struct np_buf *buf, const struct np_summary *summary,
                            const struct np_sink_params *params)
{
    struct np_part parts[NP_LEVEL_MAX + 1] = {};
    size_t count = 0;
    for (unsigned level = NP_LEVEL_MAX; level-- > 0;) {
        const char *name = np_level_short((enum np_level) level);
        parts[count++] =
            counted(summary->incidents_by_level[level], name, name, 1 + level, NP_PART_LEFT_OUT);
    }
    if (summary->incidents == 0)
        parts[count++] = (struct np_part){.text = "none", .rank = NP_LEVEL_MAX + 1};
    struct line line = begin(buf, "incidents", params);
    add_parts(&line, parts, count);
    end(&line);
}

/* Pieces of text in one buffer, named by where they end: the buffer moves while it grows. */
struct pieces {
    struct np_buf buf;
    enum np_charset charset;
    size_t ends[NAMED_MAX];
    size_t count;
};

static void end_piece(struct pieces *pieces)
{
    pieces->ends[pieces->count++] = pieces->buf.len;
}

static void add_list(struct line *line, const struct pieces *pieces, uint64_t total, size_t columns)
{
    struct np_span items[NAMED_MAX];
    size_t start = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        struct np_span rest = np_span_from(np_buf_span(&pieces->buf), start);
        items[i] = np_span_head(rest, pieces->ends[i] - start);
        start = pieces->ends[i];
    }
    const struct np_list list = {.items = items, .count = pieces->count, .total = total};
    line->left -= np_fit_list(line->buf, &list, NP_MIN(columns, line->left), line->charset);
    if (line->buf->error == 0)
        line->buf->error = pieces->buf.error; /* a list that memory was out for is not the list */
}

static void write_tops(struct np_buf *buf, const struct np_summary *summary,
                       const struct np_rollup_tops *tops, const struct np_sink_params *params)
{
    struct line line = begin(buf, "principals", params);
    struct pieces pieces = {};
    char times[NP_FIGURE_BYTES];
    np_buf_init(&pieces.buf, SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < tops->count; i++) {
        const struct np_rollup_top *top = &tops->tops[i];
        struct np_span account = top->account;
        if (tops->many_accounts)
            account.len = 0;
        struct np_span name = np_arn_short(top->principal, account);
        np_fit(&pieces.buf, name.len > 0 ? name : NP_SPAN("-"), ITEM_MAX_COLUMNS, NP_KEEP_NAMES,
               line.charset);
        np_figure_times(times, top->findings, line.charset);
        np_buf_printf(&pieces.buf, " %s", times);
        end_piece(&pieces);
    }
    if (tops->count == 0) {
        add(&line, summary->incidents > 0 ? NP_SPAN("none beside the incidents") : NP_SPAN("none"));
    } else {
        add(&line, np_span_of(np_level_name(tops->level)));
        add(&line, NP_SPAN(": "));
        add_list(&line, &pieces, tops->count, line.left);
    }
    end(&line);
    np_buf_done(&pieces.buf);
}

/*
 * How much of a list in `columns` one item may take: half, so that two are seen, but not too
 * little.
 */
static size_t item_columns(size_t columns)
{
    size_t room = columns - NP_MIN(columns, (size_t) SUFFIX_COLUMNS);
    size_t item = room / 2 >= ITEM_MIN_COLUMNS ? room / 2 : room;
    return NP_MAX(NP_MIN(item, (size_t) ITEM_MAX_COLUMNS), (size_t) NAME_MIN_COLUMNS);
}

static void add_count(struct line *line, uint64_t count, const char *words)
{
    char figure[NP_FIGURE_BYTES];
    char text[NP_FIGURE_BYTES + 32];
    np_figure_count(figure, count);
    int len = snprintf(text, sizeof(text), "%s %s", figure, words);
    add(line, np_span_make(text, (size_t) len));
}

/* "name (words)"; the words only where both have room. */
static void add_item(struct pieces *pieces, struct np_span name, enum np_keep keep,
                     struct np_span words, size_t columns)
{
    bool has_words = words.len > 0 && columns >= ITEM_MIN_COLUMNS;
    size_t name_columns = has_words ? columns / 2 : columns;
    size_t used = np_fit(&pieces->buf, name, name_columns, keep, pieces->charset);
    if (has_words) {
        np_buf_add_str(&pieces->buf, " (");
        np_fit(&pieces->buf, words, columns - used - 3, NP_KEEP_HEAD, pieces->charset);
        np_buf_add_char(&pieces->buf, ')');
    }
    end_piece(pieces);
}

/* "5 skipped: a.json (cut off) +4"; the list takes 1/`share` of what is left, 0 = without it. */
static void add_skipped(struct line *line, const struct np_summary *summary, size_t share)
{
    struct pieces pieces = {.charset = line->charset};
    uint64_t things = 0;
    np_buf_init(&pieces.buf, SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < summary->skipped_count; i++)
        things += summary->skipped[i].count;
    add_count(line, things, share > 0 ? "skipped: " : "skipped");
    size_t columns = share > 0 ? line->left / share : 0;
    for (size_t i = 0; columns > 0 && i < summary->skipped_count && i < NAMED_MAX; i++)
        add_item(&pieces, np_span_of(summary->skipped[i].object), NP_KEEP_TAIL,
                 np_span_of(summary->skipped[i].reason), item_columns(columns));
    if (columns > 0)
        add_list(line, &pieces, summary->skipped_count, columns);
    np_buf_done(&pieces.buf);
}

/* "12 over a limit: steps (Rule)"; the list in what is left of the line, where it is `named`. */
static void add_limits(struct line *line, const struct np_summary *summary, bool named)
{
    struct pieces pieces = {.charset = line->charset};
    uint64_t times = 0;
    np_buf_init(&pieces.buf, SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < summary->limit_count; i++)
        times += summary->limits[i].count;
    add_count(line, times, named ? "over a limit: " : "over a limit");
    for (size_t i = 0; named && i < summary->limit_count && i < NAMED_MAX; i++) {
        const struct np_limit *limit = &summary->limits[i];
        const char *where = limit->rule != NULL ? limit->rule : limit->object;
        add_item(&pieces, np_span_of(limit->what), NP_KEEP_HEAD, np_span_of(where),
                 item_columns(line->left));
    }
    if (named)
        add_list(line, &pieces, summary->limit_count, line->left);
    np_buf_done(&pieces.buf);
}

static void add_missing(struct line *line, const struct np_summary *summary)
{
    bool skipped = summary->skipped_count > 0;
    bool limited = summary->limit_count > 0;
    bool named = !(skipped && limited) || line->left >= NAMED_MIN_COLUMNS;
    add(line, skipped || limited ? NP_SPAN("no: ") : NP_SPAN("no: the run ended early"));
    if (skipped)
        add_skipped(line, summary, !named ? 0 : limited ? 2 : 1);
    if (skipped && limited)
        add(line, NP_SPAN("; "));
    if (limited)
        add_limits(line, summary, named);
}

static void write_complete(struct np_buf *buf, const struct np_summary *summary,
                           const struct np_sink_params *params)
{
    struct line line = begin(buf, "complete", params);
    if (summary->complete)
        add(&line, NP_SPAN("yes: nothing skipped, no limit hit"));
    else
        add_missing(&line, summary);
    end(&line);
}

void np_summary_write(struct np_buf *buf, const struct np_summary *summary,
                      const struct np_rollup_tops *tops, const struct np_sink_params *params)
{
    write_read(buf, summary, params);
    if (params->incidents)
        write_incidents(buf, summary, params);
    write_findings(buf, summary, params);
    write_tops(buf, summary, tops, params);
    write_complete(buf, summary, params);
    struct line line = begin(buf, "next", params);
    add(&line, params->next_command != NULL ? np_span_of(params->next_command) : NP_SPAN("-"));
    end(&line);
}
