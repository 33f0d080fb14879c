/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formats that are found where logs are kept: what else logs are exported to, what they are packed
 * with, what is put beside them. Magic numbers are those of each format's own specification.
 */
#include "source/magic.h"

#include <stdbool.h>

#include "base/compiler.h"

struct magic {
    struct np_span bytes;
    bool is_text; /* in either case of letters */
    const char *words;
};

static const struct magic magics[] = {
    {{"PAR1", 4}, false, "Parquet; export it as JSON"},
    {{"ORC", 3}, false, "ORC; export it as JSON"},
    {{"Obj\1", 4}, false, "Avro; export it as JSON"},
    {{"ARROW1", 6}, false, "Arrow; export it as JSON"},
    {{"SQLite format 3", 15}, false, "an SQLite database; export it as JSON"},
    {{"\xFF\xFE", 2}, false, "UTF-16 text; convert it to UTF-8"},
    {{"\xFE\xFF", 2}, false, "UTF-16 text; convert it to UTF-8"},
    {{"BZh", 3}, false, "bzip2; unpack it first"},
    {{"\3757zXZ", 5}, false, "xz; unpack it first"},
    {{"\x04\x22\x4D\x18", 4}, false, "LZ4; unpack it first"},
    {{"\xFF\x06\0\0sNaPpY", 10}, false, "Snappy; unpack it first"},
    {{"7z\xBC\xAF\x27\x1C", 6}, false, "a 7-Zip archive; unpack it first"},
    {{"Rar!\x1A\x07", 6}, false, "a RAR archive; unpack it first"},
    {{"%PDF-", 5}, false, "PDF"},
    {{"\x89PNG", 4}, false, "a PNG picture"},
    {{"\xFF\xD8\xFF", 3}, false, "a JPEG picture"},
    {{"GIF8", 4}, false, "a GIF picture"},
    {{"\177ELF", 4}, false, "a program"},
    {{"MZ\x90", 3}, false, "a program"},
    {{"#!", 2}, false, "a script"},
    {{"<!doctype html", 14}, true, "HTML"},
    {{"<html", 5}, true, "HTML"},
    {{"<?xml", 5}, true, "XML"},
    {{"---\n", 4}, false, "YAML"},
    {{"---\r\n", 5}, false, "YAML"},
    {{"%YAML", 5}, false, "YAML"},
};

static bool begins(struct np_span head, const struct magic *magic)
{
    return magic->is_text
               ? np_span_eq_ascii_fold(np_span_head(head, magic->bytes.len), magic->bytes)
               : np_span_starts(head, magic->bytes);
}

/* A first line that is a row of names: commas without a blank behind them, which prose has. */
static bool looks_like_csv(struct np_span head)
{
    size_t commas = 0;
    for (size_t i = 0; i < head.len && head.ptr[i] != '\n'; i++) {
        unsigned char c = (unsigned char) head.ptr[i];
        bool is_row = (c >= ' ' && c != 0x7F) || c == '\r';
        if (!is_row || (c == ',' && i + 1 < head.len && head.ptr[i + 1] == ' '))
            return false;
        commas += c == ',';
    }
    return commas >= 2;
}

const char *np_magic_words(struct np_span head)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(magics); i++)
        if (begins(head, &magics[i]))
            return magics[i].words;
    return looks_like_csv(head) ? "CSV; export it as JSON" : NULL;
}
