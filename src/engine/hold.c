/* SPDX-License-Identifier: Apache-2.0 */
/* See hold.h. */
#include "engine/hold.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "engine/block.h"

enum {
    SLOT_S = 4,     /* seconds whose acts lie together, and leave together */
    STEP_SLOTS = 8, /* of the watermark, before what it has passed leaves */
    /* Of a slot with more than this nothing more is packed: all of it is unpacked at once. */
    UNPACKED_MAX_BYTES = 16 * 1024 * 1024
};

/* The acts of some seconds in the order in which they came, one behind the other in blocks. */
struct slot {
    struct np_block *last; /* whose `next` is the one before */
    size_t count;
    size_t bytes; /* of the acts */
};

/* What acts are sorted by. */
struct place {
    np_time_ns time;
    uint64_t order;
    const struct np_held *held;
};

struct np_hold {
    struct np_hold_params params;
    struct slot *ring;
    size_t mask; /* of the ring */
    struct np_blocks blocks;
    NP_VEC(struct place) places;            /* of a slot that leaves, and room to sort it */
    NP_VEC(const struct np_held *) leaving; /* its acts in their order */
    size_t count;                           /* acts that wait */
    bool has_begun;
    np_time_ns newest;
    int64_t edge; /* what is older than this slot has left */
    uint64_t missed;
};

/* The slots are numbered by time; those before 1970 below zero. */
static int64_t slot_of(np_time_ns time)
{
    int64_t span = SLOT_S * NP_NS_PER_S;
    return time / span - (time % span < 0 ? 1 : 0);
}

static struct slot *slot_at(const struct np_hold *hold, int64_t number)
{
    return &hold->ring[(size_t) number & hold->mask];
}

int np_hold_new(struct np_hold **out_hold, const struct np_hold_params *params)
{
    struct np_hold *hold = np_alloc(sizeof(*hold));
    if (hold == NULL)
        return -ENOMEM;
    size_t slots = 4;
    while ((np_time_ns) slots < params->lateness / (SLOT_S * NP_NS_PER_S) + STEP_SLOTS + 3)
        slots *= 2;
    hold->params = *params;
    hold->mask = slots - 1;
    hold->ring = np_alloc_array(slots, sizeof(*hold->ring));
    if (hold->ring == NULL) {
        np_hold_free(&hold);
        return -ENOMEM;
    }
    *out_hold = hold;
    return 0;
}

static void give_back_all(struct np_hold *hold, struct np_block *first)
{
    while (first != NULL) {
        struct np_block *next = first->next;
        np_blocks_give_back(&hold->blocks, first);
        first = next;
    }
}

void np_hold_free(struct np_hold **hold)
{
    if (hold == NULL || *hold == NULL)
        return;
    for (size_t i = 0; (*hold)->ring != NULL && i <= (*hold)->mask; i++)
        give_back_all(*hold, (*hold)->ring[i].last);
    np_blocks_done(&(*hold)->blocks);
    np_vec_done(&(*hold)->places);
    np_vec_done(&(*hold)->leaving);
    np_free((*hold)->ring);
    np_free(*hold);
    *hold = NULL;
}

/* The copy that another account gets of a call knows its caller less well: it goes behind the caller's own. */
static bool is_copy(const struct place *place)
{
    return place->held->identity == NP_IDENTITY_ACCOUNT;
}

static bool is_before(const struct place *a, const struct place *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (is_copy(a) != is_copy(b))
        return is_copy(b);
    if (a->order != b->order)
        return a->order < b->order;
    return np_held_compare(a->held, b->held) < 0;
}

/* Merges the neighbours `from`[0, half) and [half, len) into `to`. */
static void merge(struct place *to, const struct place *from, size_t half, size_t len)
{
    size_t left = 0;
    size_t right = half;
    for (size_t i = 0; i < len; i++)
        if (left < half && (right == len || !is_before(&from[right], &from[left])))
            to[i] = from[left++];
        else
            to[i] = from[right++];
}

/* Sorts `count` places with as much room behind them; equals stay in order. Returns where the result stands. */
static struct place *sort(struct place *places, size_t count)
{
    struct place *from = places;
    struct place *to = places + count;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t i = 0; i < count; i += 2 * width) {
            size_t len = NP_MIN(2 * width, count - i);
            merge(to + i, from + i, NP_MIN(width, len), len);
        }
        struct place *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

/* Makes a slot's acts readable, and turns its blocks around: the first one comes first. 0 or -ENOMEM. */
static int open_slot(struct np_hold *hold, struct slot *slot)
{
    struct np_block *first = NULL;
    for (struct np_block *at = slot->last; at != NULL;) {
        struct np_block *block = np_blocks_unpack(&hold->blocks, at);
        if (block == NULL) {
            slot->last = at;
            give_back_all(hold, first);
            return -ENOMEM;
        }
        at = block->next;
        block->next = first;
        first = block;
    }
    slot->last = first;
    return 0;
}

static void list_block(struct np_hold *hold, const struct np_block *block)
{
    for (size_t at = 0; at < block->used;) {
        const struct np_held *held = (const struct np_held *) (const void *) (block->data + at);
        hold->places.items[hold->places.len++] =
            (struct place){.time = held->time, .order = held->order, .held = held};
        at += held->bytes;
    }
}

/* Lists the acts of a slot, with room to sort them. */
static int list_places(struct np_hold *hold, struct slot *slot)
{
    int r = np_vec_reserve(&hold->places, 2 * slot->count, SIZE_MAX);
    if (r == 0)
        r = np_vec_reserve(&hold->leaving, slot->count, SIZE_MAX);
    if (r == 0)
        r = open_slot(hold, slot);
    if (r < 0)
        return r;
    hold->places.len = 0;
    for (const struct np_block *block = slot->last; block != NULL; block = block->next)
        list_block(hold, block);
    return 0;
}

/* Lets the acts of the oldest slot leave. */
static int empty_one(struct np_hold *hold, struct np_err *err)
{
    struct slot *slot = slot_at(hold, hold->edge++);
    if (slot->last == NULL)
        return 0;
    int r = list_places(hold, slot);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    const struct place *places = sort(hold->places.items, slot->count);
    for (size_t i = 0; i < slot->count; i++)
        hold->leaving.items[i] = places[i].held;
    r = hold->params.leave(hold->params.context, hold->leaving.items, slot->count, err);
    hold->count -= slot->count;
    give_back_all(hold, slot->last);
    *slot = (struct slot){};
    return r;
}

/* Lets everything leave that is older than the slot `edge`. */
static int leave_until(struct np_hold *hold, int64_t edge, struct np_err *err)
{
    int r = 0;
    while (hold->edge < edge && hold->count > 0 && r == 0)
        r = empty_one(hold, err);
    hold->edge = NP_MAX(hold->edge, edge);
    return r;
}

/* Lets the oldest acts leave before their time, to make room. */
static int leave_early(struct np_hold *hold, struct np_err *err)
{
    int64_t edge = hold->edge;
    while (slot_at(hold, edge)->last == NULL)
        edge++;
    return leave_until(hold, edge + 1, err);
}

/* The slot of the watermark. */
static int64_t watermark(const struct np_hold *hold)
{
    np_time_ns earliest = INT64_MIN + hold->params.lateness;
    return slot_of(NP_MAX(hold->newest, earliest) - hold->params.lateness);
}

static int advance(struct np_hold *hold, np_time_ns time, struct np_err *err)
{
    if (hold->has_begun && time <= hold->newest)
        return 0;
    hold->newest = time;
    if (!hold->has_begun)
        hold->edge = watermark(hold);
    hold->has_begun = true;
    int64_t mark = watermark(hold);
    return mark - hold->edge >= STEP_SLOTS ? leave_until(hold, mark, err) : 0;
}

/* Where memory is short, what is full is packed. */
static void close_last(struct np_hold *hold, struct slot *slot)
{
    if (slot->last != NULL && hold->blocks.bytes >= hold->params.max_bytes / 2 &&
        slot->bytes <= UNPACKED_MAX_BYTES)
        slot->last = np_blocks_pack(&hold->blocks, slot->last);
}

/* Sees to it that the last block of a slot has room: 1 = it has, 0 = there is no memory for more, -ENOMEM. */
static int find_room(struct np_hold *hold, struct slot *slot, size_t bytes)
{
    struct np_block *last = slot->last;
    if (np_likely(last != NULL && last->packed == 0 && last->size - last->used >= bytes))
        return 1;
    close_last(hold, slot);
    size_t size = NP_MAX(bytes, (size_t) NP_BLOCK_BYTES);
    if (hold->count > 0 && hold->blocks.bytes + size > hold->params.max_bytes)
        return 0;
    struct np_block *block = np_blocks_take(&hold->blocks, bytes);
    if (block == NULL)
        return -ENOMEM;
    block->next = slot->last;
    slot->last = block;
    return 1;
}

static void append(struct np_hold *hold, struct slot *slot, const struct np_held *held)
{
    struct np_block *block = slot->last;
    memcpy(block->data + block->used, held, held->bytes);
    block->used += held->bytes;
    slot->count++;
    slot->bytes += held->bytes;
    hold->count++;
}

/* Hands on an act whose place has passed. */
static int pass(struct np_hold *hold, const struct np_held *held, struct np_err *err)
{
    if (held->time != NP_TIME_NONE && slot_of(held->time) >= watermark(hold))
        hold->missed++;
    return hold->params.leave(hold->params.context, &held, 1, err);
}

int np_hold_take(struct np_hold *hold, const struct np_held *held, struct np_err *err)
{
    if (held->time == NP_TIME_NONE)
        return pass(hold, held, err);
    int r = advance(hold, held->time, err);
    int room = 0;
    int64_t number = slot_of(held->time);
    while (r == 0 && number >= hold->edge &&
           (room = find_room(hold, slot_at(hold, number), held->bytes)) == 0)
        r = leave_early(hold, err);
    if (r < 0 || room < 0)
        return r < 0 ? r : np_fail(err, room, "out of memory");
    if (room == 0)
        return pass(hold, held, err);
    append(hold, slot_at(hold, number), held);
    return 0;
}

int np_hold_finish(struct np_hold *hold, struct np_err *err)
{
    return hold->has_begun ? leave_until(hold, slot_of(hold->newest) + 1, err) : 0;
}

uint64_t np_hold_missed(const struct np_hold *hold)
{
    return hold->missed;
}
