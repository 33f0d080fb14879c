/* SPDX-License-Identifier: Apache-2.0 */
/* Which promise a thread keeps. */
#include "actor/lineage.h"

#define SIGN_IN_NS (12 * 60 * NP_NS_PER_MIN) /* a console session */
#define LOGIN_NS   (24 * 60 * NP_NS_PER_MIN) /* a password that was set for somebody */
#define USED_NS    NP_NS_PER_MIN             /* from a role's first use on: others may use it too */
#define AGAIN_NS   (10 * NP_NS_PER_MIN) /* the same of what runs again and again: jobs, schedules */
#define CHANGED_NS (60 * NP_NS_PER_MIN) /* of a function that was changed, to its use */
#define BEGAN_NS   (10 * NP_NS_PER_MIN) /* from setting a service to work to its taking a role */
#define STACK_NS   NP_NS_PER_MIN        /* the same of CloudFormation, which does not let wait */

/* At most, from the call that gave a session to when it says that it began. */
enum { BEGUN_SECONDS = 5 };

static const struct np_edge no_edge = {.from = NP_THREAD_NONE, .to = NP_THREAD_NONE};

static struct np_span text_of(const struct np_lineage *lineage, const struct np_act *act,
                              enum np_act_text text)
{
    return np_names_text(lineage->names, act->texts[text]);
}

static struct np_edge edge_of(const struct np_promise *promise, enum np_join join)
{
    if (promise == NULL)
        return no_edge;
    return (struct np_edge){.from = promise->thread,
                            .to = NP_THREAD_NONE,
                            .join = join,
                            .event_id = promise->event_id,
                            .time = promise->time};
}

static struct np_edge follow(const struct np_lineage *lineage, const struct np_act *act,
                             uint64_t key, np_time_ns max_age)
{
    const struct np_promise *promise = np_promises_get(lineage->promises, key, act->time, max_age);
    return promise != NULL ? edge_of(promise, (enum np_join) promise->join) : no_edge;
}

/* Whoever made or changed a function, a foreign thread before others: their work on it does not undo his. */
static struct np_edge find_function(const struct np_lineage *lineage, const struct np_act *act,
                                    uint64_t key)
{
    struct np_edge edge = follow(lineage, act, np_lineage_foreign_key(key), CHANGED_NS);
    return edge.from != NP_THREAD_NONE ? edge : follow(lineage, act, key, CHANGED_NS);
}

/* Whoever made or changed the machine, function or build that a session is named after. */
static struct np_edge find_host(const struct np_lineage *lineage, const struct np_act *act,
                                struct np_span session, struct np_span account)
{
    struct np_edge edge = no_edge;
    struct np_span build = np_lineage_build_of(session);
    if (np_span_starts(session, NP_SPAN("i-")))
        edge =
            follow(lineage, act, np_promise_key(NP_PROMISE_INSTANCE, session, (struct np_span){}),
                   NP_PROMISE_ROLE_NS);
    else if (build.len > 0)
        edge = follow(lineage, act, np_promise_key(NP_PROMISE_BUILD, build, account),
                      NP_PROMISE_ROLE_NS);
    else if (session.len > 0)
        edge = find_function(lineage, act, np_promise_key(NP_PROMISE_FUNCTION, session, account));
    return edge;
}

/* The edge of a promise that is used now, and not for longer than `at_most` since its first use. */
static struct np_edge use(struct np_promise *promise, const struct np_act *act, np_time_ns at_most)
{
    if (promise == NULL || (promise->used != NP_TIME_NONE && act->time - promise->used > at_most))
        return no_edge;
    if (promise->used == NP_TIME_NONE)
        promise->used = act->time;
    return edge_of(promise, NP_JOIN_PASSED_ROLE);
}

/* The last one who passed a role, or, once that was used, the one before who still waits. */
static struct np_promise *find_passed(const struct np_lineage *lineage, const struct np_act *act,
                                      uint64_t role, np_time_ns max_age)
{
    struct np_promise *last = np_promises_get(lineage->promises, role, act->time, max_age);
    if (last == NULL || last->used == NP_TIME_NONE)
        return last;
    struct np_promise *waiting = np_promises_get(lineage->promises, np_lineage_waiting_key(role),
                                                 act->time, NP_LINEAGE_WAITING_NS);
    return waiting != NULL && waiting->used == NP_TIME_NONE ? waiting : last;
}

static struct np_promise *newer(struct np_promise *a, struct np_promise *b)
{
    return a == NULL || (b != NULL && b->time > a->time) ? b : a;
}

/*
 * Whoever set the service to work on something whose role is not known, or named the role for a stack since it was
 * `passed` last: CloudFormation may take it to see what is to change.
 */
static struct np_promise *find_beginner(const struct np_lineage *lineage, const struct np_act *act,
                                        uint64_t role, struct np_span service,
                                        const struct np_promise *passed)
{
    bool of_stacks = np_span_is(service, "cloudformation");
    if (service.len == 0 || np_lineage_names_its_hosts(service))
        return NULL;
    uint64_t key = np_lineage_service_key(service, text_of(lineage, act, NP_ACT_ACCOUNT));
    struct np_promise *began =
        np_promises_get(lineage->promises, key, act->time, of_stacks ? STACK_NS : BEGAN_NS);
    struct np_promise *prepared =
        np_promises_get(lineage->promises, np_lineage_prepared_key(role), act->time, BEGAN_NS);
    bool is_later = prepared != NULL && (passed == NULL || prepared->time > passed->time);
    return is_later ? newer(began, prepared) : began;
}

/*
 * Who a role that a service uses is used for: whoever passed it, while it waits for its first use or soon after; or whoever
 * set the service to work since.
 */
static struct np_edge find_passer(const struct np_lineage *lineage, const struct np_act *act,
                                  uint64_t role, struct np_span service)
{
    bool of_stacks = np_span_is(service, "cloudformation");
    np_time_ns max_age = of_stacks ? BEGAN_NS : NP_PROMISE_ROLE_NS;
    np_time_ns used_for = of_stacks ? USED_NS : AGAIN_NS;
    struct np_promise *passed = find_passed(lineage, act, role, max_age);
    struct np_promise *began = find_beginner(lineage, act, role, service, passed);
    bool waits =
        passed != NULL && passed->used == NP_TIME_NONE && act->time - passed->time <= BEGAN_NS;
    bool passed_first = passed != NULL && (waits || began == NULL || passed->time >= began->time);
    if (passed_first && began != NULL && began->thread == passed->thread)
        began->used = act->time; /* one call promised both */
    struct np_edge edge = passed_first ? use(passed, act, used_for) : use(began, act, 0);
    if (edge.from != NP_THREAD_NONE)
        return edge;
    return passed_first ? use(began, act, 0) : use(passed, act, used_for);
}

/* The newest thread of the credential that is not AWS's own doing. */
static struct np_edge find_user(const struct np_lineage *lineage, const struct np_act *act)
{
    uint64_t credential = np_lineage_credential(lineage->names, act);
    np_thread_id best = NP_THREAD_NONE;
    np_thread_id at = np_threads_of_credential(lineage->threads, credential);
    for (int i = 0; i < NP_THREADS_SAME_CREDENTIAL_MAX && at != NP_THREAD_NONE; i++) {
        const struct np_thread *thread = np_threads_get(lineage->threads, at);
        if (!(thread->flags & NP_THREAD_INSIDE) &&
            act->time - thread->last <= NP_PROMISE_ERRAND_NS &&
            (best == NP_THREAD_NONE || thread->last > np_threads_get(lineage->threads, best)->last))
            best = at;
        at = np_threads_before(lineage->threads, at);
    }
    return (struct np_edge){.from = best,
                            .to = NP_THREAD_NONE,
                            .join = NP_JOIN_SERVICE_FOR,
                            .event_id = act->texts[NP_ACT_EVENT_ID],
                            .time = act->time};
}

static np_name find_entity(const struct np_act *act, enum np_entity_kind kind,
                           enum np_entity_role role)
{
    for (size_t i = 0; i < act->entity_count; i++)
        if (act->entities[i].kind == kind && act->entities[i].role == role)
            return act->entities[i].value;
    return NP_NAME_NONE;
}

/* Of a service that takes a role on. */
static struct np_edge find_role_giver(const struct np_lineage *lineage, const struct np_act *act,
                                      struct np_span service)
{
    np_name role = find_entity(act, NP_ENTITY_ROLE, NP_ENTITY_ON);
    np_name session = find_entity(act, NP_ENTITY_SESSION, NP_ENTITY_MADE);
    struct np_span arn = np_names_text(lineage->names, session);
    const char *slash = arn.len > 0 ? memrchr(arn.ptr, '/', arn.len) : NULL;
    struct np_edge edge = no_edge;
    if (slash != NULL)
        edge = find_host(lineage, act, np_span_from(arn, (size_t) (slash - arn.ptr) + 1),
                         text_of(lineage, act, NP_ACT_ACCOUNT));
    if (edge.from == NP_THREAD_NONE && role != NP_NAME_NONE)
        edge =
            find_passer(lineage, act,
                        np_lineage_entity_key(lineage->names, act, NP_PROMISE_ROLE, role), service);
    return edge;
}

/* Of a session: whoever took its role on, best in the second in which it began. */
static struct np_edge find_session(const struct np_lineage *lineage, const struct np_act *act)
{
    uint64_t key = np_lineage_session_key(lineage->names, act);
    struct np_edge edge = no_edge;
    for (int i = 0; act->session_began != NP_TIME_NONE && i <= BEGUN_SECONDS; i++) {
        edge = follow(lineage, act, np_lineage_begun_key(key, act->session_began - i * NP_NS_PER_S),
                      NP_PROMISE_KEY_NS);
        if (edge.from != NP_THREAD_NONE)
            break;
    }
    return edge.from != NP_THREAD_NONE ? edge : follow(lineage, act, key, NP_PROMISE_KEY_NS);
}

struct np_edge np_lineage_asker(const struct np_lineage *lineage, const struct np_act *act)
{
    struct np_span service = np_lineage_bare_service(text_of(lineage, act, NP_ACT_INVOKED_BY));
    struct np_edge edge = no_edge;
    if (act->identity == NP_IDENTITY_SERVICE)
        return find_role_giver(lineage, act, service);
    if (act->identity == NP_IDENTITY_ACCOUNT)
        return follow(lineage, act, np_lineage_shared_key(lineage->names, act),
                      NP_PROMISE_SHARED_NS);
    if (act->identity == NP_IDENTITY_SESSION && act->texts[NP_ACT_KEY] == NP_NAME_NONE)
        edge = find_session(lineage, act);
    if (edge.from == NP_THREAD_NONE)
        edge = follow(lineage, act, np_lineage_errand_key(lineage->names, act, service),
                      NP_PROMISE_ERRAND_NS);
    return edge.from != NP_THREAD_NONE ? edge : find_user(lineage, act);
}

/*
 * The oldest other foreign thread of a credential, else the oldest one that is not its owner's usual one: of a long-lived key. A
 * session's key has one user, wherever it is used.
 */
static struct np_edge find_same_key(const struct np_lineage *lineage, const struct np_act *act,
                                    np_thread_id thread)
{
    const struct np_thread *self = np_threads_get(lineage->threads, thread);
    bool is_session_key = np_span_starts(text_of(lineage, act, NP_ACT_KEY), NP_SPAN("ASIA"));
    bool only_foreign = (self->flags & NP_THREAD_FOREIGN) != 0 && !is_session_key;
    np_thread_id best = NP_THREAD_NONE;
    bool best_is_foreign = only_foreign;
    np_thread_id at = np_threads_of_credential(lineage->threads, self->credential);
    if ((self->flags & NP_THREAD_USUAL) != 0 && !is_session_key)
        return no_edge;
    for (int i = 0; i < NP_THREADS_SAME_CREDENTIAL_MAX && at != NP_THREAD_NONE; i++) {
        const struct np_thread *other = np_threads_get(lineage->threads, at);
        bool foreign = (other->flags & NP_THREAD_FOREIGN) != 0;
        if (at != thread && (other->flags & NP_THREAD_INSIDE) == 0 && foreign >= best_is_foreign &&
            (is_session_key || (other->flags & NP_THREAD_USUAL) == 0)) {
            best = at;
            best_is_foreign = foreign;
        }
        at = np_threads_before(lineage->threads, at);
    }
    return (struct np_edge){.from = best,
                            .to = NP_THREAD_NONE,
                            .join = NP_JOIN_SAME_KEY,
                            .event_id = act->texts[NP_ACT_EVENT_ID],
                            .time = act->time};
}

/* A role passed, and not met in a session yet. */
static struct np_promise *find_unmet(const struct np_lineage *lineage, const struct np_act *act,
                                     uint64_t key)
{
    struct np_promise *passed =
        np_promises_get(lineage->promises, key, act->time, NP_PROMISE_ROLE_NS);
    return passed != NULL && !passed->met ? passed : NULL;
}

/* Credentials that a machine, a function or a service got, where no call tells of the key. */
static struct np_edge find_delivery(const struct np_lineage *lineage, const struct np_act *act)
{
    struct np_edge edge = find_host(lineage, act, text_of(lineage, act, NP_ACT_SESSION),
                                    text_of(lineage, act, NP_ACT_OWNER));
    if (edge.from != NP_THREAD_NONE)
        return edge;
    uint64_t role = np_lineage_role_key(lineage->names, act);
    struct np_promise *passed = find_unmet(lineage, act, np_lineage_foreign_key(role));
    if (passed == NULL)
        passed = find_unmet(lineage, act, role);
    if (passed != NULL)
        passed->met = true;
    return edge_of(passed, NP_JOIN_PASSED_ROLE);
}

struct np_edge np_lineage_endpoint(const struct np_lineage *lineage, const struct np_act *act,
                                   np_thread_id thread, struct np_edge found)
{
    uint64_t place = np_threads_get(lineage->threads, thread)->place_hash;
    uint64_t key = np_mix(NP_PROMISE_ENDPOINT, place) | 1;
    struct np_edge edge = found;
    if (edge.from == NP_THREAD_NONE)
        edge = follow(lineage, act, key, NP_PROMISE_USER_NS);
    if (np_promises_get(lineage->promises, key, act->time, NP_PROMISE_USER_NS) == NULL)
        np_promises_put(lineage->promises,
                        &(struct np_promise){.key = key,
                                             .time = act->time,
                                             .thread = thread,
                                             .event_id = act->texts[NP_ACT_EVENT_ID],
                                             .join = NP_JOIN_SAME_ENDPOINT});
    return edge;
}

static bool is_session(const struct np_act *act)
{
    return act->identity == NP_IDENTITY_SESSION || act->identity == NP_IDENTITY_FEDERATED;
}

/*
 * A sign-in with a password that somebody else set: one that worked from a place that is not the user's, or any from the place
 * where it was set.
 */
static struct np_edge find_password(const struct np_lineage *lineage, const struct np_act *act,
                                    np_thread_id thread)
{
    struct np_edge edge =
        follow(lineage, act,
               np_promise_key(NP_PROMISE_LOGIN, text_of(lineage, act, NP_ACT_PRINCIPAL),
                              text_of(lineage, act, NP_ACT_OWNER)),
               LOGIN_NS);
    if (edge.from == NP_THREAD_NONE)
        return edge;
    const struct np_thread *self = np_threads_get(lineage->threads, thread);
    bool elsewhere = (act->flags & NP_ACT_FAILED) == 0 && (self->flags & NP_THREAD_USUAL) == 0;
    bool same_place = np_threads_get(lineage->threads, edge.from)->place_hash == self->place_hash;
    return elsewhere || same_place ? edge : no_edge;
}

/* Of a user: who set the password for the sign-in, or made the user. */
static struct np_edge find_user_maker(const struct np_lineage *lineage, const struct np_act *act,
                                      np_thread_id thread)
{
    struct np_edge edge = no_edge;
    if (np_lineage_signs_in(lineage->names, act))
        edge = find_password(lineage, act, thread);
    if (edge.from == NP_THREAD_NONE)
        edge = follow(lineage, act,
                      np_promise_key(NP_PROMISE_USER, text_of(lineage, act, NP_ACT_PRINCIPAL),
                                     text_of(lineage, act, NP_ACT_OWNER)),
                      NP_PROMISE_USER_NS);
    return edge;
}

static struct np_edge find_sign_in(const struct np_lineage *lineage, const struct np_act *act,
                                   np_thread_id thread)
{
    bool may = ((act->flags & NP_ACT_CONSOLE) != 0 ||
                np_span_starts(text_of(lineage, act, NP_ACT_KEY), NP_SPAN("ASIA"))) &&
               !np_lineage_signs_in(lineage->names, act);
    uint64_t place = np_threads_get(lineage->threads, thread)->place_hash;
    return may ? follow(lineage, act, np_lineage_sign_in_key(lineage->names, act, place),
                        SIGN_IN_NS)
               : no_edge;
}

struct np_edge np_lineage_find(const struct np_lineage *lineage, const struct np_act *act,
                               np_thread_id thread)
{
    bool has_key = act->texts[NP_ACT_KEY] != NP_NAME_NONE;
    struct np_edge edge = no_edge;
    if (has_key)
        edge = find_same_key(lineage, act, thread);
    if (edge.from == NP_THREAD_NONE && has_key)
        edge = follow(
            lineage, act,
            np_promise_key(NP_PROMISE_KEY, text_of(lineage, act, NP_ACT_KEY), (struct np_span){}),
            NP_PROMISE_LONG_KEY_NS);
    if (edge.from == NP_THREAD_NONE)
        edge = find_sign_in(lineage, act, thread);
    if (edge.from == NP_THREAD_NONE && is_session(act))
        edge = find_session(lineage, act);
    if (edge.from == NP_THREAD_NONE && act->identity == NP_IDENTITY_SESSION)
        edge = find_delivery(lineage, act);
    if (edge.from == NP_THREAD_NONE && act->identity == NP_IDENTITY_USER)
        edge = find_user_maker(lineage, act, thread);
    if (edge.from == NP_THREAD_NONE && act->identity == NP_IDENTITY_ACCOUNT)
        edge = follow(lineage, act,
                      np_promise_key(NP_PROMISE_GUEST, text_of(lineage, act, NP_ACT_OWNER),
                                     (struct np_span){}),
                      LOGIN_NS);
    return edge;
}

bool np_lineage_is_lost(const struct np_lineage *lineage, const struct np_act *act)
{
    if (act->identity != NP_IDENTITY_SESSION || act->session_began == NP_TIME_NONE)
        return false;
    np_time_ns since = act->session_began - BEGUN_SECONDS * NP_NS_PER_S;
    struct np_span access_key = text_of(lineage, act, NP_ACT_KEY);
    uint64_t key = np_promise_key(NP_PROMISE_KEY, access_key, (struct np_span){});
    uint64_t session = np_lineage_session_key(lineage->names, act);
    return np_promises_may_have_had(lineage->promises, access_key.len > 0 ? key : session, since);
}
