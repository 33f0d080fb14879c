/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acts come in, incidents go out: see stories.h. Each act that may matter is kept as a deed in the strand of its thread,
 * leaves its marks in the story of its actor, and the story that has enough of them is told.
 */
#include "incident/stories.h"

#include "base/hash.h"
#include "incident/deed.h"
#include "incident/explain.h"
#include "incident/marks.h"
#include "incident/select.h"
#include "incident/story.h"
#include "incident/strands.h"
#include "incident/tell.h"

enum { EVICT_TRIES = 64, TELLING_MAX_BYTES = 256 * 1024 * 1024 };

int np_stories_new(struct np_stories **out_stories, const struct np_stories_params *params)
{
    struct np_stories *stories = np_alloc(sizeof(*stories));
    if (stories == NULL)
        return -ENOMEM;
    stories->params = *params;
    stories->newest = NP_INDEX_NONE;
    stories->oldest = NP_INDEX_NONE;
    stories->now = INT64_MIN;
    np_arena_init(&stories->telling, TELLING_MAX_BYTES);
    *out_stories = stories;
    return 0;
}

void np_stories_free(struct np_stories **stories)
{
    struct np_stories *all = *stories;
    if (all == NULL)
        return;
    while (all->newest != NP_INDEX_NONE)
        np_story_drop(all, all->newest);
    np_fate_done(all);
    np_vec_done(&all->strands);
    np_vec_done(&all->stories);
    np_vec_done(&all->free_strands);
    np_vec_done(&all->free_stories);
    np_table_done(&all->by_thread);
    np_table_done(&all->by_actor);
    np_arena_done(&all->telling);
    np_free(all);
    *stories = NULL;
}

uint64_t np_stories_lost(const struct np_stories *stories)
{
    return stories->lost;
}

/* ---- what is kept */

/* An act on its way in. */
struct arrival {
    const struct np_act *act;
    const struct np_insight *insight;
    struct np_context context;
    struct np_call_meaning meaning;
    struct np_signals signals;
    uint32_t strand; /* that is there already; NP_TABLE_NONE = none */
};

static bool in_incident(const struct np_stories *stories, uint32_t strand)
{
    return strand != NP_TABLE_NONE &&
           stories->stories.items[stories->strands.items[strand].story].open;
}

/*
 * A service that takes on a role only to hand its credentials to a machine or function. CloudFormation does not: it
 * works with them itself.
 */
static bool is_delivery(const struct np_stories *stories, const struct np_act *act)
{
    return act->identity == NP_IDENTITY_SERVICE &&
           !np_span_starts(np_names_text(stories->params.names, act->texts[NP_ACT_INVOKED_BY]),
                           NP_SPAN("cloudformation."));
}

/* Whether nothing about the act itself, its thread or its caller's habits can matter: so most are, and cost no look-up. */
static bool is_everyday(struct np_stories *stories, const struct arrival *in)
{
    const struct np_insight *insight = in->insight;
    bool out_of_place = insight->foreign || insight->instance_elsewhere ||
                        insight->endpoint == NP_ENDPOINT_FOREIGN || insight->join != NP_JOIN_NONE;
    bool new_call = (insight->is_new & (NP_NEW_API | NP_NEW_PRINCIPAL | NP_NEW_PLACE)) != 0;
    if (in->signals.count > 0 || (in->act->flags & NP_ACT_REFUSED) != 0 || out_of_place ||
        *np_present(stories, insight->thread) > 0)
        return false;
    return in->meaning.weight == NP_WEIGHT_ORDINARY ||
           (in->meaning.weight == NP_WEIGHT_TELLING && !new_call);
}

/*
 * Whether an act may become part of an incident. Ordinary calls are kept only of strands that something drew attention
 * to, so that the ordinary days of millions cost nothing.
 */
static bool matters(const struct np_stories *stories, const struct arrival *in)
{
    enum np_level level = np_signals_level(in->signals);
    if (is_delivery(stories, in->act))
        return false;
    if (level >= NP_LEVEL_LOW)
        return true;
    if (in->context.is_service)
        return false;
    bool usual = in->context.usual && !in->context.new_call && !in_incident(stories, in->strand);
    if ((in->act->flags & NP_ACT_REFUSED) != 0 || in->meaning.weight == NP_WEIGHT_SENSITIVE)
        return true;
    if (in->meaning.weight == NP_WEIGHT_TELLING)
        return !usual;
    return in->context.stance != NP_STANCE_TRUSTED && !usual;
}

static uint64_t call_hash(const struct np_stories *stories, const struct np_act *act)
{
    return np_hash64(
        np_names_text(stories->params.names, act->texts[NP_ACT_API]),
        np_hash64(np_names_text(stories->params.names, act->texts[NP_ACT_SERVICE]), 0));
}

/* Counts a call of the strand that it was not seen to make before. */
static void note_call(struct np_strand *strand, uint64_t call, const struct np_deed *deed)
{
    for (size_t i = 0; i < strand->calls.len; i++) {
        if (strand->calls.items[i] == call)
            return;
    }
    if (np_vec_push(&strand->calls, call, NP_STRAND_CALLS_MAX) < 0)
        return;
    if (strand->delivered && !deed->new_api)
        return;
    strand->special_count += np_deed_is_special(deed);
    np_strand_warm(strand, deed);
}

/* Of a strand that waits, the older half of its deeds leaves, but what stands out. */
static void thin_out(struct np_stories *stories, struct np_strand *strand)
{
    size_t kept = 0;
    for (size_t i = 0; i < strand->deeds.len; i++) {
        struct np_deed *deed = &strand->deeds.items[i];
        if (i >= strand->deeds.len / 2 ||
            (np_deed_is_special(deed) && kept < NP_STRAND_WAITING_MAX / 4)) {
            strand->deeds.items[kept++] = *deed;
            continue;
        }
        stories->bytes -= np_deed_bytes(deed);
        np_deed_release(deed, stories->params.names);
    }
    stories->stories.items[strand->story].deeds -= strand->deeds.len - kept;
    strand->deeds.len = kept;
}

/* Makes room; false where all that is kept belongs to incidents. */
static bool make_room(struct np_stories *stories, uint32_t but)
{
    uint32_t index = stories->oldest;
    for (size_t i = 0; i < EVICT_TRIES && index != NP_INDEX_NONE; i++) {
        uint32_t newer = stories->stories.items[index].newer;
        if (!stories->stories.items[index].open && index != but)
            np_story_drop(stories, index);
        if (stories->bytes < stories->params.max_bytes)
            return true;
        index = newer;
    }
    return false;
}

/* Deeds stand by time; what is late finds its place, which is written. */
static int insert(struct np_strand *strand, const struct np_deed *deed, size_t *out_at)
{
    int r = np_vec_push(&strand->deeds, *deed, NP_STRAND_DEEDS_MAX);
    if (r < 0)
        return r;
    size_t at = strand->deeds.len - 1;
    while (at > 0 && strand->deeds.items[at - 1].time > deed->time) {
        strand->deeds.items[at] = strand->deeds.items[at - 1];
        at--;
    }
    strand->deeds.items[at] = *deed;
    *out_at = at;
    return 0;
}

static bool is_new_api(const struct arrival *in)
{
    return (in->insight->is_new & (NP_NEW_API | NP_NEW_PRINCIPAL)) != 0;
}

static void note_strand(struct np_strand *strand, const struct arrival *in)
{
    strand->stance = NP_MAX(strand->stance, in->context.stance);
    strand->usual = in->context.usual;
    if (strand->deeds.len == 0 && in->insight->is_new & NP_NEW_PLACE_FOR_ALL)
        strand->new_for_all = true;
    strand->foreign_endpoint |= in->insight->endpoint == NP_ENDPOINT_FOREIGN;
    strand->instance_elsewhere |= in->insight->instance_elsewhere;
    strand->habitual |= !is_new_api(in);
    strand->first = NP_MIN(strand->first, in->act->time);
    strand->last = NP_MAX(strand->last, in->act->time);
}

/* Keeps the deed: 1, 0 where there is no room, or -ENOMEM. */
static int keep(struct np_stories *stories, uint32_t index, const struct arrival *in,
                struct np_deed **out_deed)
{
    struct np_deed deed;
    size_t at = 0;
    struct np_strand *strand = &stories->strands.items[index];
    struct np_story *story = &stories->stories.items[strand->story];
    if (stories->bytes >= stories->params.max_bytes && !make_room(stories, strand->story)) {
        stories->lost++;
        return 0;
    }
    if (!story->open && strand->deeds.len >= NP_STRAND_WAITING_MAX)
        thin_out(stories, strand);
    int r = np_deed_make(&deed, stories->params.names, in->act, in->meaning, in->signals);
    if (r < 0)
        return r;
    deed.new_call = in->context.new_call;
    deed.new_api = is_new_api(in);
    r = insert(strand, &deed, &at);
    if (r < 0) {
        np_deed_release(&deed, stories->params.names);
        stories->lost += r == -E2BIG;
        return r == -E2BIG ? 0 : r;
    }
    stories->bytes += np_deed_bytes(&deed);
    story->deeds++;
    story->first = NP_MIN(story->first, deed.time);
    story->last = NP_MAX(story->last, deed.time);
    *out_deed = &strand->deeds.items[at];
    return 1;
}

/* ---- when it is told */

static void open_incident(struct np_stories *stories, struct np_story *story,
                          const struct np_act *act)
{
    story->open = true;
    story->opened_at = act->time;
    story->known_at = act->arrival;
    story->opened_by = np_names_hold(stories->params.names, act->texts[NP_ACT_EVENT_ID]);
    story->id = np_story_id(stories, story);
}

/*
 * An incident is told again when it becomes more serious or turns to something new, and, for all else, when it has
 * grown by half.
 */
static bool is_news(const struct np_story *story, enum np_level level)
{
    return level > story->told_level || (story->tactics & ~story->told_tactics) != 0 ||
           2 * story->deeds > 3 * story->told_deeds;
}

static int judge(struct np_stories *stories, uint32_t index, const struct np_act *act,
                 struct np_err *err)
{
    struct np_story *story = &stories->stories.items[index];
    double score = np_story_score(story, stories->now);
    if (!story->open && score < NP_SCORE_INCIDENT)
        return 0;
    if (story->open && !is_news(story, np_score_level(score)))
        return 0;
    enum np_incident_state state = story->open ? NP_INCIDENT_UPDATE : NP_INCIDENT_OPEN;
    if (!story->open)
        open_incident(stories, story, act);
    return np_story_tell(stories, index, state, err);
}

/* ---- acts */

static int take(struct np_stories *stories, struct arrival *in, struct np_err *err)
{
    struct np_deed *deed = NULL;
    uint32_t index;
    int r = np_strand_get(stories, in->act, in->insight, &index);
    if (r == 0)
        r = np_strand_join(stories, index, in->insight, err);
    if (r < 0)
        return r;
    note_strand(&stories->strands.items[index], in);
    np_story_touch(stories, stories->strands.items[index].story);
    r = keep(stories, index, in, &deed);
    if (r <= 0)
        return r;
    struct np_strand *strand = &stories->strands.items[index];
    uint64_t call = call_hash(stories, in->act);
    note_call(strand, call, deed);
    struct np_story *story = &stories->stories.items[strand->story];
    struct np_marking marking = {
        .strand = strand, .deed = deed, .context = &in->context, .call = call};
    bool marked = np_story_mark(story, &marking);
    if (marked)
        story->marked = NP_MAX(story->marked, in->act->time);
    return marked || story->open ? judge(stories, strand->story, in->act, err) : 0;
}

static void note_data_events(struct np_stories *stories, const struct np_act *act)
{
    if ((act->flags & NP_ACT_DATA) == 0 || (stories->saw_s3_data && stories->saw_lambda_data))
        return;
    struct np_span service = np_names_text(stories->params.names, act->texts[NP_ACT_SERVICE]);
    stories->saw_s3_data |= np_span_is(service, "s3");
    stories->saw_lambda_data |= np_span_is(service, "lambda");
}

/* An act of nobody that could be told apart is only noted where it is asked for. */
static void note_stranger(struct np_stories *stories, const struct arrival *in)
{
    if (np_fate_is_asked(stories, in->act))
        np_fate_note(stories, in->act,
                     &(struct np_fate){.meaning = in->meaning, .insight = *in->insight});
}

/* What is known of the caller, and whether it matters. */
static bool look_at(struct np_stories *stories, struct arrival *in)
{
    in->strand = np_strand_find(stories, in->insight);
    in->context =
        np_context_of(stories->params.actors, stories->params.names, in->act, in->insight);
    if (in->strand != NP_TABLE_NONE)
        in->context = np_context_after(in->context, stories->strands.items[in->strand].stance);
    bool kept = matters(stories, in);
    if (np_fate_is_asked(stories, in->act))
        np_fate_note(stories, in->act,
                     &(struct np_fate){.kept = kept,
                                       .context = in->context,
                                       .meaning = in->meaning,
                                       .insight = *in->insight,
                                       .signal_count = in->signals.count,
                                       .level = np_signals_level(in->signals)});
    return kept;
}

bool np_stories_watch(struct np_stories *stories, np_thread_id thread, np_time_ns time)
{
    stories->now = NP_MAX(stories->now, time);
    return *np_present(stories, thread) > 0;
}

int np_stories_take(struct np_stories *stories, const struct np_incoming *incoming,
                    struct np_signals signals, struct np_err *err)
{
    const struct np_act *act = incoming->act;
    const struct np_insight *insight = incoming->insight;
    struct arrival in = {
        .act = act, .insight = insight, .meaning = incoming->meaning, .signals = signals};
    stories->now = NP_MAX(stories->now, act->time);
    note_data_events(stories, act);
    if (insight->thread == NP_THREAD_NONE || insight->actor == NP_THREAD_NONE) {
        note_stranger(stories, &in);
        return 0;
    }
    if (is_everyday(stories, &in) && !np_fate_is_asked(stories, act))
        return 0;
    return look_at(stories, &in) ? take(stories, &in, err) : 0;
}

/* ---- time */

static bool is_idle(const struct np_story *story, np_time_ns now)
{
    if (now == NP_TIME_NONE)
        return true;
    return now - story->last > (story->open ? NP_STORY_IDLE_NS : NP_MARK_LIFE_NS);
}

int np_stories_advance(struct np_stories *stories, np_time_ns now, struct np_err *err)
{
    uint32_t index = stories->oldest;
    while (index != NP_INDEX_NONE) {
        struct np_story *story = &stories->stories.items[index];
        uint32_t newer = story->newer;
        if (!is_idle(story, now)) {
            if (!story->open)
                break;
            index = newer;
            continue;
        }
        if (story->open) {
            int r = np_story_tell(stories, index, NP_INCIDENT_CLOSED, err);
            if (r < 0)
                return r;
        }
        np_story_drop(stories, index);
        index = newer;
    }
    return 0;
}
