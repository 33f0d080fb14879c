/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of Falco's fields in log events. Many are a path of the record and are read with the kind's own plan; the others are computed
 * here from the record's bytes when they are asked for.
 *
 * What each says is as the READMEs of Falco's plugins "cloudtrail", "k8saudit" and "json" tell. A value is absent where the record
 * does not have it; a list that would be empty is absent, too. JSON null is absent where a field is a path, and the text "null" where it
 * is a place, as in the plugins.
 */
#pragma once

#include "event/event.h"
#include "event/falco/fields.h"

/* A field that is computed. Spans live as long as the field set. */
struct np_falco_wanted {
    np_field_id field;
    const struct np_falco_field *what;
    struct np_span argument;
};

enum { NP_FALCO_MEMBERS_MAX = 48 };

/* The members of a record, found once: nearly every value is below one of a few. Spans are into the record. */
struct np_falco_members {
    struct {
        struct np_span key;
        struct np_span value;
    } items[NP_FALCO_MEMBERS_MAX];
    size_t count;
    bool is_cut; /* the record has more */
};

void np_falco_members_read(struct np_falco_members *members, struct np_span record);

/* The path that a field of a cloud source stands for; NULL where it is computed. */
const char *np_falco_cloud_path(const struct np_falco_field *what);

/* The value of a computed field of an event with these members, in `arena` where it is made. 0 or -ENOMEM. */
NP_NODISCARD int np_falco_cloud_value(struct np_event *event,
                                      const struct np_falco_members *members,
                                      const struct np_falco_wanted *wanted, struct np_arena *arena,
                                      struct np_value *out_value);
