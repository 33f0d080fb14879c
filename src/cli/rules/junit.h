/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of rules as JUnit's XML, which CI servers read: a suite for each rule file, a case for each
 * record, each refused document and each rule without a sample (skipped).
 */
#pragma once

#include "cli/rules/tests.h"

/* Writes all of it: 0 or an error of the output. */
NP_NODISCARD int np_junit_write(const struct np_tests *tests, struct np_out *out,
                                struct np_err *err);

/*
 * Appends `text` for an attribute's value or an element's content: what means something in XML as a
 * reference, what XML 1.0 does not allow, and bytes that are not UTF-8, as U+FFFD.
 */
void np_xml_add(struct np_buf *buf, struct np_span text);
