/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which thread a thread hangs on, and why: each way to get a credential has a promise that is made when it is given and found
 * when it is used. To add one: a kind of promise, a line where it is made (lineage_make.c) and one where it is met
 * (lineage_find.c), an np_join with its name, a hit and a near miss in tests/unit/actor/actor.c.
 */
#pragma once

#include "actor/promise.h"

/* So long whoever passed a role, after which another passed it too, may yet have it taken. */
#define NP_LINEAGE_WAITING_NS (10 * NP_NS_PER_MIN)

struct np_lineage {
    struct np_names *names;
    struct np_threads *threads;
    struct np_promises *promises;
};

/* The credential that an act was made with: its key, or who it was where there is none. */
uint64_t np_lineage_credential(const struct np_names *names, const struct np_act *act);

/*
 * Of an act that AWS makes for somebody, or a copy: the thread that asked for it, by `from`; NP_THREAD_NONE where it is not known. Each asker's
 * errands are a thread of their own, since one credential may be used by its owner and by a thief.
 */
struct np_edge np_lineage_asker(const struct np_lineage *lineage, const struct np_act *act);

/* What a thread that begins with this act hangs on; `from` is NP_THREAD_NONE where it hangs on nothing. */
struct np_edge np_lineage_find(const struct np_lineage *lineage, const struct np_act *act,
                               np_thread_id thread);

/* The same for a thread that came through a foreign endpoint: `found`, else whoever used that endpoint before. */
struct np_edge np_lineage_endpoint(const struct np_lineage *lineage, const struct np_act *act,
                                   np_thread_id thread, struct np_edge found);

/* Whether who gave a session that hangs on nothing may have been known, and was forgotten for lack of memory. */
bool np_lineage_is_lost(const struct np_lineage *lineage, const struct np_act *act);

/* Keeps what the act promises for later; hangs what was met already, within the same second. */
void np_lineage_make(const struct np_lineage *lineage, const struct np_act *act,
                     np_thread_id thread);

/* Keys that both sides need. */
uint64_t np_lineage_role_key(const struct np_names *names, const struct np_act *act);
uint64_t np_lineage_session_key(const struct np_names *names, const struct np_act *act);
/* Of a role that a foreign thread passed, so that nobody else's passing it hides that. */
uint64_t np_lineage_foreign_key(uint64_t role_key);
/* Of a role that was passed twice before it was taken: who passed it first. */
uint64_t np_lineage_waiting_key(uint64_t role_key);
/* Of a role that a call only named for what another call is to start. */
uint64_t np_lineage_prepared_key(uint64_t role_key);
/* Of a session, told from others of its name by the second in which it began. */
uint64_t np_lineage_begun_key(uint64_t session_key, np_time_ns began);
uint64_t np_lineage_sign_in_key(const struct np_names *names, const struct np_act *act,
                                uint64_t place_hash);
uint64_t np_lineage_errand_key(const struct np_names *names, const struct np_act *act,
                               struct np_span service);
/* Of copies of one event in several accounts. */
uint64_t np_lineage_shared_key(const struct np_names *names, const struct np_act *act);
uint64_t np_lineage_service_key(struct np_span service, struct np_span account);
uint64_t np_lineage_entity_key(const struct np_names *names, const struct np_act *act,
                               enum np_promise_kind kind, np_name value);

/* "iam" of "iam.amazonaws.com". */
struct np_span np_lineage_bare_service(struct np_span service);

/* Whether a service names its sessions after what it runs, so that setting it to work says nothing of other sessions. */
bool np_lineage_names_its_hosts(struct np_span service);

/* The id of the build that a session of CodeBuild is named after ("AWSCodeBuild-ID"); empty = it is no such session. */
struct np_span np_lineage_build_of(struct np_span session);

/* Whether an act is a console sign-in, also one that failed. */
bool np_lineage_signs_in(const struct np_names *names, const struct np_act *act);
