/* SPDX-License-Identifier: Apache-2.0 */
/* What a user would run next. */
#pragma once

#include "base/buf.h"
#include "cli/command.h"

/*
 * Appends the command line of `args`, quoted for a POSIX shell, with what shows more: each finding a row of its own, or, where that was
 * asked for already, ndjson. Errors stay in the buffer.
 */
void np_next_command(struct np_buf *buf, const struct np_args *args);

/*
 * Appends what stands behind `nepho incidents show ID` to find the same incidents again: the operands of `args` and those of its
 * options that decide what is found, each with a blank in front. Errors stay in the buffer.
 */
void np_next_show_operands(struct np_buf *buf, const struct np_args *args);
