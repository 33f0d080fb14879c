/* SPDX-License-Identifier: Apache-2.0 */
/* Counted texts: one allocation holds the count, the length and the bytes. */
#include "source/scap/state/text.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

int np_text_set(struct np_text **text, struct np_span bytes)
{
    struct np_text *made = NULL;
    if (bytes.len >= UINT32_MAX)
        return -E2BIG;
    if (bytes.len > 0) {
        made = np_alloc(sizeof(*made) + bytes.len);
        if (made == NULL)
            return -ENOMEM;
        made->refs = 1;
        made->len = (uint32_t) bytes.len;
        memcpy(made->bytes, bytes.ptr, bytes.len);
    }
    np_text_drop(text);
    *text = made;
    return 0;
}

void np_text_share(struct np_text **text, struct np_text *other)
{
    if (other != NULL)
        other->refs++;
    np_text_drop(text);
    *text = other;
}

void np_text_drop(struct np_text **text)
{
    if (*text != NULL && --(*text)->refs == 0)
        np_free(*text);
    *text = NULL;
}
