/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders wait on a stack, so the depth of a tree costs no C stack. Each one is listed whole,
 * sorted, and its files are added before the next folder is opened: one open folder at a time.
 */
#include "source/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/map.h"

enum {
    OBJECTS_MAX = 100 * 1000 * 1000,
    FOLDERS_MAX = 16 * 1024 * 1024,
};

struct np_walk {
    struct np_object_list *list;
    struct np_tally *tally;
    struct np_map seen;        /* index of each folder by device and inode */
    NP_VEC(uint32_t) todo;     /* folders still to be listed, the next one last */
    struct np_buf names;       /* of the folder being listed */
    NP_VEC(uint32_t) entries;  /* offsets in `names` */
    NP_VEC(uint32_t) children; /* its folders, by name */
    struct np_buf path;        /* scratch */
    bool has_stdin;
};

void np_object_list_init(struct np_object_list *list)
{
    *list = (struct np_object_list){};
    np_buf_init(&list->names, UINT32_MAX);
}

void np_object_list_done(struct np_object_list *list)
{
    if (list == NULL)
        return;
    np_vec_done(&list->refs);
    np_vec_done(&list->folders);
    np_buf_done(&list->names);
    np_object_list_init(list);
}

const char *np_object_list_name(const struct np_object_list *list, const struct np_object_ref *ref)
{
    return list->names.data + ref->name;
}

/* Writes "folder/name"; a folder that ends with a slash needs no second one. */
static int join(struct np_buf *out, const char *folder, const char *name)
{
    np_buf_reset(out);
    size_t len = strlen(folder);
    (void) np_buf_add(out, folder, len);
    if (len > 0 && folder[len - 1] != '/')
        (void) np_buf_add_char(out, '/');
    (void) np_buf_add(out, name, strlen(name) + 1);
    return out->error; /* of any of them */
}

int np_object_list_path(const struct np_object_list *list, const struct np_object_ref *ref,
                        struct np_buf *out_path)
{
    const char *name = np_object_list_name(list, ref);
    if (ref->folder < list->folders.len)
        return join(out_path, list->names.data + list->folders.items[ref->folder].path, name);
    np_buf_reset(out_path);
    return np_buf_add(out_path, name, strlen(name) + 1);
}

int np_walk_new(struct np_walk **out_walk, struct np_object_list *list, struct np_tally *tally)
{
    struct np_walk *walk = np_alloc(sizeof(*walk));
    if (walk == NULL)
        return -ENOMEM;
    walk->list = list;
    walk->tally = tally;
    np_map_init(&walk->seen, FOLDERS_MAX);
    np_buf_init(&walk->names, UINT32_MAX);
    np_buf_init(&walk->path, UINT32_MAX);
    *out_walk = walk;
    return 0;
}

void np_walk_free(struct np_walk **walk)
{
    if (walk == NULL || *walk == NULL)
        return;
    np_map_done(&(*walk)->seen);
    np_vec_done(&(*walk)->todo);
    np_buf_done(&(*walk)->names);
    np_vec_done(&(*walk)->entries);
    np_vec_done(&(*walk)->children);
    np_buf_done(&(*walk)->path);
    np_free(*walk);
    *walk = NULL;
}

/* Adds a NUL-terminated text to the list's names. */
static int keep_name(struct np_object_list *list, const char *text, uint32_t *out_offset)
{
    size_t offset = list->names.len;
    int r = np_buf_add(&list->names, text, strlen(text) + 1);
    if (r == 0)
        *out_offset = (uint32_t) offset;
    return r;
}

static int add_object(struct np_walk *walk, const char *name, uint32_t folder)
{
    struct np_object_ref ref = {.folder = folder};
    int r = keep_name(walk->list, name, &ref.name);
    if (r == 0)
        r = np_vec_push(&walk->list->refs, ref, OBJECTS_MAX);
    if (r == 0)
        walk->tally->objects++;
    return r;
}

/* Whether `folder` is `of` or stands above it. */
static bool is_above(const struct np_object_list *list, uint32_t folder, uint32_t of)
{
    while (of != NP_FOLDER_GIVEN && of != folder)
        of = list->folders.items[of].parent;
    return of == folder;
}

/*
 * Adds the folder at `path` to the list and its index to `out` where it is new. A link back to a
 * folder above it is named; one that was reached by another name has been read, so nothing is
 * missing.
 */
static int add_folder(struct np_walk *walk, const char *path, uint32_t parent,
                      const struct stat *st)
{
    struct np_object_list *list = walk->list;
    uint64_t identity[2] = {st->st_dev, st->st_ino};
    struct np_span key = np_span_make((const char *) identity, sizeof(identity));
    uint32_t seen = np_map_get(&walk->seen, key);
    if (seen != NP_MAP_NONE) {
        if (is_above(list, seen, parent))
            np_tally_skip(walk->tally, path,
                          "a link loop: it leads back to a folder above it (remove the link)",
                          false);
        return 0;
    }
    struct np_folder_ref folder = {.parent = parent};
    uint32_t index = (uint32_t) list->folders.len;
    int r = keep_name(list, path, &folder.path);
    if (r == 0)
        r = np_vec_push(&list->folders, folder, FOLDERS_MAX);
    if (r == 0)
        r = np_map_put(&walk->seen, key, index);
    return r == 0 ? np_vec_push(&walk->children, index, FOLDERS_MAX) : r;
}

/* Why a thing in a folder that is neither file nor folder is not read. */
static const char *odd_reason(mode_t mode)
{
    if (S_ISFIFO(mode))
        return "a FIFO in a folder is not read (name it as an input of its own)";
    if (S_ISCHR(mode) || S_ISBLK(mode))
        return "a device in a folder is not read (name it as an input of its own)";
    if (S_ISSOCK(mode))
        return "a socket is not read (pipe its data into \"nepho detect -\")";
    return "neither a file nor a folder";
}

/* Names an entry that has no status. */
static void tell_no_status(struct np_walk *walk, int dir, const char *name, int error)
{
    struct stat st;
    const char *path = walk->path.data;
    bool is_link = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
    if (is_link && error == ELOOP)
        np_tally_skip(walk->tally, path, "a link loop: its links lead to each other (remove one)",
                      false);
    else if (is_link && (error == ENOENT || error == ENOTDIR))
        np_tally_skip(walk->tally, path,
                      "a dangling link: what it leads to is not there (restore or remove it)",
                      false);
    else
        np_tally_errno(walk->tally, path, error);
}

static int take_entry(struct np_walk *walk, uint32_t folder, int dir, const char *name)
{
    struct np_object_list *list = walk->list;
    struct stat st;
    int error = fstatat(dir, name, &st, 0) < 0 ? errno : 0;
    if (error == 0 && S_ISREG(st.st_mode)) {
        list->bytes += (uint64_t) st.st_size;
        return add_object(walk, name, folder);
    }
    int r = join(&walk->path, list->names.data + list->folders.items[folder].path, name);
    if (r < 0)
        return r;
    if (error != 0)
        tell_no_status(walk, dir, name, error);
    else if (S_ISDIR(st.st_mode))
        return add_folder(walk, walk->path.data, folder, &st);
    else
        np_tally_skip(walk->tally, walk->path.data, odd_reason(st.st_mode), false);
    return 0;
}

static int compare_names(const void *a, const void *b, void *names)
{
    return strcmp((const char *) names + *(const uint32_t *) a,
                  (const char *) names + *(const uint32_t *) b);
}

/*
 * Reads the names of an open folder, sorted. `*out_error` is an errno where it could not be read to
 * its end.
 */
static int list_names(struct np_walk *walk, DIR *dir, int *out_error)
{
    struct dirent *entry = NULL;
    np_buf_reset(&walk->names);
    walk->entries.len = 0;
    while ((errno = 0, entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        int r = np_vec_push(&walk->entries, (uint32_t) walk->names.len, OBJECTS_MAX);
        if (r == 0)
            r = np_buf_add(&walk->names, name, strlen(name) + 1);
        if (r < 0)
            return r;
    }
    *out_error = errno;
    if (walk->entries.len > 0)
        qsort_r(walk->entries.items, walk->entries.len, sizeof(walk->entries.items[0]),
                compare_names, walk->names.data);
    return 0;
}

/* Opens a folder: 0 or an errno, never 0 on failure. */
static int open_folder(const char *path, DIR **out_dir)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        int error = -np_neg_errno();
        if (fd >= 0)
            (void) close(fd); /* nothing was written */
        return error;
    }
    *out_dir = dir;
    return 0;
}

/*
 * Adds what is in one folder. Its own folders go onto the stack, so that the first by name comes
 * next.
 */
static int walk_folder(struct np_walk *walk, uint32_t folder, int *out_error)
{
    struct np_object_list *list = walk->list;
    DIR *dir = NULL;
    *out_error = open_folder(list->names.data + list->folders.items[folder].path, &dir);
    if (*out_error != 0)
        return 0;
    walk->children.len = 0;
    int r = list_names(walk, dir, out_error);
    for (size_t i = 0; i < walk->entries.len && r == 0; i++)
        r = take_entry(walk, folder, dirfd(dir), walk->names.data + walk->entries.items[i]);
    (void) closedir(dir); /* nothing was written */
    for (size_t i = walk->children.len; i > 0 && r == 0; i--)
        r = np_vec_push(&walk->todo, walk->children.items[i - 1], FOLDERS_MAX);
    return r;
}

static int fail_path(struct np_err *err, int error, const char *path)
{
    return np_fail(err, -error, "input '%s': %s", path, strerror(error));
}

static int fail_list(struct np_err *err, int r)
{
    if (r == -E2BIG)
        return np_fail(err, r, "too many files for one run; give fewer folders at a time");
    return np_fail(err, r, "out of memory");
}

static int walk_tree(struct np_walk *walk, const char *path, const struct stat *st,
                     struct np_err *err)
{
    struct np_object_list *list = walk->list;
    size_t folder_count = list->folders.len;
    int error = 0;
    walk->children.len = 0;
    int r = add_folder(walk, path, NP_FOLDER_GIVEN, st);
    if (r == 0 && list->folders.len > folder_count) {
        r = walk_folder(walk, (uint32_t) folder_count, &error);
        if (r == 0 && error != 0)
            return fail_path(err, error, path);
    }
    while (r == 0 && walk->todo.len > 0) {
        uint32_t folder = walk->todo.items[--walk->todo.len];
        r = walk_folder(walk, folder, &error);
        if (r == 0 && error != 0)
            np_tally_errno(walk->tally, list->names.data + list->folders.items[folder].path, error);
    }
    return r < 0 ? fail_list(err, r) : 0;
}

/* Adds stdin; a second "-" would find it read to its end. */
static int walk_stdin(struct np_walk *walk, struct np_err *err)
{
    struct stat st;
    if (walk->has_stdin)
        return 0;
    if (fstat(STDIN_FILENO, &st) < 0)
        return fail_path(err, errno, "-");
    off_t at = S_ISREG(st.st_mode) ? lseek(STDIN_FILENO, 0, SEEK_CUR) : -1;
    if (at >= 0 && at <= st.st_size)
        walk->list->bytes += (uint64_t) (st.st_size - at);
    else
        walk->list->has_stream = true;
    walk->has_stdin = true;
    int r = add_object(walk, "-", NP_FOLDER_STREAM);
    return r < 0 ? fail_list(err, r) : 0;
}

int np_walk_path(struct np_walk *walk, const char *path, struct np_err *err)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return walk_stdin(walk, err);
    if (stat(path, &st) < 0)
        return fail_path(err, errno, path);
    if (S_ISDIR(st.st_mode))
        return walk_tree(walk, path, &st, err);
    bool is_stream = S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode);
    if (!is_stream && !S_ISREG(st.st_mode))
        return np_fail(err, -EINVAL, "input '%s' is neither a file, a folder nor a pipe", path);
    if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) < 0)
        return fail_path(err, errno, path);
    walk->list->has_stream |= is_stream;
    walk->list->bytes += is_stream ? 0 : (uint64_t) st.st_size;
    int r = add_object(walk, path, is_stream ? NP_FOLDER_STREAM : NP_FOLDER_GIVEN);
    return r < 0 ? fail_list(err, r) : 0;
}
