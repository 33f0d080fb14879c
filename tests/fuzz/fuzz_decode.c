/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a record: what it becomes does not depend on the kind of the record before, and all that an event can be asked for
 * can be asked.
 */
#include <stdint.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/json/json.h"
#include "event/decoder.h"
#include "event/entity.h"
#include "event/falco/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct means {
    struct np_field_set *fields;
    struct np_decode_plan *plan;
    struct np_decoder *decoder;
    struct np_arena arena;
};

/* What is compared of a decoded record. */
struct seen {
    enum np_decode_result result;
    enum np_event_kind kind;
    np_time_ns time;
    struct np_hash128 key;
    uint64_t values;
    size_t entities;
};

/* Wants every field that Falco has for a source, with an argument where it takes one. */
static void want_falco(struct np_field_set *fields, enum np_falco_source source)
{
    static const char *const arguments[] = {[NP_FALCO_NO_ARGUMENT] = "",
                                            [NP_FALCO_INDEX] = "[0]",
                                            [NP_FALCO_KEY] = "[/a/0]",
                                            [NP_FALCO_SUFFIX] = ".a"};
    const struct np_falco_field *what = NULL;
    for (size_t i = 0; (what = np_falco_field_at(source, i)) != NULL; i++) {
        np_auto_buf struct np_buf name;
        np_field_id field = 0;
        np_buf_init(&name, NP_FIELD_NAME_MAX_BYTES);
        np_buf_add_span(&name, what->name);
        if (!what->is_argument_required)
            NP_ASSERT(np_field_intern(fields, np_buf_span(&name), &field) == 0);
        np_buf_add_str(&name, arguments[what->argument]);
        NP_ASSERT(np_field_intern(fields, np_buf_span(&name), &field) == 0);
    }
}

static void open_means(struct means *means)
{
    static const char *const names[] = {"a.b",
                                        "gcp.audit.method_name",
                                        "data.protoPayload.x",
                                        "requestParameters.a",
                                        "github.a",
                                        "methodName"};
    *means = (struct means){};
    np_arena_init(&means->arena, SIZE_MAX);
    NP_ASSERT(np_field_set_new(&means->fields) == 0);
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++) {
        np_field_id field = 0;
        NP_ASSERT(np_field_intern(means->fields, np_span_of(names[i]), &field) == 0);
    }
    want_falco(means->fields, NP_FALCO_CLOUDTRAIL);
    want_falco(means->fields, NP_FALCO_K8S);
    NP_ASSERT(np_decode_plan_new(&means->plan, means->fields, NULL, NULL) == 0);
    NP_ASSERT(np_decoder_new(&means->decoder, means->plan) == 0);
}

static bool go_on(void *context, struct np_span text)
{
    *(uint64_t *) context ^= np_hash64(text, 1);
    return true;
}

/* Asks for everything. */
static void ask(struct means *means, struct np_event *event, struct seen *seen)
{
    struct np_entity entities[NP_ENTITIES_MAX];
    struct np_event_brief brief;
    seen->kind = event->kind;
    seen->time = event->time;
    (void) np_event_key(event, &seen->key);
    for (np_field_id i = 0; i < np_field_count(means->fields); i++) {
        const struct np_value *value = np_event_field(event, i);
        seen->values = np_hash64(np_event_text(event, i), seen->values + value->kind);
        for (uint32_t item = 0; value->kind == NP_VALUE_LIST && item < value->count; item++)
            seen->values = np_hash64(value->items[item].text, seen->values);
    }
    np_event_each_text(event, go_on, &seen->values);
    np_event_brief(event, &brief);
    seen->values = np_hash64(brief.name, np_hash64(brief.outcome, seen->values));
    seen->entities = np_event_entities(event, entities);
}

static struct seen decode(struct means *means, struct np_span text)
{
    struct seen seen = {};
    struct np_event *event = NULL;
    const char *reason = NULL;
    char *copy = np_alloc(text.len + NP_JSON_PADDING);
    NP_ASSERT(copy != NULL);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    struct np_record record = {.bytes = np_span_make(copy, text.len), .origin = {.object = "-"}};
    seen.result = np_decode(means->decoder, &record, &means->arena, &event, &reason);
    if (seen.result == NP_DECODE_EVENT)
        ask(means, event, &seen);
    (void) np_decode_time(means->decoder, record.bytes, &means->arena);
    np_arena_reset(&means->arena);
    np_free(copy);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct np_span before[] = {
        {"{\"eventName\":1,\"eventSource\":2}", 31},
        {"{\"apiVersion\":\"audit.k8s.io/v1\"}", 32},
        {"{\"protoPayload\":{}}", 19},
        {"{\"action\":1,\"org\":2}", 20},
    };
    struct np_span text = np_span_make((const char *) data, size);
    static struct means means; /* made once: that takes longer than all the rest */
    if (means.decoder == NULL)
        open_means(&means);
    struct seen first = decode(&means, text);
    for (size_t i = 0; i < NP_ARRAY_LEN(before); i++) {
        NP_ASSERT(decode(&means, before[i]).result == NP_DECODE_EVENT);
        struct seen next = decode(&means, text);
        NP_ASSERT(next.result == first.result && next.kind == first.kind &&
                  next.time == first.time && next.values == first.values &&
                  next.entities == first.entities && next.key.low == first.key.low);
    }
    return 0;
}
