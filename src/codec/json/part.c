/* SPDX-License-Identifier: Apache-2.0 */
/* Finding values by counting brackets and passing over strings. */
#include "codec/json/part.h"

#include <errno.h>

#include "codec/json/json.h"
#include "codec/json/token.h"

static struct np_span skip_blanks(struct np_span text)
{
    size_t len = 0;
    while (len < text.len && np_json_is_blank(text.ptr[len]))
        len++;
    return np_span_from(text, len);
}

/* The length of the string that `text` begins with, quotes and all; 0 where it does not close. */
static size_t string_len(struct np_span text)
{
    size_t at = 1;
    while (at < text.len) {
        const char *quote = memchr(text.ptr + at, '"', text.len - at);
        if (quote == NULL)
            return 0;
        size_t backslashes = 0;
        while (quote[-1 - (ptrdiff_t) backslashes] == '\\')
            backslashes++; /* ends at the opening quote */
        at = (size_t) (quote - text.ptr) + 1;
        if (backslashes % 2 == 0)
            return at;
    }
    return 0;
}

/* The length of the object or array that `text` begins with; 0 where it does not close. */
static size_t bracket_len(struct np_span text)
{
    size_t depth = 0;
    for (size_t at = 0; at < text.len; at++) {
        size_t len = 1;
        switch (text.ptr[at]) {
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (--depth == 0)
                return at + 1;
            break;
        case '"':
            len = string_len(np_span_from(text, at));
            if (len == 0)
                return 0;
            at += len - 1;
            break;
        default:
            break;
        }
    }
    return 0;
}

static size_t scalar_len(struct np_span text)
{
    size_t len = 0;
    while (len < text.len && !np_json_is_blank(text.ptr[len]) && text.ptr[len] != ',' &&
           text.ptr[len] != '}' && text.ptr[len] != ']')
        len++;
    return len;
}

/* The length of the value that `text` begins with; 0 where it is none. */
static size_t value_len(struct np_span text)
{
    if (text.len == 0)
        return 0;
    if (text.ptr[0] == '"')
        return string_len(text);
    return text.ptr[0] == '{' || text.ptr[0] == '[' ? bracket_len(text) : scalar_len(text);
}

bool np_json_walk_begin(struct np_json_walk *walk, struct np_span value)
{
    if (value.len < 2 || (value.ptr[0] != '{' && value.ptr[0] != '['))
        return false;
    walk->is_object = value.ptr[0] == '{';
    walk->rest = np_span_make(value.ptr + 1, value.len - 2);
    return true;
}

/* Takes a key and its colon off the walk: false where there is none. */
static bool take_key(struct np_json_walk *walk, struct np_span *out_key)
{
    struct np_span rest = skip_blanks(walk->rest);
    size_t len = rest.len > 0 && rest.ptr[0] == '"' ? string_len(rest) : 0;
    if (len == 0)
        return false;
    *out_key = np_span_make(rest.ptr + 1, len - 2);
    rest = skip_blanks(np_span_from(rest, len));
    if (rest.len == 0 || rest.ptr[0] != ':')
        return false;
    walk->rest = np_span_from(rest, 1);
    return true;
}

bool np_json_walk_next(struct np_json_walk *walk, struct np_span *out_key,
                       struct np_span *out_value)
{
    *out_key = (struct np_span){};
    if (walk->is_object && !take_key(walk, out_key))
        return false;
    struct np_span rest = skip_blanks(walk->rest);
    size_t len = value_len(rest);
    if (len == 0)
        return false;
    *out_value = np_span_head(rest, len);
    rest = skip_blanks(np_span_from(rest, len));
    walk->rest = rest.len > 0 && rest.ptr[0] == ',' ? np_span_from(rest, 1) : (struct np_span){};
    return true;
}

/* Whether `name` is the number `index` in decimal, without leading zeros. */
static bool is_index(struct np_span name, size_t index)
{
    size_t at = name.len;
    do {
        if (at == 0 || name.ptr[--at] != (char) ('0' + index % 10))
            return false;
        index /= 10;
    } while (index > 0);
    return at == 0;
}

bool np_json_step(struct np_span value, struct np_span name, struct np_span *out_value)
{
    struct np_json_walk walk;
    struct np_span key;
    if (!np_json_walk_begin(&walk, value))
        return false;
    for (size_t i = 0; np_json_walk_next(&walk, &key, out_value); i++)
        if (walk.is_object ? np_span_eq(key, name) : is_index(name, i))
            return true;
    return false;
}

static int string_text(struct np_span value, struct np_arena *arena, struct np_span *out_text)
{
    struct np_span quoted = np_span_make(value.ptr + 1, value.len - 2);
    if (memchr(quoted.ptr, '\\', quoted.len) == NULL) {
        *out_text = quoted;
        return 0;
    }
    char *text = np_arena_alloc(arena, quoted.len);
    size_t len = 0;
    if (text == NULL)
        return -ENOMEM;
    if (!np_json_text_decode(quoted, text, &len))
        return -EINVAL;
    *out_text = np_span_make(text, len);
    return 0;
}

int np_json_value_text(struct np_span value, struct np_arena *arena, struct np_span *out_text)
{
    if (np_json_is_text(value))
        return string_text(value, arena, out_text);
    *out_text = value;
    if (value.len == 0 || (value.ptr[0] != '{' && value.ptr[0] != '['))
        return 0;
    np_auto_buf struct np_buf compact;
    np_buf_init(&compact, value.len);
    int r = np_json_compact(&compact, value);
    if (r < 0 || compact.len == value.len)
        return r;
    *out_text = np_buf_span(&compact);
    return np_arena_keep(arena, out_text);
}

static void add_line(struct np_buf *out, size_t depth)
{
    np_buf_add_char(out, '\n');
    for (size_t i = 0; i < depth; i++)
        np_buf_add_str(out, "  ");
}

/* Appends what `text` begins with, a bracket, a comma, a colon or a whole value, and returns its length. */
static size_t indent_token(struct np_buf *out, struct np_span text, size_t *depth)
{
    struct np_span behind = skip_blanks(np_span_from(text, 1));
    bool is_closed = behind.len > 0 && (behind.ptr[0] == '}' || behind.ptr[0] == ']');
    size_t len = 1;
    switch (text.ptr[0]) {
    case '{':
    case '[':
        np_buf_add_char(out, text.ptr[0]);
        *depth += 1;
        if (!is_closed)
            add_line(out, *depth);
        return len;
    case '}':
    case ']':
        *depth -= *depth > 0;
        np_buf_add_char(out, text.ptr[0]);
        return len;
    case ',':
        np_buf_add_char(out, ',');
        add_line(out, *depth);
        return len;
    case ':':
        np_buf_add_str(out, ": ");
        return len;
    default:
        len = text.ptr[0] == '"' ? string_len(text) : scalar_len(text);
        len = len == 0 ? 1 : len;
        np_buf_add(out, text.ptr, len);
        return len;
    }
}

int np_json_indent(struct np_buf *out, struct np_span value)
{
    size_t start = out->len;
    size_t depth = 0;
    bool is_empty = true; /* the bracket that was opened last */
    for (struct np_span rest = skip_blanks(value); rest.len > 0; rest = skip_blanks(rest)) {
        char c = rest.ptr[0];
        if ((c == '}' || c == ']') && !is_empty)
            add_line(out, depth > 0 ? depth - 1 : 0);
        rest = np_span_from(rest, indent_token(out, rest, &depth));
        is_empty = c == '{' || c == '[';
    }
    if (out->error < 0)
        out->len = start;
    return out->error;
}
