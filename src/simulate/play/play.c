/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Playing: see play.h. There may be thousands of plays at a time, so each keeps its cast and its calls in one block of
 * no more than their size; they are made on the stage first.
 */
#include "simulate/play/play.h"

#include <string.h>

enum { CAST_MAX_BYTES = 64 * 1024 * 1024, SCRATCH_MAX_BYTES = 1024 * 1024 };

int np_stage_init(struct np_stage *stage, const struct np_scenario_set *set, uint64_t seed,
                  uint32_t accounts)
{
    stage->accounts = (struct np_accounts){.world = &set->world, .seed = seed, .count = accounts};
    np_arena_init(&stage->arena, CAST_MAX_BYTES);
    np_buf_init(&stage->scratch, SCRATCH_MAX_BYTES);
    return np_recorder_init(&stage->recorder, set, &stage->accounts);
}

void np_stage_done(struct np_stage *stage)
{
    np_recorder_done(&stage->recorder);
    np_arena_done(&stage->arena);
    np_vec_done(&stage->plan.calls);
    np_buf_done(&stage->scratch);
}

void np_play_done(struct np_play *play)
{
    np_free(play->block);
    *play = (struct np_play){};
}

/* ---- cast and calls in one block */

static size_t text_bytes(const struct np_cast *cast)
{
    size_t bytes = 0;
    for (size_t i = 0; i < cast->count; i++)
        for (size_t a = 0; a < cast->members[i].attribute_count; a++)
            bytes += cast->members[i].attributes[a].len;
    return bytes;
}

static size_t attribute_count(const struct np_cast *cast)
{
    size_t count = 0;
    for (size_t i = 0; i < cast->count; i++)
        count += cast->members[i].attribute_count;
    return count;
}

static int make_room(struct np_play *play, size_t need)
{
    if (need <= play->block_bytes && play->block_bytes / 4 <= need)
        return 0;
    np_free(play->block);
    play->block_bytes = 0;
    play->block = np_alloc(need);
    if (play->block == NULL)
        return -ENOMEM;
    play->block_bytes = need;
    return 0;
}

/* Copies a cast behind `at`: members, pointers to their attributes, the attributes, and the texts of these. */
static void copy_cast(struct np_play *play, void *at, const struct np_cast *cast)
{
    struct np_member *members = at;
    const struct np_span **attributes = (const struct np_span **) (members + cast->count);
    struct np_span *spans = (struct np_span *) (attributes + cast->count);
    char *text = (char *) (spans + attribute_count(cast));
    for (size_t i = 0; i < cast->count; i++) {
        const struct np_member *from = &cast->members[i];
        members[i] = *from;
        members[i].of = from->of != NULL ? members + (from->of - cast->members) : NULL;
        members[i].attributes = attributes[i] = spans;
        for (size_t a = 0; a < from->attribute_count; a++, spans++) {
            size_t len = from->attributes[a].len;
            if (len > 0)
                memcpy(text, from->attributes[a].ptr, len);
            *spans = np_span_make(text, len);
            text += len;
        }
    }
    play->cast =
        (struct np_cast){.members = members, .attributes = attributes, .count = cast->count};
}

static int keep(struct np_play *play, const struct np_cast *cast, const struct np_plan *plan)
{
    size_t calls_bytes = plan->calls.len * sizeof(plan->calls.items[0]);
    size_t need = calls_bytes +
                  cast->count * (sizeof(cast->members[0]) + sizeof(cast->attributes[0])) +
                  attribute_count(cast) * sizeof(struct np_span) + text_bytes(cast);
    int r = make_room(play, need);
    if (r < 0)
        return r;
    play->calls = play->block;
    play->call_count = plan->calls.len;
    if (calls_bytes > 0)
        memcpy(play->calls, plan->calls.items, calls_bytes);
    copy_cast(play, play->calls + play->call_count, cast);
    return 0;
}

/* ---- since when sessions last */

static bool starts_with_any(struct np_span name, const char *const *beginnings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (np_span_starts(name, np_span_of(beginnings[i])))
            return true;
    return false;
}

/* Whether the call opens a session for the member: a console's own, or one that another fetched. */
static bool opens_session(const struct np_call *call, bool by_itself)
{
    static const char *const own[] = {"ConsoleLogin", "SwitchRole"};
    static const char *const fetched[] = {"AssumeRole", "GetSessionToken", "GetFederationToken"};
    return starts_with_any(call->name, own, NP_ARRAY_LEN(own)) ||
           (!by_itself && starts_with_any(call->name, fetched, NP_ARRAY_LEN(fetched)));
}

/* The time from which a member's session lasts: of the call that opened it, or some minutes before its first one. */
static np_time_ns find_begin(const struct np_play *play, size_t member)
{
    np_time_ns opened = NP_TIME_NONE;
    for (size_t i = 0; i < play->call_count; i++) {
        const struct np_planned *planned = &play->calls[i];
        bool by_itself = planned->step->by == (int32_t) member;
        if (opens_session(planned->step->call, by_itself))
            opened = planned->time;
        if (by_itself)
            break;
    }
    struct np_random random = np_random_for(play->seed, NP_SPAN("since"), member);
    np_time_ns before = np_random_between(&random, 5, 1800) * NP_NS_PER_S;
    return opened != NP_TIME_NONE ? opened : play->cast.members[member].since - before;
}

static void set_begins(struct np_play *play)
{
    for (size_t i = 0; i < play->cast.count; i++) {
        enum np_member_is is = play->cast.members[i].is;
        if (is == NP_IS_SESSION || is == NP_IS_CONSOLE || is == NP_IS_FEDERATED)
            play->cast.members[i].since = find_begin(play, i);
    }
}

/* ---- playing */

static int make_cast(struct np_cast *cast, struct np_stage *stage,
                     const struct np_play_source *source)
{
    struct np_cast_source cast_source = {
        .accounts = &stage->accounts,
        .scenario = source->scenario,
        .seed = source->seed,
        .home = source->home,
        .now = source->start,
    };
    np_arena_reset(&stage->arena);
    return np_cast_make(cast, &cast_source, &stage->arena, &stage->scratch);
}

static int make_plan(struct np_stage *stage, const struct np_play_source *source)
{
    struct np_plan_source plan_source = {
        .scenario = source->scenario,
        .world = stage->accounts.world,
        .seed = source->seed,
        .home = np_account_home(&stage->accounts, source->home),
        .start = source->start,
        .slow = source->slow,
    };
    stage->plan.calls.len = 0;
    return np_plan_make(&stage->plan, &plan_source);
}

int np_play_begin(struct np_play *play, struct np_stage *stage, const struct np_play_source *source,
                  struct np_err *err)
{
    struct np_cast cast = {};
    play->scenario = source->scenario;
    play->name = source->name;
    play->seed = source->seed;
    play->number = source->number;
    play->home = source->home;
    play->done = 0;
    int r = make_plan(stage, source);
    if (r == 0)
        r = make_cast(&cast, stage, source);
    if (r == -E2BIG)
        return np_fail(err, r,
                       "scenario '%s' makes more than %d events in one play, or lasts for ages; "
                       "shorten its 'times' or pauses",
                       source->scenario->name, NP_SIMULATE_MAX_EVENTS_PER_PLAY);
    if (r == 0)
        r = keep(play, &cast, &stage->plan);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    set_begins(play);
    return 0;
}

/* Writes one record and hands it over. */
static int send(const struct np_play *play, const struct np_record *record, uint32_t account,
                const struct np_stage *stage, struct np_delivery *delivery)
{
    struct np_waiting *waiting = np_delivery_new(delivery);
    if (waiting == NULL)
        return -ENOMEM;
    np_record_write(&waiting->text, record, &stage->accounts, account, &waiting->places);
    waiting->time = record->fill.now;
    waiting->scenario = play->name;
    waiting->step = play->name != NULL ? record->step->name : NULL;
    waiting->attack =
        play->name != NULL && play->scenario->kind == NP_SCENARIO_ATTACK && !record->step->ordinary;
    return np_delivery_send(delivery, waiting);
}

int np_play_call(struct np_play *play, struct np_stage *stage, struct np_delivery *delivery,
                 uint64_t max, struct np_err *err)
{
    struct np_record record;
    const struct np_planned *planned = &play->calls[play->done];
    struct np_record_source source = {
        .planned = planned,
        .cast = &play->cast,
        .seed = np_random_for(play->seed, NP_SPAN("call"), play->done).state,
        .home = play->home,
    };
    int32_t copied = planned->step->copied;
    uint32_t abroad = copied >= 0 ? play->cast.members[copied].account : NP_ACCOUNT_NONE;
    int count = 1;
    int r = np_record_begin(&stage->recorder, &record, &source);
    if (r == 0)
        r = send(play, &record, record.account, stage, delivery);
    if (r == 0 && max > 1 && np_account_is_ours(abroad) && abroad != record.account) {
        r = send(play, &record, abroad, stage, delivery);
        count++;
    }
    if (r < 0)
        return np_fail(err, r, "scenario '%s', step '%s': %s", play->scenario->name,
                       planned->step->name, r == -E2BIG ? "a record is too long" : "out of memory");
    play->done++;
    return count;
}
