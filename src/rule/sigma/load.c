/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One document: its kind by its keys, then its record in the set, with a rule, a link, or a
 * refusal.
 */
#include "rule/sigma/sigma.h"

#include <errno.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "rule/sigma/correlation.h"
#include "rule/sigma/detection.h"
#include "rule/sigma/filter.h"
#include "rule/sigma/meta.h"

enum { GENERATED_ID_MAX_BYTES = 16 };

/* What loading a document of one kind adds to the set, beside its record. */
typedef int load_fn(struct np_sigma_document *document, struct np_sigma_meta *meta);

static int load_detection(struct np_sigma_document *document, struct np_sigma_meta *meta);

static const struct kind {
    const char *key; /* that tells the kind */
    load_fn *load;
} kinds[] = {
    {"correlation", np_sigma_correlation_load},
    {"filter", np_sigma_filter_load},
    {"detection", load_detection}, /* and everything else */
};

static const struct kind *kind_of(const struct np_yaml_node *root)
{
    size_t i = 0;
    while (i < NP_ARRAY_LEN(kinds) - 1 && np_yaml_get(root, kinds[i].key) == NULL)
        i++;
    return &kinds[i];
}

/* ---- rules */

/* The id in output: the rule's own, else its title, else its place. NULL when memory is out. */
static const char *rule_id(struct np_sigma_document *document, const struct np_sigma_meta *meta)
{
    if (meta->id[0] != '\0' || meta->title[0] != '\0')
        return meta->id[0] != '\0' ? meta->id : meta->title;
    struct np_buf buf;
    np_buf_init(&buf, strlen(document->file) + GENERATED_ID_MAX_BYTES);
    int r = np_buf_printf(&buf, "%s#%u", document->file, document->index);
    const char *id = r < 0 ? NULL : np_arena_strdup(&document->set->arena, np_buf_span(&buf));
    np_buf_done(&buf);
    return id;
}

static int add_rule(struct np_sigma_document *document, const struct np_sigma_meta *meta,
                    const struct np_sigma_detection *detection)
{
    struct np_rule rule = {
        .info = {.id = rule_id(document, meta),
                 .title = meta->title,
                 .priority = meta->priority,
                 .file = document->file,
                 .line = document->root->line,
                 .level = meta->level,
                 .language = NP_LANGUAGE_SIGMA,
                 .tags = meta->tags,
                 .tag_count = meta->tag_count},
        .product = meta->product,
        .category = meta->category,
        .service = meta->service,
        .condition = detection->condition,
        .fields = detection->fields,
        .field_count = detection->field_count,
        .doc = (uint32_t) document->set->docs.len,
    };
    if (rule.info.id == NULL)
        return -ENOMEM;
    return np_vec_push(&document->set->rules, rule, NP_RULES_MAX);
}

static int load_detection(struct np_sigma_document *document, struct np_sigma_meta *meta)
{
    struct np_sigma_detection detection = {};
    int r = np_sigma_logsource_read(document, meta);
    if (np_sigma_is_fatal(r))
        return r;
    r = np_sigma_detection_compile(document, "detection", &detection);
    if (r < 0)
        return r;
    return document->errors > 0 ? -EINVAL : add_rule(document, meta, &detection);
}

/* ---- any document */

static int refuse_action(struct np_sigma_document *document, const struct np_yaml_node *action)
{
    static const char *const actions[] = {"global", "reset", "repeat"};
    bool repeat = np_span_is(action->text, "repeat");
    const char *near = np_suggest(action->text, actions, NP_ARRAY_LEN(actions));
    return np_sigma_refuse(document,
                           (struct np_sigma_problem){.code = "bad-action",
                                                     .node = action,
                                                     .item = action->text,
                                                     .hint = repeat ? NULL : near},
                           repeat ? "there is no document before this one to repeat"
                                  : "this action is none of global, reset and repeat");
}

/* Notes the document's id, or the title that stands for it, which should be its own. 0 or -ENOMEM. */
static int add_id(struct np_sigma_document *document, const struct np_sigma_meta *meta)
{
    struct np_rule_set *set = document->set;
    bool has_id = meta->id[0] != '\0';
    const char *id = has_id ? meta->id : meta->title;
    if (id[0] == '\0')
        return 0;
    uint32_t older = np_map_get(&set->ids, np_span_of(id));
    if (older == NP_MAP_NONE)
        return np_map_put(&set->ids, np_span_of(id), (uint32_t) set->docs.len);
    const char *key = has_id ? "id" : "title";
    const struct np_rule_doc *other = &set->docs.items[older];
    np_sigma_warn(document,
                  (struct np_sigma_problem){.code = has_id ? "duplicate-id" : "duplicate-title",
                                            .node = np_yaml_get(document->root, key),
                                            .item = np_span_of(id)},
                  "a document in '%s', line %u, has the same %s", other->file, other->line, key);
    return 0;
}

/* Warns of a title that another document has, which has an id of its own. */
static void check_title(struct np_sigma_document *document, const struct np_sigma_meta *meta)
{
    const struct np_rule_set *set = document->set;
    struct np_span title = np_span_of(meta->title);
    uint32_t entry = title.len > 0 ? np_map_get(&set->names, title) : NP_MAP_NONE;
    const struct np_yaml_node *node = np_yaml_get(document->root, "title");
    if (entry == NP_MAP_NONE || meta->id[0] == '\0' || node->line < document->root->line)
        return; /* the last: it comes from a document before this one, for all behind it */
    const struct np_rule_doc *other = &set->docs.items[set->name_list.items[entry].doc];
    if (!np_span_is(title, other->title) || strcmp(meta->id, other->id) == 0)
        return;
    np_sigma_warn(document,
                  (struct np_sigma_problem){.code = "duplicate-title", .node = node, .item = title},
                  "a document in '%s', line %u, has the same title", other->file, other->line);
}

/* Makes the document known by `name`. 0 or -ENOMEM. */
static int add_name(struct np_sigma_document *document, const char *name)
{
    struct np_rule_set *set = document->set;
    struct np_span key = np_span_of(name);
    struct np_rule_name entry = {.doc = (uint32_t) set->docs.len,
                                 .next = np_map_get(&set->names, key)};
    uint32_t place = (uint32_t) set->name_list.len;
    if (key.len == 0)
        return 0;
    int r = np_vec_push(&set->name_list, entry, NP_RULE_NAMES_MAX);
    return r < 0 ? r : np_map_put(&set->names, key, place);
}

static int add_names(struct np_sigma_document *document, const struct np_sigma_meta *meta)
{
    int r = add_id(document, meta);
    check_title(document, meta);
    if (r == 0)
        r = add_name(document, meta->id);
    if (r == 0)
        r = add_name(document, meta->name);
    return r < 0 ? r : add_name(document, meta->title);
}

/* Adds the document's record to the set. */
static int add_record(struct np_sigma_document *document, const struct np_sigma_meta *meta,
                      const char *type)
{
    struct np_rule_set *set = document->set;
    struct np_rule_doc record = {
        .file = document->file,
        .index = document->index,
        .line = document->root->line,
        .id = meta->id,
        .title = meta->title,
        .type = type,
        .level = strcmp(type, "detection") == 0 ? np_level_name(meta->level) : meta->priority,
        .product = meta->product,
        .category = meta->category,
        .service = meta->service,
        .tags = meta->tags,
        .tag_count = meta->tag_count,
        .language = NP_LANGUAGE_SIGMA,
        .status = document->errors > 0     ? NP_DOC_ERROR
                  : document->warnings > 0 ? NP_DOC_WARNING
                                           : NP_DOC_OK,
    };
    set->refused += document->errors > 0;
    return np_vec_push(&set->docs, record, NP_RULES_MAX);
}

/* Loads what the document is; a limit that it hits is a reason to refuse it. */
static int load_content(struct np_sigma_document *document, struct np_sigma_meta *meta,
                        const struct kind *kind)
{
    const struct np_yaml_node *action = np_yaml_get(document->root, "action");
    int r = np_sigma_meta_read(document, meta);
    if (np_sigma_is_fatal(r))
        return r;
    r = action != NULL ? refuse_action(document, action) : kind->load(document, meta);
    if (r == -E2BIG)
        r = np_sigma_refuse(document,
                            (struct np_sigma_problem){.code = "limit", .node = document->root},
                            "the rule set grows too large with this document");
    return r;
}

int np_sigma_load(struct np_rule_set *set, const struct np_yaml_node *root, const char *file,
                  uint32_t index, struct np_diag_list *diags)
{
    struct np_sigma_document document = {
        .set = set, .diags = diags, .root = root, .file = file, .index = index};
    struct np_sigma_meta meta = {};
    const struct kind *kind = kind_of(root);
    np_arena_reset(&set->scratch);
    int r = load_content(&document, &meta, kind);
    if (np_sigma_is_fatal(r))
        return r;
    if (document.errors == 0) {
        r = add_names(&document, &meta);
        if (r < 0)
            return r;
    }
    return add_record(&document, &meta, kind->key);
}
