/* SPDX-License-Identifier: Apache-2.0 */
/* What -o asks for: formats with where they go. Several to stdout share it. */
#pragma once

#include "cli/command.h"
#include "sink/sink.h"

enum { NP_OUTPUTS_MAX = 16 };

struct np_output {
    struct np_span format;
    struct np_out *out; /* NULL = to `url` */
    const char *url;    /* as given; NULL = to `out` */
    bool owns_out;      /* the first one to stdout, and each file */
};

struct np_outputs {
    struct np_output items[NP_OUTPUTS_MAX];
    size_t count;
};

/*
 * Opens the outputs that -o names, or a table on stdout. `formats` are the names that the command knows. 0, or negative with the mistake
 * in `err`; np_outputs_done() in any case.
 */
NP_NODISCARD int np_outputs_open(struct np_outputs *out_outputs, const struct np_args *args,
                                 const char *const *formats, size_t format_count,
                                 struct np_err *err);

/* Writes everything out. */
NP_NODISCARD int np_outputs_flush(struct np_outputs *outputs, struct np_err *err);

void np_outputs_done(struct np_outputs *outputs);

/* The columns of the terminal behind a descriptor, 0 where there is none. */
uint32_t np_output_terminal_width(int fd);

/* Whether `out` goes to a terminal whose user has not switched colours off (NO_COLOR). */
bool np_output_wants_colour(const struct np_out *out);

/* The columns of the terminal that `out` goes to; 0 = unlimited, for files and pipes. */
uint32_t np_output_width(const struct np_out *out);
