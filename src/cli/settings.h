/* SPDX-License-Identifier: Apache-2.0 */
/* What the options of `detect` come to, checked. */
#pragma once

#include "cli/command.h"
#include "engine/engine.h"

struct np_detect_settings {
    struct np_logsource generic; /* of --as */
    bool is_generic;
    struct np_filter filter;
    enum np_level min_level;
    enum np_level fail_on; /* NP_LEVEL_MAX = never */
    unsigned threads;
    bool strict;
    bool unfold;
    bool progress;
    const char *zone;
};

/* Reads the options: 0, or negative with the mistake in `err`. np_detect_settings_done() in any case. */
NP_NODISCARD int np_detect_settings_read(struct np_detect_settings *out_settings,
                                         const struct np_args *args, struct np_err *err);
void np_detect_settings_done(struct np_detect_settings *settings);
