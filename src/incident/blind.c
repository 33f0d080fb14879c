/* SPDX-License-Identifier: Apache-2.0 */
/* What the log cannot show of this story: where to look besides. See telling.h. */
#include "incident/telling.h"

enum { BLIND_MAX = 16 };

static const char MACHINES[] = "what ran on the machines: CloudTrail ends at their API calls";
static const char STACKS[] = "what the stacks contain: bodies of templates are not recorded";
static const char FUNCTIONS[] = "what the functions do: their code is not recorded";
static const char TRAIL[] = "what came after the trail was changed, where no other trail has it";

static bool did(const struct np_telling *telling, const char *service, const char *api)
{
    for (size_t i = 0; i < telling->deed_count; i++) {
        const struct np_deed *deed = telling->deeds[i].deed;
        if (np_span_is(np_telling_text(telling, deed->service), service) &&
            np_span_starts(np_telling_text(telling, deed->api), np_span_of(api)) &&
            (deed->flags & NP_ACT_FAILED) == 0)
            return true;
    }
    return false;
}

static bool came_by_endpoint(const struct np_telling *telling)
{
    for (size_t i = 0; i < telling->link_count; i++) {
        if (telling->stories->strands.items[telling->links[i]].foreign_endpoint)
            return true;
    }
    return false;
}

/* What an act of the attacker's leaves unseen. */
static const struct {
    const char *service;
    const char *api; /* how it begins */
    const char *unseen;
} unseen[] = {
    {"ec2", "RunInstances", MACHINES},
    {"ssm", "SendCommand", MACHINES},
    {"ssm", "StartSession", MACHINES},
    {"ec2-instance-connect", "Send", MACHINES},
    {"cloudformation", "CreateStack", STACKS},
    {"cloudformation", "UpdateStack", STACKS},
    {"cloudformation", "CreateChangeSet", STACKS},
    {"lambda", "CreateFunction", FUNCTIONS},
    {"lambda", "UpdateFunctionCode", FUNCTIONS},
    {"cloudtrail", "StopLogging", TRAIL},
    {"cloudtrail", "DeleteTrail", TRAIL},
    {"cloudtrail", "PutEventSelectors", TRAIL},
};

int np_tell_blind(struct np_telling *telling)
{
    struct np_span *blind = np_arena_alloc(telling->arena, BLIND_MAX * sizeof(blind[0]));
    size_t count = 0;
    const char *last = NULL;
    if (blind == NULL)
        return -ENOMEM;
    if (!telling->stories->saw_s3_data)
        blind[count++] = NP_SPAN("S3 objects read or written: no data events of S3 in the input");
    if (!telling->stories->saw_lambda_data)
        blind[count++] = NP_SPAN("functions invoked: no data events of Lambda in the input");
    if (came_by_endpoint(telling))
        blind[count++] =
            NP_SPAN("calls that the foreign endpoint refused: they are in its owner's trail only");
    for (size_t i = 0; i < NP_ARRAY_LEN(unseen); i++) {
        if (unseen[i].unseen == last || !did(telling, unseen[i].service, unseen[i].api))
            continue;
        last = unseen[i].unseen;
        blind[count++] = np_span_of(last);
    }
    telling->incident->blind = blind;
    telling->incident->blind_count = count;
    return 0;
}
