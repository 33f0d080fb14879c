/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk by a plan. It goes from token to token, descends where the plan has edges and passes
 * over the rest by counting brackets. Each walk_ and take_ function gets the token where its
 * piece begins and returns the one behind it, or NULL after it has noted in the walk why it
 * stops.
 *
 * Repeated keys. The walk is written for records that have none: it notes each wanted key of an
 * object in the reader's marks and gives up where it meets one again. Then the record is walked
 * once more, carefully: of each wanted object the keys are gone through first, so that the marks
 * hold where each stands last, and only there it counts. So a token is passed over at most once
 * more for each part of a path. One array of marks does for all levels: an edge never leads to a
 * node above its own, so that an object is never inside another one of the same node.
 */
#include "codec/json/json.h"

#include "codec/json/plan.h"
#include "codec/json/reader.h"
#include "codec/json/slots.h"
#include "codec/json/token.h"

static const char malformed_object[] = "malformed object";

enum walk_state { WALK_FINE, WALK_INVALID, WALK_NO_MEMORY, WALK_REPEATED };

struct walk {
    struct np_span record;
    struct np_json_tokens tokens;
    const struct np_json_plan *plan;
    struct np_json_slots *slots;
    struct np_json_reader *reader;
    size_t backslash; /* the first one behind the last string asked about: see has_escape() */
    uint32_t arrays;  /* how many are open around the current token */
    bool careful;
    enum walk_state state;
    const char *reason; /* of WALK_INVALID */
};

static void stop(struct walk *walk, enum walk_state state, const char *reason)
{
    walk->state = state;
    walk->reason = reason;
}

static void refuse(struct walk *walk, const char *reason)
{
    stop(walk, WALK_INVALID, reason);
}

/* Too few tokens are left for what was begun: a bracket is still open, or something is missing. */
static void refuse_end(struct walk *walk)
{
    long depth = 0;
    for (const uint32_t *at = walk->tokens.begin; at < walk->tokens.end; at++)
        depth += np_json_nesting[(unsigned char) walk->record.ptr[*at]];
    refuse(walk, depth > 0 ? "a bracket does not close" : malformed_object);
}

static void find_backslash(struct walk *walk, size_t from)
{
    const char *found = memchr(walk->record.ptr + from, '\\', walk->record.len - from);
    walk->backslash = found != NULL ? (size_t) (found - walk->record.ptr) : walk->record.len;
}

/*
 * Whether `raw` has a backslash. Strings are asked about in the order in which they stand, so
 * that the whole record is searched once.
 */
static inline bool has_escape(struct walk *walk, struct np_span raw)
{
    size_t start = (size_t) (raw.ptr - walk->record.ptr);
    if (np_unlikely(walk->backslash < start))
        find_backslash(walk, start);
    return walk->backslash < start + raw.len;
}

/* Replaces escaped text by its meaning, made in the arena and fit to be a key. */
static bool decode(struct walk *walk, struct np_span *text)
{
    char *decoded = np_arena_alloc(walk->slots->arena, text->len + NP_JSON_KEY_PADDING);
    if (decoded == NULL) {
        stop(walk, WALK_NO_MEMORY, NULL);
        return false;
    }
    size_t len = 0;
    if (!np_json_text_decode(*text, decoded, &len)) {
        refuse(walk, "malformed escape in a string");
        return false;
    }
    *text = np_span_make(decoded, len);
    return true;
}

static inline bool take_text(struct walk *walk, const uint32_t *at, struct np_span *out_text)
{
    if (np_unlikely(!np_json_token_quoted(walk->record.ptr, at, out_text))) {
        refuse(walk, "a string does not close");
        return false;
    }
    return np_likely(!has_escape(walk, *out_text)) || decode(walk, out_text);
}

/* The place for a value of the record in the slot of `leaf`; NULL where memory is out. */
static struct np_value *place_for(struct walk *walk, const struct np_json_leaf *leaf)
{
    struct np_value *place = np_json_slots_place(walk->slots, leaf->slot, walk->arrays > 0);
    if (place == NULL)
        stop(walk, WALK_NO_MEMORY, NULL);
    return place;
}

static bool put_text(struct walk *walk, const struct np_json_node *node, enum np_value_kind kind,
                     struct np_span text)
{
    const struct np_json_leaf *leaf = np_json_plan_leaf(walk->plan, node->first_leaf);
    for (; leaf != NULL; leaf = np_json_plan_leaf(walk->plan, leaf->next)) {
        struct np_value *place = place_for(walk, leaf);
        if (place == NULL)
            return false;
        *place = (struct np_value){.kind = (uint8_t) kind, .text = text};
    }
    return true;
}

static bool put_scalar(struct walk *walk, const struct np_json_node *node, struct np_span token)
{
    const struct np_json_leaf *leaf = np_json_plan_leaf(walk->plan, node->first_leaf);
    for (; leaf != NULL; leaf = np_json_plan_leaf(walk->plan, leaf->next)) {
        struct np_value *place = place_for(walk, leaf);
        if (place == NULL)
            return false;
        if (!np_json_token_scalar(token, place)) {
            bool is_number = np_json_is_number_start(*token.ptr);
            refuse(walk, is_number ? "malformed number" : "malformed value");
            return false;
        }
    }
    return true;
}

/* What an array leaves in the slots of `node` even where it is empty. */
static bool put_lists(struct walk *walk, const struct np_json_node *node)
{
    const struct np_json_leaf *leaf = np_json_plan_leaf(walk->plan, node->first_leaf);
    for (; leaf != NULL; leaf = np_json_plan_leaf(walk->plan, leaf->next)) {
        if (!np_json_slots_make_list(walk->slots, leaf->slot)) {
            stop(walk, WALK_NO_MEMORY, NULL);
            return false;
        }
    }
    return true;
}

/* Passes over a value that is not wanted. */
static const uint32_t *skip_value(struct walk *walk, const uint32_t *at)
{
    int depth = 0; /* the index has checked that it is small */
    switch (walk->record.ptr[*at]) {
    case '{':
    case '[':
        do {
            if (at == walk->tokens.end) {
                refuse_end(walk);
                return NULL;
            }
            depth += np_json_nesting[(unsigned char) walk->record.ptr[*at++]];
        } while (depth > 0);
        return at;
    case '}':
    case ']':
    case ',':
    case ':':
        refuse(walk, "a value is missing");
        return NULL;
    default:
        return at + 1;
    }
}

/* Takes a key and the colon behind it. */
static inline const uint32_t *take_key(struct walk *walk, const uint32_t *at,
                                       struct np_json_key *out_key)
{
    /* A member has at least three tokens, and something stands behind it. */
    if (walk->tokens.end - at < 4) {
        refuse_end(walk);
        return NULL;
    }
    if (walk->record.ptr[at[0]] != '"' || walk->record.ptr[at[1]] != ':') {
        refuse(walk, malformed_object);
        return NULL;
    }
    struct np_span text;
    if (!take_text(walk, at, &text))
        return NULL;
    *out_key = np_json_key_make(text);
    return at + 2;
}

/* Takes what stands behind a member or an element: a comma, or `close`, which sets `*out_last`. */
static inline const uint32_t *take_separator(struct walk *walk, const uint32_t *at, char close,
                                             bool *out_last)
{
    if (at == walk->tokens.end) {
        refuse_end(walk);
        return NULL;
    }
    char c = walk->record.ptr[*at];
    if (c != close && c != ',') {
        refuse(walk, close == '}' ? malformed_object : "malformed array");
        return NULL;
    }
    *out_last = c == close;
    return at + 1;
}

/* Goes through the members of the object at `at` and marks where each wanted key stands last. */
static bool mark_last_keys(struct walk *walk, const struct np_json_node *node, const uint32_t *at)
{
    size_t backslash = walk->backslash;
    at++;
    for (bool last = false; !last;) {
        const uint32_t *place = at;
        struct np_json_key key;
        at = take_key(walk, at, &key);
        if (at == NULL)
            return false;
        const struct np_json_edge *edge = np_json_node_find(node, &key);
        if (edge != NULL)
            walk->reader->marks.items[edge->number] = (size_t) (place - walk->tokens.begin);
        at = skip_value(walk, at);
        if (at != NULL)
            at = take_separator(walk, at, '}', &last);
        if (at == NULL)
            return false;
    }
    walk->backslash = backslash; /* the same strings are asked about again */
    return true;
}

/*
 * Whether the value of `edge`, whose key stands at `place`, counts in the object of this `round`.
 * Where the key is a repeated one and the walk not a careful one, the walk stops.
 */
static inline bool counts(struct walk *walk, const struct np_json_edge *edge, uint64_t round,
                          const uint32_t *place)
{
    uint64_t *mark = &walk->reader->marks.items[edge->number];
    if (walk->careful)
        return *mark == (uint64_t) (place - walk->tokens.begin);
    if (*mark == round) {
        stop(walk, WALK_REPEATED, NULL);
        return false;
    }
    *mark = round;
    return true;
}

static const uint32_t *walk_value(struct walk *walk, const struct np_json_node *node,
                                  const uint32_t *at);

static const uint32_t *walk_members(struct walk *walk, const struct np_json_node *node,
                                    const uint32_t *at)
{
    if (walk->tokens.end - at < 2) {
        refuse_end(walk);
        return NULL;
    }
    if (walk->record.ptr[at[1]] == '}')
        return at + 2;
    if (walk->careful && !mark_last_keys(walk, node, at))
        return NULL;
    uint64_t round = ++walk->reader->round;
    at++;
    for (bool last = false; !last;) {
        const uint32_t *place = at;
        struct np_json_key key;
        at = take_key(walk, at, &key);
        if (at == NULL)
            return NULL;
        const struct np_json_edge *edge = np_json_node_find(node, &key);
        if (edge != NULL && counts(walk, edge, round, place))
            at = walk_value(walk, &walk->plan->nodes.items[edge->child], at);
        else
            at = walk->state == WALK_FINE ? skip_value(walk, at) : NULL;
        if (at != NULL)
            at = take_separator(walk, at, '}', &last);
        if (at == NULL)
            return NULL;
    }
    return at;
}

static const uint32_t *walk_object(struct walk *walk, const struct np_json_node *node,
                                   const uint32_t *at)
{
    const char *start = walk->record.ptr + *at;
    at = node->edges > 0 ? walk_members(walk, node, at) : skip_value(walk, at);
    if (at == NULL)
        return NULL;
    const char *end = walk->record.ptr + at[-1] + 1;
    struct np_span raw = np_span_make(start, (size_t) (end - start));
    return put_text(walk, node, NP_VALUE_OBJECT, raw) ? at : NULL;
}

/* Each element goes where the array itself would; arrays in arrays count as their elements. */
static const uint32_t *walk_array(struct walk *walk, const struct np_json_node *node,
                                  const uint32_t *at)
{
    if (walk->tokens.end - at < 2) {
        refuse_end(walk);
        return NULL;
    }
    if (!put_lists(walk, node))
        return NULL;
    at++;
    if (walk->record.ptr[*at] == ']')
        return at + 1;
    walk->arrays++;
    for (bool last = false; !last;) {
        if (at == walk->tokens.end) {
            refuse_end(walk);
            return NULL;
        }
        at = walk_value(walk, node, at);
        if (at != NULL)
            at = take_separator(walk, at, ']', &last);
        if (at == NULL)
            return NULL;
    }
    walk->arrays--;
    return at;
}

static const uint32_t *walk_text(struct walk *walk, const struct np_json_node *node,
                                 const uint32_t *at)
{
    struct np_span text;
    if (!take_text(walk, at, &text) || !put_text(walk, node, NP_VALUE_TEXT, text))
        return NULL;
    return at + 1;
}

/*
 * Recursion: objects go as deep as the plan has nodes, arrays as deep as the depth limit lets
 * them.
 */
static const uint32_t *walk_value(struct walk *walk, const struct np_json_node *node,
                                  const uint32_t *at)
{
    char c = walk->record.ptr[*at];
    if (c == '{')
        return walk_object(walk, node, at);
    if (c == '[')
        return walk_array(walk, node, at);
    if (node->first_leaf == 0)
        return skip_value(walk, at);
    if (c == '"')
        return walk_text(walk, node, at);
    return put_scalar(walk, node, np_json_token(walk->record.ptr, at)) ? at + 1 : NULL;
}

static enum np_json_result walk_record(struct walk *walk, const char **out_reason)
{
    walk->state = WALK_FINE;
    walk->arrays = 0;
    find_backslash(walk, *walk->tokens.begin);
    const struct np_json_node *root = &walk->plan->nodes.items[0];
    const uint32_t *at = walk_object(walk, root, walk->tokens.begin);
    if (at != NULL)
        return at == walk->tokens.end ? NP_JSON_OK : NP_JSON_SEVERAL;
    if (walk->state == WALK_NO_MEMORY)
        return NP_JSON_NO_MEMORY;
    *out_reason = walk->reason;
    return NP_JSON_INVALID;
}

/* Walks from the first of the walk's tokens on, with care where keys are repeated. */
static enum np_json_result walk_with(struct walk *walk, const char **out_reason)
{
    if (!np_json_reader_mark_room(walk->reader, walk->plan->edges))
        return NP_JSON_NO_MEMORY;
    size_t touched_before = walk->slots->touched_len;
    enum np_json_result result = walk_record(walk, out_reason);
    if (walk->state == WALK_REPEATED) {
        np_json_slots_forget(walk->slots, touched_before);
        walk->careful = true;
        result = walk_record(walk, out_reason);
    }
    return result;
}

enum np_json_result np_json_read(struct np_json_reader *reader, const struct np_json_plan *plan,
                                 struct np_span record, struct np_json_slots *slots,
                                 const char **out_reason)
{
    struct walk walk = {.record = record, .plan = plan, .slots = slots, .reader = reader};
    enum np_json_result result = np_json_reader_index(reader, record, &walk.tokens, out_reason);
    return result == NP_JSON_OK ? walk_with(&walk, out_reason) : result;
}

/* The token at `offset` of the record that was read last, or the first one behind it. */
static const uint32_t *find_token(const struct np_json_tokens *tokens, size_t offset)
{
    const uint32_t *at = tokens->begin;
    size_t count = (size_t) (tokens->end - at);
    while (count > 0) {
        size_t half = count / 2;
        bool is_behind = at[half] < offset;
        at = is_behind ? at + half + 1 : at;
        count = is_behind ? count - half - 1 : half;
    }
    return at;
}

enum np_json_result np_json_read_part(struct np_json_reader *reader,
                                      const struct np_json_plan *plan, struct np_span part,
                                      struct np_json_slots *slots, const char **out_reason)
{
    struct np_span all = reader->record;
    uintptr_t offset = (uintptr_t) part.ptr - (uintptr_t) all.ptr;
    if (offset >= all.len || part.len > all.len - offset)
        return np_json_read(reader, plan, part, slots, out_reason);
    struct walk walk = {
        .record = np_span_head(all, offset + part.len),
        .tokens = {.begin = find_token(&reader->tokens, offset), .end = reader->tokens.end},
        .plan = plan,
        .slots = slots,
        .reader = reader};
    enum np_json_result result = walk_with(&walk, out_reason);
    return result == NP_JSON_SEVERAL ? NP_JSON_OK : result; /* the rest of the record */
}
