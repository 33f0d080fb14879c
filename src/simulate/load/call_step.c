/* SPDX-License-Identifier: Apache-2.0 */
/* A step that is a call: who calls what, from where, with which parameters. */
#include "base/compiler.h"
#include "simulate/load/entry.h"
#include "simulate/load/read.h"
#include "simulate/value.h"

struct step_source {
    const struct np_load_file *file;
    const struct np_scenario *scenario;
    const struct np_yaml_node *node;
    struct np_step *step;
    struct np_text_scope scope;
};

/* ---- names */

static int32_t find_member(const struct step_source *source, const struct np_yaml_node *node)
{
    const struct np_scenario *scenario = source->scenario;
    return np_load_find_member(source->file, scenario->cast, scenario->cast_count, node,
                               "member of the cast");
}

static void find_call(const struct step_source *source)
{
    struct np_loader *loader = source->file->loader;
    const struct np_yaml_node *node = np_load_need(source->file, source->node, "call");
    const char *near = NULL;
    if (!np_load_is(source->file, node, NP_YAML_SCALAR))
        return;
    uint32_t id = np_map_get(&loader->call_ids, node->text);
    if (id != NP_MAP_NONE) {
        source->step->call = &loader->set->calls[id];
        return;
    }
    for (size_t i = 0; i < loader->call_words.len; i++)
        near = np_value_nearer(node->text, near, loader->call_words.items[i]);
    np_load_refuse_name(source->file, node, near, "call"); /* told, and left without one */
}

/* ---- who, and from where */

static void read_caller(const struct step_source *source)
{
    const struct np_yaml_node *node = np_load_need(source->file, source->node, "by");
    struct np_step *step = source->step;
    step->by = find_member(source, node);
    if (step->by < 0)
        return;
    const struct np_entry_kind *kind = np_entry_kind(source->scenario->cast[step->by].entry.is);
    struct np_diag diag = np_load_problem(source->file, node, "bad-value");
    diag.hint = kind->silent;
    if (kind->silent != NULL)
        np_diag_add(source->file->loader->diags, diag, "'%.*s' is a %s and cannot call",
                    NP_SPAN_ARGS(node->text), kind->name);
}

/* Whether the caller is a service, or one that a service calls for. */
static bool is_without_place(const struct step_source *source)
{
    const struct np_step *step = source->step;
    if (step->by < 0 || step->via.len > 0)
        return true;
    const struct np_cast_member *caller = &source->scenario->cast[step->by];
    const struct np_entry *entry = np_cast_member_entry(caller);
    return entry->is == NP_IS_SERVICE || (caller->pool == NULL && entry->texts != NULL &&
                                          entry->texts[NP_ATTRIBUTE_INVOKED].count > 0);
}

static void read_place(const struct step_source *source)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, "from");
    struct np_step *step = source->step;
    step->from = find_member(source, node);
    if (node == NULL && !is_without_place(source))
        np_diag_add(source->file->loader->diags,
                    np_load_problem(source->file, source->node, "missing-key"),
                    "'from' is missing: only services call from nowhere");
    if (step->from >= 0 && source->scenario->cast[step->from].entry.is != NP_IS_PLACE)
        np_load_bad_value(source->file, node, "a place");
}

static void read_copied(const struct step_source *source)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, "copied");
    int32_t member = find_member(source, node);
    source->step->copied = member;
    if (member >= 0 && source->scenario->cast[member].entry.is == NP_IS_PLACE)
        np_load_bad_value(source->file, node, "a member that belongs to an account");
}

/* ---- parameters */

static int32_t find_parameter(const struct step_source *source, const struct np_yaml_node *key)
{
    const struct np_call *call = source->step->call;
    const char *near = NULL;
    for (size_t i = 0; i < call->parameter_count; i++)
        if (np_span_eq(call->parameters[i].name, key->text))
            return (int32_t) i;
    for (size_t i = 0; i < call->parameter_count; i++)
        near = np_value_nearer(key->text, near, call->parameters[i].name.ptr);
    struct np_diag diag = np_load_problem(source->file, key, "unknown-name");
    diag.hint = near;
    np_diag_add(source->file->loader->diags, diag, "the call '%.*s' names no parameter '%.*s'",
                NP_SPAN_ARGS(call->name), NP_SPAN_ARGS(key->text));
    return -1;
}

static int read_with(const struct step_source *source, const struct np_text **given)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, "with");
    if (!np_load_is(source->file, node, NP_YAML_MAPPING))
        return 0;
    struct np_text *texts = np_load_array(source->file, node->count, sizeof(*texts));
    if (texts == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count; i++) {
        int32_t parameter = find_parameter(source, np_yaml_key(node, i));
        int r = np_text_compile_value(&texts[i], &source->scope, np_yaml_value(node, i));
        if (r < 0)
            return r;
        if (parameter >= 0)
            given[parameter] = &texts[i];
    }
    return 0;
}

static int read_each(const struct step_source *source, const struct np_text **given)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, "each");
    if (!np_load_is(source->file, node, NP_YAML_MAPPING))
        return 0;
    const struct np_yaml_node *list = node->count == 1 ? np_yaml_value(node, 0) : NULL;
    if (list == NULL || list->kind != NP_YAML_SEQUENCE || list->count == 0) {
        np_load_bad_value(source->file, node, "one parameter and the list of its values");
        return 0;
    }
    struct np_text *values = np_load_array(source->file, list->count, sizeof(*values));
    if (values == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < list->count; i++)
        if (np_text_compile_value(&values[i], &source->scope, list->items[i]) < 0)
            return -ENOMEM;
    source->step->each = find_parameter(source, np_yaml_key(node, 0));
    source->step->each_values = values;
    source->step->each_count = list->count;
    if (source->step->each >= 0)
        given[source->step->each] = &values[0];
    return 0;
}

/* The call's defaults, for what the step does not give; what has neither, but is named, is told. */
static void add_defaults(const struct step_source *source, const struct np_text **given)
{
    const struct np_call *call = source->step->call;
    for (size_t i = 0; i < call->parameter_count; i++) {
        if (given[i] == NULL && call->defaults[i].count > 0)
            given[i] = &call->defaults[i];
        if (given[i] == NULL && call->parameters[i].needed)
            np_diag_add(source->file->loader->diags,
                        np_load_problem(source->file, source->node, "missing-parameter"),
                        "the call '%.*s' needs the parameter '%.*s'", NP_SPAN_ARGS(call->name),
                        NP_SPAN_ARGS(call->parameters[i].name));
    }
}

static int read_parameters(const struct step_source *source)
{
    const struct np_call *call = source->step->call;
    if (call == NULL)
        return 0;
    const struct np_text **given =
        np_load_array(source->file, call->parameter_count, sizeof(const struct np_text *));
    if (given == NULL)
        return -ENOMEM;
    int r = read_with(source, given);
    if (r == 0)
        r = read_each(source, given);
    if (r == 0)
        add_defaults(source, given);
    source->step->parameters = given;
    return r;
}

/* ---- where and how it ends */

static void check_region(const struct step_source *source, const struct np_yaml_node *node)
{
    const struct np_world *world = &source->file->loader->set->world;
    const char *near = NULL;
    for (size_t i = 0; i < world->region_count; i++)
        if (np_span_eq(world->regions[i], node->text))
            return;
    for (size_t i = 0; i < world->region_count; i++)
        near = np_value_nearer(node->text, near, world->regions[i].ptr);
    np_load_refuse_name(source->file, node, near, "region of the world"); /* told */
}

static int read_region(const struct step_source *source)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, "region");
    struct np_step *step = source->step;
    if (node == NULL || (node->kind == NP_YAML_SCALAR && np_span_is(node->text, "home")))
        return 0;
    struct np_text_scope scope = source->scope;
    scope.where = NP_TEXT_CAST; /* the region of the call is not known yet */
    int r = np_text_compile(&step->region, &scope, node);
    if (step->region.count == 1 && step->region.segments[0].hole == NP_HOLE_NONE)
        check_region(source, node);
    return r;
}

static void read_regions(const struct step_source *source)
{
    static const struct np_range bounds = {1, NP_REGIONS_ALL - 1};
    const struct np_yaml_node *node = np_yaml_get(source->node, "regions");
    struct np_step *step = source->step;
    if (node == NULL)
        return;
    if (np_yaml_get(source->node, "region") != NULL)
        np_diag_add(source->file->loader->diags, np_load_problem(source->file, node, "bad-value"),
                    "either 'region' or 'regions'");
    if (node->kind == NP_YAML_SCALAR && np_span_is(node->text, "all"))
        step->regions = (struct np_range){NP_REGIONS_ALL, NP_REGIONS_ALL};
    else
        np_load_range(source->file, node, bounds, &step->regions);
}

static int read_error(const struct step_source *source)
{
    static const char *const keys[] = {"code", "message"};
    const struct np_yaml_node *node = np_yaml_get(source->node, "error");
    struct np_step *step = source->step;
    if (!np_load_is(source->file, node, NP_YAML_MAPPING))
        return 0;
    np_load_check_keys(source->file, node, keys, NP_ARRAY_LEN(keys));
    const struct np_yaml_node *code = np_load_need(source->file, node, "code");
    const struct np_yaml_node *message = np_yaml_get(node, "message");
    int r = code != NULL ? np_text_compile(&step->error_code, &source->scope, code) : 0;
    if (r == 0 && message != NULL)
        r = np_text_compile(&step->error_message, &source->scope, message);
    return r;
}

static void read_refused(const struct step_source *source)
{
    const struct np_yaml_node *node = np_yaml_get(source->node, "refused");
    if (node != NULL && node->kind == NP_YAML_SCALAR && np_span_is(node->text, "always"))
        source->step->refused = 10000;
    else
        np_load_chance(source->file, node, &source->step->refused);
}

/* ---- all of it */

static int read_name(const struct step_source *source)
{
    const struct np_yaml_node *node = np_load_need(source->file, source->node, "step");
    struct np_span name = {};
    if (!np_load_is(source->file, node, NP_YAML_SCALAR))
        return 0;
    if (!np_value_is_label(node->text))
        np_load_bad_value(source->file, node, "a name of small letters, digits and hyphens");
    int r = np_load_text(source->file, node, &name);
    source->step->name = name.ptr;
    return r;
}

static int read_texts(const struct step_source *source)
{
    int r = read_name(source);
    if (r == 0)
        r = np_load_text(source->file, np_yaml_get(source->node, "via"), &source->step->via);
    if (r == 0)
        r = read_region(source);
    if (r == 0)
        r = read_error(source);
    return r < 0 ? r : read_parameters(source);
}

int np_load_call_step(const struct np_load_file *file, const struct np_scenario *scenario,
                      struct np_step *step, const struct np_yaml_node *node)
{
    static const char *const keys[] = {"step",   "call",    "by",     "from",  "after",  "with",
                                       "region", "regions", "each",   "times", "chance", "refused",
                                       "error",  "via",     "copied", "attack"};
    struct step_source source = {file, scenario, node, step, {}};
    bool attack = true;
    source.scope = (struct np_text_scope){
        .file = file->path,
        .where = NP_TEXT_STEP,
        .members = scenario->cast,
        .member_count = scenario->cast_count,
        .arena = &file->loader->set->arena,
        .diags = file->loader->diags,
    };
    step->kind = NP_STEP_CALL;
    np_load_check_keys(file, node, keys, NP_ARRAY_LEN(keys));
    find_call(&source);
    int r = read_texts(&source);
    read_caller(&source);
    read_place(&source);
    read_copied(&source);
    read_regions(&source);
    read_refused(&source);
    np_load_bool(file, np_yaml_get(node, "attack"), &attack);
    step->ordinary = !attack;
    return r;
}
