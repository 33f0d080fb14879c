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
    enum np_rule_matching matching;
    bool findings_only;
    bool strict;
    bool unfold;
    bool progress;
    const char *zone;
};

/* Reads the options: 0, or negative with the mistake in `err`. np_detect_settings_done() in any case. */
NP_NODISCARD int np_detect_settings_read(struct np_detect_settings *out_settings,
                                         const struct np_args *args, struct np_err *err);
void np_detect_settings_done(struct np_detect_settings *settings);

/* The level that an option gives; `*out_level` as before where it is not given. 0, or -EINVAL. */
NP_NODISCARD int np_setting_level(const struct np_args *args, enum np_option_id id,
                                  enum np_level *out_level, struct np_err *err);

/*
 * Reads "product=P,category=C,service=S", any of them, in any order, as an option called `name`
 * gives it; what it does not name is empty. 0, or -EINVAL, also where it names nothing.
 */
NP_NODISCARD int np_setting_logsource(struct np_logsource *out_logsource, const char *text,
                                      const char *name, struct np_err *err);
