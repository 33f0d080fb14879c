/* SPDX-License-Identifier: Apache-2.0 */
/* Packing and unpacking: see held.h. */
#include "engine/held.h"

#include <endian.h>

_Static_assert((int) NP_ACT_TEXT_MAX + (int) NP_ACT_ENTITIES_MAX <= (int) NP_NAMES_RECENT,
               "the texts of an act pass at a time");

struct entity_head {
    uint8_t kind;
    uint8_t role;
    uint16_t len;
};

static const struct np_signal *signals_of(const struct np_held *held)
{
    return (const struct np_signal *) (const void *) (held + 1);
}

static const uint32_t *asked_of(const struct np_held *held)
{
    return (const uint32_t *) (const void *) (signals_of(held) + held->signal_count);
}

static const struct entity_head *entities_of(const struct np_held *held)
{
    return (const struct entity_head *) (const void *) (asked_of(held) + held->asked_count);
}

static const char *texts_of(const struct np_held *held)
{
    return (const char *) (entities_of(held) + held->entity_count);
}

/* The text as it is kept. One that is cut is cut at a character. */
static struct np_span fit(struct np_held *held, struct np_span text)
{
    if (np_likely(text.len <= NP_HELD_TEXT_MAX_BYTES))
        return text;
    size_t len = NP_HELD_TEXT_MAX_BYTES;
    for (int back = 0; back < 3 && ((unsigned char) text.ptr[len] & 0xc0) == 0x80; back++)
        len--;
    held->was_cut = true;
    return np_span_head(text, len);
}

size_t np_signals_add(struct np_signal strongest[NP_HELD_SIGNALS_MAX], size_t count,
                      struct np_signal signal)
{
    size_t at = count;
    while (at > 0 && strongest[at - 1].rule->level < signal.rule->level)
        at--;
    if (at == NP_HELD_SIGNALS_MAX)
        return count;
    count = NP_MIN(count + 1, (size_t) NP_HELD_SIGNALS_MAX);
    memmove(&strongest[at + 1], &strongest[at], (count - at - 1) * sizeof(strongest[0]));
    strongest[at] = signal;
    return count;
}

/* The strongest signals, in the order of `all` among equals; returns how many. */
static size_t pick_signals(struct np_signal out_picked[NP_HELD_SIGNALS_MAX],
                           const struct np_signal *all, size_t count)
{
    size_t picked = 0;
    for (size_t i = 0; i < count; i++)
        picked = np_signals_add(out_picked, picked, all[i]);
    return picked;
}

/* Whether rules are to be asked, and are not too many of too much. */
static bool has_question(const struct np_held_parts *parts)
{
    return np_unlikely(parts->asked_count > 0) && parts->asked_count <= NP_HELD_ASKED_MAX &&
           parts->record.len <= NP_HELD_RECORD_MAX_BYTES;
}

/* The first 8 bytes as a number that compares as they do. */
static uint64_t order_of(struct np_span id)
{
    char first[sizeof(uint64_t)] = {};
    uint64_t order;
    if (np_likely(id.len >= sizeof(first)))
        memcpy(first, id.ptr, sizeof(first));
    else if (id.len > 0)
        memcpy(first, id.ptr, id.len);
    memcpy(&order, first, sizeof(order));
    return be64toh(order);
}

static struct np_held make_head(const struct np_held_parts *parts)
{
    const struct np_act_view *view = parts->view;
    struct np_held head = {
        .time = view->time,
        .order = order_of(view->texts[NP_ACT_EVENT_ID]),
        .arrival = view->arrival,
        .session_began = view->session_began,
        .offset = parts->origin->offset,
        .length = parts->origin->length,
        .flags = (uint16_t) view->flags,
        .identity = (uint8_t) view->identity,
        .entity_count = (uint8_t) view->entity_count,
    };
    if (has_question(parts)) {
        head.asked_count = (uint16_t) parts->asked_count;
        head.record_len = (uint32_t) parts->record.len;
    }
    head.unasked = head.asked_count < parts->asked_count;
    return head;
}

/* Copies `len` bytes and returns the place behind them. */
static char *put(char *at, const void *bytes, size_t len)
{
    if (len > 0)
        memcpy(at, bytes, len);
    return at + len;
}

/* The same for texts, which are short: without a call, by pieces that overlap at the end. */
static inline char *put_text(char *at, struct np_span text)
{
    const char *from = text.ptr;
    size_t len = text.len;
    if (len >= 16) {
        for (size_t i = 0; i < len - 16; i += 16)
            memcpy(at + i, from + i, 16);
        memcpy(at + len - 16, from + len - 16, 16);
    } else if (len >= 8) {
        memcpy(at, from, 8);
        memcpy(at + len - 8, from + len - 8, 8);
    } else if (len >= 4) {
        memcpy(at, from, 4);
        memcpy(at + len - 4, from + len - 4, 4);
    } else {
        for (size_t i = 0; i < len; i++)
            at[i] = from[i];
    }
    return at + len;
}

/* Writes the texts of the view and their lengths, and returns the place behind them. */
static char *put_view(struct np_held *held, struct entity_head *entities,
                      const struct np_act_view *view)
{
    char *at = (char *) (entities + view->entity_count);
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++) {
        struct np_span text = fit(held, view->texts[i]);
        held->text_lens[i] = (uint16_t) text.len;
        at = put_text(at, text);
    }
    for (size_t i = 0; i < view->entity_count; i++) {
        const struct np_entity *entity = &view->entities[i];
        struct np_span value = fit(held, entity->value);
        entities[i] = (struct entity_head){.kind = (uint8_t) entity->kind,
                                           .role = (uint8_t) entity->role,
                                           .len = (uint16_t) value.len};
        at = put_text(at, value);
    }
    return at;
}

/* The text of a number, by the lengths of those before it. */
static struct np_span text_of(const struct np_held *held, enum np_act_text text)
{
    const char *at = texts_of(held);
    for (size_t i = 0; i < (size_t) text; i++)
        at += held->text_lens[i];
    return np_span_make(at, held->text_lens[text]);
}

/* A hash of the texts from `first` to before `end`, with their lengths. */
static uint64_t print_of(const struct np_held *held, enum np_act_text first, enum np_act_text end,
                         uint64_t seed)
{
    const uint16_t *lens = &held->text_lens[first];
    size_t count = (size_t) end - (size_t) first;
    struct np_span texts = text_of(held, first);
    for (size_t i = 1; i < count; i++)
        texts.len += lens[i];
    seed = np_hash64(np_span_make((const char *) lens, count * sizeof(*lens)), seed);
    return np_hash64(texts, seed);
}

static struct np_prints prints_of(const struct np_held *held)
{
    uint64_t reads = held->flags & NP_ACT_READS;
    return (struct np_prints){
        .call = print_of(held, NP_ACT_CALL_FIRST, NP_ACT_CALL_END, reads),
        .caller = print_of(held, NP_ACT_CALLER_FIRST, NP_ACT_CALLER_END, held->identity),
    };
}

int np_held_pack(struct np_buf *buf, const struct np_held_parts *parts)
{
    size_t record_len = has_question(parts) ? parts->record.len : 0;
    int r = np_buf_reserve(buf, NP_HELD_MAX_BYTES - NP_HELD_RECORD_MAX_BYTES + record_len);
    if (r < 0)
        return r;
    struct np_held *held = (struct np_held *) (void *) (buf->data + buf->len);
    struct np_signal *signals = (struct np_signal *) (held + 1);
    *held = make_head(parts);
    held->signal_count = (uint8_t) pick_signals(signals, parts->signals, parts->signal_count);
    held->more_signals = (uint32_t) (parts->signal_count - held->signal_count);
    char *at = put((char *) (signals + held->signal_count), parts->asked,
                   held->asked_count * sizeof(parts->asked[0]));
    at = put_view(held, (struct entity_head *) (void *) at, parts->view);
    held->prints = prints_of(held);
    at = put(at, parts->record.ptr, held->record_len);
    size_t bytes = (size_t) (at - (char *) held);
    held->bytes = (uint32_t) ((bytes + 7) & ~(size_t) 7);
    memset(at, 0, held->bytes - bytes);
    buf->len += held->bytes;
    return 0;
}

/* Takes a text of `len` bytes from `*at` and moves on; an empty one has no bytes. */
static struct np_span take(const char **at, size_t len)
{
    struct np_span text = np_span_make(*at, len);
    *at += len;
    return text;
}

void np_held_act(const struct np_held *held, struct np_names *names, struct np_act *out_act)
{
    const struct entity_head *entities = entities_of(held);
    out_act->prints = held->prints;
    out_act->time = held->time;
    out_act->arrival = held->arrival;
    out_act->session_began = held->session_began;
    out_act->flags = held->flags;
    out_act->identity = held->identity;
    out_act->entity_count = held->entity_count;
    const char *at =
        np_names_pass_run(names, texts_of(held), held->text_lens, NP_ACT_TEXT_MAX, out_act->texts);
    for (size_t i = 0; i < held->entity_count; i++) {
        out_act->entities[i].kind = entities[i].kind;
        out_act->entities[i].role = entities[i].role;
        at = np_names_pass_run(names, at, &entities[i].len, 1, &out_act->entities[i].value);
    }
}

void np_held_view(const struct np_held *held, struct np_act_view *out_view)
{
    const struct entity_head *entities = entities_of(held);
    const char *at = texts_of(held);
    out_view->time = held->time;
    out_view->arrival = held->arrival;
    out_view->identity = (enum np_identity) held->identity;
    out_view->flags = held->flags;
    out_view->session_began = held->session_began;
    out_view->entity_count = held->entity_count;
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        out_view->texts[i] = take(&at, held->text_lens[i]);
    for (size_t i = 0; i < held->entity_count; i++)
        out_view->entities[i] = (struct np_entity){.kind = (enum np_entity_kind) entities[i].kind,
                                                   .role = (enum np_entity_role) entities[i].role,
                                                   .value = take(&at, entities[i].len)};
}

const struct np_signal *np_held_signals(const struct np_held *held)
{
    return signals_of(held);
}

const uint32_t *np_held_asked(const struct np_held *held)
{
    return asked_of(held);
}

struct np_span np_held_record(const struct np_held *held)
{
    const struct entity_head *entities = entities_of(held);
    const char *at = texts_of(held);
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        at += held->text_lens[i];
    for (size_t i = 0; i < held->entity_count; i++)
        at += entities[i].len;
    return np_span_make(at, held->record_len);
}

int np_held_compare(const struct np_held *a, const struct np_held *b)
{
    int order = np_span_compare(text_of(a, NP_ACT_EVENT_ID), text_of(b, NP_ACT_EVENT_ID));
    return order != 0 ? order
                      : np_span_compare(text_of(a, NP_ACT_ACCOUNT), text_of(b, NP_ACT_ACCOUNT));
}
