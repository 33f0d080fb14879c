/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An incident as it is told: one story of one attacker. A value that borrows everything; see stories.h for where it comes
 * from, CONTRACT section 5 for its JSON.
 */
#pragma once

#include "base/hash.h"
#include "base/time.h"
#include "incident/tactic.h"
#include "rule/finding.h"

enum np_incident_state {
    NP_INCIDENT_OPEN,
    NP_INCIDENT_UPDATE,
    NP_INCIDENT_CLOSED,
    NP_INCIDENT_STATE_MAX
};

/* One credential of the actor's chain, root first. */
struct np_incident_link {
    const char *kind;     /* "access key", "role session", "console session", "service role" ... */
    struct np_span value; /* its name: an ARN where there is one */
    struct np_span key;   /* access key id; empty = none */
    struct np_span account;
    struct np_span place;    /* address, prefix or endpoint */
    const char *reason;      /* why it belongs to the link `from`; NULL for the root */
    size_t from;             /* index of that link */
    struct np_span event_id; /* that shows it */
    np_time_ns first;
    np_time_ns last;
};

/* Calls of one kind in a row, folded. */
struct np_incident_step {
    np_time_ns time;
    np_time_ns last;
    enum np_tactic tactic;
    bool tactic_guessed;
    struct np_span
        action; /* "iam:CreateAccessKey"; of several kinds: "ListBuckets, DescribeInstances, ..." */
    struct np_span outcome;  /* "ok", an error code; of several: "31 of 38 refused" */
    struct np_span resource; /* the first; empty = none */
    struct np_span region;   /* or "5 regions" */
    uint64_t count;
    uint64_t refused;
    size_t link;           /* who did it: index in the chain */
    enum np_level level;   /* of its strongest signal */
    const char *behaviour; /* title of the behaviour that it showed; NULL = none */
    const struct np_span *event_ids;
    size_t event_count;
    const struct np_hash128 *finding_ids;
    size_t finding_count;
};

/* Seconds from the first use; negative = did not happen. */
struct np_incident_clock {
    np_time_ns first_use;
    double recon_s;      /* to the first discovery */
    double escalation_s; /* to the first call for more rights, or with them */
    double impact_s;     /* to the first exfiltration or impact */
    double dwell_s;      /* to the first alert: when what opened the incident could be known */
    double
        lag_median_s; /* event to arrival, of the incident's events; negative = arrival not known */
    double lag_p95_s;
    double left_s; /* what remained of ten minutes at the first alert */
};

/* How long events of one account and region were on their way, from event to arrival. */
struct np_incident_lag {
    struct np_span account;
    struct np_span region;
    double median_s;
    double p95_s;
};

/* A named figure of the blast radius: "accounts", "regions", "principals created", "secrets read" ... with its values. */
struct np_incident_reach {
    const char *what;
    uint64_t count;
    const struct np_span *values; /* some of them */
    size_t value_count;
};

/* A rule or behaviour behind the incident. */
struct np_incident_sign {
    const struct np_rule_info *rule; /* lives as long as its set */
    uint64_t count;                  /* of its findings in the story */
};

struct np_incident {
    struct np_hash128 id; /* of the root credential and the first event: the same in every run */
    uint32_t revision;
    enum np_incident_state state;
    enum np_level level; /* low .. critical */
    double score;        /* 0 .. 100 */
    double confidence;   /* 0 .. 1 */
    struct np_span title;
    const struct np_incident_link *chain;
    size_t chain_count;
    np_time_ns first;
    np_time_ns last;
    struct np_span opened_by;      /* event id */
    struct np_hash128 merged_into; /* the incident that it became part of; zero = none */
    struct np_incident_clock clock;
    const struct np_incident_lag
        *lags; /* of its events whose arrival is known; the slowest first */
    size_t lag_count;
    const struct np_incident_step *steps; /* by time */
    size_t step_count;
    const struct np_incident_sign *signs; /* the strongest first */
    size_t sign_count;
    const struct np_span *event_ids; /* every event of the story, by time */
    size_t event_count;
    const struct np_incident_reach *reach;
    size_t reach_count;
    const struct np_span *blind; /* what cannot be seen: "S3 data events: none seen" ... */
    size_t blind_count;
    const struct np_span *next; /* commands, quoted for a shell; never run */
    size_t next_count;
};

/* Whether it turned out to be part of another incident. */
static inline bool np_incident_is_merged(const struct np_incident *incident)
{
    return (incident->merged_into.low | incident->merged_into.high) != 0;
}
