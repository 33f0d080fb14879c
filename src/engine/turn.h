/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The turn of an act that leaves the hold: who made it, what that shows, what it adds to. Inside of stateful.c and turn.c.
 */
#pragma once

#include "actor/actor.h"
#include "engine/asker.h"
#include "engine/hold.h"
#include "engine/shown.h"
#include "engine/stateful.h"
#include "incident/behaviour.h"

enum {
    NP_TURN_SIGNALS_MAX = NP_HELD_SIGNALS_MAX + NP_BEHAVIOURS_AT_ONCE,
    NP_KNOWN_CALLS_MAX = 4096
};

/* An act on its way, with what becomes known of it step by step. */
struct np_turn {
    const struct np_held *held;
    struct np_act act;
    struct np_insight insight;
    struct np_call_meaning meaning;
    struct np_signal signals[NP_TURN_SIGNALS_MAX];
    size_t signal_count;
};

/* A call that was met before. */
struct np_known_call {
    uint64_t print; /* 0 = none */
    struct np_call_meaning meaning;
};

struct np_stateful {
    struct np_stateful_params params;
    struct np_names *names;
    struct np_hold *hold;
    struct np_actors *actors;
    struct np_behaviours *behaviours; /* NULL = they are silent */
    struct np_stories *stories;
    struct np_asker *asker; /* NULL = no rule asks who acted */
    struct np_shown shown;  /* means to make findings of behaviours */
    np_name object;         /* of the acts that come; held */
    np_time_ns clock;       /* the newest event time that has left the hold */
    np_time_ns advanced;    /* when stories were last told the time */
    np_time_ns looked_at;   /* a second whose accounts were all met */
    uint64_t cut;           /* acts whose texts were too long */
    uint64_t unasked;       /* acts whose rules could not be asked */
    bool explains;          /* one event's fate is to be told, so all are read */
    struct np_known_call calls[NP_KNOWN_CALLS_MAX];
};

/* Tells behaviours and stories about acts in the order of their turns: 0, or what a sink or lack of memory ended it with. */
NP_NODISCARD int np_turns_take(struct np_stateful *stateful, const struct np_held *const *acts,
                               size_t count, struct np_err *err);

/* Gives a failure without a message, which is lack of memory, its message; returns `r`. */
int np_turns_say_why(int r, struct np_err *err);
