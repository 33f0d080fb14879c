/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The margin of a timeline: a lane for each credential that is in use, its letter where it did a step, a bar where it goes on
 * later, a branch where one gave the other. A lane whose credential has ended is used again; where there are more than
 * lanes the last one is shared.
 */
#pragma once

#include "sink/escape.h"
#include "sink/incident/credentials.h"

enum { NP_LANES_MAX = 8, NP_LANES_BYTES = 2 * NP_LANES_MAX * 3 + 1 };

/* The life of a credential on its lane. */
struct np_lane_use {
    size_t lane;
    size_t first; /* step; SIZE_MAX = none */
    size_t last;  /* that the lane is needed for: its own, or where another branches off */
};

struct np_lanes {
    const struct np_credentials *credentials; /* borrowed */
    enum np_charset charset;
    size_t count;             /* lanes in use */
    struct np_lane_use *uses; /* by credential, and one for what has none */
};

/* Lays out at most `max` (1 to NP_LANES_MAX) lanes for the incident of `credentials`: 0 or -ENOMEM. np_lanes_done() in any case. */
NP_NODISCARD int np_lanes_init(struct np_lanes *out_lanes, const struct np_credentials *credentials,
                               size_t max, enum np_charset charset);
void np_lanes_done(struct np_lanes *lanes);

/* Writes the margin of a step. */
void np_lanes_draw(const struct np_lanes *lanes, size_t step, char out_text[NP_LANES_BYTES]);

/* Writes the margin of a line between a step and the next. */
void np_lanes_draw_after(const struct np_lanes *lanes, size_t step, char out_text[NP_LANES_BYTES]);
