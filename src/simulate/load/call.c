/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls/SERVICE.yml. The parameters of a call are the names that its texts have, so they are known when all of these
 * are compiled. Defaults come first, and get the lower numbers: each names only parameters before its own.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "simulate/load/read.h"
#include "simulate/value.h"

struct call_source {
    const struct np_load_file *file;
    struct np_span service;
    struct np_call *call;
    const struct np_yaml_node *node;
    struct np_text_scope scope;
    struct np_parameter_names parameters;
    struct np_text *defaults; /* by pair of the mapping */
    uint16_t *default_of;     /* the parameter of each */
    size_t default_count;
};

/* The value of a key, of the call or else of its file; NULL where it is not there, or `none`. */
static const struct np_yaml_node *inherited(const struct call_source *source, const char *key)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, key);
    if (node == NULL)
        node = np_yaml_get(source->file->root, key);
    if (node != NULL && node->kind == NP_YAML_SCALAR && np_span_is(node->text, "none"))
        return NULL;
    return node;
}

/* ---- parameters */

static int find_or_add(struct call_source *source, struct np_span name, uint16_t *out_index)
{
    size_t count = source->parameters.names.len;
    for (size_t i = 0; i < count; i++) {
        if (np_span_eq(source->parameters.names.items[i].name, name)) {
            *out_index = (uint16_t) i;
            return 0;
        }
    }
    struct np_parameter_name parameter = {name, false};
    if (np_arena_keep(source->scope.arena, &parameter.name) < 0)
        return -ENOMEM;
    *out_index = (uint16_t) count;
    return np_vec_push(&source->parameters.names, parameter, NP_SCENARIO_MAX_NAMES);
}

/* A default that names a parameter behind its own, or itself. */
static void check_order(const struct call_source *source, const struct np_yaml_node *key,
                        const struct np_text *text, uint16_t own)
{
    for (size_t i = 0; i < text->count; i++) {
        const struct np_segment *segment = &text->segments[i];
        if (segment->hole != NP_HOLE_PARAMETER || segment->a < own)
            continue;
        struct np_span other = source->parameters.names.items[segment->a].name;
        np_diag_add(source->file->loader->diags, np_load_problem(source->file, key, "bad-default"),
                    "the default of '%.*s' names '%.*s', whose default must stand before it",
                    NP_SPAN_ARGS(key->text), NP_SPAN_ARGS(other));
        return;
    }
}

static int read_default(struct call_source *source, const struct np_yaml_node *node, size_t pair)
{
    const struct np_yaml_node *key = np_yaml_key(node, pair);
    struct np_text *text = &source->defaults[pair];
    if (!np_value_is_name(key->text) || np_text_is_hole_word(key->text)) {
        np_load_bad_value(source->file, key,
                          "a name of letters, digits, '_' and '-' that no hole has");
        return 0;
    }
    int r = np_text_compile_value(text, &source->scope, np_yaml_value(node, pair));
    if (r == 0)
        r = find_or_add(source, key->text, &source->default_of[pair]);
    if (r == 0)
        check_order(source, key, text, source->default_of[pair]);
    return r == -E2BIG ? 0 : r; /* too many names: told by the first text that is over */
}

static int read_defaults(struct call_source *source, const struct np_yaml_node *node)
{
    if (!np_load_is(source->file, node, NP_YAML_MAPPING))
        return 0;
    if (node->count > NP_SCENARIO_MAX_NAMES) {
        np_diag_add(source->file->loader->diags, np_load_problem(source->file, node, "limit"),
                    "more than %d parameters", NP_SCENARIO_MAX_NAMES);
        return 0;
    }
    source->defaults = np_load_array(source->file, node->count, sizeof(*source->defaults));
    source->default_of = np_load_array(source->file, node->count, sizeof(*source->default_of));
    if (source->defaults == NULL || source->default_of == NULL)
        return -ENOMEM;
    source->default_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        int r = read_default(source, node, i);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Gives the call its parameters, now that all are known. */
static int keep_parameters(struct call_source *source)
{
    size_t count = source->parameters.names.len;
    struct np_parameter_name *names = np_load_array(source->file, count, sizeof(*names));
    struct np_text *defaults = np_load_array(source->file, count, sizeof(*defaults));
    if (names == NULL || defaults == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        names[i] = source->parameters.names.items[i];
    for (size_t i = 0; i < source->default_count; i++)
        if (source->default_of[i] < count && source->defaults[i].count > 0)
            defaults[source->default_of[i]] = source->defaults[i];
    source->call->parameters = names;
    source->call->defaults = defaults;
    source->call->parameter_count = count;
    return 0;
}

/* ---- texts */

static int read_body(struct call_source *source, struct np_text *text,
                     const struct np_yaml_node *node, enum np_yaml_kind kind)
{
    return np_load_is(source->file, node, kind) ? np_text_compile_json(text, &source->scope, node)
                                                : 0;
}

static int read_text(struct call_source *source, struct np_text *text,
                     const struct np_yaml_node *node)
{
    return node != NULL ? np_text_compile(text, &source->scope, node) : 0;
}

static int read_texts(struct call_source *source)
{
    struct np_call *call = source->call;
    const struct np_yaml_node *node = source->node;
    int r = read_defaults(source, np_yaml_get(node, "defaults"));
    if (r == 0)
        r = read_text(source, &call->host, inherited(source, "host"));
    if (r == 0)
        r = read_body(source, &call->request, np_yaml_get(node, "request"), NP_YAML_MAPPING);
    if (r == 0)
        r = read_body(source, &call->response, np_yaml_get(node, "response"), NP_YAML_MAPPING);
    if (r == 0)
        r = read_body(source, &call->resources, inherited(source, "resources"), NP_YAML_SEQUENCE);
    if (r == 0)
        r = read_body(source, &call->extra, inherited(source, "extra"), NP_YAML_MAPPING);
    if (r == 0)
        r = read_body(source, &call->details, np_yaml_get(node, "details"), NP_YAML_MAPPING);
    if (r == 0)
        r = read_text(source, &call->target, inherited(source, "target"));
    return r < 0 ? r : keep_parameters(source);
}

/* ---- names and flags */

/* The name of an operation without the date of its API: GetFunction20150331v2, CreateDistribution2020_05_31. */
static struct np_span without_date(struct np_span name)
{
    size_t len = name.len;
    while (len > 0 && strchr("0123456789_v", name.ptr[len - 1]) != NULL)
        len--;
    while (len < name.len && (name.ptr[len] == 'v' || name.ptr[len] == '_'))
        len++; /* of the name itself */
    return name.len - len >= 8 ? np_span_head(name, len) : name;
}

static bool is_read(struct np_span name)
{
    static const char *const verbs[] = {"Get",    "List",     "Describe", "Head",
                                        "Lookup", "BatchGet", "Search"};
    for (size_t i = 0; i < NP_ARRAY_LEN(verbs); i++)
        if (np_span_starts(name, np_span_of(verbs[i])))
            return true;
    return false;
}

static int make_action(const struct call_source *source)
{
    struct np_span name = without_date(source->call->name);
    char text[256];
    int len = snprintf(text, sizeof(text), "%.*s:%.*s", NP_SPAN_ARGS(source->service),
                       NP_SPAN_ARGS(name));
    source->call->action = np_span_make(text, NP_MIN((size_t) len, sizeof(text) - 1));
    return np_arena_keep(source->scope.arena, &source->call->action);
}

static int read_names(const struct call_source *source)
{
    const struct np_load_file *file = source->file;
    struct np_call *call = source->call;
    call->denied = NP_SPAN("AccessDenied");
    call->version = NP_SPAN("1.08");
    call->type = NP_SPAN("AwsApiCall");
    int r = make_action(source);
    if (r == 0)
        r = np_load_text(file, np_yaml_get(file->root, "source"), &call->source);
    if (r == 0)
        r = np_load_text(file, np_yaml_get(file->root, "region"), &call->global_region);
    if (r == 0)
        r = np_load_text(file, np_yaml_get(file->root, "version"), &call->version);
    if (r == 0)
        r = np_load_text(file, np_yaml_get(file->root, "api"), &call->api);
    if (r == 0)
        r = np_load_text(file, np_yaml_get(file->root, "denied"), &call->denied);
    if (r == 0)
        r = np_load_text(file, np_yaml_get(source->node, "action"), &call->action);
    return r < 0 ? r : np_load_text(file, np_yaml_get(source->node, "type"), &call->type);
}

static void read_flags(const struct call_source *source)
{
    const struct np_load_file *file = source->file;
    struct np_call *call = source->call;
    const struct np_yaml_node *refused = np_yaml_get(source->node, "refused_request");
    if (refused == NULL)
        refused = np_yaml_get(file->root, "refused_request");
    if (refused != NULL) {
        call->refused_without_request = true;
        if (refused->kind != NP_YAML_SCALAR || !np_span_is(refused->text, "none"))
            np_load_bad_value(file, refused, "'none'");
    }
    call->read_only = is_read(call->name);
    np_load_bool(file, np_yaml_get(source->node, "read"), &call->read_only);
    np_load_bool(file, np_yaml_get(source->node, "data"), &call->data);
    np_load_bool(file, inherited(source, "encoded"), &call->encoded);
}

/* ---- files */

static int add_call(struct np_loader *loader, struct np_span service, struct np_call call)
{
    char text[256];
    int len =
        snprintf(text, sizeof(text), "%.*s %.*s", NP_SPAN_ARGS(service), NP_SPAN_ARGS(call.name));
    struct np_span word = {text, NP_MIN((size_t) len, sizeof(text) - 1)};
    int r = np_vec_push(&loader->calls, call, NP_LOAD_MAX_CALLS);
    if (r == 0)
        r = np_map_put(&loader->call_ids, word, (uint32_t) loader->calls.len - 1);
    if (r == 0 && np_arena_keep(&loader->trees, &word) < 0)
        r = -ENOMEM;
    return r < 0 ? r : np_vec_push(&loader->call_words, word.ptr, NP_LOAD_MAX_CALLS);
}

static int read_call(const struct np_load_file *file, const struct np_yaml_node *key,
                     const struct np_yaml_node *node)
{
    static const char *const keys[] = {
        "action", "read", "data",   "defaults", "request", "response",        "resources",
        "extra",  "host", "target", "type",     "details", "refused_request", "encoded"};
    struct np_call call = {.name = key->text};
    struct call_source source = {.file = file, .call = &call, .node = node};
    source.service = np_load_stem(file->path);
    source.scope = (struct np_text_scope){
        .file = file->path,
        .where = NP_TEXT_CALL,
        .parameters = &source.parameters,
        .arena = &file->loader->set->arena,
        .diags = file->loader->diags,
    };
    if (!np_value_is_name(key->text))
        np_load_bad_value(file, key, "the name of an API call");
    if (node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_NULL)
        source.node = NULL;
    else if (np_load_is(file, node, NP_YAML_MAPPING))
        np_load_check_keys(file, node, keys, NP_ARRAY_LEN(keys));
    int r = np_arena_keep(source.scope.arena, &call.name);
    if (r == 0)
        r = read_names(&source);
    if (r == 0)
        r = read_texts(&source);
    read_flags(&source);
    np_vec_done(&source.parameters.names);
    return r < 0 ? r : add_call(file->loader, source.service, call);
}

int np_load_calls(const struct np_load_file *file)
{
    static const char *const keys[] = {"source",  "host",   "region",    "version",
                                       "api",     "denied", "calls",     "target",
                                       "encoded", "extra",  "resources", "refused_request"};
    if (!np_load_is(file, file->root, NP_YAML_MAPPING))
        return 0;
    np_load_check_keys(file, file->root, keys, NP_ARRAY_LEN(keys));
    (void) np_load_need(file, file->root, "source"); /* told; read for each call */
    const struct np_yaml_node *calls = np_load_need(file, file->root, "calls");
    if (!np_load_is(file, calls, NP_YAML_MAPPING))
        return 0;
    for (size_t i = 0; i < calls->count; i++) {
        int r = read_call(file, np_yaml_key(calls, i), np_yaml_value(calls, i));
        if (r < 0)
            return r;
    }
    return 0;
}
