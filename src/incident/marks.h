/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The score of a story: a sum of marks. A mark is one distinct thing that speaks against the caller: a rule, a behaviour,
 * a sensitive call, a refused one, a new tactic, a strange place. What is repeated counts once; each kind has its most.
 * Marks of a trusted origin weigh little, those of a strange place much. Marks of hours ago fade from what is not yet
 * an incident.
 */
#pragma once

#include "incident/story.h"

/* A story without a new mark for so long is forgotten, as are its marks. */
#define NP_MARK_LIFE_NS (3 * 60 * NP_NS_PER_MIN)

struct np_marking {
    const struct np_strand *strand;
    const struct np_deed *deed;
    const struct np_context *context;
    uint64_t call; /* hash of service and API */
};

/* Adds what the deed says; whether anything was new. Full or without memory nothing is added. */
bool np_story_mark(struct np_story *story, const struct np_marking *marking);

/* Takes over the marks of another story. */
void np_story_mark_all(struct np_story *story, const struct np_story *other);

/* 0 .. 100; forgets faded marks first where the story is no incident. */
double np_story_score(struct np_story *story, np_time_ns now);

/* The level of a score; NP_LEVEL_LOW below the threshold of incidents. */
enum np_level np_score_level(double score);
#define NP_SCORE_INCIDENT 40.0

/* "place 15, rules 28, ...": how the score comes about. */
void np_story_explain_score(const struct np_story *story, struct np_buf *buf);
