/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of memory that acts lie in one behind the other. A block that is full and will not be looked at for a while can be
 * packed to about a fifth. Blocks given back are used again.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum { NP_BLOCK_BYTES = 64 * 1024 };

struct np_block {
    struct np_block *next; /* of whoever has it */
    uint32_t size;         /* of `data` */
    uint32_t used;         /* of `data`; where it is packed, of what that was */
    uint32_t packed;       /* 0 = it is not, else the bytes of `data` */
    _Alignas(8) char data[];
};

struct np_blocks {
    size_t bytes;           /* of those that were taken, and not given back */
    struct np_block *spare; /* none of them packed, all of NP_BLOCK_BYTES */
    size_t spare_count;
    void *packer; /* of zstd; made when it is first needed */
    void *unpacker;
};

/* `*blocks` may be zeroed before; blocks that were taken are given back first. */
void np_blocks_done(struct np_blocks *blocks);

/* An empty block with room for `bytes`; NULL when memory is out. */
struct np_block *np_blocks_take(struct np_blocks *blocks, size_t bytes);

void np_blocks_give_back(struct np_blocks *blocks, struct np_block *block);

/* Packs a block: returns the one that takes its place, which is the same where that is no smaller, or memory is out. */
struct np_block *np_blocks_pack(struct np_blocks *blocks, struct np_block *block);

/* The reverse: returns the one that takes its place, the same where it is not packed; NULL when memory is out. */
struct np_block *np_blocks_unpack(struct np_blocks *blocks, struct np_block *block);
