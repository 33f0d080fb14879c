/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What explanations show of a rule beside its condition: how each test is written and how
 * selections are called. Matching needs none of it, so it stands beside the IR, and a set keeps it
 * only where np_rule_set_keep_notes() was called before the first load.
 */
#pragma once

#include "rule/ir.h"

enum np_note_kind {
    NP_NOTE_SELECTION, /* the name of what the expression stands for in the condition */
    NP_NOTE_TEST       /* what a predicate asks of its field, in words: "starts with 'a' or 'b'" */
};

struct np_note {
    np_expr_id expr;
    enum np_note_kind kind;
    struct np_span text;
};

/* Notes, ascending by expression. */
struct np_notes {
    bool wanted;
    NP_VEC(struct np_note) items;
};

enum { NP_NOTES_MAX = NP_EXPRS_MAX };

/*
 * Adds a note; its text must live as long as the notes. Expressions may come in any order, and are
 * expected to come nearly ascending. 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_notes_add(struct np_notes *notes, struct np_note note);

/* Appends a value for a note: at most `max` bytes of it, not ending within a character, and of a longer one how long it is. */
void np_note_add_value(struct np_buf *buf, struct np_span value, size_t max);

/* The text of the first note of that kind on `expr`; empty where there is none. */
struct np_span np_notes_find(const struct np_notes *notes, np_expr_id expr, enum np_note_kind kind);
