/* SPDX-License-Identifier: Apache-2.0 */
/* Steps and groups of them. They nest as deep as YAML does (NP_YAML_MAX_DEPTH). */
#include "base/compiler.h"
#include "base/time.h"
#include "simulate/load/read.h"

static const char *const do_keys[] = {"do", "after", "times", "chance"};
static const char *const mix_keys[] = {"mix", "after", "times", "chance"};
static const char *const any_keys[] = {"any", "of", "after", "times", "chance"};

static int read_group(const struct np_load_file *file, const struct np_scenario *scenario,
                      struct np_step *step, const struct np_yaml_node *node)
{
    const struct np_yaml_node *any = np_yaml_get(node, "any");
    const struct np_yaml_node *mix = np_yaml_get(node, "mix");
    const struct np_yaml_node *list = mix != NULL ? mix : np_yaml_get(node, "do");
    step->kind = NP_STEP_ALL;
    if (any != NULL) {
        step->kind = NP_STEP_ANY;
        np_load_check_keys(file, node, any_keys, NP_ARRAY_LEN(any_keys));
        list = np_load_need(file, node, "of");
        int64_t most = list != NULL && list->kind == NP_YAML_SEQUENCE ? (int64_t) list->count : 0;
        np_load_range(file, any, (struct np_range){0, most}, &step->any);
    } else if (mix != NULL) {
        step->kind = NP_STEP_MIX;
        np_load_check_keys(file, node, mix_keys, NP_ARRAY_LEN(mix_keys));
    } else {
        np_load_check_keys(file, node, do_keys, NP_ARRAY_LEN(do_keys));
    }
    return np_load_steps(file, scenario, step, list);
}

static int read_step(const struct np_load_file *file, const struct np_scenario *scenario,
                     struct np_step *step, const struct np_yaml_node *node)
{
    static const struct np_range times = {0, NP_SIMULATE_MAX_EVENTS_PER_PLAY};
    *step = (struct np_step){
        .times = {1, 1}, .chance = 10000, .each = -1, .by = -1, .from = -1, .copied = -1};
    if (!np_load_is(file, node, NP_YAML_MAPPING))
        return 0;
    bool group = np_yaml_get(node, "mix") != NULL || np_yaml_get(node, "do") != NULL ||
                 np_yaml_get(node, "any") != NULL;
    if (!group)
        step->after = (struct np_range){NP_NS_PER_S, 5 * NP_NS_PER_S};
    np_load_pause(file, np_yaml_get(node, "after"), &step->after);
    np_load_range(file, np_yaml_get(node, "times"), times, &step->times);
    np_load_chance(file, np_yaml_get(node, "chance"), &step->chance);
    return group ? read_group(file, scenario, step, node)
                 : np_load_call_step(file, scenario, step, node);
}

int np_load_steps(const struct np_load_file *file, const struct np_scenario *scenario,
                  struct np_step *group, const struct np_yaml_node *node)
{
    if (!np_load_is(file, node, NP_YAML_SEQUENCE))
        return 0;
    if (node->count == 0)
        np_load_bad_value(file, node, "a list of at least one step");
    struct np_step *steps = np_load_array(file, node->count, sizeof(*steps));
    if (steps == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count; i++) {
        int r = read_step(file, scenario, &steps[i], node->items[i]);
        if (r < 0)
            return r;
    }
    group->steps = steps;
    group->step_count = node->count;
    return 0;
}
