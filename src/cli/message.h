/* SPDX-License-Identifier: Apache-2.0 */
/* Messages for people on stderr. Whatever comes from data or names is made safe for a terminal. */
#pragma once

#include <stdio.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "sink/escape.h"

/* What the locale lets a terminal show. */
enum np_charset np_message_charset(void);

/* Prints "nepho: <text>" on stderr. */
void np_message(const char *fmt, ...) NP_PRINTF(1, 2);

/* Prints one problem as "FILE:LINE:COLUMN: severity: message (hint)". */
void np_message_diag_print(FILE *stream, const struct np_diag *diag);
