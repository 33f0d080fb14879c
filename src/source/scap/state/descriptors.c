/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of descriptors: one a process; threads use that of their main thread. */
#include <errno.h>

#include "base/alloc.h"
#include "source/scap/state/internal.h"
#include "source/scap/state/socket.h"

struct np_descriptor *np_descriptor_new(enum np_descriptor_kind kind)
{
    struct np_descriptor *made = np_alloc(sizeof(*made));
    if (made != NULL)
        made->kind = kind;
    return made;
}

void np_descriptor_free(struct np_descriptor **descriptor)
{
    struct np_descriptor *gone = *descriptor;
    if (gone == NULL)
        return;
    np_text_drop(&gone->name);
    np_text_drop(&gone->name_raw);
    np_text_drop(&gone->old_name);
    np_free(gone);
    *descriptor = NULL;
}

struct np_descriptor *np_descriptor_copy(const struct np_descriptor *descriptor)
{
    struct np_descriptor *copy = np_alloc(sizeof(*copy));
    if (copy == NULL)
        return NULL;
    *copy = *descriptor;
    copy->name = copy->name_raw = copy->old_name = NULL;
    np_text_share(&copy->name, descriptor->name);
    np_text_share(&copy->name_raw, descriptor->name_raw);
    np_text_share(&copy->old_name, descriptor->old_name);
    return copy;
}

int np_descriptor_set_name(struct np_descriptor *descriptor, struct np_scap_state *state)
{
    if (state->text.error != 0)
        return -ENOMEM;
    return np_text_set(&descriptor->name, np_buf_span(&state->text));
}

struct np_idmap *np_entry_descriptors(struct np_task_entry *entry)
{
    if ((entry->task.flags & NP_TASK_CLONE_FILES) == 0)
        return &entry->descriptors;
    struct np_task_entry *main = np_entry_main(entry);
    return main != NULL ? &main->descriptors : NULL;
}

struct np_descriptor *np_entry_descriptor(struct np_task_entry *entry, int64_t fd)
{
    struct np_idmap *table = np_entry_descriptors(entry);
    struct np_descriptor *found = fd >= 0 && table != NULL ? np_idmap_get(table, fd) : NULL;
    if (found != NULL)
        np_text_share(&found->old_name, found->name);
    return found;
}

/* Puts it into the table, or loses it where there is no room: whether it is in, or -ENOMEM. */
static int put(struct np_scap_state *state, struct np_idmap *table, int64_t fd,
               struct np_descriptor *descriptor)
{
    struct np_descriptor *old = np_idmap_get(table, fd);
    if (old == NULL &&
        (table->len >= NP_DESCRIPTORS_MAX || state->descriptors_len >= NP_DESCRIPTORS_ALL_MAX)) {
        state->lost.descriptors++;
        return 0;
    }
    int r = np_idmap_put(table, fd, descriptor);
    if (r < 0)
        return r;
    if (old == NULL)
        state->descriptors_len++;
    np_descriptor_free(&old);
    descriptor->fd = fd;
    return 1;
}

int np_entry_add_descriptor(struct np_scap_state *state, struct np_task_entry *entry, int64_t fd,
                            struct np_descriptor **descriptor)
{
    struct np_idmap *table = np_entry_descriptors(entry);
    int r = table != NULL ? put(state, table, fd, *descriptor) : 0;
    if (r < 0)
        return r;
    if (r == 0)
        np_descriptor_free(descriptor);
    *descriptor = NULL;
    entry->task.last_fd = fd;
    return 0;
}

int np_take_descriptor(struct np_take *take, int64_t fd, struct np_descriptor **descriptor)
{
    struct np_descriptor *added = *descriptor;
    int r = np_entry_add_descriptor(take->state, take->entry, fd, descriptor);
    if (r < 0)
        return r;
    struct np_idmap *table = np_entry_descriptors(take->entry);
    take->descriptor = table != NULL && np_idmap_get(table, fd) == added ? added : NULL;
    return 0;
}

void np_entry_remove_descriptor(struct np_scap_state *state, struct np_task_entry *entry,
                                int64_t fd)
{
    struct np_idmap *table = np_entry_descriptors(entry);
    struct np_descriptor *gone = table != NULL ? np_idmap_remove(table, fd) : NULL;
    if (gone == NULL)
        return;
    state->descriptors_len--;
    np_descriptor_free(&gone);
}

void np_descriptors_clear(struct np_scap_state *state, struct np_idmap *table)
{
    struct np_descriptor *gone = NULL;
    for (size_t at = 0; (gone = np_idmap_next(table, &at)) != NULL;) {
        np_descriptor_free(&gone);
        state->descriptors_len--;
    }
    np_idmap_done(table);
}

int np_descriptors_copy(struct np_scap_state *state, struct np_idmap *to,
                        const struct np_idmap *from)
{
    const struct np_descriptor *one = NULL;
    for (size_t at = 0; (one = np_idmap_next(from, &at)) != NULL;) {
        struct np_descriptor *copy = np_descriptor_copy(one);
        if (copy == NULL)
            return -ENOMEM;
        int r = put(state, to, one->fd, copy);
        if (r <= 0)
            np_descriptor_free(&copy);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Reading. */

static const struct np_idmap *table_of(const struct np_scap_state *state,
                                       const struct np_task *task)
{
    const struct np_task *owner = task;
    if ((task->flags & NP_TASK_CLONE_FILES) != 0)
        owner = np_task_main(state, task);
    return owner != NULL ? &((const struct np_task_entry *) owner)->descriptors : NULL;
}

const struct np_descriptor *np_task_descriptor(const struct np_scap_state *state,
                                               const struct np_task *task, int64_t fd)
{
    const struct np_idmap *table = table_of(state, task);
    return table != NULL && fd >= 0 ? np_idmap_get(table, fd) : NULL;
}

size_t np_task_descriptor_count(const struct np_scap_state *state, const struct np_task *task)
{
    const struct np_task *main = np_task_main(state, task);
    return main != NULL ? ((const struct np_task_entry *) main)->descriptors.len : 0;
}

const struct np_descriptor *np_task_descriptor_next(const struct np_scap_state *state,
                                                    const struct np_task *task, size_t *cursor)
{
    const struct np_idmap *table = table_of(state, task);
    return table != NULL ? np_idmap_next(table, cursor) : NULL;
}
