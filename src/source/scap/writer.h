/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of each event of a capture: where a screen is given it takes a glance first, and what no rule wants is only counted.
 * Of the others a record is written, with the values that are wanted of events of their type.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "event/glance.h"
#include "source/scap/state/state.h"
#include "source/source.h"

struct np_scap_writer {
    struct np_syscall_wants wants;
    struct np_glance *glance; /* NULL: records are heads alone */
    const struct np_screen *screen;
    struct np_buf records;         /* of the batch that is being filled */
    struct np_arena texts;         /* of one event */
    struct np_syscall_quiet quiet; /* events since the last record */
    uint64_t quiet_offset;         /* of the first of them */
};

/* `fields` and `screen` may be NULL and are borrowed. 0 or -ENOMEM; done() in any case. */
NP_NODISCARD int np_scap_writer_init(struct np_scap_writer *writer,
                                     const struct np_field_set *fields,
                                     const struct np_screen *screen);
void np_scap_writer_done(struct np_scap_writer *writer);

/* Tells the screen that the state is another one from here on. */
void np_scap_writer_forget(const struct np_scap_writer *writer);

/* Begins with the records of another batch; what was not finished is dropped. */
void np_scap_writer_begin(struct np_scap_writer *writer);

/*
 * Takes the event of `moment`, whose block is at `offset`, and adds its record's place to the batch's pieces. -E2BIG: its values are
 * more than a record may hold, nothing is written; -ENOMEM.
 */
NP_NODISCARD int np_scap_writer_take(struct np_scap_writer *writer,
                                     const struct np_scap_moment *moment, uint64_t offset,
                                     struct np_batch *batch);

/* Puts the records into the batch, those of quiet events too. 0 or a negative errno. */
NP_NODISCARD int np_scap_writer_finish(struct np_scap_writer *writer, struct np_batch *batch);
