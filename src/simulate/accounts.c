/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts from their numbers: see accounts.h. */
#include "simulate/accounts.h"

#define FIRST_ID UINT64_C(100000000000)
#define ID_COUNT UINT64_C(900000000000)
/* Shares no factor with ID_COUNT, so that walking by it meets every id once before any comes again. */
#define ID_STRIDE UINT64_C(556231881103)

uint64_t np_account_number(const struct np_accounts *accounts, uint32_t account)
{
    struct np_random random = np_random_for(accounts->seed, NP_SPAN("accounts"), 0);
    uint64_t id = np_random_next(&random) % ID_COUNT;
    /* ID_STRIDE * 2^24 still fits; the numbers of strangers keep to that. */
    return FIRST_ID + (id + ID_STRIDE * (account & 0xffffffu) % ID_COUNT) % ID_COUNT;
}

void np_account_id(const struct np_accounts *accounts, uint32_t account,
                   char out_id[NP_ACCOUNT_DIGITS])
{
    uint64_t id = np_account_number(accounts, account);
    for (size_t i = NP_ACCOUNT_DIGITS; i > 0; i--, id /= 10)
        out_id[i - 1] = (char) ('0' + id % 10);
}

size_t np_account_home(const struct np_accounts *accounts, uint32_t account)
{
    struct np_random random = np_random_for(accounts->seed, NP_SPAN("home"), account);
    size_t last = accounts->world->used_region_count - 1;
    size_t region = 0;
    while (region < last && np_random_chance(&random, 5000))
        region++;
    return region;
}

uint32_t np_account_other(const struct np_accounts *accounts, uint32_t account, uint32_t nth,
                          struct np_random random)
{
    uint64_t count = accounts->count;
    if (count < 2)
        return account == 0 ? 1 : 0; /* an organisation of one has a second where one is needed */
    uint64_t step = 1 + (np_random_next(&random) % (count - 1) + nth) % (count - 1);
    return (uint32_t) ((account + step) % count);
}

uint32_t np_account_foreign(struct np_random *random)
{
    return (uint32_t) np_random_between(random, NP_SIMULATE_MAX_ACCOUNTS, 0xffffff);
}
