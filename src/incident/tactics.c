/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of calls: see tactics.h. Open addressing on a hash of service and API; the texts stay in a copy of the
 * table.
 */
#include "incident/tactics.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"

enum { CALLS_MAX = 20000, COLUMNS = 4, TABLE_MAX_BYTES = 4 * 1024 * 1024, DATE_DIGITS = 8 };

struct call {
    struct np_span service;
    struct np_span api;
    struct np_call_meaning meaning;
};

struct np_tactics {
    struct np_arena arena;
    NP_VEC(struct call) calls;
    uint32_t *slots; /* index of the call + 1; 0 = free */
    size_t slot_mask;
};

static const char *const weight_names[NP_WEIGHT_MAX] = {
    [NP_WEIGHT_ORDINARY] = "ordinary",
    [NP_WEIGHT_TELLING] = "telling",
    [NP_WEIGHT_SENSITIVE] = "sensitive",
};

/* What a verb at the beginning of an API's name tells; the first that fits. */
static const struct {
    const char *verb;
    enum np_tactic tactic;
} verbs[] = {
    {"Get", NP_TACTIC_DISCOVERY},           {"List", NP_TACTIC_DISCOVERY},
    {"Describe", NP_TACTIC_DISCOVERY},      {"Head", NP_TACTIC_DISCOVERY},
    {"Search", NP_TACTIC_DISCOVERY},        {"BatchGet", NP_TACTIC_DISCOVERY},
    {"Lookup", NP_TACTIC_DISCOVERY},        {"Delete", NP_TACTIC_IMPACT},
    {"Terminate", NP_TACTIC_IMPACT},        {"Purge", NP_TACTIC_IMPACT},
    {"Disable", NP_TACTIC_DEFENSE_EVASION}, {"Stop", NP_TACTIC_DEFENSE_EVASION},
    {"Detach", NP_TACTIC_DEFENSE_EVASION},  {"Disassociate", NP_TACTIC_DEFENSE_EVASION},
    {"Remove", NP_TACTIC_DEFENSE_EVASION},  {"Revoke", NP_TACTIC_DEFENSE_EVASION},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The name of an API without the date of its version: "Invoke20150331v2", "CreateFunction2020_05_31". */
static struct np_span without_date(struct np_span api)
{
    size_t end = api.len;
    size_t digits = 0;
    while (end > 0 && is_digit(api.ptr[end - 1]))
        end--;
    if (end > 0 && end < api.len && api.ptr[end - 1] == 'v')
        end--;
    else
        end = api.len;
    while (end > 0 && (is_digit(api.ptr[end - 1]) || api.ptr[end - 1] == '_')) {
        digits += is_digit(api.ptr[end - 1]);
        end--;
    }
    return digits == DATE_DIGITS ? np_span_head(api, end) : api;
}

static uint64_t call_hash(struct np_span service, struct np_span api)
{
    return np_hash64(api, np_hash64(service, 0));
}

/* The slot of a call, or the free one where it would stand. */
static uint32_t *slot_of(const struct np_tactics *tactics, struct np_span service,
                         struct np_span api)
{
    size_t at = call_hash(service, api) & tactics->slot_mask;
    for (;; at = (at + 1) & tactics->slot_mask) {
        uint32_t *slot = &tactics->slots[at];
        if (*slot == 0)
            return slot;
        const struct call *call = &tactics->calls.items[*slot - 1];
        if (np_span_eq(call->api, api) && np_span_eq(call->service, service))
            return slot;
    }
}

/* Cuts the next piece before `separator` off `*rest`. */
static struct np_span cut(struct np_span *rest, char separator)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
    size_t len = end != NULL ? (size_t) (end - rest->ptr) : rest->len;
    struct np_span piece = np_span_head(*rest, len);
    *rest = np_span_from(*rest, len + 1);
    return piece;
}

static bool weight_parse(struct np_span name, enum np_weight *out_weight)
{
    for (size_t i = 0; i < NP_WEIGHT_MAX; i++) {
        if (np_span_is(name, weight_names[i])) {
            *out_weight = (enum np_weight) i;
            return true;
        }
    }
    return false;
}

static int read_line(struct np_tactics *tactics, struct np_span line, size_t number,
                     struct np_err *err)
{
    struct np_span columns[COLUMNS];
    struct call call = {};
    struct np_span rest = line;
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = cut(&rest, '\t');
    call.service = columns[0];
    call.api = columns[1];
    call.meaning.tactic = np_tactic_parse(columns[2]);
    if (call.service.len == 0 || call.api.len == 0 || rest.len > 0)
        return np_fail(err, -EINVAL, "line %zu: not four columns between tabs", number);
    if (call.meaning.tactic == NP_TACTIC_NONE)
        return np_fail(err, -EINVAL, "line %zu: '%.*s' is no tactic", number,
                       NP_SPAN_ARGS(columns[2]));
    if (!weight_parse(columns[3], &call.meaning.weight))
        return np_fail(err, -EINVAL, "line %zu: '%.*s' is no weight", number,
                       NP_SPAN_ARGS(columns[3]));
    int r = np_vec_push(&tactics->calls, call, CALLS_MAX);
    return r == -E2BIG ? np_fail(err, -EINVAL, "line %zu: more than %d calls", number, CALLS_MAX)
                       : r;
}

static int read_lines(struct np_tactics *tactics, struct np_span text, struct np_err *err)
{
    for (size_t number = 1; text.len > 0; number++) {
        struct np_span line = np_span_trim(cut(&text, '\n'));
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        int r = read_line(tactics, line, number, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int index_calls(struct np_tactics *tactics, struct np_err *err)
{
    size_t slots = 16;
    while (slots < 2 * tactics->calls.len + 1)
        slots *= 2;
    tactics->slots = np_alloc_array(slots, sizeof(tactics->slots[0]));
    if (tactics->slots == NULL)
        return -ENOMEM;
    tactics->slot_mask = slots - 1;
    for (size_t i = 0; i < tactics->calls.len; i++) {
        const struct call *call = &tactics->calls.items[i];
        uint32_t *slot = slot_of(tactics, call->service, call->api);
        if (*slot != 0)
            return np_fail(err, -EINVAL, "%.*s %.*s stands twice", NP_SPAN_ARGS(call->service),
                           NP_SPAN_ARGS(call->api));
        *slot = (uint32_t) (i + 1);
    }
    return 0;
}

int np_tactics_load(struct np_tactics **out_tactics, struct np_span text, struct np_err *err)
{
    struct np_tactics *tactics = np_alloc(sizeof(*tactics));
    if (tactics == NULL)
        return -ENOMEM;
    np_arena_init(&tactics->arena, TABLE_MAX_BYTES);
    int r = np_arena_keep(&tactics->arena, &text);
    if (r == 0)
        r = read_lines(tactics, text, err);
    if (r == 0)
        r = index_calls(tactics, err);
    if (r < 0) {
        np_tactics_free(&tactics);
        return r;
    }
    *out_tactics = tactics;
    return 0;
}

void np_tactics_free(struct np_tactics **tactics)
{
    if (*tactics == NULL)
        return;
    np_arena_done(&(*tactics)->arena);
    np_vec_done(&(*tactics)->calls);
    np_free((*tactics)->slots);
    np_free(*tactics);
    *tactics = NULL;
}

static struct np_call_meaning guess(struct np_span api, bool reads)
{
    struct np_call_meaning meaning = {.tactic = reads ? NP_TACTIC_DISCOVERY : NP_TACTIC_EXECUTION,
                                      .guessed = true};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (np_span_starts(api, np_span_of(verbs[i].verb))) {
            meaning.tactic = verbs[i].tactic;
            break;
        }
    }
    return meaning;
}

struct np_call_meaning np_tactics_of(const struct np_tactics *tactics, struct np_span service,
                                     struct np_span api, bool reads)
{
    struct np_span name = without_date(api);
    const uint32_t *slot = slot_of(tactics, service, name);
    return *slot != 0 ? tactics->calls.items[*slot - 1].meaning : guess(name, reads);
}
