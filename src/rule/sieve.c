/* SPDX-License-Identifier: Apache-2.0 */
/* See sieve.h; the work is done by codec/literals. */
#include "rule/sieve.h"

#include "codec/fold.h"
#include "rule/pattern.h"

void np_sieve_builder_done(struct np_sieve_builder *builder)
{
    np_vec_done(&builder->guards);
    np_vec_done(&builder->tags);
}

/* The guard of a literal that is no regular expression; empty where it has none. */
static struct np_span guard_of(const struct np_literal *literal)
{
    if (literal->kind == NP_LITERAL_PATTERN)
        return np_pattern_guard(&literal->pattern);
    if (literal->kind == NP_LITERAL_COMPARE)
        return np_compare_guard(literal->compare.how, literal->compare.text);
    return (struct np_span){};
}

bool np_sieve_takes(const struct np_literal *literal)
{
    if (literal->kind == NP_LITERAL_REGEX)
        return literal->needs.count > 0;
    return guard_of(literal).len >= NP_LITERALS_MIN_BYTES;
}

/* Folds `guard`, which is ASCII, into the arena. */
static int fold_guard(struct np_arena *arena, struct np_span *guard)
{
    char *folded = np_arena_strdup(arena, *guard);
    if (folded == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < guard->len; i++)
        folded[i] = np_fold_byte(folded[i]);
    guard->ptr = folded;
    return 0;
}

static int add_guard(struct np_sieve_builder *builder, struct np_span guard, uint32_t tag)
{
    int r = np_vec_push(&builder->guards, guard, NP_LITERALS_MAX);
    return r == 0 ? np_vec_push(&builder->tags, tag, NP_LITERALS_MAX) : r;
}

int np_sieve_add(struct np_sieve_builder *builder, struct np_arena *arena,
                 const struct np_literal *literal, uint32_t tag)
{
    int r = 0;
    if (literal->kind == NP_LITERAL_REGEX) {
        for (size_t i = 0; i < literal->needs.count && r == 0; i++)
            r = add_guard(builder, literal->needs.literals[i], tag);
        return r;
    }
    struct np_span guard = guard_of(literal);
    if (literal->kind != NP_LITERAL_PATTERN || !literal->pattern.fold)
        r = fold_guard(arena, &guard);
    return r == 0 ? add_guard(builder, guard, tag) : r;
}

int np_sieve_init(struct np_sieve *sieve, struct np_sieve_builder *builder)
{
    *sieve = (struct np_sieve){};
    if (builder->guards.len == 0)
        return 0;
    int r = np_literals_new(&sieve->literals, builder->guards.items, builder->guards.len);
    if (r == 0)
        sieve->tags = NP_TAKE(builder->tags.items);
    return r;
}

void np_sieve_done(struct np_sieve *sieve)
{
    np_literals_free(&sieve->literals);
    np_free(NP_TAKE(sieve->tags));
}

struct pass {
    const struct np_sieve *sieve;
    np_sieve_fn *fn;
    void *context;
};

static void tell(void *context, uint32_t literal)
{
    const struct pass *pass = context;
    pass->fn(pass->context, pass->sieve->tags[literal]);
}

void np_sieve_run(const struct np_sieve *sieve, struct np_span text, np_sieve_fn *fn, void *context)
{
    struct pass pass = {sieve, fn, context};
    if (sieve->literals != NULL)
        np_literals_scan(sieve->literals, text, tell, &pass);
}
