/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the program. */
#pragma once

#ifndef NP_VERSION
#define NP_VERSION "0.1.0"
#endif
