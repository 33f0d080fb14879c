#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs each fuzz target for a while: fuzz.sh SECONDS [TARGET]...
# Starts from the committed corpus and keeps what it finds new in build-deep/fuzz/corpus; an input that
# breaks a target is left in build-deep/fuzz/found. Exits non-zero when there is one.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
seconds=${1:?usage: fuzz.sh SECONDS [TARGET]...}
shift

build=build-deep/fuzz
if [ -e $build/build.ninja ]; then
    log=$(meson setup --reconfigure $build 2>&1)
else
    log=$(CC=clang CXX=clang++ meson setup $build -Dtests=true -Dlibfuzzer=true -Db_lundef=false \
        -Db_sanitize=address,undefined -Doptimization=2 2>&1)
fi || {
    echo "$log" >&2
    exit 1
}
[ $# -gt 0 ] || set -- $(cd tests/fuzz && ls fuzz_*.c | sed 's/\.c$//')
ninja -C $build "${@/#/tests/fuzz/}" >$build/build.log || {
    tail -n 40 $build/build.log >&2
    exit 1
}

export ASAN_OPTIONS=allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
broken=0
for target; do
    mkdir -p $build/corpus/"$target" $build/found
    if $build/tests/fuzz/"$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 \
        -artifact_prefix=$build/found/"$target"- $build/corpus/"$target" tests/fuzz/"$target"/corpus \
        >$build/"$target".log 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: //p' $build/"$target".log)
        echo "ok      $target: $runs runs"
    else
        echo "FAILED  $target: see $build/$target.log and $build/found"
        tail -n 30 $build/"$target".log
        broken=$((broken + 1))
    fi
done
exit $((broken > 0))
