/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules put to the test: records of which it is said whether a rule matches them, and what came of
 * it.
 *
 * Beside NAME.yml stand NAME.hit.json and NAME.miss.json (or .ndjson), in any form in which records
 * are read elsewhere. Of a rule that is alone in its file each record of the first must match, and
 * none of the second may; where a file has several rules, each record of the first must match one
 * of them. Inside a document `tests:` is a list of {name, event, match}, as other packs spell it
 * too.
 *
 *   samples.c  the records beside rules
 *   inline.c   the tests inside them
 *   tester.c   asking rules about a record
 *   report.c   telling what came of it
 */
#pragma once

#include "cli/rules/loaded.h"
#include "engine/engine.h"
#include "rule/cost.h"

enum np_test_status {
    NP_TEST_PASSED,
    NP_TEST_FAILED,
    NP_TEST_UNTESTED, /* a rule of which there is no sample */
    NP_TEST_REFUSED,  /* a document with status error */
    NP_TEST_STATUS_MAX
};

struct np_test {
    enum np_test_status status;
    const struct np_rule_doc
        *doc;              /* of a file with several rules the one that spoke, else the first */
    struct np_place place; /* of the record; else of the document */
    const char *name;      /* of a test inside a document; NULL = there is none */
    uint32_t record; /* number in its file, from 1; 0 = it is not about a record beside a rule */
    bool want;       /* the rule must match */
    const char
        *problem; /* why it could not be asked; NULL = it could, or nothing was there to ask */
};

/* Everything that was tested, in the order of the rules. */
struct np_tests {
    NP_VEC(struct np_test) tests;
    struct np_arena texts;
    size_t counts[NP_TEST_STATUS_MAX];
    size_t rules;  /* that run and were asked for */
    size_t tested; /* of them, with a sample */
};

void np_tests_init(struct np_tests *tests);
void np_tests_done(struct np_tests *tests);

/* Adds one (texts are kept as they are): 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_tests_add(struct np_tests *tests, struct np_test test);

/* A rule of the file at hand. */
struct np_tested_rule {
    const struct np_rule_doc *doc;
    uint32_t rule;
    bool is_asked_for; /* by --rule, or there is none */
    bool has_sample;
};

/* What is tested together: the rules of one file that run. */
struct np_test_file {
    const char *path;
    struct np_tested_rule *rules;
    size_t count;  /* at least 1 */
    bool asks_who; /* one of them does: samples say nothing of the file's rules */
};

struct np_tester;

/* For a set that is compiled: 0 or -ENOMEM; -EINVAL for a field that no record can have. */
NP_NODISCARD int np_tester_new(struct np_tester **out_tester, const struct np_loaded *loaded,
                               struct np_err *err);
void np_tester_free(struct np_tester **tester);

/* A record to be asked about. */
struct np_test_record {
    struct np_span bytes; /* NP_JSON_PADDING readable bytes behind them */
    const char *object;   /* where it stands */
    bool want;
};

/* What comes of it. */
struct np_test_answer {
    bool passed;
    const char *problem; /* as in np_test, made in `texts` of the tests */
    size_t spoke;        /* the rule that decided, an index */
};

/*
 * Asks the file's rules about a record: it is as wanted where one of them matches, or none does.
 * The rules' log source is taken for granted. A record of a known kind is read as what it is, any other
 * JSON object as it stands. 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_tester_ask(struct np_tester *tester, struct np_tests *tests,
                               const struct np_test_record *record, const struct np_test_file *file,
                               struct np_test_answer *out_answer);

/* Tests the file's rules on the records beside it: 0 or a negative errno. */
NP_NODISCARD int np_samples_test(struct np_tester *tester, struct np_tests *tests,
                                 struct np_test_file *file, struct np_err *err);

/* Tests the file's rules on the tests inside their documents. */
NP_NODISCARD int np_inline_test(struct np_tester *tester, struct np_tests *tests,
                                struct np_test_file *file, struct np_err *err);

/* Appends what is wrong where a test did not pass: "record 2 must match 'x', but does not". */
void np_test_explain(struct np_buf *buf, const struct np_test *test);

/* Writes what came of it to the outputs: 0 or a negative errno. */
NP_NODISCARD int np_tests_write(struct np_loaded *loaded, struct np_tests *tests,
                                struct np_err *err);
