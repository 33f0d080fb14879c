/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name that CloudTrail gives an object in S3 tells when it was delivered:
 * <account>_CloudTrail_<region>_<YYYYMMDDTHHmm>Z_<random>.json.gz (AWS CloudTrail User Guide, "log
 * file name format").
 */
#pragma once

#include <stdbool.h>

#include "base/span.h"
#include "base/time.h"

/*
 * Reads the time out of an object's name, which may have its path before it; the packing suffix may
 * be gone. False, and `*out_time` alone, where it is no such name.
 */
bool np_s3_name_time(struct np_span name, np_time_ns *out_time);
