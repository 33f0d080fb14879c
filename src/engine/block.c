/* SPDX-License-Identifier: Apache-2.0 */
/* See block.h. Acts of the same seconds name the same few callers, services and places, so the fastest level packs them well. */
#include "engine/block.h"

#include <zstd.h>

#include "base/alloc.h"

enum { SPARE_MAX = 64, LEVEL = 1 };

static size_t cost_of(const struct np_block *block)
{
    return sizeof(*block) + block->size;
}

static struct np_block *new_block(struct np_blocks *blocks, size_t size)
{
    struct np_block *block = np_alloc(sizeof(*block) + size);
    if (block == NULL)
        return NULL;
    block->size = (uint32_t) size;
    blocks->bytes += cost_of(block);
    return block;
}

void np_blocks_done(struct np_blocks *blocks)
{
    while (blocks->spare != NULL) {
        struct np_block *block = blocks->spare;
        blocks->spare = block->next;
        np_free(block);
    }
    ZSTD_freeCCtx(blocks->packer);
    ZSTD_freeDCtx(blocks->unpacker);
    *blocks = (struct np_blocks){};
}

struct np_block *np_blocks_take(struct np_blocks *blocks, size_t bytes)
{
    struct np_block *block = blocks->spare;
    if (bytes > NP_BLOCK_BYTES || block == NULL)
        return new_block(blocks, NP_MAX(bytes, (size_t) NP_BLOCK_BYTES));
    blocks->spare = block->next;
    blocks->spare_count--;
    block->next = NULL;
    block->used = 0;
    blocks->bytes += cost_of(block);
    return block;
}

void np_blocks_give_back(struct np_blocks *blocks, struct np_block *block)
{
    blocks->bytes -= cost_of(block);
    if (block->packed > 0 || block->size != NP_BLOCK_BYTES || blocks->spare_count == SPARE_MAX) {
        np_free(block);
        return;
    }
    block->next = blocks->spare;
    blocks->spare = block;
    blocks->spare_count++;
}

/* The bytes of `block` packed into `into`; 0 where that cannot be done, or does not help. */
static size_t pack_into(struct np_blocks *blocks, struct np_block *into,
                        const struct np_block *block)
{
    if (blocks->packer == NULL)
        blocks->packer = ZSTD_createCCtx();
    if (blocks->packer == NULL)
        return 0;
    size_t bytes =
        ZSTD_compressCCtx(blocks->packer, into->data, into->size, block->data, block->used, LEVEL);
    return ZSTD_isError(bytes) || bytes > block->used / 2 ? 0 : bytes;
}

struct np_block *np_blocks_pack(struct np_blocks *blocks, struct np_block *block)
{
    struct np_block *scratch = block->packed == 0 ? np_blocks_take(blocks, block->size) : NULL;
    if (scratch == NULL)
        return block;
    size_t bytes = pack_into(blocks, scratch, block);
    struct np_block *packed = bytes > 0 ? new_block(blocks, bytes) : NULL;
    if (packed != NULL) {
        memcpy(packed->data, scratch->data, bytes);
        packed->packed = (uint32_t) bytes;
        packed->used = block->used;
        packed->next = block->next;
        np_blocks_give_back(blocks, block);
        block = packed;
    }
    np_blocks_give_back(blocks, scratch);
    return block;
}

struct np_block *np_blocks_unpack(struct np_blocks *blocks, struct np_block *block)
{
    if (block->packed == 0)
        return block;
    if (blocks->unpacker == NULL)
        blocks->unpacker = ZSTD_createDCtx();
    struct np_block *whole = blocks->unpacker != NULL ? np_blocks_take(blocks, block->used) : NULL;
    if (whole == NULL)
        return NULL;
    size_t bytes =
        ZSTD_decompressDCtx(blocks->unpacker, whole->data, whole->size, block->data, block->packed);
    if (ZSTD_isError(bytes)) { /* for lack of memory: nobody else writes there */
        np_blocks_give_back(blocks, whole);
        return NULL;
    }
    whole->used = block->used;
    whole->next = block->next;
    np_blocks_give_back(blocks, block);
    return whole;
}
