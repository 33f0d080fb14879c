/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules one at a time, whatever the event's log source: for testing a rule on its samples and for
 * measuring what it costs. Detection goes through matchers, which ask only the rules that may be
 * true; here each is evaluated when it is asked for, by the same program.
 */
#pragma once

#include <stdbool.h>

#include "rule/rule.h"

/* What a rule's build says of its cost. */
struct np_rule_traits {
    bool every_event; /* nothing tells beforehand where it may be true: no witness */
    bool never;       /* it can be true of no event */
    bool regex;       /* it compares with regular expressions */
    bool keywords;    /* it looks at every text of a record */
};

enum np_trial_result {
    NP_TRIAL_FALSE,
    NP_TRIAL_TRUE,
    NP_TRIAL_LIMIT /* false, and a limit of matching was met on the way */
};

struct np_rule_trial;

/* For one thread; the set must be compiled and outlive it: 0 or -ENOMEM. */
NP_NODISCARD int np_rule_trial_new(struct np_rule_trial **out_trial, const struct np_rule_set *set);
void np_rule_trial_free(struct np_rule_trial **trial);

/* Begins with `event`: nothing is known of it yet. */
void np_rule_trial_begin(struct np_rule_trial *trial, struct np_event *event);

/* What `rule` comes to for the event; answers that rules share are kept until the next one. */
enum np_trial_result np_rule_trial_run(struct np_rule_trial *trial, uint32_t rule);

/* Whether a matcher would evaluate `rule` for the event, were it of the rule's log source. */
bool np_rule_trial_is_candidate(struct np_rule_trial *trial, uint32_t rule);

const struct np_rule_traits *np_rule_trial_traits(const struct np_rule_trial *trial, uint32_t rule);

/* Whether `rule` runs on events of `logsource`. */
bool np_rule_takes(const struct np_rule_set *set, uint32_t rule,
                   const struct np_logsource *logsource);
