/* SPDX-License-Identifier: Apache-2.0 */
/* See rule.h. What an item says is read first, and put into the book when all of it is right. */
#include "rule/falco/load/rule.h"

#include <errno.h>

#include "rule/falco/load/exception.h"
#include "rule/falco/load/override.h"

/* The keys that can be overridden, and what an item says under each. */
enum key { CONDITION, OUTPUT, DESC, TAGS, EXCEPTIONS, PRIORITY, ENABLED, WARN, SKIP, KEY_MAX };

static const struct np_falco_changeable keys[KEY_MAX] = {
    [CONDITION] = {"condition", true},
    [OUTPUT] = {"output", true},
    [DESC] = {"desc", true},
    [TAGS] = {"tags", true},
    [EXCEPTIONS] = {"exceptions", true},
    [PRIORITY] = {"priority", false},
    [ENABLED] = {"enabled", false},
    [WARN] = {"warn_evttypes", false},
    [SKIP] = {"skip-if-unknown-filter", false},
};

/* What an item says; members that it does not give are NULL, or as they are without it. */
struct content {
    const struct np_yaml_node *condition;
    const struct np_yaml_node *output;
    const struct np_yaml_node *desc;
    const struct np_yaml_node *tags;
    struct np_falco_exceptions exceptions;
    const char *priority;
    enum np_level level;
    bool enabled;
    bool warn_event_types;
    bool skip_unknown_fields;
};

static const struct {
    const char *name;
    enum np_level level;
} priorities[] = {
    {"Emergency", NP_LEVEL_CRITICAL},
    {"Alert", NP_LEVEL_CRITICAL},
    {"Critical", NP_LEVEL_CRITICAL},
    {"Error", NP_LEVEL_HIGH},
    {"Warning", NP_LEVEL_MEDIUM},
    {"Notice", NP_LEVEL_LOW},
    {"Informational", NP_LEVEL_INFORMATIONAL},
    {"Debug", NP_LEVEL_INFORMATIONAL},
};

static int read_priority(const struct np_falco_item *item, struct content *content)
{
    const struct np_yaml_node *node = NULL;
    int r = np_falco_text(item, item->node, "priority", &node);
    if (r < 0)
        return r;
    struct np_span name = node->text;
    if (np_span_eq_ascii_fold(name, NP_SPAN("info")))
        name = NP_SPAN("informational");
    for (size_t i = 0; i < NP_ARRAY_LEN(priorities); i++) {
        if (!np_span_eq_ascii_fold(name, np_span_of(priorities[i].name)))
            continue;
        content->priority = priorities[i].name;
        content->level = priorities[i].level;
        return 0;
    }
    return np_falco_malformed(item, node, "priority",
                              "priority '%.*s' is none of emergency, alert, critical, error, "
                              "warning, notice, informational and debug",
                              NP_SPAN_ARGS(name));
}

/* Reads the value of one key; `append` says what exceptions may lack. */
static int read_key(const struct np_falco_item *item, enum key key,
                    const enum np_falco_source *source, bool append, struct content *content)
{
    switch (key) {
    case CONDITION:
        return np_falco_text(item, item->node, "condition", &content->condition);
    case OUTPUT:
        return np_falco_text(item, item->node, "output", &content->output);
    case DESC:
        return np_falco_text(item, item->node, "desc", &content->desc);
    case TAGS:
        return np_falco_sequence(item, "tags", &content->tags);
    case EXCEPTIONS:
        return np_falco_exceptions_read(item, source, append, &content->exceptions);
    case PRIORITY:
        return read_priority(item, content);
    case ENABLED:
        return np_falco_flag(item, "enabled", &content->enabled);
    case WARN:
        return np_falco_flag(item, "warn_evttypes", &content->warn_event_types);
    case SKIP:
        return np_falco_flag(item, "skip-if-unknown-filter", &content->skip_unknown_fields);
    default:
        return 0;
    }
}

/* ---- rules that are there */

static struct np_falco_rule *find_rule(const struct np_falco_item *item)
{
    uint32_t index = np_map_get(&item->book->rule_names, item->name);
    return index != NP_MAP_NONE ? &item->book->rules.items[index] : NULL;
}

static int refuse_missing(const struct np_falco_item *item)
{
    return np_falco_invalid(item, NULL, item->name,
                            "there is no rule '%.*s' before this one to change",
                            NP_SPAN_ARGS(item->name));
}

/* Puts `node` behind what the rule has, or in its place. */
static int change_pieces(const struct np_falco_item *item, struct np_falco_pieces *pieces,
                         const struct np_yaml_node *node, enum np_falco_change change)
{
    if (change == NP_FALCO_KEEP || node == NULL)
        return 0;
    if (change == NP_FALCO_REPLACE)
        *pieces = (struct np_falco_pieces){};
    return np_falco_add_piece(item->book, pieces, node, item->teller.doc);
}

static int apply(const struct np_falco_item *item, struct np_falco_rule *rule,
                 const enum np_falco_change *changes, struct content *content)
{
    int r = 0;
    if (changes[EXCEPTIONS] == NP_FALCO_APPEND)
        r = np_falco_exceptions_append(item, &rule->exceptions, &content->exceptions);
    else if (changes[EXCEPTIONS] == NP_FALCO_REPLACE)
        rule->exceptions = content->exceptions;
    if (r == 0)
        r = change_pieces(item, &rule->condition, content->condition, changes[CONDITION]);
    if (r == 0)
        r = change_pieces(item, &rule->output, content->output, changes[OUTPUT]);
    if (r == 0)
        r = change_pieces(item, &rule->tags, content->tags, changes[TAGS]);
    if (r < 0)
        return r;
    if (changes[PRIORITY] == NP_FALCO_REPLACE) {
        rule->priority = content->priority;
        rule->level = content->level;
    }
    if (changes[ENABLED] == NP_FALCO_REPLACE)
        rule->enabled = content->enabled;
    if (changes[WARN] == NP_FALCO_REPLACE)
        rule->warn_event_types = content->warn_event_types;
    if (changes[SKIP] == NP_FALCO_REPLACE)
        rule->skip_unknown_fields = content->skip_unknown_fields;
    rule->order.sees = np_falco_next_order(item->book).sees;
    return 0;
}

/* Changes the rule of the item's name as `changes` says. */
static int change_rule(const struct np_falco_item *item, const enum np_falco_change *changes)
{
    struct np_falco_rule *rule = find_rule(item);
    struct content content = {};
    if (rule == NULL)
        return refuse_missing(item);
    int r = 0;
    for (size_t key = 0; key < KEY_MAX && r == 0; key++)
        if (changes[key] != NP_FALCO_KEEP)
            r = read_key(item, (enum key) key, rule->source_known ? &rule->source : NULL,
                         changes[key] == NP_FALCO_APPEND, &content);
    return r < 0 ? r : apply(item, rule, changes, &content);
}

/* `append: true`: to the condition and the exceptions. */
static int append_rule(const struct np_falco_item *item)
{
    enum np_falco_change changes[KEY_MAX] = {};
    if (np_yaml_get(item->node, "condition") != NULL)
        changes[CONDITION] = NP_FALCO_APPEND;
    if (np_yaml_get(item->node, "exceptions") != NULL)
        changes[EXCEPTIONS] = NP_FALCO_APPEND;
    if (find_rule(item) != NULL && changes[CONDITION] == NP_FALCO_KEEP &&
        changes[EXCEPTIONS] == NP_FALCO_KEEP)
        return np_falco_invalid(item, NULL, item->name,
                                "a rule that is appended must have 'condition' or 'exceptions'");
    return change_rule(item, changes);
}

/* A rule of `enabled` alone switches an earlier one. */
static int switch_rule(const struct np_falco_item *item)
{
    enum np_falco_change changes[KEY_MAX] = {[ENABLED] = NP_FALCO_REPLACE};
    const struct np_yaml_node *node = np_yaml_get(item->node, "enabled");
    if (node == NULL)
        return np_falco_malformed(item, NULL, "condition",
                                  "no 'condition', 'output', 'desc' and 'priority'");
    np_falco_warn(&item->teller,
                  (struct np_falco_problem){.code = "LOAD_DEPRECATED_ITEM",
                                            .node = node,
                                            .item = NP_SPAN("enabled"),
                                            .hint = "add 'override: {enabled: replace}'"},
                  "'enabled' alone is deprecated");
    return change_rule(item, changes);
}

/* ---- rules as a whole */

/* Reads `source`: which it is, and whether there is such a one here. */
static int read_source(const struct np_falco_item *item, struct np_falco_rule *rule)
{
    const struct np_yaml_node *node = np_yaml_get(item->node, "source");
    rule->source_name = NP_SPAN("syscall");
    int r = node != NULL ? np_falco_text(item, item->node, "source", &node) : 0;
    if (r < 0)
        return r;
    if (node != NULL)
        rule->source_name = node->text;
    rule->source_known = np_falco_source_find(rule->source_name, &rule->source);
    return np_arena_keep(&item->book->arena, &rule->source_name);
}

static int read_whole(const struct np_falco_item *item, struct np_falco_rule *rule)
{
    static const enum key order[] = {CONDITION, OUTPUT, DESC, PRIORITY, ENABLED, WARN, SKIP, TAGS};
    struct content content = {.enabled = true, .warn_event_types = true};
    int r = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(order) && r == 0; i++)
        r = read_key(item, order[i], NULL, false, &content);
    if (r == 0)
        r = read_source(item, rule);
    if (r == 0)
        r = read_key(item, EXCEPTIONS, rule->source_known ? &rule->source : NULL, false, &content);
    if (r == 0)
        r = change_pieces(item, &rule->condition, content.condition, NP_FALCO_REPLACE);
    if (r == 0)
        r = change_pieces(item, &rule->output, content.output, NP_FALCO_REPLACE);
    if (r == 0)
        r = change_pieces(item, &rule->tags, content.tags, NP_FALCO_REPLACE);
    rule->exceptions = content.exceptions;
    rule->priority = content.priority;
    rule->level = content.level;
    rule->enabled = content.enabled;
    rule->warn_event_types = content.warn_event_types;
    rule->skip_unknown_fields = content.skip_unknown_fields;
    return r;
}

/* A rule of an unknown source is refused, but what is said of it later finds it. */
static int check_source(const struct np_falco_item *item, const struct np_falco_rule *rule)
{
    if (rule->source_known)
        return 0;
    return np_falco_refuse(&item->teller,
                           (struct np_falco_problem){.code = "LOAD_UNKNOWN_SOURCE",
                                                     .node = np_yaml_get(item->node, "source"),
                                                     .item = rule->source_name},
                           "event source '%.*s' is not known; there are syscall, aws_cloudtrail "
                           "and k8s_audit",
                           NP_SPAN_ARGS(rule->source_name));
}

static int define_rule(const struct np_falco_item *item)
{
    struct np_falco_book *book = item->book;
    struct np_falco_rule *earlier = find_rule(item);
    struct np_falco_rule rule = {.name = item->name, .doc = item->teller.doc};
    int r = read_whole(item, &rule);
    if (r < 0)
        return r;
    if (earlier != NULL && !np_span_eq(earlier->source_name, rule.source_name))
        return np_falco_invalid(item, np_yaml_get(item->node, "source"), rule.source_name,
                                "rule '%.*s' is there already, with source '%.*s'",
                                NP_SPAN_ARGS(item->name), NP_SPAN_ARGS(earlier->source_name));
    rule.order = np_falco_next_order(book);
    if (earlier != NULL) {
        rule.order.place = earlier->order.place;
        *earlier = rule;
    } else {
        r = np_map_put(&book->rule_names, item->name, (uint32_t) book->rules.len);
        if (r == 0)
            r = np_vec_push(&book->rules, rule, NP_FALCO_ITEMS_MAX);
    }
    return r < 0 ? r : check_source(item, &rule);
}

int np_falco_rule_read(const struct np_falco_item *item)
{
    struct np_falco_override override = {};
    int r = np_falco_override_read(item, keys, KEY_MAX, true, &override);
    if (r < 0)
        return r;
    if (override.any)
        return change_rule(item, override.changes);
    if (override.append)
        return append_rule(item);
    bool whole = false;
    static const enum key of_whole[] = {CONDITION, OUTPUT, DESC, PRIORITY};
    for (size_t i = 0; i < NP_ARRAY_LEN(of_whole); i++)
        whole = whole || np_yaml_get(item->node, keys[of_whole[i]].key) != NULL;
    return whole ? define_rule(item) : switch_rule(item);
}
