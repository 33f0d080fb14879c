/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a unit test includes first: cmocka with the headers that it wants before itself, and the few
 * assertions that it lacks for our types.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/span.h"

/* The span holds exactly the bytes of the C string. */
#define assert_span_equal(span, text)                                                              \
    do {                                                                                           \
        struct np_span got_ = (span);                                                              \
        assert_int_equal(got_.len, strlen(text));                                                  \
        if (got_.len > 0)                                                                          \
            assert_memory_equal(got_.ptr, (text), got_.len);                                       \
    } while (0)
