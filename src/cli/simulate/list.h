/* SPDX-License-Identifier: Apache-2.0 */
/* The table of scenarios. */
#pragma once

#include "simulate/simulate.h"
#include "sink/out.h"

/* Prints what a user may name, on stdout. -EPIPE where the reader has gone, or another negative errno with `err`. */
NP_NODISCARD int np_simulate_list(const struct np_scenario_set *set, struct np_err *err);
