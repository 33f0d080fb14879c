/* SPDX-License-Identifier: Apache-2.0 */
/* Of which types of system calls the fields of a set's rules are wanted, whatever language these are in: event/interest.h. */
#pragma once

#include "event/interest.h"
#include "rule/rule.h"

/*
 * Tells the field set of `set` what its rules want. A rule wants its fields, and those of its output, of the types of events that its
 * condition can be true of as far as it names them in evt.type, or that belong to its log source. 0 or -ENOMEM.
 */
NP_NODISCARD int np_rule_set_tell_interest(struct np_rule_set *set);
