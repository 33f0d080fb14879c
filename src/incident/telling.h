/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of an incident while it is told. Each part reads the deeds that belong to the story, in order, and writes
 * its member of the incident; all in the arena of the telling. Functions return 0 or -ENOMEM.
 */
#pragma once

#include "incident/story.h"

/* A deed of the story, and the link of the chain that did it. */
struct np_telling_deed {
    const struct np_deed *deed;
    uint32_t strand;
    uint32_t link;
};

struct np_telling {
    const struct np_stories *stories;
    const struct np_story *story;
    struct np_arena *arena;
    struct np_telling_deed *deeds; /* by time, then event id */
    size_t deed_count;
    uint32_t *links; /* strand of each link of the chain */
    size_t link_count;
    struct np_incident *incident;
};

/* Text of a name, and of a deed's call: "iam:CreateAccessKey". */
static inline struct np_span np_telling_text(const struct np_telling *telling, np_name name)
{
    return np_names_text(telling->stories->params.names, name);
}

/* A formatted text in the arena; empty where memory is out. */
struct np_span np_telling_format(struct np_telling *telling, const char *fmt, ...) NP_PRINTF(2, 3);

NP_NODISCARD int np_tell_chain(struct np_telling *telling);
NP_NODISCARD int np_tell_steps(struct np_telling *telling);
NP_NODISCARD int np_tell_clock(struct np_telling *telling);
NP_NODISCARD int np_tell_reach(struct np_telling *telling);
NP_NODISCARD int np_tell_blind(struct np_telling *telling);
NP_NODISCARD int np_tell_next(struct np_telling *telling);
NP_NODISCARD int np_tell_signs(struct np_telling *telling);
NP_NODISCARD int np_tell_title(struct np_telling *telling);
