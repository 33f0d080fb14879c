/* SPDX-License-Identifier: Apache-2.0 */
/* See select.h. */
#include "incident/select.h"

#include "incident/deed.h"

/* What lies so near is one piece of work. */
#define NEAR_NS NP_NS_PER_S

/* What lies so near the attacker's work may be his: at least so much, and more where he took his time. */
#define MARGIN_NS (10 * NP_NS_PER_MIN)
enum { MARGIN_SHARE = 4, FIRST_LOOK_SHARE = 2 };

/* Services that call on behalf of each other, at most, before one is taken for the attacker's. */
enum { SERVICE_HOPS_MAX = 8 };

enum {
    HOT = 8,
    WARM_TELLING = 1,
    WARM_SENSITIVE = 4,
    WARM_REFUSED = 1,
    WARM_FINDING = 3,
    WARM_GRAVE = 5
};

void np_strand_warm(struct np_strand *strand, const struct np_deed *deed)
{
    if (deed->weight == NP_WEIGHT_TELLING)
        strand->heat += WARM_TELLING;
    if (deed->weight == NP_WEIGHT_SENSITIVE)
        strand->heat += WARM_SENSITIVE;
    if ((deed->flags & NP_ACT_REFUSED) != 0)
        strand->heat += WARM_REFUSED;
    if (deed->level >= NP_LEVEL_MEDIUM)
        strand->heat += deed->level >= NP_LEVEL_HIGH ? WARM_GRAVE : WARM_FINDING;
}

static bool is_out_of_place(const struct np_strand *strand)
{
    return strand->foreign_endpoint || strand->instance_elsewhere;
}

/* What a service does for somebody, and the other account's copy of a call, is his whose call it was. */
static bool stands_for_another(const struct np_strand *strand)
{
    return strand->guest || strand->join == NP_JOIN_SERVICE_FOR ||
           strand->join == NP_JOIN_SHARED_EVENT;
}

bool np_strand_is_hot(const struct np_strand *strand)
{
    if (strand->stance == NP_STANCE_TRUSTED || stands_for_another(strand))
        return false;
    return strand->heat >= HOT || is_out_of_place(strand);
}

struct np_core np_story_core(const struct np_stories *stories, const struct np_story *story)
{
    struct np_core core = {.stories = stories, .from = INT64_MAX, .until = INT64_MIN};
    for (size_t i = 0; i < story->strands.len; i++) {
        const struct np_strand *strand = &stories->strands.items[story->strands.items[i]];
        if (!np_strand_is_hot(strand))
            continue;
        core.from = NP_MIN(core.from, strand->first);
        core.until = NP_MAX(core.until, strand->last);
        for (size_t k = 0; k < strand->calls.len && core.call_count < NP_CORE_CALLS_MAX; k++)
            core.calls[core.call_count++] = strand->calls.items[k];
    }
    if (core.from > core.until) {
        core.from = story->first;
        core.until = story->last;
    }
    core.begin = core.from;
    core.first_look = core.begin - NP_MAX(MARGIN_NS, (core.until - core.from) / FIRST_LOOK_SHARE);
    np_time_ns margin = NP_MAX(MARGIN_NS, (core.until - core.from) / MARGIN_SHARE);
    core.from -= margin;
    core.until += margin;
    return core;
}

/* Whether another thread of the story made this one's credential, and not only shares it. */
static bool was_made(const struct np_strand *strand)
{
    return strand->join != NP_JOIN_NONE && strand->join != NP_JOIN_SAME_KEY;
}

/* Whether at least half of what it calls explores, takes, or changes rights and guards. */
static bool explores(const struct np_strand *strand)
{
    return 2 * (size_t) strand->special_count >= strand->calls.len;
}

/* Whether the strand made a call that a strand of the core made too. */
static bool calls_alike(const struct np_strand *strand, const struct np_core *core)
{
    for (size_t i = 0; i < strand->calls.len; i++) {
        for (size_t k = 0; k < core->call_count; k++) {
            if (strand->calls.items[i] == core->calls[k])
                return true;
        }
    }
    return false;
}

/* Whether it worked before the attack and goes on with what its principal always did: nobody had yet learned that it is its owner. */
static bool goes_on_as_always(const struct np_strand *strand, const struct np_core *core)
{
    return strand->habitual && strand->last > core->begin && !np_strand_is_hot(strand);
}

/*
 * The same credential from an address of which nobody knew: the attacker may change addresses. Where nothing is known of
 * the owner's places, only while the attacker was at work.
 */
static bool is_of_core(const struct np_strand *strand, const struct np_core *core)
{
    if (!strand->new_for_all)
        return false;
    if (strand->first < core->from)
        return strand->stance == NP_STANCE_STRANGE && explores(strand) &&
               !goes_on_as_always(strand, core);
    if (strand->stance == NP_STANCE_STRANGE)
        return explores(strand) || calls_alike(strand, core);
    return strand->first <= core->until &&
           (strand->last <= core->until || calls_alike(strand, core));
}

/* A machine's or function's credential that does what it is there for, and little else. */
static bool does_its_own_work(const struct np_strand *strand)
{
    return strand->delivered && strand->habitual && strand->heat < HOT;
}

static bool is_whole_itself(const struct np_strand *strand, const struct np_core *core)
{
    if (is_out_of_place(strand))
        return true;
    if (strand->stance == NP_STANCE_TRUSTED || does_its_own_work(strand))
        return false;
    if (was_made(strand) || is_of_core(strand, core))
        return explores(strand) || (strand->stance == NP_STANCE_STRANGE && !strand->delivered);
    return explores(strand) && strand->heat >= HOT;
}

bool np_strand_is_whole(const struct np_strand *strand, const struct np_core *core)
{
    const struct np_stories *stories = core->stories;
    for (size_t hops = 0; hops < SERVICE_HOPS_MAX; hops++) {
        if (!stands_for_another(strand))
            return is_whole_itself(strand, core);
        uint32_t maker = np_table_get(&stories->by_thread, np_thread_key(strand->maker));
        if (strand->maker == NP_THREAD_NONE || maker == NP_TABLE_NONE)
            return true;
        strand = &stories->strands.items[maker];
    }
    return true;
}

static bool is_near(const struct np_deed *a, const struct np_deed *b)
{
    np_time_ns distance = a->time > b->time ? a->time - b->time : b->time - a->time;
    return distance <= NEAR_NS;
}

/* Whether at least a quarter of the calls around it are ordinary. */
static bool is_in_ordinary_work(const struct np_strand *strand, size_t index)
{
    const struct np_deed *deeds = strand->deeds.items;
    size_t ordinary = 0;
    size_t all = 0;
    size_t from = index;
    while (from > 0 && is_near(&deeds[from - 1], &deeds[index]))
        from--;
    for (size_t i = from; i < strand->deeds.len && is_near(&deeds[i], &deeds[index]); i++) {
        ordinary += !np_deed_is_special(&deeds[i]);
        all++;
    }
    return 4 * ordinary >= all;
}

/* Who takes a machine's credential tries it there, before he carries it away. */
static bool is_first_look(const struct np_strand *strand, size_t index, const struct np_core *core)
{
    const struct np_deed *deed = &strand->deeds.items[index];
    enum np_identity identity =
        np_actors_thread(core->stories->params.actors, strand->thread).identity;
    return identity == NP_IDENTITY_SESSION && strand->stance != NP_STANCE_TRUSTED &&
           deed->new_call && deed->time >= core->first_look && deed->time < core->begin &&
           !is_in_ordinary_work(strand, index);
}

bool np_deed_belongs(const struct np_strand *strand, size_t index, const struct np_core *core)
{
    const struct np_deed *deed = &strand->deeds.items[index];
    if (strand->guest && (deed->time < core->from || deed->time > core->until))
        return false;
    if (np_strand_is_whole(strand, core))
        return true;
    if (!np_deed_is_special(deed))
        return deed->level >= NP_LEVEL_HIGH;
    if (strand->heat < HOT)
        return deed->level >= NP_LEVEL_HIGH || is_first_look(strand, index, core);
    if (deed->level >= NP_LEVEL_MEDIUM || (deed->flags & NP_ACT_REFUSED) != 0)
        return true;
    return (strand->delivered ? deed->new_api : deed->new_call) &&
           !is_in_ordinary_work(strand, index);
}
