/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error convention. A fallible function returns 0 or a negative errno; one that can fail
 * for a reason that a person must read also takes a last `struct np_err *err` (NULL allowed), which
 * is untouched on success. The message lives in the caller's storage: no allocation, no ownership.
 *
 * Both macros evaluate to the code, so `return np_fail(err, -EINVAL, "...")` shows compilers and
 * analyzers the value. Messages: lower case, subject in quotes, no full stop; context is put in
 * front on the way up, so the result reads from the outside in.
 */
#pragma once

#include <errno.h>

#include "base/compiler.h"

struct np_err {
    int code;      /* negative errno, 0 = no error */
    char msg[240]; /* NUL-terminated, cut with "..." when too long */
};

/* Writes code and formatted message into `err` (NULL allowed). Use np_fail(). */
void np_err_set(struct np_err *err, int code, const char *fmt, ...) NP_PRINTF(3, 4);

/*
 * Puts the formatted text and ": " in front of the message of `err` (NULL allowed). Use
 * np_context().
 */
void np_err_prefix(struct np_err *err, int code, const char *fmt, ...) NP_PRINTF(3, 4);

#define np_fail(err, code, ...)                                                                    \
    __extension__({                                                                                \
        np_err_set((err), (code), __VA_ARGS__);                                                    \
        (code);                                                                                    \
    })

#define np_context(err, code, ...)                                                                 \
    __extension__({                                                                                \
        int np_code_ = (code);                                                                     \
        np_err_prefix((err), np_code_, __VA_ARGS__);                                               \
        np_code_;                                                                                  \
    })

/* -errno of the call that has just failed; never 0, whatever errno holds. */
static inline int np_neg_errno(void)
{
    int code = errno;
    return code > 0 ? -code : -EIO;
}
