/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a subscription of CloudWatch Logs delivers: base64 of gzip of {"messageType":..,
 * "logEvents":[..]}. It is saved as a bare text, one a line, or as the event that a Lambda function
 * gets, {"awslogs":{"data":"..."}} (CloudWatch Logs User Guide, "Using subscription filters").
 *
 * Such an object is taken for packed in one more layer: this gives the gzip members one after the
 * other, which np_object unpacks. Line breaks inside of base64, as base64(1) makes them, are
 * ordinary.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/span.h"
#include "source/object.h"

enum { NP_AWSLOGS_HEAD_BYTES = 512 }; /* that tell it */

/*
 * Whether unpacked bytes that begin with `head` are such an object; the form with JSON around it
 * only where `unwrap` says so.
 */
enum np_verdict np_awslogs_detect(struct np_span head, bool unwrap);

struct np_awslogs;

/*
 * Decodes the rest of `object` (borrowed), of which `head` (copied) was read before: 0 or -ENOMEM.
 */
NP_NODISCARD int np_awslogs_new(struct np_awslogs **out_awslogs, struct np_object *object,
                                struct np_span head);

/* NULL-safe. */
void np_awslogs_free(struct np_awslogs **awslogs);

/*
 * A np_object_feed_fn: the gzip members. -EBADMSG where the text is something else, or any failure
 * of the object under it.
 */
NP_NODISCARD int np_awslogs_read(void *awslogs, char *out, size_t cap, size_t *out_len,
                                 struct np_err *err);
