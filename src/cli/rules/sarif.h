/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Problems as SARIF 2.1.0 (OASIS), which code hosts and editors read: one run, one result a
 * problem, a rule for each code. Paths become URI references, relative to the working folder where
 * they are in it.
 */
#pragma once

#include "base/diag.h"
#include "base/err.h"
#include "base/vec.h"
#include "sink/out.h"

struct np_sarif_result {
    const char *code;
    const char *message;
    struct np_place place;
    enum np_severity severity;
    const char *hint; /* NULL = none */
};

/* Begin with a zeroed one. Texts are borrowed until np_sarif_done(). */
struct np_sarif {
    NP_VEC(struct np_sarif_result) results;
};

/* Adds a result: 0 or -ENOMEM. */
NP_NODISCARD int np_sarif_add(struct np_sarif *sarif, struct np_sarif_result result);
NP_NODISCARD int np_sarif_add_diag(struct np_sarif *sarif, const struct np_diag *diag);

/* Writes the log: 0, -ENOMEM or an error of the output. */
NP_NODISCARD int np_sarif_write(const struct np_sarif *sarif, struct np_out *out,
                                struct np_err *err);
void np_sarif_done(struct np_sarif *sarif);

/* Appends `path` as a URI reference: relative to `folder` (NULL = none) where it is below it. */
void np_sarif_add_uri(struct np_buf *buf, const char *path, const char *folder);
