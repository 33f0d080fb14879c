/* SPDX-License-Identifier: Apache-2.0 */
/* The stateless step: pieces to events to findings. Nothing here depends on what came before. */
#include "engine/work.h"

#include <errno.h>

#include "base/alloc.h"
#include "engine/held.h"
#include "engine/pieces.h"
#include "event/syscall.h"

enum {
    EVENT_ID_MAX_BYTES = 4096 + 32, /* a path, a colon, an offset */
    WORK_ARENA_MAX_BYTES = 512 * 1024 * 1024,
    FULL_BYTES = 4 * 1024 * 1024 /* of findings or acts: these are told before the batch goes on */
};

struct np_worker {
    const struct np_engine_params *params;
    struct np_decoder *decoder;
    struct np_matcher *matcher;
    struct np_buf scratch; /* of findings */
    NP_VEC(struct np_signal) signals;
    NP_VEC(uint32_t) asked;      /* rules that ask who did the event at hand */
    char id[EVENT_ID_MAX_BYTES]; /* made for an event that has none */
};

void np_work_init(struct np_work *work)
{
    *work = (struct np_work){};
    np_batch_init(&work->batch);
    np_arena_init(&work->texts, WORK_ARENA_MAX_BYTES);
    np_arena_init(&work->kept, WORK_ARENA_MAX_BYTES);
    np_buf_init(&work->acts, WORK_ARENA_MAX_BYTES);
    np_tally_init(&work->tally);
}

void np_work_done(struct np_work *work)
{
    np_batch_done(&work->batch);
    np_arena_done(&work->texts);
    np_arena_done(&work->kept);
    np_buf_done(&work->acts);
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
    np_vec_done(&(*worker)->signals);
    np_vec_done(&(*worker)->asked);
    np_free(*worker);
    *worker = NULL;
}

const struct np_matcher *np_worker_matcher(const struct np_worker *worker)
{
    return worker->matcher;
}

static int keep_finding(struct np_worker *worker, struct np_work *work, struct np_event *event,
                        uint32_t rule)
{
    const struct np_rule_set *rules = worker->params->rules;
    struct np_finding_means means = {
        .arena = &work->kept, .scratch = &worker->scratch, .names = worker->params->fields};
    struct np_finding_evidence evidence = np_rule_set_evidence(rules, rule);
    struct np_finding *finding = NULL;
    int r = np_finding_make(&finding, &means, np_rule_set_info(rules, rule), &evidence, event);
    return r < 0 ? r : np_vec_push(&work->found, finding, SIZE_MAX);
}

/* A worker at a batch. */
struct job {
    struct np_worker *worker;
    struct np_work *work;
};

/*
 * Whether a rule that matches speaks. Of Falco's it may be one an event: the first that is told, so that one below the wanted level
 * takes nobody's place.
 */
static bool speaks(const struct np_engine_params *params, uint32_t rule, bool *has_spoken)
{
    const struct np_rule_info *info = np_rule_set_info(params->rules, rule);
    if (params->matching == NP_MATCHING_ALL || info->language != NP_LANGUAGE_FALCO)
        return true;
    if (*has_spoken)
        return false;
    *has_spoken = info->level >= params->min_level;
    return true;
}

/*
 * Matches one event: 0, or what went wrong, with the number of findings in `note`. Rules that ask who did it are gathered where
 * that will become known, else they do not speak.
 */
static int match(const struct job *job, struct np_event *event, struct np_note *note)
{
    struct np_worker *worker = job->worker;
    const uint32_t *rules = NULL;
    size_t count = np_matcher_run(worker->matcher, event, &rules);
    bool has_spoken = false;
    int r = 0;
    worker->asked.len = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        if (np_unlikely(np_rule_set_asks_who(worker->params->rules, rules[i]))) {
            r = np_vec_push(&worker->asked, rules[i], SIZE_MAX);
            continue;
        }
        if (!speaks(worker->params, rules[i], &has_spoken))
            continue;
        r = keep_finding(worker, job->work, event, rules[i]);
        note->findings++;
    }
    return r;
}

/* Of an event without an actor: asks the gathered rules at once, who find nothing of what they ask for. */
static int ask_now(const struct job *job, struct np_event *event, struct np_note *note)
{
    struct np_worker *worker = job->worker;
    int r = 0;
    for (size_t i = 0; i < worker->asked.len && r == 0; i++) {
        uint32_t rule = worker->asked.items[i];
        if (!np_matcher_ask(worker->matcher, event, rule))
            continue;
        r = keep_finding(worker, job->work, event, rule);
        note->findings++;
    }
    return r;
}

/* Packs the event's act with its findings' signals and the rules to be asked, where it has one. */
static int keep_act(const struct job *job, struct np_event *event, struct np_note *note)
{
    struct np_worker *worker = job->worker;
    struct np_work *work = job->work;
    struct np_act_view view;
    if (!np_act_view_read(&view, event))
        return ask_now(job, event, note);
    view.texts[NP_ACT_EVENT_ID] = np_event_id(event, worker->id, sizeof(worker->id));
    int r = np_vec_reserve(&worker->signals, (size_t) note->findings, SIZE_MAX);
    if (r < 0)
        return r;
    size_t first = work->found.len - note->findings;
    for (uint32_t i = 0; i < note->findings; i++) {
        const struct np_finding *found = work->found.items[first + i];
        worker->signals.items[i] = (struct np_signal){.rule = found->rule, .finding_id = found->id};
    }
    struct np_held_parts parts = {
        .view = &view,
        .origin = &event->origin,
        .signals = worker->signals.items,
        .signal_count = note->findings,
        .asked = worker->asked.items,
        .asked_count = worker->asked.len,
        .record = event->raw,
    };
    size_t before = work->acts.len;
    r = np_held_pack(&work->acts, &parts);
    note->act_bytes = (uint32_t) (work->acts.len - before);
    return r;
}

/* Matches one event and notes what the ordered step needs. */
static int take_event(void *context, struct np_event *event)
{
    const struct job *job = context;
    const struct np_engine_params *params = job->worker->params;
    struct np_note note = {.time = event->time};
    note.has_key = np_event_key(event, &note.key);
    if (np_filter_passes(&params->filter, event)) {
        int r = match(job, event, &note);
        if (r == 0 && params->incidents != NULL)
            r = keep_act(job, event, &note);
        if (r < 0)
            return r;
    }
    return np_vec_push(&job->work->notes, note, SIZE_MAX);
}

/* Notes events that no rule wanted. */
static int take_quiet(void *context, const struct np_syscall_quiet *quiet)
{
    const struct job *job = context;
    struct np_note note = {.time = quiet->newest, .quiet = quiet->count};
    return np_vec_push(&job->work->notes, note, SIZE_MAX);
}

void np_worker_run(struct np_worker *worker, struct np_work *work)
{
    np_arena_reset(&work->texts);
    np_arena_reset(&work->kept);
    np_buf_reset(&work->acts);
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
        .quiet = take_quiet,
        .context = &job,
    };
    size_t i = work->has_more ? work->next_piece : 0;
    size_t count = work->batch.pieces.len;
    for (work->result = 0;
         i < count && work->result == 0 && work->kept.used_bytes + work->acts.len < FULL_BYTES; i++)
        work->result = np_pieces_decode_one(&pieces, i);
    work->next_piece = i;
    work->has_more = work->result == 0 && i < count;
    if (work->result < 0)
        np_err_set(&work->err, work->result, "out of memory");
}
