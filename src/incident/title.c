/* SPDX-License-Identifier: Apache-2.0 */
/* The title of an incident, what happened in a line, and the rules behind it. See telling.h. */
#include "incident/telling.h"

#include <stdlib.h>

enum { PHRASES_MAX = 6 };

/* What a call that matters is called in a title; the first that fits, "" = any. */
static const struct {
    enum np_tactic tactic;
    const char *service;
    const char *api; /* how it begins */
    const char *done;
    const char *tried;
} phrases[] = {
    {NP_TACTIC_PRIVILEGE_ESCALATION, "cloudformation", "", "rights through CloudFormation",
     "CloudFormation tried"},
    {NP_TACTIC_PRIVILEGE_ESCALATION, "sts", "", "roles taken on", "roles tried"},
    {NP_TACTIC_PRIVILEGE_ESCALATION, "", "", "rights raised", "rights tried"},
    {NP_TACTIC_PERSISTENCE, "iam", "", "new credentials", "new credentials tried"},
    {NP_TACTIC_PERSISTENCE, "", "", "a way back in", "a way back in tried"},
    {NP_TACTIC_CREDENTIAL_ACCESS, "", "", "secrets read", "secrets tried"},
    {NP_TACTIC_LATERAL_MOVEMENT, "", "", "machines entered", "machines tried"},
    {NP_TACTIC_DEFENSE_EVASION, "", "", "guards turned off", "guards attacked"},
    {NP_TACTIC_EXECUTION, "ec2", "", "machines started", "machines tried"},
    {NP_TACTIC_EXECUTION, "", "", "code run", "code tried"},
    {NP_TACTIC_COLLECTION, "", "", "data collected", "data tried"},
    {NP_TACTIC_EXFILTRATION, "", "", "data opened to others", "data opened to others, tried"},
    {NP_TACTIC_IMPACT, "bedrock", "", "models used", "models tried"},
    {NP_TACTIC_IMPACT, "", "", "data or services harmed", "harm tried"},
};

static size_t phrase_of(const struct np_telling *telling, const struct np_deed *deed)
{
    struct np_span service = np_telling_text(telling, deed->service);
    struct np_span api = np_telling_text(telling, deed->api);
    size_t i = 0;
    while (i < NP_ARRAY_LEN(phrases) &&
           (phrases[i].tactic != deed->tactic ||
            (phrases[i].service[0] != '\0' && !np_span_is(service, phrases[i].service)) ||
            !np_span_starts(api, np_span_of(phrases[i].api))))
        i++;
    return i;
}

static const char *beginning(const struct np_telling *telling)
{
    const struct np_incident_link *root = &telling->incident->chain[0];
    bool foreign = false;
    bool elsewhere = false;
    bool strange = false;
    for (size_t i = 0; i < telling->link_count; i++) {
        const struct np_strand *strand = &telling->stories->strands.items[telling->links[i]];
        foreign |= strand->foreign_endpoint;
        elsewhere |= strand->instance_elsewhere;
        strange |= strand->stance == NP_STANCE_STRANGE;
    }
    if (foreign)
        return "credentials behind a foreign VPC endpoint";
    if (elsewhere)
        return "a machine's credentials used elsewhere";
    if (np_span_is(np_span_of(root->kind), "access key"))
        return strange ? "access key in a strange place" : "access key";
    if (np_span_is(np_span_of(root->kind), "role session"))
        return strange ? "role session in a strange place" : "role session";
    return root->kind;
}

/* Which phrases the deeds give, in the order of their first deed, and whether any of its calls went well. */
static size_t collect_phrases(const struct np_telling *telling, size_t out_order[PHRASES_MAX],
                              bool out_done[NP_ARRAY_LEN(phrases)])
{
    size_t count = 0;
    for (size_t i = 0; i < telling->deed_count; i++) {
        const struct np_deed *deed = telling->deeds[i].deed;
        size_t phrase = phrase_of(telling, deed);
        size_t at = 0;
        if (phrase == NP_ARRAY_LEN(phrases) || deed->weight != NP_WEIGHT_SENSITIVE)
            continue;
        while (at < count && out_order[at] != phrase)
            at++;
        if (at == count && count < PHRASES_MAX)
            out_order[count++] = phrase;
        out_done[phrase] |= (deed->flags & NP_ACT_FAILED) == 0;
    }
    return count;
}

int np_tell_title(struct np_telling *telling)
{
    size_t order[PHRASES_MAX];
    bool done[NP_ARRAY_LEN(phrases)] = {};
    size_t count = collect_phrases(telling, order, done);
    struct np_span title = np_span_of(beginning(telling));
    if (telling->incident->clock.recon_s >= 0)
        title = np_telling_format(telling, "%.*s → discovery", NP_SPAN_ARGS(title));
    for (size_t i = 0; i < count; i++)
        title =
            np_telling_format(telling, "%.*s → %s", NP_SPAN_ARGS(title),
                              done[order[i]] ? phrases[order[i]].done : phrases[order[i]].tried);
    telling->incident->title = title;
    return title.len > 0 ? 0 : -ENOMEM;
}

/* ---- signs */

static int by_strength(const void *a, const void *b)
{
    const struct np_incident_sign *left = a;
    const struct np_incident_sign *right = b;
    if (left->rule->level != right->rule->level)
        return left->rule->level > right->rule->level ? -1 : 1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return np_span_compare(np_span_of(left->rule->id), np_span_of(right->rule->id));
}

int np_tell_signs(struct np_telling *telling)
{
    size_t total = 0;
    size_t count = 0;
    for (size_t i = 0; i < telling->deed_count; i++)
        total +=
            telling->deeds[i].deed->more != NULL ? telling->deeds[i].deed->more->signal_count : 0;
    struct np_incident_sign *signs = np_arena_alloc(telling->arena, total * sizeof(signs[0]));
    if (signs == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < telling->deed_count; i++) {
        const struct np_deed_more *more = telling->deeds[i].deed->more;
        for (size_t k = 0; more != NULL && k < more->signal_count; k++) {
            size_t at = 0;
            while (at < count && signs[at].rule != more->signals[k].rule)
                at++;
            if (at == count)
                signs[count++] = (struct np_incident_sign){.rule = more->signals[k].rule};
            signs[at].count++;
        }
    }
    qsort(signs, count, sizeof(signs[0]), by_strength);
    telling->incident->signs = signs;
    telling->incident->sign_count = count;
    return 0;
}
