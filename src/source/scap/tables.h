/* SPDX-License-Identifier: Apache-2.0 */
/* The tables at the beginning of a capture, put into the state. */
#pragma once

#include "base/compiler.h"
#include "base/err.h"
#include "source/scap/blocks.h"
#include "source/scap/state/state.h"

/*
 * Takes a block of the machine, of users, processes, descriptors or interfaces: 0, -ENOMEM, or
 * -EBADMSG where it is damaged; what stands before the damage is taken.
 */
NP_NODISCARD int np_scap_tables_take(struct np_scap_state *state, const struct np_scap_block *block,
                                     struct np_err *err);
