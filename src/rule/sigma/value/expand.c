/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value is cut at its placeholders; what stands between them, and each value of a list, is read
 * for wildcards and escapes by itself, so that neither can escape the other. The texts so far are
 * multiplied by each piece: their length is bounded, and so is their number, together with all
 * others that values are multiplied into.
 */
#include "rule/sigma/value/expand.h"

#include <errno.h>

#include "base/suggest.h"

/* The value that is being filled in. */
struct expansion {
    struct np_sigma_document *document;
    const struct np_yaml_node *node;
    struct np_sigma_text_work *work;
    size_t bytes; /* that the longest text has so far */
};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* The name of the placeholder that `text` begins with; empty where it begins with none. */
static struct np_span name_at(struct np_span text)
{
    size_t end = 1;
    if (text.len == 0 || text.ptr[0] != '%')
        return (struct np_span){};
    while (end < text.len && is_name_char(text.ptr[end]))
        end++;
    if (end == text.len || text.ptr[end] != '%')
        return (struct np_span){};
    return np_span_head(np_span_from(text, 1), end - 1);
}

/* Where the next placeholder begins, at `from` or later; the text's length where none does. */
static size_t find_placeholder(struct np_span text, size_t from)
{
    for (size_t i = from; i < text.len; i++)
        if ((i == 0 || text.ptr[i - 1] != '\\') && name_at(np_span_from(text, i)).len > 0)
            return i;
    return text.len;
}

/* ---- lists */

static int refuse_name(const struct expansion *expansion, struct np_span name)
{
    struct np_sigma_document *document = expansion->document;
    const struct np_yaml_node *lists = document->set->values;
    struct np_sigma_problem problem = {
        .code = "expand-without-values",
        .node = expansion->node,
        .offset = (size_t) (name.ptr - expansion->node->text.ptr) - 1,
        .item = name,
        .hint = "--values FILE",
    };
    if (lists == NULL)
        return np_sigma_refuse(document, problem, "there is no list of values for '%%%.*s%%'",
                               NP_SPAN_ARGS(name));
    const char **names = np_arena_alloc(&document->set->scratch, lists->count * sizeof(*names));
    if (names == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < lists->count; i++)
        names[i] = np_yaml_key(lists, i)->text.ptr;
    problem.hint = np_suggest(name, names, lists->count);
    return np_sigma_refuse(document, problem, "the file of --values has no list '%.*s'",
                           NP_SPAN_ARGS(name));
}

/* The list of that name, or NULL. */
static const struct np_yaml_node *find_list(const struct expansion *expansion, struct np_span name)
{
    const struct np_yaml_node *lists = expansion->document->set->values;
    for (size_t i = 0; lists != NULL && i < lists->count; i++)
        if (np_span_eq(np_yaml_key(lists, i)->text, name))
            return np_yaml_value(lists, i);
    return NULL;
}

/* A copy of the list with the place of the rule's value: that is where a problem is to be told. */
static int place_list(const struct expansion *expansion, const struct np_yaml_node *list,
                      const struct np_yaml_node **out_list)
{
    struct np_arena *arena = &expansion->document->set->scratch;
    struct np_yaml_node *nodes = np_arena_alloc(arena, (list->count + 1) * sizeof(*nodes));
    const struct np_yaml_node **items = np_arena_alloc(arena, list->count * sizeof(nodes));
    if (nodes == NULL || items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i <= list->count; i++) {
        nodes[i] = i < list->count ? *list->items[i] : *list;
        nodes[i].line = expansion->node->line;
        nodes[i].column = expansion->node->column;
        nodes[i].text_column = 0;
        if (i < list->count)
            items[i] = &nodes[i];
    }
    nodes[list->count].items = items;
    *out_list = &nodes[list->count];
    return 0;
}

int np_sigma_expand_whole(struct np_sigma_document *document, const struct np_yaml_node *node,
                          const struct np_yaml_node **out_list)
{
    struct expansion expansion = {.document = document, .node = node};
    struct np_span name = name_at(node->text);
    *out_list = NULL;
    if (name.len == 0 || name.len + 2 != node->text.len)
        return 0;
    const struct np_yaml_node *list = find_list(&expansion, name);
    if (list == NULL)
        return refuse_name(&expansion, name);
    document->set->filled += list->count;
    return document->set->filled > NP_SIGMA_MAX_FILLED ? -E2BIG
                                                       : place_list(&expansion, list, out_list);
}

/* ---- combinations */

/* Gives the two texts, one behind the other. */
static int append(struct np_arena *arena, struct np_sigma_text text, struct np_sigma_text behind,
                  struct np_sigma_text *out_text)
{
    size_t count = text.count + behind.count;
    struct np_pattern_part *parts = np_arena_alloc(arena, count * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    if (text.count > 0)
        memcpy(parts, text.parts, text.count * sizeof(*parts));
    if (behind.count > 0)
        memcpy(parts + text.count, behind.parts, behind.count * sizeof(*parts));
    *out_text = (struct np_sigma_text){parts, count};
    return 0;
}

/* Puts each of the pieces, the longest of `bytes`, behind each of the texts so far. */
static int multiply(struct expansion *expansion, const struct np_sigma_text *pieces, size_t count,
                    size_t bytes)
{
    struct np_sigma_document *document = expansion->document;
    struct np_sigma_text_work *work = expansion->work;
    expansion->bytes += bytes;
    if (expansion->bytes > NP_SIGMA_MAX_EXPANDED_BYTES)
        return np_sigma_refuse(
            document, (struct np_sigma_problem){.code = "bad-value", .node = expansion->node},
            "a value with its placeholders filled in is longer than %d bytes",
            NP_SIGMA_MAX_EXPANDED_BYTES);
    np_sigma_text_work_swap(work);
    for (size_t t = 0; t < work->before.len; t++)
        for (size_t i = 0; i < count; i++) {
            struct np_sigma_text text;
            int r = append(&document->set->scratch, work->before.items[t], pieces[i], &text);
            if (r == 0)
                r = np_sigma_texts_add(document, &work->now, text);
            if (r < 0)
                return r;
        }
    return 0;
}

/* Goes on with text that is no placeholder, in which `\%` is a '%'. */
static int add_text(struct expansion *expansion, struct np_span raw)
{
    struct np_arena *arena = &expansion->document->set->scratch;
    char *plain = np_arena_alloc(arena, raw.len);
    if (plain == NULL)
        return -ENOMEM;
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] != '\\' || i + 1 == raw.len || raw.ptr[i + 1] != '%')
            plain[len++] = raw.ptr[i];
    struct np_sigma_text text;
    int r = np_sigma_text_parse(arena, np_span_make(plain, len), &text);
    return r < 0 ? r : multiply(expansion, &text, 1, len);
}

static int add_list(struct expansion *expansion, struct np_span name)
{
    struct np_arena *arena = &expansion->document->set->scratch;
    const struct np_yaml_node *list = find_list(expansion, name);
    if (list == NULL)
        return refuse_name(expansion, name);
    size_t longest = 0;
    int r = 0;
    struct np_sigma_text *texts = np_arena_alloc(arena, list->count * sizeof(*texts));
    if (texts == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < list->count && r == 0; i++) {
        struct np_span written = np_sigma_written(list->items[i]);
        longest = NP_MAX(longest, written.len);
        r = np_sigma_text_parse(arena, written, &texts[i]);
    }
    return r < 0 ? r : multiply(expansion, texts, list->count, longest);
}

static void warn_of_no_placeholder(const struct expansion *expansion)
{
    np_sigma_warn(expansion->document,
                  (struct np_sigma_problem){.code = "no-placeholder",
                                            .node = expansion->node,
                                            .item = expansion->node->text,
                                            .hint = "write the name of a list as %name%"},
                  "'expand' has no effect on a value without a placeholder");
}

int np_sigma_text_expand(struct np_sigma_document *document, const struct np_yaml_node *node,
                         struct np_sigma_text_work *work)
{
    struct expansion expansion = {.document = document, .node = node, .work = work};
    struct np_span text = np_sigma_written(node);
    size_t from = 0;
    size_t at = find_placeholder(text, 0);
    if (at == text.len)
        warn_of_no_placeholder(&expansion);
    work->now.len = 0;
    int r = np_sigma_texts_add(document, &work->now, (struct np_sigma_text){});
    while (r == 0) {
        r = add_text(&expansion, np_span_head(np_span_from(text, from), at - from));
        if (r < 0 || at == text.len)
            return r;
        struct np_span name = name_at(np_span_from(text, at));
        r = add_list(&expansion, name);
        from = at + name.len + 2;
        at = find_placeholder(text, from);
    }
    return r;
}
