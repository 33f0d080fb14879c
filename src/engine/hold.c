/* SPDX-License-Identifier: Apache-2.0 */
/* See hold.h. */
#include "engine/hold.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/vec.h"

enum { SEGMENT_BYTES = 512 * 1024, AHEAD = 4 /* acts asked from memory before their turn */ };

_Static_assert((int) NP_HELD_MAX_BYTES <= (int) SEGMENT_BYTES, "every act fits into a segment");

struct segment {
    char *bytes;
    size_t used;
    size_t live; /* acts that have not left */
};

/* A second's acts in the order in which they came. */
struct second {
    struct np_held *first;
    struct np_held *last;
};

/* What acts are sorted by. */
struct place {
    np_time_ns time;
    uint64_t order;
    struct np_held *held;
};

struct np_hold {
    struct np_hold_params params;
    struct second *ring;
    size_t mask; /* of the ring */
    NP_VEC(struct segment) segments;
    NP_VEC(uint32_t) spare; /* segments without acts; room for all of them */
    uint32_t current;       /* the segment being filled */
    size_t max_segments;
    NP_VEC(struct place) places; /* of the second that leaves, and room to sort it */
    size_t count;                /* acts that wait */
    bool has_begun;
    np_time_ns newest;
    int64_t edge; /* what is older than this second has left */
    uint64_t missed;
};

static int64_t second_of(np_time_ns time)
{
    int64_t second = time / NP_NS_PER_S;
    return second - (time % NP_NS_PER_S < 0 ? 1 : 0);
}

int np_hold_new(struct np_hold **out_hold, const struct np_hold_params *params)
{
    struct np_hold *hold = np_alloc(sizeof(*hold));
    if (hold == NULL)
        return -ENOMEM;
    size_t seconds = 4;
    while ((np_time_ns) seconds < params->lateness / NP_NS_PER_S + 3)
        seconds *= 2;
    hold->params = *params;
    hold->mask = seconds - 1;
    hold->current = UINT32_MAX;
    hold->max_segments = NP_MAX(params->max_bytes / SEGMENT_BYTES, (size_t) 2);
    hold->ring = np_alloc_array(seconds, sizeof(*hold->ring));
    if (hold->ring == NULL) {
        np_hold_free(&hold);
        return -ENOMEM;
    }
    *out_hold = hold;
    return 0;
}

void np_hold_free(struct np_hold **hold)
{
    if (hold == NULL || *hold == NULL)
        return;
    for (size_t i = 0; i < (*hold)->segments.len; i++)
        np_free((*hold)->segments.items[i].bytes);
    np_vec_done(&(*hold)->segments);
    np_vec_done(&(*hold)->spare);
    np_vec_done(&(*hold)->places);
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

static void forget(struct np_hold *hold, const struct np_held *held)
{
    uint32_t number = held->segment;
    struct segment *segment = &hold->segments.items[number];
    hold->count--;
    segment->live--;
    if (segment->live > 0)
        return;
    segment->used = 0;
    if (number != hold->current)
        hold->spare.items[hold->spare.len++] = number;
}

/* Lists the acts of a second, with room to sort them: how many there are, or -ENOMEM. */
static int list_places(struct np_hold *hold, const struct second *second, size_t *out_count)
{
    size_t count = 0;
    hold->places.len = 0;
    for (struct np_held *held = second->first; held != NULL; held = held->next) {
        struct place place = {.time = held->time, .order = held->order, .held = held};
        int r = np_vec_push(&hold->places, place, SIZE_MAX / 2);
        if (r < 0)
            return r;
        if (held->next != NULL)
            __builtin_prefetch(held->next->next);
        count++;
    }
    *out_count = count;
    return np_vec_reserve(&hold->places, 2 * count, SIZE_MAX);
}

/* Lets the oldest second leave. */
static int leave_one(struct np_hold *hold, struct np_err *err)
{
    struct second *second = &hold->ring[(size_t) hold->edge & hold->mask];
    hold->edge++;
    if (second->first == NULL)
        return 0;
    size_t count = 0;
    int r = list_places(hold, second, &count);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    *second = (struct second){};
    const struct place *places = sort(hold->places.items, count);
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(places[i + AHEAD].held + 1);
        if (r == 0)
            r = hold->params.leave(hold->params.context, places[i].held, err);
        forget(hold, places[i].held);
    }
    return r;
}

/* Lets everything leave that is older than the second `edge`. */
static int leave_until(struct np_hold *hold, int64_t edge, struct np_err *err)
{
    int r = 0;
    while (hold->edge < edge && hold->count > 0 && r == 0)
        r = leave_one(hold, err);
    hold->edge = NP_MAX(hold->edge, edge);
    return r;
}

/* The watermark's second. */
static int64_t watermark(const struct np_hold *hold)
{
    np_time_ns earliest = INT64_MIN + hold->params.lateness;
    return second_of(NP_MAX(hold->newest, earliest) - hold->params.lateness);
}

static int advance(struct np_hold *hold, np_time_ns time, struct np_err *err)
{
    if (hold->has_begun && time <= hold->newest)
        return 0;
    hold->newest = time;
    if (!hold->has_begun)
        hold->edge = watermark(hold);
    hold->has_begun = true;
    return leave_until(hold, watermark(hold), err);
}

/* Finds a segment with room: 1 = it is the current one, 0 = there is none, -ENOMEM. */
static int find_room(struct np_hold *hold, size_t bytes)
{
    if (hold->current != UINT32_MAX &&
        hold->segments.items[hold->current].used + bytes <= SEGMENT_BYTES)
        return 1;
    if (hold->spare.len > 0) {
        hold->current = hold->spare.items[--hold->spare.len];
        return 1;
    }
    if (hold->segments.len == hold->max_segments)
        return 0;
    int r = np_vec_reserve(&hold->spare, hold->segments.len + 1, SIZE_MAX);
    struct segment segment = {.bytes = r == 0 ? np_alloc(SEGMENT_BYTES) : NULL};
    if (segment.bytes != NULL)
        r = np_vec_push(&hold->segments, segment, UINT32_MAX - 1);
    if (segment.bytes == NULL || r < 0) {
        np_free(segment.bytes);
        return -ENOMEM;
    }
    hold->current = (uint32_t) hold->segments.len - 1;
    return 1;
}

static void append(struct np_hold *hold, const struct np_held *held)
{
    struct segment *segment = &hold->segments.items[hold->current];
    struct np_held *copy = (struct np_held *) (void *) (segment->bytes + segment->used);
    memcpy(copy, held, held->bytes);
    copy->next = NULL;
    copy->segment = hold->current;
    segment->used += held->bytes;
    segment->live++;
    hold->count++;
    struct second *second = &hold->ring[(size_t) second_of(held->time) & hold->mask];
    if (second->last != NULL)
        second->last->next = copy;
    else
        second->first = copy;
    second->last = copy;
}

/* Hands on an act whose place has passed. */
static int pass(struct np_hold *hold, const struct np_held *held, struct np_err *err)
{
    if (held->time != NP_TIME_NONE && second_of(held->time) >= watermark(hold))
        hold->missed++;
    return hold->params.leave(hold->params.context, held, err);
}

int np_hold_take(struct np_hold *hold, const struct np_held *held, struct np_err *err)
{
    if (held->time == NP_TIME_NONE)
        return pass(hold, held, err);
    int r = advance(hold, held->time, err);
    int room = 0;
    while (r == 0 && second_of(held->time) >= hold->edge &&
           (room = find_room(hold, held->bytes)) == 0)
        r = leave_one(hold, err);
    if (r < 0 || room < 0)
        return r < 0 ? r : np_fail(err, room, "out of memory");
    if (room == 0)
        return pass(hold, held, err);
    append(hold, held);
    return 0;
}

int np_hold_finish(struct np_hold *hold, struct np_err *err)
{
    int r = 0;
    while (hold->count > 0 && r == 0)
        r = leave_one(hold, err);
    return r;
}

uint64_t np_hold_missed(const struct np_hold *hold)
{
    return hold->missed;
}
