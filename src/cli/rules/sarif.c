/* SPDX-License-Identifier: Apache-2.0 */
/* The log is written line by line; the place of a result's rule in the list comes from a map. */
#include "cli/rules/sarif.h"

#include <limits.h>
#include <unistd.h>

#include "base/map.h"
#include "cli/version.h"
#include "codec/json/write.h"

enum { RESULTS_MAX = 4000000, URI_MAX_BYTES = 1024 * 1024 };

int np_sarif_add(struct np_sarif *sarif, struct np_sarif_result result)
{
    return np_vec_push(&sarif->results, result, RESULTS_MAX);
}

int np_sarif_add_diag(struct np_sarif *sarif, const struct np_diag *diag)
{
    return np_sarif_add(sarif, (struct np_sarif_result){.code = diag->code,
                                                        .message = diag->message,
                                                        .place = diag->place,
                                                        .severity = diag->severity,
                                                        .hint = diag->hint});
}

void np_sarif_done(struct np_sarif *sarif)
{
    np_vec_done(&sarif->results);
}

/* Appends a path, its bytes that a URI may not hold (RFC 3986, 3.3) as %XX. */
static void add_encoded(struct np_buf *buf, const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@";
    for (; *path != '\0'; path++)
        (void) (strchr(plain, *path) != NULL
                    ? np_buf_add_char(buf, *path)
                    : np_buf_printf(buf, "%%%02X", (unsigned) (unsigned char) *path));
}

void np_sarif_add_uri(struct np_buf *buf, const char *path, const char *folder)
{
    size_t len = folder != NULL ? strlen(folder) : 0;
    while (len > 0 && folder[len - 1] == '/')
        len--;
    if (folder != NULL && path[0] == '/' && strncmp(path, folder, len) == 0 && path[len] == '/')
        path += len + strspn(path + len, "/");
    while (path[0] == '.' && path[1] == '/')
        path += 1 + strspn(path + 1, "/");
    if (path[0] == '/')
        (void) np_buf_add_str(buf, "file://");
    add_encoded(buf, path);
}

/* What one writing of the log needs. */
struct writing {
    const struct np_sarif *sarif;
    struct np_map codes; /* code -> place in the list of rules */
    struct np_buf text;  /* scratch */
    const char *folder;  /* the working one; NULL = not known */
};

static void write_text(struct np_json_writer *writer, const char *key, struct np_span text)
{
    np_json_begin_object(writer, key);
    np_json_text(writer, "text", text);
    np_json_end_object(writer);
}

/* A code is a few words with dashes between them. */
static void write_rule(struct writing *writing, struct np_json_writer *writer, const char *code)
{
    np_buf_reset(&writing->text);
    for (const char *c = code; *c != '\0'; c++)
        (void) np_buf_add_char(&writing->text, *c == '-' ? ' ' : *c);
    np_json_begin_object(writer, NULL);
    np_json_cstr(writer, "id", code);
    write_text(writer, "shortDescription", np_buf_span(&writing->text));
    np_json_end_object(writer);
}

static int write_driver(struct writing *writing, struct np_json_writer *writer)
{
    np_json_begin_object(writer, "tool");
    np_json_begin_object(writer, "driver");
    np_json_cstr(writer, "name", "nepho");
    np_json_cstr(writer, "version", NP_VERSION);
    np_json_begin_array(writer, "rules");
    int r = 0;
    for (size_t i = 0; i < writing->sarif->results.len && r == 0; i++) {
        const char *code = writing->sarif->results.items[i].code;
        if (np_map_get(&writing->codes, np_span_of(code)) != NP_MAP_NONE)
            continue;
        r = np_map_put(&writing->codes, np_span_of(code), (uint32_t) writing->codes.len);
        write_rule(writing, writer, code);
    }
    np_json_end_array(writer);
    np_json_end_object(writer);
    np_json_end_object(writer);
    return r;
}

static void write_location(struct writing *writing, struct np_json_writer *writer,
                           const struct np_place *place)
{
    np_buf_reset(&writing->text);
    np_sarif_add_uri(&writing->text, place->file, writing->folder);
    np_json_begin_array(writer, "locations");
    np_json_begin_object(writer, NULL);
    np_json_begin_object(writer, "physicalLocation");
    np_json_begin_object(writer, "artifactLocation");
    np_json_text(writer, "uri", np_buf_span(&writing->text));
    np_json_end_object(writer);
    if (place->line > 0) {
        np_json_begin_object(writer, "region");
        np_json_uint(writer, "startLine", place->line);
        if (place->column > 0)
            np_json_uint(writer, "startColumn", place->column);
        np_json_end_object(writer);
    }
    np_json_end_object(writer);
    np_json_end_object(writer);
    np_json_end_array(writer);
}

static void write_result(struct writing *writing, struct np_json_writer *writer,
                         const struct np_sarif_result *result)
{
    bool has_hint = result->hint != NULL && result->hint[0] != '\0';
    np_json_begin_object(writer, NULL);
    np_json_cstr(writer, "ruleId", result->code);
    np_json_uint(writer, "ruleIndex", np_map_get(&writing->codes, np_span_of(result->code)));
    np_json_cstr(writer, "level", result->severity == NP_SEVERITY_ERROR ? "error" : "warning");
    np_buf_reset(&writing->text);
    (void) np_buf_add_str(&writing->text, result->message);
    if (has_hint)
        (void) np_buf_printf(&writing->text, " (%s)", result->hint);
    write_text(writer, "message", np_buf_span(&writing->text));
    write_location(writing, writer, &result->place);
    np_json_end_object(writer);
}

/* Ends a line inside the log: a huge one need not be held in memory as a whole. */
static int end_line(struct np_out *out, struct np_err *err)
{
    (void) np_buf_add_char(np_out_buf(out), '\n');
    return np_out_commit(out, err);
}

static int write_results(struct writing *writing, struct np_json_writer *writer, struct np_out *out,
                         struct np_err *err)
{
    int r = 0;
    np_json_begin_array(writer, "results");
    for (size_t i = 0; i < writing->sarif->results.len && r == 0; i++) {
        writer->buf = np_out_buf(out);
        write_result(writing, writer, &writing->sarif->results.items[i]);
        r = writing->text.error < 0 ? np_fail(err, writing->text.error, "out of memory")
                                    : end_line(out, err);
    }
    writer->buf = np_out_buf(out);
    np_json_end_array(writer);
    return r;
}

static int write_log(struct writing *writing, struct np_out *out, struct np_err *err)
{
    struct np_json_writer writer;
    np_json_writer_init(&writer, np_out_buf(out));
    np_json_begin_object(&writer, NULL);
    np_json_cstr(&writer, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    np_json_cstr(&writer, "version", "2.1.0");
    np_json_begin_array(&writer, "runs");
    np_json_begin_object(&writer, NULL);
    int r = write_driver(writing, &writer);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    np_json_cstr(&writer, "columnKind", "unicodeCodePoints");
    r = write_results(writing, &writer, out, err);
    if (r < 0)
        return r;
    np_json_end_object(&writer);
    np_json_end_array(&writer);
    np_json_end_object(&writer);
    return end_line(out, err);
}

int np_sarif_write(const struct np_sarif *sarif, struct np_out *out, struct np_err *err)
{
    char folder[PATH_MAX];
    struct writing writing = {.sarif = sarif, .folder = getcwd(folder, sizeof(folder))};
    np_map_init(&writing.codes, RESULTS_MAX);
    np_buf_init(&writing.text, URI_MAX_BYTES);
    int r = write_log(&writing, out, err);
    np_map_done(&writing.codes);
    np_buf_done(&writing.text);
    return r;
}
