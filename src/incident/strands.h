/* SPDX-License-Identifier: Apache-2.0 */
/* Strands and stories as they come, join, and leave for lack of use. */
#pragma once

#include "incident/story.h"

/* The strand of an act's thread for its actor; NP_INDEX_NONE where there is none. */
uint32_t np_strand_find(const struct np_stories *stories, const struct np_insight *insight);

/* The same, made where there is none, in the story of its actor: 0 or -ENOMEM. */
NP_NODISCARD int np_strand_get(struct np_stories *stories, const struct np_act *act,
                               const struct np_insight *insight, uint32_t *out_strand);

/*
 * Joins the stories of a strand, of its actor, and of the thread that it was joined to. Of two incidents that become one,
 * the later is told as closed: 0, -ENOMEM, or what telling it returned.
 */
NP_NODISCARD int np_strand_join(struct np_stories *stories, uint32_t strand,
                                const struct np_insight *insight, struct np_err *err);

/* Makes the story the one used last. */
void np_story_touch(struct np_stories *stories, uint32_t story);

/* Frees a story with all that it keeps. */
void np_story_drop(struct np_stories *stories, uint32_t story);
