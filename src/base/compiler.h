/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiler attributes and the few macros that everything else is written with. All attributes of
 * the project stand here, so that no other file speaks the dialect of one compiler.
 */
#pragma once

#include <stddef.h>

#define NP_NODISCARD                     __attribute__((warn_unused_result))
#define NP_PRINTF(fmt_index, args_index) __attribute__((format(printf, fmt_index, args_index)))
#define NP_NORETURN                      __attribute__((noreturn))
#define NP_UNUSED                        __attribute__((unused))
#define NP_CLEANUP(function)             __attribute__((cleanup(function)))

/* Drops a result that must otherwise be used; the reason stands beside it. */
#define NP_IGNORE(expression)                                                                      \
    do {                                                                                           \
        __typeof__(expression) np_ignored_ NP_UNUSED = (expression);                               \
    } while (0)

#define np_likely(x)   __builtin_expect(!!(x), 1)
#define np_unlikely(x) __builtin_expect(!!(x), 0)

#define NP_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define NP_MIN(a, b)    ((a) < (b) ? (a) : (b))
#define NP_MAX(a, b)    ((a) > (b) ? (a) : (b))

/*
 * Moves a pointer out of a variable that a cleanup attribute guards: yields it and leaves NULL
 * behind.
 */
#define NP_TAKE(pointer)                                                                           \
    __extension__({                                                                                \
        __typeof__(pointer) np_taken_ = (pointer);                                                 \
        (pointer) = NULL;                                                                          \
        np_taken_;                                                                                 \
    })

/* The same for a file descriptor; leaves -1 behind. */
#define NP_TAKE_FD(fd)                                                                             \
    __extension__({                                                                                \
        int np_taken_ = (fd);                                                                      \
        (fd) = -1;                                                                                 \
        np_taken_;                                                                                 \
    })

/*
 * States a programmer's error, also in release builds. Nothing that derives from input may reach an
 * assert. NP_ASSERT_HOT is for the path of every event: it is checked in debug and test builds
 * only.
 */
#define NP_ASSERT(condition)                                                                       \
    do {                                                                                           \
        if (np_unlikely(!(condition)))                                                             \
            np_assert_fail(#condition, __FILE__, __LINE__);                                        \
    } while (0)
#ifdef NP_DEBUG
#define NP_ASSERT_HOT(condition) NP_ASSERT(condition)
#else
#define NP_ASSERT_HOT(condition) ((void) 0)
#endif

/* Prints the failed condition with its place on stderr and aborts. */
NP_NORETURN void np_assert_fail(const char *condition, const char *file, int line);
