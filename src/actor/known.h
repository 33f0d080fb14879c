/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Callers as acts describe them (struct np_prints), with the thread that was found for each: who calls again is recognised without
 * reading the act. A cache: what falls out of it is found the long way.
 */
#pragma once

#include "actor/thread.h"

enum { NP_KNOWN_CALLERS_MAX = 8192 };

struct np_known_caller {
    uint64_t print; /* 0 = nobody */
    uint64_t
        habits; /* hash of whose habits the thread has, and from where and with what it calls */
    np_thread_id thread;
    uint32_t serial; /* of the thread: another may have its number now */
};
