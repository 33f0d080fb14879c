/* SPDX-License-Identifier: Apache-2.0 */
/* The screen of a source: what is wanted of it is what any rule finds, or ran into a limit with. */
#pragma once

#include "rule/rule.h"
#include "source/source.h"

/* A screen for compiled `rules` (borrowed): 0 or -ENOMEM. */
NP_NODISCARD int np_screen_new(struct np_screen **out_screen, const struct np_rule_set *rules);
void np_screen_free(struct np_screen **screen);
