/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of an event as they are stored; blocks.h reads them as numbers and texts. */
#pragma once

#include "source/scap/blocks.h"

/* A parameter as it is stored; of NP_SCAP_DYN what its variant has, where there is that variant. */
struct np_scap_stored {
    enum np_scap_param_type type;
    struct np_span bytes;
};

/* Parameter `i`, below `params_len`. */
struct np_scap_stored np_scap_event_stored(const struct np_scap_event *event, size_t i);
