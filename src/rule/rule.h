/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we look for: rules of any language, loaded from text, compiled to one program (ir.h), indexed and matched.
 *
 * A rule set is filled document by document, compiled once, and immutable from then on; any number of matchers, one a
 * thread, run events through it. Problems in rules are diagnostics, never errors: a refused document never stops the others.
 *
 * In: rule files as text, events. Out: for an event the rules that match, in the order in which they were loaded.
 * Not here: reading files and folders (cli/), what becomes of a finding (sink/, incident/). Nothing here knows JSON. To add a
 * language: a folder beside sigma/ that fills the IR, and a line in load.c. Tests: tests/unit/rule, tests/golden/rules.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/span.h"
#include "event/event.h"
#include "rule/finding.h"

struct np_rule_set;
struct np_matcher;

enum np_doc_status { NP_DOC_OK, NP_DOC_WARNING, NP_DOC_ERROR };

/* One document of a rule file, for `rules list` and `rules lint`; lives as long as the set. Texts are "" where not given. */
struct np_rule_doc {
    const char *file;
    uint32_t index; /* in its file, from 0 */
    uint32_t line;
    const char *id;
    const char *title;
    const char *type; /* "detection", "correlation", "filter" */
    const char *level;
    const char *product;
    const char *category;
    const char *service;
    const char *const *tags;
    size_t tag_count;
    enum np_rule_language language;
    enum np_doc_status status; /* ERROR = refused */
};

/* An empty set that interns its fields in `fields` (borrowed): 0 or -ENOMEM. */
NP_NODISCARD int np_rule_set_new(struct np_rule_set **out_set, struct np_field_set *fields);
void np_rule_set_free(struct np_rule_set **set);

/* Before the first load: keeps how tests are written and selections are called, for explanations. */
void np_rule_set_keep_notes(struct np_rule_set *set);

/*
 * Before the first load: takes the lists of values that `expand` fills in, a YAML mapping of names
 * to lists of texts. 0; -EINVAL with the mistakes in `diags`; -ENOMEM.
 */
NP_NODISCARD int np_rule_set_load_values(struct np_rule_set *set, const char *file,
                                         struct np_span text, struct np_diag_list *diags);

/*
 * Before the first load: takes names of fields, separated by commas, that findings of Falco rules tell beside those of their
 * outputs, where the rule's source has them. 0; -EINVAL with `err` where no source has one; -ENOMEM.
 */
NP_NODISCARD int np_rule_set_append_fields(struct np_rule_set *set, struct np_span names,
                                           struct np_err *err);

/*
 * Loads the documents of one file (`text` need not outlive the call). What is wrong goes to `diags`, with the document's
 * index. Returns 0, also where documents were refused; -ENOMEM.
 */
NP_NODISCARD int np_rule_set_load(struct np_rule_set *set, const char *file, struct np_span text,
                                  struct np_diag_list *diags);

/*
 * Resolves what documents say of each other, in whatever order and file they stand: filters are put onto the rules that they
 * name, correlations on rules that are not loaded are refused. After the last load, before rules are left out. 0; -E2BIG where
 * filters and rules make more than a set can hold; -ENOMEM.
 */
NP_NODISCARD int np_rule_set_link(struct np_rule_set *set, struct np_diag_list *diags);

/* Leaves out every rule whose id or title is `name` (ignoring ASCII case); returns how many. Before compiling. */
size_t np_rule_set_exclude(struct np_rule_set *set, struct np_span name);

/* Builds the index; no rule may be added afterwards. 0 or -ENOMEM. */
NP_NODISCARD int np_rule_set_compile(struct np_rule_set *set, struct np_err *err);

/* All documents in the order of loading, and how many rules run and how many documents were refused. */
const struct np_rule_doc *np_rule_set_docs(const struct np_rule_set *set, size_t *out_count);
size_t np_rule_set_loaded(const struct np_rule_set *set);
size_t np_rule_set_refused(const struct np_rule_set *set);

/* A rule by its index: what it says of itself, and the fields that it looks at. */
const struct np_rule_info *np_rule_set_info(const struct np_rule_set *set, uint32_t rule);
const np_field_id *np_rule_set_fields(const struct np_rule_set *set, uint32_t rule,
                                      size_t *out_count);

/* What a finding of that rule is made from; lives as long as the set. */
struct np_finding_evidence np_rule_set_evidence(const struct np_rule_set *set, uint32_t rule);

/* The index, in np_rule_set_docs(), of the document that a rule stands in. */
uint32_t np_rule_set_doc_of(const struct np_rule_set *set, uint32_t rule);

/*
 * Whether a rule asks who acted: it names fields that no record has (np_field_asks_who()). What a matcher finds of it is that
 * the record has what the rule asks of a record; np_matcher_ask() says the rest. Once compiled.
 */
bool np_rule_set_asks_who(const struct np_rule_set *set, uint32_t rule);

/* A matcher for one thread; the set must be compiled and outlive it: 0 or -ENOMEM. */
NP_NODISCARD int np_matcher_new(struct np_matcher **out_matcher, const struct np_rule_set *set);
void np_matcher_free(struct np_matcher **matcher);

/*
 * The rules of the event's log source that match it, ascending; `*out_rules` lives until the next call. Returns how many.
 * Allocates nothing in the steady state. A limit that was hit makes its predicate false and is counted: np_matcher_limits().
 */
size_t np_matcher_run(struct np_matcher *matcher, struct np_event *event,
                      const uint32_t **out_rules);

/*
 * Whether any rule of the event's log source matches it, or ran into a limit (counted here too): whether it is worth being written
 * for another matcher.
 */
bool np_matcher_wants(struct np_matcher *matcher, struct np_event *event);

/* Forgets what it keeps of subjects (np_event.subject), whose numbers others will have from now on. */
void np_matcher_forget(struct np_matcher *matcher);

/* The same as np_matcher_run() by plain evaluation of every rule, without the index: for tests of the index and for explaining. */
size_t np_matcher_run_plain(struct np_matcher *matcher, struct np_event *event,
                            const uint32_t **out_rules);

/* Whether the whole condition of `rule` is true of the event as it stands, whatever its log source; for rules that ask who. */
bool np_matcher_ask(struct np_matcher *matcher, struct np_event *event, uint32_t rule);

/* A limit that a rule ran into: a blind spot. */
struct np_rule_limit {
    const char *what; /* literal, e.g. "regular expression steps" */
    uint32_t rule;
    uint64_t count;
};

/* What was counted so far; lives until the next np_matcher_run(). */
const struct np_rule_limit *np_matcher_limits(const struct np_matcher *matcher, size_t *out_count);
