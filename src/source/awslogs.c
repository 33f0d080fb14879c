/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small machine that looks at each byte. Between texts stand blanks and what JSON needs around
 * them; a text begins with H4sI, which is what gzip's first three bytes always become, and ends with
 * padding or with any byte that is not base64. Four characters are decoded by themselves, so where
 * one text ends without padding and the next one begins needs no decision.
 */
#include "source/awslogs.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/base64.h"

enum { CHUNK_BYTES = 64 * 1024, WORD_BYTES = 8, GROUP_CHARS = 4, GROUP_BYTES = 3 };

/* Where the machine stands. */
struct place {
    bool is_inside; /* a text */
    uint32_t group; /* bits of the characters that are not decoded yet */
    unsigned group_len;
    char word[WORD_BYTES]; /* begun between texts */
    size_t word_len;
    int64_t depth; /* of the brackets around texts */
};

struct np_awslogs {
    struct np_object *object;
    struct np_buf head; /* to be decoded first */
    struct place place;
    uint64_t offset; /* in the object, of the next byte to be decoded, or of the one that is bad */
    size_t made_at;
    size_t made_len;
    bool is_ended;
    bool is_bad; /* behind what was decoded stands something else */
    char chunk[CHUNK_BYTES];
    char made[CHUNK_BYTES + GROUP_BYTES]; /* decoded */
};

static const struct np_span beginning = {"H4sI", 4};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether the word so far may become `word`; `is_whole`: whether it is that. */
static bool is_word(const struct place *place, struct np_span word, bool is_whole)
{
    struct np_span got = np_span_make(place->word, place->word_len);
    return np_span_starts(word, got) && (!is_whole || got.len == word.len);
}

static bool is_key(const struct place *place, bool is_whole)
{
    return is_word(place, NP_SPAN("awslogs"), is_whole) ||
           is_word(place, NP_SPAN("data"), is_whole);
}

/* Adds one character of a text, and writes the bytes of a full group. */
static size_t add_char(struct place *place, int value, char *out)
{
    place->group = place->group << 6 | (uint32_t) value;
    if (++place->group_len < GROUP_CHARS)
        return 0;
    out[0] = (char) (place->group >> 16);
    out[1] = (char) (place->group >> 8);
    out[2] = (char) place->group;
    place->group = 0;
    place->group_len = 0;
    return GROUP_BYTES;
}

/* Ends a text: writes the bytes of a group that is not full. False: a single character of one. */
static bool end_text(struct place *place, char *out, size_t *len)
{
    bool is_good = place->group_len != 1;
    if (place->group_len > 1)
        out[(*len)++] = (char) (place->group_len == 2 ? place->group >> 4 : place->group >> 10);
    if (place->group_len > 2)
        out[(*len)++] = (char) (place->group >> 2);
    place->is_inside = false;
    place->group = 0;
    place->group_len = 0;
    return is_good;
}

/* A character of base64 between texts: a key, or the beginning of a text. */
static bool add_to_word(struct place *place, char c, char *out, size_t *len)
{
    if (place->word_len == WORD_BYTES)
        return false;
    place->word[place->word_len++] = c;
    if (!is_word(place, beginning, true))
        return is_word(place, beginning, false) || is_key(place, false);
    for (size_t i = 0; i < beginning.len; i++)
        *len += add_char(place, np_base64_value(beginning.ptr[i]), out + *len);
    place->is_inside = true;
    place->word_len = 0;
    return true;
}

/* Takes a byte between texts that is not base64; false where it has no place there. */
static bool take_mark(struct place *place, char c)
{
    bool is_good = place->word_len == 0 || is_key(place, true);
    place->word_len = 0;
    place->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    return is_good && (is_blank(c) || (c != '\0' && strchr("{}[]\":,=", c) != NULL));
}

/* Takes one byte and writes what it completes, GROUP_BYTES at most; false where it fits nowhere. */
static bool take_byte(struct place *place, char c, char *out, size_t *len)
{
    int value = np_base64_value(c);
    if (value >= 0 && !place->is_inside)
        return add_to_word(place, c, out, len);
    if (value >= 0) {
        *len += add_char(place, value, out + *len);
        return true;
    }
    if (place->is_inside && (c == '\\' || (is_blank(c) && place->group_len == 0)))
        return true; /* JSON may have \/ for / */
    return (!place->is_inside || end_text(place, out, len)) && take_mark(place, c);
}

enum np_verdict np_awslogs_detect(struct np_span head, bool unwrap)
{
    struct place place = {};
    head = np_span_head(head, NP_AWSLOGS_HEAD_BYTES);
    for (size_t i = 0; i < head.len; i++) {
        char made[GROUP_BYTES];
        size_t len = 0;
        bool is_json = !is_blank(head.ptr[i]) && np_base64_value(head.ptr[i]) < 0;
        if (!take_byte(&place, head.ptr[i], made, &len) || (is_json && !unwrap))
            return NP_VERDICT_NO;
        if (place.is_inside)
            return NP_VERDICT_YES;
    }
    return head.len < NP_AWSLOGS_HEAD_BYTES ? NP_VERDICT_UNSURE : NP_VERDICT_NO;
}

int np_awslogs_new(struct np_awslogs **out_awslogs, struct np_object *object, struct np_span head)
{
    struct np_awslogs *awslogs = np_alloc(sizeof(*awslogs));
    if (awslogs == NULL)
        return -ENOMEM;
    awslogs->object = object;
    np_buf_init(&awslogs->head, head.len);
    int r = np_buf_add_span(&awslogs->head, head);
    if (r < 0) {
        np_awslogs_free(&awslogs);
        return r;
    }
    *out_awslogs = awslogs;
    return 0;
}

void np_awslogs_free(struct np_awslogs **awslogs)
{
    if (awslogs == NULL || *awslogs == NULL)
        return;
    np_buf_done(&(*awslogs)->head);
    np_free(*awslogs);
    *awslogs = NULL;
}

/* The next bytes of the text, into `chunk`; none at its end. */
static int read_chunk(struct np_awslogs *awslogs, size_t *out_len, struct np_err *err)
{
    size_t left = awslogs->head.len - NP_MIN(awslogs->head.len, (size_t) awslogs->offset);
    *out_len = NP_MIN(left, (size_t) CHUNK_BYTES);
    if (left == 0)
        return np_object_read(awslogs->object, awslogs->chunk, CHUNK_BYTES, out_len, err);
    memcpy(awslogs->chunk, awslogs->head.data + awslogs->offset, *out_len);
    return 0;
}

/* Decodes one chunk, as far as it is good. */
static int decode(struct np_awslogs *awslogs, struct np_err *err)
{
    size_t len = 0;
    int r = read_chunk(awslogs, &len, err);
    if (r < 0)
        return r;
    awslogs->made_at = 0;
    awslogs->made_len = 0;
    if (len == 0) {
        awslogs->is_bad = awslogs->place.word_len > 0 || awslogs->place.depth != 0 ||
                          !end_text(&awslogs->place, awslogs->made, &awslogs->made_len);
        awslogs->is_ended = !awslogs->is_bad;
    }
    for (size_t i = 0; i < len && !awslogs->is_bad; i++) {
        awslogs->is_bad =
            !take_byte(&awslogs->place, awslogs->chunk[i], awslogs->made, &awslogs->made_len);
        awslogs->offset += !awslogs->is_bad;
    }
    return 0;
}

int np_awslogs_read(void *context, char *out, size_t cap, size_t *out_len, struct np_err *err)
{
    struct np_awslogs *awslogs = context;
    *out_len = 0;
    while (awslogs->made_at == awslogs->made_len && !awslogs->is_ended) {
        if (awslogs->is_bad)
            return np_fail(err, -EBADMSG,
                           "base64 of gzip is cut off or followed by something else at byte %llu",
                           (unsigned long long) awslogs->offset);
        int r = decode(awslogs, err);
        if (r < 0)
            return r;
    }
    *out_len = NP_MIN(cap, awslogs->made_len - awslogs->made_at);
    memcpy(out, awslogs->made + awslogs->made_at, *out_len);
    awslogs->made_at += *out_len;
    return 0;
}
