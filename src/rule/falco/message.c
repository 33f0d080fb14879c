/* SPDX-License-Identifier: Apache-2.0 */
/* See message.h. */
#include "rule/falco/message.h"

#include <errno.h>

static const struct np_span missing = {"<NA>", 4};

struct np_span np_text_cut(struct np_span text, size_t max_bytes)
{
    if (text.len <= max_bytes)
        return text;
    size_t len = max_bytes;
    for (int back = 0; back < 3 && len > 0 && ((unsigned char) text.ptr[len] & 0xc0) == 0x80;
         back++)
        len--;
    return np_span_head(text, len);
}

static bool is_missing(const struct np_value *value)
{
    return value->kind == NP_VALUE_ABSENT || value->kind == NP_VALUE_NULL;
}

static struct np_span text_of(const struct np_value *value)
{
    return is_missing(value) ? missing : value->text;
}

static void write_list(struct np_buf *buf, const struct np_value *list)
{
    np_buf_add_char(buf, '(');
    for (uint32_t i = 0; i < list->count && buf->len <= NP_OUTPUT_TEXT_MAX_BYTES; i++) {
        if (i > 0)
            np_buf_add_char(buf, ',');
        np_buf_add_span(buf, text_of(&list->items[i]));
    }
    np_buf_add_char(buf, ')');
}

/* Cuts what was written from `start` on to `width` bytes, or fills it up with blanks. */
static void fit(struct np_buf *buf, size_t start, size_t width)
{
    if (buf->error < 0)
        return;
    buf->len = NP_MIN(buf->len, start + width);
    while (buf->error == 0 && buf->len < start + width)
        np_buf_add_char(buf, ' ');
}

static void write_part(struct np_buf *buf, const struct np_rule_output_part *part,
                       struct np_event *event)
{
    if (part->field == NP_FIELD_NONE) {
        np_buf_add_span(buf, part->text);
        return;
    }
    const struct np_value *value = np_event_field(event, part->field);
    size_t start = buf->len;
    if (value->kind == NP_VALUE_LIST)
        write_list(buf, value);
    else
        np_buf_add_span(buf, np_span_head(text_of(value), NP_OUTPUT_TEXT_MAX_BYTES + 1));
    if (part->width > 0)
        fit(buf, start, part->width);
}

void np_rule_output_write(struct np_buf *buf, const struct np_rule_output *output,
                          struct np_event *event, bool *out_is_cut)
{
    size_t start = buf->len;
    for (size_t i = 0; i < output->part_count && buf->len - start <= NP_OUTPUT_TEXT_MAX_BYTES; i++)
        write_part(buf, &output->parts[i], event);
    *out_is_cut = buf->len - start > NP_OUTPUT_TEXT_MAX_BYTES;
    if (*out_is_cut)
        buf->len = start +
                   np_text_cut(np_span_from(np_buf_span(buf), start), NP_OUTPUT_TEXT_MAX_BYTES).len;
}

/* Copies a value that is no list. */
static int keep_one(struct np_arena *arena, const struct np_value *value, struct np_value *out_kept,
                    bool *is_cut)
{
    *out_kept = *value;
    out_kept->text = np_text_cut(value->text, NP_OUTPUT_VALUE_MAX_BYTES);
    *is_cut |= out_kept->text.len < value->text.len || (value->flags & NP_VALUE_TRUNCATED) != 0;
    return np_arena_keep(arena, &out_kept->text);
}

int np_rule_output_keep(struct np_arena *arena, const struct np_value *value,
                        struct np_value *out_kept, bool *out_is_cut)
{
    *out_is_cut = false;
    if (value->kind != NP_VALUE_LIST)
        return keep_one(arena, value, out_kept, out_is_cut);
    struct np_value list = *value;
    list.count = NP_MIN(value->count, (uint32_t) NP_OUTPUT_ITEMS_MAX);
    *out_is_cut = list.count < value->count || (value->flags & NP_VALUE_TRUNCATED) != 0;
    struct np_value *items = np_arena_zalloc(arena, (list.count + 1) * sizeof(items[0]));
    if (items == NULL)
        return -ENOMEM;
    size_t bytes = 0;
    uint32_t count = 0;
    for (; count < list.count && bytes <= NP_OUTPUT_TEXT_MAX_BYTES; count++) {
        int r = keep_one(arena, &value->items[count], &items[count], out_is_cut);
        if (r < 0)
            return r;
        bytes += items[count].text.len;
    }
    *out_is_cut |= count < list.count;
    list.count = count;
    list.items = items;
    *out_kept = list;
    return 0;
}
