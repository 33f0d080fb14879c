/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the Sigma front end share: a rule set with its problems, and what its rules
 * became.
 */
#pragma once

#include "support/unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "rule/rule_internal.h"
#include "unit/rule/ir_print.h"

struct sigma_fixture {
    struct np_field_set *fields;
    struct np_rule_set *set;
    struct np_diag_list diags;
    struct np_buf text; /* last printed */
};

static inline void sigma_begin(struct sigma_fixture *fixture)
{
    *fixture = (struct sigma_fixture){};
    np_diag_list_init(&fixture->diags);
    np_buf_init(&fixture->text, 1 << 24);
    assert_int_equal(np_field_set_new(&fixture->fields), 0);
    assert_int_equal(np_rule_set_new(&fixture->set, fixture->fields), 0);
}

static inline void sigma_end(struct sigma_fixture *fixture)
{
    np_diag_list_done(&fixture->diags);
    np_buf_done(&fixture->text);
    np_rule_set_free(&fixture->set);
    np_field_set_free(&fixture->fields);
}

/* Forgets warnings of what the short rules of these tests leave out. */
static inline void sigma_forget_missing(struct sigma_fixture *fixture)
{
    static const char *const codes[] = {"missing-id", "missing-level", "missing-description",
                                        "bad-id"};
    size_t kept = 0;
    for (size_t i = 0; i < fixture->diags.diags.len; i++) {
        bool keep = true;
        for (size_t c = 0; c < NP_ARRAY_LEN(codes); c++)
            keep = keep && strcmp(fixture->diags.diags.items[i].code, codes[c]) != 0;
        if (keep)
            fixture->diags.diags.items[kept++] = fixture->diags.diags.items[i];
    }
    fixture->diags.diags.len = kept;
}

static inline void sigma_load(struct sigma_fixture *fixture, const char *file, const char *text)
{
    assert_int_equal(np_rule_set_load(fixture->set, file, np_span_of(text), &fixture->diags), 0);
    sigma_forget_missing(fixture);
}

static inline void sigma_link(struct sigma_fixture *fixture)
{
    assert_int_equal(np_rule_set_link(fixture->set, &fixture->diags), 0);
}

/* Loads one rule whose `detection` is `detection`, each line of it indented by two. */
static inline void sigma_load_detection(struct sigma_fixture *fixture, const char *detection)
{
    np_buf_reset(&fixture->text);
    (void) np_buf_printf(&fixture->text,
                         "title: t\nlogsource:\n  product: aws\ndetection:\n%s\n"
                         "id: 3c4f6e0a-5d1b-4f7e-9a53-0c2b8d7e6f10\nlevel: low\n"
                         "description: d\n",
                         detection);
    sigma_load(fixture, "r.yml", np_buf_cstr(&fixture->text));
}

/* The condition of a rule, printed; lives until the next call. */
static inline const char *sigma_condition(struct sigma_fixture *fixture, size_t rule)
{
    assert_in_range(rule, 0, fixture->set->rules.len - 1);
    np_buf_reset(&fixture->text);
    print_expr(&fixture->text, &fixture->set->ir, fixture->set->rules.items[rule].condition,
               fixture->fields);
    return np_buf_cstr(&fixture->text);
}

/* The names of a rule's fields, joined by blanks; lives until the next call. */
static inline const char *sigma_fields(struct sigma_fixture *fixture, uint32_t rule)
{
    size_t count = 0;
    const np_field_id *fields = np_rule_set_fields(fixture->set, rule, &count);
    np_buf_reset(&fixture->text);
    for (size_t i = 0; i < count; i++)
        (void) np_buf_printf(&fixture->text, "%s%.*s", i > 0 ? " " : "",
                             NP_SPAN_ARGS(np_field_name(fixture->fields, fields[i])));
    return np_buf_cstr(&fixture->text);
}

/*
 * The n-th problem as "severity line:column code item: message (hint)"; lives until the next call.
 */
static inline const char *sigma_problem(struct sigma_fixture *fixture, size_t n)
{
    np_buf_reset(&fixture->text);
    if (n >= fixture->diags.diags.len)
        return "none";
    const struct np_diag *diag = &fixture->diags.diags.items[n];
    (void) np_buf_printf(&fixture->text, "%s %u:%u %s %s: %s",
                         diag->severity == NP_SEVERITY_ERROR ? "error" : "warning",
                         diag->place.line, diag->place.column, diag->code,
                         diag->item != NULL ? diag->item : "-", diag->message);
    if (diag->hint != NULL)
        (void) np_buf_printf(&fixture->text, " (%s)", diag->hint);
    return np_buf_cstr(&fixture->text);
}
