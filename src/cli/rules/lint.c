/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho rules lint`: each problem in rule files, with its place. */
#include "cli/rules/loaded.h"
#include "cli/rules/sarif.h"

static int write_ndjson(const struct np_loaded *loaded, struct np_out *out, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(loaded->set, &count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        np_line_rule(np_out_buf(out), loaded, &docs[i]);
        r = np_out_commit(out, err);
    }
    return r;
}

static int write_table(const struct np_loaded *loaded, struct np_out *out, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < loaded->diags.diags.len && r == 0; i++) {
        np_diag_add_line(np_out_buf(out), &loaded->diags.diags.items[i]);
        r = np_out_commit(out, err);
    }
    return r < 0 ? r : np_loaded_write_sum(loaded, NULL, out, err);
}

static int write_sarif(const struct np_loaded *loaded, struct np_out *out, struct np_err *err)
{
    struct np_sarif sarif = {};
    int r = 0;
    for (size_t i = 0; i < loaded->diags.diags.len && r == 0; i++)
        r = np_sarif_add_diag(&sarif, &loaded->diags.diags.items[i]);
    r = r < 0 ? np_fail(err, r, "out of memory") : np_sarif_write(&sarif, out, err);
    np_sarif_done(&sarif);
    return r;
}

static int write_all(struct np_loaded *loaded, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < loaded->outputs.count && r == 0; i++) {
        struct np_output *output = &loaded->outputs.items[i];
        if (np_span_is(output->format, "ndjson"))
            r = write_ndjson(loaded, output->out, err);
        else if (np_span_is(output->format, "sarif"))
            r = write_sarif(loaded, output->out, err);
        else
            r = write_table(loaded, output->out, err);
    }
    return r < 0 ? r : np_outputs_flush(&loaded->outputs, err);
}

int np_cli_rules_lint(const struct np_args *args)
{
    static const char *const formats[] = {"table", "ndjson", "sarif"};
    static const char *const formats_of_codes[] = {"ndjson", "table",
                                                   "sarif"}; /* its default first */
    const struct np_loaded_params params = {
        NP_DEFAULT_RULES_IF_NONE,
        np_args_has(args, NP_OPT_CODES) ? formats_of_codes : formats,
        NP_ARRAY_LEN(formats),
    };
    struct np_loaded loaded;
    struct np_err err = {};
    int r = np_loaded_open(&loaded, args, &params, &err);
    int status = NP_EXIT_USAGE;
    if (r == 0) {
        r = write_all(&loaded, &err);
        status = r < 0 && r != -EPIPE                  ? NP_EXIT_FAILURE
                 : np_rule_set_refused(loaded.set) > 0 ? NP_EXIT_FOUND
                                                       : NP_EXIT_OK;
    }
    status = np_loaded_status(r, &err, status);
    np_loaded_done(&loaded);
    return status;
}
