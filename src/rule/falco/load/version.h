/* SPDX-License-Identifier: Apache-2.0 */
/* What a file requires of the engine that loads it. */
#pragma once

#include "rule/falco/load/item.h"

/* Whether the engine is older than a file's `required_engine_version` wants: the file is not for us. */
bool np_falco_engine_is_too_old(const struct np_yaml_node *version);

/* Checks an item `required_engine_version`. 0, or -EINVAL with what is wrong told. */
NP_NODISCARD int np_falco_engine_check(const struct np_falco_item *item);

/* Checks an item `required_plugin_versions`. Results as above. */
NP_NODISCARD int np_falco_plugins_check(const struct np_falco_item *item);
