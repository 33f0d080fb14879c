/* SPDX-License-Identifier: Apache-2.0 */
/* Three bytes become four characters, a rest of one or two bytes is padded; and back, one by one. */
#include "codec/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void np_base64_encode(char *out, struct np_span bytes)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t) (unsigned char) bytes.ptr[i] << 16;
        if (left > 1)
            group |= (uint32_t) (unsigned char) bytes.ptr[i + 1] << 8;
        if (left > 2)
            group |= (unsigned char) bytes.ptr[i + 2];
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = '=';
        *out++ = '=';
        if (left > 1)
            out[-2] = alphabet[group >> 6 & 63];
        if (left > 2)
            out[-1] = alphabet[group & 63];
    }
}

int np_base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}
