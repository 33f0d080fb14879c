/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of entry is and has; the attributes of one, from its mapping. */
#pragma once

#include "simulate/load/loader.h"

struct np_entry_kind {
    const char *name;
    const char *of;     /* what `of` must name, in words; NULL = it has no `of` */
    unsigned of_kinds;  /* bits of enum np_member_is */
    unsigned has;       /* bits of enum np_attribute: always there */
    unsigned may;       /* that may be written, too */
    unsigned needs;     /* that must be written */
    const char *silent; /* why it cannot call; NULL = it can */
};

const struct np_entry_kind *np_entry_kind(enum np_member_is is);

/* Reads `is`, which must be there; false where it names no kind, and the problem is told. */
bool np_entry_read_kind(const struct np_load_file *file, const struct np_yaml_node *mapping,
                        enum np_member_is *out_is);

/* Where the attributes of an entry stand, and what is no attribute. */
struct np_entry_source {
    const struct np_load_file *file;
    const struct np_yaml_node *node; /* the mapping */
    const char *const *keys;         /* of the mapping that are no attributes */
    size_t key_count;
    struct np_text_scope scope; /* all but `self` */
};

/* Reads the attributes of an entry, whose kind is known. */
NP_NODISCARD int np_entry_read(struct np_entry *entry, const struct np_entry_source *source);
