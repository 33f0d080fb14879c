/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that count what a process has: memory, faults, threads, descriptors; as of its last clone or exec. */
#include "source/scap/fields/process.h"

int np_field_figure(const struct np_query *query, const struct np_task *task)
{
    const struct np_scap_state *state = query->moment->state;
    size_t threads = 0;
    bool is_main = task->tid == task->pid;
    switch (query->want->which) {
    case NP_SYSCALL_PROC_FDOPENCOUNT:
        return np_put_uint(query, np_task_descriptor_count(state, task));
    case NP_SYSCALL_PROC_FDLIMIT:
        return np_put_int(query, task->fdlimit);
    case NP_SYSCALL_PROC_FDUSAGE:
        return np_put_double(query, task->fdlimit > 0
                                        ? (double) np_task_descriptor_count(state, task) * 100 /
                                              (double) task->fdlimit
                                        : 0);
    case NP_SYSCALL_PROC_VMSIZE:
        return np_put_uint(query, task->vmsize_kb);
    case NP_SYSCALL_PROC_VMRSS:
        return np_put_uint(query, task->vmrss_kb);
    case NP_SYSCALL_PROC_VMSWAP:
        return np_put_uint(query, task->vmswap_kb);
    case NP_SYSCALL_THREAD_PFMAJOR:
        return np_put_uint(query, task->pfmajor);
    case NP_SYSCALL_THREAD_PFMINOR:
        return np_put_uint(query, task->pfminor);
    case NP_SYSCALL_THREAD_VMSIZE:
        return np_put_uint(query, is_main ? task->vmsize_kb : 0);
    case NP_SYSCALL_THREAD_VMRSS:
        return np_put_uint(query, is_main ? task->vmrss_kb : 0);
    case NP_SYSCALL_THREAD_VMSIZE_B:
        return np_put_uint(query, is_main ? task->vmsize_kb * 1024 : 0);
    case NP_SYSCALL_THREAD_VMRSS_B:
        return np_put_uint(query, is_main ? task->vmrss_kb * 1024 : 0);
    case NP_SYSCALL_PROC_NTHREADS:
        return np_put_uint(query, np_task_threads(state, task));
    case NP_SYSCALL_PROC_NCHILDS:
        threads = np_task_threads(state, task);
        return np_put_uint(query, threads > 0 ? threads - 1 : 0);
    default:
        return 0;
    }
}
