/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded list of problems with copied texts: see diag.h. */
#include "base/diag.h"

#include <stdio.h>

enum { DIAG_MAX = 100000, DIAG_TEXT_BYTES = 512 };

void np_diag_list_init(struct np_diag_list *list)
{
    *list = (struct np_diag_list){};
    np_arena_init(&list->texts, (size_t) DIAG_MAX * DIAG_TEXT_BYTES);
}

void np_diag_list_done(struct np_diag_list *list)
{
    if (list == NULL)
        return;
    np_vec_done(&list->diags);
    np_arena_done(&list->texts);
    list->dropped = list->errors = 0;
}

/* Copies `*text` where it is not NULL; false when memory is out. */
static bool keep_text(struct np_diag_list *list, const char **text)
{
    if (*text == NULL)
        return true;
    *text = np_arena_strdup(&list->texts, np_span_of(*text));
    return *text != NULL;
}

/* The file name is mostly that of the problem before. */
static bool keep_file(struct np_diag_list *list, const char **file)
{
    if (list->diags.len > 0 && *file != NULL) {
        const char *last = list->diags.items[list->diags.len - 1].place.file;
        if (last != NULL && strcmp(last, *file) == 0) {
            *file = last;
            return true;
        }
    }
    return keep_text(list, file);
}

/* Adds a problem whose message is formatted by `fmt`. */
NP_PRINTF(3, 0)
static void add(struct np_diag_list *list, struct np_diag diag, const char *fmt, va_list args)
{
    char text[DIAG_TEXT_BYTES];
    int wanted = vsnprintf(text, sizeof(text), fmt, args);
    if (wanted >= (int) sizeof(text))
        memcpy(text + sizeof(text) - 4, "...", 4); /* a cut message never looks complete */
    diag.message = text;
    if (diag.severity == NP_SEVERITY_ERROR)
        list->errors++;
    if (!keep_file(list, &diag.place.file) || !keep_text(list, &diag.message) ||
        !keep_text(list, &diag.hint) || !keep_text(list, &diag.item) ||
        np_vec_push(&list->diags, diag, DIAG_MAX) < 0)
        list->dropped++;
}

void np_diag_add(struct np_diag_list *list, struct np_diag diag, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add(list, diag, fmt, args);
    va_end(args);
}

void np_diag_addv(struct np_diag_list *list, struct np_diag diag, struct np_span item,
                  const char *fmt, va_list args)
{
    char text[NP_DIAG_ITEM_MAX_BYTES + 1];
    item = np_span_head(item, NP_DIAG_ITEM_MAX_BYTES);
    if (item.len > 0)
        memcpy(text, item.ptr, item.len);
    text[item.len] = '\0';
    diag.item = item.len > 0 ? text : NULL;
    add(list, diag, fmt, args);
}
