/* SPDX-License-Identifier: Apache-2.0 */
/* Failures of calls: see failure.h. The sentences are those of real refusals of IAM users and roles. */
#include "simulate/play/failure.h"

#include "simulate/play/fields.h"

enum { ENCODED_MIN = 380, ENCODED_MAX = 620 };

/* The characters of base64 for URLs, in which EC2 packs what it decided. */
static void add_encoded(struct np_buf *buf, struct np_random random)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int64_t count = np_random_between(&random, ENCODED_MIN, ENCODED_MAX);
    uint64_t bits = 0;
    for (int64_t i = 0; i < count; i++, bits >>= 6) {
        if (i % 10 == 0)
            bits = np_random_next(&random);
        (void) np_buf_add_char(buf, letters[bits & 63]);
    }
}

static struct np_span name_of(const struct np_member *by)
{
    static const enum np_attribute best[] = {NP_ATTRIBUTE_ARN, NP_ATTRIBUTE_NAME, NP_ATTRIBUTE_ID};
    struct np_span name = {};
    for (size_t i = 0; i < NP_ARRAY_LEN(best) && name.len == 0; i++)
        name = np_member_attribute(by, best[i]);
    return name;
}

static void add_refusal(struct np_buf *buf, const struct np_record *record)
{
    const struct np_call *call = record->step->call;
    (void) np_buf_add_str(
        buf, call->encoded ? "You are not authorized to perform this operation. User: " : "User: ");
    (void) np_buf_add_span(buf, name_of(record->by));
    (void) np_buf_add_str(buf, " is not authorized to perform: ");
    (void) np_buf_add_span(buf, call->action);
    size_t before = buf->len;
    (void) np_buf_add_str(buf, " on resource: ");
    size_t named = buf->len;
    if (call->target.count == 0)
        (void) np_buf_add_char(buf, '*');
    np_text_fill(buf, &call->target, &record->fill);
    if (buf->len == named) /* some services name none */
        buf->len = before;
    (void) np_buf_add_str(buf, " because no identity-based policy allows the ");
    (void) np_buf_add_span(buf, call->action);
    (void) np_buf_add_str(buf, " action");
    if (call->encoded) {
        (void) np_buf_add_str(buf, ". Encoded authorization failure message: ");
        add_encoded(buf, np_random_for(record->seed, NP_SPAN("encoded"), 0));
    }
}

/* Moves what the scratch holds into the values. */
static int keep(struct np_recorder *recorder, struct np_span *out_text)
{
    struct np_span text = np_buf_span(&recorder->scratch);
    int r = recorder->scratch.error;
    if (r == 0)
        r = np_arena_keep(&recorder->values, &text);
    if (r == 0)
        *out_text = text;
    np_buf_reset(&recorder->scratch);
    return r;
}

int np_failure_set(struct np_recorder *recorder, struct np_record *record, bool refused)
{
    const struct np_step *step = record->step;
    int r = 0;
    if (refused) {
        record->error_code = step->call->denied;
    } else if (step->error_code.count > 0) {
        np_text_fill(&recorder->scratch, &step->error_code, &record->fill);
        r = keep(recorder, &record->error_code);
    }
    record->is_refused =
        record->error_code.len > 0 && np_span_eq(record->error_code, step->call->denied);
    if (r < 0 || (!record->is_refused && step->error_message.count == 0))
        return r;
    if (!refused && step->error_message.count > 0)
        np_text_fill(&recorder->scratch, &step->error_message, &record->fill);
    else
        add_refusal(&recorder->scratch, record);
    return keep(recorder, &record->error_message);
}
