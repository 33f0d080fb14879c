/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accounts of the simulated organisation, by number. Their ids and home regions are computed from the seed, so
 * that any number of them costs no memory. Numbers from NP_SIMULATE_MAX_ACCOUNTS on are accounts of strangers.
 */
#pragma once

#include "simulate/scenario.h"

enum { NP_ACCOUNT_DIGITS = 12 };

#define NP_ACCOUNT_NONE UINT32_MAX

struct np_accounts {
    const struct np_world *world;
    uint64_t seed;
    uint32_t count;
};

/* Writes the id of an account, without a NUL; no two accounts share one. */
void np_account_id(const struct np_accounts *accounts, uint32_t account,
                   char out_id[NP_ACCOUNT_DIGITS]);

/* The same as a number. */
uint64_t np_account_number(const struct np_accounts *accounts, uint32_t account);

/* The region that an account uses most, as an index into those of the world. */
size_t np_account_home(const struct np_accounts *accounts, uint32_t account);

/*
 * The `nth` other account of the organisation than `account`, from 0, in an order that `random` decides: all differ, as
 * far as there are so many.
 */
uint32_t np_account_other(const struct np_accounts *accounts, uint32_t account, uint32_t nth,
                          struct np_random random);

/* An account outside of it. */
uint32_t np_account_foreign(struct np_random *random);

static inline bool np_account_is_ours(uint32_t account)
{
    return account < NP_SIMULATE_MAX_ACCOUNTS;
}
