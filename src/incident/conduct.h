/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an actor behaved in the last hours: small sets of what it read, was refused, took and started. Kept only of actors
 * that are out of place, each in one of a fixed number of places; a newer one takes the place of an older.
 */
#pragma once

#include "actor/actor.h"

enum {
    NP_CONDUCT_SET_MAX = 16,
    NP_CONDUCT_PLACES = 4 * 1024, /* a power of two */
    NP_CONDUCT_BEHAVIOURS_MAX = 32
};

#define NP_CONDUCT_LIFE_NS (3 * 60 * NP_NS_PER_MIN)

/* Distinct things, each with when it was met last; the oldest leaves. */
struct np_recent {
    struct {
        uint64_t what;
        np_time_ns time;
    } items[NP_CONDUCT_SET_MAX];
    size_t len;
};

void np_recent_add(struct np_recent *recent, uint64_t what, np_time_ns time);

/* How many were met since `from`. */
size_t np_recent_count(const struct np_recent *recent, np_time_ns from);

/* When it was met last; NP_TIME_NONE = not. */
np_time_ns np_recent_last(const struct np_recent *recent, uint64_t what);

struct np_conduct {
    uint8_t stance;  /* enum np_stance: the strangest yet */
    uint32_t serial; /* of its thread */
    np_time_ns last;
    struct np_recent reads;   /* telling reads */
    struct np_recent refused; /* calls */
    struct np_recent secrets;
    struct np_recent regions; /* where compute was started */
    struct np_recent harm;    /* calls */
    struct np_recent models;  /* calls */
    np_time_ns rights_changed;
    np_time_ns quotas_read;
    np_time_ns copies_asked; /* whether buckets keep versions, or lock them */
    np_time_ns models_listed;
    np_time_ns spoke[NP_CONDUCT_BEHAVIOURS_MAX];
};

struct np_conducts {
    const struct np_actors *owners; /* borrowed; a thread's number may become that of another */
    np_thread_id actors
        [NP_CONDUCT_PLACES]; /* whose each place is: asked far more often than the place is read */
    struct np_conduct *places;
};

NP_NODISCARD int np_conducts_init(struct np_conducts *conducts, const struct np_actors *owners);
void np_conducts_done(struct np_conducts *conducts);

/* The conduct of an actor, where it is known and not long past; else NULL. */
const struct np_conduct *np_conducts_find(const struct np_conducts *conducts, np_thread_id actor,
                                          np_time_ns now);

/* The conduct of an actor, begun anew where it is not known or long past. */
struct np_conduct *np_conducts_of(struct np_conducts *conducts, np_thread_id actor, np_time_ns now);
