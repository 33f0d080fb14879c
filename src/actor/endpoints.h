/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose VPC endpoint: from `aws ec2 describe-vpc-endpoints` output, from CreateVpcEndpoint events, from the record's own
 * vpcEndpointAccountId, or by what is seen: an endpoint that AWS's services and the console use is AWS's.
 */
#pragma once

#include "actor/act.h"
#include "base/err.h"

enum np_endpoint_owner {
    NP_ENDPOINT_NONE, /* no endpoint */
    NP_ENDPOINT_OURS,
    NP_ENDPOINT_AWS,
    NP_ENDPOINT_FOREIGN, /* of an account that is not ours */
    NP_ENDPOINT_UNKNOWN,
    NP_ENDPOINT_OWNER_MAX
};

const char *np_endpoint_owner_name(enum np_endpoint_owner owner);

enum { NP_ENDPOINTS_MAX = 100000, NP_ACCOUNTS_MAX = 100000 };

struct np_endpoints;
NP_NODISCARD int np_endpoints_new(struct np_endpoints **out_endpoints);
void np_endpoints_free(struct np_endpoints **endpoints);

/*
 * Adds the endpoints of a file's text (the CLI's JSON), with NP_JSON_PADDING readable bytes behind it. -EINVAL with `err`
 * where it is no such output, -E2BIG where there are too many.
 */
NP_NODISCARD int np_endpoints_add_file(struct np_endpoints *endpoints, struct np_span text,
                                       const char *file, struct np_err *err);

/* Adds an account of ours. Where none was added, each account that receives an event is ours, from its first event on. */
NP_NODISCARD int np_endpoints_add_account(struct np_endpoints *endpoints, struct np_span account);

/* An account that receives an event: where none was added it is ours from now on. */
void np_endpoints_meet_account(struct np_endpoints *endpoints, struct np_span account);

bool np_endpoints_is_ours(const struct np_endpoints *endpoints, struct np_span account);

/* Learns from an act, in time order, and says whose endpoint it came through. */
enum np_endpoint_owner np_endpoints_take(struct np_endpoints *endpoints, struct np_names *names,
                                         const struct np_act *act);
