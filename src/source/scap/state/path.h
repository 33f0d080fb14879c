/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths of a capture: joined and cleaned as text only, symbolic links are not known.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

struct np_scap_state;
struct np_task;

/*
 * Writes `path` seen from the directory `base` into `out` (emptied first), without ".", ".." and
 * doubled slashes; an absolute path ignores the base. 0, -ENOMEM or -E2BIG.
 */
int np_scap_path_join(struct np_buf *out, struct np_span base, struct np_span path);

/*
 * Whether `path` is absolute and what a join with any base would write: mostly it is. False also
 * where that takes more than a look, as for a name that begins with a dot.
 */
bool np_scap_path_is_plain(struct np_span path);

/* The number that stands for the working directory in a dirfd of a capture (PPM_AT_FDCWD). */
enum { NP_SCAP_AT_FDCWD = -100 };

/*
 * The directory that a path of a call with `dirfd` is seen from: the working directory, the name of
 * the descriptor, "<UNKNOWN>" where it is not known. Borrowed from the state.
 */
struct np_span np_scap_path_base(const struct np_scap_state *state, const struct np_task *task,
                                 int64_t dirfd, struct np_span path);
