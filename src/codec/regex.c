/* SPDX-License-Identifier: Apache-2.0 */
/* See regex.h. All memory of PCRE2 but its machine code comes from our allocator. */
#include "codec/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <utf8proc.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/fold.h"

enum { JIT_STACK_START_BYTES = 32 * 1024, HEAP_MAX_KIB = 16 * 1024, SANITIZED_GROWTH_MAX = 3 };

struct np_regex {
    pcre2_code *code;
};

struct np_regex_scratch {
    pcre2_general_context *memory;
    pcre2_match_context *context;
    pcre2_match_data *match;
    pcre2_jit_stack *stack; /* NULL where there is no JIT */
    struct np_buf sanitized;
};

static void *pcre2_alloc(size_t size, void *context)
{
    (void) context;
    return np_alloc(size);
}

static void pcre2_give_back(void *memory, void *context)
{
    (void) context;
    np_free(memory);
}

static uint32_t options_of(const struct np_regex_source *source)
{
    return PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (source->ignore_case ? PCRE2_CASELESS : 0u) |
           (source->multi_line ? PCRE2_MULTILINE : 0u) | (source->dot_all ? PCRE2_DOTALL : 0u);
}

static int fail_compile(struct np_err *err, int number)
{
    if (number == PCRE2_ERROR_HEAP_FAILED)
        return np_fail(err, -ENOMEM, "out of memory");
    char message[200] = "";
    (void) pcre2_get_error_message(number, (PCRE2_UCHAR *) message, sizeof(message));
    return np_fail(err, -EINVAL, "%s", message);
}

static int compile(pcre2_code **out_code, const struct np_regex_source *source, size_t *out_offset,
                   struct np_err *err)
{
    pcre2_general_context *memory =
        pcre2_general_context_create(pcre2_alloc, pcre2_give_back, NULL);
    pcre2_compile_context *context = memory != NULL ? pcre2_compile_context_create(memory) : NULL;
    pcre2_code *code = NULL;
    int number = PCRE2_ERROR_HEAP_FAILED;
    if (context != NULL) {
        (void) pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        (void) pcre2_set_max_pattern_length(context, NP_REGEX_PATTERN_MAX_BYTES);
        PCRE2_SPTR pattern = (PCRE2_SPTR) (source->pattern.len > 0 ? source->pattern.ptr : "");
        code = pcre2_compile(pattern, source->pattern.len, options_of(source), &number, out_offset,
                             context);
    }
    pcre2_compile_context_free(context);
    pcre2_general_context_free(memory);
    if (code == NULL)
        return fail_compile(err, number);
    *out_code = code;
    return 0;
}

int np_regex_check(const struct np_regex_source *source, size_t *out_offset, struct np_err *err)
{
    pcre2_code *code = NULL;
    int r = compile(&code, source, out_offset, err);
    pcre2_code_free(code);
    return r;
}

int np_regex_new(struct np_regex **out_regex, const struct np_regex_source *source,
                 struct np_err *err)
{
    struct np_regex *regex = np_alloc(sizeof(*regex));
    if (regex == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    size_t offset = 0;
    int r = compile(&regex->code, source, &offset, err);
    if (r < 0) {
        np_free(regex);
        return r;
    }
    /*
     * Where the JIT cannot (no memory may be made executable, say), PCRE2 interprets: slower, same
     * result.
     */
    (void) pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    *out_regex = regex;
    return 0;
}

void np_regex_free(struct np_regex **regex)
{
    if (*regex == NULL)
        return;
    pcre2_code_free((*regex)->code);
    np_free(NP_TAKE(*regex));
}

int np_regex_scratch_new(struct np_regex_scratch **out_scratch)
{
    struct np_regex_scratch *scratch = np_alloc(sizeof(*scratch));
    if (scratch == NULL)
        return -ENOMEM;
    np_buf_init(&scratch->sanitized, SIZE_MAX / 2);
    scratch->memory = pcre2_general_context_create(pcre2_alloc, pcre2_give_back, NULL);
    if (scratch->memory != NULL) {
        scratch->context = pcre2_match_context_create(scratch->memory);
        scratch->match = pcre2_match_data_create(1, scratch->memory);
        scratch->stack = pcre2_jit_stack_create(JIT_STACK_START_BYTES, NP_REGEX_STACK_MAX_BYTES,
                                                scratch->memory);
    }
    uint32_t has_jit = 0;
    (void) pcre2_config(PCRE2_CONFIG_JIT, &has_jit);
    if (scratch->context == NULL || scratch->match == NULL ||
        (scratch->stack == NULL && has_jit != 0)) {
        np_regex_scratch_free(&scratch);
        return -ENOMEM;
    }
    (void) pcre2_set_match_limit(scratch->context, NP_REGEX_STEPS_MAX);
    (void) pcre2_set_depth_limit(scratch->context, NP_REGEX_DEPTH_MAX);
    (void) pcre2_set_heap_limit(scratch->context, HEAP_MAX_KIB);
    pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    *out_scratch = scratch;
    return 0;
}

void np_regex_scratch_free(struct np_regex_scratch **scratch)
{
    if (*scratch == NULL)
        return;
    pcre2_jit_stack_free((*scratch)->stack);
    pcre2_match_data_free((*scratch)->match);
    pcre2_match_context_free((*scratch)->context);
    pcre2_general_context_free((*scratch)->memory);
    np_buf_done(&(*scratch)->sanitized);
    np_free(NP_TAKE(*scratch));
}

/* Copies `text` with U+FFFD for each byte that is not UTF-8; false where memory is out. */
static bool sanitize(struct np_buf *out, struct np_span text)
{
    np_buf_reset(out);
    size_t worst = 0;
    if (__builtin_mul_overflow(text.len, (size_t) SANITIZED_GROWTH_MAX, &worst) ||
        np_buf_reserve(out, worst) < 0)
        return false;
    for (size_t i = 0; i < text.len;) {
        utf8proc_int32_t code = 0;
        const utf8proc_uint8_t *at = (const utf8proc_uint8_t *) text.ptr + i;
        utf8proc_ssize_t len = utf8proc_iterate(at, (utf8proc_ssize_t) (text.len - i), &code);
        int r = len > 0 ? np_buf_add(out, at, (size_t) len) : np_buf_add_str(out, "\uFFFD");
        if (r < 0)
            return false;
        i += len > 0 ? (size_t) len : 1;
    }
    return true;
}

static int match(const struct np_regex *regex, struct np_regex_scratch *scratch,
                 struct np_span text, uint32_t options)
{
    PCRE2_SPTR subject = (PCRE2_SPTR) (text.len > 0 ? text.ptr : "");
    return pcre2_match(regex->code, subject, text.len, 0, options, scratch->match,
                       scratch->context);
}

enum np_regex_result np_regex_search(const struct np_regex *regex, struct np_regex_scratch *scratch,
                                     struct np_span text)
{
    int r = match(regex, scratch, text, np_fold_is_ascii(text) ? PCRE2_NO_UTF_CHECK : 0);
    if (r <= PCRE2_ERROR_UTF8_ERR1 && r >= PCRE2_ERROR_UTF8_ERR21) {
        if (!sanitize(&scratch->sanitized, text))
            return NP_REGEX_MEMORY_LIMIT;
        r = match(regex, scratch, np_buf_span(&scratch->sanitized), PCRE2_NO_UTF_CHECK);
    }
    if (r >= 0)
        return NP_REGEX_YES;
    switch (r) {
    case PCRE2_ERROR_NOMATCH:
        return NP_REGEX_NO;
    case PCRE2_ERROR_JIT_STACKLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_NOMEMORY:
        return NP_REGEX_MEMORY_LIMIT;
    default: /* PCRE2_ERROR_MATCHLIMIT, _DEPTHLIMIT, _RECURSELOOP */
        return NP_REGEX_STEPS_LIMIT;
    }
}
