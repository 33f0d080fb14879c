/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An act on its way from a worker to its place in time: one run of bytes that holds the texts of its view, the signals of the
 * rules and where the record stands; where rules are still to be asked (asker.h), which, and the record. Nothing of it points into a batch, so it is copied as a whole; names are made of
 * its texts only when its turn has come, in the order of event time.
 *
 * Behind the struct follow the signals, the rules to be asked, the entities' kinds and lengths, then the texts without
 * separators, then the record.
 */
#pragma once

#include "actor/act.h"
#include "base/buf.h"
#include "incident/stories.h"

enum {
    NP_HELD_SIGNALS_MAX = 4,       /* the strongest; of the others only how many there are */
    NP_HELD_TEXT_MAX_BYTES = 2048, /* of one text */
    NP_HELD_ASKED_MAX = 256,       /* rules */
    NP_HELD_RECORD_MAX_BYTES = 256 * 1024, /* CloudTrail's own bound, so a real record fits */
    NP_HELD_MAX_BYTES = 64 * 1024 + NP_HELD_RECORD_MAX_BYTES /* above all of these together */
};

struct np_held {
    np_time_ns time; /* NP_TIME_NONE = not known */
    uint64_t order;  /* the first bytes of the event id, so that these compare as it does */
    uint32_t bytes;  /* of all, a multiple of 8 */
    np_time_ns arrival;
    np_time_ns session_began;
    struct np_prints prints;
    uint64_t offset; /* of the record in its object */
    uint64_t length;
    np_name object; /* held; set by the ordered step, which makes names */
    uint32_t more_signals;
    uint32_t record_len; /* 0 = no rule is to be asked */
    uint16_t asked_count;
    uint16_t flags; /* enum np_act_flag */
    uint8_t identity;
    uint8_t entity_count;
    uint8_t signal_count;
    bool was_cut; /* a text was too long */
    bool unasked; /* the record was too long, or the rules were too many, to be asked */
    uint16_t text_lens[NP_ACT_TEXT_MAX];
};

/* What an act is packed of; all borrowed. */
struct np_held_parts {
    const struct np_act_view *view;
    const struct np_origin *origin;
    const struct np_signal *signals;
    size_t signal_count;
    const uint32_t *asked; /* rules to be asked once more is known */
    size_t asked_count;
    struct np_span record; /* for these rules */
};

/* Appends the packed act to `buf`, whose bytes are a multiple of 8 before and after: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_held_pack(struct np_buf *buf, const struct np_held_parts *parts);

/* The act of what is held, whose texts pass (names.h) and lie in `held`. */
void np_held_act(const struct np_held *held, struct np_names *names, struct np_act *out_act);

/* The view again; its spans live as long as `held`. */
void np_held_view(const struct np_held *held, struct np_act_view *out_view);

/* The signals, strongest first: `held->signal_count` of them. */
const struct np_signal *np_held_signals(const struct np_held *held);

/* The rules to be asked, `held->asked_count` of them, and the record to ask about. */
const uint32_t *np_held_asked(const struct np_held *held);
struct np_span np_held_record(const struct np_held *held);

/* Puts a signal among the strongest, behind its equals, where it is one of them; returns how many there are then. */
size_t np_signals_add(struct np_signal strongest[NP_HELD_SIGNALS_MAX], size_t count,
                      struct np_signal signal);

/* By event id, then by account: negative, 0 or positive. */
int np_held_compare(const struct np_held *a, const struct np_held *b);
