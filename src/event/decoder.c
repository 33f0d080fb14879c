/* SPDX-License-Identifier: Apache-2.0 */
/* One thread's decoder of JSON records: the walk, and what a record turns out to be. */
#include "event/event_internal.h"

#include <errno.h>

#include "base/alloc.h"

enum { OBJECT_TEXT_MAX_BYTES = 16 * 1024 * 1024 };

static int slots_new(struct np_json_slots *slots, size_t count)
{
    slots->values = np_alloc_array(count, sizeof(*slots->values));
    slots->touched = np_alloc_array(count, sizeof(*slots->touched));
    return slots->values == NULL || slots->touched == NULL ? -ENOMEM : 0;
}

static void slots_free(struct np_json_slots *slots)
{
    np_free(slots->values);
    np_free(slots->touched);
}

int np_decoder_new(struct np_decoder **out_decoder, const struct np_decode_plan *plan)
{
    struct np_decoder *decoder = np_alloc(sizeof(*decoder));
    if (decoder == NULL)
        return -ENOMEM;
    decoder->plan = plan;
    decoder->kind = plan->is_generic ? NP_EVENT_JSON : NP_EVENT_CLOUDTRAIL;
    np_buf_init(&decoder->scratch, OBJECT_TEXT_MAX_BYTES);
    size_t count = plan->field_count + NP_EXTRA_COUNT;
    int r = slots_new(&decoder->slots, count);
    if (r == 0)
        r = slots_new(&decoder->group, count);
    if (r == 0)
        r = np_json_reader_new(&decoder->reader);
    if (r < 0) {
        np_decoder_free(&decoder);
        return r;
    }
    *out_decoder = decoder;
    return 0;
}

void np_decoder_free(struct np_decoder **decoder)
{
    if (decoder == NULL || *decoder == NULL)
        return;
    slots_free(&(*decoder)->slots);
    slots_free(&(*decoder)->group);
    np_json_reader_free(&(*decoder)->reader);
    np_buf_done(&(*decoder)->scratch);
    np_free(*decoder);
    *decoder = NULL;
}

static bool holds_envelope(const struct np_decoder *decoder)
{
    for (uint32_t slot = NP_EXTRA_ENVELOPE_FIRST; slot <= NP_EXTRA_ENVELOPE_LAST; slot++)
        if (np_extra(decoder, slot)->kind == NP_VALUE_LIST)
            return true;
    return false;
}

/* What a record that has been read is: an event of `*out_kind`, or something else that is known. An array comes first, as for the splitter. */
static enum np_decode_result classify(const struct np_decoder *decoder,
                                      enum np_event_kind *out_kind)
{
    if (holds_envelope(decoder))
        return NP_DECODE_SEVERAL;
    for (enum np_event_kind kind = 0; kind < NP_EVENT_JSON; kind++)
        if (np_kinds[kind]->is_record(decoder)) {
            *out_kind = kind;
            return NP_DECODE_EVENT;
        }
    if (np_extra(decoder, NP_EXTRA_DIGEST_START)->kind != NP_VALUE_ABSENT &&
        np_extra(decoder, NP_EXTRA_LOG_FILES)->kind != NP_VALUE_ABSENT)
        return NP_DECODE_DIGEST;
    return NP_DECODE_UNKNOWN;
}

/* Fills the slots with the plan of `kind`. */
static enum np_json_result walk(struct np_decoder *decoder, enum np_event_kind kind,
                                struct np_span bytes, const char **out_reason)
{
    np_slots_reset(&decoder->slots);
    return np_json_read(decoder->reader, decoder->plan->kinds[kind].main, bytes, &decoder->slots,
                        out_reason);
}

/*
 * The same with the plan of `*kind`, or where that finds the record invalid, with the first that does not: a plan looks closely only
 * at what it wants. The plan of GCP has to find its own marker, since it alone may take something else for those of others. Sets `*kind` to
 * the kind whose plan was used.
 */
static enum np_json_result walk_any(struct np_decoder *decoder, struct np_span bytes,
                                    enum np_event_kind *kind, const char **out_reason)
{
    enum np_json_result result = walk(decoder, *kind, bytes, out_reason);
    bool is_mistaken = *kind == NP_EVENT_GCP && !np_gcp_kind.is_record(decoder);
    if (decoder->plan->is_generic || (result == NP_JSON_OK && !is_mistaken))
        return result;
    for (*kind = NP_EVENT_GCP + 1; *kind < NP_EVENT_JSON; (*kind)++) {
        result = walk(decoder, *kind, bytes, out_reason);
        if (result != NP_JSON_INVALID)
            return result;
    }
    *kind = NP_EVENT_GCP;
    result = walk(decoder, *kind, bytes, out_reason);
    return result == NP_JSON_OK && !np_gcp_kind.is_record(decoder) ? NP_JSON_INVALID : result;
}

static enum np_decode_result of_json(enum np_json_result result)
{
    static const enum np_decode_result results[] = {
        [NP_JSON_OK] = NP_DECODE_EVENT,
        [NP_JSON_SEVERAL] = NP_DECODE_SEVERAL,
        [NP_JSON_INVALID] = NP_DECODE_INVALID,
        [NP_JSON_TOO_DEEP] = NP_DECODE_TOO_DEEP,
        [NP_JSON_NO_MEMORY] = NP_DECODE_NO_MEMORY,
    };
    return results[result];
}

/* Reads one record with the plan of its kind. */
static enum np_decode_result read_record(struct np_decoder *decoder, struct np_span bytes,
                                         const char **out_reason)
{
    enum np_event_kind walked = decoder->kind;
    enum np_json_result json = walk_any(decoder, bytes, &walked, out_reason);
    if (json != NP_JSON_OK || decoder->plan->is_generic)
        return of_json(json);
    enum np_event_kind kind = walked;
    enum np_decode_result result = classify(decoder, &kind);
    if (result == NP_DECODE_EVENT && kind != walked)
        result = of_json(walk(decoder, kind, bytes, out_reason));
    if (result == NP_DECODE_EVENT)
        decoder->kind = kind;
    return result;
}

/* Reads a record, or the one inside it; `*bytes` becomes those of the record that was read. */
static enum np_decode_result read_inner(struct np_decoder *decoder, struct np_span *bytes,
                                        const char **out_reason)
{
    enum np_decode_result result = read_record(decoder, *bytes, out_reason);
    for (unsigned i = 0; i < NP_UNWRAP_MAX && result == NP_DECODE_UNKNOWN; i++) {
        switch (np_unwrap(decoder, bytes)) {
        case NP_UNWRAP_NOTHING:
            return NP_DECODE_UNKNOWN;
        case NP_UNWRAP_CONTROL:
            return NP_DECODE_CONTROL;
        case NP_UNWRAP_NO_MEMORY:
            return NP_DECODE_NO_MEMORY;
        case NP_UNWRAP_RECORD:
            result = read_record(decoder, *bytes, out_reason);
        }
    }
    return result;
}

static void begin(struct np_decoder *decoder, const struct np_record *record,
                  enum np_event_kind event_kind, struct np_span bytes)
{
    const struct np_kind_plan *plan = &decoder->plan->kinds[event_kind];
    const struct np_kind *kind = np_kinds[event_kind];
    decoder->cached_count = 0;
    decoder->has_members = false;
    decoder->event = (struct np_event){
        .kind = event_kind,
        .time = NP_TIME_NONE,
        .arrival = record->arrival,
        .origin = record->origin,
        .raw = bytes,
        .logsource = &kind->logsource,
        .ops = kind->ops,
        .values = decoder->slots.values,
        .group_of = plan->group_of,
        .pending = ((UINT64_C(1) << plan->group_count) - 1) |
                   UINT64_C(1) << (NP_GROUP_COMPUTED - 1) | decoder->plan->pending_derived,
        .fields = decoder->plan->fields,
        .arena = decoder->arena,
        .decoder = decoder,
    };
    kind->begin(decoder);
}

enum np_decode_result np_decode(struct np_decoder *decoder, const struct np_record *record,
                                struct np_arena *arena, struct np_event **out_event,
                                const char **out_reason)
{
    struct np_span bytes = record->bytes;
    decoder->arena = decoder->slots.arena = decoder->group.arena = arena;
    bool is_syscall = np_syscall_is_record(bytes);
    enum np_decode_result result = is_syscall ? np_syscall_decode(decoder, bytes, out_reason)
                                              : read_inner(decoder, &bytes, out_reason);
    if (result == NP_DECODE_EVENT) {
        begin(decoder, record, is_syscall ? NP_EVENT_SYSCALL : decoder->kind, bytes);
        *out_event = &decoder->event;
    }
    return result;
}

np_time_ns np_decode_time(struct np_decoder *decoder, struct np_span record, struct np_arena *arena)
{
    const char *reason = NULL;
    if (np_syscall_is_record(record))
        return np_syscall_time(record);
    decoder->group.arena = arena;
    np_slots_reset(&decoder->group);
    if (np_json_read(decoder->reader, decoder->plan->time, record, &decoder->group, &reason) !=
        NP_JSON_OK)
        return NP_TIME_NONE;
    return np_json_time(decoder->group.values, NP_TIME_PATHS);
}
