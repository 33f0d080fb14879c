/* SPDX-License-Identifier: Apache-2.0 */
/* When what was reached, when it could be known, and what the way of the logs took of that. */
#include <math.h>
#include <string.h>

#include "sink/incident/flow.h"
#include "sink/incident/timeline_internal.h"

enum { LAGS_MAX = 2 };

/* Published for attacks on premises (Mandiant, M-Trends); the measure that the dwell time stands beside. */
static const char published_dwell[] = "published median dwell 16 days";

static void add_mark(struct np_flow *flow, const char *name, double seconds)
{
    char offset[NP_OFFSET_BYTES];
    if (seconds < 0)
        return;
    np_timeline_offset(offset, seconds);
    np_flow_addf(flow, NULL, "%s %s", name, offset);
}

static void write_clock(struct np_buf *buf, const struct np_incident *incident,
                        const struct np_timeline_look *look)
{
    const struct np_incident_clock *clock = &incident->clock;
    const char *arrow = look->params->unicode ? " → " : " -> ";
    struct np_flow flow = np_flow_begin(buf, "clock", arrow, look->params);
    char first[NP_TIME_TEXT_BYTES];
    np_time_format_local(first, clock->first_use);
    np_flow_addf(&flow, NULL, "first use %s",
                 strlen(first) > NP_CLOCK_AT ? first + NP_CLOCK_AT : first);
    add_mark(&flow, "recon", clock->recon_s);
    add_mark(&flow, "escalation", clock->escalation_s);
    add_mark(&flow, "impact", clock->impact_s);
    np_flow_end(&flow);
}

/* When it could be known, and what the way of the log took of that. */
static void write_alert(struct np_buf *buf, const struct np_incident *incident,
                        const struct np_timeline_look *look)
{
    const struct np_incident_clock *clock = &incident->clock;
    struct np_flow flow = np_flow_begin(buf, "alert", "; ", look->params);
    char text[NP_OFFSET_BYTES];
    char more[NP_OFFSET_BYTES];
    if (clock->dwell_s >= 0) {
        np_timeline_duration(text, fabs(clock->left_s));
        np_timeline_duration(more, clock->dwell_s);
        np_flow_addf(&flow, NULL, "%s after first use", more);
        np_flow_addf(
            &flow, NULL,
            clock->left_s < 0 ? "ten minutes were over %s before" : "%s of ten minutes left", text);
    }
    if (clock->lag_median_s >= 0) {
        np_timeline_duration(text, clock->lag_median_s);
        np_timeline_duration(more, clock->lag_p95_s);
        np_flow_addf(&flow, NULL, "event to arrival %s, p95 %s", text, more);
    } else {
        np_flow_add(&flow, NP_SPAN("arrival not known"), NULL);
    }
    np_flow_add(&flow, np_span_of(published_dwell), look->params->colour ? "2" : NULL);
    np_flow_end(&flow);
}

/* The benchmark 5/5/5 in seconds: to see the first sign, to know that it is an attack, to act. */
enum { DETECT_S = 5, CORRELATE_S = 5 * 60, RESPOND_S = 5 * 60 };

static const char *yes_or_no(double seconds, double most)
{
    return seconds <= most ? "yes" : "no";
}

/* Whether the way of the logs, and the attacker's pace, allowed 5/5/5. */
static void write_benchmark(struct np_buf *buf, const struct np_incident *incident,
                            const struct np_timeline_look *look)
{
    const struct np_incident_clock *clock = &incident->clock;
    struct np_flow flow = np_flow_begin(buf, "5/5/5", "; ", look->params);
    double after = clock->impact_s - clock->dwell_s;
    char text[NP_OFFSET_BYTES];
    if (clock->lag_median_s >= 0) {
        np_timeline_duration(text, clock->lag_median_s);
        np_flow_addf(&flow, NULL, "detect in 5 s: %s, the log took %s",
                     yes_or_no(clock->lag_median_s, DETECT_S), text);
    }
    np_timeline_duration(text, clock->dwell_s);
    np_flow_addf(&flow, NULL, "correlate in 5 min: %s, %s",
                 yes_or_no(clock->dwell_s, DETECT_S + CORRELATE_S), text);
    np_timeline_duration(text, fabs(after));
    if (clock->impact_s < 0)
        np_flow_add(&flow, NP_SPAN("respond in 5 min: yes, no impact seen"), NULL);
    else
        np_flow_addf(&flow, NULL, "respond in 5 min: %s, impact %s %s the alert",
                     yes_or_no(RESPOND_S, after), text, after < 0 ? "before" : "after");
    np_flow_end(&flow);
}

/* "111122223333 us-east-1 2:38, p95 4:51": where the logs were slowest. */
static void write_lags(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "slowest", "; ", look->params);
    size_t shown = incident->lag_count;
    if (look->steps_max > 0)
        shown = NP_MIN(shown, (size_t) LAGS_MAX);
    for (size_t i = 0; i < shown; i++) {
        const struct np_incident_lag *lag = &incident->lags[i];
        char median[NP_OFFSET_BYTES];
        char p95[NP_OFFSET_BYTES];
        np_timeline_duration(median, lag->median_s);
        np_timeline_duration(p95, lag->p95_s);
        np_flow_addf(&flow, NULL, "%.*s %.*s %s, p95 %s", NP_SPAN_ARGS(lag->account),
                     NP_SPAN_ARGS(lag->region), median, p95);
    }
    if (shown < incident->lag_count)
        np_flow_addf(&flow, NULL, "and %zu more", incident->lag_count - shown);
    np_flow_end(&flow);
}

void np_timeline_clock(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look)
{
    write_clock(buf, incident, look);
    write_alert(buf, incident, look);
    if (incident->clock.dwell_s >= 0)
        write_benchmark(buf, incident, look);
    if (incident->lag_count > 1)
        write_lags(buf, incident, look);
}
