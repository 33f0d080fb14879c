/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See written.h. Falco fills in one list after the other, each into all of the text, also into what earlier ones put there; so
 * here: a pass for each list whose name stands in the text.
 */
#include "rule/falco/load/written.h"

#include <errno.h>

enum { MARKS_MAX = 64 * 1024 * 1024 };

void np_falco_written_init(struct np_falco_written *written)
{
    *written = (struct np_falco_written){};
    np_buf_init(&written->text, NP_FALCO_CONDITION_MAX_BYTES);
}

void np_falco_written_done(struct np_falco_written *written)
{
    np_buf_done(&written->text);
    np_vec_done(&written->marks);
}

int np_falco_write(struct np_falco_written *written, struct np_span text, struct np_falco_mark from)
{
    if (text.len == 0)
        return 0;
    from.at = written->text.len;
    int r = np_vec_push(&written->marks, from, MARKS_MAX);
    return r < 0 ? r : np_buf_add_span(&written->text, text);
}

int np_falco_write_pieces(struct np_falco_written *written, const struct np_falco_pieces *pieces)
{
    int r = 0;
    for (const struct np_falco_piece *piece = pieces->first; piece != NULL && r == 0;
         piece = piece->next) {
        struct np_falco_mark from = {.node = piece->node, .doc = piece->doc};
        if (piece != pieces->first)
            r = np_falco_write(written, NP_SPAN(" "), from);
        if (r == 0)
            r = np_falco_write(written, piece->node->text, from);
    }
    return r;
}

static bool wants_quotes(struct np_span text)
{
    return text.len > 0 && text.ptr[0] != '"' && text.ptr[0] != '\'' &&
           memchr(text.ptr, ' ', text.len) != NULL;
}

int np_falco_write_quoted(struct np_falco_written *written, struct np_span text,
                          struct np_falco_mark from)
{
    bool quote = wants_quotes(text);
    int r = quote ? np_falco_write(written, NP_SPAN("\""), from) : 0;
    if (r == 0)
        r = np_falco_write(written, text, from);
    return r == 0 && quote ? np_falco_write(written, NP_SPAN("\""), from) : r;
}

/* The last mark at or before `offset`. */
static size_t mark_of(const struct np_falco_written *written, size_t offset)
{
    size_t low = 0;
    size_t high = written->marks.len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (written->marks.items[middle].at <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct np_falco_mark np_falco_written_from(const struct np_falco_written *written, size_t offset)
{
    if (written->marks.len == 0)
        return (struct np_falco_mark){};
    struct np_falco_mark mark = written->marks.items[mark_of(written, offset)];
    if (!mark.made && offset > mark.at)
        mark.offset += offset - mark.at;
    mark.at = 0;
    return mark;
}

/* ---- what names are replaced by */

static int add_value(struct np_buf *buf, struct np_span value)
{
    bool quote = wants_quotes(value);
    return np_buf_printf(buf, "%s%s", buf->len > 0 ? ", " : "", quote ? "\"" : "") < 0 ||
                   np_buf_add_span(buf, value) < 0 || (quote && np_buf_add_char(buf, '"') < 0)
               ? buf->error
               : 0;
}

static int add_values(struct np_buf *buf, const struct np_falco_pieces *items)
{
    int r = 0;
    for (const struct np_falco_piece *piece = items->first; piece != NULL; piece = piece->next)
        for (size_t i = 0; i < piece->node->count && r == 0; i++)
            r = add_value(buf, piece->node->items[i]->text);
    return r;
}

/* An item that names a list which was there when this one was defined stands for that list's items. */
static int add_item(struct np_falco_book *book, const struct np_falco_list *list,
                    struct np_buf *buf, struct np_span item)
{
    uint32_t index = np_map_get(&book->list_names, item);
    struct np_falco_list *named = index != NP_MAP_NONE ? &book->lists.items[index] : NULL;
    if (named == NULL || named->order.place >= list->order.sees)
        return add_value(buf, item);
    named->used = true;
    return add_values(buf, &named->items);
}

static int make_list(struct np_falco_book *book, struct np_falco_list *list, struct np_buf *buf)
{
    int r = 0;
    np_buf_reset(buf);
    for (const struct np_falco_piece *piece = list->items.first; piece != NULL; piece = piece->next)
        for (size_t i = 0; i < piece->node->count && r == 0; i++)
            r = add_item(book, list, buf, piece->node->items[i]->text);
    book->filled_bytes += buf->len;
    list->too_large = r == -E2BIG || book->filled_bytes > NP_FALCO_TEXT_MAX_BYTES;
    if (r < 0 || list->too_large)
        return list->too_large ? 0 : r;
    list->text = np_buf_span(buf);
    return np_arena_keep(&book->arena, &list->text);
}

int np_falco_lists_make(struct np_falco_book *book)
{
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, NP_FALCO_CONDITION_MAX_BYTES);
    int r = 0;
    for (size_t i = 0; i < book->lists.len && r == 0; i++)
        r = make_list(book, &book->lists.items[i], &buf);
    return r;
}

/* ---- filling in */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_delimiter(char c)
{
    return is_blank(c) || c == '(' || c == ')' || c == ',' || c == '=';
}

/* The next run of bytes between delimiters from `from` on; empty at the end. */
static struct np_span next_word(struct np_span text, size_t from)
{
    while (from < text.len && is_delimiter(text.ptr[from]))
        from++;
    if (from >= text.len)
        return (struct np_span){};
    size_t end = from;
    while (end < text.len && !is_delimiter(text.ptr[end]))
        end++;
    return np_span_make(text.ptr + from, end - from);
}

/* The first list, by definition, that `text` names and that is not before `from`. */
static uint32_t next_list(const struct np_falco_book *book, struct np_span text, uint32_t from)
{
    uint32_t best = NP_MAP_NONE;
    struct np_span word = next_word(text, 0);
    while (word.len > 0) {
        uint32_t index = np_map_get(&book->list_names, word);
        if (index != NP_MAP_NONE && index >= from && (best == NP_MAP_NONE || index < best))
            best = index;
        word = next_word(text, (size_t) (word.ptr + word.len - text.ptr));
    }
    return best;
}

/* A text that is copied with lists filled in. */
struct filling {
    const struct np_falco_written *from;
    struct np_falco_written *to;
    size_t done; /* of `from` */
};

/* Copies up to `end`, with its marks. */
static int copy_to(struct filling *filling, size_t end)
{
    const struct np_falco_written *from = filling->from;
    int r = 0;
    while (filling->done < end && r == 0) {
        size_t mark = mark_of(from, filling->done);
        size_t stop =
            mark + 1 < from->marks.len ? NP_MIN(from->marks.items[mark + 1].at, end) : end;
        r = np_falco_write(filling->to,
                           np_span_make(from->text.data + filling->done, stop - filling->done),
                           (struct np_falco_mark){
                               .node = from->marks.items[mark].node,
                               .doc = from->marks.items[mark].doc,
                               .offset = np_falco_written_from(from, filling->done).offset,
                               .made = from->marks.items[mark].made,
                           });
        filling->done = stop;
    }
    return r;
}

/* Puts the list's items in the place of the word at `start`, with one blank on each side. */
static int put_list(struct filling *filling, const struct np_falco_list *list, size_t start)
{
    struct np_span text = np_buf_span(&filling->from->text);
    struct np_falco_mark mark = np_falco_written_from(filling->from, start);
    size_t end = start + list->name.len;
    mark.made = true;
    while (start > filling->done && is_blank(text.ptr[start - 1]))
        start--;
    while (end < text.len && is_blank(text.ptr[end]))
        end++;
    if (list->text.len == 0) { /* and takes a comma with it */
        if (start > filling->done && text.ptr[start - 1] == ',')
            start--;
        else if (end < text.len && text.ptr[end] == ',')
            end++;
    }
    int r = copy_to(filling, start);
    filling->done = end;
    if (r == 0 && start > 0)
        r = np_falco_write(filling->to, NP_SPAN(" "), mark);
    if (r == 0)
        r = np_falco_write(filling->to, list->text, mark);
    return r < 0 ? r : np_falco_write(filling->to, NP_SPAN(" "), mark);
}

static int fill_list(struct np_falco_written *written, const struct np_falco_list *list)
{
    struct np_falco_written filled;
    np_falco_written_init(&filled);
    struct filling filling = {.from = written, .to = &filled};
    struct np_span text = np_buf_span(&written->text);
    int r = 0;
    for (struct np_span word = next_word(text, 0); word.len > 0 && r == 0;) {
        size_t start = (size_t) (word.ptr - text.ptr);
        if (np_span_eq(word, list->name) && start >= filling.done)
            r = put_list(&filling, list, start);
        word = next_word(text, start + word.len);
    }
    if (r == 0)
        r = copy_to(&filling, text.len);
    if (r < 0) {
        np_falco_written_done(&filled);
        return r;
    }
    np_falco_written_done(written);
    *written = filled;
    return 0;
}

int np_falco_lists_fill(struct np_falco_book *book, struct np_falco_written *written)
{
    uint32_t index = next_list(book, np_buf_span(&written->text), 0);
    while (index != NP_MAP_NONE) {
        struct np_falco_list *list = &book->lists.items[index];
        list->used = true;
        int r = list->too_large ? -E2BIG : fill_list(written, list);
        book->filled_bytes += written->text.len;
        if (r < 0 || book->filled_bytes > NP_FALCO_TEXT_MAX_BYTES)
            return r < 0 ? r : -E2BIG;
        index = next_list(book, np_buf_span(&written->text), index + 1);
    }
    return 0;
}
