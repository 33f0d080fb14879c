/* SPDX-License-Identifier: Apache-2.0 */
/* Formats that are named, and texts that look a little like one. */
#include "support/unit.h"

#include "base/compiler.h"
#include "source/magic.h"

static void names_formats_by_their_first_bytes(void **state)
{
    static const struct {
        struct np_span head;
        const char *want;
    } cases[] = {
        {{"PAR1\x15\4", 6}, "Parquet; export it as JSON"},
        {{"Obj\1\4\x14", 6}, "Avro; export it as JSON"},
        {{"\xFF\xFE{\0", 4}, "UTF-16 text; convert it to UTF-8"},
        {{"\3757zXZ\0", 6}, "xz; unpack it first"},
        {{"\177ELF\2", 5}, "a program"},
        {{"<!DOCTYPE html>", 15}, "HTML"},
        {{"<HTML>", 6}, "HTML"},
        {{"<?xml version", 13}, "XML"},
        {{"---\na: 1\n", 9}, "YAML"},
        {{"Event time,User name,Event name\r\n", 33}, "CSV; export it as JSON"},
        {{"a,b,c", 5}, "CSV; export it as JSON"},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_string_equal(np_magic_words(cases[i].head), cases[i].want);
}

static void leaves_other_bytes_alone(void **state)
{
    static const struct np_span heads[] = {
        {NULL, 0},
        {"P", 1},
        {"PAR", 3},
        {"--- a title ---", 15},
        {"one, two, three, four", 21},
        {"a,b", 3},
        {"a,b\nc,d,e", 9},
        {"a,\0,b,c", 7},
        {"MIT License", 11},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(heads); i++)
        assert_null(np_magic_words(heads[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_formats_by_their_first_bytes),
        cmocka_unit_test(leaves_other_bytes_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
