/* SPDX-License-Identifier: Apache-2.0 */
/* Keys are hashes, wide enough to stand for the texts (base/hash.h). */
#include "cli/inspect/principals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "actor/act.h"
#include "base/hash.h"

enum { API_BYTES = 512 };

/* What an event says, of whatever kind it is. */
struct said {
    struct np_span principal;
    struct np_span account;
    struct np_span traits[NP_TRAIT_KIND_MAX];
    bool refused;
    bool failed;
};

/* No padding: it is hashed as bytes. */
struct trait_key {
    uint32_t principal;
    uint32_t kind;
    struct np_hash128 text;
};

void np_principals_init(struct np_principals *principals)
{
    *principals = (struct np_principals){};
    np_map_init(&principals->index, NP_PRINCIPALS_MAX);
    np_map_init(&principals->trait_index, NP_PRINCIPAL_TRAITS_MAX);
    np_arena_init(&principals->texts, NP_PRINCIPALS_MAX_BYTES);
}

void np_principals_done(struct np_principals *principals)
{
    np_vec_done(&principals->items);
    np_vec_done(&principals->traits);
    np_map_done(&principals->index);
    np_map_done(&principals->trait_index);
    np_arena_done(&principals->texts);
}

/* The two parts of an API's name joined in `room`, cut if need be. */
static struct np_span join_api(struct np_span service, struct np_span name, char room[API_BYTES])
{
    if (service.len == 0)
        return name;
    int len = snprintf(room, API_BYTES, "%.*s:%.*s", NP_SPAN_ARGS(service), NP_SPAN_ARGS(name));
    return np_span_make(room, NP_MIN((size_t) NP_MAX(len, 0), (size_t) API_BYTES - 1));
}

/* A CloudTrail event is read as an act, which knows its caller best; any other by what a finding says of it. */
static void read_said(struct said *said, struct np_event *event, char room[API_BYTES])
{
    struct np_act_view view;
    struct np_event_brief brief;
    *said = (struct said){.account = event->account};
    if (np_act_view_read(&view, event)) {
        said->principal = view.texts[NP_ACT_PRINCIPAL];
        said->traits[NP_TRAIT_API] =
            join_api(view.texts[NP_ACT_SERVICE], view.texts[NP_ACT_API], room);
        said->traits[NP_TRAIT_REGION] = view.texts[NP_ACT_REGION];
        said->traits[NP_TRAIT_ADDRESS] = view.texts[NP_ACT_ADDRESS];
        said->traits[NP_TRAIT_AGENT] = view.texts[NP_ACT_AGENT];
        said->refused = (view.flags & NP_ACT_REFUSED) != 0;
        said->failed = !said->refused && (view.flags & NP_ACT_FAILED) != 0;
        return;
    }
    np_event_brief(event, &brief);
    said->principal = brief.principal;
    said->traits[NP_TRAIT_API] = brief.name;
    said->traits[NP_TRAIT_REGION] = brief.region;
    said->traits[NP_TRAIT_ADDRESS] = brief.address;
    said->failed = brief.outcome.len > 0 && !np_span_is(brief.outcome, "ok");
}

/* The number of the principal: 0, -E2BIG (no room) or -ENOMEM. */
static int find_principal(struct np_principals *principals, const struct said *said,
                          uint32_t *out_number)
{
    struct np_hash128 keys[2] = {np_hash128(said->principal, 0), np_hash128(said->account, 0)};
    struct np_span key = np_span_make((const char *) keys, sizeof(keys));
    uint32_t number = np_map_get(&principals->index, key);
    if (number == NP_MAP_NONE) {
        struct np_principal principal = {.name = said->principal,
                                         .account = said->account,
                                         .first = NP_TIME_NONE,
                                         .last = NP_TIME_NONE};
        number = (uint32_t) principals->items.len;
        int r = np_vec_reserve(&principals->items, principals->items.len + 1, NP_PRINCIPALS_MAX);
        if (r == 0)
            r = np_arena_keep(&principals->texts, &principal.name);
        if (r == 0)
            r = np_arena_keep(&principals->texts, &principal.account);
        if (r == 0)
            r = np_map_put(&principals->index, key, number);
        if (r < 0)
            return r;
        principals->items.items[principals->items.len++] = principal;
    }
    *out_number = number;
    return 0;
}

static int find_trait(struct np_principals *principals, const struct np_trait *wanted,
                      uint32_t *out_number)
{
    struct trait_key key = {wanted->principal, wanted->kind, np_hash128(wanted->text, 0)};
    struct np_span bytes = np_span_make((const char *) &key, sizeof(key));
    uint32_t number = np_map_get(&principals->trait_index, bytes);
    if (number == NP_MAP_NONE) {
        struct np_trait trait = *wanted;
        number = (uint32_t) principals->traits.len;
        int r = np_vec_reserve(&principals->traits, principals->traits.len + 1,
                               NP_PRINCIPAL_TRAITS_MAX);
        if (r == 0)
            r = np_arena_keep(&principals->texts, &trait.text);
        if (r == 0)
            r = np_map_put(&principals->trait_index, bytes, number);
        if (r < 0)
            return r;
        principals->traits.items[principals->traits.len++] = trait;
        principals->items.items[trait.principal].trait_counts[trait.kind]++;
    }
    *out_number = number;
    return 0;
}

static void widen(struct np_principal *principal, np_time_ns time)
{
    if (time == NP_TIME_NONE)
        return;
    if (principal->first == NP_TIME_NONE || time < principal->first)
        principal->first = time;
    if (principal->last == NP_TIME_NONE || time > principal->last)
        principal->last = time;
}

static int add_traits(struct np_principals *principals, const struct said *said, uint32_t owner)
{
    int r = 0;
    for (size_t kind = 0; kind < NP_TRAIT_KIND_MAX && r == 0; kind++) {
        struct np_trait trait = {
            .principal = owner, .kind = (enum np_trait_kind) kind, .text = said->traits[kind]};
        uint32_t number = 0;
        if (trait.text.len == 0)
            continue;
        r = find_trait(principals, &trait, &number);
        if (r == -E2BIG) {
            principals->uncounted_traits++;
            r = 0;
        } else if (r == 0) {
            principals->traits.items[number].count++;
            principals->traits.items[number].refused += said->refused;
            principals->traits.items[number].failed += said->failed;
        }
    }
    return r;
}

int np_principals_add(struct np_principals *principals, struct np_event *event)
{
    struct said said;
    char room[API_BYTES];
    uint32_t number = 0;
    read_said(&said, event, room);
    int r = find_principal(principals, &said, &number);
    if (r == -E2BIG) {
        principals->uncounted++;
        return 0;
    }
    if (r < 0)
        return r;
    struct np_principal *principal = &principals->items.items[number];
    principal->count++;
    principal->refused += said.refused;
    principal->failed += said.failed;
    widen(principal, event->time);
    return add_traits(principals, &said, number);
}

/* ---- order */

static int by_owner_and_count(const void *a, const void *b)
{
    const struct np_trait *x = a;
    const struct np_trait *y = b;
    int order = (x->principal > y->principal) - (x->principal < y->principal);
    if (order == 0)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    if (order == 0)
        order = (y->count > x->count) - (y->count < x->count);
    return order != 0 ? order : np_span_compare(x->text, y->text);
}

static int by_reading_order(const void *a, const void *b)
{
    const struct np_principal *x = a;
    const struct np_principal *y = b;
    int order = (y->count > x->count) - (y->count < x->count);
    if (order == 0)
        order = np_span_compare(x->name, y->name);
    return order != 0 ? order : np_span_compare(x->account, y->account);
}

void np_principals_sort(struct np_principals *principals)
{
    struct np_trait *traits = principals->traits.items;
    if (principals->traits.len > 0)
        qsort(traits, principals->traits.len, sizeof(*traits), by_owner_and_count);
    for (size_t i = principals->traits.len; i-- > 0;)
        principals->items.items[traits[i].principal].traits[traits[i].kind] = i;
    if (principals->items.len > 0)
        qsort(principals->items.items, principals->items.len, sizeof(principals->items.items[0]),
              by_reading_order);
}
