/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of events. */
#include "event/event_internal.h"

const struct np_kind *const np_kinds[NP_EVENT_KIND_MAX] = {
    [NP_EVENT_CLOUDTRAIL] = &np_cloudtrail_kind,
    [NP_EVENT_KUBERNETES] = &np_kubernetes_kind,
    [NP_EVENT_GCP] = &np_gcp_kind,
    [NP_EVENT_GITHUB] = &np_github_kind,
    [NP_EVENT_JSON] = &np_generic_kind,
    [NP_EVENT_SYSCALL] = &np_syscall_kind,
};

const char *np_event_kind_name(enum np_event_kind kind)
{
    return np_kinds[kind]->name;
}
