/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as scenario files: they load, or are refused with a reason. Each line "%% PATH" begins the next file. What
 * loads is filled: the bodies of all calls, with and without values for their parameters, are JSON.
 */
#include <stdint.h>

#include "base/alloc.h"
#include "codec/json/json.h"
#include "simulate/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_FILES = 16, MAX_PATH_BYTES = 64, MAX_FILLED_BYTES = 1 << 22 };

struct input {
    struct np_scenario_file files[MAX_FILES];
    char paths[MAX_FILES][MAX_PATH_BYTES];
    size_t count;
};

static struct np_span take_line(struct np_span *text)
{
    const char *end = text->len > 0 ? memchr(text->ptr, '\n', text->len) : NULL;
    struct np_span line = end != NULL ? np_span_head(*text, (size_t) (end - text->ptr)) : *text;
    *text = np_span_from(*text, line.len + 1);
    return line;
}

static void split(struct input *input, struct np_span text)
{
    while (text.len > 0 && input->count < MAX_FILES) {
        struct np_span line = take_line(&text);
        if (!np_span_starts(line, NP_SPAN("%% ")))
            continue;
        struct np_span path = np_span_head(np_span_from(line, 3), MAX_PATH_BYTES - 1);
        memcpy(input->paths[input->count], path.ptr, path.len);
        const char *next = text.len > 0 ? memmem(text.ptr, text.len, "\n%% ", 4) : NULL;
        size_t len = next != NULL ? (size_t) (next - text.ptr) + 1 : text.len;
        input->files[input->count] =
            (struct np_scenario_file){input->paths[input->count], np_span_head(text, len)};
        input->count++;
        text = np_span_from(text, len);
    }
}

struct checker {
    struct np_json_reader *reader;
    struct np_buf out;
    struct np_random random;
    struct np_fill fill;
};

static bool take_any(void *context, struct np_span text)
{
    (void) context;
    (void) text;
    return true;
}

static void check_json(struct checker *checker, const struct np_text *text)
{
    struct np_arena np_auto_arena arena;
    np_arena_init(&arena, 2 * MAX_FILLED_BYTES);
    if (text->count == 0)
        return;
    np_buf_reset(&checker->out);
    np_buf_add_str(&checker->out, "{\"a\":");
    np_text_fill(&checker->out, text, &checker->fill);
    np_buf_add_char(&checker->out, '}');
    np_buf_reserve(&checker->out, NP_JSON_PADDING);
    if (checker->out.error != 0)
        return;
    NP_ASSERT(
        np_json_each_text(checker->reader, np_buf_span(&checker->out), &arena, take_any, NULL));
}

static void check_call(struct checker *checker, const struct np_call *call)
{
    for (int given = 0; given < 2; given++) {
        struct np_parameter *np_auto_free parameters =
            np_alloc_array(call->parameter_count, sizeof(*parameters));
        NP_ASSERT(parameters != NULL);
        for (size_t i = 0; i < call->parameter_count; i++)
            parameters[i] = (struct np_parameter){NP_SPAN("a\"b\\\n"), given == 1, false};
        checker->fill.parameters = parameters;
        check_json(checker, &call->request);
        check_json(checker, &call->response);
        check_json(checker, &call->resources);
        check_json(checker, &call->extra);
        check_json(checker, &call->details);
        np_text_fill(&checker->out, &call->host, &checker->fill);
        np_text_fill(&checker->out, &call->target, &checker->fill);
        for (size_t i = 0; i < call->parameter_count; i++)
            np_text_fill(&checker->out, &call->defaults[i], &checker->fill);
    }
}

static void check(const struct np_scenario_set *set)
{
    static const struct np_span caller[NP_ATTRIBUTE_FIXED] = {};
    struct checker checker = {.random = {1}};
    np_buf_init(&checker.out, MAX_FILLED_BYTES);
    checker.fill = (struct np_fill){.random = &checker.random, .by = caller};
    NP_ASSERT(np_json_reader_new(&checker.reader) == 0);
    for (size_t i = 0; i < set->call_count; i++)
        check_call(&checker, &set->calls[i]);
    for (size_t i = 0; i < set->scenario_count; i++)
        NP_ASSERT(set->scenarios[i].title != NULL && set->scenarios[i].steps.step_count > 0);
    for (size_t i = 0; i < np_scenario_set_count(set); i++)
        NP_ASSERT(np_scenario_set_info(set, i).name != NULL);
    np_json_reader_free(&checker.reader);
    np_buf_done(&checker.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_scenario_set *set = NULL;
    struct np_diag_list diags;
    struct input input = {};
    split(&input, np_span_make((const char *) data, size));
    np_diag_list_init(&diags);
    int r = np_scenario_set_load(&set, input.files, input.count, &diags, NULL);
    NP_ASSERT((r == 0) == (set != NULL) && (r != -EINVAL || diags.errors > 0));
    if (r == 0)
        check(set);
    np_scenario_set_free(&set);
    np_diag_list_done(&diags);
    return 0;
}
