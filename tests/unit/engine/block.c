/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that are packed and unpacked. */
#include "support/unit.h"

#include "base/alloc.h"
#include "engine/block.h"

static struct np_block *filled(struct np_blocks *blocks, bool alike)
{
    uint32_t random = 1;
    struct np_block *block = np_blocks_take(blocks, 100);
    assert_non_null(block);
    assert_int_equal(block->size, NP_BLOCK_BYTES);
    for (block->used = 0; block->used < 50000; block->used++) {
        random = random * 1664525 + 1013904223;
        block->data[block->used] = alike ? (char) (block->used % 97) : (char) (random >> 24);
    }
    return block;
}

static void gives_back_what_was_packed(void **state)
{
    (void) state;
    struct np_blocks blocks = {};
    struct np_block other = {};
    struct np_block *block = filled(&blocks, true);
    block->next = &other;
    block = np_blocks_pack(&blocks, block);
    assert_true(block->packed > 0 && block->packed < 10000);
    assert_int_equal(blocks.bytes, sizeof(*block) + block->size);
    assert_ptr_equal(np_blocks_pack(&blocks, block), block);
    block = np_blocks_unpack(&blocks, block);
    assert_non_null(block);
    assert_int_equal(block->packed, 0);
    assert_int_equal(block->used, 50000);
    assert_ptr_equal(block->next, &other);
    for (uint32_t i = 0; i < block->used; i++)
        assert_int_equal(block->data[i], (char) (i % 97));
    assert_ptr_equal(np_blocks_unpack(&blocks, block), block);
    np_blocks_give_back(&blocks, block);
    assert_int_equal(blocks.bytes, 0);
    np_blocks_done(&blocks);
}

static void leaves_what_packing_does_not_help(void **state)
{
    (void) state;
    struct np_blocks blocks = {};
    struct np_block *block = filled(&blocks, false);
    assert_ptr_equal(np_blocks_pack(&blocks, block), block);
    assert_int_equal(block->packed, 0);
    np_blocks_give_back(&blocks, block);
    np_blocks_done(&blocks);
}

static void uses_blocks_again_but_not_large_ones(void **state)
{
    (void) state;
    struct np_blocks blocks = {};
    struct np_block *block = np_blocks_take(&blocks, 1);
    struct np_block *large = np_blocks_take(&blocks, NP_BLOCK_BYTES + 1);
    assert_non_null(block);
    assert_non_null(large);
    assert_int_equal(large->size, NP_BLOCK_BYTES + 1);
    np_blocks_give_back(&blocks, block);
    np_blocks_give_back(&blocks, large);
    assert_int_equal(blocks.spare_count, 1);
    assert_ptr_equal(np_blocks_take(&blocks, 1), block);
    np_blocks_give_back(&blocks, block);
    np_blocks_done(&blocks);
}

static void stays_whole_without_memory(void **state)
{
    (void) state;
    for (long n = 0; n < 2; n++) {
        struct np_blocks blocks = {};
        struct np_block *block = filled(&blocks, true);
        np_alloc_fail_at(n);
        struct np_block *same = np_blocks_pack(&blocks, block);
        np_alloc_fail_at(-1);
        assert_ptr_equal(same, block);
        block = np_blocks_pack(&blocks, block);
        assert_true(block->packed > 0);
        while (blocks.spare != NULL)
            np_blocks_done(&blocks);
        np_alloc_fail_at(0);
        struct np_block *none = np_blocks_unpack(&blocks, block);
        np_alloc_fail_at(-1);
        assert_null(none);
        block = np_blocks_unpack(&blocks, block);
        assert_non_null(block);
        np_blocks_give_back(&blocks, block);
        np_blocks_done(&blocks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_packed),
        cmocka_unit_test(leaves_what_packing_does_not_help),
        cmocka_unit_test(uses_blocks_again_but_not_large_ones),
        cmocka_unit_test(stays_whole_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
