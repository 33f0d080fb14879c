/* SPDX-License-Identifier: Apache-2.0 */
/* What a Sigma document says of itself: names, level, tags, log source. */
#pragma once

#include "rule/sigma/document.h"

struct np_sigma_meta {
    const char *id; /* as written; "" where a text is not given */
    const char *title;
    const char *name;
    const char *priority; /* the level as written */
    const char *product;
    const char *category;
    const char *service;
    enum np_level level;
    const char *const *tags;
    size_t tag_count;
};

/*
 * Reads the keys that every kind of document has; told problems leave a default. 0, -EINVAL or
 * -ENOMEM.
 */
NP_NODISCARD int np_sigma_meta_read(struct np_sigma_document *document,
                                    struct np_sigma_meta *out_meta);

/* Reads `logsource`, which detections and filters must have: 0, -EINVAL or -ENOMEM. */
NP_NODISCARD int np_sigma_logsource_read(struct np_sigma_document *document,
                                         struct np_sigma_meta *meta);
