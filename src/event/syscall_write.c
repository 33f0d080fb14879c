/* SPDX-License-Identifier: Apache-2.0 */
/* Writes resolved records, and finds what is to be written: see syscall.h and syscall_internal.h. */
#include "event/syscall.h"

#include <errno.h>

#include "base/alloc.h"
#include "event/falco/fields.h"
#include "event/interest.h"
#include "event/syscall_internal.h"

/* Sigma's names for what Falco's fields say, of the log sources that np_syscall_category names. */
static const struct {
    const char *sigma;
    const char *falco; /* NULL = NP_SYSCALL_INITIATED */
} aliases[] = {
    {"CommandLine", "proc.cmdline"},
    {"CurrentDirectory", "proc.cwd"},
    {"DestinationHostname", "fd.sip.name"},
    {"DestinationIp", "fd.sip"},
    {"DestinationPort", "fd.sport"},
    {"Image", "proc.exepath"},
    {"Initiated", NULL},
    {"ParentCommandLine", "proc.pcmdline"},
    {"ParentImage", "proc.pexepath"},
    {"ParentProcessId", "proc.ppid"},
    {"ProcessId", "proc.pid"},
    {"Protocol", "fd.l4proto"},
    {"SourceIp", "fd.cip"},
    {"SourcePort", "fd.cport"},
    {"TargetFilename", "fd.name"},
    {"User", "user.name"},
};

/* The argument as a number, where it is one and nothing else. */
static void read_index(struct np_syscall_want *want)
{
    uint32_t index = 0;
    for (size_t i = 0; i < want->argument.len; i++) {
        char digit = want->argument.ptr[i];
        if (digit < '0' || digit > '9' || __builtin_mul_overflow(index, 10u, &index) ||
            __builtin_add_overflow(index, (uint32_t) (digit - '0'), &index))
            return;
    }
    want->index = index;
    want->has_index = want->argument.len > 0;
}

/* Whether a field of that name is in the catalogue or an alias; then `*out_want` is what it wants. */
static bool find_want(struct np_span name, struct np_syscall_want *out_want)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(aliases); i++) {
        if (!np_span_is(name, aliases[i].sigma))
            continue;
        name = np_span_of(aliases[i].falco);
        out_want->which = NP_SYSCALL_INITIATED;
        if (name.len == 0)
            return true;
        break;
    }
    const struct np_falco_field *found =
        np_falco_field_find(NP_FALCO_SYSCALL, name, &out_want->argument);
    if (found == NULL)
        return false;
    out_want->which = found->which;
    read_index(out_want);
    return true;
}

int np_syscall_wants_init(struct np_syscall_wants *wants, const struct np_field_set *fields)
{
    size_t count = np_field_count(fields);
    *wants = (struct np_syscall_wants){
        .fields = fields,
        .items = np_alloc_array(count, sizeof(*wants->items)),
    };
    if (wants->items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct np_syscall_want want = {.field = (np_field_id) i};
        if (find_want(np_field_name(fields, want.field), &want))
            wants->items[wants->count++] = want;
    }
    return 0;
}

/* Makes the list of a type. */
static int make_list(struct np_syscall_wants *wants, struct np_syscall_want_list *list,
                     struct np_span name)
{
    const struct np_interest *interest = np_field_set_interest(wants->fields);
    list->items = np_alloc_array(wants->count, sizeof(*list->items));
    if (list->items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < wants->count; i++)
        if (interest == NULL || name.len == 0 ||
            np_interest_has(interest, wants->items[i].field, name))
            list->items[list->count++] = wants->items[i];
    list->is_made = true;
    return 0;
}

/* Makes room for the list of a type. */
static int reserve_list(struct np_syscall_wants *wants, uint16_t type)
{
    if (type < wants->list_count)
        return 0;
    size_t count = (size_t) type + 1;
    struct np_syscall_want_list *lists = np_alloc_array(count, sizeof(*lists));
    if (lists == NULL)
        return -ENOMEM;
    if (wants->list_count > 0)
        memcpy(lists, wants->lists, wants->list_count * sizeof(*lists));
    np_free(wants->lists);
    wants->lists = lists;
    wants->list_count = count;
    return 0;
}

int np_syscall_wants_of(struct np_syscall_wants *wants, uint16_t type, struct np_span name,
                        const struct np_syscall_want_list **out_list)
{
    int r = reserve_list(wants, type);
    if (r == 0 && !wants->lists[type].is_made)
        r = make_list(wants, &wants->lists[type], name);
    if (r == 0)
        *out_list = &wants->lists[type];
    return r;
}

void np_syscall_wants_done(struct np_syscall_wants *wants)
{
    for (size_t i = 0; i < wants->list_count; i++)
        np_free(wants->lists[i].items);
    np_free(wants->lists);
    np_free(wants->items);
    *wants = (struct np_syscall_wants){};
}

size_t np_syscall_begin(struct np_buf *buf, const struct np_syscall_head *head)
{
    size_t start = buf->len;
    struct np_span texts[NP_RECORD_TEXTS] = {head->name, head->user, head->address, head->outcome};
    struct np_record_head out = {
        .start = {.magic = NP_RECORD_MAGIC, .time = head->time},
        .num = head->num,
        .tid = head->tid,
        .type = head->type,
        .category = (uint16_t) head->category,
    };
    for (size_t i = 0; i < NP_RECORD_TEXTS; i++)
        out.text_len[i] = (uint16_t) NP_MIN(texts[i].len, (size_t) UINT16_MAX);
    (void) np_buf_add(buf, &out, sizeof(out));
    for (size_t i = 0; i < NP_RECORD_TEXTS; i++)
        (void) np_buf_add(buf, texts[i].ptr, out.text_len[i]);
    return start;
}

/* The bits of a value that is no text. */
static uint64_t bits_of(const struct np_value *value)
{
    switch (value->kind) {
    case NP_VALUE_BOOL:
        return value->boolean;
    case NP_VALUE_INT:
        return (uint64_t) value->integer;
    case NP_VALUE_UINT:
        return value->uinteger;
    case NP_VALUE_DOUBLE: {
        uint64_t bits = 0;
        memcpy(&bits, &value->real, sizeof(bits));
        return bits;
    }
    default:
        return 0;
    }
}

static void add_one(struct np_buf *buf, np_field_id field, const struct np_value *value)
{
    struct np_record_value out = {
        .field = field,
        .kind = value->kind,
        .flags = value->flags,
        .count = value->kind == NP_VALUE_LIST ? value->count : 0,
        .text_len = (uint32_t) value->text.len,
        .bits = bits_of(value),
    };
    (void) np_buf_add(buf, &out, sizeof(out));
    (void) np_buf_add(buf, value->text.ptr, out.text_len);
}

void np_syscall_add(struct np_buf *buf, np_field_id field, const struct np_value *value)
{
    if (value->kind == NP_VALUE_ABSENT)
        return;
    add_one(buf, field, value);
    for (uint32_t i = 0; value->kind == NP_VALUE_LIST && i < value->count; i++)
        add_one(buf, field, &value->items[i]);
}

int np_syscall_end(struct np_buf *buf, size_t start)
{
    size_t len = buf->len - start;
    if (buf->error == 0 && len > UINT32_MAX)
        buf->error = -E2BIG;
    if (buf->error == 0) {
        uint32_t out = (uint32_t) len;
        memcpy(buf->data + start + offsetof(struct np_record_start, len), &out, sizeof(out));
        return 0;
    }
    int error = buf->error;
    buf->len = start;
    buf->error = 0;
    return error;
}

int np_syscall_add_quiet(struct np_buf *buf, const struct np_syscall_quiet *quiet)
{
    struct np_record_quiet out = {
        .start = {.magic = NP_RECORD_QUIET_MAGIC, .time = quiet->first},
        .count = quiet->count,
        .newest = quiet->newest,
    };
    size_t start = buf->len;
    (void) np_buf_add(buf, &out, sizeof(out));
    return np_syscall_end(buf, start);
}
