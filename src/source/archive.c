/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Around libarchive: what it is fed, what it says, and what it does not check. It would end quietly
 * at a tar file without its end mark and would look for the next member of a damaged zip file, so
 * the last bytes that went by are kept and looked at at the end.
 */
#include "source/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    LAST_BYTES = 512,        /* a block of a tar file */
    STATE_BYTES = 256 * 1024 /* libarchive's own: a deflate window, a pax header, buffers */
};

struct np_archive {
    struct archive *reader; /* libarchive's */
    locale_t locale;        /* UTF-8, whatever the user's is: names are converted to it */
    struct np_object *object;
    struct np_buf head;        /* to be fed first */
    struct np_buf name;        /* of the member */
    struct np_err why;         /* reading failed, so that libarchive had to give up */
    bool is_open;              /* libarchive has begun */
    bool is_inside;            /* a member has bytes left */
    bool is_over;              /* nothing more can come of it, and that was told */
    struct np_span block;      /* of the member, libarchive's, not given yet */
    uint64_t hole;             /* zeros before it */
    uint64_t position;         /* in the member, behind it */
    uint64_t members;          /* folders too */
    uint64_t files;            /* told the caller */
    uint64_t barren_max_bytes; /* of each of the next two */
    uint64_t barren_fed;       /* bytes of the archive since the last record */
    uint64_t barren_given;     /* and of its members */
    uint64_t barren_max_members;
    uint64_t barren_members;
    size_t last_len;
    char last[LAST_BYTES]; /* the last bytes fed */
    char chunk[CHUNK_BYTES];
};

enum np_verdict np_archive_detect(struct np_span head)
{
    enum { TAR_MAGIC_AT = 257 };
    static const struct np_span tar_magic = {"ustar", 5}; /* POSIX, and GNU's older format */
    static const char json_starts[] = {'{', '[', '"', ' ', '\t', '\r', '\n', '\xEF'};
    static const struct np_span zip_magics[] = {{"PK\3\4", 4},  /* a member */
                                                {"PK\5\6", 4},  /* the end: there is no member */
                                                {"PK\7\10", 4}, /* split, in one part */
                                                {"PK00PK", 6}};
    if (head.len > 0 && memchr(json_starts, head.ptr[0], sizeof(json_starts)) != NULL)
        return NP_VERDICT_NO;
    for (size_t i = 0; i < NP_ARRAY_LEN(zip_magics); i++)
        if (np_span_starts(head, zip_magics[i]))
            return NP_VERDICT_YES;
    if (head.len < TAR_MAGIC_AT + tar_magic.len)
        return NP_VERDICT_UNSURE;
    return np_span_starts(np_span_from(head, TAR_MAGIC_AT), tar_magic) ? NP_VERDICT_YES
                                                                       : NP_VERDICT_NO;
}

/* Keeps the last of the bytes that go by. */
static void keep_last(struct np_archive *archive, struct np_span bytes)
{
    struct np_span new = np_span_from(bytes, bytes.len > LAST_BYTES ? bytes.len - LAST_BYTES : 0);
    size_t kept = NP_MIN(archive->last_len, LAST_BYTES - new.len);
    memmove(archive->last, archive->last + archive->last_len - kept, kept);
    memcpy(archive->last + kept, new.ptr, new.len);
    archive->last_len = kept + new.len;
}

static int fail_barren(const struct np_archive *archive, struct np_err *err)
{
    return np_fail(err, -E2BIG, "given up after %llu GiB without one record",
                   (unsigned long long) (archive->barren_max_bytes >> 30));
}

/* The next bytes of the archive itself; none at its end. */
static int read_chunk(struct np_archive *archive, struct np_span *out_bytes)
{
    *out_bytes = (struct np_span){};
    if (archive->barren_fed > archive->barren_max_bytes)
        return fail_barren(archive, &archive->why);
    if (archive->head.len > 0) {
        *out_bytes = np_buf_span(&archive->head);
        archive->head.len = 0; /* the bytes stay until the next call */
    } else {
        size_t len = 0;
        np_buf_done(&archive->head);
        int r = np_object_read(archive->object, archive->chunk, CHUNK_BYTES, &len, &archive->why);
        if (r < 0)
            return r;
        *out_bytes = np_span_make(archive->chunk, len);
    }
    if (out_bytes->len > 0)
        keep_last(archive, *out_bytes);
    archive->barren_fed += out_bytes->len;
    return 0;
}

/* What libarchive calls for bytes. */
static la_ssize_t feed(struct archive *reader, void *context, const void **out_bytes)
{
    struct np_archive *archive = context;
    struct np_span bytes;
    if (read_chunk(archive, &bytes) < 0) {
        archive_set_error(reader, EIO, "%s", archive->why.msg);
        return ARCHIVE_FATAL;
    }
    *out_bytes = bytes.ptr;
    return (la_ssize_t) bytes.len;
}

/*
 * The end of an archive that cannot be read any further. After a signal it is told once more, since
 * the caller may not have ended.
 */
static int fail_archive(struct np_archive *archive, struct np_err *err)
{
    struct np_err why = archive->why;
    const char *text = archive_error_string(archive->reader);
    if (why.code == -EINTR) {
        archive->why = (struct np_err){};
        (void) np_fail(&archive->why, -EBADMSG,
                       "reading was interrupted, which an archive does "
                       "not survive (save it to a file first)");
        return np_fail(err, -EINTR, "%s", why.msg);
    }
    archive->is_over = true;
    if (why.code < 0)
        return np_fail(err, why.code, "%s", why.msg);
    if (archive_errno(archive->reader) == ENOMEM)
        return np_fail(err, -ENOMEM, "no memory to read an archive");
    return np_fail(err, -EBADMSG, "the archive is damaged or cut off: %s",
                   text != NULL ? text : "it ends too early");
}

/* Begins to read, which may wait for a pipe already. */
static int open_reader(struct np_archive *archive, struct np_err *err)
{
    archive->is_open = true;
    return archive_read_open(archive->reader, archive, NULL, feed, NULL) == ARCHIVE_OK
               ? 0
               : fail_archive(archive, err);
}

/* A reader of what we take: NULL where memory is out. */
static struct archive *make_reader(void)
{
    struct archive *reader = archive_read_new();
    if (reader != NULL && archive_read_support_format_tar(reader) == ARCHIVE_OK &&
        archive_read_support_format_zip_streamable(reader) == ARCHIVE_OK &&
        /* on behind an end mark: nothing there is passed over unseen */
        archive_read_set_format_option(reader, "tar", "read_concatenated_archives", "1") ==
            ARCHIVE_OK)
        return reader;
    (void) archive_read_free(reader); /* NULL-safe; nothing was written */
    return NULL;
}

int np_archive_new(struct np_archive **out_archive, const struct np_archive_params *params,
                   struct np_err *err)
{
    struct np_archive *archive = np_alloc(sizeof(*archive));
    if (archive == NULL)
        return np_fail(err, -ENOMEM, "no memory to read an archive");
    archive->object = params->object;
    archive->barren_max_bytes = params->barren_max_bytes;
    archive->barren_max_members = params->barren_max_members;
    archive->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL); /* without it names may miss */
    np_buf_init(&archive->head, params->head.len);
    np_buf_init(&archive->name, NP_ARCHIVE_NAME_MAX_BYTES);
    archive->reader = make_reader();
    if (archive->reader == NULL || np_buf_add_span(&archive->head, params->head) < 0) {
        np_archive_free(&archive);
        return np_fail(err, -ENOMEM, "no memory to read an archive");
    }
    *out_archive = archive;
    return 0;
}

void np_archive_free(struct np_archive **archive)
{
    if (archive == NULL || *archive == NULL)
        return;
    (void) archive_read_free((*archive)->reader); /* NULL-safe; nothing was written */
    if ((*archive)->locale != NULL)
        freelocale((*archive)->locale);
    np_buf_done(&(*archive)->head);
    np_buf_done(&(*archive)->name);
    np_free(*archive);
    *archive = NULL;
}

/* Gets the next block of the member, none at its end. What libarchive gave before stays valid. */
static int read_block(struct np_archive *archive, struct np_err *err)
{
    const void *bytes = NULL;
    size_t len = 0;
    la_int64_t offset = 0;
    int r = archive_read_data_block(archive->reader, &bytes, &len, &offset);
    archive->is_inside = r == ARCHIVE_OK;
    archive->block = (struct np_span){};
    if (r == ARCHIVE_FATAL)
        return fail_archive(archive, err);
    if (r != ARCHIVE_OK && r != ARCHIVE_EOF)
        return np_fail(err, -EBADMSG, "damaged in the archive: %s",
                       archive_error_string(archive->reader));
    if (r == ARCHIVE_EOF)
        return 0;
    if (offset < 0 || (uint64_t) offset < archive->position)
        return np_fail(err, -EBADMSG, "damaged in the archive: its parts are out of order");
    archive->block = np_span_make(bytes, len);
    archive->hole = (uint64_t) offset - archive->position;
    archive->position = (uint64_t) offset + len;
    return 0;
}

int np_archive_read(void *context, char *out, size_t cap, size_t *out_len, struct np_err *err)
{
    struct np_archive *archive = context;
    *out_len = 0;
    while (archive->is_inside && archive->hole == 0 && archive->block.len == 0) {
        int r = read_block(archive, err);
        if (r < 0)
            return r;
    }
    if (archive->hole > 0) { /* of a sparse file */
        *out_len = (size_t) NP_MIN(archive->hole, (uint64_t) cap);
        memset(out, 0, *out_len);
        archive->hole -= *out_len;
    } else if (archive->block.len > 0) {
        *out_len = NP_MIN(archive->block.len, cap);
        memcpy(out, archive->block.ptr, *out_len);
        archive->block = np_span_from(archive->block, *out_len);
    }
    archive->barren_given += *out_len;
    return 0;
}

/* Reads what is left of a member, since it is then known how much that is. */
static int pass_rest(struct np_archive *archive, struct np_err *err)
{
    while (archive->is_inside) {
        int r = read_block(archive, err);
        archive->barren_given += archive->block.len;
        if (r < 0)
            return archive->is_over || archive->why.code < 0 ? r : 0; /* the next one may be good */
        if (archive->barren_given > archive->barren_max_bytes) {
            archive->is_over = true;
            return fail_barren(archive, err);
        }
    }
    return 0;
}

/* How many members a zip file says it has (APPNOTE 4.3.16); UINT32_MAX where it does not say. */
static uint32_t zip_said(const struct np_archive *archive)
{
    enum { END_BYTES = 22, COUNT_AT = 10, COMMENT_LENGTH_AT = 20 };
    for (size_t rest = END_BYTES; rest <= archive->last_len; rest++) {
        const char *at = archive->last + archive->last_len - rest;
        const unsigned char *end = (const unsigned char *) at;
        if (memcmp(at, "PK\5\6", 4) == 0 &&
            end[COMMENT_LENGTH_AT] + 256U * end[COMMENT_LENGTH_AT + 1] == rest - END_BYTES)
            return end[COUNT_AT] + 256U * end[COUNT_AT + 1];
    }
    return UINT32_MAX;
}

/* Reads the directory of a zip file, and compares. */
static int finish_zip(struct np_archive *archive, struct np_err *err)
{
    enum { BEYOND = UINT16_MAX }; /* the count stands elsewhere */
    struct np_span bytes = {"", 1};
    while (bytes.len > 0)
        if (read_chunk(archive, &bytes) < 0)
            return fail_archive(archive, err);
    uint32_t said = zip_said(archive);
    if (said < BEYOND && archive->members != said)
        return np_fail(err, -EBADMSG, "the archive is damaged: %llu of its %u members were found",
                       (unsigned long long) archive->members, said);
    return 0;
}

/* Looks for the end mark of a tar file, two blocks of zeros; some write only one. */
static int finish_tar(const struct np_archive *archive, struct np_err *err)
{
    static const char zeros[LAST_BYTES];
    if (archive->last_len == LAST_BYTES && memcmp(archive->last, zeros, LAST_BYTES) == 0)
        return 0;
    return np_fail(err, -ENODATA, "the archive has no end mark (cut off?)");
}

static int finish(struct np_archive *archive, struct np_err *err)
{
    bool is_zip = archive_format(archive->reader) == ARCHIVE_FORMAT_ZIP;
    int r = is_zip ? finish_zip(archive, err) : finish_tar(archive, err);
    archive->is_over = r != -EINTR;
    if (r == 0 && archive->files == 0)
        return np_fail(err, -ENODATA, "an archive without a file in it");
    return r;
}

/* A zip file may name a method whose memory is not bounded by ours. */
static bool is_method_known(const struct np_archive *archive)
{
    const char *format = archive_format_name(archive->reader);
    return archive_format(archive->reader) != ARCHIVE_FORMAT_ZIP || format == NULL ||
           strstr(format, "(uncompressed)") != NULL || strstr(format, "(deflation)") != NULL;
}

static const char *problem_of(const struct np_archive *archive, struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry) != NULL)
        return "a hard link in an archive (its content stands under another name)";
    if (archive_entry_filetype(entry) == AE_IFLNK)
        return "a symbolic link in an archive is not followed";
    if (archive_entry_filetype(entry) != AE_IFREG)
        return "neither a file nor a folder in an archive";
    if (archive_entry_is_encrypted(entry))
        return "encrypted (unpack the archive with its password first)";
    if (!is_method_known(archive))
        return "packed in the archive by another method than deflate (pack it again)";
    return NULL;
}

/* Keeps the member's name without "./" and "/" in front. */
static int keep_name(struct np_archive *archive, struct archive_entry *entry)
{
    struct np_span name = np_span_of(archive_entry_pathname(entry));
    if (name.ptr == NULL)
        name = NP_SPAN("(a name that is no UTF-8)");
    while (np_span_starts(name, NP_SPAN("./")) || np_span_starts(name, NP_SPAN("/")))
        name = np_span_from(name, name.ptr[0] == '.' ? 2 : 1);
    np_buf_reset(&archive->name);
    int r = np_buf_add_span(&archive->name, np_span_head(name, NP_ARCHIVE_NAME_MAX_BYTES - 1));
    return r == 0 ? np_buf_add_char(&archive->name, '\0') : r;
}

/* Reads a header and keeps the name in it: libarchive's result, or ARCHIVE_FATAL. */
static int read_header(struct np_archive *archive, struct archive_entry **out_entry)
{
    locale_t users = archive->locale != NULL ? uselocale(archive->locale) : NULL;
    int r = archive_read_next_header(archive->reader, out_entry);
    if ((r == ARCHIVE_OK || r == ARCHIVE_WARN) && keep_name(archive, *out_entry) < 0) {
        (void) np_fail(&archive->why, -ENOMEM, "no memory to read an archive");
        r = ARCHIVE_FATAL;
    }
    if (users != NULL)
        (void) uselocale(users); /* it was the one before */
    return r;
}

static int note_member(struct np_archive *archive, struct np_err *err)
{
    archive->members++;
    if (++archive->barren_members <= archive->barren_max_members)
        return 0;
    archive->is_over = true;
    return np_fail(err, -E2BIG, "given up after %llu members without one record",
                   (unsigned long long) archive->barren_max_members);
}

int np_archive_next(struct np_archive *archive, struct np_archive_member *out_member,
                    struct np_err *err)
{
    struct archive_entry *entry = NULL;
    do {
        if (archive->is_over)
            return 0;
        int r = archive->why.code < 0 ? fail_archive(archive, err) : pass_rest(archive, err);
        if (r == 0 && !archive->is_open)
            r = open_reader(archive, err);
        if (r < 0)
            return r;
        int got = read_header(archive, &entry);
        if (got == ARCHIVE_EOF)
            return finish(archive, err);
        if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
            return fail_archive(archive, err);
        r = note_member(archive, err);
        if (r < 0)
            return r;
    } while (archive_entry_filetype(entry) == AE_IFDIR);
    const char *problem = problem_of(archive, entry);
    archive->files++;
    archive->is_inside = problem == NULL;
    archive->block = (struct np_span){};
    archive->hole = 0;
    archive->position = 0;
    *out_member = (struct np_archive_member){
        .name = archive->name.data,
        .problem = problem,
        .size = archive_entry_size_is_set(entry) ? (uint64_t) archive_entry_size(entry)
                                                 : NP_OBJECT_SIZE_UNKNOWN,
    };
    return 1;
}

void np_archive_note_record(struct np_archive *archive)
{
    archive->barren_fed = 0;
    archive->barren_given = 0;
    archive->barren_members = 0;
}

size_t np_archive_memory(const struct np_archive *archive)
{
    return sizeof(*archive) + archive->head.cap + STATE_BYTES;
}
