/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns dangerous or bypassing C functions into compile errors. The build includes it in front of
 * every C file of ours but base/alloc.c, which owns the allocator, and base/hash.c, whose library
 * header allocates inline. The names must not be poisoned before the headers that declare or use
 * them, so those come first; the vector intrinsics are one of them.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Macros in glibc, always or when hardened; compilers warn about poisoning one. */
#undef alloca
#undef sprintf
#undef vsprintf
#pragma GCC poison malloc calloc realloc free strdup strndup sprintf vsprintf strcpy strcat        \
    strncpy strncat strtok
#pragma GCC poison gets atoi atol atoll atof gmtime localtime ctime asctime alloca
