/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing JSON into a buffer: a small streaming writer for output lines. It puts the commas; the
 * caller keeps the nesting right. Text that is not UTF-8 is written with U+FFFD in place of each
 * byte that is wrong, so that every line is valid JSON; control characters, bidi controls among
 * them, are escaped, so that it is harmless on a terminal. Errors stay in the buffer
 * (`buf->error`).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "codec/value.h"

struct np_json_writer {
    struct np_buf *buf; /* the caller's */
    bool need_comma;
};

/* Begins to write at the end of `buf`; once for each value at the top, such as a line. */
void np_json_writer_init(struct np_json_writer *writer, struct np_buf *buf);

/*
 * Open and close; `key` is NULL inside arrays and at the top. Keys are literals and written as they
 * are.
 */
void np_json_begin_object(struct np_json_writer *writer, const char *key);
void np_json_end_object(struct np_json_writer *writer);
void np_json_begin_array(struct np_json_writer *writer, const char *key);
void np_json_end_array(struct np_json_writer *writer);

/* One member or element each. */
void np_json_text(struct np_json_writer *writer, const char *key, struct np_span text);
void np_json_cstr(struct np_json_writer *writer, const char *key, const char *text); /* or null */
void np_json_uint(struct np_json_writer *writer, const char *key, uint64_t number);
void np_json_int(struct np_json_writer *writer, const char *key, int64_t number);
void np_json_bool(struct np_json_writer *writer, const char *key, bool value);
void np_json_null(struct np_json_writer *writer, const char *key);

/*
 * A number rounded to six digits behind the point, without zeros at its end, whatever the locale;
 * null where it is not finite.
 */
void np_json_real(struct np_json_writer *writer, const char *key, double number);

/*
 * A member whose key is data (escaped) and whose value is what it is: a number a number, a list an array, one
 * that is absent null. Numbers are written from their value, not from their text, which may be
 * another way to say it (of a time); an object is written as the text of it.
 */
void np_json_value_member(struct np_json_writer *writer, struct np_span key,
                          const struct np_value *value);
