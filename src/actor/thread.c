/* SPDX-License-Identifier: Apache-2.0 */
/* Threads in a vector, free places listed; two chained hash tables over it. */
#include "actor/thread.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/vec.h"

enum {
    TABLE_MIN = 1024,
    HAND_STEPS_MAX = 512, /* of the clock's hand for one place */
    CHAIN_MAX = 1024      /* of hops: nobody's attack is longer, and no loop goes further */
};

struct np_threads {
    struct np_names *names; /* borrowed */
    NP_VEC(struct np_thread) threads;
    np_thread_id *by_id; /* heads of chains */
    np_thread_id *by_credential;
    size_t table_cap;
    np_thread_id first_free; /* chained by next_same_id */
    size_t max_count;
    size_t count;
    size_t hand;
    uint32_t serial;
    uint64_t lost;
};

static np_thread_id *new_table(size_t cap)
{
    np_thread_id *table = np_alloc_array(cap, sizeof(*table));
    for (size_t i = 0; table != NULL && i < cap; i++)
        table[i] = NP_THREAD_NONE;
    return table;
}

int np_threads_new(struct np_threads **out_threads, struct np_names *names, size_t max_bytes)
{
    struct np_threads *threads = np_alloc(sizeof(*threads));
    if (threads == NULL)
        return -ENOMEM;
    threads->names = names;
    threads->first_free = NP_THREAD_NONE;
    threads->max_count = max_bytes / (sizeof(struct np_thread) + 2 * sizeof(np_thread_id));
    threads->table_cap = TABLE_MIN;
    threads->by_id = new_table(TABLE_MIN);
    threads->by_credential = new_table(TABLE_MIN);
    if (threads->by_id == NULL || threads->by_credential == NULL) {
        np_threads_free(&threads);
        return -ENOMEM;
    }
    *out_threads = threads;
    return 0;
}

static void release_names(const struct np_threads *threads, const struct np_thread *thread)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(thread->names); i++)
        np_names_release(threads->names, thread->names[i]);
    np_names_release(threads->names, thread->edge_event);
}

void np_threads_free(struct np_threads **threads)
{
    if (threads == NULL || *threads == NULL)
        return;
    for (size_t i = 0; i < (*threads)->threads.len; i++)
        if ((*threads)->threads.items[i].flags & NP_THREAD_LIVE)
            release_names(*threads, &(*threads)->threads.items[i]);
    np_vec_done(&(*threads)->threads);
    np_free((*threads)->by_id);
    np_free((*threads)->by_credential);
    np_free(*threads);
    *threads = NULL;
}

struct np_thread *np_threads_get(const struct np_threads *threads, np_thread_id thread)
{
    return &threads->threads.items[thread];
}

static np_thread_id *head_of(np_thread_id *table, size_t cap, uint64_t hash)
{
    return &table[hash & (cap - 1)];
}

np_thread_id np_threads_find(const struct np_threads *threads, uint64_t id)
{
    np_thread_id at = *head_of(threads->by_id, threads->table_cap, id);
    while (at != NP_THREAD_NONE && threads->threads.items[at].id != id)
        at = threads->threads.items[at].next_same_id;
    return at;
}

static np_thread_id skip_others(const struct np_threads *threads, np_thread_id at,
                                uint64_t credential)
{
    while (at != NP_THREAD_NONE && threads->threads.items[at].credential != credential)
        at = threads->threads.items[at].next_same_credential;
    return at;
}

np_thread_id np_threads_of_credential(const struct np_threads *threads, uint64_t credential)
{
    return skip_others(threads, *head_of(threads->by_credential, threads->table_cap, credential),
                       credential);
}

np_thread_id np_threads_before(const struct np_threads *threads, np_thread_id thread)
{
    const struct np_thread *of = &threads->threads.items[thread];
    return skip_others(threads, of->next_same_credential, of->credential);
}

static void list(struct np_threads *threads, np_thread_id at)
{
    struct np_thread *thread = &threads->threads.items[at];
    np_thread_id *head = head_of(threads->by_id, threads->table_cap, thread->id);
    thread->next_same_id = *head;
    *head = at;
    head = head_of(threads->by_credential, threads->table_cap, thread->credential);
    thread->next_same_credential = *head;
    *head = at;
}

static void unlist(struct np_threads *threads, np_thread_id at)
{
    struct np_thread *items = threads->threads.items;
    np_thread_id *link = head_of(threads->by_id, threads->table_cap, items[at].id);
    while (*link != at)
        link = &items[*link].next_same_id;
    *link = items[at].next_same_id;
    link = head_of(threads->by_credential, threads->table_cap, items[at].credential);
    while (*link != at)
        link = &items[*link].next_same_credential;
    *link = items[at].next_same_credential;
}

static int grow_tables(struct np_threads *threads)
{
    size_t cap = threads->table_cap * 2;
    np_thread_id *by_id = new_table(cap);
    np_thread_id *by_credential = new_table(cap);
    if (by_id == NULL || by_credential == NULL) {
        np_free(by_id);
        np_free(by_credential);
        return -ENOMEM;
    }
    np_free(threads->by_id);
    np_free(threads->by_credential);
    threads->by_id = by_id;
    threads->by_credential = by_credential;
    threads->table_cap = cap;
    for (size_t i = 0; i < threads->threads.len; i++)
        if (threads->threads.items[i].flags & NP_THREAD_LIVE)
            list(threads, (np_thread_id) i);
    return 0;
}

/* Takes a thread off the one that it hangs on. */
static void take_off(struct np_threads *threads, np_thread_id at)
{
    struct np_thread *items = threads->threads.items;
    struct np_thread *thread = &items[at];
    if (thread->parent == NP_THREAD_NONE)
        return;
    struct np_thread *parent = &items[thread->parent];
    if (thread->previous_child != NP_THREAD_NONE)
        items[thread->previous_child].next_child = thread->next_child;
    else
        parent->first_child = thread->next_child;
    if (thread->next_child != NP_THREAD_NONE)
        items[thread->next_child].previous_child = thread->previous_child;
    parent->children--;
}

static void leave(struct np_threads *threads, np_thread_id at)
{
    struct np_thread *thread = &threads->threads.items[at];
    take_off(threads, at);
    unlist(threads, at);
    release_names(threads, thread);
    *thread = (struct np_thread){.next_same_id = threads->first_free};
    threads->first_free = at;
    threads->count--;
}

/* Lets one thread leave that nobody needs, best one that was not used lately: false where the hand finds none. */
static bool let_one_leave(struct np_threads *threads)
{
    size_t len = threads->threads.len;
    np_thread_id found = NP_THREAD_NONE;
    for (size_t step = 0; step < HAND_STEPS_MAX && len > 0; step++) {
        np_thread_id at = (np_thread_id) (threads->hand++ % len);
        struct np_thread *thread = &threads->threads.items[at];
        if (!(thread->flags & NP_THREAD_LIVE) || thread->holds > 0 || thread->children > 0)
            continue;
        found = at;
        if (!(thread->flags & NP_THREAD_USED))
            break;
        thread->flags &= (uint16_t) ~NP_THREAD_USED;
    }
    if (found != NP_THREAD_NONE)
        leave(threads, found);
    return found != NP_THREAD_NONE;
}

static bool make_room(struct np_threads *threads)
{
    if (np_names_is_crowded(threads->names))
        for (int i = 0; i < 2; i++)
            (void) let_one_leave(threads);
    return threads->count < threads->max_count || let_one_leave(threads);
}

static np_thread_id take_place(struct np_threads *threads)
{
    np_thread_id at = threads->first_free;
    if (at != NP_THREAD_NONE) {
        threads->first_free = threads->threads.items[at].next_same_id;
        return at;
    }
    if (np_vec_push(&threads->threads, (struct np_thread){}, threads->max_count) < 0)
        return NP_THREAD_NONE;
    return (np_thread_id) (threads->threads.len - 1);
}

np_thread_id np_threads_add(struct np_threads *threads, const struct np_thread *thread)
{
    np_thread_id at = NP_THREAD_NONE;
    if (make_room(threads) && (threads->count < threads->table_cap || grow_tables(threads) == 0))
        at = take_place(threads);
    if (at == NP_THREAD_NONE) {
        threads->lost++;
        return at;
    }
    struct np_thread *added = &threads->threads.items[at];
    *added = *thread;
    added->parent = added->first_child = NP_THREAD_NONE;
    added->next_child = added->previous_child = NP_THREAD_NONE;
    added->edge_event = NP_NAME_NONE;
    added->serial = ++threads->serial;
    added->flags |= NP_THREAD_LIVE | NP_THREAD_USED;
    for (size_t i = 0; i < NP_ARRAY_LEN(added->names); i++)
        added->names[i] = np_names_hold(threads->names, added->names[i]);
    np_thread_id same = np_threads_of_credential(threads, added->credential);
    if (same != NP_THREAD_NONE) {
        threads->threads.items[same].flags |= NP_THREAD_SHARED;
        added->flags |= NP_THREAD_SHARED;
    }
    list(threads, at);
    threads->count++;
    return at;
}

/* Whether `thread` is `above`, or hangs on it. */
static bool hangs_on(const struct np_threads *threads, np_thread_id thread, np_thread_id above)
{
    const struct np_thread *items = threads->threads.items;
    for (int i = 0; i < CHAIN_MAX && thread != NP_THREAD_NONE; i++) {
        if (thread == above)
            return true;
        thread = items[thread].parent;
    }
    return thread != NP_THREAD_NONE;
}

bool np_threads_hang(struct np_threads *threads, np_thread_id child, const struct np_edge *edge)
{
    struct np_thread *items = threads->threads.items;
    struct np_thread *thread = &items[child];
    struct np_thread *parent = &items[edge->from];
    if (thread->parent != NP_THREAD_NONE || hangs_on(threads, edge->from, child))
        return false;
    thread->parent = edge->from;
    thread->join = (uint8_t) edge->join;
    thread->edge_event = np_names_hold(threads->names, edge->event_id);
    thread->edge_time = edge->time;
    thread->next_child = parent->first_child;
    if (parent->first_child != NP_THREAD_NONE)
        items[parent->first_child].previous_child = child;
    parent->first_child = child;
    parent->children++;
    return true;
}

np_thread_id np_threads_root(const struct np_threads *threads, np_thread_id thread,
                             uint32_t *out_hops)
{
    const struct np_thread *items = threads->threads.items;
    uint32_t hops = 0;
    while (items[thread].parent != NP_THREAD_NONE && !(items[thread].flags & NP_THREAD_ROOT)) {
        thread = items[thread].parent;
        hops++;
    }
    if (out_hops != NULL)
        *out_hops = hops;
    return thread;
}

np_thread_id np_threads_next(const struct np_threads *threads, np_thread_id at, np_thread_id top)
{
    const struct np_thread *items = threads->threads.items;
    if (items[at].first_child != NP_THREAD_NONE)
        return items[at].first_child;
    while (at != top && items[at].next_child == NP_THREAD_NONE)
        at = items[at].parent;
    return at == top ? NP_THREAD_NONE : items[at].next_child;
}

void np_threads_mark_foreign(struct np_threads *threads, np_thread_id thread)
{
    for (np_thread_id at = thread; at != NP_THREAD_NONE; at = np_threads_next(threads, at, thread))
        threads->threads.items[at].flags |= NP_THREAD_FOREIGN;
}

uint32_t np_threads_begun(const struct np_threads *threads)
{
    return threads->serial;
}

uint64_t np_threads_lost(const struct np_threads *threads)
{
    return threads->lost;
}

size_t np_threads_count(const struct np_threads *threads)
{
    return threads->count;
}
