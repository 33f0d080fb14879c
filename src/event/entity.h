/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entity keys: who and what an event is about, as (role, kind, value), read from tables of the event's kind.
 * CreateAccessKey gives *by* the caller, *with* the caller's key, *made* the new key, *on* the user it is for.
 */
#pragma once

#include <stddef.h>

#include "event/event.h"

enum np_entity_kind {
    NP_ENTITY_ACCESS_KEY,
    NP_ENTITY_SESSION,
    NP_ENTITY_ROLE,
    NP_ENTITY_USER,
    NP_ENTITY_ACCOUNT,
    NP_ENTITY_ENDPOINT,
    NP_ENTITY_ADDRESS,
    NP_ENTITY_INSTANCE,
    NP_ENTITY_FUNCTION,
    NP_ENTITY_BUILD, /* a run of a project */
    NP_ENTITY_STACK,
    NP_ENTITY_BUCKET,
    NP_ENTITY_SECRET,
    NP_ENTITY_IDENTITY_PROVIDER,
    NP_ENTITY_HOST,
    NP_ENTITY_CONTAINER,
    NP_ENTITY_PROCESS,
    NP_ENTITY_IMAGE,
    NP_ENTITY_RESOURCE, /* any other thing that a request names */
    NP_ENTITY_KIND_MAX
};

enum np_entity_role {
    NP_ENTITY_BY,      /* the caller */
    NP_ENTITY_WITH,    /* the credential used */
    NP_ENTITY_FROM,    /* the address */
    NP_ENTITY_THROUGH, /* the endpoint or the service in between */
    NP_ENTITY_ON,      /* what it was done to */
    NP_ENTITY_MADE,    /* what it created */
    NP_ENTITY_PASSED,  /* a role handed to a service */
    NP_ENTITY_ROLE_MAX
};

struct np_entity {
    enum np_entity_kind kind;
    enum np_entity_role role;
    struct np_span value; /* lives as long as the event */
};

enum {
    NP_ENTITIES_MAX = 24
}; /* of one event; more of a list are left out and the event is flagged truncated */

/* Fills `out_entities` and returns how many there are; reads the request's parameters if need be. */
size_t np_event_entities(struct np_event *event, struct np_entity out_entities[NP_ENTITIES_MAX]);

/* The same without those of the caller, of a kind that tells them apart. */
size_t np_event_targets(struct np_event *event, struct np_entity out_entities[NP_ENTITIES_MAX]);
