/* SPDX-License-Identifier: Apache-2.0 */
/* Drives libyaml over a text, and says what it has against it. */
#include "codec/yaml.h"

#include <errno.h>

#include "codec/yaml_build.h"

/* ---- syntax errors */

struct remedy {
    const char *part; /* of libyaml's message */
    const char *hint;
};

static const struct remedy remedies[] = {
    {"mapping values are not allowed",
     "put a text that holds ': ' in quotes; check the indentation"},
    {"cannot start any token", "put the text in quotes; indent with spaces, not with tabs"},
    {"expected alphabetic", "put a text that begins with '*', '&' or '!' in quotes"},
    {"expected key", "check the indentation and the quotes of the lines above"},
    {"expected '-' indicator", "check the indentation"},
    {"unexpected end of stream", "close the quote"},
    {"could not find expected ':'", "every key needs a ':' and a blank behind it"},
    {"expected hexdecimal number", "use single quotes: they take a backslash as it is"},
    {"unknown escape character", "use single quotes: they take a backslash as it is"},
};

static const char *remedy_of(const char *message)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(remedies); i++)
        if (strstr(message, remedies[i].part) != NULL)
            return remedies[i].hint;
    return NULL;
}

/* The reader tells only the offset of bytes that are no UTF-8. */
static struct np_place place_of_byte(const char *file, struct np_span text, size_t offset)
{
    struct np_span head = np_span_head(text, offset);
    size_t start = 0;
    struct np_place place = {file, 1, 0};
    for (size_t i = 0; i < head.len; i++) {
        if (head.ptr[i] == '\n') {
            place.line++;
            start = i + 1;
        }
    }
    place.column = (uint32_t) np_yaml_characters(np_span_from(head, start)) + 1;
    return place;
}

static void tell_bad_bytes(struct np_yaml_builder *builder, const yaml_parser_t *parser,
                           struct np_span text)
{
    struct np_diag diag = np_yaml_builder_problem(
        builder, "yaml-encoding", place_of_byte(builder->file, text, parser->problem_offset));
    diag.hint = "save the file as UTF-8 text";
    np_diag_add(builder->diags, diag, "not YAML: %s", parser->problem);
}

static void tell_bad_syntax(struct np_yaml_builder *builder, const yaml_parser_t *parser)
{
    yaml_mark_t mark = parser->problem_mark;
    struct np_place place = {builder->file, (uint32_t) mark.line + 1, (uint32_t) mark.column + 1};
    struct np_diag diag = np_yaml_builder_problem(builder, "yaml-syntax", place);
    diag.hint = remedy_of(parser->problem);
    np_diag_add(builder->diags, diag, "not YAML: %s%s%s", parser->problem,
                parser->context != NULL ? ", " : "",
                parser->context != NULL ? parser->context : "");
}

static int on_parser_error(struct np_yaml_builder *builder, const yaml_parser_t *parser,
                           struct np_span text)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return -ENOMEM;
    if (parser->error == YAML_READER_ERROR)
        tell_bad_bytes(builder, parser, text);
    else
        tell_bad_syntax(builder, parser);
    return np_yaml_builder_end_document(builder);
}

static int read_events(struct np_yaml_builder *builder, yaml_parser_t *parser, struct np_span text)
{
    for (bool at_end = false; !at_end;) {
        yaml_event_t event;
        if (yaml_parser_parse(parser, &event) == 0)
            return on_parser_error(builder, parser, text);
        int r = np_yaml_builder_take(builder, &event);
        at_end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (r < 0)
            return r;
        if (builder->stopped)
            return np_yaml_builder_end_document(builder);
    }
    return 0;
}

/* A file that is too long is not looked into at all. */
static int refuse_length(struct np_yaml_builder *builder)
{
    struct np_diag diag =
        np_yaml_builder_problem(builder, "yaml-limit", (struct np_place){builder->file, 1, 1});
    np_diag_add(builder->diags, diag, "a file of more than %d bytes is not read",
                NP_YAML_MAX_BYTES);
    return np_yaml_builder_end_document(builder);
}

static int read_text(struct np_yaml_builder *builder, struct np_span text)
{
    yaml_parser_t parser;
    if (text.len > NP_YAML_MAX_BYTES)
        return refuse_length(builder);
    if (yaml_parser_initialize(&parser) == 0)
        return -ENOMEM;
    const char *bytes = text.len > 0 ? text.ptr : ""; /* libyaml asserts that there are some */
    yaml_parser_set_input_string(&parser, (const unsigned char *) bytes, text.len);
    int r = read_events(builder, &parser, text);
    yaml_parser_delete(&parser);
    return r;
}

/* The list of documents, in memory of the arena; NULL when that is out. */
static const struct np_yaml_node *const *keep_documents(const struct np_yaml_builder *builder)
{
    size_t size = builder->documents.len * sizeof(builder->documents.items[0]);
    const struct np_yaml_node **documents = np_arena_alloc(builder->arena, size);
    if (documents != NULL && size > 0)
        memcpy(documents, builder->documents.items, size);
    return documents;
}

int np_yaml_load(const struct np_yaml_node *const **out_documents, size_t *out_count,
                 struct np_arena *arena, const char *file, struct np_span text,
                 struct np_diag_list *diags)
{
    struct np_yaml_builder builder;
    np_yaml_builder_init(&builder, arena, file, diags);
    int r = read_text(&builder, text);
    const struct np_yaml_node *const *documents = r == 0 ? keep_documents(&builder) : NULL;
    if (r == 0 && documents == NULL)
        r = -ENOMEM;
    if (r == 0) {
        *out_documents = documents;
        *out_count = builder.documents.len;
    }
    np_yaml_builder_done(&builder);
    return r;
}

/* ---- reading the tree */

const struct np_yaml_node *np_yaml_get(const struct np_yaml_node *node, const char *key)
{
    if (node == NULL || node->kind != NP_YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < node->count; i++)
        if (np_span_is(np_yaml_key(node, i)->text, key))
            return np_yaml_value(node, i);
    return NULL;
}

struct np_place np_yaml_place(const struct np_yaml_node *node, const char *file, size_t offset)
{
    struct np_place place = {file, node->line, node->column};
    if (offset > 0 && node->text_column > 0)
        place.column =
            node->text_column + (uint32_t) np_yaml_characters(np_span_head(node->text, offset));
    return place;
}
