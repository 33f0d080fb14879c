/* SPDX-License-Identifier: Apache-2.0 */
/* One modifier after the other, each over all texts that the one before it made. */
#include "rule/sigma/value/modify.h"

#include "rule/sigma/value/encode.h"
#include "rule/sigma/value/expand.h"
#include "rule/sigma/value/windash.h"

/* Adds what one modifier makes of one text. */
static int modify(struct np_sigma_document *document, const struct np_yaml_node *node,
                  enum np_sigma_modifier modifier, struct np_sigma_text text,
                  struct np_sigma_texts *texts)
{
    switch (modifier) {
    case NP_SIGMA_CONTAINS:
    case NP_SIGMA_STARTSWITH:
    case NP_SIGMA_ENDSWITH: {
        int r = np_sigma_text_open(&document->set->scratch, &text, modifier != NP_SIGMA_STARTSWITH,
                                   modifier != NP_SIGMA_ENDSWITH);
        return r < 0 ? r : np_sigma_texts_add(document, texts, text);
    }
    case NP_SIGMA_WINDASH:
        return np_sigma_text_windash(document, text, texts);
    case NP_SIGMA_BASE64:
    case NP_SIGMA_BASE64OFFSET:
    case NP_SIGMA_UTF16LE:
    case NP_SIGMA_UTF16BE:
    case NP_SIGMA_UTF16:
        return np_sigma_text_encode(document, node, modifier, text, texts);
    default: /* says how values are linked or compared, not what they are */
        return np_sigma_texts_add(document, texts, text);
    }
}

/* Begins with the value as it is written. */
static int begin(struct np_sigma_document *document, const struct np_yaml_node *node,
                 struct np_sigma_text_work *work)
{
    struct np_sigma_text text;
    int r = np_sigma_text_parse(&document->set->scratch, np_sigma_written(node), &text);
    work->now.len = 0;
    return r < 0 ? r : np_sigma_texts_add(document, &work->now, text);
}

static int expand(struct np_sigma_document *document, const struct np_yaml_node *node,
                  struct np_sigma_text_work *work)
{
    int r = np_sigma_text_expand(document, node, work);
    work->filled.len = 0;
    for (size_t i = 0; r == 0 && i < work->now.len; i++)
        r = np_vec_push(&work->filled, work->now.items[i], NP_SIGMA_MAX_EXPANDED);
    return r;
}

int np_sigma_text_modify(struct np_sigma_document *document, const struct np_sigma_key *key,
                         const struct np_yaml_node *node, struct np_sigma_text_work *work)
{
    int r = np_sigma_has(key, NP_SIGMA_EXPAND) ? expand(document, node, work)
                                               : begin(document, node, work);
    for (size_t m = 0; r == 0 && m < key->modifier_count; m++) {
        np_sigma_text_work_swap(work);
        for (size_t i = 0; r == 0 && i < work->before.len; i++)
            r = modify(document, node, key->modifiers[m], work->before.items[i], &work->now);
    }
    return r;
}
