/* SPDX-License-Identifier: Apache-2.0 */
/* What an act promises. */
#include "actor/lineage.h"

#include "base/hash.h"

/* An act with what all its promises say. */
struct making {
    const struct np_lineage *lineage;
    const struct np_act *act;
    np_thread_id thread;
};

static struct np_span text_of(const struct making *making, enum np_act_text text)
{
    return np_names_text(making->lineage->names, making->act->texts[text]);
}

static bool is_api(const struct making *making, const char *prefix)
{
    return np_span_starts(text_of(making, NP_ACT_API), np_span_of(prefix));
}

static void promise(const struct making *making, uint64_t key, enum np_join join, uint64_t extra)
{
    np_promises_put(making->lineage->promises,
                    &(struct np_promise){.key = key,
                                         .extra = extra,
                                         .time = making->act->time,
                                         .thread = making->thread,
                                         .event_id = making->act->texts[NP_ACT_EVENT_ID],
                                         .join = (uint8_t) join});
}

static uint64_t entity_key(const struct making *making, enum np_promise_kind kind, np_name value)
{
    return np_lineage_entity_key(making->lineage->names, making->act, kind, value);
}

static bool is_same_second(np_time_ns a, np_time_ns b)
{
    return a / NP_NS_PER_S == b / NP_NS_PER_S;
}

static void hang(const struct making *making, const struct np_edge *edge)
{
    const struct np_lineage *lineage = making->lineage;
    if (np_threads_hang(lineage->threads, edge->to, edge) &&
        (np_threads_get(lineage->threads, edge->from)->flags & NP_THREAD_FOREIGN) != 0)
        np_threads_mark_foreign(lineage->threads, edge->to);
}

/* Hangs a thread that began in the same second, before what made it was met: within a second the order is not known. */
static void hang_late(const struct making *making, np_thread_id child, enum np_join join)
{
    struct np_edge edge = {.from = making->thread,
                           .to = child,
                           .join = join,
                           .event_id = making->act->texts[NP_ACT_EVENT_ID],
                           .time = making->act->time};
    const struct np_thread *thread = np_threads_get(making->lineage->threads, child);
    if (child != making->thread && is_same_second(thread->first, making->act->time))
        hang(making, &edge);
}

/* Why whoever uses the key that this call gave hangs on its caller. */
static enum np_join key_join(const struct making *making)
{
    if (is_api(making, "CreateAccessKey"))
        return NP_JOIN_CREATED_KEY;
    if (is_api(making, "GetSessionToken") || is_api(making, "GetFederationToken"))
        return NP_JOIN_SESSION_TOKEN;
    return NP_JOIN_ASSUMED_ROLE;
}

/* The copy that another account gets of a call does not know its caller as well as the caller's own. */
static bool is_known_better(const struct making *making, uint64_t key)
{
    const struct np_lineage *lineage = making->lineage;
    if (making->act->identity != NP_IDENTITY_ACCOUNT)
        return false;
    const struct np_promise *known =
        np_promises_get(lineage->promises, key, making->act->time, NP_NS_PER_S);
    return known != NULL &&
           np_threads_get(lineage->threads, known->thread)->identity != NP_IDENTITY_ACCOUNT;
}

static void make_key(const struct making *making, np_name value)
{
    const struct np_lineage *lineage = making->lineage;
    uint64_t key = entity_key(making, NP_PROMISE_KEY, value);
    uint64_t credential = np_mix(NP_ACT_KEY, np_names_hash(lineage->names, value));
    if (is_known_better(making, key))
        return;
    promise(making, key, key_join(making), 0);
    np_thread_id at = np_threads_of_credential(lineage->threads, credential);
    for (int i = 0; i < NP_THREADS_SAME_CREDENTIAL_MAX && at != NP_THREAD_NONE; i++) {
        hang_late(making, at, key_join(making));
        at = np_threads_before(lineage->threads, at);
    }
}

static void make_session(const struct making *making, np_name value)
{
    uint64_t key = entity_key(making, NP_PROMISE_SESSION, value);
    if (is_known_better(making, key))
        return;
    if (making->act->identity == NP_IDENTITY_SERVICE) /* which gives them one after the other */
        key = np_lineage_begun_key(key, making->act->time);
    promise(making, key, key_join(making), 0);
}

/* Keeps who passed a role before and still waits for its use, while another passes it. */
static void keep_waiting(const struct making *making, uint64_t role)
{
    struct np_promises *promises = making->lineage->promises;
    const struct np_promise *before =
        np_promises_get(promises, role, making->act->time, NP_LINEAGE_WAITING_NS);
    if (before == NULL || before->used != NP_TIME_NONE || before->thread == making->thread)
        return;
    struct np_promise waiting = *before;
    waiting.key = np_lineage_waiting_key(role);
    np_promises_put(promises, &waiting);
}

/* A role that was handed to a service, now or by whoever made the stack. */
static void pass_role(const struct making *making, uint64_t role)
{
    const struct np_lineage *lineage = making->lineage;
    keep_waiting(making, role);
    promise(making, role, NP_JOIN_PASSED_ROLE, 0);
    if (np_threads_get(lineage->threads, making->thread)->flags & NP_THREAD_FOREIGN)
        promise(making, np_lineage_foreign_key(role), NP_JOIN_PASSED_ROLE, 0);
    uint64_t started = np_mix(NP_PROMISE_STARTED, role) | 1;
    const struct np_promise *begun =
        np_promises_get(lineage->promises, started, making->act->time, NP_NS_PER_S);
    if (begun != NULL)
        hang_late(making, begun->thread, NP_JOIN_PASSED_ROLE);
}

/* What runs with a role, in its service, account and region. */
static uint64_t work_key(const struct making *making, np_name value)
{
    const struct np_names *names = making->lineage->names;
    uint64_t where = np_mix(np_names_hash(names, making->act->texts[NP_ACT_SERVICE]),
                            np_names_hash(names, making->act->texts[NP_ACT_REGION]));
    return np_mix(entity_key(making, NP_PROMISE_WORK_ROLE, value), where) | 1;
}

static const struct np_act_entity *find_entity(const struct making *making,
                                               enum np_entity_kind kind, enum np_entity_role role)
{
    for (size_t i = 0; i < making->act->entity_count; i++)
        if (making->act->entities[i].kind == kind && making->act->entities[i].role == role)
            return &making->act->entities[i];
    return NULL;
}

static bool is_work(const struct np_act_entity *entity)
{
    return entity->role == NP_ENTITY_ON &&
           (entity->kind == NP_ENTITY_STACK || entity->kind == NP_ENTITY_RESOURCE);
}

/* The role of the work that is named: what passes it now is kept, else what was kept is found; 0 where it is not known. */
static uint64_t role_of_work(const struct making *making, uint64_t passed)
{
    const struct np_act *act = making->act;
    uint64_t role = passed;
    for (size_t i = 0; i < act->entity_count; i++) {
        if (!is_work(&act->entities[i]))
            continue;
        uint64_t key = work_key(making, act->entities[i].value);
        const struct np_promise *known =
            np_promises_get(making->lineage->promises, key, act->time, NP_PROMISE_WORK_NS);
        if (passed != 0)
            promise(making, key, NP_JOIN_PASSED_ROLE, passed);
        else if (known != NULL)
            role = known->extra;
    }
    return role;
}

/* Whether the call names what runs: its sessions bear that name, and no others are looked for. */
static bool names_host(const struct making *making)
{
    return find_entity(making, NP_ENTITY_INSTANCE, NP_ENTITY_MADE) != NULL ||
           find_entity(making, NP_ENTITY_BUILD, NP_ENTITY_MADE) != NULL ||
           find_entity(making, NP_ENTITY_FUNCTION, NP_ENTITY_MADE) != NULL ||
           find_entity(making, NP_ENTITY_FUNCTION, NP_ENTITY_ON) != NULL;
}

/* Calls that only write down what is to run, and with which role: another call starts it. */
static bool only_prepares(const struct making *making)
{
    return np_span_is(text_of(making, NP_ACT_SERVICE), "cloudformation") &&
           (is_api(making, "CreateChangeSet") ||
            np_span_is(text_of(making, NP_ACT_API), "CreateStackSet"));
}

/* A service set to work: with a role that is named, with that of what it works on, or with one that is not known. */
static void begin_service(const struct making *making)
{
    const struct np_lineage *lineage = making->lineage;
    const struct np_act_entity *passed = find_entity(making, NP_ENTITY_ROLE, NP_ENTITY_PASSED);
    struct np_span service = text_of(making, NP_ACT_SERVICE);
    uint64_t role = passed != NULL ? entity_key(making, NP_PROMISE_ROLE, passed->value) : 0;
    role = role_of_work(making, role);
    bool named = names_host(making);
    if (only_prepares(making)) {
        if (role != 0)
            promise(making, np_lineage_prepared_key(role), NP_JOIN_PASSED_ROLE, 0);
        return;
    }
    if (role != 0 && !named)
        pass_role(making, role);
    bool of_stack = find_entity(making, NP_ENTITY_STACK, NP_ENTITY_ON) != NULL;
    if (passed == NULL && !named && (role == 0 || of_stack)) /* a stack may have got another role */
        promise(making, np_lineage_service_key(service, text_of(making, NP_ACT_ACCOUNT)),
                NP_JOIN_PASSED_ROLE, 0);
    promise(making, np_lineage_errand_key(lineage->names, making->act, service),
            NP_JOIN_SERVICE_FOR, 0);
}

/* Calls that change what runs under credentials that are there already. */
static bool changes_what_runs(const struct making *making)
{
    return is_api(making, "UpdateFunctionCode") || is_api(making, "UpdateFunctionConfiguration") ||
           is_api(making, "ModifyInstanceAttribute") ||
           is_api(making, "AssociateIamInstanceProfile") ||
           is_api(making, "ReplaceIamInstanceProfile");
}

/* A build is named "PROJECT:ID". */
static uint64_t build_key(const struct making *making, np_name value)
{
    struct np_span text = np_names_text(making->lineage->names, value);
    const char *colon = text.len > 0 ? memrchr(text.ptr, ':', text.len) : NULL;
    if (colon != NULL)
        text = np_span_from(text, (size_t) (colon - text.ptr) + 1);
    return np_promise_key(NP_PROMISE_BUILD, text, text_of(making, NP_ACT_ACCOUNT));
}

/* What runs under a name: that a foreign thread made or changed it is kept apart. */
static void promise_host(const struct making *making, uint64_t key)
{
    promise(making, key, NP_JOIN_INSTANCE, 0);
    if (np_threads_get(making->lineage->threads, making->thread)->flags & NP_THREAD_FOREIGN)
        promise(making, np_lineage_foreign_key(key), NP_JOIN_INSTANCE, 0);
}

static void make_entity(const struct making *making, const struct np_act_entity *entity)
{
    bool made = entity->role == NP_ENTITY_MADE;
    bool changed = entity->role == NP_ENTITY_ON && changes_what_runs(making);
    switch (entity->kind) {
    case NP_ENTITY_ACCESS_KEY:
        if (made)
            make_key(making, entity->value);
        break;
    case NP_ENTITY_SESSION:
        if (made)
            make_session(making, entity->value);
        break;
    case NP_ENTITY_USER:
        if (made)
            promise(making, entity_key(making, NP_PROMISE_USER, entity->value),
                    NP_JOIN_CREATED_USER, 0);
        else if (is_api(making, "CreateLoginProfile") || is_api(making, "UpdateLoginProfile"))
            promise(making, entity_key(making, NP_PROMISE_LOGIN, entity->value),
                    NP_JOIN_LOGIN_PROFILE, 0);
        break;
    case NP_ENTITY_ACCOUNT:
        promise(making, entity_key(making, NP_PROMISE_GUEST, entity->value), NP_JOIN_SHARED_WITH,
                0);
        break;
    case NP_ENTITY_INSTANCE:
        if (made || changed)
            promise(making, entity_key(making, NP_PROMISE_INSTANCE, entity->value),
                    NP_JOIN_INSTANCE, 0);
        break;
    case NP_ENTITY_BUILD:
        promise(making, build_key(making, entity->value), NP_JOIN_INSTANCE, 0);
        break;
    case NP_ENTITY_FUNCTION:
        if (made || changed)
            promise_host(making, entity_key(making, NP_PROMISE_FUNCTION, entity->value));
        break;
    default:
        break;
    }
}

/* A service that took a role, before it is known who passed it: it may be in the same second. */
static void begin_role(const struct making *making)
{
    const struct np_act_entity *role = find_entity(making, NP_ENTITY_ROLE, NP_ENTITY_ON);
    struct np_span service = np_lineage_bare_service(text_of(making, NP_ACT_INVOKED_BY));
    if (role != NULL && !np_lineage_names_its_hosts(service))
        promise(making,
                np_mix(NP_PROMISE_STARTED, entity_key(making, NP_PROMISE_ROLE, role->value)) | 1,
                NP_JOIN_PASSED_ROLE, 0);
}

/* Copies of one call in several accounts are one act: the copy that knows less of its caller hangs on the other. */
static void share(const struct making *making)
{
    const struct np_lineage *lineage = making->lineage;
    const struct np_act *act = making->act;
    uint64_t key = np_lineage_shared_key(lineage->names, act);
    const struct np_promise *other =
        np_promises_get(lineage->promises, key, act->time, NP_PROMISE_SHARED_NS);
    if (other == NULL) {
        promise(making, key, NP_JOIN_SHARED_EVENT, 0);
        return;
    }
    struct np_edge edge = {.from = other->thread,
                           .to = making->thread,
                           .join = NP_JOIN_SHARED_EVENT,
                           .event_id = act->texts[NP_ACT_EVENT_ID],
                           .time = act->time};
    if (np_threads_get(lineage->threads, other->thread)->identity == NP_IDENTITY_ACCOUNT) {
        edge.from = making->thread;
        edge.to = other->thread;
    }
    hang(making, &edge);
}

/* Most acts neither give nor begin anything. */
static bool is_plain(const struct np_act *act)
{
    return (act->flags & (NP_ACT_READS | NP_ACT_CONSOLE)) == NP_ACT_READS &&
           act->entity_count == 0 && act->texts[NP_ACT_SHARED_ID] == NP_NAME_NONE;
}

/* Whether a service calls itself, as for the stacks of a stack set: with the role that it has already. */
static bool calls_itself(const struct making *making)
{
    struct np_span caller = np_lineage_bare_service(text_of(making, NP_ACT_INVOKED_BY));
    return caller.len > 0 && np_span_eq(caller, text_of(making, NP_ACT_SERVICE));
}

/* Whether a thread may set services to work: what a service does by itself is nobody's errand. */
static bool may_begin(const struct making *making, const struct np_thread *by)
{
    const struct np_act *act = making->act;
    return (act->flags & (NP_ACT_READS | NP_ACT_DATA)) == 0 &&
           act->identity != NP_IDENTITY_SERVICE &&
           ((by->flags & NP_THREAD_INSIDE) == 0 || by->parent != NP_THREAD_NONE) &&
           !calls_itself(making);
}

void np_lineage_make(const struct np_lineage *lineage, const struct np_act *act,
                     np_thread_id thread)
{
    struct making making = {.lineage = lineage, .act = act, .thread = thread};
    const struct np_thread *by = np_threads_get(lineage->threads, thread);
    if (is_plain(act))
        return;
    if (act->texts[NP_ACT_SHARED_ID] != NP_NAME_NONE && act->identity != NP_IDENTITY_SERVICE)
        share(&making);
    if ((act->flags & NP_ACT_FAILED) != 0)
        return;
    for (size_t i = 0; i < act->entity_count; i++)
        make_entity(&making, &act->entities[i]);
    if (act->identity == NP_IDENTITY_SERVICE && by->parent == NP_THREAD_NONE)
        begin_role(&making);
    if (may_begin(&making, by))
        begin_service(&making);
    if (np_lineage_signs_in(lineage->names, act))
        promise(&making, np_lineage_sign_in_key(lineage->names, act, by->place_hash),
                NP_JOIN_SIGNED_IN, 0);
}
