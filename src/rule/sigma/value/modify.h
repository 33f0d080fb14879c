/* SPDX-License-Identifier: Apache-2.0 */
/* What all modifiers of a key make of a text value, in their order. */
#pragma once

#include "rule/sigma/value/text.h"

/*
 * Puts into `work->now` what the modifiers of `key` make of the value `node`, in their order, but
 * for `expand`, which comes first wherever it stands; what that gave is kept in `work->filled`. The
 * parts live in the set's scratch. 0, -EINVAL where it is refused, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_modify(struct np_sigma_document *document,
                                      const struct np_sigma_key *key,
                                      const struct np_yaml_node *node,
                                      struct np_sigma_text_work *work);
