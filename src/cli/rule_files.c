/* SPDX-License-Identifier: Apache-2.0 */
/* Reads rule files: see rule_files.h. Folders are walked by recursion over sorted names. */
#include "cli/rule_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/embedded.h"
#include "codec/yaml.h"

enum { RULE_FOLDER_MAX_DEPTH = 32, READ_BYTES = 64 * 1024, PATH_MAX_BYTES = 4096 };

struct loading {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    struct np_err *err;
};

/* Appends all that can be read; -EFBIG in words where it is longer than a rule file may be. */
static int read_all(struct np_buf *buf, const char *path, int fd, struct np_err *err)
{
    for (;;) {
        int r = np_buf_reserve(buf, READ_BYTES);
        if (r == -E2BIG)
            return np_fail(err, -EFBIG, "'%s' is longer than a rule file may be (%d MiB)", path,
                           NP_YAML_MAX_BYTES / (1024 * 1024));
        if (r < 0)
            return np_fail(err, r, "out of memory");
        ssize_t n = read(fd, buf->data + buf->len, READ_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return np_fail(err, np_neg_errno(), "cannot read '%s': %s", path, strerror(errno));
        if (n == 0)
            return 0;
        buf->len += (size_t) n;
    }
}

int np_rule_file_read(struct np_buf *buf, const char *path, struct np_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return np_fail(err, np_neg_errno(), "cannot read '%s': %s", path, strerror(errno));
    int r = read_all(buf, path, fd, err);
    (void) close(fd); /* read only: nothing can be lost */
    return r;
}

static int load_file(const struct loading *loading, const char *path)
{
    np_auto_buf struct np_buf text;
    np_buf_init(&text, (size_t) NP_YAML_MAX_BYTES + READ_BYTES);
    int r = np_rule_file_read(&text, path, loading->err);
    if (r < 0)
        return r;
    r = np_rule_set_load(loading->set, path, np_buf_span(&text), loading->diags);
    return r < 0 ? np_fail(loading->err, r, "out of memory") : 0;
}

static bool is_rule_name(const char *name)
{
    struct np_span span = np_span_of(name);
    return np_span_ends(span, NP_SPAN(".yml")) || np_span_ends(span, NP_SPAN(".yaml"));
}

static int load_path(const struct loading *loading, const char *path, unsigned depth);

/*
 * Loads one entry of a folder: folders, and files with the name of a rule file; what vanished
 * meanwhile is not missed.
 */
static int load_entry(const struct loading *loading, const char *folder, const char *name,
                      unsigned depth)
{
    char path[PATH_MAX_BYTES];
    struct stat status;
    if (name[0] == '.')
        return 0;
    int len = snprintf(path, sizeof(path), "%s%s%s", folder,
                       np_span_ends(np_span_of(folder), NP_SPAN("/")) ? "" : "/", name);
    if (len < 0 || (size_t) len >= sizeof(path))
        return np_fail(loading->err, -ENAMETOOLONG, "a path below '%s' is too long", folder);
    if (stat(path, &status) < 0 ||
        (!S_ISDIR(status.st_mode) && !(S_ISREG(status.st_mode) && is_rule_name(name))))
        return 0;
    return load_path(loading, path, depth);
}

static int load_folder(const struct loading *loading, const char *path, unsigned depth)
{
    struct dirent **entries = NULL;
    if (depth == RULE_FOLDER_MAX_DEPTH)
        return np_fail(loading->err, -ELOOP,
                       "'%s' is more than %d folders deep; is it a loop of links?", path,
                       RULE_FOLDER_MAX_DEPTH);
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        return np_fail(loading->err, np_neg_errno(), "cannot read the folder '%s': %s", path,
                       strerror(errno));
    int r = 0;
    for (int i = 0; i < count; i++) {
        if (r == 0)
            r = load_entry(loading, path, entries[i]->d_name, depth + 1);
        np_free(entries[i]);
    }
    np_free(entries);
    return r;
}

static int load_path(const struct loading *loading, const char *path, unsigned depth)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return np_fail(loading->err, np_neg_errno(), "cannot read the rules '%s': %s", path,
                       strerror(errno));
    return S_ISDIR(status.st_mode) ? load_folder(loading, path, depth) : load_file(loading, path);
}

static int load_shipped(const struct loading *loading)
{
    for (size_t i = 0; i < np_embedded_rules_count; i++) {
        const struct np_embedded_file *file = &np_embedded_rules[i];
        if (!is_rule_name(file->path)) /* a table */
            continue;
        int r = np_rule_set_load(loading->set, file->path, np_span_make(file->text, file->len),
                                 loading->diags);
        if (r < 0)
            return np_fail(loading->err, r, "out of memory");
    }
    return 0;
}

/* Loads the file of --values; what is wrong with it is the user's mistake, not a rule's. */
static int load_values(const struct loading *loading, const char *path)
{
    np_auto_buf struct np_buf text;
    struct np_diag_list diags;
    np_buf_init(&text, (size_t) NP_YAML_MAX_BYTES + READ_BYTES);
    int r = np_rule_file_read(&text, path, loading->err);
    if (r < 0)
        return r;
    np_diag_list_init(&diags);
    r = np_rule_set_load_values(loading->set, path, np_buf_span(&text), &diags);
    if (r == -EINVAL && diags.diags.len > 0) {
        const struct np_diag *diag = &diags.diags.items[0];
        np_err_set(loading->err, r, "%s:%u:%u: %s", path, diag->place.line, diag->place.column,
                   diag->message);
    } else if (r < 0) {
        np_err_set(loading->err, r, "out of memory");
    }
    np_diag_list_done(&diags);
    return r;
}

int np_rule_files_load(struct np_rule_set *set, const struct np_args *args,
                       enum np_default_rules defaults, struct np_diag_list *diags,
                       struct np_err *err)
{
    struct loading loading = {.set = set, .diags = diags, .err = err};
    bool shipped = defaults == NP_DEFAULT_RULES_ALWAYS ||
                   (defaults == NP_DEFAULT_RULES_IF_NONE && !np_args_has(args, NP_OPT_RULES));
    const char *values = np_args_get(args, NP_OPT_VALUES);
    int r = values != NULL ? load_values(&loading, values) : 0;
    if (r == 0 && shipped)
        r = load_shipped(&loading);
    for (size_t i = 0; i < args->given.len && r == 0; i++)
        if (args->given.items[i].id == NP_OPT_RULES)
            r = load_path(&loading, args->given.items[i].value, 0);
    if (r < 0)
        return r;
    r = np_rule_set_link(set, diags);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}
