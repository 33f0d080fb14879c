/* SPDX-License-Identifier: Apache-2.0 */
/* Records to answers. Two plans are tried: that of the known kinds, then any JSON object. */
#include "cli/rules/tests.h"

#include "engine/pieces.h"

enum { TESTS_MAX = 4000000, RECORD_TEXTS_MAX_BYTES = 256 * 1024 * 1024 };

/* One way to read a record. */
struct way {
    struct np_decode_plan *plan;
    struct np_decoder *decoder;
};

enum { WAY_KNOWN, WAY_ANY, WAY_MAX };

struct np_tester {
    struct way ways[WAY_MAX];
    struct np_rule_trial *trial;
    struct np_arena texts; /* of the record at hand */
    struct np_batch batch; /* borrows the record */
};

/* The question while events of its record come in. */
struct question {
    struct np_tester *tester;
    const struct np_test_file *file;
    size_t events;
    size_t spoke;
    enum np_trial_result result; /* the strongest so far */
};

void np_tests_init(struct np_tests *tests)
{
    *tests = (struct np_tests){};
    np_arena_init(&tests->texts, SIZE_MAX);
}

void np_tests_done(struct np_tests *tests)
{
    np_vec_done(&tests->tests);
    np_arena_done(&tests->texts);
}

int np_tests_add(struct np_tests *tests, struct np_test test)
{
    tests->counts[test.status]++;
    return np_vec_push(&tests->tests, test, TESTS_MAX);
}

void np_test_explain(struct np_buf *buf, const struct np_test *test)
{
    if (test->name != NULL)
        (void) np_buf_printf(buf, "test '%s'", test->name);
    else if (test->record > 0)
        (void) np_buf_printf(buf, "record %u", test->record);
    else
        (void) np_buf_add_str(buf, test->want ? "hits" : "misses");
    const char *title = test->doc->title[0] != '\0' ? test->doc->title : test->doc->id;
    if (test->problem != NULL)
        (void) np_buf_printf(buf, " of '%s': %s", title, test->problem);
    else
        (void) np_buf_printf(buf, " must%s match '%s', but does%s", test->want ? "" : " not", title,
                             test->want ? " not" : "");
}

static int init(struct np_tester *tester, const struct np_loaded *loaded, struct np_err *err)
{
    static const struct np_logsource none; /* rules are asked whatever it is */
    const struct np_logsource *const generic[WAY_MAX] = {[WAY_ANY] = &none};
    int r = np_rule_trial_new(&tester->trial, loaded->set);
    for (size_t i = 0; i < WAY_MAX && r == 0; i++) {
        struct way *way = &tester->ways[i];
        r = np_decode_plan_new(&way->plan, loaded->fields, generic[i], err);
        if (r == 0)
            r = np_decoder_new(&way->decoder, way->plan);
    }
    return r;
}

int np_tester_new(struct np_tester **out_tester, const struct np_loaded *loaded, struct np_err *err)
{
    struct np_tester *tester = np_alloc(sizeof(*tester));
    if (tester == NULL)
        return -ENOMEM;
    np_arena_init(&tester->texts, RECORD_TEXTS_MAX_BYTES);
    np_batch_init(&tester->batch);
    int r = init(tester, loaded, err);
    if (r < 0) {
        np_tester_free(&tester);
        return r;
    }
    *out_tester = tester;
    return 0;
}

void np_tester_free(struct np_tester **tester)
{
    if (*tester == NULL)
        return;
    for (size_t i = 0; i < WAY_MAX; i++) {
        np_decoder_free(&(*tester)->ways[i].decoder);
        np_decode_plan_free(&(*tester)->ways[i].plan);
    }
    np_rule_trial_free(&(*tester)->trial);
    np_arena_done(&(*tester)->texts);
    (*tester)->batch.data = NULL; /* borrowed */
    np_batch_done(&(*tester)->batch);
    np_free(NP_TAKE(*tester));
}

/* Asks the rules about an event of the record. */
static int take_event(void *context, struct np_event *event)
{
    static const unsigned strength[] = {
        [NP_TRIAL_FALSE] = 0, [NP_TRIAL_LIMIT] = 1, [NP_TRIAL_TRUE] = 2};
    struct question *question = context;
    question->events++;
    np_rule_trial_begin(question->tester->trial, event);
    for (size_t i = 0; i < question->file->count; i++) {
        enum np_trial_result result =
            np_rule_trial_run(question->tester->trial, question->file->rules[i].rule);
        if (strength[result] > strength[question->result]) {
            question->result = result;
            question->spoke = i;
        }
    }
    return 0;
}

/* Reads the record in one way; what is wrong with it is in `tally`. */
static int read_record(struct question *question, const struct np_test_record *record,
                       const struct way *way, struct np_tally *tally)
{
    struct np_tester *tester = question->tester;
    struct np_batch *batch = &tester->batch;
    struct np_batch_piece piece = {.len = (uint32_t) record->bytes.len, .is_line = true};
    batch->data = (char *) (uintptr_t) record->bytes.ptr; /* only read */
    batch->len = record->bytes.len;
    batch->object = record->object;
    batch->pieces.len = 0;
    int r = np_vec_push(&batch->pieces, piece, 1);
    if (r < 0)
        return r;
    struct np_pieces pieces = {
        .decoder = way->decoder,
        .plan = way->plan,
        .batch = batch,
        .texts = &tester->texts,
        .tally = tally,
        .fn = take_event,
        .context = question,
    };
    np_arena_reset(&tester->texts);
    return np_pieces_decode(&pieces);
}

static int keep_reason(struct np_tests *tests, const struct np_tally *tally,
                       const char **out_problem)
{
    const char *reason =
        tally->entries.len > 0 ? tally->entries.items[0].reason : "it gives no event";
    *out_problem = np_arena_strdup(&tests->texts, np_span_of(reason));
    return *out_problem == NULL ? -ENOMEM : 0;
}

int np_tester_ask(struct np_tester *tester, struct np_tests *tests,
                  const struct np_test_record *record, const struct np_test_file *file,
                  struct np_test_answer *out_answer)
{
    struct question question = {.tester = tester, .file = file};
    struct np_test_answer answer = {};
    int r = 0;
    for (size_t i = 0; i < WAY_MAX && r == 0 && question.events == 0; i++) {
        struct np_tally tally;
        np_tally_init(&tally);
        r = read_record(&question, record, &tester->ways[i], &tally);
        if (r == 0 && i == WAY_MAX - 1 && question.events == 0)
            r = keep_reason(tests, &tally, &answer.problem);
        np_tally_done(&tally);
    }
    if (r < 0)
        return r;
    if (question.result == NP_TRIAL_LIMIT)
        answer.problem = "the rule ran into a limit of matching";
    answer.passed = answer.problem == NULL && (question.result == NP_TRIAL_TRUE) == record->want;
    answer.spoke = question.spoke;
    *out_answer = answer;
    return 0;
}
