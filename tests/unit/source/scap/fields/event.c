/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of the event itself: its name, its times. */
#include "fixture.h"

static void names_calls_without_a_type_of_their_own(void **state)
{
    (void) state;
    static const struct {
        int64_t number;
        const char *name;
        const char *argument;
    } cases[] = {
        {141, "setxattr", "setxattr"}, {0, "unknown", "unknown"}, {442, "mseal", "mseal"},
        {382, "syscall", "382"},       {443, "syscall", "443"},   {65535, "syscall", "65535"},
    };
    struct asking asking;
    asking_init(&asking);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        event_begin(&asking.world, NP_SCAP_GENERIC_X, PROGRAM);
        put(&asking.world, 0, cases[i].number);
        take(&asking.world);
        expect(&asking, "evt.type", cases[i].name);
        expect(&asking, "syscall.type", cases[i].name);
        expect(&asking, "evt.arg.ID", cases[i].argument);
        expect(&asking, "evt.args", "");
        expect(&asking, "evt.type.is.setxattr", i == 0 ? "1" : "0");
    }
    event_begin(&asking.world, NP_SCAP_GENERIC_X, PROGRAM);
    take(&asking.world);
    expect(&asking, "evt.type", "syscall");
    asking_done(&asking);
}

static void tells_times_since_the_first_and_the_last_event(void **state)
{
    (void) state;
    static const struct {
        uint64_t ts;
        const char *since_first[3];
        const char *since_last[3];
    } cases[] = {
        {5000000000, {"0", "0", "0"}, {"0", "0", "0"}},
        {7500000001, {"2500000001", "2", "500000001"}, {"2500000001", "2", "500000001"}},
        {7500000009, {"2500000009", "2", "500000009"}, {"8", "0", "8"}},
        {7500000003, {"2500000003", "2", "500000003"}, {"0", "0", "0"}}, /* out of order */
    };
    struct asking asking;
    asking_init(&asking);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        event_begin(&asking.world, NP_SCAP_SOCKET_X, PROGRAM);
        asking.world.event.ts = cases[i].ts;
        take(&asking.world);
        expect(&asking, "evt.reltime", cases[i].since_first[0]);
        expect(&asking, "evt.reltime.s", cases[i].since_first[1]);
        expect(&asking, "evt.reltime.ns", cases[i].since_first[2]);
        expect(&asking, "evt.deltatime", cases[i].since_last[0]);
        expect(&asking, "evt.deltatime.s", cases[i].since_last[1]);
        expect(&asking, "evt.deltatime.ns", cases[i].since_last[2]);
    }
    asking_done(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_calls_without_a_type_of_their_own),
        cmocka_unit_test(tells_times_since_the_first_and_the_last_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
