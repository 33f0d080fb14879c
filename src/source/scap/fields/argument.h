/* SPDX-License-Identifier: Apache-2.0 */
/* A parameter that is being written: what the two files that write parameters share. */
#pragma once

#include "source/scap/fields/query.h"

struct np_argument {
    const struct np_query *query;
    const struct np_scap_param *info;
    enum np_scap_param_type type; /* of the variant, where it is one of several */
    struct np_span bytes;         /* not empty */
    struct np_argument_text *out;
};

/* Writes a parameter whose type is a number; one that is shorter is not there. 0 or -ENOMEM. */
int np_argument_number(const struct np_argument *argument);
