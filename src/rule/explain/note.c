/* SPDX-License-Identifier: Apache-2.0 */
/* See note.h. */
#include "rule/explain/note.h"

int np_notes_add(struct np_notes *notes, struct np_note note)
{
    int r = np_vec_reserve(&notes->items, notes->items.len + 1, NP_NOTES_MAX);
    if (r < 0)
        return r;
    size_t place = notes->items.len++;
    for (; place > 0 && notes->items.items[place - 1].expr > note.expr; place--)
        notes->items.items[place] = notes->items.items[place - 1];
    notes->items.items[place] = note;
    return 0;
}

void np_note_add_value(struct np_buf *buf, struct np_span value, size_t max)
{
    size_t len = NP_MIN(value.len, max);
    while (len < value.len && len > 0 && ((unsigned char) value.ptr[len] & 0xc0) == 0x80)
        len--;
    (void) np_buf_add_span(buf, np_span_head(value, len)); /* errors stay in the buffer */
    if (len < value.len)
        (void) np_buf_printf(buf, "... (%zu bytes)", value.len);
}

struct np_span np_notes_find(const struct np_notes *notes, np_expr_id expr, enum np_note_kind kind)
{
    size_t low = 0;
    size_t high = notes->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (notes->items.items[middle].expr < expr)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < notes->items.len && notes->items.items[low].expr == expr; low++)
        if (notes->items.items[low].kind == kind)
            return notes->items.items[low].text;
    return (struct np_span){};
}
