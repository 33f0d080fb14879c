/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho config check` and `nepho config show`. */
#include <errno.h>
#include <inttypes.h>

#include "cli/config/open.h"
#include "cli/message.h"
#include "sink/out.h"

enum { OUTPUT_MAX_BYTES = 128 * 1024 * 1024 };

/* Loads the configuration and all that it names: 0, or negative with `err`. np_config_done() in any case. */
static int load(struct np_config *config, const struct np_args *args, struct np_err *err)
{
    struct np_endpoints *endpoints = NULL;
    int r = np_config_open(config, args, err);
    if (r == 0)
        r = np_config_endpoints(&endpoints, config, err);
    np_endpoints_free(&endpoints);
    return r;
}

static int fail(const struct np_err *err, int r)
{
    np_message("%s", err->msg);
    return r == -ENOMEM ? NP_EXIT_FAILURE : NP_EXIT_USAGE;
}

/* A text in single quotes, which YAML doubles inside; what would break the line stands in double ones. */
static void add_quoted(struct np_buf *buf, const char *text)
{
    bool is_plain = true;
    for (const char *at = text; *at != '\0'; at++)
        is_plain = is_plain && (unsigned char) *at >= 0x20 && *at != 0x7f;
    (void) np_buf_add_char(buf, is_plain ? '\'' : '"'); /* errors stay in the buffer */
    for (const char *at = text; *at != '\0'; at++) {
        if (!is_plain && ((unsigned char) *at < 0x20 || *at == 0x7f))
            (void) np_buf_printf(buf, "\\x%02x", (unsigned) (unsigned char) *at);
        else if (is_plain ? *at == '\'' : *at == '"' || *at == '\\')
            (void) np_buf_printf(buf, "%c%c", is_plain ? '\'' : '\\', *at);
        else
            (void) np_buf_add_char(buf, *at);
    }
    (void) np_buf_add_char(buf, is_plain ? '\'' : '"');
}

static void add_list(struct np_buf *buf, const char *key, const struct np_config_list *list)
{
    (void) np_buf_printf(buf, list->texts.len > 0 ? "%s:\n" : "%s: []\n", key);
    for (size_t i = 0; i < list->texts.len; i++) {
        (void) np_buf_add_str(buf, "  - ");
        add_quoted(buf, list->texts.items[i].text);
        (void) np_buf_add_char(buf, '\n');
    }
}

static int show(const struct np_config *config, struct np_err *err)
{
    struct np_out *out = NULL;
    int r = np_out_stdout(&out);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    struct np_buf *buf = np_out_buf(out);
    add_list(buf, "accounts", &config->accounts);
    add_list(buf, "endpoints", &config->endpoints);
    (void) np_buf_printf(buf, "lateness: %" PRId64 "s\n", config->lateness / NP_NS_PER_S);
    add_list(buf, "exclude_rules", &config->exclude_rules);
    r = np_out_commit(out, err);
    if (r == 0)
        r = np_out_flush(out, err);
    np_out_free(&out);
    return r;
}

int np_cli_config_check(const struct np_args *args)
{
    struct np_config config;
    struct np_err err = {};
    int r = load(&config, args, &err);
    np_config_done(&config);
    return r < 0 ? fail(&err, r) : NP_EXIT_OK;
}

int np_cli_config_show(const struct np_args *args)
{
    struct np_config config;
    struct np_err err = {};
    int r = load(&config, args, &err);
    int status = r < 0 ? fail(&err, r) : NP_EXIT_OK;
    if (r == 0) {
        r = show(&config, &err);
        status = r < 0 && r != -EPIPE ? NP_EXIT_FAILURE : NP_EXIT_OK;
    }
    if (status == NP_EXIT_FAILURE && r < 0)
        np_message("%s", err.msg);
    np_config_done(&config);
    return status;
}
