/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations: checked, and the rules that they stand on looked up; they do not run yet. */
#pragma once

#include "rule/sigma/meta.h"

/* Loads a correlation: adds its link to the set. 0, -EINVAL, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_correlation_load(struct np_sigma_document *document,
                                           struct np_sigma_meta *meta);
