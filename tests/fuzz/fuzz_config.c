/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a user gives beside rules: a configuration, an inventory of endpoints, a table of tactics. Each is taken, or
 * refused with a reason.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "actor/endpoints.h"
#include "base/buf.h"
#include "cli/config/config.h"
#include "codec/json/json.h"
#include "incident/tactics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_config(struct np_span text)
{
    struct np_config config;
    struct np_diag_list diags;
    np_config_init(&config);
    np_diag_list_init(&diags);
    int r = np_config_load(&config, "dir/config.yml", text, &diags);
    NP_ASSERT((r == 0) == (diags.errors == 0));
    NP_ASSERT(config.lateness >= 0);
    for (size_t i = 0; i < config.accounts.texts.len; i++)
        NP_ASSERT(strlen(config.accounts.texts.items[i].text) == 12);
    np_config_done(&config);
    np_diag_list_done(&diags);
}

static void read_endpoints(struct np_span text)
{
    struct np_endpoints *endpoints = NULL;
    struct np_err err = {};
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    NP_ASSERT(np_buf_add_span(&buf, text) == 0 && np_buf_reserve(&buf, NP_JSON_PADDING) == 0);
    NP_ASSERT(np_endpoints_new(&endpoints) == 0);
    int r = np_endpoints_add_file(endpoints, np_buf_span(&buf), "endpoints.json", &err);
    NP_ASSERT(r == 0 || err.msg[0] != '\0');
    np_endpoints_free(&endpoints);
}

static void read_tactics(struct np_span text)
{
    struct np_tactics *tactics = NULL;
    struct np_err err = {};
    int r = np_tactics_load(&tactics, text, &err);
    NP_ASSERT((r == 0) == (tactics != NULL) && (r == 0 || err.msg[0] != '\0'));
    if (r == 0) {
        struct np_call_meaning meaning = np_tactics_of(tactics, NP_SPAN("iam"), text, false);
        NP_ASSERT(meaning.tactic < NP_TACTIC_MAX && meaning.weight < NP_WEIGHT_MAX);
    }
    np_tactics_free(&tactics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_span text = np_span_make((const char *) data, size);
    read_config(text);
    read_endpoints(text);
    read_tactics(text);
    return 0;
}
