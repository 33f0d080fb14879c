/* SPDX-License-Identifier: Apache-2.0 */
/* Each lane has two columns: its glyph, and what joins it to the next lane. */
#include "sink/incident/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

enum glyph { BLANK, BAR, DASH, CROSS, FORK_RIGHT, FORK_LEFT, END_RIGHT, END_LEFT, GLYPH_MAX };

static const char *const glyphs[NP_CHARSET_MAX][GLYPH_MAX] = {
    [NP_CHARSET_ASCII] = {" ", "|", "-", "+", "+", "+", "`", "'"},
    [NP_CHARSET_UNICODE] = {" ", "│", "─", "┼", "├", "┤", "└", "┘"},
};

/* A branch: the lane it comes from and the one it goes to; equal = none. */
struct branch {
    size_t from;
    size_t to;
};

static size_t credential_of(const struct np_lanes *lanes, size_t step)
{
    return np_credentials_of(lanes->credentials, lanes->credentials->incident->steps[step].link);
}

/* ---- the layout */

static void find_lives(struct np_lanes *lanes)
{
    const struct np_credentials *credentials = lanes->credentials;
    for (size_t i = 0; i <= credentials->count; i++)
        lanes->uses[i].first = SIZE_MAX;
    for (size_t i = 0; i < credentials->incident->step_count; i++) {
        struct np_lane_use *use = &lanes->uses[credential_of(lanes, i)];
        use->first = NP_MIN(use->first, i);
        use->last = i;
    }
    for (size_t i = 0; i < credentials->count; i++) {
        struct np_lane_use *giver = &lanes->uses[np_credentials_giver(credentials, i)];
        if (lanes->uses[i].first != SIZE_MAX && giver->first < lanes->uses[i].first)
            giver->last = NP_MAX(giver->last, lanes->uses[i].first);
    }
}

/* The first lane from `from` on that nobody needs at `step` any more; `max` where there is none. */
static size_t free_lane(const bool *is_used, size_t from, size_t max)
{
    while (from < max && is_used[from])
        from++;
    return from;
}

/* Gives the credential that begins with `step` a lane, right of its giver's if possible. */
static void give_lane(struct np_lanes *lanes, size_t credential, size_t step, size_t max)
{
    const struct np_credentials *credentials = lanes->credentials;
    bool is_used[NP_LANES_MAX] = {};
    for (size_t i = 0; i <= credentials->count; i++)
        if (lanes->uses[i].first < step && lanes->uses[i].last >= step)
            is_used[lanes->uses[i].lane] = true;
    const struct np_lane_use *giver = &lanes->uses[np_credentials_giver(credentials, credential)];
    size_t lane = free_lane(is_used, giver->first < step ? giver->lane : 0, max);
    if (lane == max)
        lane = free_lane(is_used, 0, max);
    lanes->uses[credential].lane = NP_MIN(lane, max - 1);
    lanes->count = NP_MAX(lanes->count, lanes->uses[credential].lane + 1);
}

int np_lanes_init(struct np_lanes *out_lanes, const struct np_credentials *credentials, size_t max,
                  enum np_charset charset)
{
    *out_lanes = (struct np_lanes){.credentials = credentials, .charset = charset, .count = 1};
    out_lanes->uses = np_alloc_array(credentials->count + 1, sizeof(*out_lanes->uses));
    if (out_lanes->uses == NULL)
        return -ENOMEM;
    find_lives(out_lanes);
    for (size_t i = 0; i < credentials->incident->step_count; i++) {
        size_t credential = credential_of(out_lanes, i);
        if (out_lanes->uses[credential].first == i)
            give_lane(out_lanes, credential, i, max);
    }
    return 0;
}

void np_lanes_done(struct np_lanes *lanes)
{
    np_free(lanes->uses);
    lanes->uses = NULL;
}

/* ---- drawing */

/* The branch that ends in this step. */
static struct branch branch_of(const struct np_lanes *lanes, size_t step)
{
    size_t credential = credential_of(lanes, step);
    const struct np_lane_use *use = &lanes->uses[credential];
    const struct np_lane_use *giver =
        &lanes->uses[np_credentials_giver(lanes->credentials, credential)];
    bool is_branch = use->first == step && giver->first < step;
    return (struct branch){is_branch ? giver->lane : use->lane, use->lane};
}

/* Whether the lane is needed behind this step. */
static bool goes_on(const struct np_lanes *lanes, size_t lane, size_t step)
{
    for (size_t i = 0; i <= lanes->credentials->count; i++) {
        const struct np_lane_use *use = &lanes->uses[i];
        if (use->lane == lane && use->first <= step && step < use->last)
            return true;
    }
    return false;
}

static enum glyph glyph_of(const struct np_lanes *lanes, size_t lane, size_t step,
                           struct branch branch)
{
    bool on = goes_on(lanes, lane, step);
    bool to_right = branch.to > branch.from;
    if (branch.from != branch.to && lane == branch.from)
        return on ? (to_right ? FORK_RIGHT : FORK_LEFT) : (to_right ? END_RIGHT : END_LEFT);
    bool is_between =
        lane > NP_MIN(branch.from, branch.to) && lane < NP_MAX(branch.from, branch.to);
    if (is_between)
        return on ? CROSS : DASH;
    return on ? BAR : BLANK;
}

static void append(char text[NP_LANES_BYTES], const char *more)
{
    size_t len = strlen(text);
    (void) snprintf(text + len, NP_LANES_BYTES - len, "%s", more);
}

static void trim(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        text[--len] = '\0';
}

void np_lanes_draw(const struct np_lanes *lanes, size_t step, char out_text[NP_LANES_BYTES])
{
    const char *const *set = glyphs[lanes->charset];
    struct branch branch = branch_of(lanes, step);
    size_t credential = credential_of(lanes, step);
    bool is_known = credential < lanes->credentials->count;
    const char letter[2] = {is_known ? np_credential_letter(credential) : '*', '\0'};
    out_text[0] = '\0';
    for (size_t lane = 0; lane < lanes->count; lane++) {
        bool joins =
            lane >= NP_MIN(branch.from, branch.to) && lane < NP_MAX(branch.from, branch.to);
        append(out_text, lane == branch.to ? letter : set[glyph_of(lanes, lane, step, branch)]);
        append(out_text, set[joins ? DASH : BLANK]);
    }
    trim(out_text);
}

void np_lanes_draw_after(const struct np_lanes *lanes, size_t step, char out_text[NP_LANES_BYTES])
{
    const char *const *set = glyphs[lanes->charset];
    out_text[0] = '\0';
    for (size_t lane = 0; lane < lanes->count; lane++) {
        append(out_text, set[goes_on(lanes, lane, step) ? BAR : BLANK]);
        append(out_text, set[BLANK]);
    }
    trim(out_text);
}
