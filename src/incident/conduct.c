/* SPDX-License-Identifier: Apache-2.0 */
/* See conduct.h. */
#include "incident/conduct.h"

#include <errno.h>

#include "base/alloc.h"

void np_recent_add(struct np_recent *recent, uint64_t what, np_time_ns time)
{
    size_t oldest = 0;
    for (size_t i = 0; i < recent->len; i++) {
        if (recent->items[i].what == what) {
            recent->items[i].time = time;
            return;
        }
        if (recent->items[i].time < recent->items[oldest].time)
            oldest = i;
    }
    size_t at = recent->len < NP_CONDUCT_SET_MAX ? recent->len++ : oldest;
    recent->items[at].what = what;
    recent->items[at].time = time;
}

size_t np_recent_count(const struct np_recent *recent, np_time_ns from)
{
    size_t count = 0;
    for (size_t i = 0; i < recent->len; i++)
        count += recent->items[i].time >= from;
    return count;
}

np_time_ns np_recent_last(const struct np_recent *recent, uint64_t what)
{
    for (size_t i = 0; i < recent->len; i++) {
        if (recent->items[i].what == what)
            return recent->items[i].time;
    }
    return NP_TIME_NONE;
}

int np_conducts_init(struct np_conducts *conducts, const struct np_actors *owners)
{
    conducts->owners = owners;
    conducts->places = np_alloc_array(NP_CONDUCT_PLACES, sizeof(conducts->places[0]));
    if (conducts->places == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < NP_CONDUCT_PLACES; i++)
        conducts->actors[i] = NP_THREAD_NONE;
    return 0;
}

void np_conducts_done(struct np_conducts *conducts)
{
    np_free(conducts->places);
    conducts->places = NULL;
}

static void begin(struct np_conduct *conduct)
{
    *conduct = (struct np_conduct){
        .rights_changed = NP_TIME_NONE,
        .quotas_read = NP_TIME_NONE,
        .copies_asked = NP_TIME_NONE,
        .models_listed = NP_TIME_NONE,
    };
    for (size_t i = 0; i < NP_CONDUCT_BEHAVIOURS_MAX; i++)
        conduct->spoke[i] = NP_TIME_NONE;
}

static bool is_current(const struct np_conducts *conducts, np_thread_id actor, np_time_ns now)
{
    size_t place = actor & (NP_CONDUCT_PLACES - 1);
    return conducts->actors[place] == actor &&
           now - conducts->places[place].last <= NP_CONDUCT_LIFE_NS &&
           conducts->places[place].serial == np_actors_thread(conducts->owners, actor).serial;
}

const struct np_conduct *np_conducts_find(const struct np_conducts *conducts, np_thread_id actor,
                                          np_time_ns now)
{
    return is_current(conducts, actor, now) ? &conducts->places[actor & (NP_CONDUCT_PLACES - 1)]
                                            : NULL;
}

struct np_conduct *np_conducts_of(struct np_conducts *conducts, np_thread_id actor, np_time_ns now)
{
    size_t place = actor & (NP_CONDUCT_PLACES - 1);
    struct np_conduct *conduct = &conducts->places[place];
    if (!is_current(conducts, actor, now))
        begin(conduct);
    conducts->actors[place] = actor;
    conduct->serial = np_actors_thread(conducts->owners, actor).serial;
    conduct->last = NP_MAX(conduct->last, now);
    return conduct;
}
