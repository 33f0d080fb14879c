/* SPDX-License-Identifier: Apache-2.0 */
/* Error texts in fixed storage: see err.h for the convention. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Marks a message that did not fit, so that a cut text never looks complete. */
static void mark_cut(struct np_err *err, int wanted)
{
    if (wanted >= 0 && (size_t) wanted >= sizeof(err->msg))
        memcpy(err->msg + sizeof(err->msg) - 4, "...", 4);
}

void np_err_set(struct np_err *err, int code, const char *fmt, ...)
{
    if (err == NULL)
        return;
    va_list args;
    va_start(args, fmt);
    err->code = code;
    mark_cut(err, vsnprintf(err->msg, sizeof(err->msg), fmt, args));
    va_end(args);
}

void np_err_prefix(struct np_err *err, int code, const char *fmt, ...)
{
    if (err == NULL)
        return;
    struct np_err old = *err;
    char prefix[sizeof(err->msg)];
    va_list args;
    va_start(args, fmt);
    (void) vsnprintf(prefix, sizeof(prefix), fmt, args); /* a cut prefix is marked below */
    va_end(args);
    const char *inner = old.code == code ? old.msg : strerror(-code);
    err->code = code;
    mark_cut(err, snprintf(err->msg, sizeof(err->msg), "%s: %s", prefix, inner));
}

void np_assert_fail(const char *condition, const char *file, int line)
{
    (void) fprintf(stderr, "nepho: internal error at %s:%d: %s\n", file, line, condition);
    abort();
}
