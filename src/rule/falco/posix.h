/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Falco's regular expressions are RE2's in POSIX syntax (egrep) and have to match the whole text. Ours are PCRE2's, which has more
 * syntax: what RE2 refuses is refused here, and the few forms that mean something else are written otherwise.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* Appends `pattern` as PCRE2 has it, bound to both ends: 0, -EINVAL, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_falco_posix_translate(struct np_buf *out, struct np_span pattern,
                                          struct np_err *err);
