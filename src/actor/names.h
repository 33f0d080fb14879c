/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that outlive their batch, each held once under a number: one of the two places where anything is copied (the
 * other is a finding). Bounded: when it is full, texts that nobody holds and that have not been met for longest leave;
 * where that is not enough a new text becomes NP_NAME_MANY, and that is counted. The number of a text that is not
 * held is good for NP_NAMES_RECENT further calls of np_names_put().
 *
 * Most texts are only looked at once: such a text *passes*. It is borrowed, has a number for a while and is not looked up; only
 * who holds it gives it a lasting number. So keep what np_names_hold() returns, not what it was given.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"

typedef uint32_t np_name; /* NP_NAME_NONE = the empty text */
#define NP_NAME_NONE 0u
#define NP_NAME_MANY 1u /* shown as "..." */

enum {
    NP_NAMES_RECENT = 64, /* a power of two */
    NP_NAME_MAX_BYTES =
        1024 /* of a text; what is longer is cut, the number is of its first bytes */
};

struct np_names;

NP_NODISCARD int np_names_new(struct np_names **out_names, size_t max_bytes);
void np_names_free(struct np_names **names);

/* The number of `text`, copied if it is new. Out of memory gives NP_NAME_MANY too. */
np_name np_names_put(struct np_names *names, struct np_span text);

/*
 * Numbers for `count` texts that lie one behind the other from `bytes` on and are borrowed: good for NP_NAMES_RECENT further
 * texts, and as long as these are where they are. Equal texts have different numbers. Returns where they end.
 */
const char *np_names_pass_run(struct np_names *names, const char *bytes, const uint16_t *lens,
                              size_t count, np_name *out_names);

/* The text of a number that is good; unless it passes NUL-terminated, until the text leaves. */
struct np_span np_names_text(const struct np_names *names, np_name name);

/* A hash of that text, the same in every run; 0 of NONE. */
uint64_t np_names_hash(const struct np_names *names, np_name name);

/* Holds a name, one that passes under a lasting number: returns it. Counted; of NONE and MANY: nothing. */
np_name np_names_hold(struct np_names *names, np_name name);

/* Lets a lasting name go; of one that passes: nothing. */
void np_names_release(struct np_names *names, np_name name);

/* How many texts could not be told apart for lack of memory. */
uint64_t np_names_lost(const struct np_names *names);
size_t np_names_bytes(const struct np_names *names);

/* Whether what is held takes so much that whoever holds old names should let some go. */
bool np_names_is_crowded(const struct np_names *names);
