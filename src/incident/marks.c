/* SPDX-License-Identifier: Apache-2.0 */
/* Weights of the score: see marks.h. They were chosen on simulated attacks, their benign twins and real trails. */
#include "incident/marks.h"

#include <math.h>

#include "base/hash.h"
#include "incident/deed.h"

static const float stance_factor[NP_STANCE_MAX] = {
    [NP_STANCE_TRUSTED] = 0.2f,
    [NP_STANCE_PLAIN] = 0.45f,
    [NP_STANCE_EXPOSED] = 1.0f,
    [NP_STANCE_STRANGE] = 1.25f,
};

static const float rule_points[NP_LEVEL_MAX] = {0, 4, 10, 18, 30};
static const float behaviour_points[NP_LEVEL_MAX] = {0, 6, 18, 30, 40};

static const struct {
    const char *name;
    float most;
} kinds[NP_MARK_KIND_MAX] = {
    [NP_MARK_PLACE] = {"where from", 25},
    [NP_MARK_RULE] = {"rules", 45},
    [NP_MARK_BEHAVIOUR] = {"behaviours", 60},
    [NP_MARK_DISCOVERY] = {"discovery", 16},
    [NP_MARK_SENSITIVE] = {"sensitive calls", 36},
    [NP_MARK_REFUSED] = {"refusals", 12},
    [NP_MARK_TACTIC] = {"tactics", 15},
};

enum {
    DISCOVERY_POINTS = 2,
    TELLING_POINTS = 2,
    SENSITIVE_POINTS = 6,
    REFUSED_POINTS = 3,
    TACTIC_POINTS = 3
};
static const float strange_points = 15;
static const float foreign_points = 25;
/* A call that its principal makes all the time says little, even if it is a sensitive one. */
static const float habit_factor = 0.25f;

static const struct {
    double score;
    enum np_level level;
} levels[] = {{85, NP_LEVEL_CRITICAL}, {60, NP_LEVEL_HIGH}, {NP_SCORE_INCIDENT, NP_LEVEL_MEDIUM}};

static bool add(struct np_story *story, enum np_mark_kind kind, uint64_t what, float points,
                np_time_ns time)
{
    if (points <= 0)
        return false;
    for (size_t i = 0; i < story->marks.len; i++) {
        struct np_mark *mark = &story->marks.items[i];
        if (mark->what != what || mark->kind != kind)
            continue;
        bool more = points > mark->points;
        mark->points = NP_MAX(mark->points, points);
        mark->last = NP_MAX(mark->last, time);
        return more;
    }
    struct np_mark mark = {.what = what, .last = time, .points = points, .kind = (uint8_t) kind};
    return np_vec_push(&story->marks, mark, NP_STORY_MARKS_MAX) == 0;
}

static bool mark_signals(struct np_story *story, const struct np_deed *deed, float factor)
{
    bool added = false;
    for (size_t i = 0; deed->more != NULL && i < deed->more->signal_count; i++) {
        const struct np_rule_info *rule = deed->more->signals[i].rule;
        struct np_span id = np_span_of(rule->id);
        bool behaviour = np_span_starts(id, NP_SPAN("nepho."));
        float points =
            behaviour ? behaviour_points[rule->level] : rule_points[rule->level] * factor;
        added |= add(story, behaviour ? NP_MARK_BEHAVIOUR : NP_MARK_RULE, np_hash64(id, 0), points,
                     deed->time);
    }
    return added;
}

static bool mark_place(struct np_story *story, const struct np_marking *marking)
{
    const struct np_strand *strand = marking->strand;
    bool foreign = strand->foreign_endpoint || strand->instance_elsewhere;
    if (marking->context->stance != NP_STANCE_STRANGE)
        return false;
    return add(story, NP_MARK_PLACE, 0, foreign ? foreign_points : strange_points,
               marking->deed->time);
}

static bool mark_tactic(struct np_story *story, const struct np_deed *deed, float factor)
{
    story->tactics |= 1u << deed->tactic;
    if (deed->tactic == NP_TACTIC_DISCOVERY || deed->tactic == NP_TACTIC_NONE)
        return false;
    return add(story, NP_MARK_TACTIC, deed->tactic, TACTIC_POINTS * factor, deed->time);
}

bool np_story_mark(struct np_story *story, const struct np_marking *marking)
{
    const struct np_deed *deed = marking->deed;
    float factor = stance_factor[marking->context->stance];
    bool reads = deed->tactic == NP_TACTIC_DISCOVERY;
    bool added = mark_signals(story, deed, factor);
    if (!np_deed_is_special(deed))
        return added;
    if (!marking->context->new_call)
        factor *= habit_factor;
    if (deed->weight == NP_WEIGHT_TELLING)
        added |= add(story, reads ? NP_MARK_DISCOVERY : NP_MARK_SENSITIVE, marking->call,
                     factor * (reads ? DISCOVERY_POINTS : TELLING_POINTS), deed->time);
    if (deed->weight == NP_WEIGHT_SENSITIVE)
        added |=
            add(story, NP_MARK_SENSITIVE, marking->call, factor * SENSITIVE_POINTS, deed->time);
    if ((deed->flags & NP_ACT_REFUSED) != 0)
        added |= add(story, NP_MARK_REFUSED, marking->call, factor * REFUSED_POINTS, deed->time);
    if (deed->weight == NP_WEIGHT_SENSITIVE || deed->level >= NP_LEVEL_MEDIUM)
        added |= mark_tactic(story, deed, factor);
    return mark_place(story, marking) || added;
}

void np_story_mark_all(struct np_story *story, const struct np_story *other)
{
    for (size_t i = 0; i < other->marks.len; i++) {
        const struct np_mark *mark = &other->marks.items[i];
        add(story, (enum np_mark_kind) mark->kind, mark->what, mark->points, mark->last);
    }
    story->tactics |= other->tactics;
    story->marked = NP_MAX(story->marked, other->marked);
}

static void forget_faded(struct np_story *story, np_time_ns now)
{
    size_t kept = 0;
    for (size_t i = 0; i < story->marks.len; i++) {
        if (story->marks.items[i].last > now - NP_MARK_LIFE_NS)
            story->marks.items[kept++] = story->marks.items[i];
    }
    story->marks.len = kept;
}

static void sum_kinds(const struct np_story *story, float out_sums[NP_MARK_KIND_MAX])
{
    for (size_t i = 0; i < NP_MARK_KIND_MAX; i++)
        out_sums[i] = 0;
    for (size_t i = 0; i < story->marks.len; i++)
        out_sums[story->marks.items[i].kind] += story->marks.items[i].points;
    for (size_t i = 0; i < NP_MARK_KIND_MAX; i++)
        out_sums[i] = NP_MIN(out_sums[i], kinds[i].most);
}

double np_story_score(struct np_story *story, np_time_ns now)
{
    float sums[NP_MARK_KIND_MAX];
    float score = 0;
    if (!story->open)
        forget_faded(story, now);
    sum_kinds(story, sums);
    for (size_t i = 0; i < NP_MARK_KIND_MAX; i++)
        score += sums[i];
    return (double) NP_MIN(roundf(score * 10) / 10, 100.0f);
}

enum np_level np_score_level(double score)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(levels); i++) {
        if (score >= levels[i].score)
            return levels[i].level;
    }
    return NP_LEVEL_LOW;
}

void np_story_explain_score(const struct np_story *story, struct np_buf *buf)
{
    float sums[NP_MARK_KIND_MAX];
    const char *separator = "";
    sum_kinds(story, sums);
    for (size_t i = 0; i < NP_MARK_KIND_MAX; i++) {
        if (sums[i] <= 0)
            continue;
        np_buf_printf(buf, "%s%s %.0f", separator, kinds[i].name, (double) sums[i]);
        separator = ", ";
    }
}
