/* SPDX-License-Identifier: Apache-2.0 */
/* See measure.h. */
#include "cli/rules/measure.h"

#include <stdlib.h>
#include <time.h>

#include "event/decoder.h"

enum {
    BLOCK_EVENTS = 256,
    /* Texts that evaluation makes of objects; beyond that the events are decoded anew. */
    BLOCK_TEXTS_MAX_BYTES = 64 * 1024 * 1024,
};

struct block {
    const struct np_measure_params *params;
    struct np_decoder *decoders[BLOCK_EVENTS];
    struct np_event *events[BLOCK_EVENTS];
    size_t count;
    size_t first_record;
    size_t record_count;
    struct np_arena texts;
    struct np_event *asked[BLOCK_EVENTS]; /* those of a rule's log source */
    size_t asked_count;
    double begin_ns; /* what beginning with one event takes, the look at the clock included */
};

static int64_t now_ns(void)
{
    struct timespec time = {};
    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); /* there since Linux 2.6.12 */
    return (int64_t) time.tv_sec * 1000000000 + time.tv_nsec;
}

static void block_done(struct block *block)
{
    for (size_t i = 0; i < BLOCK_EVENTS; i++)
        np_decoder_free(&block->decoders[i]);
    np_arena_done(&block->texts);
}

static int block_init(struct block *block, const struct np_measure_params *params)
{
    size_t count = NP_MIN((size_t) BLOCK_EVENTS, params->input->records.len);
    *block = (struct block){.params = params};
    np_arena_init(&block->texts, SIZE_MAX);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = np_decoder_new(&block->decoders[i], params->plan);
    return r;
}

/* Reads every field now, so that it is not part of what the first rule takes that asks for it. */
static void read_fields(const struct np_measure_params *params, struct np_event *event)
{
    for (size_t field = 0; field < np_field_count(params->fields); field++)
        (void) np_event_field(event, (np_field_id) field);
}

/* Decodes the block's records. */
static int decode(struct block *block)
{
    const struct np_measure_input *input = block->params->input;
    np_arena_reset(&block->texts);
    block->count = 0;
    for (size_t i = 0; i < block->record_count; i++) {
        const struct np_measure_record *place = &input->records.items[block->first_record + i];
        struct np_record record = {.bytes = {input->bytes.data + place->start, place->len}};
        struct np_event *event = NULL;
        const char *reason = NULL;
        enum np_decode_result result =
            np_decode(block->decoders[i], &record, &block->texts, &event, &reason);
        if (result == NP_DECODE_NO_MEMORY)
            return -ENOMEM;
        if (result != NP_DECODE_EVENT)
            continue; /* it was one when it was taken in: memory for its texts was out */
        read_fields(block->params, event);
        block->events[block->count++] = event;
    }
    return 0;
}

/* Measures what a rule without any question would take. */
static void measure_nothing(struct block *block)
{
    int64_t start = now_ns();
    for (size_t i = 0; i < block->count; i++)
        np_rule_trial_begin(block->params->trial, block->events[i]);
    block->begin_ns = (double) (now_ns() - start) / (double) NP_MAX(block->count, (size_t) 1);
}

static void choose_events(struct block *block, uint32_t rule)
{
    const struct np_logsource *last = NULL;
    bool takes = false;
    block->asked_count = 0;
    for (size_t i = 0; i < block->count; i++) {
        struct np_event *event = block->events[i];
        if (i == 0 || event->logsource != last)
            takes = np_rule_takes(block->params->set, rule, event->logsource);
        last = event->logsource;
        if (takes)
            block->asked[block->asked_count++] = event;
    }
}

/* Notes, without any look at the clock, for which events the rule is a candidate and matches. */
static void count_matches(struct block *block, struct np_measure *measure)
{
    struct np_rule_trial *trial = block->params->trial;
    measure->events += block->asked_count;
    for (size_t i = 0; i < block->asked_count; i++) {
        np_rule_trial_begin(trial, block->asked[i]);
        measure->candidates += np_rule_trial_is_candidate(trial, measure->rule);
        measure->matches += np_rule_trial_run(trial, measure->rule) == NP_TRIAL_TRUE;
    }
}

static int64_t time_rule(struct block *block, uint32_t rule)
{
    struct np_rule_trial *trial = block->params->trial;
    int64_t start = now_ns();
    for (size_t i = 0; i < block->asked_count; i++) {
        np_rule_trial_begin(trial, block->asked[i]);
        (void) np_rule_trial_run(trial, rule);
    }
    int64_t taken = now_ns() - start;
    return NP_MAX(taken - (int64_t) (block->begin_ns * (double) block->asked_count), (int64_t) 0);
}

/* Measures all rules once on the block; the first round also counts. */
static int measure_round(struct block *block, struct np_measure *measures, size_t round)
{
    size_t count = np_rule_set_loaded(block->params->set);
    int r = 0;
    measure_nothing(block);
    for (uint32_t rule = 0; rule < count && r == 0; rule++) {
        choose_events(block, rule);
        if (block->asked_count == 0)
            continue;
        if (round == 0)
            count_matches(block, &measures[rule]);
        measures[rule].rounds_ns[round] += time_rule(block, rule);
        if (block->texts.used_bytes > BLOCK_TEXTS_MAX_BYTES)
            r = decode(block);
    }
    return r;
}

static int compare_times(const void *a, const void *b)
{
    int64_t one = *(const int64_t *) a;
    int64_t two = *(const int64_t *) b;
    return (one > two) - (one < two);
}

int np_measure_rules(struct np_measure *out_measures, const struct np_measure_params *params)
{
    struct block block;
    size_t rules = np_rule_set_loaded(params->set);
    size_t records = params->input->records.len;
    for (uint32_t i = 0; i < rules; i++)
        out_measures[i] = (struct np_measure){.rule = i};
    int r = block_init(&block, params);
    for (size_t first = 0; first < records && r == 0; first += BLOCK_EVENTS) {
        block.first_record = first;
        block.record_count = NP_MIN((size_t) BLOCK_EVENTS, records - first);
        r = decode(&block);
        for (size_t round = 0; round < NP_MEASURE_ROUNDS && r == 0; round++)
            r = measure_round(&block, out_measures, round);
    }
    for (size_t i = 0; i < rules; i++)
        qsort(out_measures[i].rounds_ns, NP_MEASURE_ROUNDS, sizeof(int64_t), compare_times);
    block_done(&block);
    return r;
}

double np_measure_ns_per_event(const struct np_measure *measure)
{
    enum { MIDDLE = NP_MEASURE_ROUNDS / 2 };
    return measure->events == 0 ? 0
                                : (double) measure->rounds_ns[MIDDLE] / (double) measure->events;
}
