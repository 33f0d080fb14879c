/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are kept of values: exactly, and within bounds. */
#include "rule/recall.h"

#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "support/fake_event.h"
#include "support/ir_kit.h"

enum { NAME = NP_FIELD_EVENT_NAME, AGENT = NP_FIELD_USER_AGENT, NAMES = 3 };

/* A few predicates about the name, then one about the agent and one that is not kept. */
struct fixture {
    struct ir_kit kit;
    struct np_ready_set *ready;
    struct np_recall recall;
    struct fake_event fake;
};

static void begin(struct fixture *fixture)
{
    static const char *const texts[NAMES] = {"a*", "*b", "*c*"};
    ir_kit_init(&fixture->kit);
    fake_event_init(&fixture->fake);
    for (size_t i = 0; i < NAMES; i++)
        (void) kit_match(&fixture->kit, NAME, kit_pattern(&fixture->kit, texts[i]));
    (void) kit_match(&fixture->kit, AGENT, kit_pattern(&fixture->kit, "a*"));
    (void) kit_exists(&fixture->kit, NAME);
    assert_int_equal(np_ready_set_new(&fixture->ready, &fixture->kit.set.ir), 0);
    assert_int_equal(np_recall_init(&fixture->recall, fixture->ready), 0);
}

static void end(struct fixture *fixture)
{
    np_recall_done(&fixture->recall);
    np_ready_set_free(&fixture->ready);
    ir_kit_done(&fixture->kit);
}

/* The next event, with these values. */
static void next(struct fixture *fixture, struct np_value name, struct np_value agent)
{
    fixture->recall.event++;
    fixture->fake.values[NAME] = name;
    fixture->fake.values[AGENT] = agent;
}

static uint8_t *answer(struct fixture *fixture, np_pred_id pred)
{
    return np_recall_answer(&fixture->recall, fixture->ready->preds[pred].pred, pred,
                            &fixture->fake.event);
}

static void keeps_answers_by_field_and_text(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    next(&fixture, text_value("abc"), text_value("abc"));
    for (np_pred_id i = 0; i <= NAMES; i++) {
        assert_non_null(answer(&fixture, i));
        assert_int_equal(*answer(&fixture, i), 0);
        *answer(&fixture, i) = (uint8_t) (i + 1);
    }
    next(&fixture, text_value("abd"), text_value("ab"));
    for (np_pred_id i = 0; i <= NAMES; i++)
        assert_int_equal(*answer(&fixture, i), 0);
    next(&fixture, text_value(""), text_value("abc"));
    assert_int_equal(*answer(&fixture, 0), 0);
    next(&fixture, text_value("abc"), text_value("abc"));
    for (np_pred_id i = 0; i <= NAMES; i++)
        assert_int_equal(*answer(&fixture, i), i + 1);
    assert_null(answer(&fixture, NAMES + 1));
    end(&fixture);
}

static void keeps_no_answer_that_may_not_hold(void **state)
{
    (void) state;
    static char bytes[NP_RECALL_KEY_MAX_BYTES + 2];
    struct fixture fixture;
    begin(&fixture);
    memset(bytes, 'x', sizeof(bytes) - 1);
    next(&fixture, text_value(bytes), int_value(1, "1"));
    assert_null(answer(&fixture, 0));
    assert_null(answer(&fixture, NAMES));
    bytes[sizeof(bytes) - 2] = '\0';
    next(&fixture, text_value(bytes), null_value());
    assert_non_null(answer(&fixture, 0));
    assert_null(answer(&fixture, NAMES));
    fixture.fake.event.flags = NP_EVENT_TRUNCATED;
    next(&fixture, text_value(bytes), text_value("a"));
    assert_null(answer(&fixture, 0));
    end(&fixture);
}

static void forgets_within_bounds(void **state)
{
    (void) state;
    enum { VALUES = NP_RECALL_PLACES * 4 };
    struct fixture fixture;
    size_t kept = 0;
    begin(&fixture);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < VALUES; i++) {
            char text[16];
            (void) snprintf(text, sizeof(text), "%d", i);
            next(&fixture, text_value(text), text_value(text));
            uint8_t *of_name = answer(&fixture, 0);
            uint8_t is = (uint8_t) (1 + i % 2);
            assert_true(*of_name == 0 || *of_name == is);
            kept += *of_name != 0;
            *of_name = is;
            uint8_t *of_agent = answer(&fixture, NAMES); /* may take the place of the name */
            assert_true(*of_agent == 0 || *of_agent == 3);
            *of_agent = 3;
            of_name = answer(&fixture, 0);
            assert_true(of_name == NULL || *of_name == is);
        }
    assert_in_range(kept, 1, NP_RECALL_PLACES);
    end(&fixture);
}

#ifdef NP_FAULT_INJECTION
static void does_without_memory(void **state)
{
    (void) state;
    struct fixture fixture;
    begin(&fixture);
    for (long n = 0; n < 2; n++) {
        np_recall_done(&fixture.recall);
        assert_int_equal(np_recall_init(&fixture.recall, fixture.ready), 0);
        np_alloc_fail_at(n);
        next(&fixture, text_value("abc"), text_value("abc"));
        assert_null(answer(&fixture, 0));
        np_alloc_fail_at(-1);
        next(&fixture, text_value("abc"), text_value("abc"));
        assert_null(answer(&fixture, 0));
    }
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        np_recall_done(&fixture.recall);
        np_alloc_fail_at(n);
        r = np_recall_init(&fixture.recall, fixture.ready);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
    }
    end(&fixture);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_answers_by_field_and_text),
        cmocka_unit_test(keeps_no_answer_that_may_not_hold),
        cmocka_unit_test(forgets_within_bounds),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(does_without_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
