/* SPDX-License-Identifier: Apache-2.0 */
/* See config.h. Every key is a line of a table and a small function that reads its value. */
#include "cli/config/config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "codec/yaml.h"
#include "engine/engine.h"

enum { TEXTS_MAX_BYTES = 64 * 1024 * 1024, LIST_MAX = 100000, ACCOUNT_DIGITS = 12 };

struct loading {
    struct np_config *config;
    struct np_diag_list *diags;
};

void np_config_init(struct np_config *config)
{
    *config = (struct np_config){.lateness = NP_LATENESS_NS};
    np_arena_init(&config->texts, TEXTS_MAX_BYTES);
}

void np_config_done(struct np_config *config)
{
    np_vec_done(&config->accounts.texts);
    np_vec_done(&config->endpoints.texts);
    np_vec_done(&config->exclude_rules.texts);
    np_arena_done(&config->texts);
}

static struct np_place place_of(const struct loading *loading, const struct np_yaml_node *node)
{
    return (struct np_place){
        .file = loading->config->path, .line = node->line, .column = node->column};
}

/* Adds a mistake: -EINVAL. */
static int refuse(const struct loading *loading, const struct np_yaml_node *node, const char *code,
                  const char *hint, const char *message)
{
    struct np_diag diag = {.place = place_of(loading, node),
                           .severity = NP_SEVERITY_ERROR,
                           .code = code,
                           .hint = hint};
    np_diag_add(loading->diags, diag, "%s", message);
    return -EINVAL;
}

/* Checks an item of a list and turns it into what is kept: 0, -EINVAL or -ENOMEM. */
typedef int take_fn(const struct loading *loading, const struct np_yaml_node *item,
                    const char **out_text);

static int take_text(const struct loading *loading, const struct np_yaml_node *item,
                     const char **out_text)
{
    *out_text = np_arena_strdup(&loading->config->texts, item->text);
    return *out_text != NULL ? 0 : -ENOMEM;
}

static int take_account(const struct loading *loading, const struct np_yaml_node *item,
                        const char **out_text)
{
    size_t digits = 0;
    while (digits < item->text.len && item->text.ptr[digits] >= '0' &&
           item->text.ptr[digits] <= '9')
        digits++;
    if (digits != ACCOUNT_DIGITS || item->text.len != ACCOUNT_DIGITS)
        return refuse(loading, item, "bad-account", "write it with its zeros, in quotes",
                      "an account's id has 12 digits");
    return take_text(loading, item, out_text);
}

/* A path that is not absolute begins at the file's own folder. */
static int take_path(const struct loading *loading, const struct np_yaml_node *item,
                     const char **out_text)
{
    const char *slash = strrchr(loading->config->path, '/');
    size_t folder = slash != NULL ? (size_t) (slash - loading->config->path) + 1 : 0;
    if (item->text.len == 0)
        return refuse(loading, item, "no-path", NULL, "a path is empty");
    if (item->text.ptr[0] == '/')
        folder = 0;
    char *path = np_arena_alloc(&loading->config->texts, folder + item->text.len + 1);
    if (path == NULL)
        return -ENOMEM;
    memcpy(path, loading->config->path, folder);
    memcpy(path + folder, item->text.ptr, item->text.len);
    path[folder + item->text.len] = '\0';
    *out_text = path;
    return 0;
}

/* What may stand behind a key. */
struct key {
    const char *name;
    int (*read)(const struct loading *loading, const struct key *key,
                const struct np_yaml_node *value);
    size_t list;        /* of a list: its offset in the configuration */
    take_fn *take_item; /* of a list */
};

static int read_item(const struct loading *loading, const struct key *key,
                     const struct np_yaml_node *item)
{
    struct np_config_list *list = (void *) ((char *) loading->config + key->list);
    struct np_config_text text = {.place = place_of(loading, item)};
    if (item->kind != NP_YAML_SCALAR)
        return refuse(loading, item, "no-text", NULL, "expected a text");
    int r = key->take_item(loading, item, &text.text);
    if (r == 0)
        r = np_vec_push(&list->texts, text, LIST_MAX);
    return r == -E2BIG ? refuse(loading, item, "too-many", NULL, "the list is too long") : r;
}

/* Reads a list, or a single item without its brackets; every mistake in it is told. */
static int read_list(const struct loading *loading, const struct key *key,
                     const struct np_yaml_node *value)
{
    int result = 0;
    if (value->kind == NP_YAML_SCALAR && np_yaml_type(value) != NP_YAML_NULL)
        return read_item(loading, key, value);
    if (value->kind != NP_YAML_SEQUENCE)
        return refuse(loading, value, "no-list", NULL, "expected a list");
    for (size_t i = 0; i < value->count && result != -ENOMEM; i++) {
        int r = read_item(loading, key, value->items[i]);
        result = r < 0 ? r : result;
    }
    return result;
}

/* A number of seconds, minutes, hours or days. */
static bool parse_duration(struct np_span text, np_time_ns *out_duration)
{
    static const struct {
        char letter;
        np_time_ns unit;
    } units[] = {{'s', NP_NS_PER_S},
                 {'m', NP_NS_PER_MIN},
                 {'h', 60 * NP_NS_PER_MIN},
                 {'d', 24 * 60 * NP_NS_PER_MIN}};
    np_time_ns number = 0;
    size_t digits = 0;
    for (; digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9'; digits++) {
        number = number * 10 + (text.ptr[digits] - '0');
        if (number > NP_LATENESS_MAX_NS / NP_NS_PER_S)
            return false;
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(units) && digits > 0 && digits + 1 == text.len; i++)
        if (text.ptr[digits] == units[i].letter) {
            *out_duration = number * units[i].unit;
            return *out_duration <= NP_LATENESS_MAX_NS;
        }
    return false;
}

static int read_lateness(const struct loading *loading, const struct key *key,
                         const struct np_yaml_node *value)
{
    (void) key;
    bool is_good =
        value->kind == NP_YAML_SCALAR && parse_duration(value->text, &loading->config->lateness);
    return is_good ? 0
                   : refuse(loading, value, "bad-duration", "write it like 90s, 15m, 2h or 1d",
                            "no duration from 0s to 7d");
}

static const struct key keys[] = {
    {"accounts", read_list, offsetof(struct np_config, accounts), take_account},
    {"endpoints", read_list, offsetof(struct np_config, endpoints), take_path},
    {"exclude_rules", read_list, offsetof(struct np_config, exclude_rules), take_text},
    {"lateness", read_lateness, 0, NULL},
};

static int refuse_key(const struct loading *loading, const struct np_yaml_node *key)
{
    const char *names[NP_ARRAY_LEN(keys)];
    char message[128];
    char hint[64];
    for (size_t i = 0; i < NP_ARRAY_LEN(keys); i++)
        names[i] = keys[i].name;
    const char *near = np_suggest(key->text, names, NP_ARRAY_LEN(keys));
    (void) snprintf(message, sizeof(message), "unknown key '%.*s'",
                    (int) NP_MIN(key->text.len, (size_t) 64), key->text.ptr);
    if (near != NULL)
        (void) snprintf(hint, sizeof(hint), "did you mean '%s'?", near);
    return refuse(loading, key, "unknown-key",
                  near != NULL ? hint : "the keys are accounts, endpoints, exclude_rules, lateness",
                  message);
}

static int read_pair(const struct loading *loading, const struct np_yaml_node *key,
                     const struct np_yaml_node *value)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(keys); i++)
        if (np_span_is(key->text, keys[i].name))
            return keys[i].read(loading, &keys[i], value);
    return refuse_key(loading, key);
}

static int read_document(const struct loading *loading, const struct np_yaml_node *document)
{
    int result = 0;
    if (document->kind == NP_YAML_SCALAR && np_yaml_type(document) == NP_YAML_NULL)
        return 0;
    if (document->kind != NP_YAML_MAPPING)
        return refuse(loading, document, "no-mapping", NULL, "expected keys with values");
    for (size_t i = 0; i < document->count && result != -ENOMEM; i++) {
        int r = read_pair(loading, np_yaml_key(document, i), np_yaml_value(document, i));
        result = r < 0 ? r : result;
    }
    return result;
}

int np_config_load(struct np_config *config, const char *path, struct np_span text,
                   struct np_diag_list *diags)
{
    const struct np_yaml_node *const *documents = NULL;
    size_t count = 0;
    size_t errors = diags->errors;
    struct loading loading = {.config = config, .diags = diags};
    np_auto_arena struct np_arena nodes;
    np_arena_init(&nodes, TEXTS_MAX_BYTES);
    config->path = path;
    int r = np_yaml_load(&documents, &count, &nodes, path, text, diags);
    if (r == 0 && diags->errors > errors)
        return -EINVAL;
    if (r == 0 && count > 1)
        return refuse(&loading, documents[1], "several-documents", NULL,
                      "a configuration is one document");
    return r == 0 && count == 1 ? read_document(&loading, documents[0]) : r;
}
