/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffered output to a file descriptor in whole lines: what reaches the file always ends with a
 * newline, so that a reader never sees half a line while the run goes on.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

struct np_out;

/* Output to stdout (not closed by us). 0 or -ENOMEM. */
NP_NODISCARD int np_out_stdout(struct np_out **out_out);

/* Output to a new or emptied file; the error names it. */
NP_NODISCARD int np_out_file(struct np_out **out_out, const char *path, struct np_err *err);

/* Closes and frees; NULL-safe. What was not flushed is lost: flush first, to learn of errors. */
void np_out_free(struct np_out **out);

/* A buffer to write one or more whole lines into; valid until np_out_commit(). */
struct np_buf *np_out_buf(struct np_out *out);

/*
 * Takes over what was written into the buffer, and writes to the descriptor when enough has
 * gathered, on a terminal always. -EPIPE when the reader has gone (the caller ends quietly; SIGPIPE
 * is ignored by the program), -ENOMEM or -E2BIG where the buffer could not take the line, of which
 * nothing is written then, else the write's error; the message names the file. After an error all
 * later calls give the same.
 */
NP_NODISCARD int np_out_commit(struct np_out *out, struct np_err *err);

/* Writes everything that was committed; errors as of np_out_commit(). */
NP_NODISCARD int np_out_flush(struct np_out *out, struct np_err *err);

/* Whether it goes to stdout. */
bool np_out_is_stdout(const struct np_out *out);

/* Whether it goes to a terminal. */
bool np_out_is_terminal(const struct np_out *out);
