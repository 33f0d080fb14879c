/* SPDX-License-Identifier: Apache-2.0 */
/* Folders to write into. */
#pragma once

#include "base/err.h"

/* Makes a folder with all above it, where they are missing. 0 or a negative errno with `err`. */
NP_NODISCARD int np_folder_make(const char *path, struct np_err *err);

/* The same, and it has to be empty: -EEXIST with `err` where it holds anything. */
NP_NODISCARD int np_folder_make_empty(const char *path, struct np_err *err);
