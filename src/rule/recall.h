/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the predicates of a field came to for a value, remembered: the same files are opened
 * thousands of times, and a dozen rules ask each time what the name is.
 *
 * Exact: the whole text is compared. Bounded: a fixed number of places, a value takes the place of
 * another with the same hash, longer values are not kept. Belongs to one thread.
 */
#pragma once

#include "event/event.h"
#include "rule/ready.h"

enum {
    NP_RECALL_PLACES = 1024,
    NP_RECALL_KEY_MAX_BYTES = 256,
    NP_RECALL_PREDS_MAX = 256, /* of a field; of more the rest is not remembered */
};

struct np_recall_place {
    uint64_t event; /* the last one that had the value; 0 = the place is empty */
    np_field_id field;
    uint32_t len; /* of the text */
    char text[NP_RECALL_KEY_MAX_BYTES];
};

/* What is known of a field of the event at hand. */
struct np_recall_field {
    uint64_t event; /* that it is known of */
    uint32_t place; /* index, NP_RECALL_PLACES = the value is not kept */
};

struct np_recall {
    uint64_t event;                 /* number of the one at hand, from 1 */
    uint16_t *numbers;              /* by predicate: its number within its field */
    struct np_recall_field *fields; /* by field */
    size_t row;                     /* bytes of answers of a place */
    struct np_recall_place *places; /* made when the first value is kept; NULL without memory */
    uint8_t *answers;               /* by place and number: 0 = not known, else 1 + enum np_truth */
    bool is_out;                    /* there was no memory for the places */
};

/* 0 or -ENOMEM. */
NP_NODISCARD int np_recall_init(struct np_recall *recall, const struct np_ready_set *ready);
void np_recall_done(struct np_recall *recall);

/*
 * Where the answer to `pred` is kept for the value that `event` has, read or not: 0, or 1 + what
 * it comes to; whoever answers sets it. NULL where it is not kept. Until the next call.
 */
uint8_t *np_recall_answer(struct np_recall *recall, const struct np_pred *pred, np_pred_id id,
                          struct np_event *event);
