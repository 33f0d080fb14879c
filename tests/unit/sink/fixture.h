/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of this folder share: findings to tell, an output that is read back as text, hostile bytes from a
 * seed, and the check that nothing of them would reach a terminal.
 */
#pragma once

#include "support/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/alloc.h"
#include "sink/sink.h"

/* ---- an output to a file that is read back */

struct capture {
    struct np_out *out;
    char path[64];
    char *text; /* NUL-terminated; after capture_read() */
    size_t len;
};

static inline void capture_open(struct capture *capture)
{
    *capture = (struct capture){};
    (void) snprintf(capture->path, sizeof(capture->path), "/tmp/np-sink-XXXXXX");
    int fd = mkstemp(capture->path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(np_out_file(&capture->out, capture->path, NULL), 0);
}

static inline const char *capture_read(struct capture *capture)
{
    FILE *file = fopen(capture->path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    np_free(capture->text);
    capture->len = (size_t) size;
    capture->text = np_alloc(capture->len + 1);
    assert_non_null(capture->text);
    assert_int_equal(fread(capture->text, 1, capture->len, file), capture->len);
    assert_int_equal(fclose(file), 0);
    return capture->text;
}

static inline void capture_close(struct capture *capture)
{
    np_out_free(&capture->out);
    np_free(capture->text);
    assert_int_equal(unlink(capture->path), 0);
}

/* ---- rules and findings */

static const struct np_rule_info rule_trail = {.id = "r-trail",
                                               .title = "CloudTrail logging stopped or deleted",
                                               .priority = "critical",
                                               .file = "rules/aws/trail.yml",
                                               .level = NP_LEVEL_CRITICAL};
static const struct np_rule_info rule_login = {.id = "r-login",
                                               .title = "Console login without a second factor",
                                               .priority = "high",
                                               .file = "rules/aws/login.yml",
                                               .level = NP_LEVEL_HIGH};
static const struct np_rule_info rule_list = {.id = "r-list",
                                              .title = "IAM listed",
                                              .priority = "",
                                              .file = "rules/aws/list.yml",
                                              .level = NP_LEVEL_INFORMATIONAL};

/* A finding of `rule` at second `second` of 2023-07-10 11:45 (UTC) by user/`name`. */
static inline struct np_finding finding_by(const struct np_rule_info *rule, const char *principal,
                                           const char *outcome, int second)
{
    return (struct np_finding){
        .rule = rule,
        .id = {.low = 0x23, .high = 0x1},
        .event_kind = NP_EVENT_CLOUDTRAIL,
        .time = np_time_of_utc(2023, 7, 10, 11, 45, second),
        .account = NP_SPAN("111122223333"),
        .event_id = NP_SPAN("4a81a319-3f88-4f76-a01d-4f206b7e1c0d"),
        .event = {.name = NP_SPAN("StopLogging"),
                  .source = NP_SPAN("cloudtrail.amazonaws.com"),
                  .region = NP_SPAN("us-east-1"),
                  .principal = np_span_of(principal),
                  .address = NP_SPAN("203.0.113.7"),
                  .outcome = np_span_of(outcome)},
        .origin = {.object = "logs/a.json", .offset = 12, .length = 345},
        .message = NP_SPAN("CloudTrail logging stopped or deleted"),
    };
}

static inline void add_target_text(struct np_finding *finding, const char *text)
{
    finding->targets[finding->target_count++] = np_span_of(text);
}

static inline struct np_finding_field text_field(const char *name, const char *text)
{
    return (struct np_finding_field){
        .name = np_span_of(name),
        .value = {.kind = NP_VALUE_TEXT, .text = np_span_of(text)},
    };
}

/* ---- hostile bytes */

static inline uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Pieces that do harm, and some that do not. */
static const char *const hostile_pieces[] = {
    "\033[2J",
    "\033]0;title\007",
    "\x9b"
    "31m",
    "\xc2\x9b"
    "2J",
    "\r",
    "\n",
    "\t",
    "\b\b\b",
    "\x7f",
    "\xe2\x80\xae",
    "\xe2\x81\xa6",
    "\xe2\x80\x8b",
    "\xe2\x80\x8f",
    "\xd8\x9c",
    "\xe2\x80\xa8",
    "\xe2\x80\xa9",
    "\xef\xbb\xbf",
    "\xc2\xa0",
    "\xe3\x85\xa4",
    "\xf3\xa0\x81\x81",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "\xf4\x90\x80\x80",
    "\xff\xfe",
    "\xcc\x81\xcc\x82\xcc\x83",
    "\xe2\xa0\x80",
    "\xee\x80\x80",
    "\xef\xb8\x8f",
    "\xc2\xad",
    "e\xcc\x81",
    "\xe6\x97\xa5",
    "\xf0\x9f\x98\x80",
    "\xd7\xa9",
    "arn:aws:iam::1:user/",
    "/",
    ":",
    " ",
    "\\x1b",
    "%s%n",
    "\"}",
    "name",
    "\xe0\xa4\xa8\xe0\xa5\x80",
    "\xe1\x85\x9f",
};

/* Fills `text` with random bytes and hostile pieces; returns its length, at most `size`. */
static inline size_t make_hostile(char *text, size_t size, uint64_t *seed)
{
    size_t wanted = next_random(seed) % size;
    size_t len = 0;
    while (len < wanted) {
        uint64_t pick = next_random(seed);
        const char *piece = hostile_pieces[(pick >> 8) % NP_ARRAY_LEN(hostile_pieces)];
        size_t piece_len = strlen(piece);
        if (pick % 4 == 0 || piece_len > size - len) {
            text[len++] = (char) (pick >> 32);
        } else {
            memcpy(text + len, piece, piece_len);
            len += piece_len;
        }
    }
    return len;
}

static inline struct np_span hostile_span(char *bytes, size_t *used, size_t size, uint64_t *seed)
{
    size_t len = make_hostile(bytes + *used, NP_MIN((size_t) 60, size - *used - 1), seed);
    struct np_span span = np_span_make(bytes + *used, len);
    bytes[*used + len] = '\0'; /* for those that are C strings */
    *used += len + 1;
    return span;
}

/* ---- checks */

/* Whether a code point may stand in what a terminal shows. */
static inline bool is_harmless(utf8proc_int32_t code_point)
{
    if (code_point < 0x80)
        return code_point >= 0x20 && code_point < 0x7f;
    switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS:
        return false;
    default:
        return code_point != 0x2800 && code_point != 0x3164 && code_point != 0x115f &&
               !(code_point >= 0xfe00 && code_point <= 0xfe0f);
    }
}

/*
 * Every line of `text` is UTF-8, holds harmless characters only and is at most `columns` wide. Colour sequences of ours are
 * passed over where `colour`.
 */
static inline void assert_harmless(const char *text, size_t len, size_t columns, bool colour)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *) text;
    const utf8proc_uint8_t *end = len > 0 ? at + len : at;
    size_t used = 0;
    while (at < end) {
        utf8proc_int32_t code_point = 0;
        if (colour && *at == 033) {
            size_t skip = strspn((const char *) at + 1, "[0123456789;");
            assert_int_equal(at[1 + skip], 'm');
            at += skip + 2;
            continue;
        }
        utf8proc_ssize_t size = utf8proc_iterate(at, end - at, &code_point);
        assert_true(size > 0);
        at += size;
        if (code_point == '\n') {
            used = 0;
            continue;
        }
        assert_true(is_harmless(code_point));
        int width = utf8proc_category(code_point) == UTF8PROC_CATEGORY_MC
                        ? 1
                        : utf8proc_charwidth(code_point);
        used += (size_t) width;
        assert_true(used <= columns);
    }
}

#ifdef NP_FAULT_INJECTION
/* Opens a sink of that format, tells it a finding of `rule` and ends it, with each allocation failing in turn. */
static inline void check_failed_allocations(struct np_span format, const struct np_rule_info *rule)
{
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct capture capture;
        struct np_sink *sink = NULL;
        capture_open(&capture);
        const struct np_sink_params params = {.out = capture.out};
        struct np_finding finding = finding_by(rule, "arn:aws:iam::111122223333:user/ann", "ok", 1);
        np_alloc_fail_at(n);
        r = np_sink_find(format)->open(&sink, &params, NULL);
        if (r == 0)
            r = sink->ops->finding(sink, &finding, NULL);
        if (r == 0)
            r = sink->ops->finish(sink, &(const struct np_summary){}, NULL);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        if (sink != NULL)
            sink->ops->destroy(sink);
        capture_close(&capture);
    }
}
#endif
