/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule set while it is filled: files into documents, documents to the front end of their
 * language.
 */
#include <errno.h>

#include "base/alloc.h"
#include "codec/yaml.h"
#include "rule/falco/interest.h"
#include "rule/falco/load/load.h"
#include "rule/rule_internal.h"
#include "rule/sigma/sigma.h"

/* A file that is being loaded. */
struct load {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    const char *file;
    bool is_falco;  /* as far as its first line tells, for documents that cannot be read */
    uint32_t index; /* of the next document, each item of Falco's counting as one */
    struct np_sigma_collection collection;
};

int np_rule_set_new(struct np_rule_set **out_set, struct np_field_set *fields)
{
    struct np_rule_set *set = np_alloc(sizeof(*set));
    if (set == NULL)
        return -ENOMEM;
    set->field_names = fields;
    np_ir_init(&set->ir);
    np_arena_init(&set->arena, SIZE_MAX);
    np_arena_init(&set->file_arena, SIZE_MAX);
    np_arena_init(&set->scratch, SIZE_MAX);
    np_map_init(&set->ids, NP_RULES_MAX);
    np_map_init(&set->names, NP_RULE_NAMES_MAX);
    *out_set = set;
    return 0;
}

void np_rule_set_free(struct np_rule_set **set)
{
    if (set == NULL || *set == NULL)
        return;
    struct np_rule_set *s = *set;
    np_rule_index_free(&s->index);
    np_falco_book_free(&s->falco);
    np_vec_done(&s->rules);
    np_vec_done(&s->docs);
    np_vec_done(&s->links);
    np_vec_done(&s->suspects);
    np_vec_done(&s->name_list);
    np_vec_done(&s->appended);
    np_vec_done(&s->notes.items);
    np_map_done(&s->ids);
    np_map_done(&s->names);
    np_arena_done(&s->scratch);
    np_arena_done(&s->file_arena);
    np_arena_done(&s->arena);
    np_ir_done(&s->ir);
    np_free(s);
    *set = NULL;
}

void np_rule_set_keep_notes(struct np_rule_set *set)
{
    set->notes.wanted = true;
}

/* ---- loading */

int np_rule_set_load_values(struct np_rule_set *set, const char *file, struct np_span text,
                            struct np_diag_list *diags)
{
    return np_sigma_load_values(set, file, text, diags);
}

/* The stem of a problem with a whole document. */
static struct np_diag problem(const struct load *load, uint32_t index, uint32_t line,
                              const char *code)
{
    return (struct np_diag){
        .place = {load->file, line, line > 0 ? 1 : 0},
        .severity = NP_SEVERITY_ERROR,
        .code = code,
        .document = index,
    };
}

/* The record of a document of which nothing is read. */
static int add_record(struct load *load, uint32_t index, uint32_t line, struct np_rule_doc record)
{
    record.file = load->file;
    record.index = index;
    record.line = line;
    record.id = record.title = record.level = "";
    record.product = record.category = record.service = "";
    load->set->refused += record.status == NP_DOC_ERROR;
    return np_vec_push(&load->set->docs, record, NP_RULES_MAX);
}

static int refuse_document(struct load *load, uint32_t index, uint32_t line)
{
    struct np_rule_doc record = {
        .type = load->is_falco ? "rule" : "detection",
        .language = load->is_falco ? NP_LANGUAGE_FALCO : NP_LANGUAGE_SIGMA,
        .status = NP_DOC_ERROR,
    };
    load->collection.previous = NULL;
    return add_record(load, index, line, record);
}

static int refuse_scalar(struct load *load, const struct np_yaml_node *root, uint32_t index)
{
    struct np_diag diag = problem(load, index, root->line, "not-a-rule");
    diag.hint = "a rule begins with 'title:'";
    np_diag_add(load->diags, diag, "this is a text, not a rule");
    return refuse_document(load, index, root->line);
}

static int load_sigma(struct load *load, const struct np_yaml_node *root, uint32_t index)
{
    int r = np_sigma_collection_next(&load->collection, root, &root);
    if (r == -E2BIG) {
        np_diag_add(load->diags, problem(load, index, root->line, "limit"),
                    "the global documents of this file are too large to go into all others");
        return refuse_document(load, index, root->line);
    }
    if (r < 0 || root == NULL)
        return r;
    return np_sigma_load(load->set, root, load->file, index, load->diags);
}

static bool is_empty(const struct np_yaml_node *root)
{
    return root->kind == NP_YAML_SCALAR && np_yaml_type(root) == NP_YAML_NULL;
}

static int load_document(struct load *load, const struct np_yaml_node *root, uint32_t index)
{
    if (root == NULL) /* told by the YAML reader */
        return refuse_document(load, index, 0);
    switch (root->kind) {
    case NP_YAML_MAPPING:
        return load_sigma(load, root, index);
    case NP_YAML_SEQUENCE:
        return np_falco_load(load->set, root, load->file, index, load->diags);
    default:
        return is_empty(root) ? 0 : refuse_scalar(load, root, index);
    }
}

/* How many documents of a rule set stand in one of YAML. */
static uint32_t document_count(const struct np_yaml_node *root)
{
    return root != NULL && root->kind == NP_YAML_SEQUENCE ? (uint32_t) root->count : 1;
}

static int load_documents(struct load *load, const struct np_yaml_node *const *documents,
                          size_t count)
{
    size_t empty = 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (load->set->docs.len >= NP_RULES_MAX) {
            np_diag_add(load->diags, problem(load, load->index, 0, "limit"),
                        "more than %d documents; nothing from here on is loaded", NP_RULES_MAX);
            return 0;
        }
        r = load_document(load, documents[i], load->index);
        load->index += document_count(documents[i]);
        empty += documents[i] != NULL && is_empty(documents[i]);
    }
    if (r < 0 || empty < count)
        return r;
    struct np_rule_doc record = {
        .type = "detection", .language = NP_LANGUAGE_SIGMA, .status = NP_DOC_WARNING};
    struct np_diag diag = problem(load, 0, 0, "empty-file");
    diag.severity = NP_SEVERITY_WARNING;
    np_diag_add(load->diags, diag, "there is no rule in this file");
    return add_record(load, 0, 0, record);
}

/* Whether the first line that says something begins an item of a list. */
static bool looks_like_falco(struct np_span text)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        struct np_span line = end != NULL ? np_span_head(text, (size_t) (end - text.ptr)) : text;
        text = np_span_from(text, line.len + (end != NULL));
        if (np_span_trim(line).len == 0 || line.ptr[0] == '#' || line.ptr[0] == '%' ||
            np_span_starts(line, NP_SPAN("---")))
            continue;
        return np_span_starts(line, NP_SPAN("- "));
    }
    return false;
}

/*
 * Gives what the YAML reader told, from `first` on, the numbers of documents as they are counted here, and in a file of Falco's
 * the codes of Falco.
 */
static void adapt_problems(const struct load *load, const struct np_yaml_node *const *documents,
                           size_t first)
{
    uint32_t yaml_index = 0;
    uint32_t index = 0;
    for (size_t i = first; i < load->diags->diags.len; i++) {
        struct np_diag *diag = &load->diags->diags.items[i];
        for (; yaml_index < diag->document; yaml_index++) /* ascending */
            index += document_count(documents[yaml_index]);
        diag->document = index;
        if (load->is_falco)
            diag->code = strncmp(diag->code, "yaml-", 5) == 0 ? "LOAD_ERR_YAML_PARSE"
                                                              : "LOAD_ERR_YAML_VALIDATE";
    }
}

int np_rule_set_load(struct np_rule_set *set, const char *file, struct np_span text,
                     struct np_diag_list *diags)
{
    np_arena_reset(&set->file_arena);
    struct load load = {
        .set = set,
        .diags = diags,
        .file = np_arena_strdup(&set->arena, np_span_of(file)),
        .is_falco = looks_like_falco(text),
        .collection = {.arena = &set->file_arena},
    };
    if (load.file == NULL)
        return -ENOMEM;
    const struct np_yaml_node *const *documents = NULL;
    size_t count = 0;
    size_t problems = diags->diags.len;
    int r = np_yaml_load(&documents, &count, &set->file_arena, load.file, text, diags);
    if (r < 0)
        return r;
    adapt_problems(&load, documents, problems);
    return load_documents(&load, documents, count);
}

int np_rule_set_link(struct np_rule_set *set, struct np_diag_list *diags)
{
    int r = np_sigma_link(set, diags);
    return r < 0 ? r : np_falco_finish(set, diags);
}

/* Gives the rules that ask who acted a condition that a record can answer. */
static int relax_rules(struct np_rule_set *set)
{
    int r = 0;
    for (size_t i = 0; i < set->rules.len && r == 0; i++) {
        struct np_rule *rule = &set->rules.items[i];
        for (size_t k = 0; k < rule->field_count && !rule->asks_who; k++)
            rule->asks_who = np_field_asks_who(rule->fields[k]);
        if (rule->asks_who)
            r = np_ir_relax(&set->ir, rule->condition, &rule->relaxed);
    }
    return r;
}

int np_rule_set_compile(struct np_rule_set *set, struct np_err *err)
{
    NP_ASSERT(set->index == NULL); /* once */
    int r = relax_rules(set);
    if (r == 0)
        r = np_rule_index_new(&set->index, set);
    if (r == 0)
        r = np_rule_set_tell_interest(set);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

/* ---- reading */

static bool is_named(const struct np_rule *rule, struct np_span name)
{
    return np_span_eq_ascii_fold(np_span_of(rule->info.id), name) ||
           np_span_eq_ascii_fold(np_span_of(rule->info.title), name);
}

size_t np_rule_set_exclude(struct np_rule_set *set, struct np_span name)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->rules.len; i++)
        if (!is_named(&set->rules.items[i], name))
            set->rules.items[kept++] = set->rules.items[i];
    size_t excluded = set->rules.len - kept;
    set->rules.len = kept;
    return excluded;
}

const struct np_rule_doc *np_rule_set_docs(const struct np_rule_set *set, size_t *out_count)
{
    *out_count = set->docs.len;
    return set->docs.items;
}

size_t np_rule_set_loaded(const struct np_rule_set *set)
{
    return set->rules.len;
}

size_t np_rule_set_refused(const struct np_rule_set *set)
{
    return set->refused;
}

const struct np_rule_info *np_rule_set_info(const struct np_rule_set *set, uint32_t rule)
{
    return &set->rules.items[rule].info;
}

const np_field_id *np_rule_set_fields(const struct np_rule_set *set, uint32_t rule,
                                      size_t *out_count)
{
    *out_count = set->rules.items[rule].field_count;
    return set->rules.items[rule].fields;
}

struct np_finding_evidence np_rule_set_evidence(const struct np_rule_set *set, uint32_t rule)
{
    const struct np_rule *item = &set->rules.items[rule];
    return (struct np_finding_evidence){item->fields, item->field_count, item->output};
}

bool np_rule_set_asks_who(const struct np_rule_set *set, uint32_t rule)
{
    return set->rules.items[rule].asks_who;
}

uint32_t np_rule_set_doc_of(const struct np_rule_set *set, uint32_t rule)
{
    return set->rules.items[rule].doc;
}
