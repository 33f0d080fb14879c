/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho rules test`: rules on the records of which it is said whether they match. */
#include "cli/rules/tests.h"

/* Everything that one run owns. */
struct run {
    struct np_loaded loaded;
    struct np_tester *tester;
    struct np_tests tests;
    const char *only;             /* of --rule; NULL = all */
    uint32_t *rule_of;            /* by document: its rule, UINT32_MAX = none */
    struct np_tested_rule *rules; /* room for those of one file */
};

static void run_done(struct run *run)
{
    np_tester_free(&run->tester);
    np_tests_done(&run->tests);
    np_free(run->rule_of);
    np_free(run->rules);
    np_loaded_done(&run->loaded);
}

static bool is_asked_for(const struct run *run, const struct np_rule_doc *doc)
{
    return run->only == NULL || np_span_eq_ascii_fold(np_span_of(doc->id), np_span_of(run->only)) ||
           np_span_eq_ascii_fold(np_span_of(doc->title), np_span_of(run->only));
}

/* What is wrong with a refused document, in short; the problems themselves are told beside it. */
static int add_refused(struct run *run, const struct np_rule_doc *doc)
{
    const struct np_diag_list *diags = &run->loaded.diags;
    struct np_test test = {.status = NP_TEST_REFUSED,
                           .doc = doc,
                           .place = {doc->file, doc->line, 0},
                           .name = NULL,
                           .problem = "the document is refused"};
    for (size_t i = 0; i < diags->diags.len; i++) {
        const struct np_diag *diag = &diags->diags.items[i];
        if (diag->severity != NP_SEVERITY_ERROR || !np_diag_is_of(diag, doc))
            continue;
        test.place = diag->place;
        test.problem = diag->message;
        break;
    }
    return np_tests_add(&run->tests, test);
}

static const char asks_who[] = "a rule of its file asks who acted (nepho.*), which no sample shows";

/* Notes what became of the file's rules beside their records. */
static int finish_file(struct run *run, const struct np_test_file *file)
{
    int r = 0;
    for (size_t i = 0; i < file->count && r == 0; i++) {
        const struct np_tested_rule *rule = &file->rules[i];
        if (!rule->is_asked_for)
            continue;
        run->tests.rules++;
        run->tests.tested += rule->has_sample;
        if (!rule->has_sample)
            r = np_tests_add(&run->tests,
                             (struct np_test){.status = NP_TEST_UNTESTED,
                                              .doc = rule->doc,
                                              .place = {rule->doc->file, rule->doc->line, 0},
                                              .problem = file->asks_who ? asks_who : NULL});
    }
    return r;
}

/* Tests the documents of one file: `docs` up to `end`. */
static int test_file(struct run *run, const struct np_rule_doc *docs, size_t first, size_t end,
                     struct np_err *err)
{
    struct np_test_file file = {.path = docs[first].file, .rules = run->rules};
    bool any = false;
    int r = 0;
    for (size_t i = first; i < end && r == 0; i++) {
        bool asked_for = is_asked_for(run, &docs[i]);
        if (docs[i].status == NP_DOC_ERROR && asked_for)
            r = add_refused(run, &docs[i]);
        if (run->rule_of[i] == UINT32_MAX)
            continue;
        any = any || asked_for;
        file.asks_who = file.asks_who || np_rule_set_asks_who(run->loaded.set, run->rule_of[i]);
        file.rules[file.count++] = (struct np_tested_rule){
            .doc = &docs[i], .rule = run->rule_of[i], .is_asked_for = asked_for};
    }
    if (r < 0 || !any)
        return r;
    if (file.asks_who)
        return finish_file(run, &file);
    r = np_samples_test(run->tester, &run->tests, &file, err);
    if (r == 0)
        r = np_inline_test(run->tester, &run->tests, &file, err);
    return r < 0 ? r : finish_file(run, &file);
}

static int test_all(struct run *run, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(run->loaded.set, &count);
    int r = 0;
    for (size_t first = 0, end = 0; first < count && r == 0; first = end) {
        while (end < count && docs[end].file == docs[first].file)
            end++;
        r = test_file(run, docs, first, end, err);
    }
    return r;
}

/* Whether --rule names a document; without it all are asked for. */
static int check_asked_for(const struct run *run, struct np_err *err)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(run->loaded.set, &count);
    for (size_t i = 0; i < count; i++)
        if (is_asked_for(run, &docs[i]))
            return 0;
    return np_fail(err, -EINVAL, "--rule: no rule has the id or title '%s'", run->only);
}

/* Opens everything but the rules themselves. */
static int prepare(struct run *run, struct np_err *err)
{
    size_t docs = 0;
    (void) np_rule_set_docs(run->loaded.set, &docs);
    int r = check_asked_for(run, err);
    if (r == 0)
        r = np_rule_set_compile(run->loaded.set, err);
    if (r == 0)
        r = np_tester_new(&run->tester, &run->loaded, err);
    if (r < 0)
        return r;
    run->rules = np_alloc_array(docs, sizeof(run->rules[0]));
    run->rule_of = np_alloc_array(docs, sizeof(run->rule_of[0]));
    if (run->rules == NULL || run->rule_of == NULL)
        return -ENOMEM;
    memset(run->rule_of, UINT8_MAX, docs * sizeof(run->rule_of[0]));
    for (uint32_t i = 0; i < np_rule_set_loaded(run->loaded.set); i++)
        run->rule_of[np_rule_set_doc_of(run->loaded.set, i)] = i;
    return 0;
}

static int load(struct run *run, const struct np_args *args, struct np_err *err)
{
    static const char *const formats[] = {"table", "ndjson", "sarif", "junit"};
    static const struct np_loaded_params params = {NP_DEFAULT_RULES_NEVER, formats,
                                                   NP_ARRAY_LEN(formats)};
    if (!np_args_has(args, NP_OPT_RULES))
        return np_fail(err, -EINVAL,
                       "name the rules to be tested with -r; the shipped ones have no samples "
                       "inside the program");
    int r = np_loaded_open(&run->loaded, args, &params, err);
    return r < 0 ? r : prepare(run, err);
}

int np_cli_rules_test(const struct np_args *args)
{
    struct run run = {.only = np_args_get(args, NP_OPT_RULE)};
    struct np_err err = {};
    np_tests_init(&run.tests);
    int r = load(&run, args, &err);
    int status = NP_EXIT_USAGE;
    if (r == 0) {
        r = test_all(&run, &err);
        if (r == 0)
            r = np_tests_write(&run.loaded, &run.tests, &err);
        bool is_found = run.tests.counts[NP_TEST_FAILED] + run.tests.counts[NP_TEST_REFUSED] > 0;
        status = r < 0 && r != -EPIPE ? NP_EXIT_FAILURE : is_found ? NP_EXIT_FOUND : NP_EXIT_OK;
    }
    status = np_loaded_status(r, &err, status);
    run_done(&run);
    return status;
}
