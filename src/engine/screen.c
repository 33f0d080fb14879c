/* SPDX-License-Identifier: Apache-2.0 */
/* A matcher of its own, since one thread reads while others match. See screen.h. */
#include "engine/screen.h"

#include <errno.h>

#include "base/alloc.h"

static bool wants(void *context, struct np_event *event)
{
    return np_matcher_wants(context, event);
}

static void forget(void *context)
{
    np_matcher_forget(context);
}

int np_screen_new(struct np_screen **out_screen, const struct np_rule_set *rules)
{
    struct np_matcher *matcher = NULL;
    struct np_screen *screen = np_alloc(sizeof(*screen));
    if (screen == NULL || np_matcher_new(&matcher, rules) < 0) {
        np_free(screen);
        return -ENOMEM;
    }
    *screen = (struct np_screen){.wants = wants, .forget = forget, .context = matcher};
    *out_screen = screen;
    return 0;
}

void np_screen_free(struct np_screen **screen)
{
    if (screen == NULL || *screen == NULL)
        return;
    struct np_matcher *matcher = (*screen)->context;
    np_matcher_free(&matcher);
    np_free(*screen);
    *screen = NULL;
}
