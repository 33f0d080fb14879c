/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One character at a time: what may be shown is copied, all else becomes an escape. See escape.h.
 */
#include "sink/escape.h"

#include <stdarg.h>
#include <stdint.h>
#include <utf8proc.h>

enum {
    MARKS_MAX = 4,            /* more than any language piles up on one letter */
    MESSAGE_MAX_BYTES = 4608, /* a longest path and some words */
    GROWTH_MAX = 4,           /* one byte becomes \x1b */
};

void np_glyphs_init(struct np_glyphs *glyphs, struct np_span text, enum np_charset charset)
{
    *glyphs = (struct np_glyphs){.rest = text, .charset = charset};
}

/* Whether a character shows itself, and as something. Holds for all but ASCII. */
static bool is_visible(utf8proc_int32_t code_point)
{
    switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC: /* C1 controls */
    case UTF8PROC_CATEGORY_CF: /* bidi controls, zero-width characters, tags */
    case UTF8PROC_CATEGORY_CN: /* unassigned: nobody knows how wide */
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS: /* a name with a no-break space looks like another name */
        return false;
    default:
        break;
    }
    bool is_blank_symbol =
        code_point == 0x2800 || code_point == 0x1D159; /* of Braille and of music */
    return !is_blank_symbol && !utf8proc_get_property(code_point)->ignorable;
}

/* utf8proc gives spacing marks no width, terminals give them one. */
static size_t columns_of(utf8proc_int32_t code_point)
{
    if (utf8proc_category(code_point) == UTF8PROC_CATEGORY_MC)
        return 1;
    int width = utf8proc_charwidth(code_point);
    return width > 0 ? (size_t) width : 0;
}

static void escape_byte(struct np_glyph *glyph, unsigned char byte)
{
    const char *usual = byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : byte == '\t' ? "\\t" : NULL;
    int len = usual != NULL ? snprintf(glyph->text, sizeof(glyph->text), "%s", usual)
                            : snprintf(glyph->text, sizeof(glyph->text), "\\x%02x", byte);
    glyph->len = glyph->columns = (size_t) len;
}

static void escape_code_point(struct np_glyph *glyph, unsigned code_point)
{
    int len = code_point > 0xffff
                  ? snprintf(glyph->text, sizeof(glyph->text), "\\U%08x", code_point)
                  : snprintf(glyph->text, sizeof(glyph->text), "\\u%04x", code_point);
    glyph->len = glyph->columns = (size_t) len;
}

static void take_ascii(struct np_glyphs *glyphs, struct np_glyph *out_glyph)
{
    unsigned char byte = (unsigned char) glyphs->rest.ptr[0];
    bool plain = byte >= 0x20 && byte < 0x7f;
    glyphs->marks_left = plain ? MARKS_MAX : 0;
    if (!plain) {
        escape_byte(out_glyph, byte);
        return;
    }
    out_glyph->text[0] = (char) byte;
    out_glyph->len = out_glyph->columns = 1;
}

static void take_character(struct np_glyphs *glyphs, utf8proc_int32_t code_point, size_t len,
                           struct np_glyph *out_glyph)
{
    bool visible = glyphs->charset == NP_CHARSET_UNICODE && is_visible(code_point);
    size_t columns = columns_of(code_point);
    if (visible && columns == 0)
        visible = glyphs->marks_left > 0;
    if (!visible) {
        glyphs->marks_left = 0;
        escape_code_point(out_glyph, (unsigned) code_point);
        return;
    }
    glyphs->marks_left = columns == 0 ? glyphs->marks_left - 1 : MARKS_MAX;
    memcpy(out_glyph->text, glyphs->rest.ptr, len);
    out_glyph->len = len;
    out_glyph->columns = columns;
}

bool np_glyphs_next(struct np_glyphs *glyphs, struct np_glyph *out_glyph)
{
    if (glyphs->rest.len == 0)
        return false;
    const unsigned char *at = (const unsigned char *) glyphs->rest.ptr;
    utf8proc_int32_t code_point = at[0];
    utf8proc_ssize_t len = 1;
    if (at[0] < 0x80) {
        take_ascii(glyphs, out_glyph);
    } else {
        len = utf8proc_iterate(at, (utf8proc_ssize_t) NP_MIN(glyphs->rest.len, (size_t) 4),
                               &code_point);
        if (len > 0) {
            take_character(glyphs, code_point, (size_t) len, out_glyph);
        } else {
            len = 1;
            glyphs->marks_left = 0;
            escape_byte(out_glyph, at[0]);
        }
    }
    glyphs->rest = np_span_from(glyphs->rest, (size_t) len);
    return true;
}

void np_escape(struct np_buf *buf, struct np_span text, enum np_charset charset)
{
    struct np_glyphs glyphs;
    struct np_glyph glyph;
    np_glyphs_init(&glyphs, text, charset);
    while (np_glyphs_next(&glyphs, &glyph))
        np_buf_add(buf, glyph.text, glyph.len);
}

void np_escape_print(FILE *stream, enum np_charset charset, const char *fmt, ...)
{
    char text[MESSAGE_MAX_BYTES];
    char line[MESSAGE_MAX_BYTES * GROWTH_MAX + 1];
    va_list args;
    va_start(args, fmt);
    int wanted = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    if (wanted < 0)
        return;
    if ((size_t) wanted >= sizeof(text))
        memcpy(text + sizeof(text) - 4, "...", 4);
    struct np_glyphs glyphs;
    struct np_glyph glyph;
    size_t len = 0;
    np_glyphs_init(&glyphs, np_span_of(text), charset);
    while (np_glyphs_next(&glyphs, &glyph)) {
        memcpy(line + len, glyph.text, glyph.len);
        len += glyph.len;
    }
    line[len++] = '\n';
    (void) fwrite(line, 1, len, stream); /* whom could one tell */
}
