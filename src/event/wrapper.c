/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records inside other records. The splitter opens arrays of records; here is what holds one: as an object (EventBridge) or as JSON
 * in a string (LookupEvents, Elastic documents, log events of CloudWatch Logs).
 */
#include "event/event_internal.h"

struct wrapper {
    enum np_extra_slot slot;
    enum np_value_kind kind; /* of the record inside */
};

static const struct wrapper wrappers[] = {
    {NP_EXTRA_DETAIL, NP_VALUE_OBJECT}, /* beside "detail-type" */
    {NP_EXTRA_CLOUDTRAIL_EVENT, NP_VALUE_TEXT},
    {NP_EXTRA_ORIGINAL, NP_VALUE_TEXT},
    {NP_EXTRA_MESSAGE, NP_VALUE_TEXT},
};

/* A copy of a text with the padding that a record needs. */
static enum np_unwrap copy(struct np_arena *arena, struct np_span text, struct np_span *out_inner)
{
    char *bytes = np_arena_alloc(arena, text.len + NP_JSON_PADDING);
    if (bytes == NULL)
        return NP_UNWRAP_NO_MEMORY;
    memcpy(bytes, text.ptr, text.len);
    memset(bytes + text.len, ' ', NP_JSON_PADDING);
    *out_inner = np_span_make(bytes, text.len);
    return NP_UNWRAP_RECORD;
}

enum np_unwrap np_unwrap(const struct np_decoder *decoder, struct np_span *out_inner)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(wrappers); i++) {
        const struct np_value *value = np_extra(decoder, wrappers[i].slot);
        if (value->kind != wrappers[i].kind)
            continue;
        if (value->kind == NP_VALUE_OBJECT) {
            if (np_extra(decoder, NP_EXTRA_DETAIL_TYPE)->kind == NP_VALUE_ABSENT)
                continue;
            *out_inner = value->text; /* what follows it in the outer record is its padding */
            return NP_UNWRAP_RECORD;
        }
        if (np_span_starts(np_span_trim(value->text), NP_SPAN("{")))
            return copy(decoder->arena, value->text, out_inner);
    }
    /* What a CloudWatch Logs subscription sends to see whether its receiver lives (messageType CONTROL_MESSAGE). */
    const struct np_value *message = np_extra(decoder, NP_EXTRA_MESSAGE);
    if (message->kind == NP_VALUE_TEXT &&
        np_span_starts(message->text, NP_SPAN("CWL CONTROL MESSAGE")))
        return NP_UNWRAP_CONTROL;
    return NP_UNWRAP_NOTHING;
}
