/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a text is lines of JSON objects: a strict reader of a page, that knows nothing of the writer. */
#pragma once

#include "support/unit.h"

#include <string.h>
#include <utf8proc.h>

/* What stands behind a backslash; NULL where it is no escape. */
static inline const char *skip_escape(const char *at)
{
    if (*at == 'u')
        return strspn(at + 1, "0123456789abcdefABCDEF") >= 4 ? at + 5 : NULL;
    return *at != '\0' && strchr("\"\\/bfnrt", *at) != NULL ? at + 1 : NULL;
}

static inline const char *skip_string(const char *at)
{
    if (*at++ != '"')
        return NULL;
    while (at != NULL && *at != '"') {
        if ((unsigned char) *at < 0x20)
            return NULL;
        at = *at == '\\' ? skip_escape(at + 1) : at + 1;
    }
    return at != NULL ? at + 1 : NULL;
}

static inline const char *skip_value(const char *at, int depth);

/* The inside of an object or array up to `close`. */
static inline const char *skip_members(const char *at, char close, int depth)
{
    if (*at == close)
        return at + 1;
    for (;; at++) {
        if (close == '}') {
            at = skip_string(at);
            if (at == NULL || *at++ != ':')
                return NULL;
        }
        at = skip_value(at, depth + 1);
        if (at == NULL || (*at != ',' && *at != close))
            return NULL;
        if (*at == close)
            return at + 1;
    }
}

static inline const char *skip_value(const char *at, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    if (depth > 5)
        return NULL;
    if (*at == '{')
        return skip_members(at + 1, '}', depth);
    if (*at == '[')
        return skip_members(at + 1, ']', depth);
    if (*at == '"')
        return skip_string(at);
    for (size_t i = 0; i < NP_ARRAY_LEN(words); i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return at + strlen(words[i]);
    size_t digits = strspn(at, "-0123456789.");
    return digits > 0 ? at + digits : NULL;
}

/* Each line is one JSON object in UTF-8; returns how many there are. */
static inline size_t assert_json_lines(const char *text, size_t len)
{
    size_t lines = 0;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *) text;
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t code_point = 0;
        utf8proc_ssize_t size =
            utf8proc_iterate(bytes + at, (utf8proc_ssize_t) (len - at), &code_point);
        assert_true(size > 0 && code_point != 0);
        at += (size_t) size;
    }
    for (const char *at = text; *at != '\0'; at++, lines++) {
        assert_int_equal(*at, '{');
        at = skip_value(at, 0);
        assert_non_null(at);
        assert_int_equal(*at, '\n');
    }
    return lines;
}
