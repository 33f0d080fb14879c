/* SPDX-License-Identifier: Apache-2.0 */
/* Folders to write into: see folder.h. */
#include "simulate/folder.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static int fail_io(struct np_err *err, const char *what, const char *path)
{
    int r = np_neg_errno();
    return np_fail(err, r, "cannot %s the folder '%s': %s", what, path, strerror(-r));
}

static int make_one(const char *path, struct np_err *err)
{
    struct stat status;
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno != EEXIST || stat(path, &status) < 0)
        return fail_io(err, "make", path);
    return S_ISDIR(status.st_mode) ? 0 : np_fail(err, -ENOTDIR, "'%s' is no folder", path);
}

int np_folder_make(const char *path, struct np_err *err)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof(part))
        return np_fail(err, -ENAMETOOLONG, "the name of a folder is %s",
                       len == 0 ? "empty" : "too long");
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        int r = make_one(part, err);
        if (r < 0)
            return r;
    }
    return 0;
}

int np_folder_make_empty(const char *path, struct np_err *err)
{
    int r = np_folder_make(path, err);
    if (r < 0)
        return r;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return fail_io(err, "open", path);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            r = -EEXIST;
    (void) closedir(folder); /* it was only read */
    return r == 0 ? 0 : np_fail(err, r, "the folder '%s' is not empty; name a new one", path);
}
