/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree of a condition as an expression of the IR. What Falco means by types, case, lists and a missing value is decided here: a
 * check of a field that the event does not have is false, "!=" too, and only an outer "not" makes it true.
 */
#pragma once

#include "base/vec.h"
#include "event/falco/fields.h"
#include "rule/falco/ast.h"
#include "rule/ir.h"

/* Where conditions are compiled to. */
struct np_falco_target {
    struct np_ir *ir;
    struct np_field_set *fields; /* gets the fields that conditions name */
    enum np_falco_source source;
    struct np_notes *notes; /* gets how checks are written; NULL = not wanted */
    struct np_arena *texts; /* of the notes */
};

struct np_falco_compiled {
    np_expr_id expr;
    NP_VEC(np_field_id) fields; /* that it looks at, each once, in order */
    bool pins_event_type;       /* it can be true for named types of events only (evt.type) */
};

void np_falco_compiled_done(struct np_falco_compiled *compiled);

/*
 * Compiles a resolved tree. 0 with `*out_compiled`, which the caller ends with np_falco_compiled_done(); -EINVAL or -E2BIG with
 * `*out_fault`; -ENOMEM.
 */
NP_NODISCARD int np_falco_compile(const struct np_falco_target *target,
                                  const struct np_falco_node *tree,
                                  struct np_falco_compiled *out_compiled,
                                  struct np_falco_fault *out_fault);

/*
 * The field that a term of an output stands for: itself, or a derived one for a call; `*out_type` is the type of its values. 0,
 * -EINVAL or -E2BIG with `*out_fault`, -ENOMEM.
 */
NP_NODISCARD int np_falco_compile_term(const struct np_falco_target *target,
                                       const struct np_falco_term *term, np_field_id *out_field,
                                       enum np_falco_type *out_type,
                                       struct np_falco_fault *out_fault);
