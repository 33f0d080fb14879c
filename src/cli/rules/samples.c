/* SPDX-License-Identifier: Apache-2.0 */
/* The records that stand beside a rule file. */
#include "cli/rules/tests.h"

#include <stdio.h>

#include "codec/json/json.h"
#include "codec/json/split.h"
#include "codec/yaml.h"
#include "source/source.h"

/* The kinds of samples, by what stands for the rule file's extension. */
static const struct kind {
    const char *extension;
    bool want;
} kinds[] = {
    {".hit.json", true},
    {".hit.ndjson", true},
    {".miss.json", false},
    {".miss.ndjson", false},
};

/* One file of samples, read. */
struct sample {
    const char *path;
    bool want;
    struct np_span text;
    uint32_t records;
    size_t counted; /* bytes whose lines are in `line` */
    uint32_t line;
};

struct job {
    struct np_tester *tester;
    struct np_tests *tests;
    struct np_test_file *file;
};

/* The line at `offset`, which does not go back from one call to the next. */
static uint32_t line_at(struct sample *sample, uint64_t offset)
{
    for (; sample->counted < offset; sample->counted++)
        sample->line += sample->text.ptr[sample->counted] == '\n';
    return sample->line;
}

static const char *problem_of(enum np_piece_kind kind)
{
    switch (kind) {
    case NP_PIECE_BROKEN:
        return "JSON that does not close";
    case NP_PIECE_TOO_LONG:
        return "a record longer than is read";
    case NP_PIECE_TOO_DEEP:
        return "a record deeper than is read";
    case NP_PIECE_NO_OBJECT:
        return "a JSON value that is no object";
    case NP_PIECE_NO_JSON:
    case NP_PIECE_RECORD:
    case NP_PIECE_LINE:
    case NP_PIECE_KIND_MAX:
        break;
    }
    return "bytes that are no JSON";
}

/* Marks the rules that the record was a sample of. */
static void mark(struct np_test_file *file, const struct np_test_record *record,
                 const struct np_test_answer *answer)
{
    if (record->want && file->count > 1) {
        file->rules[answer->spoke].has_sample |= answer->passed;
        return;
    }
    for (size_t i = 0; i < file->count; i++)
        file->rules[i].has_sample = true;
}

static int test_piece(const struct job *job, struct sample *sample, const struct np_piece *piece)
{
    struct np_test_record record = {piece->bytes, sample->path, sample->want};
    struct np_test_answer answer = {};
    if (piece->kind == NP_PIECE_RECORD) {
        int r = np_tester_ask(job->tester, job->tests, &record, job->file, &answer);
        if (r < 0)
            return r;
        mark(job->file, &record, &answer);
    } else {
        answer.problem = problem_of(piece->kind);
    }
    return np_tests_add(job->tests, (struct np_test){
                                        .status = answer.passed ? NP_TEST_PASSED : NP_TEST_FAILED,
                                        .doc = job->file->rules[answer.spoke].doc,
                                        .place = {sample->path, line_at(sample, piece->offset), 0},
                                        .record = ++sample->records,
                                        .want = sample->want,
                                        .problem = answer.problem,
                                    });
}

/* Tests every record of the sample; one without any says nothing, which cannot be meant. */
static int test_sample(const struct job *job, struct sample *sample)
{
    struct np_split split;
    struct np_piece piece;
    np_split_init(&split, (struct np_split_params){.max_record = NP_RECORD_MAX_BYTES,
                                                   .max_depth = NP_JSON_MAX_DEPTH,
                                                   .unwrap = true});
    int r = 0;
    while (r == 0 && np_split_next(&split, sample->text, true, &piece) == NP_SPLIT_PIECE)
        r = test_piece(job, sample, &piece);
    if (r < 0 || sample->records > 0)
        return r;
    return np_tests_add(job->tests, (struct np_test){.status = NP_TEST_FAILED,
                                                     .doc = job->file->rules[0].doc,
                                                     .place = {sample->path, 1, 0},
                                                     .want = sample->want,
                                                     .problem = "there is no record in it"});
}

/* The path of the sample of that kind beside the rule file; NULL when memory is out. */
static const char *sample_path(struct np_tests *tests, const char *rule_path, const char *extension)
{
    np_auto_buf struct np_buf path;
    const char *dot = strrchr(rule_path, '.');
    const char *slash = strrchr(rule_path, '/');
    bool has_extension = dot != NULL && (slash == NULL || dot > slash);
    size_t len = has_extension ? (size_t) (dot - rule_path) : strlen(rule_path);
    np_buf_init(&path, SIZE_MAX / 2);
    (void) np_buf_add(&path, rule_path, len);
    return np_buf_add_str(&path, extension) < 0
               ? NULL
               : np_arena_strdup(&tests->texts, np_buf_span(&path));
}

static int test_kind(const struct job *job, const struct kind *kind, struct np_err *err)
{
    np_auto_buf struct np_buf text;
    np_buf_init(&text, (size_t) 2 * NP_YAML_MAX_BYTES);
    const char *path = sample_path(job->tests, job->file->path, kind->extension);
    if (path == NULL)
        return -ENOMEM;
    int r = np_rule_file_read(&text, path, err);
    if (r == 0)
        r = np_buf_reserve(&text, NP_JSON_PADDING);
    if (r < 0)
        return r == -ENOENT ? 0 : r;
    struct sample sample = {
        .path = path, .want = kind->want, .text = np_buf_span(&text), .line = 1};
    return test_sample(job, &sample);
}

int np_samples_test(struct np_tester *tester, struct np_tests *tests, struct np_test_file *file,
                    struct np_err *err)
{
    struct job job = {tester, tests, file};
    int r = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(kinds) && r == 0; i++)
        r = test_kind(&job, &kinds[i], err);
    return r;
}
