/* SPDX-License-Identifier: Apache-2.0 */
/* Where simulated records go: a folder as S3 lays it out, or lines; and their labels. */
#pragma once

#include "cli/command.h"
#include "simulate/simulate.h"
#include "sink/out.h"

struct np_destination {
    struct np_trail *trail; /* NULL = lines */
    struct np_out *lines;
    struct np_out *labels; /* NULL = not wanted */
    const char *path;      /* what detect would read; "-" = stdout */
    /* What has gone there. */
    uint64_t records;
    uint64_t repeated;
    np_time_ns first;
    np_time_ns last;
};

/*
 * Opens what the options name. -EINVAL where they are wrong or the folder holds something, else a negative errno, with `err`;
 * np_destination_done() in any case.
 */
NP_NODISCARD int np_destination_open(struct np_destination *out_destination,
                                     const struct np_args *args, struct np_span organization,
                                     uint64_t seed, struct np_err *err);
void np_destination_done(struct np_destination *destination);

/* Takes a record. -EPIPE where the reader has gone, else a negative errno with `err`. */
NP_NODISCARD int np_destination_add(struct np_destination *destination,
                                    const struct np_simulated *event, struct np_err *err);

/* Writes everything out; errors as above. */
NP_NODISCARD int np_destination_finish(struct np_destination *destination, struct np_err *err);
