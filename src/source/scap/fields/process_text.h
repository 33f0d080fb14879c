/* SPDX-License-Identifier: Apache-2.0 */
/* Single fields of a task that process.c names; all give 0 or -ENOMEM. */
#pragma once

#include "source/scap/fields/query.h"

int np_put_capabilities(const struct np_query *query, uint64_t set);
int np_put_exe_line(const struct np_query *query, const struct np_task *task);
int np_put_args_figure(const struct np_query *query, const struct np_task *task);
int np_put_env(const struct np_query *query, const struct np_task *task);
int np_put_cgroups(const struct np_query *query, const struct np_task *task);
int np_put_cgroup(const struct np_query *query, const struct np_task *task);
int np_put_name_and_id(const struct np_query *query, const struct np_task *task);
int np_put_thread_id(const struct np_query *query, int64_t id);
