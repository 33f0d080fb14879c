/* SPDX-License-Identifier: Apache-2.0 */
/* See strands.h. Places of strands and stories that left are used again. */
#include "incident/strands.h"

#include "incident/deed.h"
#include "incident/explain.h"
#include "incident/marks.h"
#include "incident/select.h"
#include "incident/tell.h"

/* A strand mostly has a story of its own, and each vector of the two has room for eight at least. */
enum {
    STRANDS_MAX = 4 * 1024 * 1024,
    STRAND_BYTES = sizeof(struct np_strand) + sizeof(struct np_story) +
                   8 * (sizeof(struct np_deed) + sizeof(struct np_mark) + 32)
};

/* A service's thread, which works for others too: each caller has a strand of his own of it. */
static bool is_guest(const struct np_stories *stories, const struct np_insight *insight)
{
    return np_actors_root(stories->params.actors, insight->thread) != insight->actor;
}

static uint64_t strand_key(const struct np_stories *stories, const struct np_insight *insight)
{
    uint64_t caller = is_guest(stories, insight) ? (uint64_t) insight->actor + 1 : 0;
    return np_thread_key(insight->thread) | caller;
}

static uint64_t actor_key(np_thread_id actor)
{
    return (uint64_t) actor + 1;
}

uint32_t np_strand_find(const struct np_stories *stories, const struct np_insight *insight)
{
    return np_table_get(&stories->by_thread, strand_key(stories, insight));
}

/* ---- the order of use */

static void unlink_story(struct np_stories *stories, uint32_t index)
{
    struct np_story *story = &stories->stories.items[index];
    if (story->newer != NP_INDEX_NONE)
        stories->stories.items[story->newer].older = story->older;
    else
        stories->newest = story->older;
    if (story->older != NP_INDEX_NONE)
        stories->stories.items[story->older].newer = story->newer;
    else
        stories->oldest = story->newer;
}

static void link_newest(struct np_stories *stories, uint32_t index)
{
    struct np_story *story = &stories->stories.items[index];
    story->newer = NP_INDEX_NONE;
    story->older = stories->newest;
    if (stories->newest != NP_INDEX_NONE)
        stories->stories.items[stories->newest].newer = index;
    else
        stories->oldest = index;
    stories->newest = index;
}

void np_story_touch(struct np_stories *stories, uint32_t index)
{
    if (stories->newest == index)
        return;
    unlink_story(stories, index);
    link_newest(stories, index);
}

/* ---- stories */

/* Makes the story that of one more actor. */
static int add_actor(struct np_stories *stories, uint32_t index, np_thread_id actor)
{
    struct np_story *story = &stories->stories.items[index];
    if (np_table_get(&stories->by_actor, actor_key(actor)) == index)
        return 0;
    int r = np_vec_push(&story->actors, actor, STRANDS_MAX);
    if (r < 0)
        return -ENOMEM;
    np_actors_hold(stories->params.actors, actor);
    return np_table_put(&stories->by_actor, actor_key(actor), index);
}

/* A place for a story; there is memory to give it back without any. */
static int story_place(struct np_stories *stories, uint32_t *out_index)
{
    if (stories->free_stories.len > 0) {
        *out_index = stories->free_stories.items[--stories->free_stories.len];
        return 0;
    }
    int r = np_vec_reserve(&stories->free_stories, stories->stories.len + 1, STRANDS_MAX);
    if (r == 0)
        r = np_vec_push(&stories->stories, (struct np_story){}, STRANDS_MAX);
    *out_index = (uint32_t) stories->stories.len - 1;
    return r < 0 ? -ENOMEM : 0;
}

static int new_story(struct np_stories *stories, np_thread_id actor, uint32_t *out_index)
{
    int r = story_place(stories, out_index);
    if (r < 0)
        return r;
    stories->stories.items[*out_index] =
        (struct np_story){.used = true, .first = INT64_MAX, .last = INT64_MIN};
    link_newest(stories, *out_index);
    r = add_actor(stories, *out_index, actor);
    if (r < 0)
        np_story_drop(stories, *out_index);
    return r;
}

static int story_of(struct np_stories *stories, np_thread_id actor, uint32_t *out_index)
{
    *out_index = np_table_get(&stories->by_actor, actor_key(actor));
    return *out_index != NP_TABLE_NONE ? 0 : new_story(stories, actor, out_index);
}

static void free_story(struct np_stories *stories, uint32_t index)
{
    struct np_story *story = &stories->stories.items[index];
    for (size_t i = 0; i < story->actors.len; i++) {
        uint64_t key = actor_key(story->actors.items[i]);
        if (np_table_get(&stories->by_actor, key) == index)
            np_table_remove(&stories->by_actor, key);
        np_actors_release(stories->params.actors, story->actors.items[i]);
    }
    np_vec_done(&story->actors);
    unlink_story(stories, index);
    np_vec_done(&story->strands);
    np_vec_done(&story->marks);
    np_names_release(stories->params.names, story->opened_by);
    *story = (struct np_story){};
    stories->free_stories.items[stories->free_stories.len++] = index; /* reserved */
}

static void drop_strand(struct np_stories *stories, uint32_t index)
{
    struct np_strand *strand = &stories->strands.items[index];
    for (size_t i = 0; i < strand->deeds.len; i++) {
        stories->bytes -= np_deed_bytes(&strand->deeds.items[i]);
        np_deed_release(&strand->deeds.items[i], stories->params.names);
    }
    np_vec_done(&strand->deeds);
    np_vec_done(&strand->calls);
    np_table_remove(&stories->by_thread, strand->key);
    uint8_t *present = np_present(stories, strand->thread);
    if (*present < UINT8_MAX) /* what once was too many to count stays so */
        (*present)--;
    np_names_release(stories->params.names, strand->join_event);
    if (strand->maker != NP_THREAD_NONE)
        np_actors_release(stories->params.actors, strand->maker);
    np_actors_release(stories->params.actors, strand->thread);
    stories->bytes -= STRAND_BYTES;
    *strand = (struct np_strand){};
    stories->free_strands.items[stories->free_strands.len++] = index; /* reserved */
}

void np_story_drop(struct np_stories *stories, uint32_t index)
{
    struct np_story *story = &stories->stories.items[index];
    np_fate_leave(stories, story);
    for (size_t i = 0; i < story->strands.len; i++)
        drop_strand(stories, story->strands.items[i]);
    free_story(stories, index);
}

/* Moves all of `from` into `into`. */
static int merge(struct np_stories *stories, uint32_t into, uint32_t from)
{
    struct np_story *to = &stories->stories.items[into];
    struct np_story *other = &stories->stories.items[from];
    size_t count = to->strands.len + other->strands.len;
    int r = np_vec_reserve(&to->strands, count, STRANDS_MAX);
    if (r < 0)
        return -ENOMEM;
    for (size_t i = 0; i < other->strands.len; i++) {
        to->strands.items[to->strands.len++] = other->strands.items[i];
        stories->strands.items[other->strands.items[i]].story = into;
    }
    for (size_t i = 0; i < other->actors.len; i++) {
        r = add_actor(stories, into, other->actors.items[i]);
        if (r < 0)
            return r;
    }
    np_story_mark_all(to, other);
    to->deeds += other->deeds;
    to->first = NP_MIN(to->first, other->first);
    to->last = NP_MAX(to->last, other->last);
    free_story(stories, from);
    return 0;
}

/* Of two stories the one that stays: the incident, the one opened first, the older. */
static bool stays(const struct np_story *a, const struct np_story *b)
{
    if (a->open != b->open)
        return a->open;
    if (a->open && a->opened_at != b->opened_at)
        return a->opened_at < b->opened_at;
    return a->first <= b->first;
}

/* Makes one of two stories; the one of them that stays is written. */
static int unite(struct np_stories *stories, uint32_t *story, uint32_t other, struct np_err *err)
{
    if (other == NP_TABLE_NONE || *story == other)
        return 0;
    bool keeps = stays(&stories->stories.items[*story], &stories->stories.items[other]);
    uint32_t into = keeps ? *story : other;
    uint32_t from = keeps ? other : *story;
    int r = 0;
    stories->stories.items[from].merged_into = stories->stories.items[into].id;
    if (stories->stories.items[from].open)
        r = np_story_tell(stories, from, NP_INCIDENT_CLOSED, err);
    if (r == 0)
        r = merge(stories, into, from);
    if (r == 0)
        *story = into;
    return r;
}

/* ---- strands */

static uint32_t strand_of_thread(const struct np_stories *stories, np_thread_id thread)
{
    return np_table_get(&stories->by_thread, np_thread_key(thread));
}

/*
 * The story that made the thread of this strand: where it is the same actor's, or where its maker is hot, even if that
 * is the owner's own place; and that of a machine whose credential was taken: the thief may have tried it there.
 */
static uint32_t story_of_maker(const struct np_stories *stories, const struct np_insight *insight)
{
    if (insight->join == NP_JOIN_NONE || insight->joined == NP_THREAD_NONE)
        return NP_TABLE_NONE;
    uint32_t index = strand_of_thread(stories, insight->joined);
    if (index == NP_TABLE_NONE)
        return NP_TABLE_NONE;
    const struct np_strand *maker = &stories->strands.items[index];
    bool same = np_actors_root(stories->params.actors, insight->joined) == insight->actor;
    bool taken = insight->join == NP_JOIN_SAME_KEY && insight->instance_elsewhere;
    return same || taken || np_strand_is_hot(maker) ? maker->story : NP_TABLE_NONE;
}

int np_strand_join(struct np_stories *stories, uint32_t strand, const struct np_insight *insight,
                   struct np_err *err)
{
    uint32_t story = stories->strands.items[strand].story;
    int r =
        unite(stories, &story, np_table_get(&stories->by_actor, actor_key(insight->actor)), err);
    if (r == 0)
        r = unite(stories, &story, story_of_maker(stories, insight), err);
    return r < 0 ? r : add_actor(stories, story, insight->actor);
}

/* The place of a strand; its memory is there, so that it can be freed without any. */
static int strand_place(struct np_stories *stories, uint32_t *out_index)
{
    if (stories->free_strands.len > 0) {
        *out_index = stories->free_strands.items[stories->free_strands.len - 1];
        return 0;
    }
    int r = np_vec_reserve(&stories->free_strands, stories->strands.len + 1, STRANDS_MAX);
    if (r == 0)
        r = np_vec_push(&stories->strands, (struct np_strand){}, STRANDS_MAX);
    if (r < 0)
        return -ENOMEM;
    *out_index = (uint32_t) (stories->strands.len - 1);
    stories->free_strands.items[stories->free_strands.len++] = *out_index;
    return 0;
}

/*
 * Whether a service handed the credential to what it runs. CloudFormation does not, it works with it itself.
 */
static bool is_delivered(const struct np_stories *stories, const struct np_act *act,
                         const struct np_insight *insight)
{
    struct np_span service = NP_SPAN("cloudformation.amazonaws.com");
    struct np_span address = np_names_text(stories->params.names, act->texts[NP_ACT_ADDRESS]);
    if (act->identity != NP_IDENTITY_SESSION || np_span_eq(address, service))
        return false;
    if (insight->join == NP_JOIN_INSTANCE || insight->join == NP_JOIN_PASSED_ROLE)
        return true;
    return insight->join == NP_JOIN_ASSUMED_ROLE &&
           np_actors_thread(stories->params.actors, insight->joined).identity ==
               NP_IDENTITY_SERVICE;
}

int np_strand_get(struct np_stories *stories, const struct np_act *act,
                  const struct np_insight *insight, uint32_t *out_strand)
{
    uint32_t index = np_strand_find(stories, insight);
    uint32_t story = NP_INDEX_NONE;
    *out_strand = index;
    if (index != NP_TABLE_NONE)
        return 0;
    int r = story_of(stories, insight->actor, &story);
    if (r == 0)
        r = strand_place(stories, &index);
    if (r == 0)
        r = np_vec_push(&stories->stories.items[story].strands, index, STRANDS_MAX);
    if (r < 0)
        return -ENOMEM;
    struct np_strand *strand = &stories->strands.items[index];
    *strand = (struct np_strand){
        .key = strand_key(stories, insight),
        .thread = insight->thread,
        .maker = insight->join != NP_JOIN_NONE ? insight->joined : NP_THREAD_NONE,
        .join = insight->join,
        .story = story,
        .guest = is_guest(stories, insight),
        .delivered = is_delivered(stories, act, insight),
        .first = act->time,
        .last = act->time,
    };
    r = np_table_put(&stories->by_thread, strand->key, index);
    if (r < 0) {
        stories->stories.items[story].strands.len--;
        return r;
    }
    stories->free_strands.len--;
    uint8_t *present = np_present(stories, insight->thread);
    if (*present < UINT8_MAX)
        (*present)++;
    strand->join_event = insight->join != NP_JOIN_NONE
                             ? np_names_hold(stories->params.names, act->texts[NP_ACT_EVENT_ID])
                             : NP_NAME_NONE;
    if (strand->maker != NP_THREAD_NONE)
        np_actors_hold(stories->params.actors, strand->maker);
    np_actors_hold(stories->params.actors, insight->thread);
    stories->bytes += STRAND_BYTES;
    *out_strand = index;
    return 0;
}
