/* SPDX-License-Identifier: Apache-2.0 */
/* See asker.h. */
#include "engine/asker.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "codec/json/json.h"

enum { TEXTS_MAX_BYTES = 64 * 1024 * 1024, HOPS_MAX_BYTES = 12 };

struct np_asker {
    const struct np_engine_params *params;
    struct np_decoder *decoder;
    struct np_matcher *matcher;
    struct np_arena texts;     /* of the event */
    struct np_arena kept;      /* its findings */
    struct np_buf record;      /* a copy with room behind it, as the decoder wants it */
    struct np_buf scratch;     /* of findings */
    char hops[HOPS_MAX_BYTES]; /* as a text */
    struct np_event *event;
    const struct np_held *held; /* of the event */
    size_t next;                /* of its rules */
};

int np_asker_new(struct np_asker **out_asker, const struct np_engine_params *params)
{
    struct np_asker *asker = np_alloc(sizeof(*asker));
    if (asker == NULL)
        return -ENOMEM;
    asker->params = params;
    np_arena_init(&asker->texts, TEXTS_MAX_BYTES);
    np_arena_init(&asker->kept, SIZE_MAX);
    np_buf_init(&asker->record, (size_t) NP_HELD_RECORD_MAX_BYTES + NP_JSON_PADDING);
    np_buf_init(&asker->scratch, SIZE_MAX / 2);
    int r = np_decoder_new(&asker->decoder, params->plan);
    if (r == 0)
        r = np_matcher_new(&asker->matcher, params->rules);
    if (r < 0) {
        np_asker_free(&asker);
        return r;
    }
    *out_asker = asker;
    return 0;
}

void np_asker_free(struct np_asker **asker)
{
    if (asker == NULL || *asker == NULL)
        return;
    np_matcher_free(&(*asker)->matcher);
    np_decoder_free(&(*asker)->decoder);
    np_arena_done(&(*asker)->texts);
    np_arena_done(&(*asker)->kept);
    np_buf_done(&(*asker)->record);
    np_buf_done(&(*asker)->scratch);
    np_free(*asker);
    *asker = NULL;
}

static struct np_value text_value(struct np_span text)
{
    return text.len > 0 ? (struct np_value){.kind = NP_VALUE_TEXT, .text = text}
                        : (struct np_value){};
}

static struct np_value bool_value(bool value)
{
    return (struct np_value){.kind = NP_VALUE_BOOL,
                             .text = value ? NP_SPAN("true") : NP_SPAN("false"),
                             .boolean = value};
}

/* What is known of the actor: nothing where the act got none. */
static void set_actor(struct np_asker *asker, const struct np_asked *asked, struct np_value *values)
{
    const struct np_insight *insight = asked->insight;
    for (np_field_id i = NP_FIELD_NEPHO_ACTOR_ROOT; np_field_asks_who(i); i++)
        values[i] = (struct np_value){};
    if (insight->actor == NP_THREAD_NONE)
        return;
    int len = snprintf(asker->hops, sizeof(asker->hops), "%u", insight->hops);
    values[NP_FIELD_NEPHO_ACTOR_HOPS] =
        (struct np_value){.kind = NP_VALUE_INT,
                          .text = np_span_make(asker->hops, (size_t) len),
                          .integer = insight->hops};
    values[NP_FIELD_NEPHO_ACTOR_ROOT] = text_value(asked->root);
    if (insight->join != NP_JOIN_NONE)
        values[NP_FIELD_NEPHO_ACTOR_JOIN] = text_value(np_span_of(np_join_name(insight->join)));
    values[NP_FIELD_NEPHO_MOVED] = bool_value(insight->moved);
    values[NP_FIELD_NEPHO_FOREIGN] = bool_value(insight->foreign);
    values[NP_FIELD_NEPHO_PLACE_PRIVATE] = bool_value(insight->place_is_private);
}

/* What was usual for the principal. */
static void set_first_seen(const struct np_insight *insight, struct np_value *values)
{
    static const struct {
        np_field_id field;
        enum np_new what;
    } all[] = {
        {NP_FIELD_NEPHO_FIRST_API, NP_NEW_API},
        {NP_FIELD_NEPHO_FIRST_SERVICE, NP_NEW_SERVICE},
        {NP_FIELD_NEPHO_FIRST_REGION, NP_NEW_REGION},
        {NP_FIELD_NEPHO_FIRST_PLACE, NP_NEW_PLACE},
        {NP_FIELD_NEPHO_FIRST_AGENT, NP_NEW_AGENT},
        {NP_FIELD_NEPHO_FIRST_ENDPOINT, NP_NEW_ENDPOINT},
    };
    if (insight->actor == NP_THREAD_NONE)
        return;
    for (size_t i = 0; i < NP_ARRAY_LEN(all); i++)
        if (all[i].what != NP_NEW_ENDPOINT || insight->endpoint != NP_ENDPOINT_NONE)
            values[all[i].field] = bool_value((insight->is_new & all[i].what) != 0);
}

static void set_tactic(struct np_call_meaning meaning, struct np_value *values)
{
    if (meaning.tactic == NP_TACTIC_NONE)
        return;
    values[NP_FIELD_NEPHO_TACTIC] = text_value(np_span_of(np_tactic_name(meaning.tactic)));
    values[NP_FIELD_NEPHO_TACTIC_GUESSED] = bool_value(meaning.guessed);
}

/* The record's event again: 1, 0 where there is none, or -ENOMEM. */
static int decode(struct np_asker *asker, const struct np_asked *asked)
{
    const struct np_held *held = asked->held;
    struct np_span bytes = np_held_record(held);
    np_buf_reset(&asker->record);
    int r = np_buf_reserve(&asker->record, bytes.len + NP_JSON_PADDING);
    if (r == 0)
        r = np_buf_add_span(&asker->record, bytes);
    if (r < 0)
        return r;
    struct np_record record = {
        .bytes = np_buf_span(&asker->record),
        .origin = {.object = asked->object.ptr, .offset = held->offset, .length = held->length},
        .arrival = held->arrival,
    };
    const char *reason = NULL;
    enum np_decode_result result =
        np_decode(asker->decoder, &record, &asker->texts, &asker->event, &reason);
    if (result == NP_DECODE_NO_MEMORY)
        return -ENOMEM;
    return result == NP_DECODE_EVENT ? 1 : 0;
}

int np_asker_begin(struct np_asker *asker, const struct np_asked *asked)
{
    np_arena_reset(&asker->texts);
    np_arena_reset(&asker->kept);
    asker->held = asked->held;
    asker->next = 0;
    int r = decode(asker, asked);
    if (r <= 0)
        return r;
    struct np_value *values = asker->event->values;
    set_actor(asker, asked, values);
    if (asked->insight->endpoint != NP_ENDPOINT_NONE)
        values[NP_FIELD_NEPHO_ENDPOINT_OWNER] =
            text_value(np_span_of(np_endpoint_owner_name(asked->insight->endpoint)));
    set_first_seen(asked->insight, values);
    set_tactic(asked->meaning, values);
    if (asked->is_late)
        asker->event->flags |= NP_EVENT_LATE;
    return 1;
}

static int make_finding(struct np_asker *asker, uint32_t rule, struct np_finding **out_finding)
{
    const struct np_rule_set *rules = asker->params->rules;
    struct np_finding_means means = {
        .arena = &asker->kept, .scratch = &asker->scratch, .names = asker->params->fields};
    struct np_finding_evidence evidence = np_rule_set_evidence(rules, rule);
    return np_finding_make(out_finding, &means, np_rule_set_info(rules, rule), &evidence,
                           asker->event);
}

int np_asker_next(struct np_asker *asker, struct np_finding **out_finding)
{
    const uint32_t *rules = np_held_asked(asker->held);
    while (asker->next < asker->held->asked_count) {
        uint32_t rule = rules[asker->next++];
        if (!np_matcher_ask(asker->matcher, asker->event, rule))
            continue;
        int r = make_finding(asker, rule, out_finding);
        return r < 0 ? r : 1;
    }
    return 0;
}

const struct np_matcher *np_asker_matcher(const struct np_asker *asker)
{
    return asker->matcher;
}
