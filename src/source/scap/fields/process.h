/* SPDX-License-Identifier: Apache-2.0 */
/* What is said alike of a process, its parent, its ancestors and the leaders of its groups. */
#pragma once

#include "source/scap/fields/query.h"

enum np_task_trait {
    NP_TASK_NAME,
    NP_TASK_EXE,
    NP_TASK_EXEPATH,
    NP_TASK_CMDLINE,
    NP_TASK_ARGS,
    NP_TASK_PID,
    NP_TASK_ENV
};

/* One trait of a task. 0 or -ENOMEM. */
int np_put_trait(const struct np_query *query, const struct np_task *task,
                 enum np_task_trait trait);

/* The value of a variable of the task's environment; empty where it has none. */
struct np_span np_task_variable(const struct np_scap_state *state, const struct np_task *task,
                                struct np_span name);

/* Fields of those around the process. */
int np_field_parent(const struct np_query *query, const struct np_task *task);
int np_field_ancestor(const struct np_query *query, const struct np_task *task);
int np_field_leader(const struct np_query *query, const struct np_task *task);

/* Whether a field is one of those three kinds. */
bool np_is_of_parent(uint16_t which);
bool np_is_of_ancestor(uint16_t which);
bool np_is_of_leader(uint16_t which);

/* Memory, faults, threads, descriptors. */
int np_field_figure(const struct np_query *query, const struct np_task *task);
