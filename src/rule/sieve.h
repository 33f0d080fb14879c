/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of many patterns and regular expressions, which may match a text? Each is known by its guards,
 * literals of which one must be there, and all guards are looked for in one pass. What passes the
 * sieve must still be compared.
 */
#pragma once

#include "codec/literals.h"
#include "rule/ir.h"

struct np_sieve {
    struct np_literals *literals; /* NULL where it is empty */
    uint32_t *tags;               /* by literal */
};

/* What a sieve is made from; a zeroed one is empty. */
struct np_sieve_builder {
    NP_VEC(struct np_span) guards;
    NP_VEC(uint32_t) tags;
};

void np_sieve_builder_done(struct np_sieve_builder *builder);

/* Whether `literal` has guards that the sieve can use. */
bool np_sieve_takes(const struct np_literal *literal);

/*
 * Adds a literal that np_sieve_takes() under `tag`; what the guards need is made in `arena`, those
 * of a regular expression are borrowed. 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sieve_add(struct np_sieve_builder *builder, struct np_arena *arena,
                              const struct np_literal *literal, uint32_t tag);

/* Makes the sieve of what was added: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sieve_init(struct np_sieve *sieve, struct np_sieve_builder *builder);
void np_sieve_done(struct np_sieve *sieve);

/*
 * Calls `fn` with the tag of every literal that may match `text` (ASCII or folded), some more than
 * once.
 */
typedef void np_sieve_fn(void *context, uint32_t tag);
void np_sieve_run(const struct np_sieve *sieve, struct np_span text, np_sieve_fn *fn,
                  void *context);
