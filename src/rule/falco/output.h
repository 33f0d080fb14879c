/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outputs of Falco rules as templates: "%proc.name", "%proc.aname[2]" or "%tolower(proc.name)" stands for a value, "%10proc.name" for
 * one in ten columns. A name ends where a longer one is none, so text may follow it at once. What no field begins with behind a "%"
 * is refused; there is no way to write a "%" itself.
 */
#pragma once

#include "rule/falco/compile.h"
#include "rule/finding.h"

struct np_falco_output_params {
    struct np_arena *arena; /* the output lives there */
    struct np_span text;    /* of the rule's output; need not outlive the call */
    /* Names of fields that are told, too, where the source has them; behind those of the text. */
    const struct np_span *appended;
    size_t appended_count;
};

/*
 * Compiles an output. Its fields are interned in the target's field set; those inside of calls are told, the calls are not, since Falco
 * does so. 0; -EINVAL or -E2BIG with `*out_fault` (its offset is one into the text); -ENOMEM.
 */
NP_NODISCARD int np_falco_output_compile(const struct np_falco_target *target,
                                         const struct np_falco_output_params *params,
                                         struct np_rule_output *out_output,
                                         struct np_falco_fault *out_fault);
