/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From bytes to findings and incidents: an object as it lies on a disk, packed or not, through source, decoder, rules, actors and
 * stories to every sink. Whatever it holds, the counts must agree with each other and with a second run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/engine.h"

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SINKS_MAX = 8 };

static const char rules_text[] =
    "title: A\nlogsource: {product: aws}\ndetection: {s: {eventName: [StopLogging, 'Create*']}, "
    "condition: s}\n---\n"
    "title: B\nlogsource: {product: aws}\ndetection: {s: {requestParameters|contains: 'a'}, "
    "condition: s}\n---\n"
    "title: C\nlogsource: {product: aws}\ndetection: {s: {resources.ARN|re: 'x.*y'}, condition: "
    "not s}\n---\n"
    "title: D\nlogsource: {product: kubernetes}\ndetection: {k: [secret], condition: k}\n---\n"
    "title: E\nlogsource: {product: gcp}\ndetection: {s: {gcp.audit.method_name|endswith: "
    "'.delete'}, condition: s}\n";

/* So short that acts also come late. */
#define LATENESS_NS (2 * NP_NS_PER_MIN)

static const char tactics_text[] = "sts\tGetCallerIdentity\tdiscovery\ttelling\n"
                                   "sts\tAssumeRole\tprivilege-escalation\tsensitive\n"
                                   "iam\tListUsers\tdiscovery\ttelling\n"
                                   "iam\tListRoles\tdiscovery\ttelling\n"
                                   "iam\tAttachUserPolicy\tprivilege-escalation\tsensitive\n"
                                   "iam\tCreateAccessKey\tpersistence\tsensitive\n"
                                   "lambda\tCreateFunction\texecution\tsensitive\n"
                                   "cloudformation\tCreateStack\tprivilege-escalation\tsensitive\n"
                                   "secretsmanager\tGetSecretValue\tcredential-access\tsensitive\n"
                                   "cloudtrail\tStopLogging\tdefense-evasion\tsensitive\n";

struct setup {
    struct np_field_set *fields;
    struct np_rule_set *rules;
    struct np_decode_plan *plan;
    struct np_tactics *tactics;
};

static void set_up(struct setup *setup)
{
    struct np_diag_list diags;
    np_diag_list_init(&diags);
    CHECK(np_field_set_new(&setup->fields) == 0);
    CHECK(np_rule_set_new(&setup->rules, setup->fields) == 0);
    CHECK(np_rule_set_load(setup->rules, "fuzz.yml", np_span_of(rules_text), &diags) == 0);
    CHECK(diags.errors == 0);
    CHECK(np_rule_set_compile(setup->rules, NULL) == 0);
    CHECK(np_tactics_load(&setup->tactics, np_span_of(tactics_text), NULL) == 0);
    CHECK(np_decode_plan_new(&setup->plan, setup->fields, NULL, NULL) == 0);
    np_diag_list_done(&diags);
}

/* A file in memory that holds the bytes; its path goes to `out_path`. */
static int file_of(const uint8_t *data, size_t size, char out_path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t) size));
    (void) snprintf(out_path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static void run(const struct setup *setup, const char *path, unsigned threads,
                struct np_summary *out_summary)
{
    struct np_input_params input = {.paths = &path, .path_count = 1, .plan = setup->plan};
    struct np_source *source = NULL;
    struct np_out *out = NULL;
    struct np_sink *sinks[SINKS_MAX];
    struct np_engine_result result;
    size_t count = 0;
    const struct np_sink_ops *const *all = np_sinks(&count);
    CHECK(count <= SINKS_MAX);
    CHECK(np_input_new(&source, &input, NULL) == 0);
    CHECK(np_out_file(&out, "/dev/null", NULL) == 0);
    struct np_sink_params params = {
        .out = out, .width = 80, .unicode = true, .zone = "UTC", .incidents = true};
    struct np_incident_params incidents = {
        .tactics = setup->tactics, .behaviours = true, .explain = NP_SPAN("bad-2")};
    CHECK(np_endpoints_new(&incidents.endpoints) == 0);
    for (size_t i = 0; i < count; i++)
        CHECK(all[i]->open(&sinks[i], &params, NULL) == 0);
    struct np_engine_params engine = {.rules = setup->rules,
                                      .fields = setup->fields,
                                      .plan = setup->plan,
                                      .source = source,
                                      .sinks = sinks,
                                      .sink_count = count,
                                      .filter = {.since = NP_TIME_NONE, .until = NP_TIME_NONE},
                                      .lateness = LATENESS_NS,
                                      .incidents = &incidents,
                                      .threads = threads};
    CHECK(np_engine_run(&result, &engine, NULL) == 0);
    for (size_t i = 0; i < count; i++) {
        CHECK(sinks[i]->ops->finish(sinks[i], &result.summary, NULL) == 0);
        sinks[i]->ops->destroy(sinks[i]);
    }
    *out_summary = result.summary;
    np_engine_result_done(&result);
    np_endpoints_free(&incidents.endpoints);
    np_out_free(&out);
    np_source_free(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct setup setup;
    char path[64];
    struct np_summary once;
    struct np_summary again;
    if (setup.plan == NULL)
        set_up(&setup);
    int fd = file_of(data, size, path);
    run(&setup, path, 1, &once);
    run(&setup, path, 2, &again);
    (void) close(fd);
    CHECK(once.objects == 1 && once.events + once.duplicates == once.records);
    CHECK(size > 0 || once.skipped_count == 1);
    CHECK(once.complete == (once.skipped_count == 0 && once.limit_count == 0));
    CHECK(once.records == again.records && once.duplicates == again.duplicates &&
          once.findings == again.findings && once.incidents == again.incidents &&
          once.skipped_count == again.skipped_count);
    return 0;
}
