#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every header in src/ compiles alone: it includes what it needs.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 1
bad=0
for header in $(find src -name '*.h' | sort); do
    ${CC:-gcc} -std=gnu17 -D_GNU_SOURCE -Isrc -Wall -Wextra -Werror -fsyntax-only -x c -include "${header#src/}" /dev/null || {
        echo "$header does not compile alone"
        bad=1
    }
done
exit $bad
