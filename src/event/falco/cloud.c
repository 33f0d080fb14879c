/* SPDX-License-Identifier: Apache-2.0 */
/* Where the table says to look for a value, and the parts of which the computed ones are made. */
#include "event/falco/cloud.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "codec/json/token.h"
#include "event/falco/cloud_internal.h"

/* How a value is found; see cloud.def. */
enum how { PATH, JSON, EACH, EACH_ITEM, POINTER, OWN, NOTHING };

static const struct {
    uint8_t how;
    const char *path;
} rows[] = {
#define X(identifier, sources, name, type, list, argument, required, how, path) {how, path},
#include "event/falco/cloud.def"
#undef X
};

enum { LIST_FIRST_CAP = 8, NUMBER_TEXT_BYTES = 24 };

const char *np_falco_cloud_path(const struct np_falco_field *what)
{
    return rows[what->which].how == PATH ? rows[what->which].path : NULL;
}

/* Takes the first step off a place. */
static struct np_span take_step(const char **place)
{
    size_t len = strcspn(*place, "/");
    struct np_span step = np_span_make(*place, len);
    *place += len + ((*place)[len] == '/');
    return step;
}

void np_falco_members_read(struct np_falco_members *members, struct np_span record)
{
    struct np_json_walk walk;
    struct np_span key;
    struct np_span value;
    bool is_open = np_json_walk_begin(&walk, record);
    members->count = 0;
    members->is_cut = false;
    while (is_open && np_json_walk_next(&walk, &key, &value)) {
        members->is_cut = members->count == NP_FALCO_MEMBERS_MAX;
        if (members->is_cut)
            return;
        members->items[members->count].key = key;
        members->items[members->count++].value = value;
    }
}

static bool find_member(const struct np_falco_question *question, struct np_span name,
                        struct np_span *out_value)
{
    const struct np_falco_members *members = question->members;
    for (size_t i = 0; i < members->count; i++)
        if (np_span_eq(members->items[i].key, name)) {
            *out_value = members->items[i].value;
            return true;
        }
    return members->is_cut && np_json_step(question->event->raw, name, out_value);
}

bool np_falco_lookup_below(struct np_span from, const char *place, struct np_span *out_value)
{
    *out_value = from;
    while (*place != '\0')
        if (!np_json_step(*out_value, take_step(&place), out_value))
            return false;
    return true;
}

bool np_falco_lookup(const struct np_falco_question *question, const char *place,
                     struct np_span *out_value)
{
    struct np_span member;
    return find_member(question, take_step(&place), &member) &&
           np_falco_lookup_below(member, place, out_value);
}

struct np_span np_falco_lookup_text(const struct np_falco_question *question, const char *place)
{
    struct np_span value;
    struct np_span text = {};
    if (!np_falco_lookup(question, place, &value) || !np_json_is_text(value) ||
        np_json_value_text(value, question->arena, &text) < 0)
        return (struct np_span){};
    return text;
}

void np_falco_set_text(const struct np_falco_question *question, struct np_span text)
{
    *question->value = (struct np_value){.kind = NP_VALUE_TEXT, .text = text};
}

int np_falco_set_copy(const struct np_falco_question *question, struct np_span text)
{
    if (np_arena_keep(question->arena, &text) < 0)
        return -ENOMEM;
    np_falco_set_text(question, text);
    return 0;
}

int np_falco_set_number(const struct np_falco_question *question, uint64_t number)
{
    char text[NUMBER_TEXT_BYTES];
    int len = snprintf(text, sizeof(text), "%" PRIu64, number);
    int r = np_falco_set_copy(question, np_span_make(text, (size_t) len));
    if (r < 0)
        return r;
    question->value->kind = number > INT64_MAX ? NP_VALUE_UINT : NP_VALUE_INT;
    question->value->uinteger = number;
    return 0;
}

void np_falco_set_flag(const struct np_falco_question *question, bool flag)
{
    np_falco_set_text(question, flag ? NP_SPAN("true") : NP_SPAN("false"));
}

int np_falco_set_json(const struct np_falco_question *question, struct np_span value)
{
    struct np_span text;
    int r = np_json_value_text(value, question->arena, &text);
    if (r == 0)
        np_falco_set_text(question, text);
    return r == -ENOMEM ? r : 0; /* what is malformed is not there */
}

int np_falco_list_add(struct np_falco_list *list, struct np_span text)
{
    if (list->count == list->cap) {
        uint32_t cap = list->cap == 0 ? LIST_FIRST_CAP : 2 * list->cap;
        struct np_value *items =
            np_arena_alloc(list->question->arena, (size_t) cap * sizeof(*items));
        if (items == NULL)
            return -ENOMEM;
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof(*items));
        list->items = items;
        list->cap = cap;
    }
    list->items[list->count++] = (struct np_value){.kind = NP_VALUE_TEXT, .text = text};
    return 0;
}

int np_falco_list_add_json(struct np_falco_list *list, struct np_span value)
{
    struct np_span text;
    int r = np_json_value_text(value, list->question->arena, &text);
    if (r == -EINVAL)
        return 0; /* as above */
    return r < 0 ? r : np_falco_list_add(list, text);
}

void np_falco_list_set(const struct np_falco_list *list)
{
    if (list->count > 0)
        *list->question->value =
            (struct np_value){.kind = NP_VALUE_LIST, .count = list->count, .items = list->items};
}

static int each(struct np_falco_list *list, struct np_span value, const char *place,
                np_falco_each_fn *fn);

/* The rest of the way below an array: as deep as places have steps. */
static int each_element(struct np_falco_list *list, struct np_span array, const char *place,
                        np_falco_each_fn *fn)
{
    struct np_json_walk walk;
    struct np_span key;
    struct np_span element;
    if (list->question->what->argument == NP_FALCO_INDEX && list->question->argument.len > 0)
        return np_json_step(array, list->question->argument, &element)
                   ? each(list, element, place, fn)
                   : 0;
    int r = 0;
    bool is_open = np_json_walk_begin(&walk, array);
    while (r == 0 && is_open && np_json_walk_next(&walk, &key, &element))
        r = each(list, element, place, fn);
    return r;
}

static int each(struct np_falco_list *list, struct np_span value, const char *place,
                np_falco_each_fn *fn)
{
    while (*place != '\0') {
        if (np_json_is_array(value))
            return each_element(list, value, place, fn);
        struct np_span step = take_step(&place);
        if (!np_span_is(step, ".") && !np_json_step(value, step, &value))
            return fn(list, (struct np_span){}, false);
    }
    return fn(list, value, true);
}

int np_falco_each(struct np_falco_list *list, const char *place, np_falco_each_fn *fn)
{
    struct np_span member;
    return find_member(list->question, take_step(&place), &member) ? each(list, member, place, fn)
                                                                   : 0;
}

static int add_value(struct np_falco_list *list, struct np_span value, bool is_there)
{
    return is_there ? np_falco_list_add_json(list, value) : 0;
}

static int add_elements(struct np_falco_list *list, struct np_span value, bool is_there)
{
    struct np_json_walk walk;
    struct np_span key;
    struct np_span element;
    int r = 0;
    if (!is_there || !np_json_is_array(value) || !np_json_walk_begin(&walk, value))
        return 0;
    while (r == 0 && np_json_walk_next(&walk, &key, &element))
        r = np_falco_list_add_json(list, element);
    return r;
}

int np_falco_list_value(const struct np_falco_question *question, const char *place,
                        np_falco_each_fn *fn)
{
    struct np_falco_list list = {.question = question};
    int r = np_falco_each(&list, place, fn);
    if (r == 0)
        np_falco_list_set(&list);
    return r;
}

/* Undoes "~1" and "~0" of a step of a JSON pointer into `out`, which is long enough. */
static struct np_span pointer_step(struct np_span step, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < step.len; i++) {
        bool is_escape = step.ptr[i] == '~' && i + 1 < step.len &&
                         (step.ptr[i + 1] == '0' || step.ptr[i + 1] == '1');
        out[len++] = !is_escape ? step.ptr[i] : step.ptr[++i] == '0' ? '~' : '/';
    }
    return np_span_make(out, len);
}

/* The value that a JSON pointer names; the slash at its start may be missing. */
static bool follow_pointer(const struct np_falco_question *question, struct np_span *out_value)
{
    char text[NP_FIELD_NAME_MAX_BYTES];
    struct np_span pointer = question->argument;
    bool is_found = true;
    bool is_last = false;
    if (np_span_starts(pointer, NP_SPAN("/")))
        pointer = np_span_from(pointer, 1);
    if (pointer.len > sizeof(text))
        return false;
    for (bool is_first = true; is_found && !is_last; is_first = false) {
        const char *slash = pointer.len > 0 ? memchr(pointer.ptr, '/', pointer.len) : NULL;
        is_last = slash == NULL;
        size_t len = is_last ? pointer.len : (size_t) (slash - pointer.ptr);
        struct np_span step = pointer_step(np_span_head(pointer, len), text);
        is_found = is_first ? find_member(question, step, out_value)
                            : np_json_step(*out_value, step, out_value);
        pointer = np_span_from(pointer, len + 1);
    }
    return is_found;
}

static int own_value(const struct np_falco_question *question, const char *place)
{
    if (question->what->which < NP_FALCO_FIELD_CT_ID)
        return np_falco_general_value(question);
    return question->source == NP_FALCO_CLOUDTRAIL ? np_falco_aws_value(question)
                                                   : np_falco_k8s_value(question, place);
}

int np_falco_cloud_value(struct np_event *event, const struct np_falco_members *members,
                         const struct np_falco_wanted *wanted, struct np_arena *arena,
                         struct np_value *out_value)
{
    const struct np_falco_question question = {
        .event = event,
        .members = members,
        .source = event->kind == NP_EVENT_CLOUDTRAIL ? NP_FALCO_CLOUDTRAIL : NP_FALCO_K8S,
        .what = wanted->what,
        .argument = wanted->argument,
        .arena = arena,
        .value = out_value,
    };
    const char *place = rows[wanted->what->which].path;
    struct np_span value;
    *out_value = (struct np_value){};
    switch (rows[wanted->what->which].how) {
    case JSON:
        return np_falco_lookup(&question, place, &value) ? np_falco_set_json(&question, value) : 0;
    case POINTER:
        return follow_pointer(&question, &value) ? np_falco_set_json(&question, value) : 0;
    case EACH_ITEM:
        return np_falco_list_value(&question, place, add_elements);
    case EACH:
        return np_falco_list_value(&question, place, add_value);
    case OWN:
        return own_value(&question, place);
    default:
        return 0;
    }
}
