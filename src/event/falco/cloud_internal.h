/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that compute Falco's fields of logs share: a question, places in a record, and making values. */
#pragma once

#include "codec/json/part.h"
#include "event/falco/cloud.h"

/* What a value is asked of, and where it goes: absent at first, and left so where there is none. */
struct np_falco_question {
    struct np_event *event;
    const struct np_falco_members *members;
    enum np_falco_source source;
    const struct np_falco_field *what;
    struct np_span argument;
    struct np_arena *arena;
    struct np_value *value;
};

/* The value at `place`, steps joined by slashes, of the record, or below `from`: whether there is one. */
bool np_falco_lookup(const struct np_falco_question *question, const char *place,
                     struct np_span *out_value);
bool np_falco_lookup_below(struct np_span from, const char *place, struct np_span *out_value);

/* The text at a place of the record; empty where it has none or anything but a string. */
struct np_span np_falco_lookup_text(const struct np_falco_question *question, const char *place);

/* Sets the value to a text that lives as long as the event, a copy of one that does not, a number, a boolean's text. */
void np_falco_set_text(const struct np_falco_question *question, struct np_span text);
NP_NODISCARD int np_falco_set_copy(const struct np_falco_question *question, struct np_span text);
NP_NODISCARD int np_falco_set_number(const struct np_falco_question *question, uint64_t number);
void np_falco_set_flag(const struct np_falco_question *question, bool flag);

/* Sets the value to what stands at `value`, as text. */
NP_NODISCARD int np_falco_set_json(const struct np_falco_question *question, struct np_span value);

/* Texts that become a list. */
struct np_falco_list {
    const struct np_falco_question *question;
    struct np_value *items;
    uint32_t count;
    uint32_t cap;
};

/* Adds a text that lives as long as the event, or a JSON value as text. */
NP_NODISCARD int np_falco_list_add(struct np_falco_list *list, struct np_span text);
NP_NODISCARD int np_falco_list_add_json(struct np_falco_list *list, struct np_span value);

/* Makes the list the question's value, unless it is empty. */
void np_falco_list_set(const struct np_falco_list *list);

/* What is done with each value that np_falco_each() meets; `is_there` is false where the walk ended early. */
typedef int np_falco_each_fn(struct np_falco_list *list, struct np_span value, bool is_there);

/*
 * Calls `fn` with every value at the question's place, where an array on the way stands for all of its elements, or for the one that
 * the question's argument names; elements that do not have the rest of the way are told, too. 0 or what `fn` returned.
 */
NP_NODISCARD int np_falco_each(struct np_falco_list *list, const char *place, np_falco_each_fn *fn);

/* Makes what `fn` adds of each value at the question's place the question's value, a list: 0 or what `fn` returned. */
NP_NODISCARD int np_falco_list_value(const struct np_falco_question *question, const char *place,
                                     np_falco_each_fn *fn);

/* The computed fields of each source: 0 or -ENOMEM. */
NP_NODISCARD int np_falco_general_value(const struct np_falco_question *question);
NP_NODISCARD int np_falco_aws_value(const struct np_falco_question *question);
NP_NODISCARD int np_falco_k8s_value(const struct np_falco_question *question, const char *place);
