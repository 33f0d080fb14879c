/* SPDX-License-Identifier: Apache-2.0 */
/* Interned field names: the fixed ones first, in the order of fields.def, then the entity paths, then whatever rules name. */
#include "event/field.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/vec.h"

_Static_assert(NP_FIELD_NONE == NP_MAP_NONE, "np_field_find() hands the map's answer through");

struct np_field_set {
    struct np_map ids;
    NP_VEC(struct np_span) names; /* copies that the map owns */
};

static const char *const fixed_names[] = {
#define X(identifier, name, type, help) [NP_FIELD_##identifier] = (name),
#include "event/fields.def"
#undef X
#define E(event_name, path, kind, role) path,
#include "event/entities.def"
#undef E
};

int np_field_set_new(struct np_field_set **out_set)
{
    struct np_field_set *set = np_alloc(sizeof(*set));
    if (set == NULL)
        return -ENOMEM;
    np_map_init(&set->ids, NP_FIELDS_MAX);
    for (size_t i = 0; i < NP_ARRAY_LEN(fixed_names); i++) {
        np_field_id field = 0;
        int r = np_field_intern(set, np_span_of(fixed_names[i]), &field);
        if (r < 0) {
            np_field_set_free(&set);
            return r;
        }
    }
    *out_set = set;
    return 0;
}

void np_field_set_free(struct np_field_set **set)
{
    if (set == NULL || *set == NULL)
        return;
    np_map_done(&(*set)->ids);
    np_vec_done(&(*set)->names);
    np_free(*set);
    *set = NULL;
}

int np_field_intern(struct np_field_set *set, struct np_span name, np_field_id *out_field)
{
    if (name.len == 0 || name.len > NP_FIELD_NAME_MAX_BYTES)
        return -EINVAL;
    uint32_t known = np_map_get(&set->ids, name);
    if (known != NP_MAP_NONE) {
        *out_field = known;
        return 0;
    }
    int r = np_vec_reserve(&set->names, set->names.len + 1, NP_FIELDS_MAX);
    if (r < 0)
        return r;
    np_field_id id = (np_field_id) set->names.len;
    r = np_map_put(&set->ids, name, id);
    if (r < 0)
        return r;
    set->names.items[set->names.len++] = np_map_key(&set->ids, name);
    *out_field = id;
    return 0;
}

np_field_id np_field_find(const struct np_field_set *set, struct np_span name)
{
    return np_map_get(&set->ids, name); /* NP_MAP_NONE is NP_FIELD_NONE */
}

struct np_span np_field_name(const struct np_field_set *set, np_field_id field)
{
    return set->names.items[field];
}

size_t np_field_count(const struct np_field_set *set)
{
    return set->names.len;
}
