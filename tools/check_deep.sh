#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What `make check-deep` does: the checks that take too long for every push. Each step prints ok or FAILED with the place of its
# log; the summary comes last. MINUTES (2) is for each fuzz target.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
deep=build-deep
mkdir -p $deep
jobs=$(nproc)
summary=()
failed=0

step() { # NAME COMMAND...
    local name=$1 start=$SECONDS log=$deep/$1.log
    shift
    if "$@" >"$log" 2>&1; then
        summary+=("ok      $name ($((SECONDS - start)) s)")
    else
        summary+=("FAILED  $name ($((SECONDS - start)) s): $log")
        failed=$((failed + 1))
    fi
    echo "${summary[-1]}"
}

configure() { # FOLDER OPTION...
    local folder=$deep/$1
    shift
    if [ -e "$folder/build.ninja" ]; then
        meson setup --reconfigure "$folder" "$@"
    else
        meson setup "$folder" "$@"
    fi
}

thread_sanitizer() {
    configure tsan -Dtests=true -Db_sanitize=thread -Doptimization=1 &&
        ninja -j "$jobs" -C $deep/tsan &&
        # gcc 12's thread sanitizer cannot live with the address randomization of newer kernels
        setarch -R meson test -C $deep/tsan --num-processes "$jobs" --timeout-multiplier 4
}

# Values that change when they are converted: what -fsanitize=integer finds, less the wrapping of unsigned
# numbers, which hashes and the splitter use on purpose.
conversions() {
    CC=clang CXX=clang++ configure conversions -Dtests=true -Db_sanitize=address,undefined -Db_lundef=false \
        -Doptimization=1 -Dc_args=-fsanitize=implicit-conversion &&
        ninja -j "$jobs" -C $deep/conversions &&
        meson test -C $deep/conversions --num-processes "$jobs" --timeout-multiplier 4
}

gcc_analyzer() {
    # At -O2 gcc 12 loses what is known of errno and reports a pointer that cannot be NULL.
    configure analyzer -Doptimization=1 -Dc_args=-fanalyzer --werror && ninja -k 0 -j "$jobs" -C $deep/analyzer
}

clang_tidy() {
    CC=clang CXX=clang++ configure tidy && ninja -C $deep/tidy &&
        find src -name '*.c' -o -name '*.cc' | xargs -P "$jobs" -n 4 clang-tidy --quiet -p $deep/tidy --warnings-as-errors='*'
}

cppcheck_all() {
    cppcheck -j "$jobs" --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr --std=c11 \
        --library=posix --suppressions-list=tools/cppcheck_suppressions.txt -D_GNU_SOURCE -D__GNUC__=12 -Isrc src
}

# The sanitizers do not see a read of memory that was never written; valgrind does. It is slow: there are no real logs,
# and few rounds of what is generated.
valgrind_units() {
    local under="valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite"
    # not hardened: what the compiler sets to zero is never found
    configure plain -Dtests=true -Doptimization=g && ninja -j "$jobs" -C $deep/plain &&
        env -u NEPHO_TEST_DATA NP_TEST_SHORT=1 \
            NP_TEST_UNDER="$under --suppressions=$PWD/tools/valgrind_suppressions.txt" \
            meson test -C $deep/plain --suite unit --num-processes "$jobs" --print-errorlogs
}

step thread-sanitizer thread_sanitizer
step conversions conversions
step gcc-analyzer gcc_analyzer
step clang-tidy clang_tidy
step cppcheck cppcheck_all
step valgrind valgrind_units
step fuzz tools/fuzz.sh $((${MINUTES:-2} * 60))

printf '\n'
printf '%s\n' "${summary[@]}"
exit $((failed > 0))
