/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list's room is not kept anywhere: it follows from the count. A list begins with FIRST_ITEMS
 * and doubles each time it is full, so it is full where the count is FIRST_ITEMS times a power of
 * two.
 */
#include "codec/json/slots.h"

#include <string.h>

enum { FIRST_ITEMS = 4 }; /* a power of two */

static bool is_full(uint32_t count)
{
    return count == 0 || (count >= FIRST_ITEMS && (count & (count - 1)) == 0);
}

/* A new last item of `list`, NULL where memory is out. */
static struct np_value *add_item(struct np_value *list, struct np_arena *arena)
{
    /* What a reader gets as const lies in the arena of the walk, which may still write it. */
    union {
        const struct np_value *given;
        struct np_value *ours;
    } items = {.given = list->items};
    if (is_full(list->count)) {
        size_t room = list->count == 0 ? FIRST_ITEMS : (size_t) list->count * 2;
        items.ours = np_arena_alloc(arena, room * sizeof(*items.ours));
        if (items.ours == NULL)
            return NULL;
        if (list->count > 0)
            memcpy(items.ours, list->items, list->count * sizeof(*items.ours));
        list->items = items.given;
    }
    return &items.ours[list->count++];
}

bool np_json_slots_make_list(struct np_json_slots *slots, uint32_t number)
{
    struct np_value *slot = &slots->values[number];
    struct np_value first = *slot;
    if (first.kind == NP_VALUE_LIST)
        return true;
    *slot = (struct np_value){.kind = NP_VALUE_LIST};
    if (first.kind == NP_VALUE_ABSENT) {
        slots->touched[slots->touched_len++] = number;
        return true;
    }
    struct np_value *item = add_item(slot, slots->arena);
    if (item != NULL)
        *item = first;
    return item != NULL;
}

struct np_value *np_json_slots_place_in_list(struct np_json_slots *slots, uint32_t number)
{
    if (!np_json_slots_make_list(slots, number))
        return NULL;
    return add_item(&slots->values[number], slots->arena);
}

void np_json_slots_forget(struct np_json_slots *slots, size_t kept)
{
    while (slots->touched_len > kept)
        slots->values[slots->touched[--slots->touched_len]] = (struct np_value){};
}
