/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the event to its file: CloudTrail gathers the records of an account and a region and writes them about every
 * five minutes, some of them again later, few of them very late. Here records wait for that, at most
 * NP_SIMULATE_MAX_WAITING_BYTES of them; when there are more, the first ones leave before their time.
 */
#pragma once

#include "base/buf.h"
#include "base/time.h"
#include "simulate/play/record.h"
#include "simulate/schedule.h"

struct np_waiting {
    struct np_waiting *next_spare;
    struct np_buf text;
    struct np_record_places places;
    np_time_ns time;
    np_time_ns delivered;
    const char *scenario; /* NULL = background */
    const char *step;
    bool attack;
    bool repeated;
};

struct np_delivery {
    struct np_schedule schedule;
    struct np_waiting *spare; /* delivered ones */
    uint64_t seed;
    uint64_t numbers;
    size_t held_bytes; /* of all records, the free ones too */
};

void np_delivery_init(struct np_delivery *delivery, uint64_t seed);
void np_delivery_done(struct np_delivery *delivery);

/* An empty record to be filled and sent, or given back; NULL when memory is out. */
NP_NODISCARD struct np_waiting *np_delivery_new(struct np_delivery *delivery);

/* Takes a record that np_delivery_new() gave, in any case: 0, -ENOMEM, or the error of its text. */
NP_NODISCARD int np_delivery_send(struct np_delivery *delivery, struct np_waiting *waiting);

/*
 * The next record whose time has come at `now`, or that has to make room; NULL where there is none. The caller gives
 * it back. No record is sent later for an earlier time than `now`.
 */
struct np_waiting *np_delivery_take(struct np_delivery *delivery, np_time_ns now);
void np_delivery_give_back(struct np_delivery *delivery, struct np_waiting *waiting);
