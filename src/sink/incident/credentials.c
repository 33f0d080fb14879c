/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials.h. */
#include "sink/incident/credentials.h"

#include <errno.h>

#include "base/alloc.h"

/* The first link with the same key; the link itself where there is none, or no key. */
static size_t first_of(const struct np_incident *incident, size_t link)
{
    struct np_span key = incident->chain[link].key;
    size_t first = 0;
    while (first < link && (key.len == 0 || !np_span_eq(incident->chain[first].key, key)))
        first++;
    return first;
}

int np_credentials_init(struct np_credentials *out_credentials, const struct np_incident *incident)
{
    *out_credentials = (struct np_credentials){.incident = incident};
    size_t links = NP_MAX(incident->chain_count, (size_t) 1);
    out_credentials->of_link = np_alloc_array(links, sizeof(size_t));
    out_credentials->first_link = np_alloc_array(links, sizeof(size_t));
    if (out_credentials->of_link == NULL || out_credentials->first_link == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < incident->chain_count; i++) {
        size_t first = first_of(incident, i);
        out_credentials->of_link[i] =
            first < i ? out_credentials->of_link[first] : out_credentials->count;
        if (first == i)
            out_credentials->first_link[out_credentials->count++] = i;
    }
    return 0;
}

void np_credentials_done(struct np_credentials *credentials)
{
    np_free(credentials->of_link);
    np_free(credentials->first_link);
    credentials->of_link = credentials->first_link = NULL;
}

size_t np_credentials_of(const struct np_credentials *credentials, size_t link)
{
    return link < credentials->incident->chain_count ? credentials->of_link[link]
                                                     : credentials->count;
}

size_t np_credentials_giver(const struct np_credentials *credentials, size_t credential)
{
    if (credential >= credentials->count)
        return credential;
    const struct np_incident *incident = credentials->incident;
    const struct np_incident_link *link = &incident->chain[credentials->first_link[credential]];
    bool is_given = link->reason != NULL && link->from < incident->chain_count;
    return is_given ? credentials->of_link[link->from] : credential;
}

char np_credential_letter(size_t credential)
{
    enum { LETTERS = 26 };
    if (credential < LETTERS)
        return (char) ('a' + credential);
    return credential < 2 * LETTERS ? (char) ('A' + credential - LETTERS) : '*';
}
