/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing a cast: see cast.h. Every choice is made from the seed of the play and the place in the cast alone. */
#include "simulate/play/cast.h"

/* A member whose account, and entry of its pool, are chosen. */
struct chosen {
    uint32_t account;
    uint32_t entry;
};

static const struct np_member *member_at(const struct np_member *members, int32_t index)
{
    return index >= 0 ? &members[index] : NULL;
}

/* Things and places that are new belong to an account only where the data say so, as do entries of the organisation. */
static bool is_nowhere(const struct np_cast_member *cast)
{
    return cast->pool != NULL && cast->pool->of_organization;
}

/* How many members before `cast` are in another account by their own choice. */
static uint32_t count_others(const struct np_cast_source *source, const struct np_cast_member *cast)
{
    uint32_t count = 0;
    for (const struct np_cast_member *at = source->scenario->cast; at < cast; at++)
        count += at->account == NP_ACCOUNT_OTHER ? 1 : 0;
    return count;
}

static uint32_t choose_account(const struct np_cast_source *source,
                               const struct np_cast_member *cast, const struct np_member *members)
{
    struct np_random random = np_random_for(source->seed, NP_SPAN("accounts"), 0);
    int32_t with = cast->in >= 0 ? cast->in : cast->of;
    if (is_nowhere(cast))
        return NP_ACCOUNT_NONE;
    if (with >= 0 && members[with].account != NP_ACCOUNT_NONE)
        return members[with].account;
    switch (cast->account) {
    case NP_ACCOUNT_OTHER:
        return np_account_other(source->accounts, source->home, count_others(source, cast), random);
    case NP_ACCOUNT_FOREIGN:
        random = np_random_for(source->seed, cast->name, 1);
        return np_account_foreign(&random);
    case NP_ACCOUNT_SAME:
        break;
    }
    return source->home;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The k-th member drawn from a pool: all of them start at one entry and walk by one stride, so none meets another. */
static uint32_t draw(const struct np_cast_source *source, const struct np_pool *pool, uint64_t k)
{
    struct np_random random = np_random_for(source->seed, pool->name, 0);
    uint64_t count = NP_MAX(pool->count, 1u);
    uint64_t first = np_random_next(&random) % count;
    uint64_t stride = count > 2 ? 1 + np_random_next(&random) % (count - 1) : 1;
    while (gcd(stride, count) != 1)
        stride++;
    return (uint32_t) ((first + k % count * stride) % count);
}

/* The entry that always goes with another: the one of the same number, where the pools are of one size. */
static uint32_t draw_like(const struct np_pool *pool, const struct np_member *other)
{
    const struct np_member *whole = other;
    while (whole->of != NULL)
        whole = whole->of;
    uint64_t number = whole->entry;
    if (pool->of_organization && whole->account != NP_ACCOUNT_NONE && whole->pool != NULL)
        number += (uint64_t) whole->account * whole->pool->count;
    return (uint32_t) (number % NP_MAX(pool->count, 1u));
}

static struct chosen choose(const struct np_cast_source *source, const struct np_cast_member *cast,
                            const struct np_member *members)
{
    struct chosen chosen = {.account = choose_account(source, cast, members)};
    if (cast->pool != NULL && cast->like >= 0)
        chosen.entry = draw_like(cast->pool, &members[cast->like]);
    else if (cast->pool != NULL)
        chosen.entry = draw(source, cast->pool, cast->earlier_of_pool);
    return chosen;
}

/* The seed of a member: of an entry it says which one, whoever draws it. */
static uint64_t seed_of(const struct np_cast_source *source, const struct np_cast_member *cast,
                        struct chosen chosen)
{
    uint64_t number = (uint64_t) chosen.account << 32 | chosen.entry;
    return cast->pool != NULL
               ? np_random_for(source->accounts->seed, cast->pool->name, number).state
               : np_random_for(source->seed, cast->name, 2).state;
}

/* The home region of an account; of strangers and of nobody's it is that of the play. */
static struct np_span region_of(const struct np_cast_source *source, uint32_t account)
{
    uint32_t of = np_account_is_ours(account) ? account : source->home;
    return source->accounts->world->regions[np_account_home(source->accounts, of)];
}

static int make_one(struct np_cast *cast, size_t index, const struct np_cast_source *source,
                    struct np_arena *arena, struct np_buf *scratch)
{
    const struct np_cast_member *wanted = &source->scenario->cast[index];
    struct np_member *member = &cast->members[index];
    struct chosen chosen = choose(source, wanted, cast->members);
    struct np_member_source made_from = {
        .seed = seed_of(source, wanted, chosen),
        .accounts = source->accounts,
        .entry = np_cast_member_entry(wanted),
        .cast = wanted->pool != NULL ? NULL : cast->attributes,
        .of = member_at(cast->members, wanted->of),
        .region = region_of(source, chosen.account),
        .now = source->now,
        .account = chosen.account,
        .index = chosen.entry,
    };
    int r = np_member_make(member, &made_from, arena, scratch);
    if (r < 0)
        return r;
    member->pool = wanted->pool;
    member->entry = chosen.entry;
    cast->attributes[index] = member->attributes;
    return 0;
}

int np_cast_make(struct np_cast *out_cast, const struct np_cast_source *source,
                 struct np_arena *arena, struct np_buf *scratch)
{
    size_t count = source->scenario->cast_count;
    struct np_cast cast = {
        .members = np_arena_zalloc(arena, count * sizeof(cast.members[0])),
        .attributes = np_arena_zalloc(arena, count * sizeof(cast.attributes[0])),
        .count = count,
    };
    if (cast.members == NULL || cast.attributes == NULL)
        return -ENOMEM;
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = make_one(&cast, i, source, arena, scratch);
    if (r == 0)
        *out_cast = cast;
    return r;
}
