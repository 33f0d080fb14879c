/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader inside: what both walks over a record (by a plan, over all texts) share and keep
 * between records.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "codec/json/json.h"
#include "codec/json/index.h"

struct np_json_reader {
    struct np_json_index *index;
    struct np_span record;        /* that was read last; empty where that failed */
    struct np_json_tokens tokens; /* its tokens */
    /*
     * By edge of a plan: the round or the place of its last key, see json.c. What other plans and
     * records have left does no harm: at worst it is taken for a repeat, which is then not found.
     */
    NP_VEC(uint64_t) marks;
    uint64_t round; /* of the last object; rounds begin with 1 */
};

/* By character: +1 opens a level, -1 closes one. */
extern const signed char np_json_nesting[256];

/*
 * Finds the tokens of `record`, which must begin with an opening brace and keep to the depth
 * limit.
 */
NP_NODISCARD enum np_json_result np_json_reader_index(struct np_json_reader *reader,
                                                      struct np_span record,
                                                      struct np_json_tokens *out_tokens,
                                                      const char **out_reason);

/* Makes room for the marks of `edges` edges: false where memory is out. */
NP_NODISCARD bool np_json_reader_mark_room(struct np_json_reader *reader, size_t edges);
