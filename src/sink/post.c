/* SPDX-License-Identifier: Apache-2.0 */
/* See post.h. Only the thread uses the connection; all else is shared under one lock, which nobody holds who waits for the peer. */
#include "sink/post.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/compiler.h"
#include "base/time.h"

enum {
    CONNECT_MS = 2000,
    ANSWER_MS = 10000,
    RETRY_MIN_MS = 100,
    RETRY_MAX_MS = 2000,
    NS_PER_MS = 1000000,
    URL_SHOWN_BYTES = 100,
    REASON_BYTES = 100,
};

struct text {
    struct text *next;
    size_t len;
    char bytes[];
};

struct np_post {
    struct np_post_params params; /* its texts are looked at while it is made only */
    char *url;
    char shown[URL_SHOWN_BYTES]; /* what messages call it */
    CURL *connection;            /* the thread's */
    struct curl_slist *headers;
    pthread_t thread;
    bool is_running;    /* the thread was started */
    atomic_bool is_cut; /* nothing is to be waited for any more */

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t change;
    struct text *head; /* the one that is being sent stays there */
    struct text *tail;
    size_t texts;
    size_t bytes;
    uint64_t added;
    uint64_t delivered;
    uint64_t dropped;
    np_mono_ns moved;          /* when a text left the queue last */
    bool is_ending;            /* no text will be added */
    bool has_ended;            /* the thread has, or is about to */
    char reason[REASON_BYTES]; /* why the last try failed */
};

/* ---- one text to the peer; the thread, without the lock */

enum outcome { DELIVERED, REFUSED, AGAIN };

static size_t ignore_body(const char *bytes, size_t size, size_t count, void *context)
{
    (void) bytes;
    (void) context;
    return size * count;
}

/* Ends a transfer that nobody waits for any more. */
static int check_cut(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct np_post *post = context;
    (void) a, (void) b, (void) c, (void) d;
    return atomic_load(&post->is_cut) ? 1 : 0;
}

static enum outcome send_text(struct np_post *post, const struct text *text,
                              char reason[REASON_BYTES])
{
    CURL *connection = post->connection;
    (void) curl_easy_setopt(connection, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) text->len);
    (void) curl_easy_setopt(connection, CURLOPT_POSTFIELDS, &text->bytes[0]);
    CURLcode code = curl_easy_perform(connection);
    long status = 0;
    (void) curl_easy_getinfo(connection, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
        (void) snprintf(reason, REASON_BYTES, "%s", curl_easy_strerror(code));
        return AGAIN;
    }
    if (status >= 200 && status < 300)
        return DELIVERED;
    (void) snprintf(reason, REASON_BYTES, "status %ld", status);
    return status >= 400 && status < 500 && status != 408 && status != 429 ? REFUSED : AGAIN;
}

/* ---- the thread */

static void deadline_in(struct timespec *out_time, uint32_t ms)
{
    (void) clock_gettime(CLOCK_MONOTONIC, out_time);
    out_time->tv_sec += ms / 1000;
    out_time->tv_nsec += (long) (ms % 1000) * NS_PER_MS;
    if (out_time->tv_nsec >= NP_NS_PER_S) {
        out_time->tv_nsec -= NP_NS_PER_S;
        out_time->tv_sec++;
    }
}

/* Waits with the lock until something changes, `ms` at most. */
static void wait_for(struct np_post *post, uint32_t ms)
{
    struct timespec deadline;
    deadline_in(&deadline, ms);
    (void) pthread_cond_timedwait(&post->change, &post->lock, &deadline);
}

/* Waits with the lock until it is time to try again. */
static void wait_to_retry(struct np_post *post, uint32_t ms)
{
    np_mono_ns end = np_mono_now() + (np_mono_ns) ms * NS_PER_MS;
    for (np_mono_ns now = np_mono_now(); now < end && !atomic_load(&post->is_cut);
         now = np_mono_now())
        wait_for(post, (uint32_t) ((end - now) / NS_PER_MS + 1));
}

static void drop_head(struct np_post *post)
{
    struct text *gone = post->head;
    post->head = gone->next;
    if (post->head == NULL)
        post->tail = NULL;
    post->texts--;
    post->bytes -= gone->len;
    np_free(gone);
}

/* Sends the head of the queue; called with the lock, and given back with it. */
static void send_head(struct np_post *post, uint32_t *retry_ms)
{
    char reason[REASON_BYTES] = "";
    const struct text *text = post->head;
    (void) pthread_mutex_unlock(&post->lock);
    enum outcome outcome = send_text(post, text, reason);
    (void) pthread_mutex_lock(&post->lock);
    if (outcome != DELIVERED)
        memcpy(post->reason, reason, REASON_BYTES);
    if (outcome == AGAIN) {
        wait_to_retry(post, *retry_ms);
        *retry_ms = NP_MIN(*retry_ms * 2, (uint32_t) RETRY_MAX_MS);
        return;
    }
    drop_head(post);
    post->delivered += outcome == DELIVERED ? 1 : 0;
    post->moved = np_mono_now();
    *retry_ms = RETRY_MIN_MS;
}

static void *run(void *context)
{
    struct np_post *post = context;
    uint32_t retry_ms = RETRY_MIN_MS;
    (void) pthread_mutex_lock(&post->lock);
    while (!atomic_load(&post->is_cut) && (post->head != NULL || !post->is_ending)) {
        if (post->head != NULL)
            send_head(post, &retry_ms);
        else
            (void) pthread_cond_wait(&post->change, &post->lock);
    }
    post->has_ended = true;
    (void) pthread_cond_broadcast(&post->change);
    (void) pthread_mutex_unlock(&post->lock);
    return NULL;
}

/* ---- making and ending it */

static int open_connection(struct np_post *post)
{
    char header[128];
    (void) snprintf(header, sizeof(header), "Content-Type: %s", post->params.content_type);
    post->connection = curl_easy_init();
    post->headers = curl_slist_append(NULL, header);
    /* Without this the peer would be asked first whether it takes a larger text. */
    struct curl_slist *headers = curl_slist_append(post->headers, "Expect:");
    if (post->connection == NULL || post->headers == NULL || headers == NULL)
        return -ENOMEM;
    CURL *c = post->connection;
    unsigned bad = 0; /* every option is known to any libcurl that we build with: it is memory */
    bad |= curl_easy_setopt(c, CURLOPT_URL, post->url);
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_HTTPHEADER, post->headers);
    bad |= curl_easy_setopt(c, CURLOPT_USERAGENT, "nephoscope");
    bad |= curl_easy_setopt(c, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long) CONNECT_MS);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long) ANSWER_MS);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, ignore_body);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, check_cut);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFODATA, post);
    bad |= curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    return bad == 0 ? 0 : -ENOMEM;
}

/* Checks the URL, and makes the text that messages name it by: without a password, which it may hold. */
static int read_url(struct np_post *post, struct np_err *err)
{
    static const CURLUPart hidden[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                       CURLUPART_FRAGMENT};
    CURLU *url = curl_url();
    CURLUcode code =
        url != NULL ? curl_url_set(url, CURLUPART_URL, post->params.url, 0) : CURLUE_OUT_OF_MEMORY;
    for (size_t i = 0; i < NP_ARRAY_LEN(hidden) && code == CURLUE_OK; i++)
        code = curl_url_set(url, hidden[i], NULL, 0);
    char *text = NULL;
    if (code == CURLUE_OK)
        code = curl_url_get(url, CURLUPART_URL, &text, 0);
    if (code == CURLUE_OK)
        (void) snprintf(post->shown, sizeof(post->shown), "%s", text);
    curl_free(text);
    curl_url_cleanup(url);
    if (code == CURLUE_OK)
        return 0;
    return code == CURLUE_OUT_OF_MEMORY
               ? np_fail(err, -ENOMEM, "out of memory")
               : np_fail(err, -EINVAL, "this is no URL: %s", curl_url_strerror(code));
}

static void init_lock(struct np_post *post)
{
    pthread_condattr_t attributes;
    (void) pthread_mutex_init(&post->lock, NULL);
    (void) pthread_condattr_init(&attributes);
    (void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&post->change, &attributes);
    (void) pthread_condattr_destroy(&attributes);
}

/* Starts the thread with all signals blocked: those are for whoever reads the input. */
static int start(struct np_post *post)
{
    sigset_t all;
    sigset_t before;
    (void) sigfillset(&all);
    (void) pthread_sigmask(SIG_SETMASK, &all, &before);
    int r = pthread_create(&post->thread, NULL, run, post);
    (void) pthread_sigmask(SIG_SETMASK, &before, NULL);
    post->is_running = r == 0;
    return -r;
}

static int begin(struct np_post *post, struct np_err *err)
{
    int r = read_url(post, err);
    if (r < 0)
        return r;
    post->url = np_strndup(post->params.url, strlen(post->params.url));
    r = post->url != NULL ? open_connection(post) : -ENOMEM;
    if (r == 0)
        r = start(post);
    return r < 0 ? np_fail(err, r, "%s", r == -ENOMEM ? "out of memory" : strerror(-r)) : 0;
}

int np_post_new(struct np_post **out_post, const struct np_post_params *params, struct np_err *err)
{
    struct np_post *post = np_alloc(sizeof(*post));
    if (post == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        np_free(post);
        return np_fail(err, -ENOMEM, "out of memory");
    }
    post->params = *params;
    init_lock(post);
    int r = begin(post, err);
    if (r < 0) {
        np_post_free(&post);
        return r;
    }
    *out_post = post;
    return 0;
}

void np_post_free(struct np_post **post)
{
    if (post == NULL || *post == NULL)
        return;
    struct np_post *gone = NP_TAKE(*post);
    atomic_store(&gone->is_cut, true);
    if (gone->is_running) {
        (void) pthread_mutex_lock(&gone->lock);
        (void) pthread_cond_broadcast(&gone->change);
        (void) pthread_mutex_unlock(&gone->lock);
        (void) pthread_join(gone->thread, NULL);
    }
    while (gone->head != NULL)
        drop_head(gone);
    curl_easy_cleanup(gone->connection);
    curl_slist_free_all(gone->headers);
    (void) pthread_cond_destroy(&gone->change);
    (void) pthread_mutex_destroy(&gone->lock);
    np_free(gone->url);
    np_free(gone);
    curl_global_cleanup();
}

/* ---- its user */

void np_post_add(struct np_post *post, struct np_span text)
{
    struct text *kept = np_alloc(sizeof(*kept) + text.len);
    if (kept != NULL) {
        kept->len = text.len;
        memcpy(kept->bytes, text.ptr, text.len);
    }
    (void) pthread_mutex_lock(&post->lock);
    post->added++;
    if (kept != NULL && post->texts < post->params.max_texts &&
        text.len <= post->params.max_bytes - post->bytes) {
        if (post->tail != NULL)
            post->tail->next = kept;
        else
            post->head = kept;
        post->tail = kept;
        post->texts++;
        post->bytes += text.len;
        kept = NULL;
        (void) pthread_cond_broadcast(&post->change);
    } else {
        post->dropped++;
    }
    (void) pthread_mutex_unlock(&post->lock);
    np_free(kept);
}

static int tell_loss(const struct np_post *post, struct np_err *err)
{
    char room[64] = "";
    if (post->dropped > 0)
        (void) snprintf(room, sizeof(room), " (%llu for want of room)",
                        (unsigned long long) post->dropped);
    return np_fail(err, -EIO, "%llu of %llu were not delivered to %s%s%s%s",
                   (unsigned long long) (post->added - post->delivered),
                   (unsigned long long) post->added, post->shown, room,
                   post->reason[0] != '\0' ? ": " : "", post->reason);
}

int np_post_finish(struct np_post *post, struct np_err *err)
{
    const np_mono_ns patience = (np_mono_ns) post->params.patience_ms * NS_PER_MS;
    (void) pthread_mutex_lock(&post->lock);
    post->is_ending = true;
    post->moved = np_mono_now();
    (void) pthread_cond_broadcast(&post->change);
    for (np_mono_ns now = post->moved; !post->has_ended && now - post->moved < patience;
         now = np_mono_now())
        wait_for(post, (uint32_t) ((patience - (now - post->moved)) / NS_PER_MS + 1));
    int r = post->added == post->delivered ? 0 : tell_loss(post, err);
    (void) pthread_mutex_unlock(&post->lock);
    return r;
}
