/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was found as a layer of the ATT&CK Navigator (format 4.5): each technique that a rule with
 * findings is tagged with, and how many findings there were. Findings are counted by rule; the
 * layer is made of that in the end. A tag for a whole tactic has no place in a layer.
 */
#include "sink/sink_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/vec.h"
#include "codec/json/write.h"
#include "rule/attack.h"

enum { RULES_MAX = 1000000, MARKS_MAX = 16 * RULES_MAX };

struct tally {
    const struct np_rule_info *rule;
    uint64_t findings;
};

/* A rule that speaks of a technique. */
struct mark {
    struct np_attack_id technique;
    uint32_t tally;
};

struct navigator {
    struct np_sink sink;
    struct np_out *out;  /* borrowed */
    struct np_map index; /* a rule's address -> its place in `tallies` */
    NP_VEC(struct tally) tallies;
    NP_VEC(struct mark) marks;
    struct np_buf titles; /* of the technique that is being written */
};

static void navigator_destroy(struct np_sink *sink)
{
    struct navigator *self = (struct navigator *) sink;
    np_map_done(&self->index);
    np_vec_done(&self->tallies);
    np_vec_done(&self->marks);
    np_buf_done(&self->titles);
    np_free(self);
}

static int navigator_open(struct np_sink **out_sink, const struct np_sink_params *params,
                          struct np_err *err)
{
    struct navigator *self = np_alloc(sizeof(*self));
    if (self == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    *self = (struct navigator){.sink.ops = &np_sink_navigator, .out = params->out};
    np_map_init(&self->index, RULES_MAX);
    np_buf_init(&self->titles, SIZE_MAX / 2);
    *out_sink = &self->sink;
    return 0;
}

/* Begins to count the rule whose address is `key`. */
static int add_tally(struct navigator *self, const struct np_rule_info *rule, struct np_span key)
{
    uint32_t place = (uint32_t) self->tallies.len;
    int r = np_vec_push(&self->tallies, ((struct tally){rule, 1}), RULES_MAX);
    if (r == 0)
        r = np_map_put(&self->index, key, place);
    for (size_t i = 0; i < rule->tag_count && r == 0; i++) {
        struct mark mark = {.tally = place};
        if (np_attack_technique(np_span_of(rule->tags[i]), &mark.technique))
            r = np_vec_push(&self->marks, mark, MARKS_MAX);
    }
    return r;
}

static int navigator_finding(struct np_sink *sink, const struct np_finding *finding,
                             struct np_err *err)
{
    struct navigator *self = (struct navigator *) sink;
    struct np_span key = {(const char *) &finding->rule, sizeof(finding->rule)};
    uint32_t place = np_map_get(&self->index, key);
    if (place != NP_MAP_NONE) {
        self->tallies.items[place].findings++;
        return 0;
    }
    int r = add_tally(self, finding->rule, key);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

/* ---- the layer */

static int compare_marks(const void *a, const void *b)
{
    const struct mark *x = a;
    const struct mark *y = b;
    int order = strcmp(x->technique.text, y->technique.text);
    return order != 0 ? order : (x->tally > y->tally) - (x->tally < y->tally);
}

/* The end of the marks of one technique, the first of which is at `first`. */
static size_t end_of(const struct navigator *self, size_t first)
{
    size_t end = first + 1;
    while (end < self->marks.len && strcmp(self->marks.items[end].technique.text,
                                           self->marks.items[first].technique.text) == 0)
        end++;
    return end;
}

/* Findings of the rules from `first` to `end`; a rule that has a tag twice counts once. */
static uint64_t score_of(const struct navigator *self, size_t first, size_t end)
{
    uint64_t score = 0;
    for (size_t i = first; i < end; i++)
        if (i == first || self->marks.items[i].tally != self->marks.items[i - 1].tally)
            score += self->tallies.items[self->marks.items[i].tally].findings;
    return score;
}

static void write_technique(struct navigator *self, struct np_json_writer *json, size_t first,
                            size_t end)
{
    np_buf_reset(&self->titles);
    for (size_t i = first; i < end; i++) {
        if (i > first && self->marks.items[i].tally == self->marks.items[i - 1].tally)
            continue;
        (void) np_buf_add_str(&self->titles, i > first ? "\n" : "");
        (void) np_buf_add_str(&self->titles,
                              self->tallies.items[self->marks.items[i].tally].rule->title);
    }
    if (self->titles.error < 0)
        json->buf->error = self->titles.error;
    np_json_begin_object(json, NULL);
    np_json_cstr(json, "techniqueID", self->marks.items[first].technique.text);
    np_json_uint(json, "score", score_of(self, first, end));
    np_json_text(json, "comment", np_buf_span(&self->titles));
    np_json_bool(json, "enabled", true);
    np_json_end_object(json);
}

/* Writes the techniques, a line each, and gives the highest score. */
static int write_techniques(struct navigator *self, struct np_json_writer *json,
                            uint64_t *out_highest, struct np_err *err)
{
    int r = 0;
    uint64_t highest = 0;
    for (size_t first = 0, end = 0; first < self->marks.len && r == 0; first = end) {
        end = end_of(self, first);
        highest = NP_MAX(highest, score_of(self, first, end));
        write_technique(self, json, first, end);
        (void) np_buf_add_char(json->buf, '\n');
        r = np_out_commit(self->out, err);
        json->buf = np_out_buf(self->out);
    }
    *out_highest = highest;
    return r;
}

static void write_head(struct np_json_writer *json)
{
    np_json_begin_object(json, NULL);
    np_json_cstr(json, "name", "nepho findings");
    np_json_begin_object(json, "versions");
    np_json_cstr(json, "layer", "4.5");
    np_json_end_object(json);
    np_json_cstr(json, "domain", "enterprise-attack");
    np_json_cstr(json, "description",
                 "Techniques of the rules that matched; the score is the "
                 "number of findings.");
    np_json_uint(json, "sorting", 3); /* by score, the highest first */
    np_json_begin_object(json, "layout");
    np_json_cstr(json, "expandedSubtechniques", "annotated");
    np_json_end_object(json);
    np_json_begin_array(json, "techniques");
    (void) np_buf_add_char(json->buf, '\n');
}

static void write_tail(struct np_json_writer *json, uint64_t highest)
{
    np_json_end_array(json);
    np_json_begin_object(json, "gradient");
    np_json_begin_array(json, "colors");
    np_json_cstr(json, NULL, "#fff3b0");
    np_json_cstr(json, NULL, "#f4a261");
    np_json_cstr(json, NULL, "#c1121f");
    np_json_end_array(json);
    np_json_uint(json, "minValue", 0);
    np_json_uint(json, "maxValue", NP_MAX(highest, UINT64_C(1)));
    np_json_end_object(json);
    np_json_end_object(json);
    (void) np_buf_add_char(json->buf, '\n');
}

static int navigator_finish(struct np_sink *sink, const struct np_summary *summary,
                            struct np_err *err)
{
    (void) summary; /* a layer has no place for it */
    struct navigator *self = (struct navigator *) sink;
    struct np_json_writer json;
    uint64_t highest = 0;
    if (self->marks.len > 0)
        qsort(self->marks.items, self->marks.len, sizeof(self->marks.items[0]), compare_marks);
    np_json_writer_init(&json, np_out_buf(self->out));
    write_head(&json);
    int r = write_techniques(self, &json, &highest, err);
    if (r < 0)
        return r;
    write_tail(&json, highest);
    r = np_out_commit(self->out, err);
    return r < 0 ? r : np_out_flush(self->out, err);
}

const struct np_sink_ops np_sink_navigator = {
    .name = "navigator",
    .open = navigator_open,
    .finding = navigator_finding,
    .finish = navigator_finish,
    .destroy = navigator_destroy,
};
