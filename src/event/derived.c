/* SPDX-License-Identifier: Apache-2.0 */
/* See derived.h. Texts and lists are made in the event's arena. */
#include "event/derived.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "codec/base64.h"
#include "event/event_internal.h"

const char *np_derived_op_name(enum np_derived_op op)
{
    static const char *const names[NP_DERIVED_OP_MAX] = {
        "tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt", "item",
    };
    return names[op];
}

static bool is_missing(const struct np_value *value)
{
    return value->kind == NP_VALUE_ABSENT || value->kind == NP_VALUE_NULL;
}

/* ---- one text from one text */

static struct np_value text_value(const char *bytes, size_t len)
{
    return (struct np_value){.kind = NP_VALUE_TEXT, .text = np_span_make(bytes, len)};
}

static int change_case(struct np_arena *arena, struct np_span text, bool upper,
                       struct np_value *out_value)
{
    char first = upper ? 'a' : 'A';
    char *bytes = np_arena_strdup(arena, text);
    if (bytes == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < text.len; i++)
        if (bytes[i] >= first && bytes[i] <= first + ('z' - 'a'))
            bytes[i] = (char) (bytes[i] ^ 0x20);
    *out_value = text_value(bytes, text.len);
    return 0;
}

/* Padding may be left out. */
static int decode_base64(struct np_arena *arena, struct np_span text, struct np_value *out_value)
{
    char *bytes = np_arena_alloc(arena, text.len / 4 * 3 + 3);
    if (bytes == NULL)
        return -ENOMEM;
    while (text.len > 0 && text.ptr[text.len - 1] == '=')
        text.len--;
    size_t len = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        int six = np_base64_value(text.ptr[i]);
        if (six < 0)
            return 0;
        bits = bits << 6 | (uint32_t) six;
        if (i % 4 != 0)
            bytes[len++] = (char) (bits >> (6 - i % 4 * 2));
    }
    if (text.len % 4 != 1)
        *out_value = text_value(bytes, len);
    return 0;
}

static struct np_value base_name(struct np_span text)
{
    const char *slash = text.len > 0 ? memrchr(text.ptr, '/', text.len) : NULL;
    size_t skipped = slash != NULL ? (size_t) (slash - text.ptr) + 1 : 0;
    return text_value(text.ptr + skipped, text.len - skipped);
}

/* What a text becomes; missing where it becomes nothing. -ENOMEM. */
static int change_text(struct np_arena *arena, enum np_derived_op op, struct np_span text,
                       struct np_value *out_value)
{
    *out_value = (struct np_value){};
    switch (op) {
    case NP_DERIVED_TOLOWER:
    case NP_DERIVED_TOUPPER:
        return change_case(arena, text, op == NP_DERIVED_TOUPPER, out_value);
    case NP_DERIVED_B64:
        return decode_base64(arena, text, out_value);
    default:
        *out_value = base_name(text);
        return 0;
    }
}

/* The same of a value or each element of a list; missing where one is. */
static int change_value(struct np_arena *arena, enum np_derived_op op, const struct np_value *from,
                        struct np_value *out_value)
{
    if (from->kind != NP_VALUE_LIST)
        return change_text(arena, op, from->text, out_value);
    struct np_value *items = np_arena_alloc(arena, from->count * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < from->count; i++) {
        int r = change_text(arena, op, from->items[i].text, &items[i]);
        if (r < 0 || is_missing(&items[i]))
            return r;
    }
    *out_value = (struct np_value){.kind = NP_VALUE_LIST, .count = from->count, .items = items};
    return 0;
}

static int count_value(struct np_arena *arena, const struct np_value *from,
                       struct np_value *out_value)
{
    size_t count = from->kind == NP_VALUE_LIST ? from->count : from->text.len;
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%zu", count);
    struct np_span text = np_span_make(digits, (size_t) len);
    int r = np_arena_keep(arena, &text);
    if (r == 0)
        *out_value =
            (struct np_value){.kind = NP_VALUE_INT, .text = text, .integer = (int64_t) count};
    return r;
}

static void take_item(const struct np_value *from, uint32_t index, struct np_value *out_value)
{
    if (from->kind == NP_VALUE_LIST && index < from->count)
        *out_value = from->items[index];
}

/* ---- several inputs */

/* The texts of the inputs from the one with number `from` on, lists opened. */
struct texts {
    struct np_span *items;
    size_t count;
};

static struct np_value value_of(struct np_event *event, const struct np_derived_input *input)
{
    if (input->field == NP_FIELD_NONE)
        return text_value(input->text.ptr, input->text.len);
    return *np_event_field(event, input->field);
}

/* 1 = `*out_texts` has them, 0 = an input is missing, -ENOMEM. */
static int read_texts(struct np_event *event, const struct np_derived *derived, size_t from,
                      struct texts *out_texts)
{
    size_t count = 0;
    for (size_t i = from; i < derived->count; i++) {
        struct np_value value = value_of(event, &derived->inputs[i]);
        if (is_missing(&value))
            return 0;
        count += value.kind == NP_VALUE_LIST ? value.count : 1;
    }
    out_texts->items = np_arena_alloc(event->arena, count * sizeof(out_texts->items[0]));
    out_texts->count = 0;
    if (out_texts->items == NULL)
        return -ENOMEM;
    for (size_t i = from; i < derived->count; i++) {
        struct np_value value = value_of(event, &derived->inputs[i]);
        bool is_list = value.kind == NP_VALUE_LIST;
        for (uint32_t k = 0; k < (is_list ? value.count : 1); k++)
            out_texts->items[out_texts->count++] = is_list ? value.items[k].text : value.text;
    }
    return 1;
}

static int put_together(struct np_arena *arena, const struct texts *texts, struct np_span between,
                        struct np_value *out_value)
{
    size_t len = 0;
    for (size_t i = 0; i < texts->count; i++) {
        len += texts->items[i].len + (i > 0 ? between.len : 0);
        if (len > NP_DERIVED_TEXT_MAX_BYTES)
            return -ENOMEM;
    }
    char *bytes = np_arena_alloc(arena, len);
    if (bytes == NULL)
        return -ENOMEM;
    size_t at = 0;
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0 && between.len > 0)
            memcpy(bytes + at, between.ptr, between.len);
        at += i > 0 ? between.len : 0;
        if (texts->items[i].len > 0)
            memcpy(bytes + at, texts->items[i].ptr, texts->items[i].len);
        at += texts->items[i].len;
    }
    *out_value = text_value(bytes, len);
    return 0;
}

/* Reading options: the words, what options there are, what was found. */
struct options {
    const struct texts *words;
    struct np_span known; /* as getopt(3) has it */
    struct np_value *found;
    uint32_t count;
};

/* Reads the letters of the word with number `*word`, whose first one is behind its dash; an argument may be the next word. */
static void read_word(struct options *options, size_t *word)
{
    struct np_span text = options->words->items[*word];
    for (size_t i = 1; i < text.len; i++) {
        char letter = text.ptr[i];
        const char *known = letter != ':' && options->known.len > 0
                                ? memchr(options->known.ptr, letter, options->known.len)
                                : NULL;
        if (known == NULL)
            continue;
        options->found[options->count++] = text_value(text.ptr + i, 1);
        size_t behind = (size_t) (known - options->known.ptr) + 1;
        if (behind >= options->known.len || options->known.ptr[behind] != ':')
            continue;
        struct np_span argument = np_span_from(text, i + 1);
        if (argument.len == 0 && *word + 1 < options->words->count)
            argument = options->words->items[++*word];
        options->found[options->count++] = text_value(argument.ptr, argument.len);
        return;
    }
}

static int read_options(struct np_arena *arena, const struct texts *words, struct np_span known,
                        struct np_value *out_value)
{
    /* An option is a letter of a word; its argument is the rest of it, or another word. */
    size_t most = 0;
    for (size_t i = 0; i < words->count; i++)
        most += words->items[i].len + 1;
    if (most > UINT32_MAX)
        return -ENOMEM;
    struct options options = {.words = words, .known = known};
    options.found = np_arena_alloc(arena, most * sizeof(options.found[0]));
    if (options.found == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < words->count; i++) {
        struct np_span word = words->items[i];
        if (np_span_is(word, "--"))
            break;
        if (word.len >= 2 && word.ptr[0] == '-')
            read_word(&options, &i);
    }
    *out_value =
        (struct np_value){.kind = NP_VALUE_LIST, .count = options.count, .items = options.found};
    return 0;
}

/* ---- any of them */

static int derive_from_several(struct np_event *event, const struct np_derived *derived,
                               struct np_value *out_value)
{
    struct np_value first = value_of(event, &derived->inputs[0]);
    struct texts texts;
    if (is_missing(&first))
        return 0;
    int r = read_texts(event, derived, derived->op == NP_DERIVED_CONCAT ? 0 : 1, &texts);
    if (r <= 0)
        return r;
    if (derived->op == NP_DERIVED_GETOPT)
        return read_options(event->arena, &texts, first.text, out_value);
    struct np_span between = derived->op == NP_DERIVED_JOIN ? first.text : (struct np_span){};
    return put_together(event->arena, &texts, between, out_value);
}

static int derive(struct np_event *event, const struct np_derived *derived,
                  struct np_value *out_value)
{
    if (derived->op == NP_DERIVED_JOIN || derived->op == NP_DERIVED_CONCAT ||
        derived->op == NP_DERIVED_GETOPT)
        return derive_from_several(event, derived, out_value);
    struct np_value from = value_of(event, &derived->inputs[0]);
    if (is_missing(&from))
        return 0;
    if (derived->op == NP_DERIVED_LEN)
        return count_value(event->arena, &from, out_value);
    if (derived->op != NP_DERIVED_ITEM)
        return change_value(event->arena, derived->op, &from, out_value);
    take_item(&from, derived->index, out_value);
    return 0;
}

void np_derived_load(struct np_event *event)
{
    size_t count = 0;
    const struct np_derived *all = np_field_derived(event->fields, &count);
    event->pending &= ~(UINT64_C(1) << (NP_GROUP_DERIVED - 1));
    for (size_t i = 0; i < count; i++) {
        struct np_value value = {};
        if (derive(event, &all[i], &value) < 0) {
            value = (struct np_value){};
            event->flags |= NP_EVENT_TRUNCATED;
        }
        event->values[all[i].field] = value;
    }
}
