/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of credentials: the root first, each with why it belongs to which. See telling.h. */
#include "incident/telling.h"

static const char *kind_of(const struct np_telling *telling, const struct np_strand *strand,
                           const struct np_thread_info *thread)
{
    struct np_span key = np_telling_text(telling, thread->key);
    if (strand->guest)
        return "service role";
    if (strand->join == NP_JOIN_SIGNED_IN)
        return "console session";
    switch (thread->identity) {
    case NP_IDENTITY_ROOT:
        return "root user";
    case NP_IDENTITY_USER:
        return np_span_starts(key, NP_SPAN("ASIA")) ? "session token" : "access key";
    case NP_IDENTITY_SESSION:
        return "role session";
    case NP_IDENTITY_FEDERATED:
        return "federated user";
    case NP_IDENTITY_SERVICE:
        return "service";
    case NP_IDENTITY_ACCOUNT:
        return "another account";
    case NP_IDENTITY_WEB:
        return "web identity";
    case NP_IDENTITY_UNKNOWN:
    case NP_IDENTITY_MAX:
        break;
    }
    return "credential";
}

/* The link of a strand; links.len where it has none yet. */
static size_t link_of(const struct np_telling *telling, uint32_t strand)
{
    size_t i = 0;
    while (i < telling->link_count && telling->links[i] != strand)
        i++;
    return i;
}

/* Gives each deed its link; links stand in the order of their first deed. */
static int number_links(struct np_telling *telling)
{
    size_t strands = telling->story->strands.len;
    telling->links = np_arena_alloc(telling->arena, strands * sizeof(telling->links[0]));
    if (telling->links == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < telling->deed_count; i++) {
        struct np_telling_deed *deed = &telling->deeds[i];
        size_t link = link_of(telling, deed->strand);
        if (link == telling->link_count)
            telling->links[telling->link_count++] = deed->strand;
        deed->link = (uint32_t) link;
    }
    return 0;
}

/* The link of the thread that made it; the root where that is not part of the story. */
static size_t maker_of(const struct np_telling *telling, const struct np_strand *strand)
{
    for (size_t i = 0; i < telling->link_count; i++) {
        if (telling->stories->strands.items[telling->links[i]].thread == strand->maker)
            return i;
    }
    return 0;
}

static void fill_link(const struct np_telling *telling, struct np_incident_link *link,
                      uint32_t index, bool root)
{
    const struct np_strand *strand = &telling->stories->strands.items[index];
    struct np_thread_info thread =
        np_actors_thread(telling->stories->params.actors, strand->thread);
    bool joined = !root && strand->join != NP_JOIN_NONE;
    *link = (struct np_incident_link){
        .kind = kind_of(telling, strand, &thread),
        .value = np_telling_text(telling, thread.principal),
        .key = np_telling_text(telling, thread.key),
        .account = np_telling_text(telling, thread.owner),
        .place = np_telling_text(telling, thread.place),
        .reason = root ? NULL : np_join_name(joined ? strand->join : NP_JOIN_SAME_KEY),
        .from = root ? 0 : maker_of(telling, strand),
        .event_id = np_telling_text(telling, joined ? strand->join_event : NP_NAME_NONE),
        .first = strand->first,
        .last = strand->last,
    };
}

int np_tell_chain(struct np_telling *telling)
{
    int r = number_links(telling);
    if (r < 0)
        return r;
    struct np_incident_link *chain =
        np_arena_alloc(telling->arena, telling->link_count * sizeof(chain[0]));
    if (chain == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < telling->link_count; i++)
        fill_link(telling, &chain[i], telling->links[i], i == 0);
    telling->incident->chain = chain;
    telling->incident->chain_count = telling->link_count;
    return 0;
}
