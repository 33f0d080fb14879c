/* SPDX-License-Identifier: Apache-2.0 */
/* The modifiers that write a text in another encoding. */
#pragma once

#include "rule/sigma/value/text.h"

/*
 * Adds what an encoding modifier makes of one text. `node` is where it stands. 0, -EINVAL where it
 * is refused, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_encode(struct np_sigma_document *document,
                                      const struct np_yaml_node *node,
                                      enum np_sigma_modifier modifier, struct np_sigma_text text,
                                      struct np_sigma_texts *texts);
