/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting records: see delivery.h. Memory of delivered records is used again, so
 * that a steady state allocates nothing.
 */
#include "simulate/delivery.h"

#include "base/hash.h"

enum {
    MAX_RECORD_BYTES = 8 * 1024 * 1024,
    USUAL_RECORD_BYTES = 1800,
    KEPT_BYTES = 8 * 1024, /* room that a delivered record keeps for the next */
    MAX_WAITING = 1 << 20,
    REPEATED = 100, /* of 10,000: delivered twice */
    VERY_LATE = 5   /* of 10,000 */
};

#define FILE_PERIOD (5 * NP_NS_PER_MIN)

void np_delivery_init(struct np_delivery *delivery, uint64_t seed)
{
    *delivery = (struct np_delivery){.seed = seed};
}

static void free_waiting(struct np_waiting *waiting)
{
    np_buf_done(&waiting->text);
    np_free(waiting);
}

void np_delivery_done(struct np_delivery *delivery)
{
    while (delivery->schedule.due.len > 0)
        free_waiting(np_schedule_take(&delivery->schedule));
    np_schedule_done(&delivery->schedule);
    while (delivery->spare != NULL) {
        struct np_waiting *waiting = delivery->spare;
        delivery->spare = waiting->next_spare;
        free_waiting(waiting);
    }
}

/* ---- memory */

static size_t held_by(const struct np_waiting *waiting)
{
    return sizeof(*waiting) + waiting->text.cap;
}

struct np_waiting *np_delivery_new(struct np_delivery *delivery)
{
    struct np_waiting *waiting = delivery->spare;
    if (waiting != NULL) {
        delivery->spare = waiting->next_spare;
        delivery->held_bytes -= held_by(waiting); /* counted anew when it is full */
    } else {
        waiting = np_alloc(sizeof(*waiting));
        if (waiting == NULL)
            return NULL;
        np_buf_init(&waiting->text, MAX_RECORD_BYTES);
        (void) np_buf_reserve(&waiting->text, USUAL_RECORD_BYTES); /* else it grows by and by */
    }
    return waiting;
}

void np_delivery_give_back(struct np_delivery *delivery, struct np_waiting *waiting)
{
    bool is_full = delivery->held_bytes > NP_SIMULATE_MAX_WAITING_BYTES;
    delivery->held_bytes -= held_by(waiting);
    if (is_full) {
        free_waiting(waiting);
        return;
    }
    if (waiting->text.cap > KEPT_BYTES)
        np_buf_done(&waiting->text);
    np_buf_reset(&waiting->text);
    waiting->next_spare = delivery->spare;
    delivery->spare = waiting;
    delivery->held_bytes += held_by(waiting);
}

/* ---- when */

/* A number of a distribution that is given by its values at equal steps of probability. */
static int64_t draw(struct np_random *random, const int64_t *quantiles, size_t count)
{
    uint64_t next = np_random_next(random);
    uint64_t steps = count - 1;
    size_t step = (size_t) (((next >> 32) * steps) >> 32);
    return np_random_between(random, quantiles[step], quantiles[step + 1]);
}

/*
 * Files are written at full five minutes and some seconds, by account and region. What is ready some seconds after the
 * event, mostly less than a minute, goes into the next one. Within a file records stand nearly in order.
 */
static np_time_ns find_delivery(const struct np_waiting *waiting, struct np_random *random,
                                np_time_ns not_before)
{
    static const int64_t ready_s[] = {4, 10, 17, 24, 32, 40, 50, 64, 90, 150, 330};
    struct np_span text = np_buf_span(&waiting->text);
    struct np_span account = np_span_make(text.ptr + waiting->places.account, NP_ACCOUNT_DIGITS);
    struct np_span region =
        np_span_make(text.ptr + waiting->places.region, waiting->places.region_bytes);
    int64_t phase_s = (int64_t) (np_hash64(region, np_hash64(account, 0)) % 50);
    np_time_ns ready = not_before + draw(random, ready_s, NP_ARRAY_LEN(ready_s)) * NP_NS_PER_S;
    if (np_random_chance(random, VERY_LATE))
        ready += np_random_between(random, 15 * 60, 115 * 60) * NP_NS_PER_S;
    np_time_ns file = ready - ready % FILE_PERIOD + FILE_PERIOD;
    int64_t in_file = (not_before + np_random_between(random, 0, 3 * NP_NS_PER_S)) %
                      (6 * FILE_PERIOD) / (6 * FILE_PERIOD / NP_NS_PER_S);
    return file + phase_s * NP_NS_PER_S + in_file;
}

static int send(struct np_delivery *delivery, struct np_waiting *waiting)
{
    struct np_due due = {waiting->delivered, delivery->numbers++, waiting};
    int r = np_schedule_add(&delivery->schedule, due, MAX_WAITING);
    delivery->held_bytes += held_by(waiting);
    if (r < 0)
        np_delivery_give_back(delivery, waiting);
    return r;
}

/* The same record once more, in a later file. */
static int repeat(struct np_delivery *delivery, const struct np_waiting *first,
                  struct np_random *random)
{
    struct np_waiting *again = np_delivery_new(delivery);
    if (again == NULL)
        return -ENOMEM;
    struct np_buf text = again->text;
    *again = *first;
    again->text = text;
    again->repeated = true;
    again->delivered = find_delivery(first, random, first->delivered);
    (void) np_buf_add_span(&again->text, np_buf_span(&first->text));
    int r = again->text.error;
    if (r == 0)
        return send(delivery, again);
    delivery->held_bytes += held_by(again);
    np_delivery_give_back(delivery, again);
    return r;
}

int np_delivery_send(struct np_delivery *delivery, struct np_waiting *waiting)
{
    struct np_random random = np_random_for(delivery->seed, NP_SPAN("delivery"), delivery->numbers);
    int r = waiting->text.error;
    waiting->repeated = false;
    if (r < 0) {
        delivery->held_bytes += held_by(waiting);
        np_delivery_give_back(delivery, waiting);
        return r;
    }
    waiting->delivered = find_delivery(waiting, &random, waiting->time);
    bool repeats = np_random_chance(&random, REPEATED);
    r = send(delivery, waiting);
    return r == 0 && repeats ? repeat(delivery, waiting, &random) : r;
}

struct np_waiting *np_delivery_take(struct np_delivery *delivery, np_time_ns now)
{
    struct np_schedule *schedule = &delivery->schedule;
    bool full = delivery->held_bytes > NP_SIMULATE_MAX_WAITING_BYTES;
    if (schedule->due.len == 0 || (schedule->due.items[0].time > now && !full))
        return NULL;
    struct np_waiting *waiting = np_schedule_take(schedule);
    waiting->delivered = NP_MIN(waiting->delivered, now);
    return waiting;
}
