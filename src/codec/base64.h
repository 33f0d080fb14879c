/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 as in RFC 4648, section 4: the standard alphabet, with padding. */
#pragma once

#include <stddef.h>

#include "base/span.h"

/* How many characters `len` bytes become. */
static inline size_t np_base64_size(size_t len)
{
    return (len / 3 + (len % 3 != 0)) * 4;
}

/* Writes np_base64_size(bytes.len) characters to `out`, no NUL. */
void np_base64_encode(char *out, struct np_span bytes);

/* The six bits that a character of the alphabet stands for, -1 for any other, padding too. */
int np_base64_value(char c);
