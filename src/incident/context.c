/* SPDX-License-Identifier: Apache-2.0 */
/* Where a caller stands: see context.h. Only from what the thread and the root of its actor are. */
#include "incident/context.h"

/* A federated sign-in, or a session of one that is an actor of its own, since that gave so many. */
static bool is_federated(const struct np_thread_info *thread)
{
    return thread->identity == NP_IDENTITY_WEB || thread->federated;
}

/* With a second factor, in the console. */
static bool is_signed_in(const struct np_act *act)
{
    return (act->flags & NP_ACT_CONSOLE) != 0 && (act->flags & NP_ACT_MFA) != 0;
}

static bool is_long_lived(const struct np_names *names, const struct np_thread_info *thread)
{
    return thread->identity == NP_IDENTITY_ROOT ||
           np_span_starts(np_names_text(names, thread->key), NP_SPAN("AKIA"));
}

static bool is_instance(const struct np_names *names, const struct np_thread_info *thread)
{
    return thread->identity == NP_IDENTITY_SESSION &&
           np_span_starts(np_names_text(names, thread->session), NP_SPAN("i-"));
}

/* From a network of ours, or from within AWS: through an endpoint that nothing speaks against, or by a service. */
static bool is_inside(const struct np_names *names, const struct np_thread_info *thread)
{
    struct np_span place = np_names_text(names, thread->place);
    return !thread->foreign &&
           (np_span_starts(place, NP_SPAN("vpce-")) || np_span_starts(place, NP_SPAN("10.")) ||
            np_span_ends(place, NP_SPAN(".amazonaws.com")) || np_span_is(place, "AWS Internal"));
}

/* A machine that calls through its endpoints also goes out by a NAT gateway, for what has no endpoint. */
static bool is_by_nat(const struct np_names *names, const struct np_thread_info *thread,
                      const struct np_thread_info *root)
{
    return is_instance(names, thread) && thread->key == root->key && is_inside(names, root);
}

static bool can_be_carried_away(const struct np_names *names, const struct np_thread_info *thread)
{
    if (thread->usual)
        return false;
    return is_long_lived(names, thread) ||
           (is_instance(names, thread) && !is_inside(names, thread));
}

static enum np_stance stance_of(const struct np_names *names, const struct np_act *act,
                                const struct np_insight *insight,
                                const struct np_thread_info *thread,
                                const struct np_thread_info *root)
{
    bool portable = can_be_carried_away(names, thread) || can_be_carried_away(names, root);
    if (insight->endpoint == NP_ENDPOINT_FOREIGN || insight->instance_elsewhere)
        return NP_STANCE_STRANGE;
    if (is_federated(root))
        return NP_STANCE_TRUSTED;
    if (root->sso || is_signed_in(act))
        return insight->foreign ? NP_STANCE_PLAIN : NP_STANCE_TRUSTED;
    if (is_instance(names, thread) && insight->place_is_private)
        return NP_STANCE_PLAIN;
    if (is_by_nat(names, thread, root))
        return NP_STANCE_PLAIN;
    if (portable)
        return insight->foreign ? NP_STANCE_STRANGE : NP_STANCE_EXPOSED;
    return NP_STANCE_PLAIN;
}

struct np_context np_context_of(const struct np_actors *actors, const struct np_names *names,
                                const struct np_act *act, const struct np_insight *insight)
{
    struct np_thread_info thread = np_actors_thread(actors, insight->thread);
    struct np_thread_info root = np_actors_thread(actors, insight->actor);
    return (struct np_context){
        .stance = stance_of(names, act, insight, &thread, &root),
        .usual = thread.usual,
        .new_call = (insight->is_new & (NP_NEW_API | NP_NEW_PRINCIPAL | NP_NEW_PLACE)) != 0 ||
                    insight->foreign,
        .is_service = (act->identity == NP_IDENTITY_SERVICE && thread.from == NP_THREAD_NONE) ||
                      thread.service_linked,
    };
}

bool np_is_vouched_for(const struct np_actors *actors, np_thread_id thread)
{
    struct np_thread_info root = np_actors_thread(actors, np_actors_root(actors, thread));
    return is_federated(&root) || root.sso;
}
