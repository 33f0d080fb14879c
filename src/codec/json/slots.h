/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filling the slots of a walk: a slot with one value holds it, one with several a list that grows
 * in the arena.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "codec/json/json.h"

/* The long way of np_json_slots_place(): makes the slot a list and adds an item. */
struct np_value *np_json_slots_place_in_list(struct np_json_slots *slots, uint32_t number);

/*
 * Where the next value of slot `number` is to be written: the slot itself, or a new item of its
 * list. A list is made for the second value, or with `in_array` for the first one. NULL where
 * memory is out. The caller writes it at once. Inline, since nearly every value goes the short
 * way.
 */
static inline struct np_value *np_json_slots_place(struct np_json_slots *slots, uint32_t number,
                                                   bool in_array)
{
    struct np_value *slot = &slots->values[number];
    if (np_unlikely(slot->kind != NP_VALUE_ABSENT || in_array))
        return np_json_slots_place_in_list(slots, number);
    slots->touched[slots->touched_len++] = number;
    return slot;
}

/* Makes slot `number` a list, an empty one where it held nothing: false where memory is out. */
bool np_json_slots_make_list(struct np_json_slots *slots, uint32_t number);

/* Empties the slots that were touched after the first `kept`. */
void np_json_slots_forget(struct np_json_slots *slots, size_t kept);
