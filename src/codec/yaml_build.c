/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finished nodes wait in `pending`; the end of a collection takes those since its start as its
 * items, so nothing recurses and a collection's array is allocated once, exactly. An anchor is
 * known from the end of its node on, so an alias can never point into itself.
 */
#include "codec/yaml_build.h"

#include <errno.h>
#include <stdlib.h>

void np_yaml_builder_init(struct np_yaml_builder *builder, struct np_arena *arena, const char *file,
                          struct np_diag_list *diags)
{
    *builder = (struct np_yaml_builder){.arena = arena, .diags = diags, .file = file};
    np_map_init(&builder->anchor_ids, NP_YAML_MAX_NODES);
}

void np_yaml_builder_done(struct np_yaml_builder *builder)
{
    np_vec_done(&builder->documents);
    np_vec_done(&builder->pending);
    np_vec_done(&builder->keys);
    np_vec_done(&builder->anchors);
    np_map_done(&builder->anchor_ids);
}

static struct np_place place_of(const struct np_yaml_builder *builder, yaml_mark_t mark)
{
    return (struct np_place){builder->file, (uint32_t) mark.line + 1, (uint32_t) mark.column + 1};
}

struct np_diag np_yaml_builder_problem(struct np_yaml_builder *builder, const char *code,
                                       struct np_place place)
{
    builder->document_refused = true;
    return (struct np_diag){
        .place = place,
        .severity = NP_SEVERITY_ERROR,
        .code = code,
        .document = (uint32_t) builder->documents.len,
    };
}

static void stop_at_limit(struct np_yaml_builder *builder, yaml_mark_t mark, const char *what,
                          int max)
{
    builder->stopped = true;
    np_diag_add(builder->diags,
                np_yaml_builder_problem(builder, "yaml-limit", place_of(builder, mark)),
                "more than %d %s; nothing from here on is read", max, what);
}

static struct np_yaml_node *new_node(struct np_yaml_builder *builder, enum np_yaml_kind kind,
                                     yaml_mark_t mark)
{
    struct np_yaml_node *node = np_arena_zalloc(builder->arena, sizeof(*node));
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->line = (uint32_t) mark.line + 1;
    node->column = (uint32_t) mark.column + 1;
    return node;
}

/* Adds a finished node to the collection that is open, or as the document's root. */
static int add_node(struct np_yaml_builder *builder, const struct np_yaml_node *node, size_t height)
{
    if (builder->depth > 0) {
        struct np_yaml_frame *frame = &builder->frames[builder->depth - 1];
        frame->height = NP_MAX(frame->height, height);
    }
    return np_vec_push(&builder->pending, node, NP_YAML_MAX_NODES);
}

static int add_anchor(struct np_yaml_builder *builder, struct np_span name,
                      struct np_yaml_anchor anchor)
{
    int r = np_map_put(&builder->anchor_ids, name, (uint32_t) builder->anchors.len);
    return r < 0 ? r : np_vec_push(&builder->anchors, anchor, NP_YAML_MAX_NODES);
}

static bool count_nodes(struct np_yaml_builder *builder, size_t more, yaml_mark_t mark)
{
    builder->nodes += more;
    if (builder->nodes <= NP_YAML_MAX_NODES)
        return true;
    stop_at_limit(builder, mark, "nodes in a file", NP_YAML_MAX_NODES);
    return false;
}

/* ---- scalars */

size_t np_yaml_characters(struct np_span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char) text.ptr[i] & 0xc0) != 0x80;
    return count;
}

/*
 * The column where the text stands as it is, without escapes or folded lines; 0 where it does not.
 */
static uint32_t text_column(struct np_span text, const yaml_event_t *event)
{
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    size_t quote = plain ? 0 : 1;
    if (event->start_mark.line != event->end_mark.line)
        return 0;
    size_t width = event->end_mark.column - event->start_mark.column;
    if (np_yaml_characters(text) + 2 * quote != width)
        return 0;
    return (uint32_t) (event->start_mark.column + quote + 1);
}

struct core_tag {
    const char *name;
    enum np_yaml_kind kind;
    enum np_yaml_type type; /* of a scalar */
};

static const struct core_tag core_tags[] = {
    {"!", NP_YAML_SCALAR, NP_YAML_TEXT},
    {YAML_STR_TAG, NP_YAML_SCALAR, NP_YAML_TEXT},
    {YAML_NULL_TAG, NP_YAML_SCALAR, NP_YAML_NULL},
    {YAML_BOOL_TAG, NP_YAML_SCALAR, NP_YAML_BOOL},
    {YAML_INT_TAG, NP_YAML_SCALAR, NP_YAML_INT},
    {YAML_FLOAT_TAG, NP_YAML_SCALAR, NP_YAML_FLOAT},
    {YAML_SEQ_TAG, NP_YAML_SEQUENCE, NP_YAML_TEXT},
    {YAML_MAP_TAG, NP_YAML_MAPPING, NP_YAML_TEXT},
};

/* Whether a node can be what its tag says; a scalar is told to be text or not. */
static bool apply_tag(struct np_yaml_node *node, const char *name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(core_tags); i++) {
        const struct core_tag *tag = &core_tags[i];
        if (strcmp(tag->name, name) != 0)
            continue;
        if (tag->kind != node->kind)
            return false;
        node->plain = node->kind == NP_YAML_SCALAR && tag->type != NP_YAML_TEXT;
        return node->kind != NP_YAML_SCALAR || np_yaml_type(node) == tag->type;
    }
    return false;
}

static void check_tag(struct np_yaml_builder *builder, struct np_yaml_node *node,
                      const yaml_char_t *tag)
{
    const char *name = (const char *) tag;
    if (name == NULL || apply_tag(node, name))
        return;
    struct np_place place = {builder->file, node->line, node->column};
    struct np_diag diag = np_yaml_builder_problem(builder, "yaml-tag", place);
    diag.hint = "leave the tag out";
    np_diag_add(builder->diags, diag, "tag '%s' is not known here or does not fit", name);
}

static int on_scalar(struct np_yaml_builder *builder, const yaml_event_t *event)
{
    struct np_span text = {(const char *) event->data.scalar.value, event->data.scalar.length};
    if (!count_nodes(builder, 1, event->start_mark))
        return 0;
    struct np_yaml_node *node = new_node(builder, NP_YAML_SCALAR, event->start_mark);
    if (node == NULL)
        return -ENOMEM;
    node->text = text;
    node->text_column = text_column(text, event);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    check_tag(builder, node, event->data.scalar.tag);
    int r = np_arena_keep(builder->arena, &node->text);
    if (r == 0 && event->data.scalar.anchor != NULL) {
        struct np_span name = np_span_of((const char *) event->data.scalar.anchor);
        r = add_anchor(builder, name, (struct np_yaml_anchor){.node = node, .nodes = 1});
    }
    return r < 0 ? r : add_node(builder, node, 0);
}

/*
 * An alias to nothing; an empty node stands for it, so that pairs stay pairs. False when memory is
 * out.
 */
static bool refuse_alias(struct np_yaml_builder *builder, const yaml_event_t *event,
                         const struct np_yaml_node **out_node)
{
    struct np_diag diag =
        np_yaml_builder_problem(builder, "yaml-alias", place_of(builder, event->start_mark));
    diag.hint = "put a text that begins with '*' in quotes";
    np_diag_add(builder->diags, diag, "no anchor '%s' stands before this alias",
                (const char *) event->data.alias.anchor);
    *out_node = new_node(builder, NP_YAML_SCALAR, event->start_mark);
    return *out_node != NULL;
}

static int on_alias(struct np_yaml_builder *builder, const yaml_event_t *event)
{
    const char *name = (const char *) event->data.alias.anchor;
    uint32_t id = np_map_get(&builder->anchor_ids, np_span_of(name));
    struct np_yaml_anchor anchor = {.nodes = 1};
    if (id != NP_MAP_NONE)
        anchor = builder->anchors.items[id];
    else if (!refuse_alias(builder, event, &anchor.node))
        return -ENOMEM;
    if (!count_nodes(builder, anchor.nodes, event->start_mark))
        return 0;
    if (builder->depth + anchor.height > NP_YAML_MAX_DEPTH) {
        stop_at_limit(builder, event->start_mark, "levels", NP_YAML_MAX_DEPTH);
        return 0;
    }
    return add_node(builder, anchor.node, anchor.height);
}

/* ---- collections */

static int on_start(struct np_yaml_builder *builder, const yaml_event_t *event,
                    enum np_yaml_kind kind)
{
    bool mapping = kind == NP_YAML_MAPPING;
    const yaml_char_t *tag =
        mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    const yaml_char_t *anchor =
        mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    if (builder->depth == NP_YAML_MAX_DEPTH) {
        stop_at_limit(builder, event->start_mark, "levels", NP_YAML_MAX_DEPTH);
        return 0;
    }
    struct np_yaml_frame frame = {
        .first_pending = builder->pending.len,
        .nodes_before = builder->nodes,
        .anchor = np_span_of((const char *) anchor),
    };
    if (!count_nodes(builder, 1, event->start_mark))
        return 0;
    frame.node = new_node(builder, kind, event->start_mark);
    if (frame.node == NULL || np_arena_keep(builder->arena, &frame.anchor) < 0)
        return -ENOMEM;
    check_tag(builder, frame.node, tag);
    builder->frames[builder->depth++] = frame;
    return 0;
}

static int compare_keys(const void *a, const void *b)
{
    const struct np_yaml_node *left = *(const struct np_yaml_node *const *) a;
    const struct np_yaml_node *right = *(const struct np_yaml_node *const *) b;
    int order = np_span_compare(left->text, right->text);
    if (order == 0)
        order = (left->line > right->line) - (left->line < right->line);
    return order != 0 ? order : (left->column > right->column) - (left->column < right->column);
}

/* Two equal keys in one mapping: one of them would say nothing. */
static void find_repeated_keys(struct np_yaml_builder *builder)
{
    if (builder->keys.len > 1)
        qsort(builder->keys.items, builder->keys.len, sizeof(builder->keys.items[0]), compare_keys);
    for (size_t i = 1; i < builder->keys.len; i++) {
        const struct np_yaml_node *first = builder->keys.items[i - 1];
        const struct np_yaml_node *key = builder->keys.items[i];
        if (!np_span_eq(first->text, key->text))
            continue;
        struct np_diag diag =
            np_yaml_builder_problem(builder, "repeated-key", np_yaml_place(key, builder->file, 0));
        diag.item = key->text.ptr;
        diag.hint = "keep one of the two";
        np_diag_add(builder->diags, diag, "key '%.*s' stands here again; first in line %u",
                    NP_SPAN_ARGS(key->text), first->line);
    }
}

/* Why a node cannot be a key; NULL where it can. */
static const char *bad_key(const struct np_yaml_node *key)
{
    if (key->kind != NP_YAML_SCALAR)
        return "a key must be a word, not a list or a mapping";
    if (key->plain && np_span_is(key->text, "<<"))
        return "merge keys ('<<') are not supported: write the pairs out";
    return NULL;
}

static int check_keys(struct np_yaml_builder *builder, const struct np_yaml_node *mapping)
{
    int r = np_vec_reserve(&builder->keys, mapping->count, NP_YAML_MAX_NODES);
    if (r < 0)
        return r;
    builder->keys.len = 0;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct np_yaml_node *key = np_yaml_key(mapping, i);
        const char *why = bad_key(key);
        if (why == NULL)
            builder->keys.items[builder->keys.len++] = key;
        else
            np_diag_add(
                builder->diags,
                np_yaml_builder_problem(builder, "yaml-key", np_yaml_place(key, builder->file, 0)),
                "%s", why);
    }
    find_repeated_keys(builder);
    return 0;
}

static int on_end(struct np_yaml_builder *builder)
{
    struct np_yaml_frame *frame = &builder->frames[--builder->depth];
    struct np_yaml_node *node = frame->node;
    size_t count = builder->pending.len - frame->first_pending;
    const struct np_yaml_node **items = np_arena_alloc(builder->arena, count * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    if (count > 0)
        memcpy(items, builder->pending.items + frame->first_pending, count * sizeof(*items));
    builder->pending.len = frame->first_pending;
    node->items = items;
    node->count = node->kind == NP_YAML_MAPPING ? count / 2 : count;
    size_t height = frame->height + 1;
    struct np_yaml_anchor anchor = {node, builder->nodes - frame->nodes_before, height};
    int r = node->kind == NP_YAML_MAPPING ? check_keys(builder, node) : 0;
    if (r == 0 && frame->anchor.len > 0)
        r = add_anchor(builder, frame->anchor, anchor);
    return r < 0 ? r : add_node(builder, node, height);
}

/* ---- documents */

int np_yaml_builder_end_document(struct np_yaml_builder *builder)
{
    bool loaded = !builder->document_refused && builder->pending.len > 0;
    int r = np_vec_push(&builder->documents, loaded ? builder->pending.items[0] : NULL,
                        NP_YAML_MAX_NODES + 1); /* each has a node, but the one that a limit ends */
    builder->document_refused = false;
    builder->pending.len = builder->depth = builder->anchors.len = 0; /* anchors end, too */
    np_map_done(&builder->anchor_ids);
    return r;
}

int np_yaml_builder_take(struct np_yaml_builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(builder, event);
    case YAML_ALIAS_EVENT:
        return on_alias(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_start(builder, event, NP_YAML_SEQUENCE);
    case YAML_MAPPING_START_EVENT:
        return on_start(builder, event, NP_YAML_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_end(builder);
    case YAML_DOCUMENT_END_EVENT:
        return np_yaml_builder_end_document(builder);
    default: /* the starts of stream and document carry nothing */
        return 0;
    }
}
