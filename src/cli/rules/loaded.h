/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about rules start with: rules, the problems in them, outputs. */
#pragma once

#include "cli/outputs.h"
#include "cli/rule_files.h"
#include "codec/json/write.h"

struct np_loaded {
    struct np_field_set *fields;
    struct np_rule_set *set;
    struct np_diag_list diags;
    struct np_outputs outputs;
};

/* What of it a command wants. */
struct np_loaded_params {
    enum np_default_rules defaults;
    const char *const *formats; /* that -o may name; the first is used without -o */
    size_t format_count;
};

/*
 * Loads the rules that `args` names, with what explanations show of them, and opens the outputs: 0, or negative with the mistake in
 * `err`. np_loaded_done() in any case.
 */
NP_NODISCARD int np_loaded_open(struct np_loaded *out_loaded, const struct np_args *args,
                                const struct np_loaded_params *params, struct np_err *err);
void np_loaded_done(struct np_loaded *loaded);

/* The exit status of a command: `status`, or what the error `r` comes to, which is told. */
int np_loaded_status(int r, const struct np_err *err, int status);

/* Whether the problem is about the document. */
bool np_diag_is_of(const struct np_diag *diag, const struct np_rule_doc *doc);

/* Appends the line "FILE:LINE:COLUMN: severity: message (hint)", safe for a terminal. */
void np_diag_add_line(struct np_buf *buf, const struct np_diag *diag);

/* Appends text, made safe for a terminal. */
void np_add_safe(struct np_buf *buf, const char *text);

/* Writes the member "diagnostics": the document's problems. */
void np_line_diagnostics(struct np_json_writer *writer, const struct np_loaded *loaded,
                         const struct np_rule_doc *doc);

/* Appends a document as the line `rule` of the contract. */
void np_line_rule(struct np_buf *buf, const struct np_loaded *loaded,
                  const struct np_rule_doc *doc);

/*
 * Writes the last line of a table: how many documents there are, by status. `wanted`, by document,
 * says which count; NULL = all.
 */
NP_NODISCARD int np_loaded_write_sum(const struct np_loaded *loaded, const bool *wanted,
                                     struct np_out *out, struct np_err *err);
