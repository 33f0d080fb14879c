/* SPDX-License-Identifier: Apache-2.0 */
/* See loaded.h. */
#include "cli/rules/loaded.h"

#include "cli/message.h"
#include "sink/line.h"

int np_loaded_open(struct np_loaded *out_loaded, const struct np_args *args,
                   const struct np_loaded_params *params, struct np_err *err)
{
    *out_loaded = (struct np_loaded){};
    np_diag_list_init(&out_loaded->diags);
    int r = np_field_set_new(&out_loaded->fields);
    if (r == 0)
        r = np_rule_set_new(&out_loaded->set, out_loaded->fields);
    if (r == 0) {
        np_rule_set_keep_notes(out_loaded->set);
        r = np_rule_files_load(out_loaded->set, args, params->defaults, &out_loaded->diags, err);
    }
    if (r < 0)
        return r;
    size_t count = 0;
    (void) np_rule_set_docs(out_loaded->set, &count);
    if (count == 0)
        return np_fail(err, -EINVAL, "no rule document was found");
    return np_outputs_open(&out_loaded->outputs, args, params->formats, params->format_count, err);
}

void np_loaded_done(struct np_loaded *loaded)
{
    np_outputs_done(&loaded->outputs);
    np_diag_list_done(&loaded->diags);
    np_rule_set_free(&loaded->set);
    np_field_set_free(&loaded->fields);
}

int np_loaded_status(int r, const struct np_err *err, int status)
{
    if (r == 0 || r == -EPIPE) /* the reader of the output has gone, which is no failure */
        return status;
    np_message("%s", err->msg[0] != '\0' ? err->msg : strerror(-r));
    return r == -ENOMEM ? NP_EXIT_FAILURE : status;
}

bool np_diag_is_of(const struct np_diag *diag, const struct np_rule_doc *doc)
{
    return diag->document == doc->index && strcmp(diag->place.file, doc->file) == 0;
}

void np_add_safe(struct np_buf *buf, const char *text)
{
    np_escape(buf, np_span_of(text), np_message_charset());
}

void np_diag_add_line(struct np_buf *buf, const struct np_diag *diag)
{
    np_add_safe(buf, diag->place.file);
    if (diag->place.line > 0)
        (void) np_buf_printf(buf, ":%u", diag->place.line);
    if (diag->place.line > 0 && diag->place.column > 0)
        (void) np_buf_printf(buf, ":%u", diag->place.column);
    (void) np_buf_add_str(buf, diag->severity == NP_SEVERITY_ERROR ? ": error: " : ": warning: ");
    np_add_safe(buf, diag->message);
    if (diag->hint != NULL && diag->hint[0] != '\0') {
        (void) np_buf_add_str(buf, " (");
        np_add_safe(buf, diag->hint);
        (void) np_buf_add_str(buf, ")");
    }
    (void) np_buf_add_char(buf, '\n');
}

/* A text that a problem may lack. */
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

void np_line_diagnostics(struct np_json_writer *writer, const struct np_loaded *loaded,
                         const struct np_rule_doc *doc)
{
    const struct np_diag_list *diags = &loaded->diags;
    np_json_begin_array(writer, "diagnostics");
    for (size_t i = 0; doc->status != NP_DOC_OK && i < diags->diags.len; i++)
        if (np_diag_is_of(&diags->diags.items[i], doc))
            write_diag(writer, &diags->diags.items[i]);
    np_json_end_array(writer);
}

void np_line_rule(struct np_buf *buf, const struct np_loaded *loaded, const struct np_rule_doc *doc)
{
    static const char *const statuses[] = {
        [NP_DOC_OK] = "ok", [NP_DOC_WARNING] = "warning", [NP_DOC_ERROR] = "error"};
    struct np_json_writer writer;
    np_line_begin(&writer, buf, "rule");
    np_json_cstr(&writer, "file", doc->file);
    np_json_uint(&writer, "index", doc->index);
    np_json_cstr(&writer, "id", doc->id);
    np_json_cstr(&writer, "title", doc->title);
    np_json_cstr(&writer, "language", np_rule_language_name(doc->language));
    np_json_cstr(&writer, "type", doc->type);
    np_json_cstr(&writer, "status", statuses[doc->status]);
    np_line_diagnostics(&writer, loaded, doc);
    np_line_end(&writer);
}

int np_loaded_write_sum(const struct np_loaded *loaded, const bool *wanted, struct np_out *out,
                        struct np_err *err)
{
    size_t count = 0;
    size_t sum = 0;
    size_t by_status[3] = {};
    const struct np_rule_doc *docs = np_rule_set_docs(loaded->set, &count);
    for (size_t i = 0; i < count; i++)
        if (wanted == NULL || wanted[i]) {
            sum++;
            by_status[docs[i].status]++;
        }
    (void) np_buf_printf(np_out_buf(out), "%zu documents: %zu ok, %zu with warnings, %zu refused\n",
                         sum, by_status[NP_DOC_OK], by_status[NP_DOC_WARNING],
                         by_status[NP_DOC_ERROR]);
    return np_out_commit(out, err);
}
