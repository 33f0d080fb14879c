/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a run has come: one line that draws over itself. It is for a terminal only; whether there
 * is one decides the caller, as it erases the line before anything else is written to the same
 * terminal. Writes plain blanks, no escape sequences. A write that fails is ignored: the next one
 * draws again. One thread at a time; caller's storage.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/time.h"
#include "sink/escape.h"

struct np_progress {
    int fd;
    size_t width; /* columns of the terminal; may be changed between updates */
    enum np_charset charset;
    np_mono_ns start;
    np_mono_ns drawn_at;
    size_t drawn_columns; /* of the line that is on the terminal; 0 = none */
};

struct np_progress_figures {
    uint64_t bytes_done;
    uint64_t bytes_total; /* 0 = not known: then no bar, no ETA */
    uint64_t events;
    uint64_t findings;
};

/* Begins at `now`; draws nothing yet. `width` 0 is taken as 80. */
void np_progress_init(struct np_progress *progress, int fd, size_t width, enum np_charset charset,
                      np_mono_ns now);

/* Draws the line anew, unless that was done in the last tenth of a second. */
void np_progress_update(struct np_progress *progress, const struct np_progress_figures *figures,
                        np_mono_ns now);

/* Takes the line off the terminal; the next update draws it again. */
void np_progress_erase(struct np_progress *progress);
