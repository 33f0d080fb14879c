/* SPDX-License-Identifier: Apache-2.0 */
/* Following the event that is to be explained on its way through the stories. */
#pragma once

#include "incident/story.h"

/* Whether this act is the one. */
bool np_fate_is_asked(const struct np_stories *stories, const struct np_act *act);

/* Notes the act and what is known of it: call, caller, and whether it is kept. Holds what `fate` names. */
void np_fate_note(struct np_stories *stories, const struct np_act *act, const struct np_fate *fate);

/* A story leaves: notes what it came to where it is that of the act's actor. */
void np_fate_leave(struct np_stories *stories, struct np_story *story);

/* Lets go of what it holds. */
void np_fate_done(struct np_stories *stories);
