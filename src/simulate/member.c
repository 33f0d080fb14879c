/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a member: what AWS gives to its kind (ids, ARN, key), then what the data say, in the order written, so that a
 * text may use whatever stands before it. What the data give counts more.
 */
#include "simulate/member.h"

enum { ID_LETTERS = 17, KEY_LETTERS = 16, ACCOUNT_LETTERS = 9, TOKEN_LETTERS = 332 };

/* Making one member. */
struct making {
    const struct np_member_source *source;
    struct np_span *attributes;
    struct np_random random;
    struct np_arena *arena;
    struct np_buf *scratch;
    struct np_fill fill;
};

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Puts what is in the scratch into an attribute. */
static int keep(struct making *making, enum np_attribute attribute)
{
    struct np_span text = np_buf_span(making->scratch);
    int r = making->scratch->error;
    if (r == 0)
        r = np_arena_keep(making->arena, &text);
    if (r == 0)
        making->attributes[attribute] = text;
    np_buf_reset(making->scratch);
    return r;
}

static struct np_span attribute_of(const struct making *making, enum np_attribute attribute)
{
    return making->attributes[attribute];
}

/*
 * An identifier as AWS makes them since 2019: base32 in which 40 bits behind the first are the account, so that all of
 * one account begin alike.
 */
static int make_id(struct making *making, enum np_attribute attribute, const char *prefix,
                   size_t letters)
{
    uint64_t account = making->source->account == NP_ACCOUNT_NONE
                           ? 0
                           : np_account_number(making->source->accounts, making->source->account);
    uint64_t random = np_random_next(&making->random);
    uint64_t head = UINT64_C(1) << 44 | account << 4 | (random & 15);
    (void) np_buf_add_str(making->scratch, prefix);
    for (size_t i = 0; i < ACCOUNT_LETTERS; i++)
        (void) np_buf_add_char(making->scratch,
                               base32[head >> (5 * (ACCOUNT_LETTERS - 1 - i)) & 31]);
    random >>= 4;
    for (size_t i = ACCOUNT_LETTERS; i < letters; i++, random >>= 5)
        (void) np_buf_add_char(making->scratch, base32[random & 31]);
    return keep(making, attribute);
}

/* The beginning is that of real session tokens; the rest only looks like one. */
static int make_token(struct making *making)
{
    char token[TOKEN_LETTERS];
    uint64_t random = 0;
    for (size_t i = 0; i < TOKEN_LETTERS; i++, random >>= 6) {
        if (i % 10 == 0)
            random = np_random_next(&making->random);
        token[i] = base64[random & 63];
    }
    (void) np_buf_add_str(making->scratch, "IQoJb3JpZ2luX2VjE");
    (void) np_buf_add(making->scratch, token, sizeof(token));
    return keep(making, NP_ATTRIBUTE_TOKEN);
}

static int make_account(struct making *making)
{
    char id[NP_ACCOUNT_DIGITS];
    if (making->source->account == NP_ACCOUNT_NONE)
        return 0;
    np_account_id(making->source->accounts, making->source->account, id);
    (void) np_buf_add(making->scratch, id, sizeof(id));
    return keep(making, NP_ATTRIBUTE_ACCOUNT);
}

static void add_arn(struct making *making, const char *service, const char *kind)
{
    (void) np_buf_add_str(making->scratch, "arn:aws:");
    (void) np_buf_add_str(making->scratch, service);
    (void) np_buf_add_str(making->scratch, "::");
    (void) np_buf_add_span(making->scratch, attribute_of(making, NP_ATTRIBUTE_ACCOUNT));
    (void) np_buf_add_str(making->scratch, kind);
}

/* The ARN of a user or a role: its path, then its name. */
static int make_iam_arn(struct making *making, const char *kind)
{
    struct np_span path = attribute_of(making, NP_ATTRIBUTE_PATH);
    add_arn(making, "iam", kind);
    (void) np_buf_add_span(making->scratch, path.len > 0 ? path : NP_SPAN("/"));
    (void) np_buf_add_span(making->scratch, attribute_of(making, NP_ATTRIBUTE_NAME));
    return keep(making, NP_ATTRIBUTE_ARN);
}

static int make_user_arn(struct making *making)
{
    return make_iam_arn(making, ":user");
}

static int make_role_arn(struct making *making)
{
    return make_iam_arn(making, ":role");
}

/* ARN and id of a session of a role. A session without a name gets one as the Python SDK makes them. */
static int make_session_arn(struct making *making)
{
    const struct np_member *role = making->source->of;
    struct np_span name = attribute_of(making, NP_ATTRIBUTE_NAME);
    int r = 0;
    if (name.len == 0) {
        (void) np_buf_printf(making->scratch, "botocore-session-%lld",
                             (long long) (making->source->now / NP_NS_PER_S));
        r = keep(making, NP_ATTRIBUTE_NAME);
        name = attribute_of(making, NP_ATTRIBUTE_NAME);
    }
    if (r < 0 || role == NULL)
        return r;
    add_arn(making, "sts", ":assumed-role/");
    (void) np_buf_add_span(making->scratch, np_member_attribute(role, NP_ATTRIBUTE_NAME));
    (void) np_buf_add_char(making->scratch, '/');
    (void) np_buf_add_span(making->scratch, name);
    r = keep(making, NP_ATTRIBUTE_ARN);
    (void) np_buf_add_span(making->scratch, np_member_attribute(role, NP_ATTRIBUTE_ID));
    (void) np_buf_add_char(making->scratch, ':');
    (void) np_buf_add_span(making->scratch, name);
    return r < 0 ? r : keep(making, NP_ATTRIBUTE_ID);
}

static int make_federated_arn(struct making *making)
{
    struct np_span name = attribute_of(making, NP_ATTRIBUTE_NAME);
    add_arn(making, "sts", ":federated-user/");
    (void) np_buf_add_span(making->scratch, name);
    int r = keep(making, NP_ATTRIBUTE_ARN);
    (void) np_buf_add_span(making->scratch, attribute_of(making, NP_ATTRIBUTE_ACCOUNT));
    (void) np_buf_add_char(making->scratch, ':');
    (void) np_buf_add_span(making->scratch, name);
    return r < 0 ? r : keep(making, NP_ATTRIBUTE_ID);
}

static int make_root_arn(struct making *making)
{
    making->attributes[NP_ATTRIBUTE_ID] = attribute_of(making, NP_ATTRIBUTE_ACCOUNT);
    add_arn(making, "iam", ":root");
    return keep(making, NP_ATTRIBUTE_ARN);
}

/* What AWS gives to each kind. */
struct kind {
    const char *id;                   /* prefix; NULL = no random id */
    const char *key;                  /* prefix; NULL = none */
    int (*make_arn)(struct making *); /* sets what follows from the name; NULL = nothing */
    bool has_token;
    bool is_as_of; /* name, path, ARN and id are those of whom it is of */
};

static const struct kind kinds[NP_IS_MAX] = {
    [NP_IS_USER] = {.id = "AIDA", .key = "AKIA", .make_arn = make_user_arn},
    [NP_IS_ROLE] = {.id = "AROA", .make_arn = make_role_arn},
    [NP_IS_SESSION] = {.key = "ASIA", .make_arn = make_session_arn, .has_token = true},
    [NP_IS_CONSOLE] = {.key = "ASIA", .is_as_of = true},
    [NP_IS_ROOT] = {.make_arn = make_root_arn},
    [NP_IS_KEY] = {.key = "AKIA", .is_as_of = true},
    [NP_IS_FEDERATED] = {.key = "ASIA", .make_arn = make_federated_arn, .has_token = true},
    [NP_IS_EXTERNAL] = {.id = "AIDA"},
};

static int make_given(struct making *making, const struct kind *kind)
{
    static const enum np_attribute shared[] = {NP_ATTRIBUTE_NAME, NP_ATTRIBUTE_PATH,
                                               NP_ATTRIBUTE_ARN, NP_ATTRIBUTE_ID};
    int r = 0;
    if (kind->id != NULL)
        r = make_id(making, NP_ATTRIBUTE_ID, kind->id, ID_LETTERS);
    if (r == 0 && kind->key != NULL)
        r = make_id(making, NP_ATTRIBUTE_KEY, kind->key, KEY_LETTERS);
    if (r == 0 && kind->has_token)
        r = make_token(making);
    for (size_t i = 0; kind->is_as_of && making->source->of != NULL && i < NP_ARRAY_LEN(shared);
         i++)
        making->attributes[shared[i]] = np_member_attribute(making->source->of, shared[i]);
    return r;
}

/* Whether the data name the attribute themselves. */
static bool is_written(const struct np_entry *entry, enum np_attribute attribute)
{
    return attribute < entry->attribute_count && entry->texts[attribute].count > 0;
}

/* Fills one written attribute, and what AWS derives from it, so that later ones may use that. */
static int make_written(struct making *making, const struct kind *kind, uint16_t attribute)
{
    np_text_fill(making->scratch, &making->source->entry->texts[attribute], &making->fill);
    int r = keep(making, attribute);
    bool derives = attribute == NP_ATTRIBUTE_NAME || attribute == NP_ATTRIBUTE_PATH;
    bool has_arn = is_written(making->source->entry, NP_ATTRIBUTE_ARN);
    return r == 0 && derives && !has_arn && kind->make_arn != NULL ? kind->make_arn(making) : r;
}

static int make(struct making *making)
{
    const struct np_entry *entry = making->source->entry;
    const struct kind *kind = &kinds[entry->is];
    int r = make_given(making, kind);
    if (r == 0 && kind->make_arn != NULL && !is_written(entry, NP_ATTRIBUTE_NAME))
        r = kind->make_arn(making);
    for (size_t i = 0; i < entry->order_count && r == 0; i++)
        r = make_written(making, kind, entry->order[i]);
    return r;
}

int np_member_make(struct np_member *out_member, const struct np_member_source *source,
                   struct np_arena *arena, struct np_buf *scratch)
{
    size_t count = NP_MAX(source->entry->attribute_count, (size_t) NP_ATTRIBUTE_FIXED);
    struct np_span *attributes = np_arena_zalloc(arena, count * sizeof(attributes[0]));
    if (attributes == NULL)
        return -ENOMEM;
    struct np_member member = {
        .is = source->entry->is,
        .attribute_count = (uint16_t) count,
        .account = source->account,
        .of = source->of,
        .since = source->now,
        .attributes = attributes,
    };
    struct making making = {
        .source = source,
        .attributes = attributes,
        .random = {.state = source->seed},
        .arena = arena,
        .scratch = scratch,
    };
    making.fill = (struct np_fill){
        .random = &making.random,
        .now = source->now,
        .members = source->cast,
        .self = attributes,
        .region = source->region,
        .index = source->index,
    };
    np_buf_reset(scratch);
    int r = make_account(&making);
    making.fill.account = attributes[NP_ATTRIBUTE_ACCOUNT];
    if (r == 0)
        r = make(&making);
    if (r == 0)
        *out_member = member;
    return r;
}
