/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An explanation for a person: what came out and why, then the condition line by line, each test
 * with what the event has there. Everything from data passes through the grid or np_escape().
 */
#include <errno.h>

#include "cli/inspect/explain_show.h"
#include "codec/json/json.h"
#include "sink/grid.h"
#include "sink/terminal.h"

enum {
    ROWS_MAX = 100000,
    CELL_MAX_BYTES = 4096,
    INDENT_MAX = 20,
    VALUES_ARENA_BYTES = 256 * 1024 * 1024
};

/* A line of the condition. */
struct row {
    struct np_span words;
    const char *type; /* NULL: it has no value */
    struct np_span value;
    bool is_true;
};

struct table {
    struct np_buf *buf;
    const struct np_explain_subject *subject;
    const struct np_explain_look *look;
    struct np_arena arena;
    struct np_buf cell; /* the one that is being made */
    NP_VEC(struct row) rows;
    size_t left_out; /* rows that there was no room for */
};

static enum np_charset charset_of(const struct table *table)
{
    return table->look->unicode ? NP_CHARSET_UNICODE : NP_CHARSET_ASCII;
}

/* ---- values */

static void add_scalar(struct np_buf *cell, const struct np_value *value)
{
    bool quoted = value->kind == NP_VALUE_TEXT || value->kind == NP_VALUE_ADDRESS;
    struct np_span text = np_span_head(value->text, CELL_MAX_BYTES);
    (void) np_buf_add_str(cell, quoted ? "\"" : "");
    if (value->kind == NP_VALUE_NULL)
        (void) np_buf_add_str(cell, "null");
    else if (value->kind != NP_VALUE_OBJECT || np_json_compact(cell, text) < 0)
        (void) np_buf_add_span(cell, text);
    (void) np_buf_add_str(cell, quoted ? "\"" : "");
}

static void add_list(struct np_buf *cell, const struct np_value *list)
{
    uint32_t shown = NP_MIN(list->count, (uint32_t) NP_VALUE_ELEMENTS_SHOWN);
    (void) np_buf_add_char(cell, '[');
    for (uint32_t i = 0; i < shown; i++) {
        (void) np_buf_add_str(cell, i > 0 ? ", " : "");
        add_scalar(cell, &list->items[i]);
    }
    if (shown < list->count)
        (void) np_buf_printf(cell, ", %u more", list->count - shown);
    (void) np_buf_add_char(cell, ']');
}

/* ---- rows */

/* The finished cell, kept; empty where memory is out. */
static struct np_span take_cell(struct table *table)
{
    struct np_span text = np_buf_span(&table->cell);
    if (table->cell.error < 0 || np_arena_keep(&table->arena, &text) < 0) {
        table->buf->error = -ENOMEM;
        text = (struct np_span){};
    }
    np_buf_reset(&table->cell);
    return text;
}

static void add_row(struct table *table, struct row row, const struct np_value *value)
{
    row.words = take_cell(table);
    if (value != NULL) {
        row.type = np_value_type(value);
        if (value->kind == NP_VALUE_LIST)
            add_list(&table->cell, value);
        else if (value->kind > NP_VALUE_NULL)
            add_scalar(&table->cell, value);
        row.value = take_cell(table);
    }
    int r = np_vec_push(&table->rows, row, ROWS_MAX);
    if (r == -E2BIG)
        table->left_out++;
    else if (r < 0)
        table->buf->error = r;
}

/* Begins the cell of a line: a pointer at tests that decide, the depth, the mark of the answer. */
static void begin_line(struct table *table, unsigned depth, bool decides, bool is_true)
{
    bool unicode = table->look->unicode;
    const char *mark = unicode ? (is_true ? "\u2713" : "\u2717") : (is_true ? "+" : "-");
    (void) np_buf_add_str(&table->cell, decides ? "> " : "  ");
    for (unsigned i = 0; i < NP_MIN(depth, (unsigned) INDENT_MAX); i++)
        (void) np_buf_add_str(&table->cell, "  ");
    (void) np_buf_printf(&table->cell, "%s ", mark);
}

static void add_name(struct table *table, struct np_span selection)
{
    if (selection.len == 0)
        return;
    (void) np_buf_add_span(&table->cell, selection);
    (void) np_buf_add_str(&table->cell, ": ");
}

static struct np_span field_name(const struct table *table, np_field_id field)
{
    return field == NP_FIELD_NONE ? NP_SPAN("any text of the record")
                                  : np_field_name(table->subject->fields, field);
}

static void add_test(struct table *table, const struct np_explained *node, bool is_true,
                     unsigned depth)
{
    (void) np_buf_add_span(&table->cell, field_name(table, node->field));
    (void) np_buf_add_char(&table->cell, ' ');
    (void) np_buf_add_span(&table->cell, node->test);
    if (node->limit != NULL)
        (void) np_buf_printf(&table->cell, " (given up: %s)", node->limit);
    add_row(table, (struct row){.is_true = is_true}, node->value);
    if (node->other_value == NULL)
        return;
    (void) np_buf_printf(&table->cell, "%*s", 2 * (int) NP_MIN(depth, (unsigned) INDENT_MAX) + 6,
                         "");
    (void) np_buf_add_span(&table->cell, field_name(table, node->other));
    add_row(table, (struct row){.is_true = is_true}, node->other_value);
}

/* Adds the lines of a tree; a NOT shares a line with what it turns round. */
static void add_tree(struct table *table, const struct np_explained *node, unsigned depth)
{
    const struct np_explained *inner = node;
    while (inner->kind == NP_EXPLAINED_NOT)
        inner = inner->children;
    begin_line(table, depth, inner->decides, node->is_true);
    for (const struct np_explained *at = node; at != inner; at = at->children) {
        add_name(table, at->selection);
        (void) np_buf_add_str(&table->cell, "not ");
    }
    add_name(table, inner->selection);
    switch (inner->kind) {
    case NP_EXPLAINED_TEST:
        add_test(table, inner, node->is_true, depth);
        return;
    case NP_EXPLAINED_ALL:
        (void) np_buf_add_str(&table->cell, "all of");
        break;
    case NP_EXPLAINED_ANY:
        (void) np_buf_add_str(&table->cell, "any of");
        break;
    case NP_EXPLAINED_CONSTANT:
        (void) np_buf_add_str(&table->cell, inner->is_true ? "always" : "never");
        break;
    case NP_EXPLAINED_NOT:
    case NP_EXPLAINED_KIND_MAX:
        break;
    }
    add_row(table, (struct row){.is_true = node->is_true}, NULL);
    for (uint32_t i = 0; i < inner->child_count; i++)
        add_tree(table, &inner->children[i], depth + 1);
}

static void add_filters(struct table *table)
{
    const struct np_explanation *explanation = table->subject->explanation;
    for (size_t i = 0; i < explanation->filter_count; i++) {
        const struct np_explained_filter *filter = &explanation->filters[i];
        begin_line(table, 0, false, filter->condition->is_true);
        (void) np_buf_printf(&table->cell, "filter '%s' (%s)", filter->doc->title,
                             filter->doc->file);
        add_row(table, (struct row){.is_true = filter->condition->is_true}, NULL);
        add_tree(table, filter->condition, 1);
    }
}

/* ---- the page */

static void fit(const struct table *table, struct np_grid *grid)
{
    enum np_charset charset = charset_of(table);
    for (size_t i = 0; i < table->rows.len; i++) {
        const struct row *row = &table->rows.items[i];
        const size_t wants[] = {np_width(row->words, NP_GRID_CELL_MAX_COLUMNS, charset),
                                row->type != NULL ? strlen(row->type) : 0,
                                np_width(row->value, NP_GRID_CELL_MAX_COLUMNS, charset)};
        for (size_t j = 0; j < NP_ARRAY_LEN(wants); j++)
            grid->columns[j].want = NP_MAX(grid->columns[j].want, wants[j]);
    }
    np_grid_fit(grid);
}

static void write_rows(const struct table *table)
{
    struct np_grid grid = {
        .columns = {{.title = "TEST", .rank = 0, .min = 20, .good = 60, .eager = 1},
                    {.title = "TYPE", .rank = 1, .min = 7, .good = 7},
                    {.title = "THE EVENT HAS", .rank = 2, .min = 12, .good = 24}},
        .count = 3,
        .essential = 3,
        .width = table->look->width,
        .charset = charset_of(table),
    };
    fit(table, &grid);
    for (size_t i = 0; i < table->rows.len; i++) {
        const struct row *row = &table->rows.items[i];
        const char *colour = row->is_true ? "32" : "31";
        const struct np_cell cells[] = {{row->words, table->look->colour ? colour : NULL},
                                        {np_span_of(row->type != NULL ? row->type : ""), NULL},
                                        {row->value, NULL}};
        np_grid_row(&grid, table->buf, cells);
    }
    if (table->left_out > 0)
        (void) np_buf_printf(table->buf, "%zu more lines\n", table->left_out);
}

/* Appends text of data, as it is safe. */
static void add_safe(const struct table *table, struct np_span text)
{
    np_escape(table->buf, text, charset_of(table));
}

static void add_logsource_part(const struct table *table, const char *name, struct np_span value,
                               bool *any)
{
    if (value.len == 0)
        return;
    (void) np_buf_printf(table->buf, "%s%s=", *any ? "," : "", name);
    add_safe(table, value);
    *any = true;
}

static void add_logsource(const struct table *table, struct np_span product,
                          struct np_span category, struct np_span service)
{
    bool any = false;
    add_logsource_part(table, "product", product, &any);
    add_logsource_part(table, "category", category, &any);
    add_logsource_part(table, "service", service, &any);
    (void) np_buf_add_str(table->buf, any ? "" : "no log source");
}

static void write_logsource_reason(const struct table *table)
{
    const struct np_rule_logsource *rule = &table->subject->explanation->logsource;
    const struct np_logsource *event = table->subject->event->logsource;
    (void) np_buf_add_str(table->buf, "It is not asked: the rule is for ");
    add_logsource(table, np_span_of(rule->product), np_span_of(rule->category),
                  np_span_of(rule->service));
    (void) np_buf_add_str(table->buf, ", the event is of ");
    add_logsource(table, event->product, event->category, event->service);
    (void) np_buf_add_str(table->buf, ".\n");
}

static void write_filter_reason(const struct table *table)
{
    const struct np_explanation *explanation = table->subject->explanation;
    if (!explanation->condition->is_true)
        return;
    for (size_t i = 0; i < explanation->filter_count; i++) {
        const struct np_rule_doc *doc = explanation->filters[i].doc;
        if (explanation->filters[i].condition->is_true)
            continue;
        (void) np_buf_add_str(table->buf, "The rule is true; the filter '");
        add_safe(table, np_span_of(doc->title));
        (void) np_buf_add_str(table->buf, "' keeps the event out.\n");
    }
}

/* Why it came out so, in sentences. */
static void write_reasons(const struct table *table)
{
    const struct np_explanation *explanation = table->subject->explanation;
    if (table->subject->choice == NP_EXPLAIN_NEAREST)
        (void) np_buf_add_str(table->buf, "No event matches; this one comes nearest.\n");
    if (table->subject->choice == NP_EXPLAIN_FIRST)
        (void) np_buf_add_str(table->buf, "It is the first event that matches.\n");
    if (!explanation->is_of_logsource)
        write_logsource_reason(table);
    write_filter_reason(table);
    if (explanation->changes == NP_EXPLAINED_NEVER)
        (void) np_buf_add_str(table->buf, "The rule can never match.\n");
    else if (explanation->changes > 0)
        (void) np_buf_printf(table->buf,
                             "%u of %u tests would have to come out otherwise (marked >).\n",
                             explanation->changes, explanation->tests);
}

static void write_head(const struct table *table)
{
    struct np_event *event = table->subject->event;
    const struct np_explanation *explanation = table->subject->explanation;
    const struct np_rule_info *rule = np_rule_set_info(table->subject->rules, explanation->rule);
    char id[CELL_MAX_BYTES];
    char time[NP_TIME_TEXT_BYTES];
    struct np_event_brief brief;
    np_time_format(time, event->time);
    np_event_brief(event, &brief);
    add_safe(table, np_span_of(rule->title));
    (void) np_buf_add_str(table->buf,
                          explanation->matches ? "  matched  event " : "  did not match  event ");
    add_safe(table, np_event_id(event, id, sizeof(id)));
    (void) np_buf_printf(table->buf, "  %s  ", time);
    add_safe(table, brief.name);
    (void) np_buf_add_str(table->buf, "\nrule in ");
    add_safe(table, np_span_of(rule->file));
    (void) np_buf_printf(table->buf, ", line %u; event in ", rule->line);
    add_safe(table, np_span_of(event->origin.object));
    (void) np_buf_printf(table->buf, ", byte %llu\n", (unsigned long long) event->origin.offset);
}

void np_explain_table(struct np_buf *buf, const struct np_explain_subject *subject,
                      const struct np_explain_look *look)
{
    struct table table = {.buf = buf, .subject = subject, .look = look};
    np_arena_init(&table.arena, VALUES_ARENA_BYTES);
    np_buf_init(&table.cell, SIZE_MAX / 2);
    write_head(&table);
    write_reasons(&table);
    (void) np_buf_add_char(buf, '\n');
    add_tree(&table, subject->explanation->condition, 0);
    add_filters(&table);
    write_rows(&table);
    np_vec_done(&table.rows);
    np_buf_done(&table.cell);
    np_arena_done(&table.arena);
}
