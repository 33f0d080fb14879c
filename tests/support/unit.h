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

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

/* Whether the program runs many times slower than it is, as under valgrind. */
static inline bool test_is_short(void)
{
    return getenv("NP_TEST_SHORT") != NULL;
}

/* How many rounds of generated cases to do. */
static inline unsigned test_rounds(unsigned rounds)
{
    return test_is_short() ? 1 + rounds / 50 : rounds;
}

/* The span holds exactly the bytes of the C string. */
#define assert_span_equal(span, text)                                                              \
    do {                                                                                           \
        struct np_span got_ = (span);                                                              \
        assert_int_equal(got_.len, strlen(text));                                                  \
        if (got_.len > 0)                                                                          \
            assert_memory_equal(got_.ptr, (text), got_.len);                                       \
    } while (0)
