/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of an event as they are stored, and its name; blocks.h reads them as numbers and texts. */
#pragma once

#include "source/scap/blocks.h"

/* A parameter as it is stored; of NP_SCAP_DYN what its variant has, where there is that variant. */
struct np_scap_stored {
    enum np_scap_param_type type;
    struct np_span bytes;
};

/* Parameter `i`, below `params_len`. */
struct np_scap_stored np_scap_event_stored(const struct np_scap_event *event, size_t i);

/*
 * What the event is called ("openat"): its type says that, but of a call without a type of its own
 * its number does, and of what a plugin told the recorder the event itself.
 */
struct np_span np_scap_event_name(const struct np_scap_event *event);

/* Whether events of the same type may have other names. */
bool np_scap_event_has_own_name(const struct np_scap_event *event);
