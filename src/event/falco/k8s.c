/* SPDX-License-Identifier: Apache-2.0 */
/* Computed fields of Falco's source "k8s_audit"; see the README of its plugin "k8saudit". */
#include <errno.h>

#include "event/falco/cloud_internal.h"

/* The digit that a character is in hexadecimal; -1 where it is none. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes a part of a query (RFC 3986, with "+" for a blank) in place: false where an escape is malformed. */
static bool decode_query(char *text, size_t *len)
{
    size_t out = 0;
    for (size_t in = 0; in < *len; in++) {
        if (text[in] != '%') {
            text[out++] = (char) (text[in] == '+' ? ' ' : text[in]);
            continue;
        }
        int high = *len - in > 2 ? hex_digit(text[in + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[in + 2]) : -1;
        if (low < 0)
            return false;
        text[out++] = (char) (high << 4 | low);
        in += 2;
    }
    *len = out;
    return true;
}

/* Takes the text up to `end`, or all, off `rest`. */
static struct np_span take_until(struct np_span *rest, char end)
{
    const char *found = rest->len > 0 ? memchr(rest->ptr, end, rest->len) : NULL;
    size_t len = found == NULL ? rest->len : (size_t) (found - rest->ptr);
    struct np_span part = np_span_head(*rest, len);
    *rest = np_span_from(*rest, len + 1);
    return part;
}

/* The first value of a parameter of the request's URI. */
static int uri_parameter(const struct np_falco_question *question)
{
    struct np_span uri = np_falco_lookup_text(question, "requestURI");
    struct np_span path = take_until(&uri, '#');
    (void) take_until(&path, '?');
    char *copy = np_arena_alloc(question->arena, path.len + 1);
    if (copy == NULL)
        return -ENOMEM;
    while (path.len > 0) {
        struct np_span value = take_until(&path, '&');
        struct np_span name = take_until(&value, '=');
        size_t name_len = name.len;
        size_t value_len = value.len;
        char *value_copy = mempcpy(copy, name.ptr, name.len);
        if (!decode_query(copy, &name_len) ||
            !np_span_eq(np_span_make(copy, name_len), question->argument))
            continue;
        if (value.len > 0)
            memcpy(value_copy, value.ptr, value.len);
        if (decode_query(value_copy, &value_len))
            np_falco_set_text(question, np_span_make(value_copy, value_len));
        return 0;
    }
    return 0;
}

/* The pod that was acted on: the object where it is one, or belongs to one. */
static int pod_name(const struct np_falco_question *question)
{
    struct np_span name = np_event_text(question->event, NP_FIELD_OBJECT_NAME);
    if (name.len > 0 &&
        np_span_is(np_event_text(question->event, NP_FIELD_OBJECT_RESOURCE), "pods"))
        np_falco_set_text(question, name);
    return 0;
}

/* A member of a subject as text; empty where it is not there. */
static struct np_span member_text(const struct np_falco_question *question, struct np_span object,
                                  const char *name)
{
    struct np_span value;
    struct np_span text = {};
    if (!np_falco_lookup_below(object, name, &value) ||
        np_json_value_text(value, question->arena, &text) < 0)
        return (struct np_span){};
    return text;
}

/* Adds "NAMESPACE:NAME". */
static int add_qualified(struct np_falco_list *list, struct np_span space, struct np_span name)
{
    char *text = np_arena_alloc(list->question->arena, space.len + 1 + name.len);
    if (text == NULL)
        return -ENOMEM;
    char *at = space.len > 0 ? mempcpy(text, space.ptr, space.len) : text;
    *at++ = ':';
    memcpy(at, name.ptr, name.len);
    return np_falco_list_add(list, np_span_make(text, space.len + 1 + name.len));
}

/* Adds the name of a subject of the kind that the field is about. */
static int add_subject(struct np_falco_list *list, struct np_span subject, const char *kind)
{
    const struct np_falco_question *question = list->question;
    struct np_span name = member_text(question, subject, "name");
    if (name.len == 0 || !np_span_is(member_text(question, subject, "kind"), kind))
        return 0;
    if (question->what->which != NP_FALCO_FIELD_KA_REQ_BINDING_SUBJECTS_SERVICEACCOUNT_NS_NAMES)
        return np_falco_list_add(list, name);
    return add_qualified(list, member_text(question, subject, "namespace"), name);
}

static int subjects(const struct np_falco_question *question, const char *kind)
{
    struct np_falco_list list = {.question = question};
    struct np_json_walk walk;
    struct np_span value;
    struct np_span key;
    int r = 0;
    if (!np_falco_lookup(question, "requestObject/subjects", &value) ||
        !np_json_walk_begin(&walk, value))
        return 0;
    while (r == 0 && np_json_walk_next(&walk, &key, &value))
        r = add_subject(&list, value, kind);
    np_falco_list_set(&list);
    return r;
}

/* An image without tag and digest. */
static struct np_span repository(struct np_span image)
{
    size_t len = 0;
    while (len < image.len && image.ptr[len] != ':' && image.ptr[len] != '@')
        len++;
    return np_span_head(image, len);
}

static int add_repository(struct np_falco_list *list, struct np_span value, bool is_there)
{
    struct np_span image = {};
    if (!is_there || np_json_value_text(value, list->question->arena, &image) < 0)
        return 0;
    return np_falco_list_add(list, repository(image));
}

/* Adds the user or group that a container runs as: its own, else its pod's, else 0. */
static int add_effective(struct np_falco_list *list, struct np_span value, bool is_there)
{
    struct np_span name = list->question->what->name;
    const char *place = np_span_ends(name, NP_SPAN("user"))
                            ? "requestObject/spec/securityContext/runAsUser"
                            : "requestObject/spec/securityContext/runAsGroup";
    if (is_there || np_falco_lookup(list->question, place, &value))
        return np_falco_list_add_json(list, value);
    return np_falco_list_add(list, NP_SPAN("0"));
}

/* Adds the ports that a container's ports open on the host. */
static int add_ports(struct np_falco_list *list, struct np_span ports, bool is_there)
{
    struct np_json_walk walk;
    struct np_span key;
    struct np_span port;
    struct np_span value;
    int r = 0;
    if (!is_there || !np_json_walk_begin(&walk, ports))
        return 0;
    while (r == 0 && np_json_walk_next(&walk, &key, &port))
        if (np_falco_lookup_below(port, "hostPort", &value) ||
            np_falco_lookup_below(port, "containerPort",
                                  &value)) /* the same with the host's network */
            r = np_falco_list_add_json(list, value);
    return r;
}

/* Adds what a volume is made of: each of its members but the name. */
static int add_volume_type(struct np_falco_list *list, struct np_span volume, bool is_there)
{
    struct np_json_walk walk;
    struct np_span key;
    struct np_span value;
    int r = 0;
    if (!is_there || !np_json_walk_begin(&walk, volume) || !walk.is_object)
        return 0;
    while (r == 0 && np_json_walk_next(&walk, &key, &value))
        if (!np_span_is(key, "name"))
            r = np_falco_list_add(list, key);
    return r;
}

static int add_there(struct np_falco_list *list, struct np_span value, bool is_there)
{
    return is_there ? np_falco_list_add_json(list, value) : 0;
}

/* A list of what is in effect, only where the request has containers at all. */
static int list_of_effective(const struct np_falco_question *question, const char *place)
{
    char containers[64];
    const char *end = strstr(place, "/securityContext");
    size_t len = end != NULL ? (size_t) (end - place) : 0;
    struct np_span value;
    if (len >= sizeof(containers))
        return 0;
    memcpy(containers, place, len);
    containers[len] = '\0';
    if (!np_falco_lookup(question, containers, &value) || !np_json_is_array(value))
        return 0;
    return np_falco_list_value(question, place, add_effective);
}

/* Whether one of the values at a place is `wanted`, or begins with it where that ends with a star; nothing without the object. */
static int any_of(const struct np_falco_question *question, const char *place,
                  struct np_span wanted)
{
    struct np_falco_list list = {.question = question};
    bool is_prefix = np_span_ends(wanted, NP_SPAN("*"));
    struct np_span head = np_span_head(wanted, wanted.len - is_prefix);
    struct np_span object;
    bool is_found = false;
    int r = np_falco_each(&list, place, add_there);
    for (uint32_t i = 0; i < list.count && !is_found; i++)
        is_found = is_prefix ? np_span_starts(list.items[i].text, head)
                             : np_span_eq(list.items[i].text, wanted);
    if (r == 0 && np_falco_lookup(question, "requestObject/spec", &object))
        np_falco_set_flag(question, is_found);
    return r;
}

static int first_repository(const struct np_falco_question *question, const char *place)
{
    struct np_span image = np_falco_lookup_text(question, place);
    if (image.len > 0)
        np_falco_set_text(question, repository(image));
    return 0;
}

int np_falco_k8s_value(const struct np_falco_question *question, const char *place)
{
    switch (question->what->which) {
    case NP_FALCO_FIELD_KA_URI_PARAM:
        return uri_parameter(question);
    case NP_FALCO_FIELD_KA_TARGET_POD_NAME:
        return pod_name(question);
    case NP_FALCO_FIELD_KA_REQ_BINDING_SUBJECTS_USER_NAMES:
        return subjects(question, "User");
    case NP_FALCO_FIELD_KA_REQ_BINDING_SUBJECTS_SERVICEACCOUNT_NAMES:
    case NP_FALCO_FIELD_KA_REQ_BINDING_SUBJECTS_SERVICEACCOUNT_NS_NAMES:
        return subjects(question, "ServiceAccount");
    case NP_FALCO_FIELD_KA_REQ_BINDING_SUBJECTS_GROUP_NAMES:
        return subjects(question, "Group");
    case NP_FALCO_FIELD_KA_REQ_BINDING_SUBJECT_HAS_NAME:
        np_falco_set_text(question, NP_SPAN("N/A"));
        return 0;
    case NP_FALCO_FIELD_KA_REQ_CONTAINER_IMAGE_REPOSITORY:
        return first_repository(question, place);
    case NP_FALCO_FIELD_KA_REQ_POD_CONTAINERS_IMAGE_REPOSITORY:
    case NP_FALCO_FIELD_KA_REQ_POD_INITCONTAINERS_IMAGE_REPOSITORY:
    case NP_FALCO_FIELD_KA_REQ_POD_EPHEMERALCONTAINERS_IMAGE_REPOSITORY:
        return np_falco_list_value(question, place, add_repository);
    case NP_FALCO_FIELD_KA_REQ_POD_CONTAINERS_HOST_PORT:
    case NP_FALCO_FIELD_KA_REQ_POD_INITCONTAINERS_HOST_PORT:
        return np_falco_list_value(question, place, add_ports);
    case NP_FALCO_FIELD_KA_REQ_POD_VOLUMES_VOLUME_TYPE:
        return np_falco_list_value(question, place, add_volume_type);
    case NP_FALCO_FIELD_KA_REQ_CONTAINER_PRIVILEGED:
        return any_of(question, place, NP_SPAN("true"));
    case NP_FALCO_FIELD_KA_REQ_VOLUME_HOSTPATH:
        return any_of(question, place, question->argument);
    default:
        return list_of_effective(question, place);
    }
}
