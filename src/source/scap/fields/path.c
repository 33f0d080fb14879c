/* SPDX-License-Identifier: Apache-2.0 */
/* Paths that a call works on without a descriptor, or beside one ("fs.path.*"). */
#include "source/scap/fields/query.h"
#include "source/scap/state/path.h"

/* The parameters that hold the paths of a type of event; NULL = it has none. A link's source is the new name, its target the old one. */
static const struct call {
    uint16_t type;
    bool is_open; /* its result is a descriptor */
    const char *name;
    const char *source;
    const char *target;
} calls[] = {
    {NP_SCAP_MKDIR_2_X, false, "path", NULL, NULL},
    {NP_SCAP_MKDIRAT_X, false, "path", NULL, NULL},
    {NP_SCAP_RMDIR_2_X, false, "path", NULL, NULL},
    {NP_SCAP_UNLINK_2_X, false, "path", NULL, NULL},
    {NP_SCAP_UNLINKAT_2_X, false, "name", NULL, NULL},
    {NP_SCAP_OPEN_X, true, "name", NULL, NULL},
    {NP_SCAP_OPENAT_2_X, true, "name", NULL, NULL},
    {NP_SCAP_OPENAT2_X, true, "name", NULL, NULL},
    {NP_SCAP_FCHMODAT_X, false, "filename", NULL, NULL},
    {NP_SCAP_CHMOD_X, false, "filename", NULL, NULL},
    {NP_SCAP_FCHMOD_X, false, "", NULL, NULL},
    {NP_SCAP_CHOWN_X, false, "path", NULL, NULL},
    {NP_SCAP_LCHOWN_X, false, "path", NULL, NULL},
    {NP_SCAP_FCHOWN_X, false, "", NULL, NULL},
    {NP_SCAP_FCHOWNAT_X, false, "pathname", NULL, NULL},
    {NP_SCAP_QUOTACTL_X, false, "special", NULL, NULL},
    {NP_SCAP_RENAME_X, false, NULL, "oldpath", "newpath"},
    {NP_SCAP_RENAMEAT_X, false, NULL, "oldpath", "newpath"},
    {NP_SCAP_RENAMEAT2_X, false, NULL, "oldpath", "newpath"},
    {NP_SCAP_LINK_2_X, false, NULL, "newpath", "oldpath"},
    {NP_SCAP_LINKAT_2_X, false, NULL, "newpath", "oldpath"},
    {NP_SCAP_SYMLINK_X, false, NULL, "linkpath", "target"},
    {NP_SCAP_SYMLINKAT_X, false, NULL, "linkpath", "target"},
    {NP_SCAP_MOUNT_X, false, NULL, "dev", "dir"},
    {NP_SCAP_UMOUNT_1_X, false, "name", NULL, NULL},
    {NP_SCAP_UMOUNT2_X, false, "name", NULL, NULL},
};

static const struct call *find_call(uint16_t type)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(calls); i++)
        if (calls[i].type == type)
            return &calls[i];
    return NULL;
}

static const char *parameter_of(const struct call *call, uint16_t which)
{
    switch (which) {
    case NP_SYSCALL_FS_PATH_NAME:
    case NP_SYSCALL_FS_PATH_NAMERAW:
        return call->name;
    case NP_SYSCALL_FS_PATH_SOURCE:
    case NP_SYSCALL_FS_PATH_SOURCERAW:
        return call->source;
    default:
        return call->target;
    }
}

/* The path of the parameter, or of the event's descriptor where the parameter has no name. False = there is none. */
static bool read_path(const struct np_query *query, const char *parameter, struct np_span *out_path)
{
    if (parameter[0] == '\0') {
        const struct np_descriptor *descriptor = NULL;
        if (!np_event_descriptor(query->moment, &descriptor) || descriptor == NULL)
            return false;
        *out_path = np_text_span(descriptor->name);
        return true;
    }
    int index = np_argument_find(query->event, np_span_of(parameter));
    if (index < 0)
        return false;
    *out_path = np_scap_event_text(query->event, (size_t) index);
    return out_path->len > 0;
}

int np_field_path(const struct np_query *query)
{
    const struct np_scap_moment *moment = query->moment;
    uint16_t which = query->want->which;
    const struct call *call = find_call(query->event->type);
    int64_t result = 0;
    if (call == NULL || !np_scap_event_result(query->event, &result) ||
        (call->is_open ? result == -1 : result != 0))
        return 0;
    const char *parameter = parameter_of(call, which);
    struct np_span path;
    if (parameter == NULL || !read_path(query, parameter, &path))
        return 0;
    bool is_raw = which == NP_SYSCALL_FS_PATH_NAMERAW || which == NP_SYSCALL_FS_PATH_SOURCERAW ||
                  which == NP_SYSCALL_FS_PATH_TARGETRAW;
    if (is_raw || path.len == 0 || path.ptr[0] == '/')
        return np_put_text(query, path);
    if (moment->task == NULL)
        return 0;
    np_auto_buf struct np_buf joined;
    np_buf_init(&joined, NP_QUERY_TEXT_MAX_BYTES);
    int r = np_scap_path_join(&joined, np_task_cwd(moment->state, moment->task), path);
    return r < 0 ? r : np_put_buf(query, &joined);
}
