/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an item does to the one that has its name already: it stands in its place, is added to it (`append: true`), or adds to or
 * replaces single keys (`override:`).
 */
#pragma once

#include "rule/falco/load/item.h"

enum { NP_FALCO_KEYS_MAX = 16 };

enum np_falco_change { NP_FALCO_KEEP, NP_FALCO_APPEND, NP_FALCO_REPLACE };

/* A key that can be overridden, and how. */
struct np_falco_changeable {
    const char *key;
    bool append;
};

struct np_falco_override {
    bool append;                                     /* `append: true` */
    bool any;                                        /* a key is overridden */
    enum np_falco_change changes[NP_FALCO_KEYS_MAX]; /* by the place of the key */
};

/*
 * Reads `append` and `override`. Each key that is overridden must be there, and with `whole` each key that is there must be
 * overridden. 0, or -EINVAL with what is wrong told.
 */
NP_NODISCARD int np_falco_override_read(const struct np_falco_item *item,
                                        const struct np_falco_changeable *keys, size_t count,
                                        bool whole, struct np_falco_override *out_override);
