/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

#include "support/unit.h"

/* RFC 4648, section 10. */
static void encodes_the_vectors_of_the_rfc(void **state)
{
    (void) state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct np_span bytes = np_span_of(pairs[i][0]);
        char out[16];
        assert_int_equal(np_base64_size(bytes.len), strlen(pairs[i][1]));
        np_base64_encode(out, bytes);
        assert_span_equal(np_span_make(out, np_base64_size(bytes.len)), pairs[i][1]);
    }
}

static void encodes_bytes_beyond_ascii(void **state)
{
    (void) state;
    char out[8];
    np_base64_encode(out, NP_SPAN("\xff\xfe\xfd\0"));
    assert_memory_equal(out, "//79AA==", 8);
}

static void knows_the_value_of_each_character(void **state)
{
    (void) state;
    int found = 0;
    for (int byte = 0; byte < 256; byte++) {
        int value = np_base64_value((char) byte);
        if (value < 0)
            continue;
        char out[4];
        char bytes[3] = {(char) (value << 2), 0, 0};
        np_base64_encode(out, np_span_make(bytes, sizeof(bytes)));
        assert_int_equal(out[0], (char) byte);
        found++;
    }
    assert_int_equal(found, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_the_vectors_of_the_rfc),
        cmocka_unit_test(encodes_bytes_beyond_ascii),
        cmocka_unit_test(knows_the_value_of_each_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
