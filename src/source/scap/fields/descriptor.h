/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of descriptor fields share. */
#pragma once

#include "source/scap/fields/query.h"

/* The fields of a socket's ends: addresses, ports, protocol. 0 or -ENOMEM. */
int np_field_socket(const struct np_query *query, const struct np_descriptor *descriptor);
