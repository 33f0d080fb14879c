/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ring under one mutex; see queue.h. Batches, not events, pass through, so the lock costs nothing
 * that counts.
 */
#include "base/queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/alloc.h"

struct np_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void **items;
    size_t capacity;
    size_t head; /* of the oldest item; all below are written under the lock */
    size_t len;
    bool closed;
};

int np_queue_new(struct np_queue **out_queue, size_t capacity)
{
    struct np_queue *queue = np_alloc(sizeof(*queue));
    if (queue == NULL)
        return -ENOMEM;
    queue->items = np_alloc_array(capacity, sizeof(*queue->items));
    if (queue->items == NULL) {
        np_free(queue);
        return -ENOMEM;
    }
    queue->capacity = capacity;
    (void) pthread_mutex_init(&queue->lock, NULL); /* default attributes cannot fail here */
    (void) pthread_cond_init(&queue->changed, NULL);
    *out_queue = queue;
    return 0;
}

void np_queue_free(struct np_queue **queue)
{
    if (queue == NULL || *queue == NULL)
        return;
    (void) pthread_cond_destroy(&(*queue)->changed);
    (void) pthread_mutex_destroy(&(*queue)->lock);
    np_free((*queue)->items);
    np_free(*queue);
    *queue = NULL;
}

int np_queue_push(struct np_queue *queue, void *item)
{
    (void) pthread_mutex_lock(&queue->lock);
    while (queue->len == queue->capacity && !queue->closed)
        (void) pthread_cond_wait(&queue->changed, &queue->lock);
    int r = queue->closed ? -EPIPE : 0;
    if (r == 0) {
        queue->items[(queue->head + queue->len) % queue->capacity] = item;
        queue->len++;
        (void) pthread_cond_broadcast(&queue->changed);
    }
    (void) pthread_mutex_unlock(&queue->lock);
    return r;
}

void *np_queue_pop(struct np_queue *queue)
{
    void *item = NULL;
    (void) pthread_mutex_lock(&queue->lock);
    while (queue->len == 0 && !queue->closed)
        (void) pthread_cond_wait(&queue->changed, &queue->lock);
    if (queue->len > 0) {
        item = queue->items[queue->head];
        queue->head = (queue->head + 1) % queue->capacity;
        queue->len--;
        (void) pthread_cond_broadcast(&queue->changed);
    }
    (void) pthread_mutex_unlock(&queue->lock);
    return item;
}

void np_queue_close(struct np_queue *queue)
{
    (void) pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    (void) pthread_cond_broadcast(&queue->changed);
    (void) pthread_mutex_unlock(&queue->lock);
}
