/* SPDX-License-Identifier: Apache-2.0 */
/* Packing and unpacking: see held.h. */
#include "engine/held.h"

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

/* Notes in `head` what is to be asked; returns its bytes. */
static size_t measure_question(struct np_held *head, const struct np_held_parts *parts)
{
    if (np_likely(parts->asked_count == 0))
        return 0;
    if (parts->asked_count > NP_HELD_ASKED_MAX || parts->record.len > NP_HELD_RECORD_MAX_BYTES) {
        head->unasked = true;
        return 0;
    }
    head->asked_count = (uint16_t) parts->asked_count;
    head->record_len = (uint32_t) parts->record.len;
    return parts->asked_count * sizeof(parts->asked[0]) + parts->record.len;
}

/* The first 8 bytes as a number that compares as they do. */
static uint64_t order_of(struct np_span id)
{
    uint64_t order = 0;
    for (size_t i = 0; i < sizeof(order); i++)
        order = order << 8 | (i < id.len ? (unsigned char) id.ptr[i] : 0);
    return order;
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
    return head;
}

/* Gives every text its length, in `head` and `out_entities`; returns the bytes of all. */
static size_t measure(struct np_held *head, const struct np_act_view *view,
                      struct entity_head out_entities[NP_ACT_ENTITIES_MAX])
{
    size_t bytes = 0;
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++) {
        head->text_lens[i] = (uint16_t) fit(head, view->texts[i]).len;
        bytes += head->text_lens[i];
    }
    for (size_t i = 0; i < view->entity_count; i++) {
        const struct np_entity *entity = &view->entities[i];
        out_entities[i] = (struct entity_head){.kind = (uint8_t) entity->kind,
                                               .role = (uint8_t) entity->role,
                                               .len = (uint16_t) fit(head, entity->value).len};
        bytes += out_entities[i].len;
    }
    return bytes;
}

/* Copies `len` bytes and returns the place behind them. */
static char *put(char *at, const void *bytes, size_t len)
{
    if (len > 0)
        memcpy(at, bytes, len);
    return at + len;
}

int np_held_pack(struct np_buf *buf, const struct np_held_parts *parts)
{
    struct np_signal signals[NP_HELD_SIGNALS_MAX];
    struct entity_head entities[NP_ACT_ENTITIES_MAX];
    const struct np_act_view *view = parts->view;
    struct np_held head = make_head(parts);
    size_t signal_count = pick_signals(signals, parts->signals, parts->signal_count);
    head.signal_count = (uint8_t) signal_count;
    head.more_signals = (uint32_t) (parts->signal_count - signal_count);
    size_t bytes = sizeof(head) + signal_count * sizeof(signals[0]) +
                   measure_question(&head, parts) + view->entity_count * sizeof(entities[0]) +
                   measure(&head, view, entities);
    head.bytes = (uint32_t) ((bytes + 7) & ~(size_t) 7);
    int r = np_buf_reserve(buf, head.bytes);
    if (r < 0)
        return r;
    char *at = put(buf->data + buf->len, &head, sizeof(head));
    at = put(at, signals, signal_count * sizeof(signals[0]));
    at = put(at, parts->asked, head.asked_count * sizeof(parts->asked[0]));
    at = put(at, entities, view->entity_count * sizeof(entities[0]));
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        at = put(at, view->texts[i].ptr, head.text_lens[i]);
    for (size_t i = 0; i < view->entity_count; i++)
        at = put(at, view->entities[i].value.ptr, entities[i].len);
    at = put(at, parts->record.ptr, head.record_len);
    memset(at, 0, head.bytes - bytes);
    buf->len += head.bytes;
    return 0;
}

/* Takes a text of `len` bytes from `*at` and moves on; an empty one has no bytes. */
static struct np_span take(const char **at, size_t len)
{
    struct np_span text = np_span_make(*at, len);
    *at += len;
    return text;
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
    const char *left = texts_of(a);
    const char *right = texts_of(b);
    _Static_assert(NP_ACT_EVENT_ID == 0 && NP_ACT_ACCOUNT == 1, "the first texts");
    int order = np_span_compare(np_span_make(left, a->text_lens[NP_ACT_EVENT_ID]),
                                np_span_make(right, b->text_lens[NP_ACT_EVENT_ID]));
    if (order != 0)
        return order;
    return np_span_compare(
        np_span_make(left + a->text_lens[NP_ACT_EVENT_ID], a->text_lens[NP_ACT_ACCOUNT]),
        np_span_make(right + b->text_lens[NP_ACT_EVENT_ID], b->text_lens[NP_ACT_ACCOUNT]));
}
