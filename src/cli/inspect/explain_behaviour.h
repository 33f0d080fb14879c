/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho rules explain` of a behaviour, which is decided in code: what it says, needing no events. */
#pragma once

#include "cli/command.h"
#include "incident/behaviour.h"

/* The behaviour with that id or title; NULL where there is none. */
const struct np_behaviour *np_behaviour_named(const char *name);

/* Writes what there is to say of it to the outputs that `args` names; returns the exit status. */
int np_explain_behaviour(const struct np_args *args, const struct np_behaviour *behaviour);
