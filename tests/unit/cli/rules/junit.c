/* SPDX-License-Identifier: Apache-2.0 */
/* Text in XML; the document as a whole is looked at by tests/e2e/sarif.py. */
#include "support/unit.h"

#include "cli/rules/junit.h"

static void writes_text_that_every_parser_takes(void **state)
{
    (void) state;
    static const struct {
        struct np_span text;
        const char *xml;
    } cases[] = {
        {{"plain", 5}, "plain"},
        {{"<a b=\"c\">&'", 11}, "&#60;a b=&#34;c&#34;&#62;&#38;&#39;"},
        {{"]]>", 3}, "]]&#62;"},
        {{"\t\n\r", 3}, "&#9;&#10;&#13;"},
        {{"a\0b\x1b\x08", 5},
         "a\xef\xbf\xbd"
         "b\xef\xbf\xbd\xef\xbf\xbd"},
        {{"\x7f\xc2\x9b", 3}, "&#127;&#155;"},
        {{"\xe2\x80\xae", 3}, "&#8238;"},
        {{"\xc3\xa4\xf0\x9f\x98\x80", 6}, "\xc3\xa4\xf0\x9f\x98\x80"},
        {{"\xff\xc3", 2}, "\xef\xbf\xbd\xef\xbf\xbd"},
        {{"\xef\xbf\xbe", 3}, "\xef\xbf\xbd"},                         /* U+FFFE */
        {{"\xed\xa0\x80", 3}, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* half a surrogate pair */
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_auto_buf struct np_buf buf;
        np_buf_init(&buf, 1024);
        np_xml_add(&buf, cases[i].text);
        assert_string_equal(np_buf_cstr(&buf), cases[i].xml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_text_that_every_parser_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
