/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An act: the short record of an event that the stateful step works on. Texts are names (names.h), so an act is small
 * and of one size; an act that waits for its place in time holds its names.
 *
 * The worker reads a *view* from the event (spans of the batch), in any thread; the one writer of the stateful step turns
 * it into an act. Both say the same.
 */
#pragma once

#include "actor/names.h"
#include "base/hash.h"
#include "base/time.h"
#include "event/entity.h"

/* Those that say what is called stand together, as do those that say by whom: see struct np_prints. */
enum np_act_text {
    NP_ACT_EVENT_ID,
    NP_ACT_SHARED_ID,
    NP_ACT_ERROR,
    NP_ACT_RESOURCE, /* what it was done to, in short */
    NP_ACT_HOST,     /* clientProvidedHostHeader */
    NP_ACT_REGION,
    NP_ACT_SERVICE, /* "iam", without ".amazonaws.com" */
    NP_ACT_API,     /* as logged, with its date */
    NP_ACT_ACCOUNT, /* that recorded it */
    NP_ACT_PRINCIPAL, /* ARN of the user, role (of a session: its issuer), root; else the service's name */
    NP_ACT_OWNER,   /* account of the principal */
    NP_ACT_SESSION, /* name of a role session or federated user; none else */
    NP_ACT_KEY,     /* access key id */
    NP_ACT_SOURCE_IDENTITY,
    NP_ACT_INVOKED_BY,
    NP_ACT_ADDRESS, /* address, or name of a service */
    NP_ACT_AGENT,   /* family of the agent: the first product without its version */
    NP_ACT_ENDPOINT,
    NP_ACT_ENDPOINT_OWNER,
    NP_ACT_TEXT_MAX,
    NP_ACT_CALL_FIRST = NP_ACT_REGION,
    NP_ACT_CALL_END = NP_ACT_ACCOUNT,
    NP_ACT_CALLER_FIRST = NP_ACT_ACCOUNT,
    NP_ACT_CALLER_END = NP_ACT_TEXT_MAX
};

enum np_identity {
    NP_IDENTITY_UNKNOWN,
    NP_IDENTITY_ROOT,
    NP_IDENTITY_USER,
    NP_IDENTITY_SESSION, /* of a role */
    NP_IDENTITY_FEDERATED,
    NP_IDENTITY_SERVICE, /* AWSService: no credential of the customer's */
    NP_IDENTITY_ACCOUNT, /* of another account */
    NP_IDENTITY_WEB,     /* WebIdentityUser, SAMLUser */
    NP_IDENTITY_MAX
};

enum np_act_flag {
    NP_ACT_READS = 1, /* readOnly */
    NP_ACT_FAILED = 2,
    NP_ACT_REFUSED = 4, /* failed for lack of rights */
    NP_ACT_CONSOLE = 8, /* sessionCredentialFromConsole, or a sign-in */
    NP_ACT_MFA = 16,
    NP_ACT_TLS = 32,  /* has tlsDetails: the client itself spoke to AWS */
    NP_ACT_DATA = 64, /* a data event */
    NP_ACT_LATE = 128 /* set by whoever orders the acts */
};

/* Entities that join credentials: made, passed, on. More are left out. */
enum { NP_ACT_ENTITIES_MAX = 8 };

struct np_act_entity {
    uint8_t kind; /* enum np_entity_kind */
    uint8_t role; /* enum np_entity_role */
    np_name value;
};

/* Hashes of all that an act says of what was called, and of who called it: equal where that is equal. */
struct np_prints {
    uint64_t call;   /* of texts from NP_ACT_CALL_FIRST on, and whether it reads */
    uint64_t caller; /* of texts from NP_ACT_CALLER_FIRST on, and the identity */
};

struct np_act_view {
    np_time_ns time;
    np_time_ns arrival; /* 0 = not known */
    enum np_identity identity;
    uint32_t flags;
    np_time_ns session_began; /* creationDate; NP_TIME_NONE */
    struct np_span texts[NP_ACT_TEXT_MAX];
    struct np_entity entities[NP_ACT_ENTITIES_MAX];
    size_t entity_count;
};

struct np_act {
    struct np_prints prints;
    np_time_ns time;
    np_time_ns arrival;
    np_time_ns session_began;
    uint16_t flags;
    uint8_t identity;
    uint8_t entity_count;
    np_name texts[NP_ACT_TEXT_MAX];
    struct np_act_entity entities[NP_ACT_ENTITIES_MAX];
};

/*
 * Reads the view of a CloudTrail event; false for a kind that has no actors (yet), and for an event without a time. Spans live
 * as long as the event. Its entities, and what it was done to, are read of calls only that may make or pass something.
 */
bool np_act_view_read(struct np_act_view *out_view, struct np_event *event);
