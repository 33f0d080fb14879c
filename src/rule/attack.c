/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names from the enterprise matrix; the last two are the ones that "defense evasion" was split into
 * later. Ids are only checked for their form: new ones come with every release.
 */
#include "rule/attack.h"

#include "base/compiler.h"
#include "base/suggest.h"
#include "codec/fold.h"

static const char *const tactics[] = {
    "reconnaissance",  "resource-development",
    "initial-access",  "execution",
    "persistence",     "privilege-escalation",
    "defense-evasion", "credential-access",
    "discovery",       "lateral-movement",
    "collection",      "command-and-control",
    "exfiltration",    "impact",
    "stealth",         "defense-impairment",
};

/* The letters of ids, each followed by four digits: of a technique, a tactic, a group ... */
static const char *const id_letters[] = {"t", "ta", "g", "s", "c", "m", "ds", "dc", "det", "an"};

static bool are_digits(struct np_span text, size_t count)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len == count;
}

static bool is_technique(struct np_span name)
{
    if (name.len == 0 || np_fold_byte(name.ptr[0]) != 't')
        return false;
    struct np_span digits = np_span_from(name, 1);
    if (digits.len <= 4)
        return are_digits(digits, 4);
    return are_digits(np_span_head(digits, 4), 4) && digits.ptr[4] == '.' &&
           are_digits(np_span_from(digits, 5), 3);
}

bool np_attack_technique(struct np_span tag, struct np_attack_id *out_id)
{
    struct np_span prefix = NP_SPAN("attack.");
    struct np_span name = np_span_from(tag, prefix.len);
    if (!np_span_eq_ascii_fold(np_span_head(tag, prefix.len), prefix) || !is_technique(name))
        return false;
    *out_id = (struct np_attack_id){.text = "T"};
    memcpy(out_id->text + 1, name.ptr + 1, name.len - 1);
    return true;
}

static bool is_id(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(id_letters); i++) {
        struct np_span letters = np_span_of(id_letters[i]);
        if (np_span_eq_ascii_fold(np_span_head(name, letters.len), letters) &&
            are_digits(np_span_from(name, letters.len), 4))
            return true;
    }
    return is_technique(name);
}

static bool is_tactic(struct np_span name, const char *tactic)
{
    if (name.len != strlen(tactic))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i] == '_' ? '-' : np_fold_byte(name.ptr[i]);
        if (c != tactic[i])
            return false;
    }
    return true;
}

bool np_attack_is_known(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(tactics); i++)
        if (is_tactic(name, tactics[i]))
            return true;
    return is_id(name);
}

const char *np_attack_nearest(struct np_span name)
{
    return np_suggest(name, tactics, NP_ARRAY_LEN(tactics));
}
