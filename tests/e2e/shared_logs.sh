# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Real CloudTrail, counted exactly, whatever the number of threads.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"
need_data cloudtrail

summary() { # FIELD of the summary line in $out
    tail -n 1 "$out" | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)[sys.argv[1]]))' "$1"
}

run detect "$DATA/cloudtrail" -o ndjson
check_eq "exit status" 0 "$status"
check_eq "records" 1973 "$(summary records)"
check_eq "duplicates" 249 "$(summary duplicates)"
check_eq "events" 1724 "$(summary events)"
check_eq "complete" false "$(summary complete)"
check_eq "five files are no logs" 5 "$(tail -n 1 "$out" |
    python3 -c 'import json, sys; print(len({s["object"] for s in json.load(sys.stdin)["skipped"]}))')"
for name in api-examples/index.html api-examples/script.js api-examples/LICENSE technique-logs/LICENSE trail-real/LICENSE; do
    check_has "names $name" "$DATA/cloudtrail/$name" "$out"
done
grep '"kind":"finding"' "$out" >findings.inline
check_ok "finds something" test -s findings.inline

for threads in 0 1 2 5; do
    run detect "$DATA/cloudtrail" -o ndjson --threads "$threads"
    grep '"kind":"finding"' "$out" >findings.threads
    check_same "the same findings in the same order with $threads threads" findings.inline findings.threads
done

run detect "$DATA/cloudtrail/trail-real" -o ndjson
check_eq "trail-real: nothing is late" 0 "$(summary late)"

run detect "$DATA/cloudtrail" -o ndjson --strict
check_eq "incomplete input fails under --strict" 3 "$status"

run detect "$DATA/cloudtrail" -o ndjson --fail-on high
check_eq "a finding at the level asked for is told by the exit status" 1 "$status"

run rules lint -r "$DATA/rules/sigma" -o ndjson
check_eq "lint of the shared Sigma rules" 0 "$status"
check_eq "documents that load" 267 "$(grep -c '"status":"\(ok\|warning\)"' "$out")"
check_eq "documents that do not" 0 "$(grep -c '"status":"error"' "$out")"

for kind in kubernetes gcp github; do
    run detect "$DATA/audit-samples/$kind.ndjson" --as "product=$kind,service=audit" --no-default-rules \
        -r "$DATA/rules/sigma" -o ndjson
    check_eq "$kind samples are read as generic events" 0 "$status"
done
done_testing
