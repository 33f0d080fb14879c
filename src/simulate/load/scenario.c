/* SPDX-License-Identifier: Apache-2.0 */
/* attack/, twin/ and background/: what a scenario says of itself; and the order of all. */
#include <stdlib.h>

#include "base/compiler.h"
#include "simulate/load/read.h"
#include "simulate/value.h"

enum { MAX_WEIGHT = 1000000, MAX_SLOWNESS = 100000 };

static const char *const kind_names[NP_SCENARIO_KIND_MAX] = {"attack", "twin", "background"};

static void check_keys(const struct np_load_file *file, enum np_scenario_kind kind)
{
    static const char *const attack_keys[] = {"name",  "kind",    "title", "cast",
                                              "steps", "sources", "twin",  "slow"};
    static const char *const twin_keys[] = {"name", "kind", "title", "cast", "steps"};
    static const char *const background_keys[] = {"name",  "kind",   "title", "cast",
                                                  "steps", "weight", "hours"};
    static const struct {
        const char *const *keys;
        size_t count;
    } known[NP_SCENARIO_KIND_MAX] = {
        [NP_SCENARIO_ATTACK] = {attack_keys, NP_ARRAY_LEN(attack_keys)},
        [NP_SCENARIO_TWIN] = {twin_keys, NP_ARRAY_LEN(twin_keys)},
        [NP_SCENARIO_BACKGROUND] = {background_keys, NP_ARRAY_LEN(background_keys)},
    };
    np_load_check_keys(file, file->root, known[kind].keys, known[kind].count);
}

/* The value of `key`, which must be `expected`. */
static void check_word(const struct np_load_file *file, const char *key, struct np_span expected)
{
    const struct np_yaml_node *node = np_load_need(file, file->root, key);
    if (node == NULL || (node->kind == NP_YAML_SCALAR && np_span_eq(node->text, expected)))
        return;
    struct np_diag diag = np_load_problem(file, node, "bad-value");
    np_diag_add(file->loader->diags, diag, "the %s of this file is '%.*s'", key,
                NP_SPAN_ARGS(expected));
}

static int read_attack(const struct np_load_file *file, struct np_scenario *scenario,
                       struct np_load_origin *origin)
{
    static const struct np_range bounds = {1, MAX_SLOWNESS};
    const struct np_span *sources = NULL;
    size_t count = 0;
    struct np_span twin = {};
    const struct np_yaml_node *node = np_load_need(file, file->root, "sources");
    origin->twin = np_load_need(file, file->root, "twin");
    np_load_range(file, np_yaml_get(file->root, "slow"), bounds, &scenario->slow);
    int r = np_load_texts(file, node, &sources, &count);
    if (node != NULL && node->kind == NP_YAML_SEQUENCE && count == 0)
        np_load_bad_value(file, node, "a list of at least one source");
    if (r == 0)
        r = np_load_text(file, origin->twin, &twin);
    scenario->twin = twin.ptr;
    return r;
}

static void read_background(const struct np_load_file *file, struct np_scenario *scenario)
{
    struct np_range weight = {1, 1};
    const struct np_yaml_node *hours = np_yaml_get(file->root, "hours");
    np_load_range(file, np_yaml_get(file->root, "weight"), (struct np_range){1, MAX_WEIGHT},
                  &weight);
    scenario->weight = (uint32_t) weight.low;
    scenario->work_hours = hours != NULL && np_span_is(hours->text, "work");
    if (hours != NULL && !scenario->work_hours && !np_span_is(hours->text, "always"))
        np_load_bad_value(file, hours, "'work' or 'always'");
}

static int read_scenario(const struct np_load_file *file, struct np_scenario *scenario,
                         struct np_load_origin *origin)
{
    struct np_span title = {};
    check_keys(file, scenario->kind);
    check_word(file, "name", np_span_of(scenario->name));
    check_word(file, "kind", np_span_of(kind_names[scenario->kind]));
    int r = np_load_text(file, np_load_need(file, file->root, "title"), &title);
    scenario->title = title.ptr;
    if (r == 0 && scenario->kind == NP_SCENARIO_ATTACK)
        r = read_attack(file, scenario, origin);
    if (scenario->kind == NP_SCENARIO_BACKGROUND)
        read_background(file, scenario);
    if (r == 0)
        r = np_load_cast(file, scenario, np_load_need(file, file->root, "cast"));
    if (r == 0)
        r = np_load_steps(file, scenario, &scenario->steps,
                          np_load_need(file, file->root, "steps"));
    return r;
}

static int add_scenario(const struct np_load_file *file, const struct np_scenario *scenario,
                        const struct np_load_origin *origin)
{
    struct np_loader *loader = file->loader;
    struct np_span name = np_span_of(scenario->name);
    uint32_t id = np_map_get(&loader->scenario_ids, name);
    if (id != NP_MAP_NONE)
        np_diag_add(loader->diags, np_load_problem(file, file->root, "repeated-name"),
                    "the name '%s' is that of %s, too", scenario->name,
                    loader->origins.items[id].path);
    int r = np_map_put(&loader->scenario_ids, name, (uint32_t) loader->scenarios.len);
    if (r == 0)
        r = np_vec_push(&loader->scenarios, *scenario, NP_LOAD_MAX_SCENARIOS);
    return r < 0 ? r : np_vec_push(&loader->origins, *origin, NP_LOAD_MAX_SCENARIOS);
}

int np_load_scenario(const struct np_load_file *file, enum np_scenario_kind kind)
{
    struct np_scenario scenario = {
        .kind = kind,
        .steps = {.kind = NP_STEP_ALL,
                  .times = {1, 1},
                  .chance = 10000,
                  .each = -1,
                  .by = -1,
                  .from = -1,
                  .copied = -1},
    };
    struct np_load_origin origin = {.path = file->path, .root = file->root};
    if (!np_load_is(file, file->root, NP_YAML_MAPPING))
        return 0;
    scenario.name = np_arena_strdup(&file->loader->set->arena, np_load_stem(file->path));
    if (scenario.name == NULL)
        return -ENOMEM;
    if (!np_value_is_label(np_span_of(scenario.name)))
        np_diag_add(file->loader->diags, np_load_problem(file, file->root, "bad-file"),
                    "the file's name must be small letters, digits and hyphens");
    int r = read_scenario(file, &scenario, &origin);
    return r < 0 ? r : add_scenario(file, &scenario, &origin);
}

/* ---- all of them */

static void check_twin(const struct np_loader *loader, const struct np_load_origin *origin)
{
    struct np_load_file file = {.path = origin->path};
    uint32_t id = np_map_get(&loader->scenario_ids, origin->twin->text);
    if (id != NP_MAP_NONE && loader->scenarios.items[id].kind == NP_SCENARIO_TWIN)
        return;
    struct np_diag diag = np_load_problem(&file, origin->twin, "unknown-name");
    for (size_t i = 0; i < loader->scenarios.len; i++)
        if (loader->scenarios.items[i].kind == NP_SCENARIO_TWIN)
            diag.hint =
                np_value_nearer(origin->twin->text, diag.hint, loader->scenarios.items[i].name);
    np_diag_add(loader->diags, diag, "no twin is named '%.*s'", NP_SPAN_ARGS(origin->twin->text));
}

/* A name that is also that of another scenario's slow form. */
static void check_slow(const struct np_loader *loader, size_t index)
{
    static const struct np_span suffix = NP_SPAN(NP_SCENARIO_SLOW_SUFFIX);
    struct np_span name = np_span_of(loader->scenarios.items[index].name);
    struct np_load_file file = {.path = loader->origins.items[index].path};
    if (!np_span_ends(name, suffix))
        return;
    uint32_t id = np_map_get(&loader->scenario_ids, np_span_head(name, name.len - suffix.len));
    if (id != NP_MAP_NONE && loader->scenarios.items[id].slow.high > 0)
        np_diag_add(loader->diags,
                    np_load_problem(&file, loader->origins.items[index].root, "repeated-name"),
                    "the name '%.*s' is that of the slow form of '%s', too", NP_SPAN_ARGS(name),
                    loader->scenarios.items[id].name);
}

void np_load_check_scenarios(struct np_loader *loader)
{
    for (size_t i = 0; i < loader->origins.len; i++) {
        const struct np_load_origin *origin = &loader->origins.items[i];
        if (origin->twin != NULL && origin->twin->kind == NP_YAML_SCALAR)
            check_twin(loader, origin);
        check_slow(loader, i);
    }
}

static int compare_scenarios(const void *a, const void *b)
{
    const struct np_scenario *left = a;
    const struct np_scenario *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return strcmp(left->name, right->name);
}

static int compare_named(const void *a, const void *b)
{
    const struct np_named *left = a;
    const struct np_named *right = b;
    return strcmp(left->info.name, right->info.name);
}

static int keep_named(struct np_scenario_set *set, struct np_named *named)
{
    static const char suffix[] = NP_SCENARIO_SLOW_SUFFIX;
    size_t count = 0;
    for (size_t i = 0; i < set->scenario_count; i++) {
        const struct np_scenario *scenario = &set->scenarios[i];
        if (scenario->kind == NP_SCENARIO_BACKGROUND)
            continue;
        struct np_scenario_info info = {scenario->name, scenario->kind, scenario->title,
                                        scenario->twin, false};
        named[count++] = (struct np_named){info, scenario};
        if (scenario->slow.high == 0)
            continue;
        size_t len = strlen(scenario->name);
        char *name = np_arena_alloc(&set->arena, len + sizeof(suffix));
        if (name == NULL)
            return -ENOMEM;
        memcpy(name, scenario->name, len);
        memcpy(name + len, suffix, sizeof(suffix));
        info.name = name;
        info.slow = true;
        named[count++] = (struct np_named){info, scenario};
    }
    qsort(named, count, sizeof(*named), compare_named);
    set->named = named;
    set->named_count = count;
    return 0;
}

int np_load_finish(struct np_loader *loader)
{
    struct np_scenario_set *set = loader->set;
    size_t count = loader->scenarios.len;
    struct np_scenario *scenarios = np_arena_alloc(&set->arena, count * sizeof(*scenarios));
    struct np_named *named = np_arena_alloc(&set->arena, 2 * count * sizeof(*named));
    if (scenarios == NULL || named == NULL)
        return -ENOMEM;
    if (count > 0)
        memcpy(scenarios, loader->scenarios.items, count * sizeof(*scenarios));
    qsort(scenarios, count, sizeof(*scenarios), compare_scenarios);
    set->scenarios = scenarios;
    set->scenario_count = count;
    return keep_named(set, named);
}
