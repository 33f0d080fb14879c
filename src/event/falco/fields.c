/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of Falco's fields and looking names up in them. */
#include "event/falco/fields.h"

#include "base/compiler.h"

/* Words of the tables. */
enum { SINGLE, LIST };
enum { OPTIONAL, REQUIRED };
enum { CT = 1 << NP_FALCO_CLOUDTRAIL, K8S = 1 << NP_FALCO_K8S, BOTH = CT | K8S };

#define FIELD(number, field_name, field_type, list, argument_form, required)                       \
    {                                                                                              \
        .name = NP_SPAN(field_name), .type = NP_FALCO_##field_type, .is_list = (list) == LIST,     \
        .argument = NP_FALCO_##argument_form, .is_argument_required = (required) == REQUIRED,      \
        .which = (number),                                                                         \
    }

static const struct np_falco_field syscall_fields[] = {
#define X(identifier, name, type, list, argument, required)                                        \
    FIELD(NP_SYSCALL_##identifier, name, type, list, argument, required),
#include "event/syscall.def"
#undef X
};

static const struct np_falco_field cloud_fields[] = {
#define X(identifier, sources, name, type, list, argument, required, how, path)                    \
    FIELD(NP_FALCO_FIELD_##identifier, name, type, list, argument, required),
#include "event/falco/cloud.def"
#undef X
};

static const uint8_t cloud_sources[] = {
#define X(identifier, sources, name, type, list, argument, required, how, path) (sources),
#include "event/falco/cloud.def"
#undef X
};

static const struct np_span source_names[] = {
    [NP_FALCO_SYSCALL] = NP_SPAN("syscall"),
    [NP_FALCO_CLOUDTRAIL] = NP_SPAN("aws_cloudtrail"),
    [NP_FALCO_K8S] = NP_SPAN("k8s_audit"),
};

struct np_span np_falco_source_name(enum np_falco_source source)
{
    return source_names[source];
}

bool np_falco_source_find(struct np_span name, enum np_falco_source *out_source)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(source_names); i++)
        if (np_span_eq(name, source_names[i])) {
            *out_source = (enum np_falco_source) i;
            return true;
        }
    return false;
}

static const struct np_falco_field *field_named(enum np_falco_source source, struct np_span name)
{
    bool is_syscall = source == NP_FALCO_SYSCALL;
    const struct np_falco_field *fields = is_syscall ? syscall_fields : cloud_fields;
    size_t count = is_syscall ? NP_ARRAY_LEN(syscall_fields) : NP_ARRAY_LEN(cloud_fields);
    for (size_t i = 0; i < count; i++)
        if (np_span_eq(name, fields[i].name) && (is_syscall || cloud_sources[i] >> source & 1))
            return &fields[i];
    return NULL;
}

static bool is_number(struct np_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* Cuts "name[argument]" in two: false where a bracket is open or nothing stands in it. */
static bool cut_bracket(struct np_span *name, struct np_span *argument)
{
    const char *open = memchr(name->ptr, '[', name->len);
    if (open == NULL || name->ptr[name->len - 1] != ']')
        return false;
    size_t len = (size_t) (open - name->ptr);
    *argument = np_span_make(open + 1, name->len - len - 2);
    *name = np_span_head(*name, len);
    return argument->len > 0;
}

/* The field that takes a part of `name` behind one of its dots as argument; the longest name counts. */
static const struct np_falco_field *find_suffixed(enum np_falco_source source, struct np_span name,
                                                  struct np_span *argument)
{
    for (size_t len = name.len - 1; len > 0; len--) {
        if (name.ptr[len] != '.' || len + 1 == name.len)
            continue;
        const struct np_falco_field *field = field_named(source, np_span_head(name, len));
        if (field != NULL && field->argument == NP_FALCO_SUFFIX) {
            *argument = np_span_from(name, len + 1);
            return field;
        }
    }
    return NULL;
}

/* Whether an argument in brackets is what the field takes. */
static bool fits(const struct np_falco_field *field, struct np_span argument)
{
    if (field->argument == NP_FALCO_INDEX)
        return is_number(argument);
    return field->argument != NP_FALCO_NO_ARGUMENT;
}

const struct np_falco_field *np_falco_field_find(enum np_falco_source source, struct np_span name,
                                                 struct np_span *out_argument)
{
    struct np_span argument = {};
    if (name.len == 0)
        return NULL;
    const struct np_falco_field *field = NULL;
    if (memchr(name.ptr, '[', name.len) != NULL) {
        if (cut_bracket(&name, &argument))
            field = field_named(source, name);
        if (field == NULL || !fits(field, argument))
            return NULL;
    } else {
        field = field_named(source, name);
        if (field == NULL)
            field = find_suffixed(source, name, &argument);
        if (field == NULL || (field->is_argument_required && argument.len == 0))
            return NULL;
    }
    *out_argument = argument;
    return field;
}

const struct np_falco_field *np_falco_field_at(enum np_falco_source source, size_t index)
{
    if (source == NP_FALCO_SYSCALL)
        return index < NP_ARRAY_LEN(syscall_fields) ? &syscall_fields[index] : NULL;
    for (size_t i = 0; i < NP_ARRAY_LEN(cloud_fields); i++)
        if ((cloud_sources[i] >> source & 1) != 0 && index-- == 0)
            return &cloud_fields[i];
    return NULL;
}

bool np_syscall_field_is_of_task(uint16_t which)
{
    /* Between these stand durations, which grow, and descriptors. */
    return (which >= NP_SYSCALL_PROC_EXE && which <= NP_SYSCALL_PROC_PGID_EXEPATH) ||
           (which >= NP_SYSCALL_PROC_PID_TS && which <= NP_SYSCALL_THREAD_CAP_EFFECTIVE) ||
           (which >= NP_SYSCALL_USER_UID && which <= NP_SYSCALL_GROUP_NAME);
}

uint8_t np_syscall_field_cost(uint16_t which)
{
    enum { NUMBER = 5, OF_TASK = 15, OF_DESCRIPTOR = 30, WRITTEN = 150, OTHER = 100 };
    if (which == NP_SYSCALL_EVT_TYPE ||
        (which >= NP_SYSCALL_EVT_IS_OPEN_READ && which <= NP_SYSCALL_EVT_IS_OPEN_CREATE) ||
        (which >= NP_SYSCALL_EVT_RES && which <= NP_SYSCALL_EVT_FAILED))
        return NUMBER;
    if (np_syscall_field_is_of_task(which)) /* mostly the answer is known */
        return OF_TASK;
    if (which >= NP_SYSCALL_FD_NUM && which <= NP_SYSCALL_FD_IS_LOWER_LAYER)
        return OF_DESCRIPTOR;
    return which >= NP_SYSCALL_EVT_ARGS && which <= NP_SYSCALL_EVT_INFO ? WRITTEN : OTHER;
}
