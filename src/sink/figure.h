/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as people read them: "1,973", "5.2 MB", "0.08 s", "2 min 41 s". Each writes a short
 * NUL-terminated text.
 */
#pragma once

#include <stdint.h>

#include "sink/escape.h"

enum { NP_FIGURE_BYTES = 32 };

/* A count, its digits in groups of three. */
void np_figure_count(char out_text[NP_FIGURE_BYTES], uint64_t count);

/* "×12", or "x12" in ASCII. */
void np_figure_times(char out_text[NP_FIGURE_BYTES], uint64_t count, enum np_charset charset);

/* A size in decimal units: "512 B", "5.2 MB". */
void np_figure_bytes(char out_text[NP_FIGURE_BYTES], uint64_t bytes);

/* A duration; what is no number or below zero reads as 0. */
void np_figure_seconds(char out_text[NP_FIGURE_BYTES], double seconds);

/* A duration as on a clock: "0:07", "1:02:03". */
void np_figure_clock(char out_text[NP_FIGURE_BYTES], uint64_t seconds);

/* A rate in whole units a second, 0 where there is none to tell. */
uint64_t np_figure_rate(uint64_t count, double seconds);
