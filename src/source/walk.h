/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the paths that a user gave to a list of objects. A folder is walked recursively: first its
 * files, then its folders, each by name. A folder is walked once, however many names lead to it; a
 * file is an object for each name that leads to it. Links to files and folders are followed. What
 * is in a folder and cannot be read goes to the tally; a given path that cannot be read is an
 * error.
 *
 * A million objects must fit into memory, so an object is 16 bytes and its name; paths are put
 * together when an object is opened.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"
#include "base/vec.h"
#include "source/tally.h"

/* Instead of a folder's index: */
#define NP_FOLDER_GIVEN  UINT32_MAX       /* a file that was given; its name is the path */
#define NP_FOLDER_STREAM (UINT32_MAX - 1) /* a given FIFO or character device, or "-" */

/* One object: a file or a stream. */
struct np_object_ref {
    np_time_ns time; /* its place in the order of reading; not set by the walk */
    uint32_t folder; /* index, or one of the above */
    uint32_t name;   /* offset in `names`; rises in the order of the walk */
};

struct np_folder_ref {
    uint32_t path;   /* offset in `names` */
    uint32_t parent; /* index, or NP_FOLDER_GIVEN */
};

struct np_object_list {
    NP_VEC(struct np_object_ref) refs;
    NP_VEC(struct np_folder_ref) folders;
    struct np_buf names; /* NUL-terminated */
    uint64_t bytes;      /* of all files, as their folders say */
    bool has_stream;     /* then `bytes` is not all */
};

/* An empty list; allocates nothing yet. */
void np_object_list_init(struct np_object_list *list);

/* Frees everything; NULL-safe. */
void np_object_list_done(struct np_object_list *list);

struct np_walk;

/* A walk that fills `list` and tells `tally` (both borrowed): 0 or -ENOMEM. */
NP_NODISCARD int np_walk_new(struct np_walk **out_walk, struct np_object_list *list,
                             struct np_tally *tally);
void np_walk_free(struct np_walk **walk);

/*
 * Adds what `path` leads to; "-" is stdin. -ENOENT and the like, with the path in `err`, where it
 * cannot be read or is neither file, folder, FIFO nor character device; -E2BIG where there are too
 * many objects; -ENOMEM. After an error the list may hold a part.
 */
NP_NODISCARD int np_walk_path(struct np_walk *walk, const char *path, struct np_err *err);

/* The name of an object in its folder, or its path where it was given. */
const char *np_object_list_name(const struct np_object_list *list, const struct np_object_ref *ref);

/* Writes the object's path into `out_path` (NUL-terminated): 0 or -ENOMEM. */
NP_NODISCARD int np_object_list_path(const struct np_object_list *list,
                                     const struct np_object_ref *ref, struct np_buf *out_path);
