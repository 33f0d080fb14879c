/* SPDX-License-Identifier: Apache-2.0 */
/* Networks and addresses as people write them, rightly and wrongly. */
#include "support/unit.h"

#include "base/compiler.h"
#include "codec/cidr.h"

static void refuses_what_is_no_network(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",
        "x",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/8x",
        "10.0.0.0/ 8",
        "/8",
        "10.0.0/8",
        "10.0.0.0.0/8",
        "010.0.0.0/8",
        "10.0.0.0/08",
        "256.0.0.0",
        "1.2.3.4 ",
        "::/129",
        "2001:db8::/1x",
        ":::/1",
        "fe80::1%eth0",
        "[::1]",
        "::ffff:1.2.3/96",
        "10.0.0.0/99999999999",
        "1:2:3:4:5:6:7:8:9/1",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        struct np_cidr cidr = {.prefix = 77};
        if (np_cidr_parse(np_span_of(texts[i]), &cidr))
            fail_msg("'%s' was taken", texts[i]);
        assert_int_equal(cidr.prefix, 77);
    }
    struct np_cidr cidr;
    assert_false(np_cidr_parse(np_span_make("1.2.3.4\0/8", 10), &cidr));
    assert_false(np_cidr_parse((struct np_span){}, &cidr));
}

static void knows_what_is_inside(void **state)
{
    (void) state;
    static const struct {
        const char *network;
        const char *address;
        bool inside;
    } cases[] = {
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.9.8.7/8", "10.0.0.1", true}, /* bits behind the prefix do not count */
        {"192.168.128.0/17", "192.168.127.255", false},
        {"192.168.128.0/17", "192.168.200.1", true},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"1.2.3.4", "1.2.3.4", true},
        {"1.2.3.4/32", "1.2.3.5", false},
        {"1.2.3.4/31", "1.2.3.5", true},
        {"2001:db8::/32", "2001:DB8:1::2", true},
        {"2001:db8::/32", "2001:db9::", false},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "1.2.3.4", false},
        {"::1", "::1", true},
        {"::1/128", "::2", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "10.1.2.3", true},
        {"::ffff:10.1.2.3", "10.1.2.3", true},
        {"::ffff:0:0/96", "9.9.9.9", true},
        {"10.0.0.0/8", "10.1.2.3/32", false},
        {"10.0.0.0/8", "10.1.2.03", false},
        {"10.0.0.0/8", "ec2.amazonaws.com", false},
        {"10.0.0.0/8", "AWS Internal", false},
        {"10.0.0.0/8", "", false},
        {"10.0.0.0/8", "10.1.2.3 ", false},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_cidr cidr;
        assert_true(np_cidr_parse(np_span_of(cases[i].network), &cidr));
        if (np_cidr_contains(&cidr, np_span_of(cases[i].address)) != cases[i].inside)
            fail_msg("%s in %s", cases[i].address, cases[i].network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_network),
        cmocka_unit_test(knows_what_is_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
