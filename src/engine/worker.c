/* SPDX-License-Identifier: Apache-2.0 */
/* The stateless step: pieces to events to findings. Nothing here depends on what came before. */
#include "engine/work.h"

#include <errno.h>

#include "base/alloc.h"
#include "engine/pieces.h"

enum {
    WORK_ARENA_MAX_BYTES = 512 * 1024 * 1024,
    FINDINGS_FULL_BYTES = 4 * 1024 * 1024 /* then what was found is told before the batch goes on */
};

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

/* A worker at a batch. */
struct job {
    struct np_worker *worker;
    struct np_work *work;
};

/* Matches one event and notes what the ordered step needs. */
static int take_event(void *context, struct np_event *event)
{
    const struct job *job = context;
    struct np_worker *worker = job->worker;
    struct np_work *work = job->work;
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

void np_worker_run(struct np_worker *worker, struct np_work *work)
{
    np_arena_reset(&work->texts);
    np_arena_reset(&work->kept);
    work->notes.len = 0;
    work->found.len = 0;
    struct job job = {worker, work};
    struct np_pieces pieces = {
        .decoder = worker->decoder,
        .plan = worker->params->plan,
        .batch = &work->batch,
        .texts = &work->texts,
        .tally = &work->tally,
        .fn = take_event,
        .context = &job,
    };
    size_t i = work->has_more ? work->next_piece : 0;
    size_t count = work->batch.pieces.len;
    for (work->result = 0;
         i < count && work->result == 0 && work->kept.used_bytes < FINDINGS_FULL_BYTES; i++)
        work->result = np_pieces_decode_one(&pieces, i);
    work->next_piece = i;
    work->has_more = work->result == 0 && i < count;
    if (work->result < 0)
        np_err_set(&work->err, work->result, "out of memory");
}
