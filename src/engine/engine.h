/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wiring: batches from a source through decoding and matching to the sinks.
 *
 * Two steps for each event. The *stateless* one decodes and matches; any worker does it for any batch. The *ordered* one runs
 * by one thread at a time, batch by batch in the order of the source: it counts late records, finds duplicates, tells findings, and puts
 * acts into the *hold*, from where they leave in the order of event time to become incidents (stateful.h).
 * So the number of threads changes neither findings nor counts nor their order.
 *
 * In: a source, a compiled rule set, a decode plan, sinks. Out: calls to the sinks, a summary. Not here: options and
 * messages (cli/). Threads are made and joined within np_engine_run(); the source, the sinks and `on_batch` are called by any of
 * them, each by one at a time. Tests: tests/unit/engine, tests/property.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "actor/endpoints.h"
#include "engine/filter.h"
#include "event/decoder.h"
#include "incident/tactics.h"
#include "rule/rule.h"
#include "sink/progress.h"
#include "sink/sink.h"
#include "source/source.h"

enum { NP_THREADS_MAX = 64, NP_DEDUP_MAX_BYTES = 64 * 1024 * 1024 };

#define NP_LATENESS_NS     (15 * NP_NS_PER_MIN) /* where nothing else is said */
#define NP_LATENESS_MAX_NS (7 * 24 * 60 * NP_NS_PER_MIN)

/* What incidents are made with; all borrowed. */
struct np_incident_params {
    const struct np_tactics *tactics;
    struct np_endpoints *endpoints; /* what is known of accounts and endpoints; learns in the run */
    bool behaviours;                /* false: only findings of rules count */
    const struct np_rule_info *const *silent; /* behaviours that do not speak */
    size_t silent_count;
    struct np_span explain; /* the id of an event whose fate is wanted; empty = none */
};

/* Which Falco rules that match an event speak; those of Sigma always do. */
enum np_rule_matching { NP_MATCHING_FIRST, NP_MATCHING_ALL };

struct np_engine_params {
    const struct np_rule_set *rules;
    const struct np_field_set *fields;
    const struct np_decode_plan *plan;
    struct np_source *source;
    struct np_sink *const *sinks;
    size_t sink_count;
    struct np_filter filter;
    enum np_rule_matching matching;
    enum np_level min_level; /* lower findings are not told and not counted; incidents know them */
    np_time_ns
        lateness; /* older than the newest event by more than this is late; at most NP_LATENESS_MAX_NS */
    const struct np_incident_params *incidents; /* NULL = findings only */
    unsigned threads; /* that work, the caller's among them; 0 is taken for 1 */
    const volatile sig_atomic_t
        *interrupted; /* nonzero ends the run after the batches under way; NULL = never */
    /* Called after each batch was told, in any thread but one at a time; negative ends the run with that error. NULL = not wanted. */
    int (*on_batch)(void *context, const struct np_progress_figures *figures, struct np_err *err);
    void *context;
};

struct np_engine_result {
    struct np_summary summary;           /* its texts live as long as the result */
    uint64_t all_by_level[NP_LEVEL_MAX]; /* findings by level before `min_level` */
    bool interrupted;
    struct np_engine_texts *texts; /* what the summary borrows */
    struct np_buf explanation;     /* of `explain`, a few lines; empty = that event was not met */
};

/*
 * Runs the source to its end and tells the sinks findings; not the summary, which the caller may complete first. 0, or a negative
 * errno with `err` where the run could not go on (a sink's output failed, memory is out). The result is valid, and to be freed, in both cases.
 */
NP_NODISCARD int np_engine_run(struct np_engine_result *out_result,
                               const struct np_engine_params *params, struct np_err *err);

/* Frees what the result owns; NULL-safe. */
void np_engine_result_done(struct np_engine_result *result);
