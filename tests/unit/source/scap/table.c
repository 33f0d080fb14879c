/* SPDX-License-Identifier: Apache-2.0 */
/* The table of types holds together. */
#include "support/unit.h"

#include "base/compiler.h"
#include "source/scap/blocks.h"

static void describes_every_type(void **state)
{
    (void) state;
    for (uint16_t id = 0; id < NP_SCAP_TYPE_MAX; id++) {
        const struct np_scap_type *type = np_scap_type_of(id);
        if (type == NULL || (type->does & NP_SCAP_OLD) != 0)
            continue;
        assert_in_range(type->params_len, 0, NP_SCAP_PARAMS_MAX);
        assert_non_null(np_scap_category_name(type->category));
        assert_int_not_equal(type->origin, NP_SCAP_FROM_NOWHERE);
        for (int i = 0; i < type->params_len; i++) {
            const struct np_scap_param *param = &type->params[i];
            assert_true(param->name[0] != '\0');
            assert_true((param->type == NP_SCAP_DYN) == (param->variants != NULL));
            assert_true((param->type == NP_SCAP_FSRELPATH) == (param->relative_to >= 0));
            if (param->relative_to >= 0)
                assert_int_equal(type->params[param->relative_to].type, NP_SCAP_FD);
        }
    }
    assert_null(np_scap_type_of(NP_SCAP_TYPE_MAX));
    assert_null(np_scap_type_of(UINT16_MAX));
}

static void tells_calls_that_are_entered_from_their_ends(void **state)
{
    (void) state;
    assert_true((np_scap_type_of(NP_SCAP_CLOSE_E)->does & NP_SCAP_ENTER) != 0);
    assert_int_equal(np_scap_type_of(NP_SCAP_CLOSE_X)->does & NP_SCAP_ENTER, 0);
    assert_int_equal(np_scap_type_of(NP_SCAP_PROCEXIT_1_E)->does & NP_SCAP_ENTER, 0);
    assert_null(np_scap_type_of(NP_SCAP_PROCEXIT_1_X));
    assert_true((np_scap_type_of(NP_SCAP_EXECVE_18_X)->does & NP_SCAP_OLD) != 0);
}

static void finds_parameters_by_name(void **state)
{
    const struct np_scap_type *openat = np_scap_type_of(NP_SCAP_OPENAT_2_X);
    (void) state;
    assert_int_equal(np_scap_type_param(openat, NP_SPAN("flags")), 3);
    assert_int_equal(np_scap_type_param(openat, NP_SPAN("res")), -1);
    assert_int_equal(np_scap_type_param(np_scap_type_of(NP_SCAP_GETSOCKNAME_X), NP_SPAN("fd")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes_every_type),
        cmocka_unit_test(tells_calls_that_are_entered_from_their_ends),
        cmocka_unit_test(finds_parameters_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
