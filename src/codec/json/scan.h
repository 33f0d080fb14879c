/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fast half of the splitter: passes over the inside of a JSON value in blocks of 64 bytes.
 * For each block it makes one bit a byte for the brackets outside strings, and as long as
 * counting them proves that nothing in the block can matter (see np_json_scan_pass()), only the
 * depth moves on. Quotes, escapes and newlines are carried from block to block, so a stream may
 * be cut anywhere.
 *
 * Bytes are classified by AVX2 where the machine has it, else in plain C; both give the same
 * bits.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NP_JSON_SCAN_BLOCK = 64 };

enum np_json_scan_how {
    NP_JSON_SCAN_BEST,    /* the fastest way that this machine has */
    NP_JSON_SCAN_PORTABLE /* the way that every machine has */
};

/* Where a scan stands between two blocks. */
struct np_json_scan {
    uint64_t depth;     /* brackets that are open */
    uint64_t watch;     /* a bracket that opens at a depth below this one is looked at */
    uint64_t max_depth; /* going deeper than this is looked at */
    uint64_t in_string; /* all ones inside a string, else 0 */
    bool escaped;       /* the next byte stands behind a backslash */
    bool after_newline; /* the next byte stands behind a newline */
    bool has_avx2;
};

/* One bit a byte of a block, the first byte in the lowest bit. */
struct np_json_masks {
    uint64_t open;       /* { and [ outside strings */
    uint64_t close;      /* } and ] outside strings */
    uint64_t line_start; /* { and [ right behind a newline, inside strings too */
};

/* Chooses how to scan. The rest of the state is set by np_json_scan_enter(). */
void np_json_scan_init(struct np_json_scan *scan, enum np_json_scan_how how);

/*
 * Begins behind the opening bracket of a value: depth 1, outside strings; see the members for the
 * limits.
 */
void np_json_scan_enter(struct np_json_scan *scan, uint64_t watch, uint64_t max_depth);

/*
 * Passes over `len` bytes block by block and stops at the first block that needs a look: one
 * where depth 0 may be reached, where a bracket may open below `watch`, where `max_depth` may be
 * passed, or with a bracket behind a newline. Returns that block's offset, with its `*out_masks`;
 * the state then stands behind the block (which ends at `len` where fewer bytes than
 * NP_JSON_SCAN_BLOCK are left), except that the caller moves `depth` over it. Returns `len` when
 * everything was passed.
 */
size_t np_json_scan_pass(struct np_json_scan *scan, const char *bytes, size_t len,
                         struct np_json_masks *out_masks);
