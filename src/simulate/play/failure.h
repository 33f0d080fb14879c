/* SPDX-License-Identifier: Apache-2.0 */
/* Why a call failed, in the words of AWS. */
#pragma once

#include "simulate/play/record.h"

/*
 * Sets errorCode and errorMessage of a call, and whether it was refused for lack of rights: 0, -ENOMEM or -E2BIG. The
 * texts live in the values of the recorder.
 */
NP_NODISCARD int np_failure_set(struct np_recorder *recorder, struct np_record *record,
                                bool refused);
