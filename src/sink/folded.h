/* SPDX-License-Identifier: Apache-2.0 */
/* The folded view of the table: a row for each (rule, principal, outcome), the worst first. */
#pragma once

#include "base/err.h"
#include "sink/rollup.h"
#include "sink/sink.h"

/*
 * Writes titles and rows to `params->out`: 0, -ENOMEM or the error of the output. Orders the rows
 * of `rollup` and ends its growth.
 */
NP_NODISCARD int np_folded_show(struct np_rollup *rollup, const struct np_sink_params *params,
                                struct np_err *err);
