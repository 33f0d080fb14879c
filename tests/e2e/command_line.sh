# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What people and scripts rely on: exit statuses, streams, mistakes explained.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"

record() { # NAME TIME ID
    printf '{"eventVersion":"1.08","eventTime":"%s","eventID":"%s","recipientAccountId":"111122223333","eventName":"%s","eventSource":"cloudtrail.amazonaws.com","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/eve"}}\n' "$2" "$3" "$1"
}
{
    record StopLogging 2024-05-01T10:00:00Z id-1
    record StopLogging 2024-05-01T10:01:00Z id-2
    record StopLogging 2024-05-01T10:01:00Z id-2
    record DescribeTrails 2024-05-01T10:02:00Z id-3
} >trail.ndjson
cat >stop.yml <<'RULE'
title: Logging stopped
id: 6f1d0d3f-27ba-4f0a-8d0c-8b4a2f3a9f10
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventName: StopLogging
  condition: selection
level: high
RULE
only=(--no-default-rules -r stop.yml)

run
check_eq "no command shows the overview" 0 "$status"
check_has "overview on stdout" "usage: nepho" "$out"
run version
check_has "version" "nepho 0." "$out"
run detetc x
check_eq "a mistyped command" 2 "$status"
check_has "the nearest command" "did you mean 'detect'" "$err"
run rules lnit
check_has "the nearest second word" "did you mean 'rules lint'" "$err"
run detect trail.ndjson --min-levl high
check_eq "a mistyped option" 2 "$status"
check_has "the nearest option" "did you mean '--min-level'" "$err"
run detect trail.ndjson --min-level hihg
check_has "the nearest level" "high" "$err"
run detect trail.ndjson -o tabel
check_has "the nearest format" "did you mean 'table'" "$err"
run detect trail.ndjson --since yesterday
check_eq "a time that is none" 2 "$status"
check_has "the accepted forms" "2023-07-10T11:45:00Z" "$err"
run detect trail.ndjson --tz Europe/Berln
check_eq "an unknown zone" 2 "$status"
run detect
check_eq "no input" 2 "$status"
run detect nowhere.json
check_eq "a missing input" 2 "$status"
check_has "is named" "nowhere.json" "$err"
run detect trail.ndjson -r nowhere.yml
check_eq "missing rules" 2 "$status"
check_has "are named" "nowhere.yml" "$err"
run detect trail.ndjson --no-default-rules
check_eq "no rule at all" 2 "$status"
check_has "is said" "no rule is loaded" "$err"

run detect "${only[@]}" trail.ndjson -o ndjson
check_eq "findings alone are no failure" 0 "$status"
check_eq "one line a finding and the summary" 3 "$(wc -l <"$out")"
check_has "event id" '"id":"id-1"' "$out"
check_has "records" '"records":4' "$out"
check_has "duplicates" '"duplicates":1' "$out"
check_eq "nothing on stderr" 0 "$(wc -c <"$err")"
run detect "${only[@]}" - -o ndjson
check_eq "empty stdin is no record" 4 "$status"
"$NEPHO" detect "${only[@]}" - -o ndjson <trail.ndjson >"$out" 2>"$err"
check_has "stdin is read" '"object":"-"' "$out"
run detect "${only[@]}" trail.ndjson --fail-on critical
check_eq "below --fail-on" 0 "$status"
run detect "${only[@]}" trail.ndjson --fail-on medium
check_eq "at --fail-on" 1 "$status"
run detect "${only[@]}" trail.ndjson -o ndjson --min-level critical
check_has "--min-level hides" '"findings":0' "$out"
run detect "${only[@]}" trail.ndjson -o ndjson --since 2024-05-01T10:00:30Z
check_has "--since leaves one finding" '"findings":1' "$out"
check_has "--since changes no count" '"records":4' "$out"
run detect "${only[@]}" trail.ndjson -o ndjson --until 2024-05-01T10:00:00Z
check_has "--until leaves none" '"findings":0' "$out"
run detect "${only[@]}" trail.ndjson -o ndjson --account 999999999999
check_has "--account of another account" '"findings":0' "$out"
run detect "${only[@]}" trail.ndjson -o ndjson --region us-east-1 --region eu-west-1
check_has "--region" '"findings":2' "$out"
run detect trail.ndjson -r stop.yml -o ndjson --exclude-rule "logging STOPPED"
check_lacks "--exclude-rule by title" '6f1d0d3f' "$out"
run detect "${only[@]}" trail.ndjson -o table -o ndjson:found.ndjson
check_eq "a file beside the table" 3 "$(wc -l <found.ndjson)"
check_has "the table on stdout" "Logging stopped" "$out"
check_has "the table folds" "2" "$out"
run detect "${only[@]}" trail.ndjson -o ndjson:/nowhere/found
check_eq "an output that cannot be made" 2 "$status"
check_has "is named" "/nowhere/found" "$err"
run detect "${only[@]}" trail.ndjson -o ndjson:/dev/full
check_eq "a full disk" 4 "$status"
check_has "is named" "/dev/full" "$err"

for _ in $(seq 3000); do cat trail.ndjson; done | sed 's/"eventID":"[^"]*"/"noID":1/' >many.ndjson
"$NEPHO" detect "${only[@]}" many.ndjson -o ndjson --threads 2 2>"$err" | head -n 1 >"$out"
check_eq "a closed pipe ends quietly" "0 0" "${PIPESTATUS[0]} $(wc -c <"$err")"

printf 'title: [\n' >broken.yml
printf 'title: A\nlogsource: {product: aws}\ndetection:\n  selection:\n    eventName|contians: x\n  condition: selection\n' >typo.yml
run detect trail.ndjson "${only[@]}" -r broken.yml -r typo.yml
check_eq "refused rules do not stop the others" 0 "$status"
check_has "place and reason" "typo.yml:5:" "$err"
check_has "the nearest modifier" "contains" "$err"
check_has "the broken file" "broken.yml:" "$err"
run detect trail.ndjson "${only[@]}" -r typo.yml --strict
check_eq "refused rules under --strict" 2 "$status"
run rules lint -r typo.yml
check_eq "lint of a refused rule" 1 "$status"
run rules lint
check_eq "our own rules are clean" 0 "$status"
check_has "no warning either" " 0 with warnings, 0 refused" "$out"
run rules list -o ndjson
check_has "list" '"kind":"rule"' "$out"
run help detect
check_has "help of a command" "--no-default-rules" "$out"
done_testing
