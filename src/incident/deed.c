/* SPDX-License-Identifier: Apache-2.0 */
/* See deed.h. */
#include "incident/deed.h"

enum { NAME_BYTES = 160 /* of a deed's own texts: its event id above all */ };

/* What the deed has beside the ordinary; NULL in `out_more` where that is nothing. */
static int make_more(struct np_deed_more **out_more, struct np_names *names,
                     const struct np_act *act, struct np_signals signals)
{
    bool names_things = act->entity_count > 0 && (act->flags & NP_ACT_READS) == 0;
    *out_more = NULL;
    if (signals.count == 0 && !names_things)
        return 0;
    struct np_deed_more *more = np_alloc(sizeof(*more));
    if (more == NULL)
        return -ENOMEM;
    more->signal_count = NP_MIN(signals.count, (size_t) NP_DEED_SIGNALS_MAX);
    for (size_t i = 0; i < more->signal_count; i++)
        more->signals[i] = signals.items[i];
    more->entity_count = names_things ? act->entity_count : 0;
    for (size_t i = 0; i < more->entity_count; i++) {
        more->entities[i] = act->entities[i];
        more->entities[i].value = np_names_hold(names, act->entities[i].value);
    }
    *out_more = more;
    return 0;
}

int np_deed_make(struct np_deed *out_deed, struct np_names *names, const struct np_act *act,
                 struct np_call_meaning meaning, struct np_signals signals)
{
    struct np_deed deed = {
        .time = act->time,
        .arrival = act->arrival,
        .tactic = (uint8_t) meaning.tactic,
        .weight = (uint8_t) meaning.weight,
        .guessed = meaning.guessed,
        .level = (uint8_t) np_signals_level(signals),
        .flags = act->flags,
    };
    int r = make_more(&deed.more, names, act, signals);
    if (r < 0)
        return r;
    deed.event_id = np_names_hold(names, act->texts[NP_ACT_EVENT_ID]);
    deed.service = np_names_hold(names, act->texts[NP_ACT_SERVICE]);
    deed.api = np_names_hold(names, act->texts[NP_ACT_API]);
    deed.resource = np_names_hold(names, act->texts[NP_ACT_RESOURCE]);
    deed.region = np_names_hold(names, act->texts[NP_ACT_REGION]);
    deed.account = np_names_hold(names, act->texts[NP_ACT_ACCOUNT]);
    deed.error = np_names_hold(names, act->texts[NP_ACT_ERROR]);
    *out_deed = deed;
    return 0;
}

void np_deed_release(struct np_deed *deed, struct np_names *names)
{
    np_names_release(names, deed->event_id);
    np_names_release(names, deed->service);
    np_names_release(names, deed->api);
    np_names_release(names, deed->resource);
    np_names_release(names, deed->region);
    np_names_release(names, deed->account);
    np_names_release(names, deed->error);
    if (deed->more != NULL) {
        for (size_t i = 0; i < deed->more->entity_count; i++)
            np_names_release(names, deed->more->entities[i].value);
        np_free(deed->more);
    }
    *deed = (struct np_deed){};
}

size_t np_deed_bytes(const struct np_deed *deed)
{
    return sizeof(*deed) + NAME_BYTES + (deed->more != NULL ? sizeof(*deed->more) : 0);
}
