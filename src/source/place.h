/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of reading. A stream comes first, since it cannot be looked at without being read; an
 * object with an S3 name by the time in it; any other file by the event time of its first record,
 * for which it is opened, looked at and closed again; those without any time come last, as they
 * were walked.
 */
#pragma once

#include "source/merge.h"
#include "source/walk.h"

/*
 * Sets the time of each object and sorts the list: 0 or -ENOMEM. What is wrong with an object is
 * not told here but when it is read.
 */
NP_NODISCARD int np_place_objects(struct np_object_list *list, struct np_clock *clock);
