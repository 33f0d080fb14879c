/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that a record has: the names under which a plan could ask for its values. */
#pragma once

#include "codec/json/json.h"

enum { NP_JSON_PATH_GIVEN_MAX_BYTES = 1024 };

/*
 * Gives the path of every member of `record` (padding as of np_json_read()), in the record's
 * order, until `fn` returns false: "a", "a.b". A path over an array has no part for it, so one may
 * come many times. Paths that are longer than NP_JSON_PATH_GIVEN_MAX_BYTES are left out. `text`
 * lives until the next call. True when the walk went to the end, false when `fn` stopped it or the
 * record is not valid.
 */
bool np_json_each_path(struct np_json_reader *reader, struct np_span record, np_json_text_fn *fn,
                       void *context);
