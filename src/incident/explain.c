/* SPDX-License-Identifier: Apache-2.0 */
/* Why an event is, or is not, part of an incident: in words, for who has to act on it. */
#include "incident/explain.h"

#include "incident/marks.h"
#include "incident/strands.h"

enum { MARKS_MAX_BYTES = 512, EDGES_MAX = 256 };

/* ---- what is noted on the way */

bool np_fate_is_asked(const struct np_stories *stories, const struct np_act *act)
{
    return stories->params.explain.len > 0 &&
           np_span_eq(np_names_text(stories->params.names, act->texts[NP_ACT_EVENT_ID]),
                      stories->params.explain);
}

static void hold(struct np_actors *actors, np_thread_id thread)
{
    if (thread != NP_THREAD_NONE)
        np_actors_hold(actors, thread);
}

static void release(struct np_actors *actors, np_thread_id thread)
{
    if (thread != NP_THREAD_NONE)
        np_actors_release(actors, thread);
}

void np_fate_done(struct np_stories *stories)
{
    struct np_fate *fate = &stories->fate;
    if (!fate->met)
        return;
    np_names_release(stories->params.names, fate->service);
    np_names_release(stories->params.names, fate->api);
    release(stories->params.actors, fate->insight.thread);
    release(stories->params.actors, fate->insight.actor);
    np_buf_done(&fate->marks);
    *fate = (struct np_fate){};
}

void np_fate_note(struct np_stories *stories, const struct np_act *act, const struct np_fate *noted)
{
    struct np_fate *fate = &stories->fate;
    np_fate_done(stories); /* copies in several accounts may have one id: the last one counts */
    *fate = *noted;
    fate->met = true;
    fate->flags = act->flags;
    fate->service = np_names_hold(stories->params.names, act->texts[NP_ACT_SERVICE]);
    fate->api = np_names_hold(stories->params.names, act->texts[NP_ACT_API]);
    hold(stories->params.actors, fate->insight.thread);
    hold(stories->params.actors, fate->insight.actor);
    np_buf_init(&fate->marks, MARKS_MAX_BYTES);
}

/* Whether the story is that of the act's strand or actor. */
static bool is_its_story(const struct np_stories *stories, const struct np_story *story)
{
    const struct np_insight *insight = &stories->fate.insight;
    uint32_t strand = np_strand_find(stories, insight);
    np_thread_id root = np_actors_root(stories->params.actors, insight->actor);
    for (size_t i = 0; i < story->strands.len; i++) {
        if (story->strands.items[i] == strand)
            return true;
    }
    for (size_t i = 0; i < story->actors.len; i++) {
        if (story->actors.items[i] == insight->actor || story->actors.items[i] == root)
            return true;
    }
    return false;
}

/* Whether a thread of the story has the act's credential. */
static bool has_its_key(const struct np_stories *stories, const struct np_story *story)
{
    np_name key = np_actors_thread(stories->params.actors, stories->fate.insight.thread).key;
    for (size_t i = 0; i < story->strands.len && key != NP_NAME_NONE; i++) {
        np_thread_id thread = stories->strands.items[story->strands.items[i]].thread;
        if (np_actors_thread(stories->params.actors, thread).key == key)
            return true;
    }
    return false;
}

static void note_story(struct np_fate *fate, struct np_story *story)
{
    fate->has_story = true;
    fate->is_incident = story->open;
    if (!fate->told)
        fate->incident = story->id;
    fate->score = np_story_score(story, story->marked);
    np_buf_reset(&fate->marks);
    np_story_explain_score(story, &fate->marks);
}

void np_fate_leave(struct np_stories *stories, struct np_story *story)
{
    struct np_fate *fate = &stories->fate;
    if (!fate->met || fate->insight.thread == NP_THREAD_NONE)
        return;
    if (is_its_story(stories, story)) {
        if (!fate->is_incident)
            note_story(fate, story);
    } else if (story->open && has_its_key(stories, story)) {
        fate->shares_key = true;
        fate->sharer = story->id;
    }
}

/* ---- the verdict */

static void add_outside_incident(const struct np_fate *fate, struct np_buf *buf)
{
    char id[33];
    np_hash128_format(id, fate->incident);
    np_buf_printf(buf, "out: its actor has a part in incident %s, but this call is ", id);
    np_buf_add_str(
        buf, fate->kept
                 ? "part of the caller's other work: it is not refused, no finding of level medium "
                   "or higher, and its like stand around it\n"
                 : "one that its caller makes from day to day\n");
}

static void add_verdict(const struct np_fate *fate, struct np_buf *buf)
{
    char id[33];
    np_hash128_format(id, fate->incident);
    if (fate->told)
        np_buf_printf(
            buf, "in: part of incident %s, %s\n", id,
            fate->whole
                ? "as is all that its caller did from there, which is little else than the attack"
                : "since it stands out from what else its caller did from there");
    else if (fate->insight.thread == NP_THREAD_NONE)
        np_buf_add_str(buf, "out: who called is not known\n");
    else if (!fate->kept && fate->context.is_service)
        np_buf_add_str(buf, "out: a service of AWS did it by itself\n");
    else if (fate->is_incident)
        add_outside_incident(fate, buf);
    else if (!fate->kept)
        np_buf_add_str(buf, "out: nothing tells it from its caller's daily work\n");
    else
        np_buf_printf(buf,
                      "out: it was watched, but what its actor did comes to %.0f of the %.0f "
                      "points of an incident\n",
                      fate->score, NP_SCORE_INCIDENT);
}

/* ---- who called, and from where */

/* "KEY of PRINCIPAL from PLACE" */
static void add_thread(const struct np_stories *stories, np_thread_id id, struct np_buf *buf)
{
    struct np_thread_info thread = np_actors_thread(stories->params.actors, id);
    struct np_span key = np_names_text(stories->params.names, thread.key);
    struct np_span session = np_names_text(stories->params.names, thread.session);
    struct np_span place = np_names_text(stories->params.names, thread.place);
    if (key.len > 0)
        np_buf_printf(buf, "%.*s of ", NP_SPAN_ARGS(key));
    np_buf_add_span(buf, np_names_text(stories->params.names, thread.principal));
    if (session.len > 0)
        np_buf_printf(buf, " (session %.*s)", NP_SPAN_ARGS(session));
    if (place.len > 0)
        np_buf_printf(buf, " from %.*s", NP_SPAN_ARGS(place));
    np_buf_add_char(buf, '\n');
}

static const char *place_of(const struct np_fate *fate)
{
    const struct np_insight *insight = &fate->insight;
    if (insight->endpoint == NP_ENDPOINT_FOREIGN)
        return "a VPC endpoint of an account that is not ours";
    if (insight->instance_elsewhere)
        return "not where the machine is that these credentials were given to";
    if (fate->context.stance == NP_STANCE_TRUSTED)
        return "of no weight, since the caller signed in with a federated identity or a second "
               "factor, or "
               "is a service";
    if (fate->context.usual)
        return "usual for this caller";
    if (insight->foreign)
        return "was new to this caller, whose places were known, and to everybody else; or who "
               "gave it the credential "
               "called from such a place";
    if ((insight->is_new & NP_NEW_PRINCIPAL) != 0)
        return "this caller was not known yet, so none is usual for it";
    if ((insight->is_new & NP_NEW_PLACE_FOR_ALL) != 0)
        return "nobody called from there before";
    return "not known as usual for this caller";
}

/* ---- how it hangs together */

static const char *const words[NP_JOIN_MAX] = {
    [NP_JOIN_NONE] = "",
    [NP_JOIN_SAME_KEY] = "the same credential as",
    [NP_JOIN_ASSUMED_ROLE] = "a role taken on by",
    [NP_JOIN_SESSION_TOKEN] = "a session token got by",
    [NP_JOIN_CREATED_KEY] = "a key created by",
    [NP_JOIN_CREATED_USER] = "a user created by",
    [NP_JOIN_LOGIN_PROFILE] = "a console password set by",
    [NP_JOIN_SIGNED_IN] = "a console session that was begun by",
    [NP_JOIN_PASSED_ROLE] = "a role passed to a service by",
    [NP_JOIN_SERVICE_FOR] = "a service that works for",
    [NP_JOIN_INSTANCE] = "a machine or function started or changed by",
    [NP_JOIN_SHARED_EVENT] = "another account's copy of a call of",
    [NP_JOIN_SAME_ENDPOINT] = "through the same foreign endpoint as",
    [NP_JOIN_SHARED_WITH] = "an account that was given data by",
};

/* The edge above a thread; NULL where it hangs on nothing. */
static const struct np_edge *above(const struct np_edge *edges, size_t count, np_thread_id thread)
{
    for (size_t i = 0; i < count; i++) {
        if (edges[i].to == thread)
            return &edges[i];
    }
    return NULL;
}

static void add_edge(const struct np_stories *stories, const struct np_edge *edge,
                     struct np_buf *buf)
{
    struct np_span event_id = np_names_text(stories->params.names, edge->event_id);
    np_buf_printf(buf, "joined: %s ", words[edge->join]);
    add_thread(stories, edge->from, buf);
    if (event_id.len > 0)
        np_buf_printf(buf, "        (%s, event %.*s)\n", np_join_name(edge->join),
                      NP_SPAN_ARGS(event_id));
}

/* From the caller to the first credential of its actor. */
static void add_joins(const struct np_stories *stories, struct np_buf *buf)
{
    const struct np_insight *insight = &stories->fate.insight;
    struct np_edge edges[EDGES_MAX];
    np_thread_id root = np_actors_root(stories->params.actors, insight->actor);
    np_thread_id at = insight->thread;
    size_t count =
        NP_MIN(np_actors_edges(stories->params.actors, root, edges, EDGES_MAX), (size_t) EDGES_MAX);
    bool is_guest = np_actors_root(stories->params.actors, at) != root;
    if (is_guest && insight->joined != NP_THREAD_NONE) {
        add_edge(stories, &(struct np_edge){.from = insight->joined, .join = insight->join}, buf);
        at = insight->joined;
    }
    const struct np_edge *edge = above(edges, count, at);
    if (edge == NULL && !is_guest)
        np_buf_add_str(buf, "joined: to nobody; nothing shows where the credential came from\n");
    for (size_t i = 0; edge != NULL && i < count; i++) {
        add_edge(stories, edge, buf);
        edge = above(edges, count, edge->from);
    }
}

/* ---- what was called */

static void add_call(const struct np_stories *stories, struct np_buf *buf)
{
    static const char *const weights[NP_WEIGHT_MAX] = {
        [NP_WEIGHT_ORDINARY] = "an everyday call",
        [NP_WEIGHT_TELLING] = "a call that attackers make too",
        [NP_WEIGHT_SENSITIVE] = "a sensitive call",
    };
    const struct np_fate *fate = &stories->fate;
    np_buf_printf(buf, "call: %.*s:%.*s, %s (%s%s), ",
                  NP_SPAN_ARGS(np_names_text(stories->params.names, fate->service)),
                  NP_SPAN_ARGS(np_names_text(stories->params.names, fate->api)),
                  weights[fate->meaning.weight], np_tactic_name(fate->meaning.tactic),
                  fate->meaning.guessed ? ", a guess" : "");
    np_buf_add_str(buf, fate->context.new_call ? "new for its caller" : "usual for its caller");
    if ((fate->flags & NP_ACT_REFUSED) != 0)
        np_buf_add_str(buf, ", refused");
    if (fate->signal_count == 0)
        np_buf_add_str(buf, "; no rule or behaviour found anything\n");
    else
        np_buf_printf(buf, "; %zu finding%s, %s at most\n", fate->signal_count,
                      fate->signal_count == 1 ? "" : "s", np_level_name(fate->level));
}

int np_stories_explain(const struct np_stories *stories, struct np_buf *buf)
{
    const struct np_fate *fate = &stories->fate;
    char id[33];
    if (!fate->met)
        return -ENOENT;
    add_verdict(fate, buf);
    if (fate->insight.thread != NP_THREAD_NONE) {
        np_buf_add_str(buf, "caller: ");
        add_thread(stories, fate->insight.thread, buf);
        np_buf_printf(buf, "place: %s\n", place_of(fate));
        add_joins(stories, buf);
    }
    add_call(stories, buf);
    if (fate->shares_key) {
        np_hash128_format(id, fate->sharer);
        np_buf_printf(buf, "beware: the same credential is used elsewhere in incident %s\n", id);
    }
    if (fate->has_story)
        np_buf_printf(buf, "score: %.0f, %.0f make an incident (%.*s)\n", fate->score,
                      NP_SCORE_INCIDENT, NP_SPAN_ARGS(np_buf_span(&fate->marks)));
    return buf->error;
}
