/* SPDX-License-Identifier: Apache-2.0 */
/* See flow.h. */
#include "sink/incident/flow.h"

#include <stdarg.h>
#include <stdio.h>

enum { ITEM_BYTES = 256 };
enum { CONTINUATION_COLUMNS = 2 }; /* of " \", and of what a continued command is indented by */

static void add_blanks(struct np_flow *flow, size_t count)
{
    for (size_t i = 0; i < count; i++)
        np_buf_add_char(flow->buf, ' ');
    flow->at += count;
}

static void new_line(struct np_flow *flow)
{
    np_buf_add_char(flow->buf, '\n');
    flow->at = 0;
    flow->items = 0;
    add_blanks(flow, flow->indent);
}

struct np_flow np_flow_begin(struct np_buf *buf, const char *label, const char *gap,
                             const struct np_sink_params *params)
{
    size_t columns = np_params_columns(params);
    struct np_flow flow = {.buf = buf,
                           .params = params,
                           .gap = gap,
                           .charset = np_params_charset(params),
                           .columns = columns,
                           .indent = NP_MIN((size_t) NP_FLOW_LABEL_COLUMNS, columns / 2)};
    if (params->colour)
        np_buf_add_str(buf, "\033[" NP_SGR_TITLE "m");
    flow.at = np_fit(buf, np_span_of(label), flow.indent, NP_KEEP_HEAD, flow.charset);
    if (params->colour)
        np_buf_add_str(buf, "\033[0m");
    add_blanks(&flow, flow.indent - flow.at);
    return flow;
}

/* Adds the gap without the blank at its end, where a line follows. */
static void end_item(struct np_flow *flow)
{
    struct np_span gap = np_span_of(flow->gap);
    if (gap.len > 0 && gap.ptr[gap.len - 1] == ' ')
        gap.len--;
    np_buf_add_span(flow->buf, gap);
}

void np_flow_add(struct np_flow *flow, struct np_span item, const char *sgr)
{
    size_t gap = np_width(np_span_of(flow->gap), SIZE_MAX, flow->charset);
    size_t line = flow->columns - flow->indent; /* what follows may need a gap behind the item */
    size_t room = NP_MIN(line - NP_MIN(gap, line), (size_t) NP_GRID_CELL_MAX_COLUMNS);
    size_t wanted = NP_MIN(np_width(item, room, flow->charset), room);
    if (flow->items > 0) {
        if (flow->at + gap + wanted + gap > flow->columns) {
            end_item(flow);
            new_line(flow);
        } else {
            np_buf_add_str(flow->buf, flow->gap);
            flow->at += gap;
        }
    }
    if (sgr != NULL && flow->params->colour)
        np_buf_printf(flow->buf, "\033[%sm", sgr);
    flow->at += np_fit(flow->buf, item, room, NP_KEEP_HEAD, flow->charset);
    if (sgr != NULL && flow->params->colour)
        np_buf_add_str(flow->buf, "\033[0m");
    flow->items++;
}

void np_flow_addf(struct np_flow *flow, const char *sgr, const char *fmt, ...)
{
    char item[ITEM_BYTES];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(item, sizeof(item), fmt, args);
    va_end(args);
    np_flow_add(flow, np_span_make(item, len < 0 ? 0 : NP_MIN((size_t) len, sizeof(item) - 1)),
                sgr);
}

/* Where the word that begins at `at` ends: quotes and what they hold are within it. */
static size_t word_end(struct np_span command, size_t at)
{
    char quote = '\0';
    for (; at < command.len && (quote != '\0' || command.ptr[at] != ' '); at++) {
        char c = command.ptr[at];
        if (quote != '\'' && c == '\\' && at + 1 < command.len)
            at++; /* what follows means nothing */
        else if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = '\0';
    }
    return at;
}

/* The next word of a command, an option with its value; takes it and the blank behind it away. */
static struct np_span take_word(struct np_span *command)
{
    size_t end = word_end(*command, 0);
    bool is_option = np_span_starts(*command, NP_SPAN("--"));
    if (is_option && end + 1 < command->len && command->ptr[end + 1] != '-')
        end = word_end(*command, end + 1);
    struct np_span word = np_span_head(*command, end);
    *command = np_span_from(*command, end + 1);
    return word;
}

void np_flow_add_command(struct np_flow *flow, struct np_span command)
{
    if (flow->items > 0)
        new_line(flow);
    for (bool is_first = true; command.len > 0; is_first = false) {
        struct np_span word = take_word(&command);
        size_t width = np_width(word, flow->columns, flow->charset);
        if (!is_first && flow->columns != NP_COLUMNS_UNLIMITED &&
            flow->at + 1 + width + CONTINUATION_COLUMNS > flow->columns) {
            np_buf_add_str(flow->buf, " \\");
            new_line(flow);
            add_blanks(flow, CONTINUATION_COLUMNS);
        } else if (!is_first) {
            add_blanks(flow, 1);
        }
        np_escape(flow->buf, word, flow->charset);
        flow->at += width;
    }
    flow->items++;
}

void np_flow_end(struct np_flow *flow)
{
    np_buf_add_char(flow->buf, '\n');
}
