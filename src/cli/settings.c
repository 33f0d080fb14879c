/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the values of options, one small function a kind. */
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/suggest.h"

int np_setting_level(const struct np_args *args, enum np_option_id id, enum np_level *out_level,
                     struct np_err *err)
{
    const char *text = np_args_get(args, id);
    if (text == NULL || np_level_parse(np_span_of(text), out_level))
        return 0;
    const char *names[NP_LEVEL_MAX];
    for (size_t i = 0; i < NP_LEVEL_MAX; i++)
        names[i] = np_level_name((enum np_level) i);
    const char *near = np_suggest(np_span_of(text), names, NP_LEVEL_MAX);
    return np_fail(err, -EINVAL, "'%s' is no level; %s", text,
                   near != NULL ? near : "they are informational, low, medium, high, critical");
}

static int read_time(const struct np_args *args, enum np_option_id id, const char *option,
                     np_time_ns *out_time, struct np_err *err)
{
    const char *text = np_args_get(args, id);
    if (text == NULL)
        return 0;
    int r = np_time_parse_user(out_time, np_span_of(text), err);
    return r < 0 ? np_context(err, r, "%s", option) : 0;
}

int np_setting_logsource(struct np_logsource *out_logsource, const char *text, const char *name,
                         struct np_err *err)
{
    static const char *const keys[] = {"product", "category", "service"};
    struct np_logsource found = {};
    struct np_span *const values[] = {&found.product, &found.category, &found.service};
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, ",");
        const char *equals = memchr(at, '=', len);
        struct np_span key = np_span_make(at, equals != NULL ? (size_t) (equals - at) : len);
        size_t k = 0;
        while (k < NP_ARRAY_LEN(keys) && !np_span_is(key, keys[k]))
            k++;
        if (k == NP_ARRAY_LEN(keys) || equals == NULL)
            return np_fail(err, -EINVAL,
                           "%s: '%.*s' is not product=..., category=... or service=...", name,
                           (int) len, at);
        *values[k] = np_span_make(equals + 1, len - key.len - 1);
        at += len + (at[len] == ',' ? 1 : 0);
    }
    if (found.product.len + found.category.len + found.service.len == 0)
        return np_fail(err, -EINVAL,
                       "%s names no log source; give e.g. %s product=linux,service=sshd", name,
                       name);
    *out_logsource = found;
    return 0;
}

/* Reads --as. */
static int read_generic(const struct np_args *args, struct np_detect_settings *settings,
                        struct np_err *err)
{
    const char *text = np_args_get(args, NP_OPT_AS);
    settings->is_generic = text != NULL;
    return text != NULL ? np_setting_logsource(&settings->generic, text, "--as", err) : 0;
}

static int read_threads(const struct np_args *args, unsigned *out_threads, struct np_err *err)
{
    const char *text = np_args_get(args, NP_OPT_THREADS);
    if (text == NULL) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        *out_threads = (unsigned) NP_MIN(NP_MAX(processors, 1L), 8L);
        return 0;
    }
    char *end = NULL;
    unsigned long threads = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || threads > NP_THREADS_MAX)
        return np_fail(err, -EINVAL, "--threads: '%s' is no number from 0 to %d", text,
                       NP_THREADS_MAX);
    *out_threads = (unsigned) threads;
    return 0;
}

static int read_matching(const struct np_args *args, enum np_rule_matching *out_matching,
                         struct np_err *err)
{
    const char *text = np_args_get(args, NP_OPT_RULE_MATCHING);
    *out_matching = text != NULL && strcmp(text, "all") == 0 ? NP_MATCHING_ALL : NP_MATCHING_FIRST;
    if (text == NULL || *out_matching == NP_MATCHING_ALL || strcmp(text, "first") == 0)
        return 0;
    return np_fail(err, -EINVAL, "--rule-matching: '%s' is not first or all", text);
}

static int read_progress(const struct np_args *args, bool *out_progress, struct np_err *err)
{
    const char *text = np_args_get(args, NP_OPT_PROGRESS);
    *out_progress = isatty(STDERR_FILENO) == 1;
    if (text == NULL || strcmp(text, "auto") == 0)
        return 0;
    *out_progress = strcmp(text, "always") == 0;
    if (*out_progress || strcmp(text, "never") == 0)
        return 0;
    return np_fail(err, -EINVAL, "--progress: '%s' is not auto, always or never", text);
}

/* Sets the process's time zone. glibc takes an unknown name for UTC without a word, so the zone's file is looked for. */
static int read_zone(const struct np_args *args, const char **out_zone, struct np_err *err)
{
    const char *zone = np_args_get(args, NP_OPT_TZ);
    char path[512];
    *out_zone = zone != NULL ? zone : "UTC";
    (void) snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", *out_zone);
    bool is_known =
        strcmp(*out_zone, "UTC") == 0 ||
        (strstr(*out_zone, "..") == NULL && (*out_zone)[0] != '/' && access(path, R_OK) == 0);
    if (!is_known)
        return np_fail(
            err, -EINVAL,
            "--tz: there is no time zone '%s'; names are like Europe/Berlin (package tzdata)",
            *out_zone);
    if (setenv("TZ", *out_zone, 1) < 0)
        return np_fail(err, -ENOMEM, "out of memory");
    tzset();
    return 0;
}

static int read_lists(const struct np_args *args, struct np_filter *filter, struct np_err *err)
{
    int r = np_args_all(args, NP_OPT_ACCOUNT, &filter->accounts, &filter->account_count);
    if (r == 0)
        r = np_args_all(args, NP_OPT_REGION, &filter->regions, &filter->region_count);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

int np_detect_settings_read(struct np_detect_settings *out_settings, const struct np_args *args,
                            struct np_err *err)
{
    *out_settings = (struct np_detect_settings){
        .filter = {.since = NP_TIME_NONE, .until = NP_TIME_NONE},
        .min_level = NP_LEVEL_INFORMATIONAL,
        .fail_on = NP_LEVEL_MAX,
        .findings_only = np_args_has(args, NP_OPT_FINDINGS_ONLY),
        .strict = np_args_has(args, NP_OPT_STRICT),
        .unfold = np_args_has(args, NP_OPT_ALL),
    };
    int r = np_setting_level(args, NP_OPT_MIN_LEVEL, &out_settings->min_level, err);
    if (r == 0)
        r = np_setting_level(args, NP_OPT_FAIL_ON, &out_settings->fail_on, err);
    if (r == 0)
        r = read_time(args, NP_OPT_SINCE, "--since", &out_settings->filter.since, err);
    if (r == 0)
        r = read_time(args, NP_OPT_UNTIL, "--until", &out_settings->filter.until, err);
    if (r == 0)
        r = read_generic(args, out_settings, err);
    if (r == 0)
        r = read_threads(args, &out_settings->threads, err);
    if (r == 0)
        r = read_progress(args, &out_settings->progress, err);
    if (r == 0)
        r = read_matching(args, &out_settings->matching, err);
    if (r == 0)
        r = read_zone(args, &out_settings->zone, err);
    return r < 0 ? r : read_lists(args, &out_settings->filter, err);
}

void np_detect_settings_done(struct np_detect_settings *settings)
{
    np_free((void *) (uintptr_t)
                settings->filter.accounts); /* arrays of np_args_all(), const for their readers */
    np_free((void *) (uintptr_t) settings->filter.regions);
}
