/* SPDX-License-Identifier: Apache-2.0 */
/* Interned field names: the fixed ones first, in the order of fields.def, then the entity paths, then whatever rules name. */
#include "event/field.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "event/derived.h"
#include "event/interest.h"

_Static_assert(NP_FIELD_NONE == NP_MAP_NONE, "np_field_find() hands the map's answer through");

struct np_field_set {
    struct np_map ids;
    NP_VEC(struct np_span) names; /* copies that the map owns */
    NP_VEC(struct np_derived) derived;
    struct np_arena arena; /* of their inputs */
    struct np_interest *interest;
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
    np_arena_init(&set->arena, SIZE_MAX);
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
    np_vec_done(&(*set)->derived);
    np_interest_free(&(*set)->interest);
    np_arena_done(&(*set)->arena);
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

void np_field_set_take_interest(struct np_field_set *set, struct np_interest **interest)
{
    np_interest_free(&set->interest);
    set->interest = *interest;
    *interest = NULL;
}

const struct np_interest *np_field_set_interest(const struct np_field_set *set)
{
    return set->interest;
}

/* ---- derived fields */

/* Writes a text so that no two calls have the same name. */
static void add_quoted(struct np_buf *out, struct np_span text)
{
    (void) np_buf_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            (void) np_buf_add_char(out, '\\');
        (void) np_buf_add_char(out, text.ptr[i]);
    }
    (void) np_buf_add_char(out, '"');
}

static void add_input(struct np_buf *out, const struct np_field_set *set,
                      const struct np_derived_input *input)
{
    if (input->field == NP_FIELD_NONE)
        add_quoted(out, input->text);
    else
        (void) np_buf_add_span(out, set->names.items[input->field]);
}

/* Writes the call; failures stay in the buffer. */
static void add_name(struct np_buf *out, const struct np_field_set *set,
                     const struct np_derived *derived)
{
    if (derived->op == NP_DERIVED_ITEM) {
        add_input(out, set, &derived->inputs[0]);
        (void) np_buf_printf(out, "[%u]", (unsigned) derived->index);
        return;
    }
    (void) np_buf_add_str(out, np_derived_op_name(derived->op));
    for (size_t i = 0; i < derived->count; i++) {
        (void) np_buf_add_str(out, i > 0 ? ", " : "(");
        add_input(out, set, &derived->inputs[i]);
    }
    (void) np_buf_add_char(out, ')');
}

static int add_derived(struct np_field_set *set, struct np_derived derived)
{
    struct np_derived_input *inputs =
        np_arena_alloc(&set->arena, derived.count * sizeof(inputs[0]));
    if (inputs == NULL)
        return -ENOMEM;
    if (derived.count > 0)
        memcpy(inputs, derived.inputs, derived.count * sizeof(inputs[0]));
    for (size_t i = 0; i < derived.count; i++)
        if (np_arena_keep(&set->arena, &inputs[i].text) < 0)
            return -ENOMEM;
    derived.inputs = inputs;
    return np_vec_push(&set->derived, derived, NP_DERIVED_MAX);
}

int np_field_derive(struct np_field_set *set, const struct np_derived *derived,
                    np_field_id *out_field)
{
    struct np_buf name;
    struct np_derived copy = *derived;
    np_buf_init(&name, NP_FIELD_NAME_MAX_BYTES);
    add_name(&name, set, derived);
    int r = name.error == -E2BIG ? -EINVAL : name.error;
    if (r == 0)
        r = np_field_intern(set, np_buf_span(&name), &copy.field);
    np_buf_done(&name);
    for (size_t i = 0; i < set->derived.len && r == 0; i++)
        if (set->derived.items[i].field == copy.field) {
            *out_field = copy.field;
            return 0;
        }
    if (r == 0)
        r = add_derived(set, copy);
    if (r == 0)
        *out_field = copy.field;
    return r;
}

const struct np_derived *np_field_derived(const struct np_field_set *set, size_t *out_count)
{
    *out_count = set->derived.len;
    return set->derived.items;
}
