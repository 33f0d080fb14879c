/* SPDX-License-Identifier: Apache-2.0 */
/* The list of sinks: see sink.h. */
#include "sink/sink.h"

#include "sink/sink_internal.h"

static const struct np_sink_ops *const sinks[] = {
    &np_sink_table, &np_sink_ndjson, &np_sink_csv, &np_sink_navigator, &np_sink_falco,
};

const struct np_sink_ops *const *np_sinks(size_t *out_count)
{
    *out_count = NP_ARRAY_LEN(sinks);
    return sinks;
}

const struct np_sink_ops *np_sink_find(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(sinks); i++)
        if (np_span_is(name, sinks[i]->name))
            return sinks[i];
    return NULL;
}
