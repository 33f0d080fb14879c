/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of views, by the way that they take in the engine. */
#pragma once

#include "support/unit.h"

#include "engine/held.h"

enum { ACT_VIEW_MAX_BYTES = 1024 * 1024 };

/* Writes the act of a view; its texts lie in `buf`, which is begun here. */
static inline void act_of_view(struct np_act *out_act, struct np_buf *buf, struct np_names *names,
                               const struct np_act_view *view)
{
    const struct np_origin origin = {};
    const struct np_held_parts parts = {.view = view, .origin = &origin};
    np_buf_init(buf, ACT_VIEW_MAX_BYTES);
    assert_int_equal(np_held_pack(buf, &parts), 0);
    const struct np_held *held = (const struct np_held *) (const void *) buf->data;
    np_held_act(held, names, out_act);
}
