/* SPDX-License-Identifier: Apache-2.0 */
/* See tell.h: collects the deeds that belong to the story, has each part written, and tells the whole. */
#include "incident/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "incident/marks.h"
#include "incident/select.h"
#include "incident/telling.h"

enum { FORMAT_MAX_BYTES = 4096 };

struct np_span np_telling_format(struct np_telling *telling, const char *fmt, ...)
{
    char text[FORMAT_MAX_BYTES];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    struct np_span span = {text, len < 0 ? 0 : NP_MIN((size_t) len, sizeof(text) - 1)};
    return np_arena_keep(telling->arena, &span) == 0 ? span : (struct np_span){};
}

struct np_hash128 np_story_id(const struct np_stories *stories, const struct np_story *story)
{
    struct np_thread_info root = np_actors_thread(stories->params.actors, story->actors.items[0]);
    struct np_core core = np_story_core(stories, story);
    const struct np_deed *first = NULL;
    for (size_t i = 0; i < story->strands.len; i++) {
        const struct np_strand *strand = &stories->strands.items[story->strands.items[i]];
        for (size_t k = 0; k < strand->deeds.len; k++) {
            const struct np_deed *deed = &strand->deeds.items[k];
            if (np_deed_belongs(strand, k, &core) && (first == NULL || deed->time < first->time))
                first = deed;
        }
    }
    uint64_t seed = np_hash64(np_names_text(stories->params.names, root.key),
                              np_hash64(np_names_text(stories->params.names, root.principal), 0));
    return np_hash128(
        np_names_text(stories->params.names, first != NULL ? first->event_id : NP_NAME_NONE), seed);
}

static int by_time(const void *a, const void *b, void *context)
{
    const struct np_telling *telling = context;
    const struct np_telling_deed *left = a;
    const struct np_telling_deed *right = b;
    if (left->deed->time != right->deed->time)
        return left->deed->time < right->deed->time ? -1 : 1;
    return np_span_compare(np_telling_text(telling, left->deed->event_id),
                           np_telling_text(telling, right->deed->event_id));
}

/* The deeds that belong to the story, in order. */
static int collect(struct np_telling *telling)
{
    const struct np_stories *stories = telling->stories;
    const struct np_story *story = telling->story;
    struct np_core core = np_story_core(stories, story);
    telling->deeds = np_arena_alloc(telling->arena, (story->deeds + 1) * sizeof(telling->deeds[0]));
    if (telling->deeds == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < story->strands.len; i++) {
        const struct np_strand *strand = &stories->strands.items[story->strands.items[i]];
        for (size_t k = 0; k < strand->deeds.len; k++) {
            if (np_deed_belongs(strand, k, &core))
                telling->deeds[telling->deed_count++] = (struct np_telling_deed){
                    .deed = &strand->deeds.items[k], .strand = story->strands.items[i]};
        }
    }
    qsort_r(telling->deeds, telling->deed_count, sizeof(telling->deeds[0]), by_time, telling);
    return 0;
}

/* Notes where the event is that is to be explained. */
static void note_fate(struct np_stories *stories, const struct np_telling *telling)
{
    struct np_fate *fate = &stories->fate;
    struct np_core core = np_story_core(stories, telling->story);
    bool was_here = fate->told && fate->incident.low == telling->story->id.low &&
                    fate->incident.high == telling->story->id.high;
    if (stories->params.explain.len == 0)
        return;
    if (was_here)
        fate->told = false;
    for (size_t i = 0; i < telling->deed_count; i++) {
        if (!np_span_eq(np_telling_text(telling, telling->deeds[i].deed->event_id),
                        stories->params.explain))
            continue;
        fate->told = true;
        fate->incident = telling->story->id;
        fate->whole = np_strand_is_whole(&stories->strands.items[telling->deeds[i].strand], &core);
        return;
    }
}

static int tell_events(struct np_telling *telling)
{
    struct np_span *ids = np_arena_alloc(telling->arena, telling->deed_count * sizeof(ids[0]));
    if (ids == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < telling->deed_count; i++)
        ids[i] = np_telling_text(telling, telling->deeds[i].deed->event_id);
    telling->incident->event_ids = ids;
    telling->incident->event_count = telling->deed_count;
    telling->incident->first = telling->deeds[0].deed->time;
    telling->incident->last = telling->deeds[telling->deed_count - 1].deed->time;
    return 0;
}

/* How sure: the more kinds of evidence, the surer. */
static double confidence_of(const struct np_story *story)
{
    uint32_t kinds = 0;
    for (size_t i = 0; i < story->marks.len; i++)
        kinds |= 1u << story->marks.items[i].kind;
    return 0.3 + 0.1 * __builtin_popcount(kinds);
}

static int tell_parts(struct np_telling *telling)
{
    static int (*const parts[])(struct np_telling *) = {
        tell_events,   np_tell_chain, np_tell_steps, np_tell_clock, np_tell_reach,
        np_tell_blind, np_tell_next,  np_tell_signs, np_tell_title,
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(parts); i++) {
        int r = parts[i](telling);
        if (r < 0)
            return r;
    }
    return 0;
}

int np_story_tell(struct np_stories *stories, uint32_t index, enum np_incident_state state,
                  struct np_err *err)
{
    struct np_story *story = &stories->stories.items[index];
    double score = np_story_score(story, stories->now);
    struct np_incident incident = {
        .id = story->id,
        .revision = story->revision + 1,
        .state = state,
        .score = score,
        .level = np_score_level(score),
        .confidence = confidence_of(story),
        .opened_by = np_names_text(stories->params.names, story->opened_by),
        .merged_into = story->merged_into,
    };
    struct np_telling telling = {
        .stories = stories, .story = story, .arena = &stories->telling, .incident = &incident};
    np_arena_reset(&stories->telling);
    int r = collect(&telling);
    if (r < 0 || telling.deed_count == 0)
        return r;
    r = tell_parts(&telling);
    if (r < 0)
        return r;
    note_fate(stories, &telling);
    story->revision++;
    story->told_level = incident.level;
    story->told_tactics = story->tactics;
    story->told_deeds = story->deeds;
    return stories->params.tell(stories->params.context, &incident, err);
}
