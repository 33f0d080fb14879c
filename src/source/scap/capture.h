/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture of system calls (.scap, as Falco from 0.42 on and sysdig of that age write it) as a
 * source of resolved records: its blocks in order, each event taken by the state of tasks and
 * descriptors, and of what both tell just the fields that somebody wants written down (writer.h).
 *
 * Older recorders wrote a call twice, when it was entered and when it returned; such a capture is
 * refused. What is not known is passed over by its length, counted and named.
 */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "event/field.h"
#include "source/object.h"
#include "source/source.h"
#include "source/tally.h"

struct np_scap_capture;

struct np_scap_capture_params {
    struct np_object *object; /* borrowed */
    struct np_span head;      /* read from it before; copied */
    const struct np_field_set
        *fields;                    /* that records hold; NULL: none, for a first look; borrowed */
    const struct np_screen *screen; /* NULL: every event is wanted; borrowed */
};

/* A capture at its first block: 0 or -ENOMEM. */
NP_NODISCARD int np_scap_capture_new(struct np_scap_capture **out_capture,
                                     const struct np_scap_capture_params *params);

/* NULL-safe. */
void np_scap_capture_free(struct np_scap_capture **capture);

/*
 * Fills `batch`, which is begun and empty, with records: about `aim` bytes of them, fewer where a
 * stream would have to be waited for. 1, or 0 at the end. What cannot be read is told `tally`
 * (NULL: nobody) for the batch's object; a fault of the capture itself ends it. -EINTR (call
 * again), -ENOMEM.
 */
NP_NODISCARD int np_scap_capture_fill(struct np_scap_capture *capture, struct np_batch *batch,
                                      size_t aim, struct np_tally *tally, struct np_err *err);

/* Bytes of memory that it holds, without the state. */
size_t np_scap_capture_memory(const struct np_scap_capture *capture);
