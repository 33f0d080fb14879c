/* SPDX-License-Identifier: Apache-2.0 */
/* See literals.h. "Gram" is a group of three bytes, folded, the first in the low byte. */
#include "codec/literals.h"

#include <errno.h>

#include "base/alloc.h"
#include "codec/fold.h"

enum {
    GRAM_BYTES = 3,
    STRIDE = NP_LITERALS_MIN_BYTES - GRAM_BYTES + 1, /* and grams a literal is known by */
    MAP_BITS_A_GRAM = 16,                            /* of the bit map: one in 16 is set at most */
    MAP_MIN_LOG = 9,
    MAP_MAX_LOG = 18,
    NONE = -1
};

/* A gram that a literal is known by. */
struct entry {
    uint32_t gram;
    uint32_t literal;
    uint32_t offset; /* of the gram in the literal */
    int32_t next;    /* of the same bucket, NONE = last */
};

struct np_literals {
    unsigned shift; /* of the hash: 32 - log of the number of buckets */
    uint64_t *map;  /* bit a bucket: it is not empty */
    int32_t *heads; /* a bucket */
    struct entry *entries;
    size_t entry_count;
    struct np_span *texts;
    char *bytes;
};

static uint32_t bucket_of(const struct np_literals *literals, uint32_t gram)
{
    return gram * UINT32_C(0x9e3779b1) >> literals->shift;
}

static uint32_t gram_at(struct np_span text, size_t offset)
{
    const unsigned char *at = (const unsigned char *) text.ptr + offset;
    return (uint32_t) at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16;
}

/* Copies the literals: 0, -EINVAL, -E2BIG or -ENOMEM. */
static int copy_texts(struct np_literals *literals, const struct np_span *from, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        if (from[i].len < NP_LITERALS_MIN_BYTES)
            return -EINVAL;
        if (from[i].len > UINT32_MAX || __builtin_add_overflow(total, from[i].len, &total))
            return -E2BIG;
    }
    literals->texts = np_alloc_array(count, sizeof(literals->texts[0]));
    literals->bytes = np_alloc(total);
    if (literals->texts == NULL || literals->bytes == NULL)
        return -ENOMEM;
    char *to = literals->bytes;
    for (size_t i = 0; i < count; i++) {
        memcpy(to, from[i].ptr, from[i].len);
        literals->texts[i] = np_span_make(to, from[i].len);
        to += from[i].len;
    }
    return 0;
}

static int alloc_buckets(struct np_literals *literals, size_t count)
{
    unsigned log = MAP_MIN_LOG;
    while (log < MAP_MAX_LOG && (size_t) 1 << log < count * STRIDE * MAP_BITS_A_GRAM)
        log++;
    size_t buckets = (size_t) 1 << log;
    literals->shift = 32 - log;
    literals->map = np_alloc_array(buckets / 64, sizeof(literals->map[0]));
    literals->heads = np_alloc_array(buckets, sizeof(literals->heads[0]));
    literals->entries = np_alloc_array(count * STRIDE, sizeof(literals->entries[0]));
    if (literals->map == NULL || literals->heads == NULL || literals->entries == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < buckets; i++)
        literals->heads[i] = NONE;
    return 0;
}

/* Where in `text` the STRIDE grams stand that the fewest literals have. */
static size_t rarest(const struct np_literals *literals, struct np_span text,
                     const uint32_t *frequency)
{
    size_t best = 0;
    uint64_t best_sum = UINT64_MAX;
    for (size_t at = 0; at + NP_LITERALS_MIN_BYTES <= text.len; at++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < STRIDE; i++)
            sum += frequency[bucket_of(literals, gram_at(text, at + i))];
        if (sum < best_sum) {
            best_sum = sum;
            best = at;
        }
    }
    return best;
}

static void add_entries(struct np_literals *literals, uint32_t literal, const uint32_t *frequency)
{
    struct np_span text = literals->texts[literal];
    size_t at = rarest(literals, text, frequency);
    for (size_t i = 0; i < STRIDE; i++) {
        uint32_t gram = gram_at(text, at + i);
        uint32_t bucket = bucket_of(literals, gram);
        literals->entries[literals->entry_count] = (struct entry){
            .gram = gram,
            .literal = literal,
            .offset = (uint32_t) (at + i),
            .next = literals->heads[bucket],
        };
        literals->heads[bucket] = (int32_t) literals->entry_count++;
        literals->map[bucket / 64] |= UINT64_C(1) << bucket % 64;
    }
}

static int build(struct np_literals *literals, const struct np_span *from, size_t count)
{
    int r = copy_texts(literals, from, count);
    if (r == 0)
        r = alloc_buckets(literals, count);
    if (r < 0)
        return r;
    np_auto_free uint32_t *frequency = np_alloc_array((size_t) 1 << (32 - literals->shift), 4);
    if (frequency == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at + GRAM_BYTES <= literals->texts[i].len; at++)
            frequency[bucket_of(literals, gram_at(literals->texts[i], at))]++;
    for (size_t i = 0; i < count; i++)
        add_entries(literals, (uint32_t) i, frequency);
    return 0;
}

int np_literals_new(struct np_literals **out_literals, const struct np_span *literals, size_t count)
{
    if (count > NP_LITERALS_MAX)
        return -E2BIG;
    struct np_literals *made = np_alloc(sizeof(*made));
    int r = made != NULL ? build(made, literals, count) : -ENOMEM;
    if (r < 0) {
        np_literals_free(&made);
        return r;
    }
    *out_literals = made;
    return 0;
}

void np_literals_free(struct np_literals **literals)
{
    if (*literals == NULL)
        return;
    np_free((*literals)->map);
    np_free((*literals)->heads);
    np_free((*literals)->entries);
    np_free((*literals)->texts);
    np_free((*literals)->bytes);
    np_free(NP_TAKE(*literals));
}

struct scan {
    const struct np_literals *literals;
    struct np_span text;
    np_literals_fn *fn;
    void *context;
};

/* Compares the literals that have `gram`, which stands at `at`. */
static void compare(const struct scan *scan, uint32_t gram, size_t at)
{
    const struct np_literals *literals = scan->literals;
    for (int32_t i = literals->heads[bucket_of(literals, gram)]; i != NONE;
         i = literals->entries[i].next) {
        const struct entry *entry = &literals->entries[i];
        if (entry->gram != gram || entry->offset > at)
            continue;
        struct np_span folded = literals->texts[entry->literal];
        struct np_span rest = np_span_from(scan->text, at - entry->offset);
        if (rest.len >= folded.len && np_fold_ascii_eq(np_span_head(rest, folded.len), folded))
            scan->fn(scan->context, entry->literal);
    }
}

static inline void look(const struct scan *scan, uint64_t word, unsigned offset, size_t at)
{
    uint32_t gram = (uint32_t) (word >> offset * 8) & UINT32_C(0xffffff);
    uint32_t bucket = bucket_of(scan->literals, gram);
    if (np_unlikely((scan->literals->map[bucket / 64] >> bucket % 64 & 1) != 0))
        compare(scan, gram, at + offset);
}

void np_literals_scan(const struct np_literals *literals, struct np_span text, np_literals_fn *fn,
                      void *context)
{
    struct scan scan = {literals, text, fn, context};
    size_t at = 0;
    for (; text.len - at >= 8; at += 6) { /* of 8 bytes the grams at 0, 2 and 4 */
        uint64_t word;
        memcpy(&word, text.ptr + at, sizeof(word));
        word = np_fold_word(word);
        look(&scan, word, 0, at);
        look(&scan, word, 2, at);
        look(&scan, word, 4, at);
    }
    for (; text.len - at >= GRAM_BYTES; at += STRIDE)
        look(&scan, np_fold_word(gram_at(text, at)), 0, at);
}
