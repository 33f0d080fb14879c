/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How unusual it is that this caller calls from here: what tells an attacker's calls from the same calls of a pipeline or
 * a colleague. Shared by behaviours and stories.
 */
#pragma once

#include "actor/actor.h"

/* From the most trusted origin to the strangest place. */
enum np_stance {
    NP_STANCE_TRUSTED, /* by a federated sign-in (OIDC, SAML, SSO), the console with a second factor, a service */
    NP_STANCE_PLAIN,   /* nothing speaks for or against it */
    NP_STANCE_EXPOSED, /* a credential that can be carried away, where it is not known to belong */
    NP_STANCE_STRANGE, /* a place that is new to its owner and everybody, a foreign endpoint, another machine */
    NP_STANCE_MAX
};

struct np_context {
    enum np_stance stance;
    bool usual;      /* the place is usual for the principal */
    bool new_call;   /* the principal was not seen to call this, or is itself new */
    bool is_service; /* a service calls by itself, for nobody that is known */
};

/*
 * The same for a caller who once was out of place: `before` is how far. Who takes his time does not become usual.
 */
static inline struct np_context np_context_after(struct np_context context, enum np_stance before)
{
    if (before < NP_STANCE_EXPOSED || context.stance != NP_STANCE_PLAIN)
        return context;
    context.stance = before;
    context.usual = false;
    context.new_call = true;
    return context;
}

struct np_context np_context_of(const struct np_actors *actors, const struct np_names *names,
                                const struct np_act *act, const struct np_insight *insight);

/* Whether the root of a thread's actor came by a federated sign-in. */
bool np_is_vouched_for(const struct np_actors *actors, np_thread_id thread);
