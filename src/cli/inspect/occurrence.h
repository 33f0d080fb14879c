/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the fields of rules occur in logs. Counts are kept by log source, so that each field is
 * measured by the events that the rules which look at it run on.
 */
#pragma once

#include "event/event.h"
#include "rule/rule.h"

enum {
    NP_SEEN_LOGSOURCES_MAX = 64, /* different ones; events of further ones are not counted */
    NP_SEEN_NAMES_MAX = 100000,  /* different paths that are remembered for near names */
    NP_NEAR_NAMES_MAX = 3
};

/* What became of a field. */
enum np_field_fate {
    NP_FIELD_OCCURS,
    NP_FIELD_NO_EVENTS, /* there is no event that its rules run on */
    NP_FIELD_ONLY_NULL,
    NP_FIELD_DEAD, /* there are events, and it is in none */
    NP_FIELD_FATE_MAX
};

struct np_field_figure {
    np_field_id field;
    enum np_field_fate fate;
    uint32_t rules;  /* that look at it */
    uint64_t events; /* that these rules run on */
    uint64_t with;   /* of these, those with a value that is not null */
    uint64_t with_null;
    const char *near[NP_NEAR_NAMES_MAX]; /* of a dead field: names that do occur */
    size_t near_count;
};

struct np_occurrences;

/* Counters for the rules of `rules` (borrowed, and its fields too): 0 or -ENOMEM. */
NP_NODISCARD int np_occurrences_new(struct np_occurrences **out_occurrences,
                                    const struct np_rule_set *rules,
                                    const struct np_field_set *fields);
void np_occurrences_free(struct np_occurrences **occurrences);

/* Counts one event. 0 or -ENOMEM. */
NP_NODISCARD int np_occurrences_add(struct np_occurrences *occurrences, struct np_event *event);

/*
 * Works out all figures, in the order in which they are best read: those that occur, the most
 * frequent first, then those that do not. They live as long as the counters. 0 or -ENOMEM.
 */
NP_NODISCARD int np_occurrences_figures(struct np_occurrences *occurrences,
                                        const struct np_field_figure **out_figures,
                                        size_t *out_count);

/*
 * What became of a rule. Its dead fields are those of its fields that no event that it runs on has
 * a value of.
 */
enum np_rule_fate { NP_RULE_ALIVE, NP_RULE_NO_EVENTS, NP_RULE_DEAD };
enum np_rule_fate np_occurrences_rule_fate(struct np_occurrences *occurrences, uint32_t rule);

/* Whether no event that `rule` runs on has a value, be it null, of `field`. */
bool np_occurrences_is_dead(const struct np_occurrences *occurrences, uint32_t rule,
                            np_field_id field);

/* What was too much to be counted: events of further log sources, and whether near
 * names were not looked for everywhere. */
uint64_t np_occurrences_uncounted(const struct np_occurrences *occurrences);
bool np_occurrences_near_is_cut(const struct np_occurrences *occurrences);
