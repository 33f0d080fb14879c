/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries are found by a key of object and `what`. `what` is the reason itself but for bytes that
 * are no JSON, whose reason quotes them: of those the first one of an object is quoted for all.
 */
#include "source/tally.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/json/json.h"
#include "source/magic.h"
#include "source/source.h"

enum {
    TEXTS_MAX_BYTES = 64 * 1024 * 1024,
    KEY_MAX_BYTES = 64 * 1024,
    SHOWN_BYTES = 12, /* of bytes that are no JSON */
    SHOWN_HEX_BYTES = 4,
};

#define OTHERS "(others)"

void np_tally_init(struct np_tally *tally)
{
    *tally = (struct np_tally){};
    np_map_init(&tally->entry_of, NP_TALLY_ENTRIES_MAX);
    np_arena_init(&tally->texts, TEXTS_MAX_BYTES);
    np_buf_init(&tally->key, KEY_MAX_BYTES);
}

void np_tally_done(struct np_tally *tally)
{
    if (tally == NULL)
        return;
    np_vec_done(&tally->entries);
    np_map_done(&tally->entry_of);
    np_arena_done(&tally->texts);
    np_buf_done(&tally->key);
    np_tally_init(tally);
}

/* The key of an entry; the empty span where memory is out or the texts are longer than any path. */
static struct np_span key_of(struct np_tally *tally, const struct np_tally_entry *entry)
{
    np_buf_reset(&tally->key);
    (void) np_buf_add(&tally->key, entry->object, strlen(entry->object) + 1);
    (void) np_buf_add_str(&tally->key, entry->what); /* both leave a failure in `error` */
    return tally->key.error == 0 ? np_buf_span(&tally->key) : (struct np_span){};
}

static const char *keep(struct np_tally *tally, const char *text)
{
    return np_arena_strdup(&tally->texts, np_span_of(text));
}

/*
 * The index of the entry like `like`, added with count 0 where it is new; NP_MAP_NONE where it
 * cannot be.
 */
static uint32_t find_or_add(struct np_tally *tally, const struct np_tally_entry *like)
{
    struct np_span key = key_of(tally, like);
    uint32_t index = np_map_get(&tally->entry_of, key);
    if (index != NP_MAP_NONE || key.len == 0 || tally->entries.len >= NP_TALLY_ENTRIES_MAX)
        return index;
    struct np_tally_entry entry = {
        .object = keep(tally, like->object),
        .reason = keep(tally, like->reason),
        .first_offset = like->first_offset,
    };
    entry.what = strcmp(like->what, like->reason) == 0 ? entry.reason : keep(tally, like->what);
    if (entry.object == NULL || entry.reason == NULL || entry.what == NULL ||
        np_vec_push(&tally->entries, entry, NP_TALLY_ENTRIES_MAX) < 0)
        return NP_MAP_NONE;
    index = (uint32_t) tally->entries.len - 1;
    if (np_map_put(&tally->entry_of, key, index) == 0)
        return index;
    tally->entries.len--;
    return NP_MAP_NONE;
}

/* Like find_or_add(), but the last free entry is kept for all that find no other. */
static uint32_t place_of(struct np_tally *tally, const struct np_tally_entry *like)
{
    static const struct np_tally_entry others = {
        .object = OTHERS,
        .reason = "skipped as well, too many to be named one by one",
        .what = OTHERS,
        .first_offset = NP_TALLY_NO_OFFSET,
    };
    if (tally->entries.len < NP_TALLY_ENTRIES_MAX - 1)
        return find_or_add(tally, like);
    struct np_span key = key_of(tally, like);
    uint32_t index = np_map_get(&tally->entry_of, key);
    return index != NP_MAP_NONE ? index : find_or_add(tally, &others);
}

/*
 * Adds `more` to its entry. The occurrence with the lowest offset gives the reason, whatever came
 * first.
 */
static void count(struct np_tally *tally, const struct np_tally_entry *more)
{
    uint32_t index = place_of(tally, more);
    if (index == NP_MAP_NONE) {
        tally->lost += more->count;
        return;
    }
    struct np_tally_entry *entry = &tally->entries.items[index];
    entry->count += more->count;
    entry->is_limit |= more->is_limit;
    if (more->first_offset >= entry->first_offset)
        return;
    const char *reason =
        strcmp(more->reason, entry->reason) == 0 ? entry->reason : keep(tally, more->reason);
    if (reason == NULL)
        return;
    entry->reason = reason;
    entry->first_offset = more->first_offset;
}

void np_tally_skip(struct np_tally *tally, const char *object, const char *reason, bool is_limit)
{
    np_tally_skip_at(tally, object, NP_TALLY_NO_OFFSET, reason, is_limit);
}

void np_tally_skip_at(struct np_tally *tally, const char *object, uint64_t offset,
                      const char *reason, bool is_limit)
{
    count(tally, &(struct np_tally_entry){.object = object,
                                          .reason = reason,
                                          .what = reason,
                                          .first_offset = offset,
                                          .count = 1,
                                          .is_limit = is_limit});
}

/* What bytes that are no JSON are, or their first printable ones, else a few in hex. */
static void describe_bytes(char *out, size_t size, struct np_span bytes)
{
    const char *words = np_magic_words(bytes);
    if (words != NULL) {
        (void) snprintf(out, size, "not JSON (%s)", words);
        return;
    }
    size_t shown = 0;
    while (shown < bytes.len && shown < SHOWN_BYTES && isascii((unsigned char) bytes.ptr[shown]) &&
           isprint((unsigned char) bytes.ptr[shown]))
        shown++;
    if (shown > 0) {
        (void) snprintf(out, size, "not JSON (begins with '%.*s')", (int) shown, bytes.ptr);
        return;
    }
    size_t len = (size_t) snprintf(out, size, "not JSON (begins with the bytes");
    for (size_t i = 0; i < bytes.len && i < SHOWN_HEX_BYTES; i++)
        len += (size_t) snprintf(out + len, size - len, " %02x", (unsigned char) bytes.ptr[i]);
    (void) snprintf(out + len, size - len, ")");
}

void np_tally_piece(struct np_tally *tally, const char *object, const struct np_piece *piece)
{
    char reason[NP_TALLY_REASON_MAX_BYTES] = "a JSON value that is no object";
    const char *what = reason;
    switch (piece->kind) {
    case NP_PIECE_NO_JSON:
        describe_bytes(reason, sizeof(reason), piece->bytes);
        what = "not JSON";
        break;
    case NP_PIECE_BROKEN:
        (void) snprintf(reason, sizeof(reason), "JSON that does not close (cut off?)");
        break;
    case NP_PIECE_TOO_LONG:
        (void) snprintf(reason, sizeof(reason), "a record longer than %d MiB",
                        NP_RECORD_MAX_BYTES / (1024 * 1024));
        break;
    case NP_PIECE_TOO_DEEP:
        (void) snprintf(reason, sizeof(reason), "a record deeper than %d levels",
                        NP_JSON_MAX_DEPTH);
        break;
    default:
        break;
    }
    count(tally,
          &(struct np_tally_entry){
              .object = object,
              .reason = reason,
              .what = what,
              .first_offset = piece->offset,
              .count = 1,
              .is_limit = piece->kind == NP_PIECE_TOO_LONG || piece->kind == NP_PIECE_TOO_DEEP,
          });
}

/* What the user can do about a failed system call; "" where there is nothing to say. */
static const char *remedy(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
        return " (run as a user who may read it)";
    case EMFILE:
    case ENFILE:
        return " (raise the limit of open files: ulimit -n)";
    case ENAMETOOLONG:
        return " (name a folder further down as the input)";
    case EIO:
        return " (the disk or the network behind it fails; copy it elsewhere first)";
    default:
        return "";
    }
}

void np_tally_errno(struct np_tally *tally, const char *object, int error)
{
    char reason[NP_TALLY_REASON_MAX_BYTES];
    (void) snprintf(reason, sizeof(reason), "cannot be read: %s%s", strerror(error), remedy(error));
    np_tally_skip(tally, object, reason, false);
}

void np_tally_add(struct np_tally *tally, const struct np_tally *other)
{
    tally->objects += other->objects;
    tally->bytes += other->bytes;
    tally->digests += other->digests;
    tally->lost += other->lost;
    for (size_t i = 0; i < other->entries.len; i++)
        count(tally, &other->entries.items[i]);
}

static int compare_entries(const void *a, const void *b)
{
    const struct np_tally_entry *left = a;
    const struct np_tally_entry *right = b;
    int order = strcmp(left->object, right->object);
    return order != 0 ? order : strcmp(left->reason, right->reason);
}

void np_tally_sort(struct np_tally *tally)
{
    if (tally->entries.len > 0)
        qsort(tally->entries.items, tally->entries.len, sizeof(tally->entries.items[0]),
              compare_entries);
    for (size_t i = 0; i < tally->entries.len; i++) {
        struct np_span key = key_of(tally, &tally->entries.items[i]);
        int r = np_map_put(&tally->entry_of, key, (uint32_t) i);
        NP_ASSERT(r == 0); /* the key is there: nothing to allocate */
    }
}
