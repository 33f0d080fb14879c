/* SPDX-License-Identifier: Apache-2.0 */
/* See open.h. */
#include "cli/config/open.h"

#include <errno.h>

#include "cli/embedded.h"
#include "cli/message.h"
#include "cli/rule_files.h"
#include "codec/json/json.h"
#include "codec/yaml.h"

static const char tactics_path[] = "aws/tactics.tsv";

static void print_diags(const struct np_diag_list *diags)
{
    for (size_t i = 0; i < diags->diags.len; i++)
        np_message_diag_print(stderr, &diags->diags.items[i]);
}

static int load(struct np_config *config, const char *path, struct np_err *err)
{
    struct np_diag_list diags;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, NP_YAML_MAX_BYTES);
    int r = np_rule_file_read(&text, path, err);
    if (r < 0)
        return r;
    np_diag_list_init(&diags);
    r = np_config_load(config, path, np_buf_span(&text), &diags);
    print_diags(&diags);
    np_diag_list_done(&diags);
    if (r == -EINVAL)
        return np_fail(err, r, "the configuration '%s' has mistakes", path);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

int np_config_open(struct np_config *out_config, const struct np_args *args, struct np_err *err)
{
    const char *path = np_args_get(args, NP_OPT_CONFIG);
    np_config_init(out_config);
    return path != NULL ? load(out_config, path, err) : 0;
}

static int add_file(struct np_endpoints *endpoints, const struct np_config_text *file,
                    struct np_err *err)
{
    np_auto_buf struct np_buf text;
    np_buf_init(&text, (size_t) NP_YAML_MAX_BYTES + NP_JSON_PADDING);
    int r = np_rule_file_read(&text, file->text, err);
    if (r == 0 && np_buf_reserve(&text, NP_JSON_PADDING) < 0)
        r = np_fail(err, -ENOMEM, "out of memory");
    if (r == 0)
        r = np_endpoints_add_file(endpoints, np_buf_span(&text), file->text, err);
    return r < 0 ? np_context(err, r, "%s:%u:%u", file->place.file, file->place.line,
                              file->place.column)
                 : 0;
}

int np_config_endpoints(struct np_endpoints **out_endpoints, const struct np_config *config,
                        struct np_err *err)
{
    struct np_endpoints *endpoints = NULL;
    int r = np_endpoints_new(&endpoints);
    for (size_t i = 0; i < config->accounts.texts.len && r == 0; i++)
        r = np_endpoints_add_account(endpoints, np_span_of(config->accounts.texts.items[i].text));
    if (r < 0)
        np_err_set(err, r, "out of memory");
    for (size_t i = 0; i < config->endpoints.texts.len && r == 0; i++)
        r = add_file(endpoints, &config->endpoints.texts.items[i], err);
    if (r < 0)
        np_endpoints_free(&endpoints);
    else
        *out_endpoints = endpoints;
    return r;
}

int np_config_tactics(struct np_tactics **out_tactics, struct np_err *err)
{
    struct np_span text = {};
    for (size_t i = 0; i < np_embedded_rules_count; i++)
        if (strcmp(np_embedded_rules[i].path, tactics_path) == 0)
            text = np_span_make(np_embedded_rules[i].text, np_embedded_rules[i].len);
    int r = np_tactics_load(out_tactics, text, err);
    return r < 0 ? np_context(err, r, "%s", tactics_path) : 0;
}
