/* SPDX-License-Identifier: Apache-2.0 */
/* The thread of each act, what is new in it, and how threads hang together. */
#include "actor/actor.h"

#include <errno.h>

#include "actor/taking.h"
#include "base/alloc.h"

const char *np_join_name(enum np_join join)
{
    static const char *const names[NP_JOIN_MAX] = {
        [NP_JOIN_NONE] = "none",
        [NP_JOIN_SAME_KEY] = "same-key",
        [NP_JOIN_ASSUMED_ROLE] = "assumed-role",
        [NP_JOIN_SESSION_TOKEN] = "session-token",
        [NP_JOIN_CREATED_KEY] = "created-key",
        [NP_JOIN_CREATED_USER] = "created-user",
        [NP_JOIN_LOGIN_PROFILE] = "login-profile",
        [NP_JOIN_SIGNED_IN] = "signed-in",
        [NP_JOIN_PASSED_ROLE] = "passed-role",
        [NP_JOIN_SERVICE_FOR] = "service-for",
        [NP_JOIN_INSTANCE] = "instance",
        [NP_JOIN_SHARED_EVENT] = "shared-event",
        [NP_JOIN_SAME_ENDPOINT] = "same-endpoint",
        [NP_JOIN_SHARED_WITH] = "shared-with",
    };
    return names[join];
}

int np_actors_new(struct np_actors **out_actors, const struct np_actors_params *params)
{
    struct np_actors *actors = np_alloc(sizeof(*actors));
    if (actors == NULL)
        return -ENOMEM;
    *actors = (struct np_actors){
        .names = params->names, .endpoints = params->endpoints, .began = NP_TIME_NONE};
    int r = np_places_new(&actors->places, params->names);
    if (r == 0)
        r = np_threads_new(&actors->threads, params->names, params->max_bytes / 2);
    if (r == 0)
        r = np_promises_new(&actors->promises, params->names, actors->threads);
    if (r == 0)
        r = np_learned_new(&actors->learned, params->max_bytes / 2);
    if (r < 0) {
        np_actors_free(&actors);
        return r;
    }
    *out_actors = actors;
    return 0;
}

void np_actors_free(struct np_actors **actors)
{
    if (actors == NULL || *actors == NULL)
        return;
    np_promises_free(&(*actors)->promises);
    np_threads_free(&(*actors)->threads);
    np_places_free(&(*actors)->places);
    np_learned_free(&(*actors)->learned);
    np_free(*actors);
    *actors = NULL;
}

static bool has(struct np_span text, const char *part)
{
    return text.len > 0 && memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

/* What the names of the principal and its session say. A person behind a role has habits of their own. */
static uint16_t flags_of_names(struct np_span principal, struct np_span session)
{
    uint16_t flags = 0;
    if (has(principal, "/AWSReservedSSO_"))
        flags |= NP_THREAD_SSO | NP_THREAD_PERSON;
    if (session.len > 0 && memchr(session.ptr, '@', session.len) != NULL)
        flags |= NP_THREAD_PERSON;
    if (np_span_starts(session, NP_SPAN("i-")))
        flags |= NP_THREAD_MACHINE;
    if (has(principal, "/aws-service-role/"))
        flags |= NP_THREAD_LINKED;
    return flags;
}

/* Whether the act came through an endpoint that is a place of its own: AWS's are not, the user's address stands beside them. */
static bool is_by_endpoint(const struct np_taking *taking)
{
    enum np_endpoint_owner owner = taking->insight->endpoint;
    return owner != NP_ENDPOINT_NONE && owner != NP_ENDPOINT_AWS && !taking->place.is_inside_aws;
}

static void set_place(struct np_taking *taking)
{
    const struct np_act *act = taking->act;
    taking->place = np_places_of(taking->actors->places, act->texts[NP_ACT_ADDRESS]);
    taking->insight->place_is_private = taking->place.is_private;
    if (!is_by_endpoint(taking))
        return;
    taking->place.name = act->texts[NP_ACT_ENDPOINT];
    taking->place.hash = np_taking_hash(taking, NP_ACT_ENDPOINT);
}

static uint16_t flags_of(const struct np_taking *taking)
{
    const struct np_names *names = taking->actors->names;
    uint16_t flags = flags_of_names(np_names_text(names, taking->act->texts[NP_ACT_PRINCIPAL]),
                                    np_names_text(names, taking->act->texts[NP_ACT_SESSION]));
    if (is_by_endpoint(taking))
        flags |= NP_THREAD_ENDPOINT;
    if (taking->place.is_private ||
        (is_by_endpoint(taking) && taking->insight->endpoint != NP_ENDPOINT_FOREIGN))
        flags |= NP_THREAD_NETWORK;
    if (taking->place.is_inside_aws || taking->act->identity == NP_IDENTITY_SERVICE)
        flags |= NP_THREAD_INSIDE;
    return flags;
}

/* Begins the thread of an act; false where no place can be made for one. */
static bool begin_thread(struct np_taking *taking, uint64_t id, uint64_t credential,
                         struct np_edge edge)
{
    const struct np_act *act = taking->act;
    uint16_t flags = flags_of(taking);
    bool person = (flags & NP_THREAD_PERSON) != 0;
    struct np_thread thread = {
        .id = id,
        .credential = credential,
        .principal = np_mix(np_taking_hash(taking, NP_ACT_PRINCIPAL),
                            person ? np_taking_hash(taking, NP_ACT_SESSION) : 0),
        .place_hash = taking->place.hash,
        .first = act->time,
        .last = act->time,
        .names = {act->texts[NP_ACT_PRINCIPAL], act->texts[NP_ACT_OWNER],
                  act->texts[NP_ACT_SESSION], act->texts[NP_ACT_KEY], taking->place.name},
        .flags = flags,
        .identity = act->identity,
    };
    taking->thread = np_threads_add(taking->actors->threads, &thread);
    if (taking->thread == NP_THREAD_NONE)
        return false;
    np_standing_begin(taking, edge);
    return true;
}

/* Whether AWS makes the call for somebody who is to be found, or it is another account's copy of a call. */
static bool is_errand(const struct np_taking *taking)
{
    if (taking->act->identity == NP_IDENTITY_SERVICE)
        return taking->act->entity_count > 0;
    if (taking->act->identity == NP_IDENTITY_ACCOUNT)
        return taking->act->texts[NP_ACT_SHARED_ID] != NP_NAME_NONE;
    return taking->place.is_inside_aws && taking->act->texts[NP_ACT_INVOKED_BY] != NP_NAME_NONE;
}

static bool find_thread(struct np_taking *taking)
{
    const struct np_act *act = taking->act;
    uint64_t credential = np_lineage_credential(taking->actors->names, act);
    struct np_edge edge = {.from = NP_THREAD_NONE};
    uint64_t id = np_mix(credential, taking->place.hash);
    if (is_errand(taking)) {
        edge = np_lineage_asker(&taking->lineage, act);
        if (edge.from != NP_THREAD_NONE)
            id = np_mix(id, np_threads_get(taking->actors->threads, edge.from)->serial);
    }
    taking->thread = np_threads_find(taking->actors->threads, id);
    return taking->thread != NP_THREAD_NONE || begin_thread(taking, id, credential, edge);
}

static void tell(const struct np_taking *taking, bool hung_before)
{
    struct np_insight *insight = taking->insight;
    const struct np_thread *thread = np_taking_thread(taking);
    bool outside = (thread->flags & NP_THREAD_INSIDE) == 0;
    insight->thread = taking->thread;
    insight->actor = np_threads_root(taking->actors->threads, taking->thread, &insight->hops);
    insight->foreign = (thread->flags & NP_THREAD_FOREIGN) != 0;
    insight->moved = outside && np_standing_has_moved(taking);
    insight->instance_elsewhere =
        outside && insight->foreign && (thread->flags & NP_THREAD_MACHINE) != 0 &&
        (insight->is_new & NP_NEW_PLACE) != 0 && !np_standing_is_first_place(taking);
    if (!hung_before && thread->parent != NP_THREAD_NONE) {
        insight->join = (enum np_join) thread->join;
        insight->joined = thread->parent;
    }
}

static struct np_lineage lineage_of(const struct np_actors *actors)
{
    return (struct np_lineage){
        .names = actors->names, .threads = actors->threads, .promises = actors->promises};
}

static struct np_known_caller *place_of_print(struct np_actors *actors, uint64_t print)
{
    return &actors->known[print % NP_KNOWN_CALLERS_MAX];
}

/* What a thread may be, and may not, whose acts are recognised: nothing is left to be found out about it. */
static bool is_settled(const struct np_thread *thread)
{
    const uint16_t open = NP_THREAD_FOREIGN | NP_THREAD_WEAK | NP_THREAD_DOUBTED;
    return (thread->flags & NP_THREAD_LIVE) != 0 && (thread->flags & open) == 0 &&
           (thread->flags & (NP_THREAD_USUAL | NP_THREAD_INSIDE)) != 0;
}

bool np_actors_recognise(struct np_actors *actors, struct np_prints prints, np_time_ns time,
                         struct np_insight *out_insight)
{
    const struct np_known_caller *known = place_of_print(actors, prints.caller);
    if (known->print != prints.caller)
        return false;
    struct np_thread *thread = np_threads_get(actors->threads, known->thread);
    if (thread->serial != known->serial || !is_settled(thread) ||
        !np_habit_is_everyday(actors, known->habits, prints.call, time))
        return false;
    thread->last = time;
    thread->flags |= NP_THREAD_USED;
    *out_insight = (struct np_insight){.thread = known->thread, .joined = NP_THREAD_NONE};
    out_insight->actor = np_threads_root(actors->threads, known->thread, &out_insight->hops);
    return true;
}

/* Whether the next act of the same caller will find the same thread. A service-linked role works for nobody but its service. */
static bool is_lasting(const struct np_taking *taking)
{
    const struct np_thread *thread = np_taking_thread(taking);
    enum np_endpoint_owner owner = taking->insight->endpoint;
    return is_settled(thread) && (!is_errand(taking) || (thread->flags & NP_THREAD_LINKED) != 0) &&
           (owner == NP_ENDPOINT_NONE || owner == NP_ENDPOINT_OURS);
}

static void remember(const struct np_taking *taking)
{
    const struct np_thread *thread = np_taking_thread(taking);
    uint64_t print = taking->act->prints.caller;
    struct np_known_caller *place = place_of_print(taking->actors, print);
    if ((place->print == print && place->serial == thread->serial) || !is_lasting(taking))
        return;
    *place = (struct np_known_caller){.print = print,
                                      .habits = np_habit_of_caller(taking),
                                      .thread = taking->thread,
                                      .serial = thread->serial};
}

int np_actors_take(struct np_actors *actors, const struct np_act *act,
                   struct np_insight *out_insight)
{
    struct np_taking taking = {
        .actors = actors,
        .lineage = lineage_of(actors),
        .act = act,
        .insight = out_insight,
    };
    *out_insight = (struct np_insight){
        .thread = NP_THREAD_NONE, .actor = NP_THREAD_NONE, .joined = NP_THREAD_NONE};
    if (actors->began == NP_TIME_NONE)
        actors->began = act->time;
    out_insight->endpoint = np_endpoints_take(actors->endpoints, actors->names, act);
    set_place(&taking);
    uint32_t begun = np_threads_begun(actors->threads);
    if (!find_thread(&taking))
        return 0;
    struct np_thread *thread = np_taking_thread(&taking);
    bool hung_before =
        thread->parent != NP_THREAD_NONE && begun == np_threads_begun(actors->threads);
    np_habit_learn(&taking);
    np_standing_settle(&taking);
    np_lineage_make(&taking.lineage, act, taking.thread);
    tell(&taking, hung_before);
    thread->last = act->time;
    thread->flags |= NP_THREAD_USED;
    remember(&taking);
    return 0;
}

np_thread_id np_actors_root(const struct np_actors *actors, np_thread_id thread)
{
    return np_threads_root(actors->threads, thread, NULL);
}

struct np_thread_info np_actors_thread(const struct np_actors *actors, np_thread_id thread)
{
    const struct np_thread *found = np_threads_get(actors->threads, thread);
    return (struct np_thread_info){
        .identity = (enum np_identity) found->identity,
        .principal = found->names[NP_THREAD_PRINCIPAL],
        .owner = found->names[NP_THREAD_OWNER],
        .session = found->names[NP_THREAD_SESSION],
        .key = found->names[NP_THREAD_KEY],
        .place = found->names[NP_THREAD_PLACE],
        .first = found->first,
        .last = found->last,
        .from = found->parent,
        .inside = (found->flags & (NP_THREAD_INSIDE | NP_THREAD_NETWORK)) != 0,
        .sso = (found->flags & NP_THREAD_SSO) != 0,
        .service_linked = (found->flags & NP_THREAD_LINKED) != 0,
        .usual = (found->flags & NP_THREAD_USUAL) != 0,
        .federated =
            (found->flags & (NP_THREAD_FEDERATED | NP_THREAD_FOREIGN)) == NP_THREAD_FEDERATED,
        .serial = found->serial,
        .foreign = (found->flags & NP_THREAD_FOREIGN) != 0,
    };
}

/* Puts an edge in its place by time; equal times keep the order in which they came. */
static void insert(struct np_edge *edges, size_t count, struct np_edge edge)
{
    size_t at = count;
    while (at > 0 && edges[at - 1].time > edge.time) {
        edges[at] = edges[at - 1];
        at--;
    }
    edges[at] = edge;
}

size_t np_actors_edges(const struct np_actors *actors, np_thread_id actor,
                       struct np_edge *out_edges, size_t max)
{
    size_t count = 0;
    np_thread_id at = np_threads_next(actors->threads, actor, actor);
    for (; at != NP_THREAD_NONE; at = np_threads_next(actors->threads, at, actor)) {
        const struct np_thread *thread = np_threads_get(actors->threads, at);
        if (np_threads_root(actors->threads, at, NULL) != actor)
            continue;
        if (count < max)
            insert(out_edges, count,
                   (struct np_edge){.from = thread->parent,
                                    .to = at,
                                    .join = (enum np_join) thread->join,
                                    .event_id = thread->edge_event,
                                    .time = thread->edge_time});
        count++;
    }
    return count;
}

void np_actors_hold(struct np_actors *actors, np_thread_id thread)
{
    np_threads_get(actors->threads, thread)->holds++;
}

void np_actors_release(struct np_actors *actors, np_thread_id thread)
{
    np_threads_get(actors->threads, thread)->holds--;
}

uint64_t np_actors_lost(const struct np_actors *actors)
{
    return np_threads_lost(actors->threads);
}

uint64_t np_actors_forgotten(const struct np_actors *actors)
{
    return np_learned_lost(actors->learned) + np_promises_lost(actors->promises);
}
