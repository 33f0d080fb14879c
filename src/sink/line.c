/* SPDX-License-Identifier: Apache-2.0 */
/* See line.h; docs/reference/output.md fixes the words. */
#include "sink/line.h"

enum { SCHEMA_VERSION = 1 };

void np_line_begin(struct np_json_writer *json, struct np_buf *buf, const char *kind)
{
    np_json_writer_init(json, buf);
    np_json_begin_object(json, NULL);
    np_json_uint(json, "schema_version", SCHEMA_VERSION);
    np_json_cstr(json, "kind", kind);
}

void np_line_end(struct np_json_writer *json)
{
    np_json_end_object(json);
    (void) np_buf_add_char(json->buf, '\n');
}

void np_line_time(struct np_json_writer *json, const char *key, np_time_ns time)
{
    char text[NP_TIME_TEXT_BYTES];
    np_time_format(text, time);
    np_json_cstr(json, key, time != NP_TIME_NONE ? text : NULL);
}

void np_line_hash(struct np_json_writer *json, const char *key, struct np_hash128 hash)
{
    char digits[33];
    np_hash128_format(digits, hash);
    np_json_cstr(json, key, digits);
}

void np_line_brief(struct np_json_writer *json, const struct np_event_brief *brief)
{
    np_json_text(json, "name", brief->name);
    np_json_text(json, "source", brief->source);
    np_json_text(json, "region", brief->region);
    np_json_text(json, "principal", brief->principal);
    np_json_text(json, "address", brief->address);
    np_json_text(json, "outcome", brief->outcome);
}

void np_line_origin(struct np_json_writer *json, const struct np_origin *origin)
{
    np_json_begin_object(json, "origin");
    np_json_cstr(json, "object", origin->object);
    np_json_uint(json, "offset", origin->offset);
    np_json_uint(json, "length", origin->length);
    np_json_end_object(json);
}
