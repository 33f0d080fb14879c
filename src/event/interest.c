/* SPDX-License-Identifier: Apache-2.0 */
/* A row of bits for each field: one for each type that is named anywhere. */
#include "event/interest.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/map.h"

struct row {
    bool is_known; /* somebody has spoken of the field */
    struct np_type_set types;
};

struct np_interest {
    struct np_map types; /* name -> bit */
    size_t field_count;
    struct row *rows; /* by field */
};

int np_interest_new(struct np_interest **out_interest, size_t field_count)
{
    struct np_interest *interest = np_alloc(sizeof(*interest));
    if (interest == NULL)
        return -ENOMEM;
    np_map_init(&interest->types, NP_TYPE_SET_MAX);
    interest->field_count = field_count;
    interest->rows = np_alloc_array(field_count, sizeof(interest->rows[0]));
    if (interest->rows == NULL) {
        np_interest_free(&interest);
        return -ENOMEM;
    }
    *out_interest = interest;
    return 0;
}

void np_interest_free(struct np_interest **interest)
{
    if (interest == NULL || *interest == NULL)
        return;
    np_map_done(&(*interest)->types);
    np_free((*interest)->rows);
    np_free(*interest);
    *interest = NULL;
}

int np_interest_name(struct np_interest *interest, struct np_span type, struct np_type_set *set)
{
    uint32_t bit = np_map_get(&interest->types, type);
    if (bit == NP_MAP_NONE) {
        bit = (uint32_t) interest->types.len;
        if (bit == NP_TYPE_SET_MAX) { /* it costs time only */
            set->is_all = true;
            return 0;
        }
        int r = np_map_put(&interest->types, type, bit);
        if (r < 0)
            return r;
    }
    set->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    return 0;
}

void np_interest_add(struct np_interest *interest, np_field_id field,
                     const struct np_type_set *types)
{
    struct row *row = &interest->rows[field];
    row->is_known = true;
    row->types.is_all |= types->is_all;
    for (size_t i = 0; i < NP_ARRAY_LEN(types->bits); i++)
        row->types.bits[i] |= types->bits[i];
}

bool np_interest_has(const struct np_interest *interest, np_field_id field, struct np_span type)
{
    if (field >= interest->field_count)
        return true;
    const struct row *row = &interest->rows[field];
    if (!row->is_known || row->types.is_all)
        return true;
    uint32_t bit = np_map_get(&interest->types, type);
    return bit != NP_MAP_NONE && (row->types.bits[bit / 64] >> (bit % 64) & 1) != 0;
}
