/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile text made safe to look at. Whatever comes from data (names in logs, file names, texts of
 * rules) passes through here before a terminal sees it: what could move the cursor, change colours,
 * turn the line around or stay unseen is shown as a visible escape instead.
 *
 * Text is taken apart into glyphs: one character, or one escape, that is shown whole or not at all.
 * Shown as an escape are: C0 (also tab and newline), DEL, C1 in both encodings, bytes that are not
 * UTF-8, format characters (bidi controls, zero-width ...), line and paragraph separators, blanks
 * other than the space, characters without a shape of their own, private use and unassigned code
 * points, and combining marks that have no base or pile up. Bytes are written \x1b, code points
 * \u202e or \U000e0041, three usual ones \n \r \t. A backslash stays as it is, so escaping what is
 * escaped already changes nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/span.h"

/*
 * What the reader's terminal can show. In ASCII every other character is an escape too: a terminal
 * that does not speak UTF-8 takes single bytes of it as C1 controls.
 */
enum np_charset { NP_CHARSET_ASCII, NP_CHARSET_UNICODE, NP_CHARSET_MAX };

enum { NP_GLYPH_BYTES = 12 };

struct np_glyph {
    char text[NP_GLYPH_BYTES]; /* not NUL-terminated */
    size_t len;
    size_t columns; /* that it takes on a terminal: 0 for a combining mark, 2 for wide characters */
};

/* A walk over the glyphs of a text. */
struct np_glyphs {
    struct np_span rest;
    enum np_charset charset;
    unsigned marks_left; /* combining marks that may follow the last glyph */
};

/* Begins a walk; `text` is borrowed. */
void np_glyphs_init(struct np_glyphs *glyphs, struct np_span text, enum np_charset charset);

/* The next glyph; false at the end. A text of n bytes gives at most 4 n bytes of glyphs. */
bool np_glyphs_next(struct np_glyphs *glyphs, struct np_glyph *out_glyph);

/* Appends `text`, made safe; errors stay in the buffer. */
void np_escape(struct np_buf *buf, struct np_span text, enum np_charset charset);

/*
 * Prints the formatted message as exactly one line, made safe as a whole, newlines within included:
 * arguments may be hostile. Allocates nothing. Longer messages than some 4.5 KiB are cut, with
 * "..." at the end.
 */
void np_escape_print(FILE *stream, enum np_charset charset, const char *fmt, ...) NP_PRINTF(3, 4);
