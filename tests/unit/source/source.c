/* SPDX-License-Identifier: Apache-2.0 */
/* Batches, and the smallest source there can be: texts in memory. */
#include "fixture.h"

#include "support/memory_source.h"

static void anything_that_gives_batches_is_a_source(void **state)
{
    static const char *const texts[] = {"{\"a\":1}\n17\n", "", "[{\"b\":2},{\"c\":3}]"};
    (void) state;
    struct memory_source memory;
    struct np_batch batch;
    struct np_buf got;
    np_batch_init(&batch);
    np_buf_init(&got, SIZE_MAX);
    memory_source_init(&memory, texts, NP_ARRAY_LEN(texts));
    struct np_source *source = &memory.head;
    while (source->ops->next(source, &batch, NULL) == 1)
        add_batch(&got, &batch);
    add_tally(&got, &source->tally);
    assert_string_equal(np_buf_cstr(&got),
                        "memory-0:0 {\"a\":1}\nmemory-2:1 {\"b\":2}\nmemory-2:9 {\"c\":3}\n"
                        "memory-0:8: a JSON value that is no object x1\n");
    source->ops->destroy(source);
    np_batch_done(&batch);
    np_buf_done(&got);
}

static void freeing_a_source_clears_the_pointer(void **state)
{
    (void) state;
    struct plan plan = make_plan(NULL);
    struct np_source *source = NULL;
    struct np_input_params params = {.plan = plan.plan};
    assert_int_equal(np_input_new(&source, &params, NULL), 0);
    np_source_free(&source);
    assert_null(source);
    np_source_free(&source);
    np_source_free(NULL);
    free_plan(&plan);
}

static void a_batch_keeps_memory_up_to_a_limit(void **state)
{
    (void) state;
    struct np_batch batch;
    np_batch_init(&batch);
    assert_int_equal(np_batch_begin(&batch, "a", 5, 1000), 0);
    assert_string_equal(batch.object, "a");
    assert_int_equal(batch.arrival, 5);
    assert_int_equal(np_batch_reserve(&batch, 900), 0);
    size_t cap = batch.cap;
    assert_true(cap >= 900 + NP_JSON_PADDING);
    assert_int_equal(np_batch_begin(&batch, "b", 0, 1000), 0);
    assert_int_equal(batch.cap, cap);
    assert_int_equal(np_batch_reserve(&batch, 2000), 0);
    assert_int_equal(np_batch_begin(&batch, "c", 0, 1000), 0);
    assert_int_equal(batch.cap, 0);
    assert_int_equal(np_batch_reserve(&batch, (size_t) NP_BATCH_MAX_BYTES + 1), -E2BIG);
    np_batch_done(&batch);
    np_batch_done(NULL);
}

static void a_batch_survives_failed_allocations(void **state)
{
    (void) state;
    struct np_batch batch;
    np_batch_init(&batch);
    np_alloc_fail_at(0);
    assert_int_equal(np_batch_begin(&batch, "a", 0, 1000), -ENOMEM);
    np_alloc_fail_at(0);
    assert_int_equal(np_batch_reserve(&batch, 10), -ENOMEM);
    np_alloc_fail_at(-1);
    assert_int_equal(np_batch_reserve(&batch, 10), 0);
    np_batch_done(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anything_that_gives_batches_is_a_source),
        cmocka_unit_test(freeing_a_source_clears_the_pointer),
        cmocka_unit_test(a_batch_keeps_memory_up_to_a_limit),
        cmocka_unit_test(a_batch_survives_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
