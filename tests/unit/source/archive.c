/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: members in order and by name, what is not read, cuts, damage, bombs, signals. */
#include "fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "source/archive.h"
#include "source/reader.h"

enum { ARCHIVE_MAX_BYTES = 1024 * 1024, BARREN_MAX_MEMBERS = 1000 };

struct member {
    const char *name;
    const char *text; /* of a file, or what a link leads to */
    mode_t type;      /* 0: a file */
    bool is_hard_link;
};

static void add_member(struct archive *writer, const struct member *member)
{
    struct archive_entry *entry = archive_entry_new();
    assert_non_null(entry);
    archive_entry_set_pathname(entry, member->name);
    archive_entry_set_filetype(entry, member->type != 0 ? member->type : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    size_t len = member->type == 0 && !member->is_hard_link ? strlen(member->text) : 0;
    archive_entry_set_size(entry, (la_int64_t) len);
    if (member->is_hard_link)
        archive_entry_set_hardlink(entry, member->text);
    else if (member->type == AE_IFLNK)
        archive_entry_set_symlink(entry, member->text);
    assert_int_equal(archive_write_header(writer, entry), ARCHIVE_OK);
    if (len > 0)
        assert_int_equal(archive_write_data(writer, member->text, len), len);
    archive_entry_free(entry);
}

/* Packs `members` (one without a name ends them); the caller frees `out`. */
static void pack(struct np_buf *out, int format, const char *options, const struct member *members)
{
    size_t len = 0;
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL); /* as names are written in */
    locale_t users = uselocale(utf8);
    np_buf_init(out, ARCHIVE_MAX_BYTES);
    assert_int_equal(np_buf_reserve(out, ARCHIVE_MAX_BYTES), 0);
    struct archive *writer = archive_write_new();
    assert_non_null(writer);
    assert_int_equal(archive_write_set_format(writer, format), ARCHIVE_OK);
    assert_int_equal(archive_write_set_options(writer, options), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(writer, out->data, ARCHIVE_MAX_BYTES, &len),
                     ARCHIVE_OK);
    for (; members->name != NULL; members++)
        add_member(writer, members);
    assert_int_equal(archive_write_close(writer), ARCHIVE_OK);
    assert_int_equal(archive_write_free(writer), ARCHIVE_OK);
    (void) uselocale(users);
    freelocale(utf8);
    out->len = len;
}

static void put_archive(const char *path, int format, const char *options,
                        const struct member *members)
{
    struct np_buf packed;
    pack(&packed, format, options, members);
    put_bytes(path, packed.data, packed.len);
    np_buf_done(&packed);
}

static void tells_archives_by_their_first_bytes(void **state)
{
    static const struct {
        struct np_span head;
        enum np_verdict want;
    } cases[] = {
        {{"", 0}, NP_VERDICT_UNSURE},
        {{"P", 1}, NP_VERDICT_UNSURE},
        {{"PK\3\4", 4}, NP_VERDICT_YES},
        {{"PK\5\6", 4}, NP_VERDICT_YES},
        {{"PK\7\10PK\3\4", 8}, NP_VERDICT_YES},
        {{"PK00PK\3\4", 8}, NP_VERDICT_YES},
        {{"name", 4}, NP_VERDICT_UNSURE},
        {{"{", 1}, NP_VERDICT_NO},
        {{"[", 1}, NP_VERDICT_NO},
        {{"\n", 1}, NP_VERDICT_NO},
        {{"\xEF\xBB\xBF", 3}, NP_VERDICT_NO},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(np_archive_detect(cases[i].head), cases[i].want);
    char block[NP_ARCHIVE_HEAD_BYTES] = "name";
    assert_int_equal(np_archive_detect(np_span_make(block, sizeof(block))), NP_VERDICT_NO);
    memcpy(block + 257, "ustar", 5);
    assert_int_equal(np_archive_detect(np_span_make(block, sizeof(block))), NP_VERDICT_YES);
    assert_int_equal(np_archive_detect(np_span_make(block, 261)), NP_VERDICT_UNSURE);
    block[0] = '{';
    assert_int_equal(np_archive_detect(np_span_make(block, sizeof(block))), NP_VERDICT_NO);
}

static const struct {
    int format;
    const char *options;
} formats[] = {
    {ARCHIVE_FORMAT_TAR_USTAR, ""},
    {ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ""},
    {ARCHIVE_FORMAT_TAR_GNUTAR, ""},
    {ARCHIVE_FORMAT_ZIP, "zip:compression=deflate"},
    {ARCHIVE_FORMAT_ZIP, "zip:compression=store"},
};

#define LONG_NAME                                                                                  \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"

static const struct member ordinary[] = {
    {.name = "./a.json", .text = "{\"a\":1}\n{\"b\":2}\n"},
    {.name = "folder/", .type = AE_IFDIR},
    {.name = "folder/empty", .text = ""},
    {.name = "folder/nothing", .text = "[]"},
    {.name = LONG_NAME "/caf\xC3\xA9.json", .text = "{\"Records\":[{\"c\":3}]}"},
    {.name = "/page.html", .text = "<html>"},
    {}};

static const char ordinary_records[] = "f/a.json:0 {\"a\":1}\n"
                                       "f/a.json:8 {\"b\":2}\n"
                                       "f/" LONG_NAME "/caf\xC3\xA9.json:12 {\"c\":3}\n";

static const char ordinary_skipped[] = "f/folder/empty: empty x1\n"
                                       "f/page.html:0: not JSON (HTML) x1\n";

static void assert_ordinary(void)
{
    struct run run = READ("f");
    assert_records(&run, ordinary_records);
    assert_skipped(&run, ordinary_skipped);
    assert_int_equal(run.objects, 1);
    assert_int_equal(run.bytes, run.bytes_total);
    free_run(&run);
}

static void reads_members_like_objects_of_their_own(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(formats); i++) {
        struct np_buf plain;
        struct np_buf packed;
        pack(&plain, formats[i].format, formats[i].options, ordinary);
        put_bytes("f", plain.data, plain.len);
        assert_ordinary();
        np_buf_init(&packed, SIZE_MAX);
        add_gzip(&packed, plain.data, plain.len);
        put_bytes("f", packed.data, packed.len);
        assert_ordinary();
        np_buf_reset(&packed);
        add_zstd(&packed, plain.data, plain.len);
        put_bytes("f", packed.data, packed.len);
        assert_ordinary();
        np_buf_done(&packed);
        np_buf_done(&plain);
    }
}

static void unpacks_members(void **state)
{
    (void) state;
    struct np_buf archive;
    struct np_buf member;
    np_buf_init(&archive, ARCHIVE_MAX_BYTES);
    np_buf_init(&member, SIZE_MAX);
    for (int i = 0; i < 2; i++) {
        static const char text[] = "{\"a\":1}\n";
        struct np_buf part;
        char name[] = "0.packed";
        name[0] = (char) ('0' + i);
        np_buf_reset(&member);
        if (i == 0)
            add_gzip(&member, text, strlen(text));
        else
            add_zstd(&member, text, strlen(text));
        /* The writer takes texts, so a stand-in of the same length is packed and then replaced. */
        char stand_in[256];
        assert_in_range(member.len, 1, sizeof(stand_in) - 1);
        memset(stand_in, '.', sizeof(stand_in));
        stand_in[member.len] = '\0';
        pack(&part, ARCHIVE_FORMAT_TAR_USTAR, "",
             (const struct member[]){{.name = name, .text = stand_in}, {}});
        memcpy(part.data + 512, member.data, member.len);
        assert_int_equal(np_buf_add(&archive, part.data, part.len), 0);
        np_buf_done(&part);
    }
    put_bytes("f", archive.data, archive.len); /* two archives in a row */
    struct run run = READ("f");
    assert_records(&run, "f/0.packed:0 {\"a\":1}\nf/1.packed:0 {\"a\":1}\n");
    assert_skipped(&run, "");
    free_run(&run);
    np_buf_done(&archive);
    np_buf_done(&member);
}

static void names_what_is_no_file(void **state)
{
    static const struct member members[] = {{.name = "a.json", .text = "{\"a\":1}"},
                                            {.name = "b", .text = "a.json", .type = AE_IFLNK},
                                            {.name = "c", .text = "a.json", .is_hard_link = true},
                                            {.name = "d", .type = AE_IFIFO},
                                            {.name = "e", .type = AE_IFCHR},
                                            {.name = "f.json", .text = "{\"f\":1}"},
                                            {}};
    (void) state;
    put_archive("f", ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, "", members);
    struct run run = READ("f");
    assert_records(&run, "f/a.json:0 {\"a\":1}\nf/f.json:0 {\"f\":1}\n");
    assert_skipped(&run,
                   "f/b: a symbolic link in an archive is not followed x1\n"
                   "f/c: a hard link in an archive (its content stands under another name) x1\n"
                   "f/d: neither a file nor a folder in an archive x1\n"
                   "f/e: neither a file nor a folder in an archive x1\n");
    free_run(&run);
}

static void names_archives_inside_and_goes_on(void **state)
{
    static const struct member inner[] = {{.name = "x.json", .text = "{\"x\":1}"}, {}};
    (void) state;
    struct np_buf tar;
    struct np_buf outer;
    pack(&tar, ARCHIVE_FORMAT_TAR_USTAR, "", inner);
    np_auto_free char *stand_in = np_alloc(tar.len + 1);
    assert_non_null(stand_in);
    memset(stand_in, '.', tar.len);
    pack(&outer, ARCHIVE_FORMAT_TAR_USTAR, "",
         (const struct member[]){{.name = "inner.tar", .text = stand_in},
                                 {.name = "inner.zip", .text = "PK\3\4 and so on"},
                                 {.name = "z.json", .text = "{\"z\":1}"},
                                 {}});
    memcpy(outer.data + 512, tar.data, tar.len);
    put_bytes("f", outer.data, outer.len);
    struct run run = READ("f");
    assert_records(&run, "f/z.json:0 {\"z\":1}\n");
    assert_skipped(&run,
                   "f/inner.tar: an archive inside an archive is not read (unpack it first) x1\n"
                   "f/inner.zip: an archive inside an archive is not read (unpack it first) x1\n");
    free_run(&run);
    np_buf_done(&tar);
    np_buf_done(&outer);
}

static void names_an_archive_without_a_file(void **state)
{
    static const struct member folder[] = {{.name = "d/", .type = AE_IFDIR}, {}};
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(formats); i++) {
        put_archive("f", formats[i].format, formats[i].options, folder);
        struct run run = READ("f");
        assert_records(&run, "");
        assert_skipped(&run, "f: an archive without a file in it x1\n");
        free_run(&run);
    }
    put_bytes("f", "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    struct run run = READ("f");
    assert_skipped(&run, "f: an archive without a file in it x1\n");
    free_run(&run);
}

static const struct member two_files[] = {
    {.name = "a.json", .text = "{\"a\":1}\n"}, {.name = "b.json", .text = "{\"b\":2}\n"}, {}};

/* Where the `n`-th header of a zip file's members begins, counted from 0. */
static char *find_header(struct np_buf *zip, int n)
{
    char *at = zip->data;
    for (; (size_t) (at - zip->data) + 4 <= zip->len; at++)
        if (memcmp(at, "PK\3\4", 4) == 0 && n-- == 0)
            return at;
    fail_msg("no such header");
    return NULL;
}

static void names_what_a_zip_file_hides(void **state)
{
    enum { FLAGS_AT = 6, METHOD_AT = 8, BZIP2 = 12 };
    (void) state;
    for (int i = 0; i < 3; i++) {
        static const char *const skipped[] = {
            "f/b.json: encrypted (unpack the archive with its password first) x1\n",
            "f/b.json: packed in the archive by another method than deflate (pack it again) x1\n",
            "f: the archive is damaged: 1 of its 2 members were found x1\n"};
        struct np_buf zip;
        pack(&zip, ARCHIVE_FORMAT_ZIP, "zip:compression=store", two_files);
        char *header = find_header(&zip, 1);
        if (i == 0)
            header[FLAGS_AT] |= 1;
        else if (i == 1)
            header[METHOD_AT] = BZIP2;
        else
            header[0] = 'X';
        put_bytes("f", zip.data, zip.len);
        struct run run = READ("f");
        assert_records(&run, "f/a.json:0 {\"a\":1}\n");
        assert_skipped(&run, skipped[i]);
        free_run(&run);
        np_buf_done(&zip);
    }
}

/* Puts the bytes into a new file: ext4 waits for the disk where one is cut to nothing and written. */
static void put_anew(const char *path, const void *bytes, size_t len)
{
    (void) remove(path);
    put_bytes(path, bytes, len);
}

/* A cut loses records only if it is told; what is told is no limit. */
static void assert_cut(const struct np_buf *archive, size_t len)
{
    put_anew("f", archive->data, len);
    struct run run = READ("f");
    const char *records = np_buf_cstr(&run.records);
    static const char all[] = "f/a.json:0 {\"a\":1}\nf/b.json:0 {\"b\":2}\n";
    assert_memory_equal(records, all, strlen(records));
    if (strcmp(records, all) != 0)
        assert_true(run.skipped.len > 0);
    assert_null(strstr(np_buf_cstr(&run.skipped), "limit"));
    free_run(&run);
}

/* So many cuts, spread over the archive. */
static void assert_cuts(const struct np_buf *archive, size_t cuts)
{
    size_t rounds = test_rounds((unsigned) cuts);
    for (size_t i = 0; i < rounds; i++)
        assert_cut(archive, i * archive->len / rounds);
}

static void tells_every_cut(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(formats); i++) {
        struct np_buf plain;
        struct np_buf packed;
        pack(&plain, formats[i].format, formats[i].options, two_files);
        assert_cuts(&plain, plain.len > 2000 ? plain.len / 31 : plain.len);
        for (size_t len = 512; len < plain.len; len += 512)
            assert_cut(&plain, len);
        np_buf_init(&packed, SIZE_MAX);
        add_gzip(&packed, plain.data, plain.len);
        assert_cuts(&packed, packed.len);
        np_buf_done(&packed);
        np_buf_done(&plain);
    }
}

static void tells_a_tar_file_without_its_end(void **state)
{
    (void) state;
    struct np_buf tar;
    pack(&tar, ARCHIVE_FORMAT_TAR_USTAR, "", two_files);
    put_bytes("f", tar.data, 2048); /* two headers, two blocks */
    struct run run = READ("f");
    assert_records(&run, "f/a.json:0 {\"a\":1}\nf/b.json:0 {\"b\":2}\n");
    assert_skipped(&run, "f: the archive has no end mark (cut off?) x1\n");
    free_run(&run);
    np_buf_done(&tar);
}

static void survives_any_damage(void **state)
{
    (void) state;
    for (size_t f = 0; f < NP_ARRAY_LEN(formats); f++) {
        struct np_buf plain;
        pack(&plain, formats[f].format, formats[f].options, two_files);
        size_t used = NP_MIN(plain.len, (size_t) 2048);
        size_t rounds = test_rounds((unsigned) used);
        for (size_t i = 0; i < rounds; i++) {
            size_t at = i * used / rounds;
            plain.data[at] ^= 0x55;
            put_anew("f", plain.data, plain.len);
            plain.data[at] ^= 0x55;
            struct run run = READ("f");
            free_run(&run);
        }
        np_buf_done(&plain);
    }
}

/* The last block of a deflated member is not given where its checksum is wrong. */
static void tells_a_wrong_checksum(void **state)
{
    (void) state;
    struct np_buf zip;
    static const struct member one[] = {{.name = "a.json", .text = "{\"a\":1}\n"}, {}};
    pack(&zip, ARCHIVE_FORMAT_ZIP, "zip:compression=deflate", one);
    char *descriptor = zip.data;
    while (memcmp(descriptor, "PK\7\10", 4) != 0) {
        descriptor++;
        assert_true((size_t) (descriptor - zip.data) + 4 < zip.len);
    }
    descriptor[4] ^= 1;
    put_bytes("f", zip.data, zip.len);
    struct run run = READ("f");
    assert_records(&run, "");
    assert_true(strstr(np_buf_cstr(&run.skipped), "f/a.json: damaged in the archive: ") != NULL);
    free_run(&run);
    np_buf_done(&zip);
}

/* What the object under an archive gives: a block again and again, or a failure. */
struct feed {
    struct np_span block;
    size_t left; /* how often */
    size_t at;   /* in the block */
    int failure; /* once, when nothing is left */
};

static int feed_blocks(void *context, char *out, size_t cap, size_t *out_len, struct np_err *err)
{
    struct feed *feed = context;
    for (*out_len = 0; *out_len < cap && feed->left > 0; ++*out_len) {
        out[*out_len] = feed->block.ptr[feed->at++];
        if (feed->at < feed->block.len)
            continue;
        feed->at = 0;
        feed->left--;
    }
    if (*out_len > 0 || feed->failure == 0)
        return 0;
    int failure = feed->failure;
    feed->failure = 0;
    return np_fail(err, failure, "it fails");
}

struct opened {
    struct np_object object;
    struct np_archive *archive;
};

static void open_fed(struct opened *opened, struct feed *feed, uint64_t barren_max_bytes)
{
    np_object_init(&opened->object);
    np_object_open_part(&opened->object, feed_blocks, feed, NP_OBJECT_SIZE_UNKNOWN);
    struct np_archive_params params = {.object = &opened->object,
                                       .barren_max_bytes = barren_max_bytes,
                                       .barren_max_members = BARREN_MAX_MEMBERS};
    assert_int_equal(np_archive_new(&opened->archive, &params, NULL), 0);
}

static void close_fed(struct opened *opened)
{
    np_archive_free(&opened->archive);
    np_object_done(&opened->object);
}

/* Passes over members up to the last one; returns how that ended. */
static int pass_all(struct opened *opened, uint64_t *out_members, struct np_err *err)
{
    struct np_archive_member member;
    int r = 1;
    *out_members = 0;
    while ((r = np_archive_next(opened->archive, &member, err)) == 1)
        ++*out_members;
    assert_int_equal(np_archive_next(opened->archive, &member, NULL), r == -EINTR ? -EBADMSG : 0);
    assert_int_equal(np_archive_next(opened->archive, &member, NULL), 0);
    return r;
}

static void bounds_members_without_a_record(void **state)
{
    static const struct member empty[] = {{.name = "a", .text = ""}, {}};
    (void) state;
    struct np_buf tar;
    struct opened opened;
    struct np_err err = {};
    uint64_t members = 0;
    pack(&tar, ARCHIVE_FORMAT_TAR_USTAR, "", empty);
    struct feed feed = {.block = np_span_make(tar.data, 512), .left = BARREN_MAX_MEMBERS + 1};
    open_fed(&opened, &feed, UINT64_MAX);
    assert_int_equal(pass_all(&opened, &members, &err), -E2BIG);
    assert_int_equal(members, BARREN_MAX_MEMBERS);
    assert_string_equal(err.msg, "given up after 1000 members without one record");
    close_fed(&opened);
    np_buf_done(&tar);
}

static void bounds_bytes_without_a_record(void **state)
{
    (void) state;
    np_auto_free char *text = np_alloc(300 * 1000 + 1);
    assert_non_null(text);
    memset(text, 'x', 300 * 1000);
    const struct member members[] = {{.name = "a", .text = text}, {.name = "b", .text = text}, {}};
    for (size_t i = 0; i < NP_ARRAY_LEN(formats); i++)
        for (int has_record = 0; has_record < 2; has_record++) {
            struct np_buf packed;
            struct opened opened;
            struct np_archive_member member;
            struct np_err err = {};
            pack(&packed, formats[i].format, formats[i].options, members);
            struct feed feed = {.block = np_buf_span(&packed), .left = 1};
            open_fed(&opened, &feed, 400 * 1000);
            assert_int_equal(np_archive_next(opened.archive, &member, NULL), 1);
            assert_int_equal(np_archive_next(opened.archive, &member, NULL), 1);
            if (has_record)
                np_archive_note_record(opened.archive);
            int r = np_archive_next(opened.archive, &member, &err);
            assert_int_equal(r, has_record ? 0 : -E2BIG);
            if (!has_record)
                assert_non_null(strstr(err.msg, "without one record"));
            close_fed(&opened);
            np_buf_done(&packed);
        }
}

static void tells_why_the_object_under_it_failed(void **state)
{
    (void) state;
    struct np_buf tar;
    pack(&tar, ARCHIVE_FORMAT_TAR_USTAR, "", two_files);
    static const int failures[] = {-EIO, -EINTR};
    for (size_t i = 0; i < NP_ARRAY_LEN(failures); i++)
        for (size_t len = 0; len <= 1536; len += 512) {
            struct opened opened;
            struct np_err err = {};
            uint64_t members = 0;
            struct feed feed = {
                .block = np_span_make(tar.data, NP_MAX(len, (size_t) 1)),
                .left = len > 0,
                .failure = failures[i],
            };
            open_fed(&opened, &feed, UINT64_MAX);
            assert_int_equal(pass_all(&opened, &members, &err), failures[i]);
            assert_string_equal(err.msg, "it fails");
            close_fed(&opened);
        }
    np_buf_done(&tar);
}

static void takes_its_place_in_time_and_the_names_of_its_members(void **state)
{
#define EVENT(minute)                                                                              \
    "{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-01-01T00:" minute                             \
    ":00Z\",\"eventName\":\"X\",\"eventSource\":\"y.amazonaws.com\"}"
#define S3_NAME "111111111111_CloudTrail_us-east-1_20240101T0025Z_x.json"
    static const struct member members[] = {
        {.name = S3_NAME, .text = EVENT("20")}, {.name = "late.json", .text = EVENT("40")}, {}};
    (void) state;
    put_archive("order/a.zip", ARCHIVE_FORMAT_ZIP, "", members);
    put_text("order/b.json", EVENT("10"));
    put_text("order/c.json", EVENT("30"));
    struct run run = READ("order");
    assert_records(&run, "order/b.json:0 " EVENT(
                             "10") "\n"
                                   "order/a.zip/" S3_NAME ":0 " EVENT(
                                       "20") "\n"
                                             "order/c.json:0 " EVENT(
                                                 "30") "\n"
                                                       "order/a.zip/late.json:0 " EVENT("40") "\n");
    assert_skipped(&run, "");
    free_run(&run);

    struct np_reader *reader = NULL;
    struct np_batch batch;
    np_batch_init(&batch);
    assert_int_equal(np_reader_new(&reader), 0);
    assert_int_equal(np_buf_printf(&reader->path, "order/a.zip%c", 0), 0);
    assert_int_equal(np_reader_open(reader, NP_OBJECT_FILE), 0);
    assert_int_equal(np_reader_fill(reader, &batch, NP_FILL_WHOLE, NULL), 1);
    assert_int_equal(batch.arrival, np_time_of_utc(2024, 1, 1, 0, 25, 0));
    assert_int_equal(np_reader_fill(reader, &batch, NP_FILL_WHOLE, NULL), 1);
    assert_int_equal(batch.arrival, 0);
    np_reader_free(&reader);
    np_batch_done(&batch);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    put_archive("f", ARCHIVE_FORMAT_ZIP, "", ordinary);
    struct plan plan = make_plan(NULL);
    const char *const paths[] = {"f", "f"};
    struct np_input_params params = {.paths = paths, .path_count = 2, .plan = plan.plan};
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_source *source = NULL;
        struct np_batch batch;
        np_batch_init(&batch);
        np_alloc_fail_at(n);
        r = np_input_new(&source, &params, NULL);
        if (r == 0)
            while ((r = source->ops->next(source, &batch, NULL)) == 1)
                continue;
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_source_free(&source);
        np_batch_done(&batch);
    }
    free_plan(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_archives_by_their_first_bytes),
        cmocka_unit_test(reads_members_like_objects_of_their_own),
        cmocka_unit_test(unpacks_members),
        cmocka_unit_test(names_what_is_no_file),
        cmocka_unit_test(names_archives_inside_and_goes_on),
        cmocka_unit_test(names_an_archive_without_a_file),
        cmocka_unit_test(names_what_a_zip_file_hides),
        cmocka_unit_test(tells_every_cut),
        cmocka_unit_test(tells_a_tar_file_without_its_end),
        cmocka_unit_test(tells_a_wrong_checksum),
        cmocka_unit_test(survives_any_damage),
        cmocka_unit_test(bounds_members_without_a_record),
        cmocka_unit_test(bounds_bytes_without_a_record),
        cmocka_unit_test(tells_why_the_object_under_it_failed),
        cmocka_unit_test(takes_its_place_in_time_and_the_names_of_its_members),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
