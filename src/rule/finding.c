/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a finding: everything is copied, and what is too long is cut at a character and said to
 * be.
 */
#include "rule/finding.h"

#include <errno.h>

#include "event/entity.h"
#include "event/syscall.h"
#include "rule/falco/message.h"

enum { EVENT_ID_MAX_BYTES = 4096 + 32 /* a path, a colon, an offset */ };

static const char *const level_names[NP_LEVEL_MAX] = {
    [NP_LEVEL_INFORMATIONAL] = "informational",
    [NP_LEVEL_LOW] = "low",
    [NP_LEVEL_MEDIUM] = "medium",
    [NP_LEVEL_HIGH] = "high",
    [NP_LEVEL_CRITICAL] = "critical",
};

const char *np_level_name(enum np_level level)
{
    return level_names[level];
}

bool np_level_parse(struct np_span name, enum np_level *out_level)
{
    for (size_t i = 0; i < NP_LEVEL_MAX; i++)
        if (np_span_eq_ascii_fold(name, np_span_of(level_names[i]))) {
            *out_level = (enum np_level) i;
            return true;
        }
    return false;
}

const char *np_rule_language_name(enum np_rule_language language)
{
    static const char *const names[NP_LANGUAGE_MAX] = {
        [NP_LANGUAGE_SIGMA] = "sigma",
        [NP_LANGUAGE_FALCO] = "falco",
    };
    return names[language];
}

struct maker {
    struct np_finding *finding;
    const struct np_finding_means *means;
    struct np_event *event;
};

static struct np_span cut(struct np_span text)
{
    return np_text_cut(text, NP_FINDING_TEXT_MAX_BYTES);
}

static int keep(struct maker *maker, struct np_span text, struct np_span *out_text)
{
    struct np_span kept = cut(text);
    maker->finding->truncated |= kept.len < text.len;
    int r = np_arena_keep(maker->means->arena, &kept);
    if (r == 0)
        *out_text = kept;
    return r;
}

static struct np_span value_text(const struct np_value *value)
{
    return value->kind == NP_VALUE_NULL ? NP_SPAN("null") : value->text;
}

/* Joins the elements of a list in the scratch buffer, as many as can be shown. */
static int join_list(struct np_buf *buf, const struct np_value *list)
{
    np_buf_reset(buf);
    for (uint32_t i = 0; i < list->count && buf->len <= NP_FINDING_TEXT_MAX_BYTES; i++) {
        struct np_span text = value_text(&list->items[i]);
        int r = i > 0 ? np_buf_add_str(buf, ", ") : 0;
        if (r == 0)
            r = np_buf_add_span(buf, np_span_head(text, NP_FINDING_TEXT_MAX_BYTES + 1));
        if (r < 0)
            return r;
    }
    return 0;
}

/* Adds a field that the rule looks at, as text; nothing where it is absent. */
static int add_looked_at(struct maker *maker, np_field_id field, struct np_finding_field *fields)
{
    struct np_finding *finding = maker->finding;
    const struct np_value *value = np_event_field(maker->event, field);
    if (value->kind == NP_VALUE_ABSENT)
        return 0;
    if (finding->field_count == NP_FINDING_FIELDS_MAX) {
        finding->truncated = true;
        return 0;
    }
    struct np_finding_field *kept = &fields[finding->field_count];
    struct np_span text = value_text(value);
    finding->truncated |= (value->flags & NP_VALUE_TRUNCATED) != 0;
    int r = 0;
    if (value->kind == NP_VALUE_LIST) {
        r = join_list(maker->means->scratch, value);
        text = np_buf_span(maker->means->scratch);
    }
    kept->value.kind = NP_VALUE_TEXT;
    if (r == 0)
        r = keep(maker, text, &kept->value.text);
    if (r == 0)
        r = keep(maker, np_field_name(maker->means->names, field), &kept->name);
    if (r == 0)
        finding->field_count++;
    return r;
}

/* Adds a field that the rule's output tells, as it is. */
static int add_told(struct maker *maker, const struct np_rule_output_field *told,
                    struct np_finding_field *fields)
{
    struct np_finding *finding = maker->finding;
    struct np_finding_field *kept = &fields[finding->field_count];
    bool is_cut = false;
    int r = np_rule_output_keep(maker->means->arena, np_event_field(maker->event, told->field),
                                &kept->value, &is_cut);
    finding->truncated |= is_cut;
    if (told->is_text && np_value_has_text(&kept->value))
        kept->value.kind = NP_VALUE_TEXT;
    if (r == 0)
        r = keep(maker, np_field_name(maker->means->names, told->field), &kept->name);
    if (r == 0)
        finding->field_count++;
    return r;
}

static int add_fields(struct maker *maker, const struct np_finding_evidence *evidence)
{
    const struct np_rule_output *output = evidence->output;
    size_t count = output != NULL ? output->field_count
                                  : NP_MIN(evidence->count, (size_t) NP_FINDING_FIELDS_MAX);
    if (count == 0)
        return 0;
    struct np_finding_field *fields =
        np_arena_zalloc(maker->means->arena, count * sizeof(fields[0]));
    if (fields == NULL)
        return -ENOMEM;
    maker->finding->fields = fields;
    int r = 0;
    for (size_t i = 0; output != NULL && i < count && r == 0; i++)
        r = add_told(maker, &output->fields[i], fields);
    for (size_t i = 0; output == NULL && i < evidence->count && r == 0; i++)
        r = add_looked_at(maker, evidence->fields[i], fields);
    return r;
}

static bool has_target(const struct np_finding *finding, struct np_span value)
{
    for (size_t i = 0; i < finding->target_count; i++)
        if (np_span_eq(finding->targets[i], value))
            return true;
    return false;
}

static int add_target(struct maker *maker, const struct np_entity *entity)
{
    struct np_finding *finding = maker->finding;
    bool is_target = entity->role == NP_ENTITY_ON || entity->role == NP_ENTITY_MADE ||
                     entity->role == NP_ENTITY_PASSED;
    if (!is_target || has_target(finding, cut(entity->value)))
        return 0;
    if (finding->target_count == NP_FINDING_TARGETS_MAX) {
        finding->truncated = true;
        return 0;
    }
    int r = keep(maker, entity->value, &finding->targets[finding->target_count]);
    if (r == 0)
        finding->target_count++;
    return r;
}

static int add_targets(struct maker *maker)
{
    struct np_entity entities[NP_ENTITIES_MAX];
    size_t count = np_event_entities(maker->event, entities);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = add_target(maker, &entities[i]);
    return r;
}

/* Adds a part of the message: ": " in front of the first, a blank in front of the others. */
static void add_words(struct np_buf *buf, const char **separator, const char *word,
                      struct np_span text)
{
    if (text.len == 0)
        return;
    (void) np_buf_add_str(buf, *separator); /* errors stay in the buffer */
    (void) np_buf_add_str(buf, word);
    (void) np_buf_add_span(buf, text);
    *separator = " ";
}

/* The message of a rule that has no output of its own. */
static int make_plain_message(struct maker *maker)
{
    const struct np_event_brief *brief = &maker->finding->event;
    const char *separator = ": ";
    np_buf_reset(maker->means->scratch);
    (void) np_buf_add_str(maker->means->scratch, maker->finding->rule->title);
    add_words(maker->means->scratch, &separator, "", brief->name);
    add_words(maker->means->scratch, &separator, "by ", brief->principal);
    add_words(maker->means->scratch, &separator, "from ", brief->address);
    if (maker->means->scratch->error < 0)
        return maker->means->scratch->error;
    return keep(maker, np_buf_span(maker->means->scratch), &maker->finding->message);
}

static int make_message(struct maker *maker, const struct np_rule_output *output)
{
    if (output == NULL)
        return make_plain_message(maker);
    struct np_buf *buf = maker->means->scratch;
    bool is_cut = false;
    np_buf_reset(buf);
    np_rule_output_write(buf, output, maker->event, &is_cut);
    maker->finding->truncated |= is_cut;
    maker->finding->message = np_buf_span(buf);
    return buf->error < 0 ? buf->error
                          : np_arena_keep(maker->means->arena, &maker->finding->message);
}

static int make_brief(struct maker *maker)
{
    struct np_event_brief brief;
    np_event_brief(maker->event, &brief);
    struct np_event_brief *kept = &maker->finding->event;
    int r = keep(maker, brief.name, &kept->name);
    if (r == 0)
        r = keep(maker, brief.source, &kept->source);
    if (r == 0)
        r = keep(maker, brief.region, &kept->region);
    if (r == 0)
        r = keep(maker, brief.principal, &kept->principal);
    if (r == 0)
        r = keep(maker, brief.address, &kept->address);
    return r == 0 ? keep(maker, brief.outcome, &kept->outcome) : r;
}

/* The finding's id, and what it is made of. */
static int make_ids(struct maker *maker)
{
    struct np_finding *finding = maker->finding;
    char buffer[EVENT_ID_MAX_BYTES];
    struct np_span event_id = np_event_id(maker->event, buffer, sizeof(buffer));
    struct np_buf *buf = maker->means->scratch;
    np_buf_reset(buf);
    (void) np_buf_add_str(buf, finding->rule->id);
    (void) np_buf_add_char(buf, '\0');
    (void) np_buf_add_str(buf, np_event_kind_name(finding->event_kind));
    (void) np_buf_add_char(buf, '\0');
    (void) np_buf_add_span(buf, maker->event->account);
    (void) np_buf_add_char(buf, '\0');
    (void) np_buf_add_span(buf, event_id);
    if (buf->error < 0)
        return buf->error;
    finding->id = np_hash128(np_buf_span(buf), 0);
    int r = keep(maker, event_id, &finding->event_id);
    return r == 0 ? keep(maker, maker->event->account, &finding->account) : r;
}

static int make_origin(struct maker *maker)
{
    struct np_origin origin = maker->event->origin;
    origin.object = np_arena_strdup(maker->means->arena, np_span_of(origin.object));
    if (origin.object == NULL)
        return -ENOMEM;
    maker->finding->origin = origin;
    return 0;
}

static int make_syscall(struct maker *maker)
{
    if (maker->event->kind != NP_EVENT_SYSCALL)
        return 0;
    const struct np_syscall_head *head = np_syscall_head_of(maker->event);
    struct np_finding_syscall *kept = &maker->finding->syscall;
    *kept = (struct np_finding_syscall){.num = head->num, .tid = head->tid};
    return keep(maker, head->name, &kept->type);
}

static int fill(struct maker *maker, const struct np_finding_evidence *evidence)
{
    int r = make_ids(maker);
    if (r == 0)
        r = make_origin(maker);
    if (r == 0)
        r = make_brief(maker);
    if (r == 0)
        r = make_syscall(maker);
    if (r == 0)
        r = make_message(maker, evidence->output);
    if (r == 0)
        r = add_targets(maker);
    return r == 0 ? add_fields(maker, evidence) : r;
}

int np_finding_make(struct np_finding **out_finding, const struct np_finding_means *means,
                    const struct np_rule_info *rule, const struct np_finding_evidence *evidence,
                    struct np_event *event)
{
    struct np_finding *finding = np_arena_zalloc(means->arena, sizeof(*finding));
    if (finding == NULL)
        return -ENOMEM;
    finding->rule = rule;
    finding->event_kind = event->kind;
    finding->time = event->time;
    finding->arrival = event->arrival;
    struct maker maker = {.finding = finding, .means = means, .event = event};
    int r = fill(&maker, evidence);
    if (r < 0)
        return r;
    finding->event_flags = event->flags; /* reading its fields may have set one */
    *out_finding = finding;
    return 0;
}
