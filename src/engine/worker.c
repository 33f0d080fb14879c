/* SPDX-License-Identifier: Apache-2.0 */
/* The stateless step: pieces to events to findings. Nothing here depends on what came before. */
#include "engine/work.h"

#include <errno.h>

#include "base/alloc.h"
#include "codec/json/json.h"

enum { WORK_ARENA_MAX_BYTES = 512 * 1024 * 1024 };

struct np_worker {
    const struct np_engine_params *params;
    struct np_decoder *decoder;
    struct np_matcher *matcher;
    struct np_buf scratch; /* of findings */
};

void np_work_init(struct np_work *work)
{
    *work = (struct np_work){};
    np_batch_init(&work->batch);
    np_arena_init(&work->texts, WORK_ARENA_MAX_BYTES);
    np_arena_init(&work->kept, WORK_ARENA_MAX_BYTES);
    np_tally_init(&work->tally);
}

void np_work_done(struct np_work *work)
{
    np_batch_done(&work->batch);
    np_arena_done(&work->texts);
    np_arena_done(&work->kept);
    np_vec_done(&work->notes);
    np_vec_done(&work->found);
    np_tally_done(&work->tally);
}

int np_worker_new(struct np_worker **out_worker, const struct np_engine_params *params)
{
    struct np_worker *worker = np_alloc(sizeof(*worker));
    if (worker == NULL)
        return -ENOMEM;
    worker->params = params;
    np_buf_init(&worker->scratch, SIZE_MAX / 2);
    int r = np_decoder_new(&worker->decoder, params->plan);
    if (r == 0)
        r = np_matcher_new(&worker->matcher, params->rules);
    if (r < 0) {
        np_worker_free(&worker);
        return r;
    }
    *out_worker = worker;
    return 0;
}

void np_worker_free(struct np_worker **worker)
{
    if (worker == NULL || *worker == NULL)
        return;
    np_matcher_free(&(*worker)->matcher);
    np_decoder_free(&(*worker)->decoder);
    np_buf_done(&(*worker)->scratch);
    np_free(*worker);
    *worker = NULL;
}

const struct np_matcher *np_worker_matcher(const struct np_worker *worker)
{
    return worker->matcher;
}

/* Whether `text` is one of the words; everything passes an empty list, and a text that is not there passes every list. */
static bool is_listed(struct np_span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_span_is(text, words[i]))
            return true;
    return count == 0 || text.len == 0;
}

static bool is_wanted(const struct np_filter *filter, struct np_event *event)
{
    if (event->time != NP_TIME_NONE &&
        ((filter->since != NP_TIME_NONE && event->time < filter->since) ||
         (filter->until != NP_TIME_NONE && event->time >= filter->until)))
        return false;
    if (!is_listed(event->account, filter->accounts, filter->account_count))
        return false;
    if (filter->region_count == 0)
        return true;
    struct np_event_brief brief;
    np_event_brief(event, &brief);
    return is_listed(brief.region, filter->regions, filter->region_count);
}

static int keep_finding(struct np_worker *worker, struct np_work *work, struct np_event *event,
                        uint32_t rule)
{
    const struct np_rule_set *rules = worker->params->rules;
    struct np_finding_means means = {
        .arena = &work->kept, .scratch = &worker->scratch, .names = worker->params->fields};
    struct np_finding_evidence evidence;
    struct np_finding *finding = NULL;
    evidence.fields = np_rule_set_fields(rules, rule, &evidence.count);
    int r = np_finding_make(&finding, &means, np_rule_set_info(rules, rule), &evidence, event);
    return r < 0 ? r : np_vec_push(&work->found, finding, SIZE_MAX);
}

/* Matches one event and notes what the ordered step needs. */
static int take_event(struct np_worker *worker, struct np_work *work, struct np_event *event)
{
    struct np_note note = {.time = event->time};
    note.has_key = np_event_key(event, &note.key);
    if (is_wanted(&worker->params->filter, event)) {
        const uint32_t *rules = NULL;
        size_t count = np_matcher_run(worker->matcher, event, &rules);
        for (size_t i = 0; i < count; i++) {
            int r = keep_finding(worker, work, event, rules[i]);
            if (r < 0)
                return r;
        }
        note.findings = (uint32_t) count;
    }
    return np_vec_push(&work->notes, note, SIZE_MAX);
}

static int take_split(struct np_worker *worker, struct np_work *work,
                      const struct np_batch_piece *piece);

/* Names a record that gave no event. */
static void skip_record(struct np_work *work, enum np_decode_result result, const char *reason)
{
    switch (result) {
    case NP_DECODE_DIGEST:
        work->tally.digests++;
        return;
    case NP_DECODE_UNKNOWN:
        reason = "a JSON object of no known kind (name its log source with --as)";
        break;
    case NP_DECODE_SEVERAL:
        reason = "an envelope inside another record";
        break;
    default:
        break; /* the decoder gave the reason */
    }
    np_tally_skip(&work->tally, work->batch.object, reason, result == NP_DECODE_TOO_DEEP);
}

/* Decodes one piece. A line that is not one good record may still hold some, so it is split first. */
static int take_piece(struct np_worker *worker, struct np_work *work,
                      const struct np_batch_piece *piece)
{
    const struct np_batch *batch = &work->batch;
    struct np_record record = {
        .bytes = np_span_make(batch->data + piece->start, piece->len),
        .origin = {.object = batch->object, .offset = piece->offset, .length = piece->len},
        .arrival = batch->arrival,
    };
    struct np_event *event = NULL;
    const char *reason = NULL;
    enum np_decode_result result =
        np_decode(worker->decoder, &record, &work->texts, &event, &reason);
    switch (result) {
    case NP_DECODE_EVENT:
        return take_event(worker, work, event);
    case NP_DECODE_NO_MEMORY:
        return -ENOMEM;
    case NP_DECODE_SEVERAL:
    case NP_DECODE_INVALID:
    case NP_DECODE_TOO_DEEP:
        if (piece->is_line)
            return take_split(worker, work, piece);
        break;
    case NP_DECODE_DIGEST:
    case NP_DECODE_UNKNOWN:
        break;
    }
    skip_record(work, result, reason);
    return 0;
}

/* Splits a line that holds more than one value, or an envelope, and decodes what it holds. */
static int take_split(struct np_worker *worker, struct np_work *work,
                      const struct np_batch_piece *piece)
{
    struct np_split split;
    np_split_init(&split, (struct np_split_params){
                              .max_record = NP_RECORD_MAX_BYTES,
                              .max_depth = NP_JSON_MAX_DEPTH,
                              .unwrap = !np_decode_plan_is_generic(worker->params->plan)});
    struct np_span window = np_span_make(work->batch.data + piece->start, piece->len);
    struct np_piece part;
    int r = 0;
    while (r == 0 && np_split_next(&split, window, true, &part) == NP_SPLIT_PIECE) {
        if (part.kind == NP_PIECE_RECORD) {
            struct np_batch_piece record = {.start = piece->start +
                                                     (uint32_t) (part.bytes.ptr - window.ptr),
                                            .len = (uint32_t) part.bytes.len,
                                            .offset = piece->offset + part.offset};
            r = take_piece(worker, work, &record);
        } else {
            part.offset += piece->offset; /* in the object, not in the line */
            np_tally_piece(&work->tally, work->batch.object, &part);
        }
    }
    return r;
}

void np_worker_run(struct np_worker *worker, struct np_work *work)
{
    np_arena_reset(&work->texts);
    np_arena_reset(&work->kept);
    work->notes.len = 0;
    work->found.len = 0;
    work->result = 0;
    for (size_t i = 0; i < work->batch.pieces.len && work->result == 0; i++)
        work->result = take_piece(worker, work, &work->batch.pieces.items[i]);
    if (work->result < 0)
        np_err_set(&work->err, work->result, "out of memory");
}
