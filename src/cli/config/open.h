/* SPDX-License-Identifier: Apache-2.0 */
/* From the options and the configuration to what the engine needs for incidents. */
#pragma once

#include "cli/command.h"
#include "cli/config/config.h"
#include "engine/engine.h"

/*
 * Loads the file of -c, if there is one: 0, or negative with `err`, where mistakes in it are told on stderr. np_config_done() in
 * any case.
 */
NP_NODISCARD int np_config_open(struct np_config *out_config, const struct np_args *args,
                                struct np_err *err);

/* What is known of accounts and endpoints: 0, or negative with `err` where a file cannot be read or is no such output. */
NP_NODISCARD int np_config_endpoints(struct np_endpoints **out_endpoints,
                                     const struct np_config *config, struct np_err *err);

/* The shipped table of API calls. */
NP_NODISCARD int np_config_tactics(struct np_tactics **out_tactics, struct np_err *err);
