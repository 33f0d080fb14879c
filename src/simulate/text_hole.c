/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading one hole. Its first word says what it is: one of a table, or, with a point, an attribute, or else a
 * parameter. The table says, too, where each may stand.
 */
#include "base/compiler.h"
#include "codec/number.h"
#include "simulate/scenario.h"
#include "simulate/text_internal.h"
#include "simulate/value.h"

enum {
    IN_POOL = 1 << NP_TEXT_POOL,
    IN_CAST = 1 << NP_TEXT_CAST,
    IN_STEP = 1 << NP_TEXT_STEP,
    IN_CALL = 1 << NP_TEXT_CALL,
    ANYWHERE = (1 << NP_TEXT_WHERE_MAX) - 1,
    MAX_CHOICES = 1000
};

struct reading {
    const struct np_text_scope *scope;
    const struct np_hole_source *source;
    struct np_span arguments; /* behind the first word and a blank */
    struct np_segment *segment;
};

static struct np_diag problem(const struct reading *reading, const char *code)
{
    return np_text_problem(reading->scope, reading->source->node, reading->source->offset, code);
}

static int refuse(const struct reading *reading, const char *expected)
{
    struct np_diag diag = problem(reading, "bad-hole");
    diag.hint = expected;
    np_diag_add(reading->scope->diags, diag, "'${%.*s}' does not say what it should",
                NP_SPAN_ARGS(reading->source->inside));
    reading->segment->hole = NP_HOLE_NONE;
    return 0;
}

/* Takes a word and the blanks behind it off the front. */
static struct np_span take_word(struct np_span *text)
{
    size_t len = 0;
    while (len < text->len && text->ptr[len] != ' ')
        len++;
    struct np_span word = np_span_head(*text, len);
    while (len < text->len && text->ptr[len] == ' ')
        len++;
    *text = np_span_from(*text, len);
    return word;
}

/* ---- one function for each form of arguments */

static int read_nothing(const struct reading *reading)
{
    return reading->arguments.len == 0 ? 0 : refuse(reading, "the word alone");
}

static int read_length(const struct reading *reading)
{
    int64_t *count = &reading->segment->low;
    if (!np_value_read_count(reading->arguments, NP_TEXT_MAX_CHARACTERS, count) || *count == 0)
        return refuse(reading, "a word and a number from 1 to 4096, as in '${hex 8}'");
    return 0;
}

static int read_ends(const struct reading *reading)
{
    struct np_span rest = reading->arguments;
    struct np_number low = {};
    struct np_number high = {};
    struct np_span first = take_word(&rest);
    if (!np_number_parse(first, &low) || !np_number_parse(rest, &high) ||
        low.kind != NP_NUMBER_INT || high.kind != NP_NUMBER_INT || low.integer > high.integer)
        return refuse(reading, "two whole numbers, the lower one first, as in '${int 1 10}'");
    reading->segment->low = low.integer;
    reading->segment->high = high.integer;
    return 0;
}

static bool read_form(struct np_span text, uint16_t *out_form)
{
    static const char *const forms[NP_TIME_FORM_MAX] = {"", "text", "ms", "s"};
    for (unsigned i = 0; i < NP_TIME_FORM_MAX; i++) {
        if (np_span_is(text, forms[i])) {
            *out_form = (uint16_t) i;
            return true;
        }
    }
    return false;
}

static int read_now(const struct reading *reading)
{
    if (!read_form(reading->arguments, &reading->segment->a))
        return refuse(reading, "'${now}', or with 'text', 'ms' or 's' behind it");
    return 0;
}

static int read_shift(const struct reading *reading)
{
    struct np_span rest = reading->arguments;
    struct np_span shift = take_word(&rest);
    if (!np_value_read_duration(shift, &reading->segment->low) ||
        !read_form(rest, &reading->segment->a))
        return refuse(reading, "a time with its unit, as in '${after 12h}' or '${before 3d ms}'");
    if (np_span_starts(reading->source->inside, NP_SPAN("before")))
        reading->segment->low = -reading->segment->low;
    return 0;
}

/* A choice as it is filled in: within JSON escaped, once and for all. */
static int keep_choice(const struct reading *reading, struct np_span *choice)
{
    if (!reading->source->json)
        return np_arena_keep(reading->scope->arena, choice);
    struct np_buf np_auto_buf escaped;
    np_buf_init(&escaped, NP_YAML_MAX_BYTES);
    np_text_escape(&escaped, *choice);
    *choice = np_buf_span(&escaped);
    return escaped.error != 0 ? -ENOMEM : np_arena_keep(reading->scope->arena, choice);
}

static int read_choices(const struct reading *reading)
{
    struct np_span rest = reading->arguments;
    size_t count = 1;
    for (size_t i = 0; i < rest.len; i++)
        count += rest.ptr[i] == '|';
    if (count < 2 || count > MAX_CHOICES || memmem(rest.ptr, rest.len, "${", 2) != NULL)
        return refuse(reading, "2 to 1000 texts without holes, as in '${pick a|b}'");
    struct np_span *choices = np_arena_alloc(reading->scope->arena, count * sizeof(*choices));
    if (choices == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const char *bar = rest.len > 0 ? memchr(rest.ptr, '|', rest.len) : NULL;
        choices[i] = bar != NULL ? np_span_head(rest, (size_t) (bar - rest.ptr)) : rest;
        rest = np_span_from(rest, choices[i].len + 1);
        if (keep_choice(reading, &choices[i]) < 0)
            return -ENOMEM;
    }
    reading->segment->choices = choices;
    reading->segment->choice_count = count;
    return 0;
}

/* ---- words */

struct word {
    const char *word;
    enum np_hole hole;
    int (*read)(const struct reading *reading);
    unsigned where;
    uint16_t alphabet;
};

static const struct word words[] = {
    {"account", NP_HOLE_ACCOUNT, read_nothing, IN_STEP | IN_CALL, 0},
    {"region", NP_HOLE_REGION, read_nothing, IN_STEP | IN_CALL, 0},
    {"address", NP_HOLE_ADDRESS, read_nothing, IN_STEP | IN_CALL, 0},
    {"n", NP_HOLE_INDEX, read_nothing, IN_POOL | IN_STEP, 0},
    {"now", NP_HOLE_TIME, read_now, IN_CAST | IN_STEP | IN_CALL, 0},
    {"after", NP_HOLE_TIME, read_shift, IN_CAST | IN_STEP | IN_CALL, 0},
    {"before", NP_HOLE_TIME, read_shift, IN_CAST | IN_STEP | IN_CALL, 0},
    {"hex", NP_HOLE_CHARACTERS, read_length, ANYWHERE, NP_ALPHABET_HEX},
    {"digits", NP_HOLE_CHARACTERS, read_length, ANYWHERE, NP_ALPHABET_DIGITS},
    {"upper", NP_HOLE_CHARACTERS, read_length, ANYWHERE, NP_ALPHABET_UPPER},
    {"alnum", NP_HOLE_CHARACTERS, read_length, ANYWHERE, NP_ALPHABET_ALNUM},
    {"base64", NP_HOLE_BASE64, read_length, ANYWHERE, 0},
    {"uuid", NP_HOLE_UUID, read_nothing, ANYWHERE, 0},
    {"int", NP_HOLE_INT, read_ends, ANYWHERE, 0},
    {"pick", NP_HOLE_PICK, read_choices, ANYWHERE, 0},
    {"public", NP_HOLE_PUBLIC, read_nothing, ANYWHERE, 0},
    {"private", NP_HOLE_PRIVATE, read_nothing, ANYWHERE, 0},
};

static const struct word *find_word(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(words); i++)
        if (np_span_is(name, words[i].word))
            return &words[i];
    return NULL;
}

bool np_text_is_hole_word(struct np_span name)
{
    return find_word(name) != NULL;
}

static int read_word(const struct reading *reading, const struct word *word)
{
    struct np_segment *segment = reading->segment;
    if ((word->where & (1u << reading->scope->where)) == 0) {
        np_diag_add(reading->scope->diags, problem(reading, "unknown-hole"),
                    "'${%s}' means nothing here", word->word);
        return 0;
    }
    segment->hole = word->hole;
    segment->a = word->alphabet;
    return word->read(reading);
}

static int refuse_unknown(const struct reading *reading, struct np_span name)
{
    struct np_diag diag = problem(reading, "unknown-hole");
    for (size_t i = 0; i < NP_ARRAY_LEN(words); i++)
        diag.hint = np_value_nearer(name, diag.hint, words[i].word);
    np_diag_add(reading->scope->diags, diag, "unknown hole '${%.*s}'",
                NP_SPAN_ARGS(reading->source->inside));
    return 0;
}

/* ---- attributes */

static int refuse_attribute(const struct reading *reading, const struct np_entry *entry,
                            struct np_span owner, struct np_span attribute)
{
    struct np_diag diag = problem(reading, "unknown-name");
    for (size_t i = 0; i < entry->attribute_count; i++)
        if (entry->names[i].len > 0)
            diag.hint = np_value_nearer(attribute, diag.hint, entry->names[i].ptr);
    np_diag_add(reading->scope->diags, diag, "'%.*s' has no attribute '%.*s'%s",
                NP_SPAN_ARGS(owner), NP_SPAN_ARGS(attribute),
                np_span_is(owner, "self") ? " that stands before this one" : "");
    return 0;
}

static int read_by(const struct reading *reading, struct np_span attribute)
{
    static const struct np_span names[] = {
        [NP_ATTRIBUTE_ACCOUNT] = NP_SPAN("account"),
        [NP_ATTRIBUTE_NAME] = NP_SPAN("name"),
        [NP_ATTRIBUTE_PATH] = {NULL, 0},
        [NP_ATTRIBUTE_ARN] = NP_SPAN("arn"),
        [NP_ATTRIBUTE_ID] = NP_SPAN("id"),
        [NP_ATTRIBUTE_KEY] = NP_SPAN("key"),
    };
    static const struct np_entry caller = {.names = names, .attribute_count = NP_ARRAY_LEN(names)};
    if (!np_entry_find(&caller, attribute, &reading->segment->b))
        return refuse_attribute(reading, &caller, NP_SPAN("by"), attribute);
    reading->segment->hole = NP_HOLE_BY;
    return 0;
}

static int read_self(const struct reading *reading, struct np_span attribute)
{
    const struct np_entry *self = reading->scope->self;
    if (!np_entry_find(self, attribute, &reading->segment->b))
        return refuse_attribute(reading, self, NP_SPAN("self"), attribute);
    reading->segment->hole = NP_HOLE_SELF;
    return 0;
}

static int refuse_member(const struct reading *reading, struct np_span name)
{
    const struct np_text_scope *scope = reading->scope;
    struct np_diag diag = problem(reading, "unknown-name");
    for (size_t i = 0; i < scope->member_count; i++)
        diag.hint = np_value_nearer(name, diag.hint, scope->members[i].name.ptr);
    np_diag_add(scope->diags, diag, "no member of the cast%s is named '%.*s'",
                scope->where == NP_TEXT_CAST ? " before this one" : "", NP_SPAN_ARGS(name));
    return 0;
}

static int read_member(const struct reading *reading, struct np_span name, struct np_span attribute)
{
    const struct np_text_scope *scope = reading->scope;
    for (size_t i = 0; i < scope->member_count; i++) {
        const struct np_cast_member *member = &scope->members[i];
        if (!np_span_eq(member->name, name))
            continue;
        const struct np_entry *entry = np_cast_member_entry(member);
        if (!np_entry_find(entry, attribute, &reading->segment->b))
            return refuse_attribute(reading, entry, name, attribute);
        reading->segment->hole = NP_HOLE_MEMBER;
        reading->segment->a = (uint16_t) i;
        return 0;
    }
    return refuse_member(reading, name);
}

static int read_attribute(const struct reading *reading, struct np_span text, size_t point)
{
    struct np_span owner = np_span_head(text, point);
    struct np_span attribute = np_span_from(text, point + 1);
    enum np_text_where where = reading->scope->where;
    bool called = where == NP_TEXT_STEP || where == NP_TEXT_CALL;
    if (np_span_is(owner, "by") && called)
        return read_by(reading, attribute);
    if (np_span_is(owner, "self") && reading->scope->self != NULL)
        return read_self(reading, attribute);
    if (where == NP_TEXT_STEP || where == NP_TEXT_CAST)
        return read_member(reading, owner, attribute);
    return refuse_unknown(reading, owner);
}

/* ---- parameters */

static int read_parameter(const struct reading *reading, struct np_span name)
{
    struct np_parameter_names *parameters = reading->scope->parameters;
    struct np_segment *segment = reading->segment;
    bool needed = !reading->source->optional;
    segment->hole = NP_HOLE_PARAMETER;
    for (size_t i = 0; i < parameters->names.len; i++) {
        if (np_span_eq(parameters->names.items[i].name, name)) {
            parameters->names.items[i].needed |= needed;
            segment->a = (uint16_t) i;
            return 0;
        }
    }
    segment->a = (uint16_t) parameters->names.len;
    struct np_parameter_name parameter = {name, needed};
    if (np_arena_keep(reading->scope->arena, &parameter.name) < 0)
        return -ENOMEM;
    int r = np_vec_push(&parameters->names, parameter, NP_SCENARIO_MAX_NAMES);
    if (r != -E2BIG)
        return r;
    segment->hole = NP_HOLE_NONE;
    np_diag_add(reading->scope->diags, problem(reading, "limit"), "more than %d parameters",
                NP_SCENARIO_MAX_NAMES);
    return 0;
}

int np_hole_read(struct np_segment *out_segment, const struct np_text_scope *scope,
                 const struct np_hole_source *source)
{
    struct reading reading = {scope, source, source->inside, out_segment};
    struct np_span name = take_word(&reading.arguments);
    const char *point = name.len > 0 ? memchr(name.ptr, '.', name.len) : NULL;
    const struct word *word = find_word(name);
    *out_segment = (struct np_segment){};
    if (word != NULL)
        return read_word(&reading, word);
    if (name.len != source->inside.len)
        return refuse_unknown(&reading, name);
    if (point != NULL)
        return read_attribute(&reading, name, (size_t) (point - name.ptr));
    if (scope->parameters != NULL && np_value_is_name(name))
        return read_parameter(&reading, name);
    return refuse_unknown(&reading, name);
}

bool np_hole_is_number(const struct np_segment *segment)
{
    return segment->hole == NP_HOLE_INT || segment->hole == NP_HOLE_INDEX ||
           (segment->hole == NP_HOLE_TIME && segment->a >= NP_TIME_FORM_MS);
}
