# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `nepho rules bench`: what it counts is exact; what it measures is a number.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"
need python3

mkdir rules
rule() { # TITLE PRODUCT SELECTION CONDITION
    printf 'title: %s\nlogsource: {product: %s}\ndetection:\n  selection: %s\n  condition: %s\n' "$@"
}
rule plain aws '{eventName: StopLogging}' selection >rules/plain.yml
rule regex aws '{eventName|re: "^Stop.*g$"}' selection >rules/regex.yml
rule keywords aws '[StopLogging]' selection >rules/keywords.yml
rule "same|fieldref" aws '{eventName|fieldref: eventSource}' selection >rules/always.yml
rule other gcp '{eventName: StopLogging}' selection >rules/other.yml
printf 'title: [\n' >rules/broken.yml
for i in $(seq 300); do
    name=StartLogging
    [ $((i % 3)) = 0 ] && name=StopLogging
    printf '{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:00Z","eventSource":"x","eventName":"%s","eventID":"%d","recipientAccountId":"1"}\n' "$name" "$i"
done >trail.ndjson

cost() { # TITLE EXPRESSION over the line of that rule: c
    python3 -c '
import json, sys
c = next(l for l in map(json.loads, open(sys.argv[1])) if l["rule"]["title"] == sys.argv[2])
print(str(eval(sys.argv[3])).translate({ord(x): None for x in "(),"}))' "$out" "$1" "$2" 2>&1
}

only=(--no-default-rules -r rules)
run rules bench "${only[@]}" trail.ndjson -o ndjson
check_eq "exit status" 0 "$status"
check_eq "a line a rule" 5 "$(grep -c '"kind":"cost"' "$out")"
check_has "refused rules are told" "1 rule documents were refused" "$err"
check_eq "events, evaluated, matches" "300 100 100" "$(cost plain 'c["events"], c["evaluated"], c["matches"]')"
check_eq "a time" True "$(cost plain 'c["ns_per_event"] >= 0 and 0 <= c["share"] <= 1')"
check_eq "no notes" "False False False" "$(cost plain 'c["every_event"], c["regex"], c["keywords"]')"
check_eq "a regular expression" "True 100" "$(cost regex 'c["regex"], c["matches"]')"
check_eq "keywords" "True 100" "$(cost keywords 'c["keywords"], c["matches"]')"
check_eq "no witness" "True 300" "$(cost 'same|fieldref' 'c["every_event"], c["evaluated"]')"
check_eq "another log source" "0" "$(cost other 'c["events"]')"
check_eq "shares add up" True "$(python3 -c '
import json, sys
print(abs(sum(json.loads(l)["share"] for l in open(sys.argv[1])) - 1) < 1e-4)' "$out")"
check_eq "the slowest first" True "$(python3 -c '
import json, sys
times = [json.loads(l)["ns_per_event"] for l in open(sys.argv[1])]
print(times == sorted(times, reverse=True))' "$out")"

run rules bench "${only[@]}" trail.ndjson
check_has "a table" "NS/EVENT" "$out"
check_has "with notes" "every event" "$out"
check_has "and a rule that had no event" "no event of its log source" "$out"
check_has "a sum" "5 rules on 300 events" "$out"
run rules bench trail.ndjson
check_eq "with the shipped rules" 0 "$status"

run rules bench "${only[@]}" --as product=gcp trail.ndjson -o ndjson
check_eq "--as gives the log source" "300 100" "$(cost other 'c["events"], c["matches"]')"
for _ in $(seq 200); do cat trail.ndjson; done | sed 's/"eventID":"[^"]*",//' >many.ndjson
run rules bench "${only[@]}" many.ndjson -o ndjson
check_has "more events than are measured are told" "only the first 50000 events" "$err"
check_eq "and not measured" 50000 "$(cost plain 'c["events"]')"

run rules bench "${only[@]}"
check_eq "no input" 2 "$status"
run rules bench "${only[@]}" nowhere
check_eq "a missing input" 2 "$status"
run rules bench "${only[@]}" rules/plain.yml
check_eq "no record" 4 "$status"
check_has "is said" "no record was read" "$err"
run rules bench --no-default-rules trail.ndjson
check_eq "no rule" 2 "$status"
done_testing
