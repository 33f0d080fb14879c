/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho rules list` and `nepho rules lint`: the documents of rule files, one line each, or each problem. */
#include <stdio.h>

#include "cli/message.h"
#include "cli/outputs.h"
#include "cli/rule_files.h"
#include "codec/json/write.h"

static const char *const formats[] = {"table", "ndjson"};

struct rules {
    struct np_field_set *fields;
    struct np_rule_set *set;
    struct np_diag_list diags;
    struct np_outputs outputs;
    bool lint;
};

static void rules_done(struct rules *rules)
{
    np_outputs_done(&rules->outputs);
    np_diag_list_done(&rules->diags);
    np_rule_set_free(&rules->set);
    np_field_set_free(&rules->fields);
}

static const char *status_name(enum np_doc_status status)
{
    static const char *const names[] = {
        [NP_DOC_OK] = "ok", [NP_DOC_WARNING] = "warning", [NP_DOC_ERROR] = "error"};
    return names[status];
}

static bool is_of(const struct np_diag *diag, const struct np_rule_doc *doc)
{
    return diag->document == doc->index && strcmp(diag->place.file, doc->file) == 0;
}

/* A text that the document may lack. */
static void optional_text(struct np_json_writer *writer, const char *key, const char *text)
{
    np_json_cstr(writer, key, text != NULL && text[0] != '\0' ? text : NULL);
}

static void write_diag(struct np_json_writer *writer, const struct np_diag *diag)
{
    np_json_begin_object(writer, NULL);
    np_json_uint(writer, "line", diag->place.line);
    np_json_uint(writer, "column", diag->place.column);
    np_json_cstr(writer, "severity", diag->severity == NP_SEVERITY_ERROR ? "error" : "warning");
    np_json_cstr(writer, "code", diag->code);
    np_json_cstr(writer, "message", diag->message);
    optional_text(writer, "hint", diag->hint);
    optional_text(writer, "item", diag->item);
    np_json_end_object(writer);
}

/* One document as the contract's `rule` object. */
static void write_doc(struct np_buf *buf, const struct rules *rules, const struct np_rule_doc *doc)
{
    struct np_json_writer writer;
    np_json_writer_init(&writer, buf);
    np_json_begin_object(&writer, NULL);
    np_json_uint(&writer, "schema_version", 1);
    np_json_cstr(&writer, "kind", "rule");
    np_json_cstr(&writer, "file", doc->file);
    np_json_uint(&writer, "index", doc->index);
    np_json_cstr(&writer, "id", doc->id);
    np_json_cstr(&writer, "title", doc->title);
    np_json_cstr(&writer, "language", np_rule_language_name(doc->language));
    np_json_cstr(&writer, "type", doc->type);
    np_json_cstr(&writer, "status", status_name(doc->status));
    np_json_begin_array(&writer, "diagnostics");
    const struct np_diag_list *diags = &rules->diags;
    for (size_t i = 0; doc->status != NP_DOC_OK && i < diags->diags.len; i++)
        if (is_of(&diags->diags.items[i], doc))
            write_diag(&writer, &diags->diags.items[i]);
    np_json_end_array(&writer);
    np_json_end_object(&writer);
    (void) np_buf_add_char(buf, '\n'); /* errors stay in the buffer */
}

static int write_ndjson(struct rules *rules, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(rules->set, &count);
    for (size_t i = 0; i < count; i++) {
        write_doc(np_out_buf(out), rules, &docs[i]);
        int r = np_out_commit(out, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Appends formatted text, made safe for a terminal. */
static void add_safe(struct np_buf *buf, const char *text)
{
    np_escape(buf, np_span_of(text), np_message_charset());
}

static void write_problem(struct np_buf *buf, const struct np_diag *diag)
{
    add_safe(buf, diag->place.file);
    if (diag->place.line > 0)
        (void) np_buf_printf(buf, ":%u", diag->place.line);
    if (diag->place.line > 0 && diag->place.column > 0)
        (void) np_buf_printf(buf, ":%u", diag->place.column);
    (void) np_buf_add_str(buf, diag->severity == NP_SEVERITY_ERROR ? ": error: " : ": warning: ");
    add_safe(buf, diag->message);
    if (diag->hint != NULL && diag->hint[0] != '\0') {
        (void) np_buf_add_str(buf, " (");
        add_safe(buf, diag->hint);
        (void) np_buf_add_str(buf, ")");
    }
    (void) np_buf_add_char(buf, '\n');
}

static int write_problems(struct rules *rules, struct np_out *out, struct np_err *err)
{
    for (size_t i = 0; i < rules->diags.diags.len; i++) {
        write_problem(np_out_buf(out), &rules->diags.diags.items[i]);
        int r = np_out_commit(out, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* "aws/cloudtrail", or what of it the rule names. */
static void add_logsource(struct np_buf *buf, const struct np_rule_doc *doc)
{
    const char *const parts[] = {doc->product, doc->category, doc->service};
    const char *separator = "";
    for (size_t i = 0; i < NP_ARRAY_LEN(parts); i++)
        if (parts[i][0] != '\0') {
            (void) np_buf_add_str(buf, separator);
            add_safe(buf, parts[i]);
            separator = "/";
        }
}

static int write_list(struct rules *rules, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(rules->set, &count);
    np_auto_buf struct np_buf source;
    np_buf_init(&source, 4096);
    for (size_t i = 0; i < count; i++) {
        struct np_buf *buf = np_out_buf(out);
        np_buf_reset(&source);
        add_logsource(&source, &docs[i]);
        (void) np_buf_printf(buf, "%-13s  %-28s  ",
                             docs[i].status == NP_DOC_ERROR ? "refused" : docs[i].level,
                             np_buf_cstr(&source));
        add_safe(buf, docs[i].title);
        (void) np_buf_add_str(buf, "  ");
        add_safe(buf, docs[i].id);
        (void) np_buf_add_char(buf, '\n');
        int r = np_out_commit(out, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* The last line of a table: how many documents there are, by status. */
static int write_sum(struct rules *rules, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    size_t by_status[3] = {};
    const struct np_rule_doc *docs = np_rule_set_docs(rules->set, &count);
    for (size_t i = 0; i < count; i++)
        by_status[docs[i].status]++;
    (void) np_buf_printf(np_out_buf(out), "%zu documents: %zu ok, %zu with warnings, %zu refused\n",
                         count, by_status[NP_DOC_OK], by_status[NP_DOC_WARNING],
                         by_status[NP_DOC_ERROR]);
    return np_out_commit(out, err);
}

static int write_all(struct rules *rules, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < rules->outputs.count && r == 0; i++) {
        struct np_output *output = &rules->outputs.items[i];
        if (np_span_is(output->format, "ndjson")) {
            r = write_ndjson(rules, output->out, err);
            continue;
        }
        r = rules->lint ? write_problems(rules, output->out, err)
                        : write_list(rules, output->out, err);
        if (r == 0)
            r = write_sum(rules, output->out, err);
    }
    return r < 0 ? r : np_outputs_flush(&rules->outputs, err);
}

static int load(struct rules *rules, const struct np_args *args, struct np_err *err)
{
    np_diag_list_init(&rules->diags);
    int r = np_field_set_new(&rules->fields);
    if (r == 0)
        r = np_rule_set_new(&rules->set, rules->fields);
    if (r == 0)
        r = np_rule_files_load(rules->set, args,
                               rules->lint ? NP_DEFAULT_RULES_IF_NONE : NP_DEFAULT_RULES_ALWAYS,
                               &rules->diags, err);
    return r < 0 ? r : np_outputs_open(&rules->outputs, args, formats, NP_ARRAY_LEN(formats), err);
}

static int status_of(const struct rules *rules)
{
    size_t count = 0;
    (void) np_rule_set_docs(rules->set, &count);
    if (count == 0) {
        np_message("no rule document was found");
        return NP_EXIT_USAGE;
    }
    return rules->lint && np_rule_set_refused(rules->set) > 0 ? NP_EXIT_FOUND : NP_EXIT_OK;
}

static int run(const struct np_args *args, bool lint)
{
    struct rules rules = {.lint = lint};
    struct np_err err = {};
    int r = load(&rules, args, &err);
    int status = NP_EXIT_USAGE;
    if (r == 0) {
        r = write_all(&rules, &err);
        status = r == 0 || r == -EPIPE ? status_of(&rules) : NP_EXIT_FAILURE;
    }
    if (r < 0 && r != -EPIPE)
        np_message("%s", err.msg[0] != '\0' ? err.msg : strerror(-r));
    rules_done(&rules);
    return r == -ENOMEM ? NP_EXIT_FAILURE : status;
}

int np_cli_rules_list(const struct np_args *args)
{
    return run(args, false);
}

int np_cli_rules_lint(const struct np_args *args)
{
    return run(args, true);
}
