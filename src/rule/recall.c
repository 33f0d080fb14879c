/* SPDX-License-Identifier: Apache-2.0 */
/* One place a hash of field and text: see recall.h. */
#include "rule/recall.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { NOT_KEPT = UINT16_MAX };

/* Numbers the predicates of each field; those that depend on more than its text are not kept. */
static int number_preds(struct np_recall *recall, const struct np_ready_set *ready,
                        size_t field_count)
{
    uint16_t *counts = np_alloc_array(field_count, sizeof(*counts));
    if (counts == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < ready->count; i++) {
        const struct np_pred *pred = ready->preds[i].pred;
        recall->numbers[i] = NOT_KEPT;
        if (pred->op != NP_PRED_MATCH || counts[pred->field] == NP_RECALL_PREDS_MAX)
            continue;
        recall->numbers[i] = counts[pred->field]++;
        recall->row = NP_MAX(recall->row, (size_t) counts[pred->field]);
    }
    np_free(counts);
    return 0;
}

int np_recall_init(struct np_recall *recall, const struct np_ready_set *ready)
{
    size_t field_count = 1;
    for (size_t i = 0; i < ready->count; i++)
        if (ready->preds[i].pred->op == NP_PRED_MATCH)
            field_count = NP_MAX(field_count, (size_t) ready->preds[i].pred->field + 1);
    *recall = (struct np_recall){
        .numbers = np_alloc_array(ready->count, sizeof(recall->numbers[0])),
        .fields = np_alloc_array(field_count, sizeof(recall->fields[0])),
    };
    int r = recall->numbers == NULL || recall->fields == NULL ? -ENOMEM : 0;
    if (r == 0)
        r = number_preds(recall, ready, field_count);
    if (r < 0)
        np_recall_done(recall);
    return r;
}

void np_recall_done(struct np_recall *recall)
{
    np_free(NP_TAKE(recall->numbers));
    np_free(NP_TAKE(recall->fields));
    np_free(NP_TAKE(recall->places));
    np_free(NP_TAKE(recall->answers));
}

static bool make_places(struct np_recall *recall)
{
    if (recall->places != NULL || recall->is_out)
        return !recall->is_out;
    recall->places = np_alloc_array(NP_RECALL_PLACES, sizeof(recall->places[0]));
    recall->answers = np_alloc_array(NP_RECALL_PLACES, recall->row);
    recall->is_out = recall->places == NULL || recall->answers == NULL;
    return !recall->is_out;
}

/* The place of the value, which is taken from another one where that has it. */
static uint32_t find_place(struct np_recall *recall, np_field_id field, struct np_event *event)
{
    const struct np_value *value = np_event_field(event, field);
    /* What was cut is compared as it is, but may meet a limit that the whole would not. */
    if (value->kind != NP_VALUE_TEXT || value->text.len > NP_RECALL_KEY_MAX_BYTES ||
        (event->flags & NP_EVENT_TRUNCATED) != 0 || !make_places(recall))
        return NP_RECALL_PLACES;
    uint32_t at = (uint32_t) (np_hash64(value->text, field) % NP_RECALL_PLACES);
    struct np_recall_place *place = &recall->places[at];
    if (place->event == 0 || place->field != field || place->len != value->text.len ||
        (place->len > 0 && memcmp(place->text, value->text.ptr, place->len) != 0)) {
        place->field = field;
        place->len = (uint32_t) value->text.len;
        if (place->len > 0)
            memcpy(place->text, value->text.ptr, place->len);
        memset(&recall->answers[at * recall->row], 0, recall->row);
    }
    place->event = recall->event;
    return at;
}

uint8_t *np_recall_answer(struct np_recall *recall, const struct np_pred *pred, np_pred_id id,
                          struct np_event *event)
{
    uint16_t number = recall->numbers[id];
    if (number == NOT_KEPT)
        return NULL;
    struct np_recall_field *field = &recall->fields[pred->field];
    if (field->event != recall->event)
        *field = (struct np_recall_field){recall->event, find_place(recall, pred->field, event)};
    if (field->place == NP_RECALL_PLACES)
        return NULL;
    /* Another field of the same event may have taken the place since. */
    const struct np_recall_place *place = &recall->places[field->place];
    return place->field == pred->field ? &recall->answers[field->place * recall->row + number]
                                       : NULL;
}
