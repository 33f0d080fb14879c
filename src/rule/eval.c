/* SPDX-License-Identifier: Apache-2.0 */
/* See eval.h. Here are the operators; what a literal matches is in match.c. */
#include "rule/eval.h"

#include "codec/fold.h"
#include "rule/match.h"
#include "rule/pattern.h"

enum { EPOCH_MAX = UINT32_MAX >> NP_TRUTH_BITS };

int np_evaluator_init(struct np_evaluator *evaluator, const struct np_ready_set *ready)
{
    *evaluator = (struct np_evaluator){.ready = ready};
    for (size_t i = 0; i < NP_FOLD_USE_MAX; i++)
        np_buf_init(&evaluator->folded[i], SIZE_MAX / 2);
    evaluator->answers = np_alloc_array(ready->count, sizeof(evaluator->answers[0]));
    if (evaluator->answers == NULL || np_regex_scratch_new(&evaluator->regex) < 0 ||
        np_recall_init(&evaluator->recall, ready) < 0) {
        np_evaluator_done(evaluator);
        return -ENOMEM;
    }
    return 0;
}

void np_evaluator_done(struct np_evaluator *evaluator)
{
    np_free(NP_TAKE(evaluator->answers));
    for (size_t i = 0; i < NP_KEPT_SUBJECTS; i++)
        np_free(NP_TAKE(evaluator->kept[i].items));
    np_regex_scratch_free(&evaluator->regex);
    np_recall_done(&evaluator->recall);
    for (size_t i = 0; i < NP_FOLD_USE_MAX; i++)
        np_buf_done(&evaluator->folded[i]);
}

/* Where the answers of a subject are kept; without memory they are not. */
static struct np_kept_answers *kept_of(struct np_evaluator *evaluator, uint64_t subject)
{
    struct np_kept_answers *kept = &evaluator->kept[subject % NP_KEPT_SUBJECTS];
    if (kept->subject == subject)
        return kept;
    if (kept->items == NULL)
        kept->items = np_alloc_array(evaluator->ready->count, sizeof(kept->items[0]));
    if (kept->items == NULL)
        return NULL;
    if (++kept->epoch > EPOCH_MAX) {
        memset(kept->items, 0, evaluator->ready->count * sizeof(kept->items[0]));
        kept->epoch = 1;
    }
    kept->subject = subject;
    return kept;
}

void np_evaluator_begin(struct np_evaluator *evaluator, struct np_event *event)
{
    evaluator->event = event;
    evaluator->recall.event++;
    evaluator->of_subject = event->subject != 0 ? kept_of(evaluator, event->subject) : NULL;
    if (np_unlikely(++evaluator->epoch > EPOCH_MAX)) {
        memset(evaluator->answers, 0, evaluator->ready->count * sizeof(evaluator->answers[0]));
        evaluator->epoch = 1;
    }
}

void np_evaluator_forget(struct np_evaluator *evaluator)
{
    for (size_t i = 0; i < NP_KEPT_SUBJECTS; i++)
        evaluator->kept[i].subject = 0;
}

bool np_evaluator_fold(struct np_evaluator *evaluator, enum np_fold_use use, struct np_span text,
                       struct np_span *out_text)
{
    *out_text = text;
    if (np_likely(np_fold_is_ascii(text)))
        return true;
    struct np_buf *folded = &evaluator->folded[use];
    np_buf_reset(folded);
    if (np_fold_append(folded, text) < 0)
        return false;
    *out_text = np_buf_span(folded);
    return true;
}

static bool has_order(enum np_pred_op op, int order)
{
    switch (op) {
    case NP_PRED_LT:
        return order < 0;
    case NP_PRED_LTE:
        return order <= 0;
    case NP_PRED_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static enum np_truth order_element(const struct np_pred *pred, const struct np_value *value)
{
    struct np_number number;
    if (!np_number_of_value(value, &number))
        return NP_TRUTH_FALSE;
    int order = np_number_compare(number, pred->literals[0].number);
    return has_order(pred->op, order) ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
}

static enum np_truth order_time(const struct np_pred *pred, const struct np_value *value)
{
    int part = 0;
    if (!np_time_part_of_value(value, pred->part, &part))
        return NP_TRUTH_FALSE;
    struct np_number number = {.kind = NP_NUMBER_INT, .integer = part};
    for (size_t i = 0; i < pred->literal_count; i++) {
        int order = np_number_compare(number, pred->literals[i].number);
        if (pred->order == NP_PRED_MATCH ? order == 0 : has_order(pred->order, order))
            return NP_TRUTH_TRUE;
    }
    return NP_TRUTH_FALSE;
}

static enum np_truth ask_element(struct np_evaluator *evaluator, const struct np_ready *ready,
                                 const struct np_value *value)
{
    if (ready->pred->op == NP_PRED_MATCH)
        return np_match_element(evaluator, ready, value);
    return ready->pred->op == NP_PRED_TIME ? order_time(ready->pred, value)
                                           : order_element(ready->pred, value);
}

/* All elements of a list, of which there are some. A limit counts only where the rest is true. */
static enum np_truth ask_every(struct np_evaluator *evaluator, const struct np_ready *ready,
                               const struct np_value *list)
{
    enum np_truth truth = list->count > 0 ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
    for (uint32_t i = 0; i < list->count && truth != NP_TRUTH_FALSE; i++) {
        enum np_truth one = ask_element(evaluator, ready, &list->items[i]);
        if (one != NP_TRUTH_TRUE)
            truth = one;
    }
    return truth;
}

/* MATCH and the comparisons with numbers: mostly, any element of a list will do. */
static enum np_truth ask_value(struct np_evaluator *evaluator, const struct np_ready *ready)
{
    const struct np_value *value = np_event_field(evaluator->event, ready->pred->field);
    if (value->kind == NP_VALUE_ABSENT)
        return ready->matches_missing ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
    if (value->kind != NP_VALUE_LIST)
        return ask_element(evaluator, ready, value);
    if (ready->pred->every)
        return ask_every(evaluator, ready, value);
    enum np_truth truth = NP_TRUTH_FALSE;
    for (uint32_t i = 0; i < value->count && truth != NP_TRUTH_TRUE; i++)
        np_truth_merge(&truth, ask_element(evaluator, ready, &value->items[i]));
    return truth;
}

/*
 * Calls `fn` with each text of `value`, or of its elements, and what it is a text of, until it
 * returns false.
 */
typedef bool each_text_fn(void *context, const struct np_value *value, struct np_span text);

static bool each_text(struct np_event *event, const struct np_value *value, each_text_fn *fn,
                      void *context)
{
    const struct np_value *items = value->kind == NP_VALUE_LIST ? value->items : value;
    uint32_t count = value->kind == NP_VALUE_LIST ? value->count : 1;
    for (uint32_t i = 0; i < count; i++) {
        struct np_span texts[3];
        size_t text_count = np_value_texts(event, &items[i], texts);
        for (size_t j = 0; j < text_count; j++)
            if (!fn(context, &items[i], texts[j]))
                return false;
    }
    return true;
}

/* SAME: every text of the one field against every text of the other. */
struct same {
    struct np_evaluator *evaluator;
    const struct np_pred *pred;
    const struct np_value *value; /* of the one field, or an element of it */
    const struct np_value *other; /* in turn */
    struct np_pattern pattern;    /* of its text; by COMPARE only the text counts */
    size_t pairs;
    enum np_truth truth;
};

static bool has_number_order(const struct np_value *a, const struct np_value *b,
                             enum np_pred_op order)
{
    struct np_number x;
    struct np_number y;
    return np_number_of_value(a, &x) && np_number_of_value(b, &y) &&
           has_order(order, np_number_compare(x, y));
}

/* Whether two values, not both of them texts, are the same number. */
static bool is_same_number(const struct np_value *a, const struct np_value *b)
{
    struct np_number x;
    struct np_number y;
    return (np_value_is_number(a) || np_value_is_number(b)) && np_number_of_value(a, &x) &&
           np_number_of_value(b, &y) && np_number_compare(x, y) == 0;
}

static enum np_truth compare_pair(const struct same *same, struct np_span text)
{
    enum np_compare how = same->pred->other_compare;
    struct np_span with = same->pattern.text;
    bool is_glob = how == NP_COMPARE_GLOB || how == NP_COMPARE_IGLOB;
    if (is_glob && text.len > 0 && with.len > NP_SAME_WORK_MAX / text.len)
        return NP_TRUTH_STEPS_LIMIT;
    return np_compare_texts(how, text, with) ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
}

static bool same_text(void *context, const struct np_value *value, struct np_span text)
{
    struct same *same = context;
    struct np_span folded = text;
    if (++same->pairs > NP_SAME_PAIRS_MAX)
        same->truth = NP_TRUTH_STEPS_LIMIT;
    else if (same->pred->other_by == NP_SAME_COMPARE)
        same->truth = compare_pair(same, text);
    else if (same->pred->other_by == NP_SAME_ORDER)
        same->truth = has_number_order(value, same->other, same->pred->order) ? NP_TRUTH_TRUE
                                                                              : NP_TRUTH_FALSE;
    else if (same->pattern.fold &&
             !np_evaluator_fold(same->evaluator, NP_FOLD_VALUE, text, &folded))
        same->truth = NP_TRUTH_MEMORY_LIMIT;
    else if (np_pattern_matches(&same->pattern, folded, text) ||
             (same->pattern.kind == NP_PATTERN_EXACT && is_same_number(value, same->other)))
        same->truth = NP_TRUTH_TRUE;
    return same->truth == NP_TRUTH_FALSE;
}

/* Sets the text that is compared with: as it is, folded, or without capital letters. */
static int set_other_text(struct same *same, struct np_span text)
{
    struct np_buf *folded = &same->evaluator->folded[NP_FOLD_OTHER];
    bool lowers = same->pred->other_by == NP_SAME_COMPARE &&
                  same->pred->other_compare == NP_COMPARE_ICONTAINS;
    int r = 0;
    np_buf_reset(folded);
    if (lowers) {
        r = np_buf_add_span(folded, text);
        for (size_t i = 0; i < folded->len; i++)
            folded->data[i] = np_fold_byte(folded->data[i]);
    } else if (same->pattern.fold) {
        r = np_fold_append(folded, text);
    }
    same->pattern.text = lowers || same->pattern.fold ? np_buf_span(folded) : text;
    return r;
}

static bool same_other(void *context, const struct np_value *value, struct np_span text)
{
    struct same *same = context;
    if (set_other_text(same, text) < 0) {
        same->truth = NP_TRUTH_MEMORY_LIMIT;
        return false;
    }
    same->other = value;
    return each_text(same->evaluator->event, same->value, same_text, same);
}

static enum np_truth ask_same(struct np_evaluator *evaluator, const struct np_pred *pred)
{
    struct same same = {
        .evaluator = evaluator,
        .pred = pred,
        .pattern = {.kind = pred->other_match,
                    .fold = pred->other_by == NP_SAME_PATTERN && !pred->other_cased},
    };
    const struct np_value *value = np_event_field(evaluator->event, pred->field);
    const struct np_value *other = np_event_field(evaluator->event, pred->other);
    bool is_list = pred->every && value->kind == NP_VALUE_LIST;
    const struct np_value *items = is_list ? value->items : value;
    uint32_t count = is_list ? value->count : 1;
    for (uint32_t i = 0; i < count && (i == 0 || same.truth == NP_TRUTH_TRUE); i++) {
        same.truth = NP_TRUTH_FALSE;
        same.value = &items[i];
        (void) each_text(evaluator->event, other, same_other, &same);
    }
    return same.truth;
}

/* A walk over the record's texts for all keyword predicates, or for one. */
struct keyword_walk {
    struct np_evaluator *evaluator;
    struct np_value text;
    const struct np_ready *only;
    enum np_truth truth; /* of `only` */
};

static void ask_keyword(void *context, uint32_t keyword)
{
    struct keyword_walk *walk = context;
    struct np_evaluator *evaluator = walk->evaluator;
    np_pred_id pred = evaluator->ready->keywords.preds[keyword];
    enum np_truth truth = np_evaluator_answer(evaluator, pred);
    if (truth == NP_TRUTH_TRUE)
        return;
    np_truth_merge(&truth, np_match_one(evaluator, &evaluator->ready->preds[pred], &walk->text));
    np_evaluator_know(evaluator, pred, truth);
}

static bool ask_all_keywords_of(void *context, struct np_span text)
{
    struct keyword_walk *walk = context;
    struct np_evaluator *evaluator = walk->evaluator;
    const struct np_keywords *keywords = &evaluator->ready->keywords;
    walk->text = (struct np_value){.kind = NP_VALUE_TEXT, .text = text};
    struct np_span folded;
    if (!np_evaluator_fold(evaluator, NP_FOLD_PROBE, text, &folded)) {
        for (uint32_t i = 0; i < keywords->count; i++)
            ask_keyword(walk, i); /* meets the same limit, which is then counted */
        return true;
    }
    np_sieve_run(&keywords->sieve, folded, ask_keyword, walk);
    for (size_t i = 0; i < keywords->rest_count; i++)
        ask_keyword(walk, keywords->rest[i]);
    return true;
}

static void ask_all_keywords(struct np_evaluator *evaluator)
{
    const struct np_keywords *keywords = &evaluator->ready->keywords;
    for (size_t i = 0; i < keywords->count; i++)
        np_evaluator_know(evaluator, keywords->preds[i], NP_TRUTH_FALSE);
    struct keyword_walk walk = {.evaluator = evaluator};
    np_event_each_text(evaluator->event, ask_all_keywords_of, &walk);
}

static bool ask_one_keyword_of(void *context, struct np_span text)
{
    struct keyword_walk *walk = context;
    walk->text = (struct np_value){.kind = NP_VALUE_TEXT, .text = text};
    np_truth_merge(&walk->truth, np_match_one(walk->evaluator, walk->only, &walk->text));
    return walk->truth != NP_TRUTH_TRUE;
}

static enum np_truth ask_one_keyword(struct np_evaluator *evaluator, const struct np_ready *ready)
{
    struct keyword_walk walk = {.evaluator = evaluator, .only = ready};
    np_event_each_text(evaluator->event, ask_one_keyword_of, &walk);
    return walk.truth;
}

static enum np_truth ask(struct np_evaluator *evaluator, const struct np_ready *ready)
{
    const struct np_pred *pred = ready->pred;
    switch (pred->op) {
    case NP_PRED_EXISTS:
        return np_event_field(evaluator->event, pred->field)->kind != NP_VALUE_ABSENT
                   ? NP_TRUTH_TRUE
                   : NP_TRUTH_FALSE;
    case NP_PRED_SAME:
        return ask_same(evaluator, pred);
    case NP_PRED_KEYWORD:
        return ask_one_keyword(evaluator, ready);
    case NP_PRED_MATCH:
    case NP_PRED_LT:
    case NP_PRED_LTE:
    case NP_PRED_GT:
    case NP_PRED_GTE:
    case NP_PRED_TIME:
    case NP_PRED_OP_MAX:
        break;
    }
    return ask_value(evaluator, ready);
}

/*
 * The commonest question, whether a text is one value, without a way through everything above:
 * true or false, or neither where the text has to be folded first.
 */
static bool ask_exact(struct np_evaluator *evaluator, const struct np_ready *ready,
                      enum np_truth *out_truth)
{
    const struct np_value *value = np_event_field(evaluator->event, ready->pred->field);
    if (value->kind != NP_VALUE_TEXT)
        return false;
    if (!ready->exact->fold) {
        *out_truth = np_span_eq(value->text, ready->exact->text) ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
        return true;
    }
    /*
     * Folding what is folded changes nothing, so a text that is equal but for ASCII letters is
     * equal when folded, too.
     */
    bool equal = np_fold_ascii_eq(value->text, ready->exact->text);
    *out_truth = equal ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
    return equal || np_fold_is_ascii(value->text);
}

static enum np_truth ask_fast(struct np_evaluator *evaluator, np_pred_id pred)
{
    const struct np_ready *ready = &evaluator->ready->preds[pred];
    enum np_truth truth = NP_TRUTH_FALSE;
    if (ready->exact == NULL || !ask_exact(evaluator, ready, &truth))
        truth = ask(evaluator, ready);
    return truth;
}

/* Of fields that say the same for every event of the subject: from memory, or asked for all of them. */
static enum np_truth ask_for_subject(struct np_evaluator *evaluator, np_pred_id pred)
{
    struct np_kept_answers *kept = evaluator->of_subject;
    uint32_t answer = kept->items[pred];
    if (answer >> NP_TRUTH_BITS == kept->epoch)
        return (enum np_truth)(answer & ((1u << NP_TRUTH_BITS) - 1));
    enum np_truth truth = ask_fast(evaluator, pred);
    if (truth <= NP_TRUTH_TRUE) /* a limit is met, and counted, each time */
        kept->items[pred] = kept->epoch << NP_TRUTH_BITS | truth;
    return truth;
}

/* Of fields whose values come back: from memory where other events had the same value. */
static enum np_truth ask_for_value(struct np_evaluator *evaluator, const struct np_pred *asked,
                                   np_pred_id pred)
{
    uint8_t *answer = np_recall_answer(&evaluator->recall, asked, pred, evaluator->event);
    if (answer != NULL && *answer != 0)
        return (enum np_truth)(*answer - 1);
    enum np_truth truth = ask_fast(evaluator, pred);
    if (answer != NULL && truth <= NP_TRUTH_TRUE)
        *answer = (uint8_t) (1 + truth);
    return truth;
}

static bool is_of_subject(const struct np_evaluator *evaluator, const struct np_pred *pred)
{
    const bool *of_subject = evaluator->event->of_subject;
    return evaluator->of_subject != NULL && of_subject[pred->field] &&
           (pred->op != NP_PRED_SAME || of_subject[pred->other]);
}

enum np_truth np_evaluator_ask(struct np_evaluator *evaluator, np_pred_id pred)
{
    const struct np_pred *asked = evaluator->ready->preds[pred].pred;
    if (asked->op == NP_PRED_KEYWORD) {
        ask_all_keywords(evaluator);
        return (enum np_truth)(evaluator->answers[pred] & ((1u << NP_TRUTH_BITS) - 1));
    }
    enum np_truth truth = is_of_subject(evaluator, asked) ? ask_for_subject(evaluator, pred)
                                                          : ask_for_value(evaluator, asked, pred);
    np_evaluator_know(evaluator, pred, truth);
    return truth;
}

enum np_truth np_evaluator_ask_plainly(struct np_evaluator *evaluator, np_pred_id pred)
{
    evaluator->plain = true;
    enum np_truth truth = ask(evaluator, &evaluator->ready->preds[pred]);
    evaluator->plain = false;
    return truth;
}

bool np_pred_of_missing(const struct np_pred *pred, bool is_null)
{
    if (pred->op == NP_PRED_EXISTS)
        return is_null;
    for (size_t i = 0; pred->op == NP_PRED_MATCH && i < pred->literal_count; i++)
        if (pred->literals[i].kind == NP_LITERAL_NULL)
            return true;
    return false;
}
