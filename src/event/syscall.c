/* SPDX-License-Identifier: Apache-2.0 */
/* Reads resolved records, whose bytes are as hostile as those of any other record. */
#include "event/syscall.h"

#include "event/event_internal.h"
#include "event/syscall_internal.h"

/* What a record begins with; zeros where `bytes` are too few. */
static struct np_record_start start_of(struct np_span bytes)
{
    struct np_record_start start = {};
    if (bytes.len >= sizeof(start))
        memcpy(&start, bytes.ptr, sizeof(start));
    return start;
}

bool np_syscall_is_record(struct np_span bytes)
{
    uint32_t magic = start_of(bytes).magic;
    return magic == NP_RECORD_MAGIC || magic == NP_RECORD_QUIET_MAGIC;
}

size_t np_syscall_record_len(struct np_span bytes)
{
    struct np_record_start start = start_of(bytes);
    size_t least = start.magic == NP_RECORD_MAGIC ? sizeof(struct np_record_head)
                                                  : sizeof(struct np_record_quiet);
    bool is_whole = np_syscall_is_record(bytes) && start.len >= least && start.len <= bytes.len;
    return is_whole ? start.len : 0;
}

np_time_ns np_syscall_time(struct np_span bytes)
{
    return start_of(bytes).time;
}

bool np_syscall_read_quiet(struct np_span bytes, struct np_syscall_quiet *out_quiet)
{
    struct np_record_quiet record;
    if (bytes.len != sizeof(record) || start_of(bytes).magic != NP_RECORD_QUIET_MAGIC ||
        np_syscall_record_len(bytes) != bytes.len)
        return false;
    memcpy(&record, bytes.ptr, sizeof(record));
    *out_quiet = (struct np_syscall_quiet){
        .count = record.count,
        .first = record.start.time,
        .newest = record.newest,
    };
    return true;
}

/* Takes the first `len` bytes off `rest`: false where it has fewer. */
static bool take(struct np_span *rest, size_t len, struct np_span *out_part)
{
    if (rest->len < len)
        return false;
    *out_part = np_span_head(*rest, len);
    *rest = np_span_from(*rest, len);
    return true;
}

/* Reads the head of a whole record and leaves its values in `*rest`. */
static bool read_head(struct np_span *rest, struct np_syscall_head *out_head)
{
    struct np_record_head head;
    struct np_span part;
    if (!take(rest, sizeof(head), &part))
        return false;
    memcpy(&head, part.ptr, sizeof(head));
    if (head.category >= NP_SYSCALL_CATEGORY_MAX)
        return false;
    *out_head = (struct np_syscall_head){
        .num = head.num,
        .time = head.start.time,
        .tid = head.tid,
        .type = head.type,
        .category = head.category,
    };
    struct np_span *texts[NP_RECORD_TEXTS] = {&out_head->name, &out_head->user, &out_head->address,
                                              &out_head->outcome};
    for (size_t i = 0; i < NP_RECORD_TEXTS; i++)
        if (!take(rest, head.text_len[i], texts[i]))
            return false;
    return true;
}

static bool read_value(struct np_span *rest, struct np_record_value *out_head,
                       struct np_value *out_value)
{
    struct np_span part;
    if (!take(rest, sizeof(*out_head), &part))
        return false;
    memcpy(out_head, part.ptr, sizeof(*out_head));
    *out_value = (struct np_value){.kind = out_head->kind, .flags = out_head->flags};
    if (!take(rest, out_head->text_len, &out_value->text))
        return false;
    switch (out_head->kind) {
    case NP_VALUE_BOOL:
        out_value->boolean = out_head->bits != 0;
        return true;
    case NP_VALUE_INT:
    case NP_VALUE_UINT:
        out_value->uinteger = out_head->bits;
        return true;
    case NP_VALUE_DOUBLE:
        memcpy(&out_value->real, &out_head->bits, sizeof(out_value->real));
        return true;
    case NP_VALUE_NULL:
    case NP_VALUE_TEXT:
    case NP_VALUE_ADDRESS:
    case NP_VALUE_LIST:
        return true;
    default:
        return false;
    }
}

/* Reads the items of a list, which follow it. */
static enum np_decode_result read_items(struct np_arena *arena, struct np_span *rest,
                                        uint32_t count, struct np_value *list)
{
    if (count > rest->len / sizeof(struct np_record_value))
        return NP_DECODE_INVALID;
    struct np_value *items = np_arena_alloc(arena, count * sizeof(*items));
    if (items == NULL && count > 0)
        return NP_DECODE_NO_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        struct np_record_value head;
        if (!read_value(rest, &head, &items[i]) || head.kind == NP_VALUE_LIST)
            return NP_DECODE_INVALID;
    }
    list->count = count;
    list->items = items;
    return NP_DECODE_EVENT;
}

/* Reads one value into its field's slot. */
static enum np_decode_result read_field(struct np_decoder *decoder, struct np_span *rest)
{
    struct np_record_value head;
    struct np_value value;
    if (!read_value(rest, &head, &value) || head.field >= decoder->plan->field_count)
        return NP_DECODE_INVALID;
    enum np_decode_result result = NP_DECODE_EVENT;
    if (head.kind == NP_VALUE_LIST)
        result = read_items(decoder->arena, rest, head.count, &value);
    struct np_value *slot = &decoder->slots.values[head.field];
    if (result != NP_DECODE_EVENT || slot->kind != NP_VALUE_ABSENT)
        return result == NP_DECODE_EVENT ? NP_DECODE_INVALID : result;
    *slot = value;
    decoder->slots.touched[decoder->slots.touched_len++] = head.field;
    return NP_DECODE_EVENT;
}

enum np_decode_result np_syscall_decode(struct np_decoder *decoder, struct np_span bytes,
                                        const char **out_reason)
{
    struct np_syscall_quiet quiet;
    *out_reason = "not a whole record of a system call";
    if (np_syscall_read_quiet(bytes, &quiet))
        return NP_DECODE_QUIET;
    np_slots_reset(&decoder->slots);
    if (start_of(bytes).magic != NP_RECORD_MAGIC || np_syscall_record_len(bytes) != bytes.len ||
        !read_head(&bytes, &decoder->syscall))
        return NP_DECODE_INVALID;
    enum np_decode_result result = NP_DECODE_EVENT;
    while (bytes.len > 0 && result == NP_DECODE_EVENT)
        result = read_field(decoder, &bytes);
    return result;
}

const struct np_syscall_head *np_syscall_head_of(const struct np_event *event)
{
    const struct np_decoder *decoder = event->decoder;
    return &decoder->syscall;
}

const struct np_logsource *np_syscall_logsource(enum np_syscall_category category)
{
    static const struct np_logsource logsources[] = {
        [NP_SYSCALL_OTHER] = {.product = NP_SPAN("linux")},
        [NP_SYSCALL_PROCESS] = {.product = NP_SPAN("linux"),
                                .category = NP_SPAN("process_creation")},
        [NP_SYSCALL_FILE] = {.product = NP_SPAN("linux"), .category = NP_SPAN("file_event")},
        [NP_SYSCALL_NETWORK] = {.product = NP_SPAN("linux"),
                                .category = NP_SPAN("network_connection")},
    };
    return &logsources[category];
}

static void begin(struct np_decoder *decoder)
{
    decoder->event.time = decoder->syscall.time;
    decoder->event.logsource = np_syscall_logsource(decoder->syscall.category);
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    const struct np_syscall_head *head = np_syscall_head_of(event);
    *out_brief = (struct np_event_brief){
        .name = head->name,
        .source = NP_SPAN("syscall"),
        .principal = head->user,
        .address = head->address,
        .outcome = head->outcome,
    };
}

bool np_syscall_value_texts(const struct np_value *value,
                            bool (*fn)(void *context, struct np_span text), void *context)
{
    bool is_list = value->kind == NP_VALUE_LIST;
    const struct np_value *items = is_list ? value->items : value;
    uint32_t count = is_list ? value->count : 1;
    for (uint32_t i = 0; i < count; i++)
        if (items[i].kind == NP_VALUE_TEXT && !fn(context, items[i].text))
            return false;
    return true;
}

static void each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                      void *context)
{
    const struct np_json_slots *slots = &((const struct np_decoder *) event->decoder)->slots;
    for (size_t i = 0; i < slots->touched_len; i++)
        if (!np_syscall_value_texts(&slots->values[slots->touched[i]], fn, context))
            return;
}

static void each_path(struct np_event *event, bool (*fn)(void *context, struct np_span path),
                      void *context)
{
    const struct np_decoder *decoder = event->decoder;
    for (size_t i = 0; i < decoder->slots.touched_len; i++)
        if (!fn(context, np_field_name(decoder->plan->fields, decoder->slots.touched[i])))
            return;
}

size_t np_syscall_object_texts(struct np_event *event, const struct np_value *value,
                               struct np_span out_texts[3])
{
    (void) event;
    (void) value;
    (void) out_texts;
    return 0;
}

/* Every value is read at once. */
static void load(struct np_event *event, np_field_id field)
{
    (void) field;
    event->pending = 0;
}

static const struct np_event_ops ops = {
    .load = load,
    .each_text = each_text,
    .each_path = each_path,
    .brief = brief,
    .object_texts = np_syscall_object_texts,
};

static const char *const at_once[] = {NULL};

const struct np_kind np_syscall_kind = {
    .name = "syscall",
    .ops = &ops,
    .logsource = {.product = NP_SPAN("linux")},
    .at_once = at_once,
    .begin = begin,
};
