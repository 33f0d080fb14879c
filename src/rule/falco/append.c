/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that the user wants told of every alert: each has to be one of some source's. */
#include <errno.h>

#include "event/falco/fields.h"
#include "rule/rule_internal.h"

/* Whether a source has the field that `name` means. */
static bool is_known(struct np_span name)
{
    struct np_span argument;
    for (size_t i = 0; i < NP_FALCO_SOURCE_MAX; i++)
        if (np_falco_field_find((enum np_falco_source) i, name, &argument) != NULL)
            return true;
    return false;
}

int np_rule_set_append_fields(struct np_rule_set *set, struct np_span names, struct np_err *err)
{
    while (names.len > 0) {
        const char *comma = memchr(names.ptr, ',', names.len);
        struct np_span name =
            np_span_head(names, comma != NULL ? (size_t) (comma - names.ptr) : names.len);
        names = np_span_from(names, NP_MIN(name.len + 1, names.len));
        if (!is_known(name))
            return np_fail(err, -EINVAL, "there is no field '%.*s'", NP_SPAN_ARGS(name));
        int r = np_arena_keep(&set->arena, &name);
        if (r == 0)
            r = np_vec_push(&set->appended, name, NP_OUTPUT_FIELDS_MAX);
        if (r < 0)
            return r == -E2BIG ? np_fail(err, r, "more than %d fields", NP_OUTPUT_FIELDS_MAX)
                               : np_fail(err, r, "out of memory");
    }
    return 0;
}
