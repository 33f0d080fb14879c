/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests that stand inside a rule's document, as several packs write them: a list `tests`, its
 * events as YAML or as JSON text. The file is read once more, since a loaded rule keeps no YAML.
 */
#include "cli/rules/tests.h"

#include "codec/json/json.h"
#include "codec/yaml.h"
#include "source/source.h"

/* How the packs spell what a test has, the first one as we do. */
static const char *const tests_keys[] = {"tests", "Tests", NULL};
static const char *const name_keys[] = {"name", "Name", NULL};
static const char *const event_keys[] = {"event", "Log", "log", NULL};
static const char *const match_keys[] = {"match", "ExpectedResult", "expected", NULL};

static const struct np_yaml_node *get_any(const struct np_yaml_node *node, const char *const *keys)
{
    const struct np_yaml_node *value = NULL;
    for (; *keys != NULL && value == NULL; keys++)
        value = np_yaml_get(node, *keys);
    return value;
}

/* A node and what of it was written. */
struct frame {
    const struct np_yaml_node *node;
    size_t next;
};

/* The nodes that are not written to their end. */
struct stack {
    struct frame frames[NP_YAML_MAX_DEPTH + 1];
    size_t depth;
};

static void write_text(struct np_buf *buf, struct np_span text)
{
    struct np_json_writer writer;
    np_json_writer_init(&writer, buf);
    np_json_text(&writer, NULL, text);
}

/* A scalar as JSON; a number that JSON would not spell so is text. */
static void write_scalar(struct np_buf *buf, const struct np_yaml_node *node)
{
    struct np_number number;
    switch (np_yaml_type(node)) {
    case NP_YAML_NULL:
        (void) np_buf_add_str(buf, "null");
        return;
    case NP_YAML_BOOL:
        (void) np_buf_add_str(buf, np_yaml_bool(node) ? "true" : "false");
        return;
    case NP_YAML_INT:
    case NP_YAML_FLOAT:
        if (np_number_parse(node->text, &number)) {
            (void) np_buf_add_span(buf, node->text);
            return;
        }
        break;
    case NP_YAML_TEXT:
    case NP_YAML_TYPE_MAX:
        break;
    }
    write_text(buf, node->text);
}

/* What stands in front of the next child, and that child; NULL where there is none any more. */
static const struct np_yaml_node *next_child(struct np_buf *buf, struct frame *frame)
{
    size_t i = frame->next++;
    if (i >= frame->node->count)
        return NULL;
    if (i > 0)
        (void) np_buf_add_char(buf, ',');
    if (frame->node->kind == NP_YAML_SEQUENCE)
        return frame->node->items[i];
    write_text(buf, np_yaml_key(frame->node, i)->text);
    (void) np_buf_add_char(buf, ':');
    return np_yaml_value(frame->node, i);
}

/* Appends a scalar, or the bracket of a list or mapping, whose children come next. */
static void begin_value(struct np_buf *buf, struct stack *stack, const struct np_yaml_node *node)
{
    if (node->kind == NP_YAML_SCALAR) {
        write_scalar(buf, node);
        return;
    }
    NP_ASSERT(stack->depth < NP_ARRAY_LEN(stack->frames)); /* the reader lets no deeper one in */
    (void) np_buf_add_char(buf, node->kind == NP_YAML_SEQUENCE ? '[' : '{');
    stack->frames[stack->depth++] = (struct frame){node, 0};
}

/* Appends a tree as JSON. */
static void write_json(struct np_buf *buf, const struct np_yaml_node *root)
{
    struct stack stack;
    stack.depth = 0;
    begin_value(buf, &stack, root);
    while (stack.depth > 0) {
        struct frame *frame = &stack.frames[stack.depth - 1];
        const struct np_yaml_node *child = next_child(buf, frame);
        if (child != NULL) {
            begin_value(buf, &stack, child);
        } else {
            (void) np_buf_add_char(buf, frame->node->kind == NP_YAML_SEQUENCE ? ']' : '}');
            stack.depth--;
        }
    }
}

/* One test, read as far as it can be. */
struct inline_test {
    const struct np_yaml_node *node;
    const struct np_yaml_node *event;
    const char *name;
    const char *problem;
    bool want;
};

static bool is_bool(const struct np_yaml_node *node)
{
    return node != NULL && node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_BOOL;
}

static int read_test(struct np_tests *tests, const struct np_yaml_node *node,
                     struct inline_test *out_test)
{
    const struct np_yaml_node *name = get_any(node, name_keys);
    const struct np_yaml_node *match = get_any(node, match_keys);
    struct inline_test test = {.node = node, .event = get_any(node, event_keys)};
    bool has_name = name != NULL && name->kind == NP_YAML_SCALAR;
    test.name = np_arena_strdup(&tests->texts, has_name ? name->text : np_span_of(""));
    if (test.name == NULL)
        return -ENOMEM;
    if (node->kind != NP_YAML_MAPPING)
        test.problem = "a test is a mapping of name, event and match";
    else if (test.event == NULL)
        test.problem = "the test has no event";
    else if (!is_bool(match))
        test.problem = "the test does not say whether the rule must match (match: true or false)";
    else
        test.want = np_yaml_bool(match);
    *out_test = test;
    return 0;
}

struct job {
    struct np_tester *tester;
    struct np_tests *tests;
    struct np_tested_rule *rule;
    struct np_buf json; /* the event at hand */
};

static int ask(struct job *job, const struct inline_test *test, struct np_test_answer *out_answer)
{
    np_buf_reset(&job->json);
    if (test->event->kind == NP_YAML_SCALAR)
        (void) np_buf_add_span(&job->json, np_span_trim(test->event->text));
    else
        write_json(&job->json, test->event);
    size_t len = job->json.len;
    int r = job->json.error < 0 ? job->json.error : np_buf_reserve(&job->json, NP_JSON_PADDING);
    if (r == -E2BIG) {
        *out_answer = (struct np_test_answer){.problem = "a record longer than is read"};
        return 0;
    }
    if (r < 0)
        return r;
    struct np_test_record record = {np_span_make(job->json.data, len), job->rule->doc->file,
                                    test->want};
    struct np_test_file alone = {.path = record.object, .rules = job->rule, .count = 1};
    return np_tester_ask(job->tester, job->tests, &record, &alone, out_answer);
}

static int run_test(struct job *job, const struct np_yaml_node *node)
{
    struct inline_test test;
    int r = read_test(job->tests, node, &test);
    if (r < 0)
        return r;
    struct np_test_answer answer = {.problem = test.problem};
    if (test.problem == NULL)
        r = ask(job, &test, &answer);
    job->rule->has_sample = true;
    return r < 0 ? r
                 : np_tests_add(job->tests,
                                (struct np_test){
                                    .status = answer.passed ? NP_TEST_PASSED : NP_TEST_FAILED,
                                    .doc = job->rule->doc,
                                    .place = {job->rule->doc->file, node->line, node->column},
                                    .name = test.name,
                                    .want = test.want,
                                    .problem = answer.problem,
                                });
}

static int test_document(struct job *job, const struct np_yaml_node *document)
{
    const struct np_yaml_node *list = get_any(document, tests_keys);
    if (list == NULL)
        return 0;
    if (list->kind != NP_YAML_SEQUENCE)
        return np_tests_add(job->tests,
                            (struct np_test){.status = NP_TEST_FAILED,
                                             .doc = job->rule->doc,
                                             .place = {job->rule->doc->file, list->line, 0},
                                             .name = "",
                                             .problem = "'tests' is no list"});
    int r = 0;
    for (size_t i = 0; i < list->count && r == 0; i++)
        r = run_test(job, list->items[i]);
    return r;
}

static int test_documents(struct job *job, const struct np_test_file *file,
                          const struct np_yaml_node *const *documents, size_t count)
{
    int r = 0;
    for (size_t i = 0; i < file->count && r == 0; i++) {
        job->rule = &file->rules[i];
        if (job->rule->is_asked_for && job->rule->doc->index < count)
            r = test_document(job, documents[job->rule->doc->index]);
    }
    return r;
}

int np_inline_test(struct np_tester *tester, struct np_tests *tests, struct np_test_file *file,
                   struct np_err *err)
{
    struct job job = {.tester = tester, .tests = tests};
    struct np_diag_list diags; /* told when the rules were loaded */
    const struct np_yaml_node *const *documents = NULL;
    size_t count = 0;
    np_auto_buf struct np_buf text;
    np_auto_arena struct np_arena nodes;
    np_buf_init(&text, (size_t) 2 * NP_YAML_MAX_BYTES);
    np_buf_init(&job.json, (size_t) NP_RECORD_MAX_BYTES + NP_JSON_PADDING);
    np_arena_init(&nodes, SIZE_MAX);
    np_diag_list_init(&diags);
    int r = np_rule_file_read(&text, file->path, err);
    if (r == 0 && memmem(text.data, text.len, "ests", strlen("ests")) != NULL)
        r = np_yaml_load(&documents, &count, &nodes, file->path, np_buf_span(&text), &diags);
    if (r == 0)
        r = test_documents(&job, file, documents, count);
    np_diag_list_done(&diags);
    np_buf_done(&job.json);
    return r;
}
