/* SPDX-License-Identifier: Apache-2.0 */
/* Filters: a condition that is ANDed, as it is written, onto rules of other documents. */
#pragma once

#include "rule/sigma/meta.h"

/* Loads a filter: adds its link to the set. 0, -EINVAL, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_filter_load(struct np_sigma_document *document,
                                      struct np_sigma_meta *meta);
