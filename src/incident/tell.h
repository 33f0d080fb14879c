/* SPDX-License-Identifier: Apache-2.0 */
/* From a story to the incident that is told. What it consists of is made in the arena of the telling. */
#pragma once

#include "incident/story.h"

/* The id of a story: of its root credential and its first event. */
struct np_hash128 np_story_id(const struct np_stories *stories, const struct np_story *story);

/* Tells a new revision: 0, -ENOMEM, or what the reader of incidents returned. */
NP_NODISCARD int np_story_tell(struct np_stories *stories, uint32_t story,
                               enum np_incident_state state, struct np_err *err);
