/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See version.h. Versions are three numbers; an engine's old single number N stands for 0.N.0. What Falco's plugins for cloud logs
 * and containers do is a part of this program, whatever their version.
 */
#include "rule/falco/load/version.h"

#include <errno.h>

#define ENGINE_VERSION "0.62.0" /* of Falco 0.44, whose language this is */

enum { PARTS = 3 };

struct version {
    uint64_t parts[PARTS];
};

static const char *const plugins[] = {"container", "json", "cloudtrail", "k8saudit"};

/* Reads a number off the head of `*text`. */
static bool read_number(struct np_span *text, uint64_t *out_number)
{
    uint64_t number = 0;
    size_t len = 0;
    while (len < text->len && text->ptr[len] >= '0' && text->ptr[len] <= '9' && number < UINT32_MAX)
        number = number * 10 + (uint64_t) (text->ptr[len++] - '0');
    *text = np_span_from(*text, len);
    *out_number = number;
    return len > 0 && number <= UINT32_MAX;
}

/* "1.2.3", and what stands behind it ("-rc1"). */
static bool read_version(struct np_span text, struct version *out_version)
{
    for (size_t i = 0; i < PARTS; i++) {
        if (!read_number(&text, &out_version->parts[i]))
            return false;
        if (i + 1 < PARTS && (text.len == 0 || text.ptr[0] != '.'))
            return false;
        text = np_span_from(text, i + 1 < PARTS);
    }
    return text.len == 0 || text.ptr[0] == '-' || text.ptr[0] == '+';
}

static bool read_engine_version(struct np_span text, struct version *out_version)
{
    struct np_span rest = text;
    uint64_t number = 0;
    if (!read_number(&rest, &number) || rest.len > 0)
        return read_version(text, out_version);
    *out_version = (struct version){{0, number, 0}};
    return true;
}

/* Whether what has the version `have` serves for `want`: the same first number, and no older. */
static bool serves(const struct version *have, const struct version *want)
{
    if (have->parts[0] != want->parts[0])
        return false;
    if (have->parts[1] != want->parts[1])
        return have->parts[1] > want->parts[1];
    return have->parts[2] >= want->parts[2];
}

static bool engine_serves(const struct version *want)
{
    struct version engine;
    return read_version(NP_SPAN(ENGINE_VERSION), &engine) && serves(&engine, want);
}

bool np_falco_engine_is_too_old(const struct np_yaml_node *version)
{
    struct version want;
    return version->kind == NP_YAML_SCALAR && read_engine_version(version->text, &want) &&
           !engine_serves(&want);
}

int np_falco_engine_check(const struct np_falco_item *item)
{
    const struct np_yaml_node *node = NULL;
    struct version want;
    int r = np_falco_text(item, item->node, "required_engine_version", &node);
    if (r < 0)
        return r;
    if (!read_engine_version(node->text, &want))
        return np_falco_malformed(item, node, "required_engine_version",
                                  "'%.*s' is no version: three numbers are, '0.57.0'",
                                  NP_SPAN_ARGS(node->text));
    if (!engine_serves(&want))
        return np_falco_invalid(
            item, node, NP_SPAN("required_engine_version"),
            "this file requires engine version %.*s; the engine's version is %s",
            NP_SPAN_ARGS(node->text), ENGINE_VERSION);
    return 0;
}

static bool have_plugin(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(plugins); i++)
        if (np_span_is(name, plugins[i]))
            return true;
    return false;
}

/* A mapping with name and version. */
static int read_plugin(const struct np_falco_item *item, const struct np_yaml_node *plugin,
                       bool *met)
{
    const struct np_yaml_node *name = NULL;
    const struct np_yaml_node *version = NULL;
    struct version want;
    if (plugin->kind != NP_YAML_MAPPING)
        return np_falco_malformed(item, plugin, "required_plugin_versions",
                                  "a plugin is not a mapping of name and version");
    int r = np_falco_text(item, plugin, "name", &name);
    if (r == 0)
        r = np_falco_text(item, plugin, "version", &version);
    if (r == 0 && !read_version(version->text, &want))
        r = np_falco_invalid(item, version, name->text, "'%.*s' is no version of plugin '%.*s'",
                             NP_SPAN_ARGS(version->text), NP_SPAN_ARGS(name->text));
    *met = r == 0 && (*met || have_plugin(name->text));
    return r;
}

/* A plugin, or one of its alternatives. */
static int check_plugin(const struct np_falco_item *item, const struct np_yaml_node *plugin)
{
    bool met = false;
    const struct np_yaml_node *others = np_yaml_get(plugin, "alternatives");
    int r = read_plugin(item, plugin, &met);
    if (r == 0 && others != NULL && others->kind != NP_YAML_SEQUENCE)
        r = np_falco_malformed(item, others, "alternatives", "'alternatives' is not a list");
    for (size_t i = 0; r == 0 && others != NULL && i < others->count; i++)
        r = read_plugin(item, others->items[i], &met);
    if (r < 0 || met)
        return r;
    struct np_span name = np_yaml_get(plugin, "name")->text;
    return np_falco_invalid(item, plugin, name,
                            "this file requires plugin '%.*s', which has no part here that stands "
                            "for it",
                            NP_SPAN_ARGS(name));
}

int np_falco_plugins_check(const struct np_falco_item *item)
{
    const struct np_yaml_node *node = np_yaml_get(item->node, "required_plugin_versions");
    if (node->kind != NP_YAML_SEQUENCE)
        return np_falco_malformed(item, node, "required_plugin_versions",
                                  "'required_plugin_versions' is not a list");
    int r = 0;
    for (size_t i = 0; i < node->count && r == 0; i++)
        r = check_plugin(item, node->items[i]);
    return r;
}
