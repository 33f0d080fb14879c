/* SPDX-License-Identifier: Apache-2.0 */
/* See each.h. */
#include "engine/each.h"

#include <errno.h>

#include "engine/dedup.h"
#include "engine/pieces.h"

enum { TEXTS_MAX_BYTES = 512 * 1024 * 1024 };

/* What one walk owns. */
struct walk {
    const struct np_each *each;
    struct np_dedup *dedup;
    struct np_decoder *decoder;
    struct np_batch batch;
    struct np_arena texts;
};

static int take_event(void *context, struct np_event *event)
{
    const struct walk *walk = context;
    struct np_hash128 key;
    if (np_event_key(event, &key) && np_dedup_add(walk->dedup, key, event->time) == 1)
        return 0;
    return walk->each->fn(walk->each->context, event);
}

static int read_batch(struct walk *walk, struct np_err *err)
{
    struct np_source *source = walk->each->source;
    int r = -EINTR;
    while (r == -EINTR)
        r = source->ops->next(source, &walk->batch, err);
    return r;
}

static int run(struct walk *walk, struct np_tally *tally, struct np_err *err)
{
    struct np_pieces pieces = {
        .decoder = walk->decoder,
        .plan = walk->each->plan,
        .batch = &walk->batch,
        .texts = &walk->texts,
        .tally = tally,
        .fn = take_event,
        .context = walk,
    };
    int r = 0;
    while ((r = read_batch(walk, err)) > 0) {
        np_arena_reset(&walk->texts);
        r = np_pieces_decode(&pieces);
        if (r != 0)
            return r == -ENOMEM ? np_fail(err, r, "out of memory") : r;
    }
    return r;
}

int np_engine_each(const struct np_each *each, struct np_tally *tally, struct np_err *err)
{
    struct walk walk = {.each = each};
    np_batch_init(&walk.batch);
    np_arena_init(&walk.texts, TEXTS_MAX_BYTES);
    int r = np_dedup_new(&walk.dedup, NP_DEDUP_MAX_BYTES);
    if (r == 0)
        r = np_decoder_new(&walk.decoder, each->plan);
    r = r < 0 ? np_fail(err, r, "out of memory") : run(&walk, tally, err);
    np_tally_add(tally, &each->source->tally);
    np_decoder_free(&walk.decoder);
    np_dedup_free(&walk.dedup);
    np_arena_done(&walk.texts);
    np_batch_done(&walk.batch);
    return r;
}
