/* SPDX-License-Identifier: Apache-2.0 */
/* The keys by which what is given and what is used are found to be the same. */
#include "actor/lineage.h"

#include "base/hash.h"

enum { PART_MAX_BYTES = 255 };

static struct np_span text_of(const struct np_names *names, const struct np_act *act,
                              enum np_act_text text)
{
    return np_names_text(names, act->texts[text]);
}

static uint64_t hash_of(const struct np_names *names, const struct np_act *act,
                        enum np_act_text text)
{
    return np_names_hash(names, act->texts[text]);
}

struct np_span np_lineage_bare_service(struct np_span service)
{
    return np_span_ends(service, NP_SPAN(".amazonaws.com"))
               ? np_span_head(service, service.len - strlen(".amazonaws.com"))
               : service;
}

/* The role that a service takes on; it acts for each with credentials of its own. */
static uint64_t target_role(const struct np_names *names, const struct np_act *act)
{
    for (size_t i = 0; i < act->entity_count; i++)
        if (act->entities[i].kind == NP_ENTITY_ROLE && act->entities[i].role == NP_ENTITY_ON)
            return np_names_hash(names, act->entities[i].value);
    return 0;
}

uint64_t np_lineage_credential(const struct np_names *names, const struct np_act *act)
{
    if (act->texts[NP_ACT_KEY] != NP_NAME_NONE)
        return np_mix(NP_ACT_KEY, hash_of(names, act, NP_ACT_KEY));
    uint64_t who =
        np_mix(hash_of(names, act, NP_ACT_PRINCIPAL), hash_of(names, act, NP_ACT_SESSION));
    if (act->identity == NP_IDENTITY_SERVICE)
        return np_mix(np_mix(who, target_role(names, act)), hash_of(names, act, NP_ACT_ACCOUNT));
    return np_mix(who, hash_of(names, act, NP_ACT_OWNER));
}

uint64_t np_lineage_role_key(const struct np_names *names, const struct np_act *act)
{
    return np_promise_key(NP_PROMISE_ROLE, text_of(names, act, NP_ACT_PRINCIPAL),
                          text_of(names, act, NP_ACT_OWNER));
}

/* Copies a name to `at`, and returns where it ends; names of IAM have 64 characters. */
static char *append(char *at, struct np_span name)
{
    size_t len = NP_MIN(name.len, (size_t) PART_MAX_BYTES);
    if (len > 0)
        memcpy(at, name.ptr, len);
    return at + len;
}

uint64_t np_lineage_session_key(const struct np_names *names, const struct np_act *act)
{
    char text[2 * PART_MAX_BYTES + 3] = "-/";
    struct np_span session = text_of(names, act, NP_ACT_SESSION);
    struct np_span owner = text_of(names, act, NP_ACT_OWNER);
    struct np_span role = text_of(names, act, NP_ACT_PRINCIPAL);
    if (act->identity == NP_IDENTITY_FEDERATED)
        return np_promise_key(NP_PROMISE_SESSION, session, owner);
    const char *slash = role.len > 0 ? memrchr(role.ptr, '/', role.len) : NULL;
    if (slash != NULL)
        role = np_span_from(role, (size_t) (slash - role.ptr) + 1);
    char *end = append(text + 2, role);
    *end = '/';
    end = append(end + 1, session);
    return np_promise_key(NP_PROMISE_SESSION, np_span_make(text, (size_t) (end - text)), owner);
}

uint64_t np_lineage_foreign_key(uint64_t role_key)
{
    return np_mix(role_key, NP_THREAD_FOREIGN) | 1;
}

uint64_t np_lineage_waiting_key(uint64_t role_key)
{
    return np_mix(role_key, NP_PROMISE_ROLE) | 1;
}

uint64_t np_lineage_prepared_key(uint64_t role_key)
{
    return np_mix(role_key, NP_PROMISE_WORK_ROLE) | 1;
}

uint64_t np_lineage_begun_key(uint64_t session_key, np_time_ns began)
{
    return np_mix(session_key, (uint64_t) (began / NP_NS_PER_S)) | 1;
}

uint64_t np_lineage_sign_in_key(const struct np_names *names, const struct np_act *act,
                                uint64_t place_hash)
{
    uint64_t who =
        np_mix(hash_of(names, act, NP_ACT_PRINCIPAL), hash_of(names, act, NP_ACT_SESSION));
    return np_mix(np_mix(NP_PROMISE_SIGN_IN, who), place_hash) | 1;
}

uint64_t np_lineage_errand_key(const struct np_names *names, const struct np_act *act,
                               struct np_span service)
{
    uint64_t who =
        np_mix(hash_of(names, act, NP_ACT_PRINCIPAL), hash_of(names, act, NP_ACT_SESSION));
    return np_mix(np_mix(NP_PROMISE_ERRAND, who), np_hash64(service, 0)) | 1;
}

uint64_t np_lineage_shared_key(const struct np_names *names, const struct np_act *act)
{
    return np_mix(NP_PROMISE_SHARED, hash_of(names, act, NP_ACT_SHARED_ID)) | 1;
}

uint64_t np_lineage_service_key(struct np_span service, struct np_span account)
{
    return np_mix(np_mix(NP_PROMISE_SERVICE, np_hash64(service, 0)), np_hash64(account, 0)) | 1;
}

uint64_t np_lineage_entity_key(const struct np_names *names, const struct np_act *act,
                               enum np_promise_kind kind, np_name value)
{
    bool has_account =
        kind != NP_PROMISE_KEY && kind != NP_PROMISE_INSTANCE && kind != NP_PROMISE_GUEST;
    return np_promise_key(kind, np_names_text(names, value),
                          has_account ? text_of(names, act, NP_ACT_ACCOUNT) : (struct np_span){});
}

bool np_lineage_names_its_hosts(struct np_span service)
{
    return np_span_is(service, "lambda") || np_span_is(service, "ec2");
}

struct np_span np_lineage_build_of(struct np_span session)
{
    struct np_span prefix = NP_SPAN("AWSCodeBuild-");
    return np_span_starts(session, prefix) ? np_span_from(session, prefix.len) : (struct np_span){};
}

bool np_lineage_signs_in(const struct np_names *names, const struct np_act *act)
{
    return (act->flags & NP_ACT_CONSOLE) != 0 &&
           np_span_is(text_of(names, act, NP_ACT_API), "ConsoleLogin");
}
