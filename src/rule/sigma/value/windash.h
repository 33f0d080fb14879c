/* SPDX-License-Identifier: Apache-2.0 */
/* The modifier that takes any of the dashes for any other. */
#pragma once

#include "rule/sigma/value/text.h"

/* Adds the text with a part of its own for each dash: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_text_windash(struct np_sigma_document *document,
                                       struct np_sigma_text text, struct np_sigma_texts *texts);

/*
 * Adds a text for each combination of the dashes that may stand for those parts; the
 * text itself where it has none. `node` is where it stands. 0, -EINVAL where they are too many,
 * -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_spell_dashes(struct np_sigma_document *document,
                                            const struct np_yaml_node *node,
                                            struct np_sigma_text text,
                                            struct np_sigma_texts *texts);
