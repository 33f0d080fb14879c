/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside stories: what is kept of acts, and how they hang together. Private to src/incident.
 *
 * A *deed* is an act that is kept. A *strand* is the deeds of one thread for one actor (a service's thread works for
 * many). A *story* is the strands of one actor, with the *marks* that make up its score.
 */
#pragma once

#include "base/arena.h"
#include "base/vec.h"
#include "incident/context.h"
#include "incident/stories.h"
#include "incident/table.h"

enum {
    NP_DEED_SIGNALS_MAX = 16,
    NP_STRAND_DEEDS_MAX = 100 * 1000,
    NP_STRAND_WAITING_MAX = 512, /* deeds of a strand that is not yet part of an incident */
    NP_STRAND_CALLS_MAX = 64,    /* distinct calls that are told apart */
    NP_STORY_MARKS_MAX = 128,
    NP_PRESENT_PLACES = 64 * 1024, /* a power of two */
};

#define NP_INDEX_NONE UINT32_MAX

/* What a deed has beside the ordinary. */
struct np_deed_more {
    size_t signal_count;
    size_t entity_count;
    struct np_signal signals[NP_DEED_SIGNALS_MAX];
    struct np_act_entity entities[NP_ACT_ENTITIES_MAX];
};

struct np_deed {
    np_time_ns time;
    np_time_ns arrival;
    np_name event_id;
    np_name service;
    np_name api;
    np_name resource;
    np_name region;
    np_name account;
    np_name error;
    uint8_t tactic;            /* enum np_tactic */
    uint8_t weight;            /* enum np_weight */
    uint8_t level;             /* of its strongest signal */
    uint8_t guessed;           /* the tactic */
    uint16_t flags;            /* enum np_act_flag */
    bool new_call;             /* see struct np_context */
    bool new_api;              /* to its principal, wherever it is called from */
    struct np_deed_more *more; /* NULL = nothing */
};

struct np_strand {
    uint64_t key; /* of thread and actor */
    np_thread_id thread;
    np_thread_id maker; /* NP_THREAD_NONE = none */
    enum np_join join;
    np_name join_event;
    uint32_t story;
    enum np_stance stance;
    bool usual;
    bool guest;       /* of a service: its thread works for others too */
    bool new_for_all; /* nobody of ours came from there before */
    bool foreign_endpoint;
    bool instance_elsewhere;
    bool
        delivered; /* a machine, function or job got the credential, which also does the work that it is there for */
    bool habitual; /* it also does what its principal always did */
    np_time_ns first;
    np_time_ns last;
    NP_VEC(struct np_deed) deeds;
    NP_VEC(uint64_t) calls; /* hashes of distinct calls */
    uint32_t special_count; /* of them telling or sensitive, or refused */
    uint32_t heat;          /* what they say together: see np_strand_is_hot() */
};

/* What a mark is for; each kind adds so many points at most. */
enum np_mark_kind {
    NP_MARK_PLACE,
    NP_MARK_RULE,
    NP_MARK_BEHAVIOUR,
    NP_MARK_DISCOVERY,
    NP_MARK_SENSITIVE,
    NP_MARK_REFUSED,
    NP_MARK_TACTIC,
    NP_MARK_KIND_MAX
};

struct np_mark {
    uint64_t what; /* a hash */
    np_time_ns last;
    float points;
    uint8_t kind;
};

struct np_story {
    bool used;
    uint32_t newer; /* in the order of last use */
    uint32_t older;
    NP_VEC(np_thread_id) actors; /* the root first */
    NP_VEC(uint32_t) strands;
    NP_VEC(struct np_mark) marks;
    uint32_t tactics; /* bits of enum np_tactic: of deeds that left a mark */
    np_time_ns first;
    np_time_ns last;
    np_time_ns marked; /* last mark */
    /* Of an incident. */
    bool open;
    uint32_t revision;
    struct np_hash128 id;
    struct np_hash128 merged_into; /* see struct np_incident */
    np_name opened_by;
    np_time_ns opened_at; /* event time */
    np_time_ns known_at;  /* arrival of what opened it; 0 = not known */
    enum np_level told_level;
    uint32_t told_tactics;
    size_t told_deeds;
    size_t deeds; /* of all strands */
};

/*
 * What became of the event that is to be explained. It is told when all stories have left, so it holds its threads and
 * names.
 */
struct np_fate {
    bool met;
    bool kept;
    bool told;  /* it is in an incident */
    bool whole; /* with all of its strand */
    struct np_context context;
    struct np_call_meaning meaning;
    struct np_insight insight;
    uint32_t flags; /* enum np_act_flag */
    np_name service;
    np_name api;
    size_t signal_count;
    enum np_level level;        /* of its strongest signal */
    bool has_story;             /* its actor has, and the rest is of it */
    bool is_incident;           /* that story */
    struct np_hash128 incident; /* which one */
    double score;
    struct np_buf marks; /* how the score comes about */
    bool shares_key;     /* with an incident of another actor */
    struct np_hash128 sharer;
};

struct np_stories {
    struct np_stories_params params;
    NP_VEC(struct np_strand) strands;
    NP_VEC(struct np_story) stories;
    NP_VEC(uint32_t) free_strands;
    NP_VEC(uint32_t) free_stories;
    uint32_t newest; /* story that was used last */
    uint32_t oldest;
    uint8_t present
        [NP_PRESENT_PLACES]; /* how many strands, by thread, at most 255: mostly none, without a look-up */
    struct np_table by_thread; /* key of a strand: its index */
    struct np_table by_actor;  /* root thread: index of the story */
    size_t bytes;              /* about */
    uint64_t lost;             /* deeds */
    np_time_ns now;
    bool saw_s3_data; /* data events at all */
    bool saw_lambda_data;
    struct np_arena telling; /* of the incident that is told */
    struct np_fate fate;     /* of the event to be explained */
};

/* The key of a thread's own strand in `by_thread`. */
static inline uint64_t np_thread_key(np_thread_id thread)
{
    return ((uint64_t) thread + 1) << 32;
}

/* Where it is counted whether a thread has strands. */
static inline uint8_t *np_present(struct np_stories *stories, np_thread_id thread)
{
    return &stories->present[thread & (NP_PRESENT_PLACES - 1)];
}
