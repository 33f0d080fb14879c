/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who we tell, line by line: one file a format behind one vtable. A sink is called by one thread
 * at a time, not always the same, with findings in the order in which they are to be told, then once
 * with the summary. Everything shown is attacker-controlled: each sink escapes for its own medium.
 *
 * In: findings, a summary. Out: bytes on a file or stdout (out.h). Not here: deciding what is told
 * (engine/). To add a sink: one file, one line in the table in sink.c, its tests.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "incident/incident.h"
#include "rule/finding.h"
#include "sink/out.h"

struct np_skipped {
    const char *object;
    const char *reason;
    uint64_t count;
};

struct np_limit {
    const char *what;
    const char *rule;   /* title or id; NULL = no rule */
    const char *object; /* NULL = no object */
    uint64_t count;
};

/* What a run adds up to: `summary` in docs/reference/output.md. Borrowed during the call. */
struct np_summary {
    uint64_t objects;
    uint64_t records;
    uint64_t events;
    uint64_t bytes;
    uint64_t duplicates;
    uint64_t late;
    uint64_t digests;
    const struct np_skipped *skipped;
    size_t skipped_count;
    uint64_t rules_loaded;
    uint64_t rules_refused;
    uint64_t findings;
    uint64_t incidents;                        /* opened */
    uint64_t by_level[NP_LEVEL_MAX];           /* of findings */
    uint64_t incidents_by_level[NP_LEVEL_MAX]; /* by the last revision of each */
    const struct np_limit *limits;
    size_t limit_count;
    double seconds;
    bool complete; /* nothing skipped, no limit hit */
};

struct np_sink_params {
    struct np_out *out;   /* borrowed, as long as the sink lives; NULL = to `url` */
    const char *url;      /* NULL = to `out` */
    const char *hostname; /* of this host, for formats that say it */
    uint32_t width;       /* columns of the terminal, 0 = unlimited */
    bool colour;
    bool unicode; /* the locale is UTF-8 */
    bool unfold;  /* --all: each finding a row of its own */
    /* name of the zone that times are shown in (the process's TZ), e.g. "UTC" */
    const char *zone;
    const char *next_command; /* what the summary suggests; NULL = none */
    bool incidents;           /* incidents are looked for, and told too */
    /* how to see more of an incident: what stands behind `nepho incidents show ID`, as shell words */
    const char *show_operands;
};

struct np_sink;

/*
 * What a sink does. `open` first, then `finding` and `incident` any number of times, then `finish` at most once,
 * then `destroy`, by one thread at a time. Results are 0 or a negative errno with a message:
 * -ENOMEM or what the output says (out.h), -EPIPE among it. After an error nothing but `destroy`
 * may be called.
 */
struct np_sink_ops {
    const char *name; /* as in -o NAME */
    bool posts;       /* can send to a URL instead of a file */
    /*
     * Makes a sink that writes to `params->out`; texts in `params` are borrowed as long as it
     * lives.
     */
    NP_NODISCARD int (*open)(struct np_sink **out_sink, const struct np_sink_params *params,
                             struct np_err *err);
    /* Takes a finding, borrowed during the call; its rule is borrowed until `destroy`. */
    NP_NODISCARD int (*finding)(struct np_sink *sink, const struct np_finding *finding,
                                struct np_err *err);
    /* Takes a revision of an incident, borrowed during the call; NULL = not wanted. */
    NP_NODISCARD int (*incident)(struct np_sink *sink, const struct np_incident *incident,
                                 struct np_err *err);
    /* Writes what is still to be written, then the summary, and flushes the output. */
    NP_NODISCARD int (*finish)(struct np_sink *sink, const struct np_summary *summary,
                               struct np_err *err);
    /* Frees the sink, not its output. */
    void (*destroy)(struct np_sink *sink);
};

/* The head of every sink's own struct. */
struct np_sink {
    const struct np_sink_ops *ops;
};

/* The sinks that there are, in the order of help. */
const struct np_sink_ops *const *np_sinks(size_t *out_count);

/* The sink of that name; NULL where there is none. */
const struct np_sink_ops *np_sink_find(struct np_span name);
