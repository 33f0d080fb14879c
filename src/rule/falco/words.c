/* SPDX-License-Identifier: Apache-2.0 */
/* See words.h. Long values and lists are cut: lists of hundreds of names are ordinary. */
#include "rule/falco/words.h"

#include "rule/explain/note.h"
#include "rule/falco/parse.h"

enum { VALUES_SHOWN = 8, VALUE_SHOWN_BYTES = 64, CALL_MAX_DEPTH = 4 };

static void add_term(struct np_buf *buf, const struct np_falco_term *term, unsigned depth);

static void add_terms(struct np_buf *buf, const struct np_falco_term *term, unsigned depth)
{
    size_t shown = NP_MIN(term->count, (size_t) VALUES_SHOWN);
    (void) np_buf_add_char(buf, '(');
    for (size_t i = 0; i < shown; i++) {
        (void) np_buf_add_str(buf, i > 0 ? ", " : "");
        add_term(buf, &term->items[i], depth + 1);
    }
    if (shown < term->count)
        (void) np_buf_printf(buf, ", %zu more", term->count - shown);
    (void) np_buf_add_char(buf, ')');
}

static void add_term(struct np_buf *buf, const struct np_falco_term *term, unsigned depth)
{
    if (depth > CALL_MAX_DEPTH) {
        (void) np_buf_add_str(buf, "...");
        return;
    }
    if (term->kind == NP_FALCO_TEXT) {
        (void) np_buf_add_char(buf, '\'');
        np_note_add_value(buf, term->text, VALUE_SHOWN_BYTES);
        (void) np_buf_add_char(buf, '\'');
        return;
    }
    if (term->kind != NP_FALCO_LIST)
        np_note_add_value(buf, term->text, VALUE_SHOWN_BYTES);
    if (term->kind != NP_FALCO_FIELD)
        add_terms(buf, term, depth);
}

static int add_note(const struct np_falco_target *target, np_expr_id expr, enum np_note_kind kind,
                    struct np_span text)
{
    int r = np_arena_keep(target->texts, &text);
    struct np_note note = {.expr = expr, .kind = kind, .text = text};
    return r < 0 ? r : np_notes_add(target->notes, note);
}

int np_falco_note_check(const struct np_falco_target *target, const struct np_falco_node *check,
                        np_expr_id expr)
{
    static const char *const modifiers[] = {
        [NP_FALCO_PLAIN] = "",
        [NP_FALCO_ONEOF] = " oneof",
        [NP_FALCO_ANYOF] = " anyof",
        [NP_FALCO_ALLOF] = " allof",
    };
    if (target->notes == NULL)
        return 0;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    /* A test stands behind its field; a check that became several tests is named as a whole. */
    bool is_test = target->ir->exprs.items[expr].kind == NP_EXPR_PRED;
    if (!is_test) {
        add_term(&buf, &check->left, 0);
        (void) np_buf_add_char(&buf, ' ');
    }
    (void) np_buf_add_str(&buf, np_falco_op_name(check->op));
    (void) np_buf_add_str(&buf, modifiers[check->modifier]);
    if (check->op != NP_FALCO_OP_EXISTS) {
        (void) np_buf_add_char(&buf, ' ');
        add_term(&buf, &check->right, 0);
    }
    if (buf.error < 0)
        return buf.error;
    return add_note(target, expr, is_test ? NP_NOTE_TEST : NP_NOTE_SELECTION, np_buf_span(&buf));
}

int np_falco_note_macro(const struct np_falco_target *target, struct np_span name, np_expr_id expr)
{
    return target->notes == NULL ? 0 : add_note(target, expr, NP_NOTE_SELECTION, name);
}
