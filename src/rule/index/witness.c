/* SPDX-License-Identifier: Apache-2.0 */
/* See witness.h. Recursion is bounded by NP_EXPR_MAX_DEPTH. */
#include "rule/index/witness.h"

#include "base/hash.h"
#include "codec/literals.h"
#include "rule/pattern.h"

/*
 * Costs in millionths of evaluating the rule for every event; only their order matters much. A
 * regular expression that needs no literal, a network or a short literal is asked of every new value
 * of its field, so it stands behind everything that is looked up.
 */
enum {
    COST_ALWAYS = 1000000,
    COST_CALL_TYPE = 1,        /* of a value of evt.type: to look anything else up costs more */
    COST_LONG_LITERAL = 25000, /* LONG_BYTES or more */
    COST_SERVICE = 100000,     /* however many the rules know: most events are of a few services */
    COST_LITERAL = 60000,
    COST_SHORT_LITERAL = 200000, /* too short to be looked for together with others */
    COST_NETWORK = 250000,
    COST_REGEX = 300000,
    COST_ORDER = 400000,
    COST_FEW = 400000, /* of a field that has few values: characters, true and false */
    COST_NOT = 600000,
    COST_OFTEN = 700000,   /* there, null, not empty */
    COST_WRITTEN = 300000, /* on top, where a value has to be put together as text first */
    COST_UNREAD = 100000,  /* on top, where the field may have to be read from the record first */
    COST_OBJECT = 150000,  /* on top, where a literal is looked for in a whole object */
    COST_WALK = 5000000,   /* keywords: every text of the record is looked at */
    COST_MAX = 1000000000,
    COST_NARROWER_MAX = 500000, /* likewise: what is found more often narrows too little */
    COST_NONE = COST_MAX + 1,   /* nothing that could be found from a value */
    LONG_BYTES = 8,
    VALUES_UNKNOWN = 4 /* values that a field has beside those that the rules know */
};

static bool is_object(np_field_id field)
{
    enum {
        IS_TEXT = false,
        IS_BOOL = false,
        IS_NUMBER = false,
        IS_ADDRESS = false,
        IS_OBJECT = true
    };
    static const bool objects[NP_FIELD_FIXED_COUNT] = {
#define X(identifier, name, type, help) [NP_FIELD_##identifier] = IS_##type,
#include "event/fields.def"
#undef X
    };
    return field < NP_FIELD_FIXED_COUNT && objects[field];
}

static bool is_value(const struct np_literal *literal)
{
    return literal->kind == NP_LITERAL_NUMBER ||
           (literal->kind == NP_LITERAL_PATTERN && literal->pattern.kind == NP_PATTERN_EXACT);
}

/* Counts the values of one predicate that were not seen before. */
static int count_values(struct np_field_values *values, struct np_map *seen,
                        const struct np_pred *pred)
{
    for (size_t i = 0; pred->op == NP_PRED_MATCH && i < pred->literal_count; i++) {
        const struct np_literal *literal = &pred->literals[i];
        if (!is_value(literal))
            continue;
        struct np_span text = literal->kind == NP_LITERAL_PATTERN
                                  ? literal->pattern.text
                                  : np_span_make((const char *) &literal->number.uinteger,
                                                 sizeof(literal->number.uinteger));
        struct np_hash128 hash = np_hash128(text, pred->field);
        struct np_span key = np_span_make((const char *) &hash, sizeof(hash));
        if (np_map_get(seen, key) != NP_MAP_NONE)
            continue;
        values->counts[pred->field]++;
        int r = np_map_put(seen, key, 0);
        if (r < 0)
            return r;
    }
    return 0;
}

int np_field_values_init(struct np_field_values *values, const struct np_ir *ir,
                         const struct np_field_set *fields)
{
    *values = (struct np_field_values){.call_type = np_field_find(fields, NP_SPAN("evt.type"))};
    for (size_t i = 0; i < ir->preds.len; i++)
        if (ir->preds.items[i].op != NP_PRED_KEYWORD) /* has no field */
            values->count = NP_MAX(values->count, (size_t) ir->preds.items[i].field + 1);
    values->counts = np_alloc_array(values->count, sizeof(values->counts[0]));
    if (values->counts == NULL)
        return -ENOMEM;
    struct np_map seen;
    np_map_init(&seen, SIZE_MAX);
    int r = 0;
    for (size_t i = 0; i < ir->preds.len && r == 0; i++)
        r = count_values(values, &seen, &ir->preds.items[i]);
    np_map_done(&seen);
    if (r < 0)
        np_field_values_done(values);
    return r;
}

void np_field_values_done(struct np_field_values *values)
{
    np_free(NP_TAKE(values->counts));
}

struct finder {
    const struct np_ir *ir;
    const struct np_field_values *values;
    struct np_witness_list *list;
    const struct np_pred *type; /* which is true, of the type of a call; NULL = it is not known */
};

/* Of a literal of `len` bytes that is looked for in a text. */
static uint32_t guard_cost(size_t len, np_field_id field)
{
    uint32_t extra = is_object(field) ? COST_OBJECT : 0;
    if (len >= LONG_BYTES)
        return extra + COST_LONG_LITERAL;
    return extra + (len >= NP_LITERALS_MIN_BYTES ? COST_LITERAL : COST_SHORT_LITERAL);
}

/*
 * A pattern is found by its guard; how often it then matches is up to all its literals: "Get*Role*"
 * is as rare as one of both lengths.
 */
static uint32_t pattern_cost(const struct np_pattern *pattern, np_field_id field)
{
    bool is_any = pattern->kind == NP_PATTERN_PREFIX && pattern->text.len == 0;
    if (pattern->kind == NP_PATTERN_SOME || is_any)
        return COST_OFTEN;
    size_t len = np_pattern_guard(pattern).len;
    if (len < NP_LITERALS_MIN_BYTES || pattern->kind != NP_PATTERN_PARTS)
        return guard_cost(len, field);
    size_t all = 0;
    for (size_t i = 0; i < pattern->part_count; i++)
        all += pattern->parts[i].text.len;
    return guard_cost(all, field);
}

static uint32_t regex_cost(const struct np_regex_needs *needs, np_field_id field)
{
    uint32_t cost = 0;
    for (size_t i = 0; i < needs->count; i++)
        cost += guard_cost(needs->literals[i].len, field);
    return needs->count > 0 ? NP_MIN(cost, (uint32_t) COST_REGEX) : COST_REGEX;
}

static uint32_t compare_cost(const struct np_literal *literal, np_field_id field)
{
    size_t len = np_compare_guard(literal->compare.how, literal->compare.text).len;
    return len > 0 ? guard_cost(len, field) : COST_REGEX;
}

static bool is_of_few(const struct np_literal *literal)
{
    struct np_span text = literal->pattern.text;
    return literal->kind == NP_LITERAL_PATTERN &&
           (text.len == 1 || np_span_is(text, "true") || np_span_is(text, "false"));
}

static uint32_t value_cost(const struct finder *finder, const struct np_literal *literal,
                           np_field_id field)
{
    if (field == finder->values->call_type)
        return COST_CALL_TYPE;
    if (is_of_few(literal))
        return COST_FEW;
    uint32_t cost = COST_ALWAYS / (finder->values->counts[field] + VALUES_UNKNOWN);
    return field == NP_FIELD_EVENT_SOURCE ? NP_MAX(cost, (uint32_t) COST_SERVICE) : cost;
}

static uint32_t literal_cost(const struct finder *finder, const struct np_literal *literal,
                             np_field_id field)
{
    if (is_value(literal))
        return value_cost(finder, literal, field);
    switch (literal->kind) {
    case NP_LITERAL_PATTERN:
        return pattern_cost(&literal->pattern, field);
    case NP_LITERAL_CIDR:
        return COST_NETWORK;
    case NP_LITERAL_REGEX:
        return regex_cost(&literal->needs, field);
    case NP_LITERAL_COMPARE:
        return compare_cost(literal, field);
    case NP_LITERAL_NULL:
    case NP_LITERAL_NUMBER:
    case NP_LITERAL_KIND_MAX:
        break;
    }
    return COST_OFTEN;
}

static uint32_t match_cost(const struct finder *finder, const struct np_pred *pred)
{
    uint32_t cost = 0;
    for (size_t i = 0; i < pred->literal_count && cost < COST_ALWAYS; i++)
        cost += literal_cost(finder, &pred->literals[i], pred->field);
    return NP_MIN(cost, (uint32_t) COST_ALWAYS);
}

static bool is_of_known_type(const struct finder *finder, const struct np_pred *pred)
{
    return finder->type != NULL && pred->op != NP_PRED_KEYWORD &&
           pred->field == finder->values->call_type;
}

static bool has_value(const struct np_pred *pred, const struct np_literal *value)
{
    for (size_t i = 0; i < pred->literal_count; i++)
        if (np_span_eq(pred->literals[i].pattern.text, value->pattern.text))
            return true;
    return false;
}

/* Whether a predicate compares with nothing but whole texts, as they are. */
static bool has_values_only(const struct np_pred *pred)
{
    for (size_t i = 0; i < pred->literal_count; i++)
        if (!is_value(&pred->literals[i]) || pred->literals[i].kind != NP_LITERAL_PATTERN ||
            pred->literals[i].pattern.fold)
            return false;
    return pred->op == NP_PRED_MATCH;
}

/* What the known type says of a predicate about the type. */
enum said { IS_FALSE, IS_TRUE, IS_OPEN };

static enum said tells(const struct finder *finder, const struct np_pred *pred)
{
    size_t shared = 0;
    if (pred == finder->type)
        return IS_TRUE;
    if (!has_values_only(pred) || !has_values_only(finder->type))
        return IS_OPEN;
    for (size_t i = 0; i < finder->type->literal_count; i++)
        shared += has_value(pred, &finder->type->literals[i]);
    if (shared == 0)
        return IS_FALSE;
    return shared == finder->type->literal_count ? IS_TRUE : IS_OPEN;
}

static bool is_written(const struct np_field_values *values, np_field_id field)
{
    enum { WRITTEN_NS = 100 };
    return values->lookup_costs != NULL && values->lookup_costs[field] >= WRITTEN_NS;
}

static uint32_t pred_cost(const struct finder *finder, np_pred_id id, bool negative)
{
    const struct np_pred *pred = &finder->ir->preds.items[id];
    if (pred->op == NP_PRED_SAME || (pred->op == NP_PRED_KEYWORD && negative))
        return COST_NONE;
    if (is_of_known_type(finder, pred))
        return tells(finder, pred) == (negative ? IS_TRUE : IS_FALSE) ? 0 : COST_NONE;
    if (pred->op == NP_PRED_KEYWORD)
        return COST_WALK;
    bool is_read = pred->field < NP_FIELD_FIXED_COUNT || pred->field == finder->values->call_type;
    uint32_t extra = is_read ? 0 : COST_UNREAD;
    if (finder->type != NULL && is_written(finder->values, pred->field))
        extra += COST_WRITTEN;
    if (negative)
        return extra + COST_NOT;
    switch (pred->op) {
    case NP_PRED_MATCH:
        return extra + match_cost(finder, pred);
    case NP_PRED_EXISTS:
        return extra + COST_OFTEN;
    default:
        return extra + COST_ORDER;
    }
}

static uint32_t expr_cost(const struct finder *finder, np_expr_id id, bool negative);

/* Of alternatives: all of them are needed. */
static uint32_t sum_cost(const struct finder *finder, const struct np_expr *expr, bool negative)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < expr->child_count; i++) {
        np_expr_id child = finder->ir->children.items[expr->first_child + i];
        uint32_t cost = expr_cost(finder, child, negative);
        if (cost == COST_NONE)
            return COST_NONE;
        sum = NP_MIN(sum + cost, (uint32_t) COST_MAX);
    }
    return sum;
}

/* Of conditions that hold together: the cheapest will do. */
static uint32_t best_child(const struct finder *finder, const struct np_expr *expr, bool negative,
                           np_expr_id *out_child)
{
    uint32_t best = COST_NONE;
    for (uint32_t i = 0; i < expr->child_count && best > 0; i++) {
        np_expr_id child = finder->ir->children.items[expr->first_child + i];
        uint32_t cost = expr_cost(finder, child, negative);
        if (cost < best) {
            best = cost;
            *out_child = child;
        }
    }
    return best;
}

static bool is_union(const struct np_expr *expr, bool negative)
{
    return expr->kind == (negative ? NP_EXPR_AND : NP_EXPR_OR);
}

static uint32_t expr_cost(const struct finder *finder, np_expr_id id, bool negative)
{
    const struct np_expr *expr = &finder->ir->exprs.items[id];
    np_expr_id child = 0;
    switch (expr->kind) {
    case NP_EXPR_PRED:
        return pred_cost(finder, expr->pred, negative);
    case NP_EXPR_NOT:
        return expr_cost(finder, finder->ir->children.items[expr->first_child], !negative);
    case NP_EXPR_AND:
    case NP_EXPR_OR:
        return is_union(expr, negative) ? sum_cost(finder, expr, negative)
                                        : best_child(finder, expr, negative, &child);
    case NP_EXPR_TRUE:
    case NP_EXPR_FALSE:
    case NP_EXPR_KIND_MAX:
        break;
    }
    return (expr->kind == NP_EXPR_TRUE) != negative ? COST_NONE : 0;
}

/* Appends the witnesses that expr_cost() has counted. */
static int collect(const struct finder *finder, np_expr_id id, bool negative)
{
    const struct np_expr *expr = &finder->ir->exprs.items[id];
    const np_expr_id *children = finder->ir->children.items;
    if (expr->kind == NP_EXPR_PRED &&
        is_of_known_type(finder, &finder->ir->preds.items[expr->pred]))
        return 0; /* it does not come out: its cost is 0 */
    if (expr->kind == NP_EXPR_PRED) {
        struct np_witness witness = {expr->pred, negative};
        return np_vec_push(&finder->list->witnesses, witness, SIZE_MAX);
    }
    if (expr->kind == NP_EXPR_NOT)
        return collect(finder, children[expr->first_child], !negative);
    if (expr->child_count > 0 && !is_union(expr, negative)) {
        np_expr_id child = 0;
        (void) best_child(finder, expr, negative, &child);
        return collect(finder, child, negative);
    }
    int r = 0;
    for (uint32_t i = 0; i < expr->child_count && r == 0; i++)
        r = collect(finder, children[expr->first_child + i], negative);
    return r;
}

enum np_witness_result np_witness_find(struct np_witness_list *list, const struct np_ir *ir,
                                       const struct np_field_values *values, np_expr_id condition)
{
    struct finder finder = {.ir = ir, .values = values, .list = list};
    if (ir->exprs.items[condition].kind == NP_EXPR_FALSE)
        return NP_WITNESS_NEVER;
    if (expr_cost(&finder, condition, false) == COST_NONE)
        return NP_WITNESS_NONE;
    return collect(&finder, condition, false) < 0 ? NP_WITNESS_NO_MEMORY : NP_WITNESS_FOUND;
}

enum np_witness_result np_witness_find_narrower(struct np_witness_list *list,
                                                const struct np_ir *ir,
                                                const struct np_field_values *values,
                                                np_expr_id condition, np_pred_id type)
{
    struct finder finder = {
        .ir = ir, .values = values, .list = list, .type = &ir->preds.items[type]};
    if (expr_cost(&finder, condition, false) > COST_NARROWER_MAX)
        return NP_WITNESS_NONE;
    return collect(&finder, condition, false) < 0 ? NP_WITNESS_NO_MEMORY : NP_WITNESS_FOUND;
}
