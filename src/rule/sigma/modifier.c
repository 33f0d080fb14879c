/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row a name. What a modifier may stand with is a mask, so that order plays no part: the order
 * only matters for those that change text, and value.c keeps it.
 */
#include "rule/sigma/modifier.h"

#include <errno.h>

#include "base/suggest.h"

#define BIT(modifier) (1u << NP_SIGMA_##modifier)

/* Modifiers that change a text, in the order in which they stand. */
#define TEXT_BITS                                                                                  \
    (BIT(CONTAINS) | BIT(STARTSWITH) | BIT(ENDSWITH) | BIT(WINDASH) | BIT(BASE64) |                \
     BIT(BASE64OFFSET) | BIT(UTF16LE) | BIT(UTF16BE) | BIT(UTF16))
#define PLACE_BITS (BIT(CONTAINS) | BIT(STARTSWITH) | BIT(ENDSWITH))
#define UTF16_BITS (BIT(UTF16LE) | BIT(UTF16BE) | BIT(UTF16))
#define FLAG_BITS  (BIT(RE_IGNORE_CASE) | BIT(RE_MULTI_LINE) | BIT(RE_DOT_ALL))
#define LIST_BITS  (BIT(ALL) | BIT(NEQ))
#define ORDER_BITS (BIT(LT) | BIT(LTE) | BIT(GT) | BIT(GTE))
#define TIME_BITS  (BIT(MINUTE) | BIT(HOUR) | BIT(DAY) | BIT(WEEK) | BIT(MONTH) | BIT(YEAR))

struct row {
    const char *name;
    enum np_sigma_modifier modifier;
};

static const struct row rows[] = {
    {"all", NP_SIGMA_ALL},
    {"neq", NP_SIGMA_NEQ},
    {"cased", NP_SIGMA_CASED},
    {"contains", NP_SIGMA_CONTAINS},
    {"startswith", NP_SIGMA_STARTSWITH},
    {"endswith", NP_SIGMA_ENDSWITH},
    {"windash", NP_SIGMA_WINDASH},
    {"base64", NP_SIGMA_BASE64},
    {"base64offset", NP_SIGMA_BASE64OFFSET},
    {"wide", NP_SIGMA_UTF16LE},
    {"utf16le", NP_SIGMA_UTF16LE},
    {"utf16be", NP_SIGMA_UTF16BE},
    {"utf16", NP_SIGMA_UTF16},
    {"re", NP_SIGMA_RE},
    {"i", NP_SIGMA_RE_IGNORE_CASE},
    {"ignorecase", NP_SIGMA_RE_IGNORE_CASE},
    {"m", NP_SIGMA_RE_MULTI_LINE},
    {"multiline", NP_SIGMA_RE_MULTI_LINE},
    {"s", NP_SIGMA_RE_DOT_ALL},
    {"dotall", NP_SIGMA_RE_DOT_ALL},
    {"cidr", NP_SIGMA_CIDR},
    {"exists", NP_SIGMA_EXISTS},
    {"lt", NP_SIGMA_LT},
    {"lte", NP_SIGMA_LTE},
    {"gt", NP_SIGMA_GT},
    {"gte", NP_SIGMA_GTE},
    {"fieldref", NP_SIGMA_FIELDREF},
    {"expand", NP_SIGMA_EXPAND},
    {"minute", NP_SIGMA_MINUTE},
    {"hour", NP_SIGMA_HOUR},
    {"day", NP_SIGMA_DAY},
    {"week", NP_SIGMA_WEEK},
    {"month", NP_SIGMA_MONTH},
    {"year", NP_SIGMA_YEAR},
};

/*
 * What a modifier that changes the kind of a value may stand with; those not listed are text
 * modifiers.
 */
static const struct {
    enum np_sigma_modifier modifier;
    uint32_t with;
    const char *hint;
} kinds[] = {
    {NP_SIGMA_RE, LIST_BITS | FLAG_BITS | BIT(CASED) | BIT(EXPAND) | BIT(CONTAINS),
     "write ^ and $ for the start and the end of the text"},
    {NP_SIGMA_CIDR, LIST_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_EXISTS, BIT(NEQ), NULL},
    {NP_SIGMA_LT, LIST_BITS | TIME_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_LTE, LIST_BITS | TIME_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_GT, LIST_BITS | TIME_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_GTE, LIST_BITS | TIME_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_FIELDREF, LIST_BITS | PLACE_BITS | BIT(CASED) | BIT(EXPAND), NULL},
    {NP_SIGMA_MINUTE, LIST_BITS | ORDER_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_HOUR, LIST_BITS | ORDER_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_DAY, LIST_BITS | ORDER_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_WEEK, LIST_BITS | ORDER_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_MONTH, LIST_BITS | ORDER_BITS | BIT(EXPAND), NULL},
    {NP_SIGMA_YEAR, LIST_BITS | ORDER_BITS | BIT(EXPAND), NULL},
};

/* Of these at most one may stand in a key. */
static const uint32_t one_of[] = {PLACE_BITS, UTF16_BITS, ORDER_BITS, TIME_BITS};

enum np_sigma_modifier np_sigma_time_part(const struct np_sigma_key *key)
{
    enum np_sigma_modifier modifier = NP_SIGMA_MINUTE;
    while (modifier < NP_SIGMA_MODIFIER_MAX && !np_sigma_has(key, modifier))
        modifier++;
    return modifier;
}

bool np_sigma_wants_text(const struct np_sigma_key *key)
{
    return (key->set & (TEXT_BITS | BIT(RE))) != 0;
}

static int refuse(struct np_sigma_document *document, const struct np_yaml_node *node,
                  struct np_span name, const char *hint, const char *message)
{
    return np_sigma_refuse(document,
                           (struct np_sigma_problem){
                               .code = "bad-modifier",
                               .node = node,
                               .offset = (size_t) (name.ptr - node->text.ptr),
                               .item = name,
                               .hint = hint,
                           },
                           "modifier '%.*s' %s", NP_SPAN_ARGS(name), message);
}

static int refuse_unknown(struct np_sigma_document *document, const struct np_yaml_node *node,
                          struct np_span name)
{
    const char *names[NP_ARRAY_LEN(rows)];
    for (size_t i = 0; i < NP_ARRAY_LEN(rows); i++)
        names[i] = rows[i].name;
    return np_sigma_refuse(
        document,
        (struct np_sigma_problem){
            .code = "unknown-modifier",
            .node = node,
            .offset = (size_t) (name.ptr - node->text.ptr),
            .item = name,
            .hint = name.len > 0 ? np_suggest(name, names, NP_ARRAY_LEN(names)) : "remove the '|'",
        },
        "modifier '%.*s' is not known", NP_SPAN_ARGS(name));
}

/* Adds the modifier `name` to the key. */
static int add_modifier(struct np_sigma_document *document, struct np_sigma_key *key,
                        struct np_span name)
{
    const struct row *row = NULL;
    for (size_t i = 0; i < NP_ARRAY_LEN(rows) && row == NULL; i++)
        if (np_span_is(name, rows[i].name))
            row = &rows[i];
    if (row == NULL)
        return refuse_unknown(document, key->node, name);
    if (np_sigma_has(key, row->modifier))
        return refuse(document, key->node, name, "keep one of the two", "stands twice");
    uint32_t bit = 1u << row->modifier;
    if ((bit & FLAG_BITS) != 0 && !np_sigma_has(key, NP_SIGMA_RE))
        return refuse(document, key->node, name, "re", "must stand behind 're'");
    for (size_t i = 0; i < NP_ARRAY_LEN(one_of); i++)
        if ((bit & one_of[i]) != 0 && (key->set & one_of[i]) != 0)
            return refuse(document, key->node, name, NULL, "contradicts one before it");
    key->modifiers[key->modifier_count++] = row->modifier;
    key->set |= bit;
    return 0;
}

/* Checks that all modifiers of the key can be meant together. */
static int check_kinds(struct np_sigma_document *document, const struct np_sigma_key *key)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(kinds); i++) {
        uint32_t with = kinds[i].with | 1u << kinds[i].modifier;
        if (!np_sigma_has(key, kinds[i].modifier) || (key->set & ~with) == 0)
            continue;
        struct np_span list = np_span_from(key->node->text, key->field.len + 1);
        return refuse(document, key->node, list, kinds[i].hint,
                      "combines what means nothing together");
    }
    return 0;
}

int np_sigma_key_parse(struct np_sigma_document *document, const struct np_yaml_node *node,
                       struct np_sigma_key *out_key)
{
    struct np_sigma_key key = {.node = node};
    struct np_span rest = node->text;
    for (bool is_field = true, more = true; more; is_field = false) {
        const char *end = rest.len > 0 ? memchr(rest.ptr, '|', rest.len) : NULL;
        more = end != NULL;
        struct np_span word = more ? np_span_head(rest, (size_t) (end - rest.ptr)) : rest;
        rest = np_span_from(rest, word.len + 1);
        if (is_field) {
            key.field = word;
            continue;
        }
        int r = add_modifier(document, &key, word);
        if (r < 0)
            return r;
    }
    int r = check_kinds(document, &key);
    if (r == 0)
        *out_key = key;
    return r;
}
