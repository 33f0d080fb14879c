/* SPDX-License-Identifier: Apache-2.0 */
/* Two runs a level: when the newer one is full the older is folded, and the newer becomes the older. */
#include "sink/incident/pending.h"

#include <errno.h>

enum { RUN_BYTES = NP_PENDING_BYTES_PER_LEVEL_MAX / 2 };

/* What folding needs of a finding; texts are of the run's arena. */
struct np_pending_finding {
    const struct np_rule_info *rule;
    struct np_hash128 id;
    np_time_ns time;
    struct np_span account;
    struct np_span region;
    struct np_span principal;
    struct np_span outcome;
    struct np_span *targets;
    size_t target_count;
};

void np_pending_init(struct np_pending *pending, struct np_rollup *rollup)
{
    *pending = (struct np_pending){.rollup = rollup};
    for (size_t level = 0; level < NP_LEVEL_MAX; level++)
        for (size_t i = 0; i < 2; i++)
            np_arena_init(&pending->runs[level][i].texts, SIZE_MAX); /* bounded by RUN_BYTES */
    np_map_init(&pending->told, NP_PENDING_TOLD_MAX);
}

void np_pending_done(struct np_pending *pending)
{
    for (size_t level = 0; level < NP_LEVEL_MAX; level++)
        for (size_t i = 0; i < 2; i++) {
            np_vec_done(&pending->runs[level][i].findings);
            np_arena_done(&pending->runs[level][i].texts);
        }
    np_map_done(&pending->told);
}

static struct np_span id_bytes(const struct np_hash128 *id)
{
    return np_span_make((const char *) id, sizeof(*id));
}

static int fold(struct np_pending *pending, const struct np_pending_finding *waiting)
{
    if (np_map_get(&pending->told, id_bytes(&waiting->id)) != NP_MAP_NONE) {
        pending->dropped++;
        return 0;
    }
    struct np_finding finding = {
        .rule = waiting->rule,
        .time = waiting->time,
        .account = waiting->account,
        .event = {.region = waiting->region,
                  .principal = waiting->principal,
                  .outcome = waiting->outcome},
        .target_count = waiting->target_count,
    };
    for (size_t i = 0; i < waiting->target_count; i++)
        finding.targets[i] = waiting->targets[i];
    return np_rollup_add(pending->rollup, &finding);
}

static int fold_run(struct np_pending *pending, struct np_pending_run *run)
{
    int r = 0;
    for (size_t i = 0; i < run->findings.len && r == 0; i++)
        r = fold(pending, &run->findings.items[i]);
    run->findings.len = 0;
    np_arena_reset(&run->texts);
    return r;
}

static int keep(struct np_pending_run *run, const struct np_finding *finding)
{
    struct np_pending_finding kept = {
        .rule = finding->rule,
        .id = finding->id,
        .time = finding->time,
        .account = finding->account,
        .region = finding->event.region,
        .principal = finding->event.principal,
        .outcome = finding->event.outcome,
        .target_count = finding->target_count,
    };
    struct np_span *const texts[] = {&kept.account, &kept.region, &kept.principal, &kept.outcome};
    int r = np_vec_reserve(&run->findings, run->findings.len + 1, RUN_BYTES);
    for (size_t i = 0; i < NP_ARRAY_LEN(texts) && r == 0; i++)
        r = np_arena_keep(&run->texts, texts[i]);
    if (r == 0 && kept.target_count > 0) {
        kept.targets = np_arena_zalloc(&run->texts, kept.target_count * sizeof(*kept.targets));
        r = kept.targets != NULL ? 0 : -ENOMEM;
    }
    for (size_t i = 0; i < kept.target_count && r == 0; i++) {
        kept.targets[i] = finding->targets[i];
        r = np_arena_keep(&run->texts, &kept.targets[i]);
    }
    if (r == 0)
        run->findings.items[run->findings.len++] = kept;
    return r;
}

int np_pending_add(struct np_pending *pending, const struct np_finding *finding)
{
    struct np_pending_run *runs = pending->runs[finding->rule->level];
    size_t used =
        runs[0].texts.used_bytes + runs[0].findings.len * sizeof(struct np_pending_finding);
    int r = 0;
    if (used >= RUN_BYTES) {
        r = fold_run(pending, &runs[1]);
        struct np_pending_run emptied = runs[1];
        runs[1] = runs[0];
        runs[0] = emptied;
    }
    return r < 0 ? r : keep(&runs[0], finding);
}

int np_pending_tell(struct np_pending *pending, const struct np_incident *incident)
{
    int r = 0;
    for (size_t i = 0; i < incident->step_count; i++) {
        const struct np_incident_step *step = &incident->steps[i];
        for (size_t j = 0; j < step->finding_count && r == 0; j++)
            r = np_map_put(&pending->told, id_bytes(&step->finding_ids[j]), 0);
    }
    return r == -E2BIG ? 0 : r; /* what is not remembered is shown in both places */
}

int np_pending_settle(struct np_pending *pending)
{
    int r = 0;
    for (size_t level = 0; level < NP_LEVEL_MAX; level++)
        for (size_t i = 2; i-- > 0;)
            if (r == 0)
                r = fold_run(pending, &pending->runs[level][i]);
    return r;
}
