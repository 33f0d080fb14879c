/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `nepho rules list`: the documents of rule files, a row each, those that the options ask for; in the table the behaviours that are
 * decided in code stand behind them.
 */
#include "cli/message.h"
#include "cli/rules/loaded.h"
#include "cli/settings.h"
#include "incident/behaviour.h"
#include "sink/terminal.h"

enum { LEVEL, TITLE, SOURCE, TAGS, ID, COLUMN_MAX, CELL_BUFFERS = 2 };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 3,
    .columns = /* title, rank */
    {
        [LEVEL] = {"LEVEL", 1, .min = 8, .good = 8},
        [TITLE] = {"TITLE", 0, .min = 20, .good = 40, .eager = 1},
        [SOURCE] = {"LOG SOURCE", 2, .min = 10, .good = 28},
        [TAGS] = {"TAGS", 4, .min = 16, .good = 32},
        [ID] = {"ID", 3, .min = 36, .good = 36},
    },
};

/* What behaviours look at: product, category, service. */
static const char *const behaviour_source[] = {"aws", "", "cloudtrail"};

/* What the options ask for. */
struct wish {
    const char *tag; /* NULL = any */
    enum np_level min_level;
    enum np_level level; /* NP_LEVEL_MAX = any */
    struct np_logsource logsource;
};

struct list {
    struct np_loaded loaded;
    struct np_sink_params params; /* of the output at hand */
    struct np_grid grid;
    bool *wanted; /* by document */
    struct wish wish;
    struct np_buf source; /* cells of the row at hand */
    struct np_buf tags;
};

static int read_wish(struct wish *out_wish, const struct np_args *args, struct np_err *err)
{
    const char *logsource = np_args_get(args, NP_OPT_LOGSOURCE);
    *out_wish = (struct wish){.tag = np_args_get(args, NP_OPT_TAG), .level = NP_LEVEL_MAX};
    int r = np_setting_level(args, NP_OPT_LEVEL, &out_wish->level, err);
    if (r == 0)
        r = np_setting_level(args, NP_OPT_MIN_LEVEL, &out_wish->min_level, err);
    return r < 0 || logsource == NULL
               ? r
               : np_setting_logsource(&out_wish->logsource, logsource, "--logsource", err);
}

/* Whether `tag` is `wanted`, with or without "attack.", or a sub-technique of it. */
static bool tag_is(struct np_span tag, struct np_span wanted)
{
    static const struct np_span attack = {"attack.", sizeof("attack.") - 1};
    bool is_below = tag.len > wanted.len && tag.ptr[wanted.len] == '.';
    if ((tag.len == wanted.len || is_below) &&
        np_span_eq_ascii_fold(np_span_head(tag, wanted.len), wanted))
        return true;
    return tag.len > attack.len && np_span_eq_ascii_fold(np_span_head(tag, attack.len), attack) &&
           tag_is(np_span_from(tag, attack.len), wanted);
}

static bool has_tag(const char *const *tags, size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (tag_is(np_span_of(tags[i]), np_span_of(wanted)))
            return true;
    return wanted == NULL;
}

static bool is_level(enum np_level level, const struct wish *wish)
{
    return level >= wish->min_level && (wish->level == NP_LEVEL_MAX || level == wish->level);
}

static bool has_level(const struct np_rule_doc *doc, const struct wish *wish)
{
    enum np_level level = NP_LEVEL_INFORMATIONAL;
    bool any = wish->level == NP_LEVEL_MAX && wish->min_level == NP_LEVEL_INFORMATIONAL;
    if (any || !np_level_parse(np_span_of(doc->level), &level))
        return any;
    return is_level(level, wish);
}

static bool is_of(const char *text, struct np_span wanted)
{
    return wanted.len == 0 || np_span_eq_ascii_fold(np_span_of(text), wanted);
}

static bool is_of_source(const char *const source[3], const struct wish *wish)
{
    return is_of(source[0], wish->logsource.product) &&
           is_of(source[1], wish->logsource.category) && is_of(source[2], wish->logsource.service);
}

static bool is_wanted(const struct np_rule_doc *doc, const struct wish *wish)
{
    const char *const source[] = {doc->product, doc->category, doc->service};
    return has_tag(doc->tags, doc->tag_count, wish->tag) && has_level(doc, wish) &&
           is_of_source(source, wish);
}

static bool is_behaviour_wanted(const struct np_rule_info *rule, const struct wish *wish)
{
    return has_tag(rule->tags, rule->tag_count, wish->tag) && is_level(rule->level, wish) &&
           is_of_source(behaviour_source, wish);
}

/* Joins texts that are not empty. */
static void join(struct np_buf *buf, const char *const *texts, size_t count, const char *separator)
{
    np_buf_reset(buf);
    for (size_t i = 0; i < count; i++) {
        if (texts[i][0] == '\0')
            continue;
        if (buf->len > 0)
            (void) np_buf_add_str(buf, separator);
        (void) np_buf_add_str(buf, texts[i]);
    }
}

/* Fills the cells of a row, which live until the next one: 0 or -ENOMEM. */
static int make_cells(struct list *list, const struct np_rule_doc *doc,
                      struct np_cell cells[COLUMN_MAX])
{
    const char *const source[] = {doc->product, doc->category, doc->service};
    enum np_level level = NP_LEVEL_INFORMATIONAL;
    join(&list->source, source, NP_ARRAY_LEN(source), "/");
    join(&list->tags, doc->tags, doc->tag_count, " ");
    if (doc->status == NP_DOC_ERROR)
        cells[LEVEL].text = NP_SPAN("refused");
    else if (np_level_parse(np_span_of(doc->level), &level))
        cells[LEVEL] = np_level_cell(&list->params, level);
    cells[TITLE].text = np_span_of(doc->title);
    cells[SOURCE].text = np_buf_span(&list->source);
    cells[TAGS].text = np_buf_span(&list->tags);
    cells[ID].text = np_span_of(doc->id);
    return list->source.error < 0 ? list->source.error : list->tags.error;
}

typedef int row_fn(struct list *list, const struct np_cell *cells, struct np_out *out,
                   struct np_err *err);

/* Learns what the columns want. */
static int measure_row(struct list *list, const struct np_cell *cells, struct np_out *out,
                       struct np_err *err)
{
    (void) out; /* only read */
    (void) err; /* it cannot fail */
    for (size_t i = 0; i < COLUMN_MAX; i++) {
        size_t width = np_width(cells[i].text, NP_GRID_CELL_MAX_COLUMNS, list->grid.charset);
        list->grid.columns[i].want = NP_MAX(list->grid.columns[i].want, width);
    }
    return 0;
}

static int write_row(struct list *list, const struct np_cell *cells, struct np_out *out,
                     struct np_err *err)
{
    np_grid_row(&list->grid, np_out_buf(out), cells);
    return np_out_commit(out, err);
}

static int make_behaviour_cells(struct list *list, const struct np_rule_info *rule,
                                struct np_cell cells[COLUMN_MAX])
{
    join(&list->source, behaviour_source, NP_ARRAY_LEN(behaviour_source), "/");
    join(&list->tags, rule->tags, rule->tag_count, " ");
    cells[LEVEL] = np_level_cell(&list->params, rule->level);
    cells[TITLE].text = np_span_of(rule->title);
    cells[SOURCE].text = np_buf_span(&list->source);
    cells[TAGS].text = np_buf_span(&list->tags);
    cells[ID].text = np_span_of(rule->id);
    return list->source.error < 0 ? list->source.error : list->tags.error;
}

static int each_behaviour(struct list *list, row_fn *fn, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    const struct np_behaviour *all = np_behaviours_all(&count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        struct np_cell cells[COLUMN_MAX] = {};
        if (!is_behaviour_wanted(&all[i].rule, &list->wish))
            continue;
        r = make_behaviour_cells(list, &all[i].rule, cells);
        r = r < 0 ? np_fail(err, r, "out of memory") : fn(list, cells, out, err);
    }
    return r;
}

/* What Falco's rules are made of has no row of its own, unless there is something wrong with it. */
static bool has_row(const struct np_rule_doc *doc)
{
    return doc->language != NP_LANGUAGE_FALCO || doc->status == NP_DOC_ERROR ||
           (strcmp(doc->type, "rule") == 0 && doc->level[0] != '\0');
}

static int each_row(struct list *list, row_fn *fn, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(list->loaded.set, &count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        struct np_cell cells[COLUMN_MAX] = {};
        if (!list->wanted[i] || !has_row(&docs[i]))
            continue;
        r = make_cells(list, &docs[i], cells);
        r = r < 0 ? np_fail(err, r, "out of memory") : fn(list, cells, out, err);
    }
    return r < 0 ? r : each_behaviour(list, fn, out, err);
}

/* How many behaviours there are, where they are listed: they are no documents. */
static int write_behaviour_sum(const struct list *list, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    size_t sum = 0;
    const struct np_behaviour *all = np_behaviours_all(&count);
    for (size_t i = 0; i < count; i++)
        sum += is_behaviour_wanted(&all[i].rule, &list->wish) ? 1 : 0;
    if (sum == 0)
        return 0;
    (void) np_buf_printf(np_out_buf(out), "%zu behaviour%s, decided in code\n", sum,
                         sum == 1 ? "" : "s");
    return np_out_commit(out, err);
}

static int write_table(struct list *list, struct np_out *out, struct np_err *err)
{
    list->params = (struct np_sink_params){
        .out = out,
        .width = np_output_width(out),
        .colour = np_output_wants_colour(out),
        .unicode = np_message_charset() == NP_CHARSET_UNICODE,
    };
    list->grid = grid_template;
    list->grid.width = np_params_columns(&list->params);
    list->grid.charset = np_params_charset(&list->params);
    int r = each_row(list, measure_row, out, err);
    np_grid_fit(&list->grid);
    if (r == 0 && list->grid.columns[TITLE].want > 0)
        np_terminal_titles(np_out_buf(out), &list->grid, &list->params);
    if (r == 0)
        r = each_row(list, write_row, out, err);
    if (r == 0)
        r = write_behaviour_sum(list, out, err);
    return r < 0 ? r : np_loaded_write_sum(&list->loaded, list->wanted, out, err);
}

static int write_ndjson(struct list *list, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(list->loaded.set, &count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        if (!list->wanted[i])
            continue;
        np_line_rule(np_out_buf(out), &list->loaded, &docs[i]);
        r = np_out_commit(out, err);
    }
    return r;
}

static int write_all(struct list *list, struct np_err *err)
{
    struct np_outputs *outputs = &list->loaded.outputs;
    int r = 0;
    for (size_t i = 0; i < outputs->count && r == 0; i++)
        r = np_span_is(outputs->items[i].format, "ndjson")
                ? write_ndjson(list, outputs->items[i].out, err)
                : write_table(list, outputs->items[i].out, err);
    return r < 0 ? r : np_outputs_flush(outputs, err);
}

static int choose(struct list *list)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(list->loaded.set, &count);
    list->wanted = np_alloc_array(count, sizeof(list->wanted[0]));
    for (size_t i = 0; list->wanted != NULL && i < count; i++)
        list->wanted[i] = is_wanted(&docs[i], &list->wish);
    return list->wanted == NULL ? -ENOMEM : 0;
}

int np_cli_rules_list(const struct np_args *args)
{
    static const char *const formats[] = {"table", "ndjson"};
    static const struct np_loaded_params params = {NP_DEFAULT_RULES_ALWAYS, formats,
                                                   NP_ARRAY_LEN(formats)};
    struct list list = {};
    struct np_err err = {};
    np_buf_init(&list.source, SIZE_MAX / 2); /* they hold one cell */
    np_buf_init(&list.tags, SIZE_MAX / 2);
    int r = read_wish(&list.wish, args, &err);
    if (r == 0)
        r = np_loaded_open(&list.loaded, args, &params, &err);
    int status = NP_EXIT_USAGE;
    if (r == 0)
        r = choose(&list);
    if (r == 0) {
        r = write_all(&list, &err);
        status = r < 0 && r != -EPIPE ? NP_EXIT_FAILURE : NP_EXIT_OK;
    }
    status = np_loaded_status(r, &err, status);
    np_buf_done(&list.source);
    np_buf_done(&list.tags);
    np_free(list.wanted);
    np_loaded_done(&list.loaded);
    return status;
}
