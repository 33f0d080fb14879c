/* SPDX-License-Identifier: Apache-2.0 */
/* See shown.h. */
#include "engine/shown.h"

enum { TEXT_MAX_BYTES = 64 * 1024 };

void np_shown_init(struct np_shown *shown)
{
    np_buf_init(&shown->id, TEXT_MAX_BYTES);
    np_buf_init(&shown->message, TEXT_MAX_BYTES);
    np_buf_init(&shown->source, TEXT_MAX_BYTES);
}

void np_shown_done(struct np_shown *shown)
{
    np_buf_done(&shown->id);
    np_buf_done(&shown->message);
    np_buf_done(&shown->source);
}

static int make_id(struct np_buf *buf, const struct np_finding *finding, struct np_hash128 *out_id)
{
    np_buf_reset(buf);
    (void) np_buf_add_str(buf, finding->rule->id); /* errors stay in the buffer */
    (void) np_buf_add_char(buf, '\0');
    (void) np_buf_add_str(buf, np_event_kind_name(finding->event_kind));
    (void) np_buf_add_char(buf, '\0');
    (void) np_buf_add_span(buf, finding->account);
    (void) np_buf_add_char(buf, '\0');
    (void) np_buf_add_span(buf, finding->event_id);
    *out_id = np_hash128(np_buf_span(buf), 0);
    return buf->error;
}

static void add_words(struct np_buf *buf, const char **separator, const char *word,
                      struct np_span text)
{
    if (text.len == 0)
        return;
    (void) np_buf_add_str(buf, *separator);
    (void) np_buf_add_str(buf, word);
    (void) np_buf_add_span(buf, text);
    *separator = " ";
}

static int make_message(struct np_buf *buf, struct np_finding *finding)
{
    const char *separator = ": ";
    np_buf_reset(buf);
    (void) np_buf_add_str(buf, finding->rule->title);
    add_words(buf, &separator, "", finding->event.name);
    add_words(buf, &separator, "by ", finding->event.principal);
    add_words(buf, &separator, "from ", finding->event.address);
    finding->message = np_buf_span(buf);
    return buf->error;
}

/* The service as a record names it: an act has it without what all have in common. */
static int make_source(struct np_buf *buf, struct np_span service, struct np_finding *finding)
{
    np_buf_reset(buf);
    (void) np_buf_add_span(buf, service);
    if (service.len > 0 && memchr(service.ptr, '.', service.len) == NULL)
        (void) np_buf_add_str(buf, ".amazonaws.com");
    finding->event.source = np_buf_span(buf);
    return buf->error;
}

int np_shown_make(struct np_shown *shown, const struct np_shown_act *act,
                  const struct np_rule_info *rule, struct np_finding *out_finding)
{
    struct np_act_view view;
    const struct np_span *texts = view.texts;
    np_held_view(act->held, &view);
    bool has_failed = texts[NP_ACT_ERROR].len > 0;
    *out_finding = (struct np_finding){
        .rule = rule,
        .event_kind = NP_EVENT_CLOUDTRAIL,
        .event_flags = (act->act->flags & NP_ACT_LATE) != 0 ? NP_EVENT_LATE : 0,
        .time = act->act->time,
        .arrival = act->act->arrival,
        .account = texts[NP_ACT_ACCOUNT],
        .event_id = texts[NP_ACT_EVENT_ID],
        .event = {.name = texts[NP_ACT_API],
                  .region = texts[NP_ACT_REGION],
                  .principal = texts[NP_ACT_PRINCIPAL],
                  .address = texts[NP_ACT_ADDRESS],
                  .outcome = has_failed ? texts[NP_ACT_ERROR] : NP_SPAN("ok")},
        .origin = {.object = act->object.ptr,
                   .offset = act->held->offset,
                   .length = act->held->length},
        .targets = {texts[NP_ACT_RESOURCE]},
        .target_count = texts[NP_ACT_RESOURCE].len > 0 ? 1 : 0,
    };
    int r = make_id(&shown->id, out_finding, &out_finding->id);
    if (r == 0)
        r = make_message(&shown->message, out_finding);
    return r == 0 ? make_source(&shown->source, texts[NP_ACT_SERVICE], out_finding) : r;
}
