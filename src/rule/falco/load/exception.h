/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions of rules: named groups of values of some fields for which the rule does not speak. */
#pragma once

#include "rule/falco/load/item.h"
#include "rule/falco/load/written.h"

/*
 * Reads the item's `exceptions` into `*out_exceptions`; none where there are none. `source` (NULL = not known) has their fields;
 * with `append` they may lack fields, for those that the rule has already. 0, -EINVAL with what is wrong told, or -ENOMEM.
 */
NP_NODISCARD int np_falco_exceptions_read(const struct np_falco_item *item,
                                          const enum np_falco_source *source, bool append,
                                          struct np_falco_exceptions *out_exceptions);

/*
 * Adds what was read with `append` to the exceptions of a rule: values to those of the same name, the others as they are. 0 or
 * -EINVAL with what is wrong told; nothing is added then.
 */
NP_NODISCARD int np_falco_exceptions_append(const struct np_falco_item *item,
                                            struct np_falco_exceptions *exceptions,
                                            struct np_falco_exceptions *more);

/*
 * Writes the rule's condition and its exceptions as one condition. 0, -EINVAL with what is wrong told, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_falco_exceptions_write(const struct np_falco_teller *teller,
                                           const struct np_falco_rule *rule,
                                           struct np_falco_written *written);
