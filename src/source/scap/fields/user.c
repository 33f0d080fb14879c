/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the user and the group of a process ("user.*", "group.*"). */
#include "source/scap/fields/query.h"

#define UNKNOWN "<NA>" /* what Falco says of a user without a name */

/* A text of a user; root is known without a list of users. */
static int put_user_text(const struct np_query *query, uint32_t uid, uint16_t which)
{
    const struct np_user *user = np_scap_state_user(query->moment->state, uid);
    bool is_root = uid == 0;
    struct np_span text = {};
    switch (which) {
    case NP_SYSCALL_USER_HOMEDIR:
        text = user != NULL ? np_text_span(user->home) : np_span_of(is_root ? "/root" : UNKNOWN);
        break;
    case NP_SYSCALL_USER_SHELL:
        text = user != NULL ? np_text_span(user->shell) : np_span_of(is_root ? "" : UNKNOWN);
        break;
    default:
        text = user != NULL ? np_text_span(user->name) : np_span_of(is_root ? "root" : UNKNOWN);
    }
    return np_put_text(query, text);
}

static int put_group_name(const struct np_query *query, uint32_t gid)
{
    const struct np_group *group = np_scap_state_group(query->moment->state, gid);
    if (group != NULL)
        return np_put_text(query, np_text_span(group->name));
    return np_put_literal(query, gid == 0 ? "root" : UNKNOWN);
}

int np_field_user(const struct np_query *query)
{
    const struct np_task *task = query->moment->task;
    if (task == NULL)
        return 0;
    switch (query->want->which) {
    case NP_SYSCALL_USER_UID:
        return np_put_uint(query, task->uid);
    case NP_SYSCALL_USER_NAME:
    case NP_SYSCALL_USER_HOMEDIR:
    case NP_SYSCALL_USER_SHELL:
        return put_user_text(query, task->uid, query->want->which);
    case NP_SYSCALL_USER_LOGINUID:
        return np_put_int(query, task->loginuid < UINT32_MAX ? (int64_t) task->loginuid : -1);
    case NP_SYSCALL_USER_LOGINNAME:
        return task->loginuid < UINT32_MAX
                   ? put_user_text(query, task->loginuid, NP_SYSCALL_USER_NAME)
                   : np_put_literal(query, UNKNOWN);
    case NP_SYSCALL_GROUP_GID:
        return np_put_uint(query, task->gid);
    case NP_SYSCALL_GROUP_NAME:
        return put_group_name(query, task->gid);
    default:
        return 0;
    }
}
