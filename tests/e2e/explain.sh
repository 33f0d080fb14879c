# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `nepho rules explain`: which event, what is shown of it, mistakes.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"

record() { # NAME ID USER [TARGET]
    printf '{"eventVersion":"1.08","eventTime":"2024-05-01T10:00:00Z","eventID":"%s","recipientAccountId":"111122223333","eventName":"%s","eventSource":"iam.amazonaws.com","awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","userName":"%s"},"requestParameters":%s}\n' \
        "$2" "$1" "$3" "${4-null}"
}
{
    record ListUsers aaaa1111-0000 eve
    record CreateAccessKey bbbb2222-0000 eve '{"userName":"Eve"}'
    record ListUsers cccc3333-0000 bob '{"list":["a",1,null],"object":{"k": true}}'
} >trail.ndjson
record CreateAccessKey dddd4444-0000 eve '{"userName":"bob"}' >more.ndjson
cat >rules.yml <<'RULES'
title: Key for another user
id: rule-one
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventSource: iam.amazonaws.com
    eventName: CreateAccessKey
    requestParameters.userName|exists: true
  own:
    requestParameters.userName|fieldref: userIdentity.userName
  condition: selection and not own
level: high
---
title: Values
logsource: {product: aws}
detection:
  list: {requestParameters.list|contains: z}
  object: {requestParameters.object|contains: '"k":true'}
  number: {requestParameters.absent|gt: 7}
  condition: all of them
---
title: Somewhere else
logsource: {product: okta}
detection: {s: {eventName: ListUsers}, condition: s}
---
title: Refused
logsource: {product: aws}
detection: {s: {eventName|contians: x}, condition: s}
RULES
cat >filter.yml <<'RULES'
title: Bob may
logsource: {product: aws}
filter:
  rules: [rule-one]
  eve: {userIdentity.userName: eve}
  condition: not eve
RULES
only=(--no-default-rules -r rules.yml)
export LC_ALL=C.UTF-8

run rules explain "${only[@]}" --rule rule-one trail.ndjson more.ndjson
check_eq "the first event that matches" 0 "$status"
check_has "is said" "Key for another user  matched  event dddd4444-0000" "$out"
check_has "with the name of a selection" "✓ selection: all of" "$out"
check_has "and of a negated one" "✓ not own: requestParameters.userName is the same as the field 'userIdentity.userName'" "$out"
check_has "the value of the one field" 'text  "bob"' "$out"
check_has "the value of the other" 'text  "eve"' "$out"
check_has "values as the rule writes them" "eventName is 'CreateAccessKey'" "$out"

run rules explain "${only[@]}" --rule "KEY for another user" trail.ndjson
check_eq "no event that matches" 0 "$status"
check_has "the nearest event" "did not match  event bbbb2222-0000" "$out"
check_has "is said to be the nearest" "No event matches; this one comes nearest." "$out"
check_has "how near" "1 of 4 tests would have to come out otherwise" "$out"
check_has "the test that decides is marked" ">   ✗ not own" "$out"

run rules explain "${only[@]}" --rule rule-one --event aaaa1111-0000 trail.ndjson
check_has "the event that is asked for" "event aaaa1111-0000" "$out"
check_has "absent is shown" "absent" "$out"
check_has "what is true stays visible" "✓ eventSource is 'iam.amazonaws.com'" "$out"
offset=$(head -n 1 trail.ndjson | wc -c)
run rules explain "${only[@]}" --rule rule-one --event "trail.ndjson:$offset" trail.ndjson
check_has "an event by its place" "event bbbb2222-0000" "$out"

run rules explain "${only[@]}" --rule values --event cccc3333-0000 trail.ndjson
check_has "a list" 'list    ["a", 1, null]' "$out"
check_has "an object" 'object  {"k":true}' "$out"
check_has "true beside false" "✓ object:" "$out"
check_has "an absent number" "number: requestParameters.absent is more than 7" "$out"

run rules explain "${only[@]}" --rule "somewhere else" trail.ndjson
check_has "another log source is the reason" "the rule is for product=okta, the event is of product=aws,service=cloudtrail" "$out"
check_has "the condition is shown all the same" "✓ s: eventName is 'ListUsers'" "$out"
run rules explain "${only[@]}" -r filter.yml --rule rule-one --event dddd4444-0000 more.ndjson
check_has "a filter is the reason" "The rule is true; the filter 'Bob may' keeps the event out." "$out"
check_has "and is shown" "✗ filter 'Bob may' (filter.yml)" "$out"

run rules explain "${only[@]}" --rule rule-one trail.ndjson -o ndjson
check_eq "one object" 1 "$(wc -l <"$out")"
check_ok "ndjson tells the tree" python3 - "$out" <<'PY'
import json, sys
line = json.load(open(sys.argv[1]))
assert line["schema_version"] == 1 and line["kind"] == "explanation", line
assert line["matched"] is False and line["choice"] == "nearest" and line["changes"] == 1 and line["tests"] == 4
assert line["rule"]["id"] == "rule-one" and line["event"]["id"] == "bbbb2222-0000"
assert line["logsource"]["true"] is True and line["filters"] == []
condition = line["condition"]
assert condition["op"] == "all" and condition["true"] is False
selection, own = condition["of"]
assert selection["selection"] == "selection" and [test["true"] for test in selection["of"]] == [True] * 3
test = own["of"][0]
assert own["op"] == "not" and test["decides"] and test["selection"] == "own"
assert test["value"] == {"type": "text", "text": "Eve"} and test["other_value"]["text"] == "eve"
PY

run rules explain "${only[@]}" trail.ndjson
check_eq "no rule named" 2 "$status"
check_has "is said" "--rule" "$err"
run rules explain "${only[@]}" --rule "Key for anoter user" trail.ndjson
check_eq "an unknown rule" 2 "$status"
check_has "the nearest title" "did you mean 'Key for another user'" "$err"
run rules explain "${only[@]}" --rule another trail.ndjson
check_has "a part of a title" "did you mean 'Key for another user'" "$err"
run rules explain "${only[@]}" --rule refused trail.ndjson
check_eq "a refused rule" 2 "$status"
check_has "why it is refused" "contains" "$err"
check_has "that it is" "'refused' is refused" "$err"
run rules explain "${only[@]}" -r filter.yml --rule "bob may" trail.ndjson
check_has "a filter is no rule" "no rule that runs by itself" "$err"
run rules explain "${only[@]}" --rule rule-one --event bbbb2222-0001 trail.ndjson
check_eq "an unknown event" 2 "$status"
check_has "the nearest id" "did you mean 'bbbb2222-0000'" "$err"
run rules explain "${only[@]}" --rule rule-one --event bbbb trail.ndjson
check_has "the beginning of an id" "did you mean 'bbbb2222-0000'" "$err"
run rules explain "${only[@]}" --rule rule-one nowhere.json
check_eq "a missing input" 2 "$status"
: >empty.json
run rules explain "${only[@]}" --rule rule-one empty.json
check_eq "no record" 4 "$status"

record "$(printf '\\u001b[31mred\\u202e')" eeee5555-0000 eve >hostile.ndjson
run rules explain "${only[@]}" --rule rule-one hostile.ndjson
check_lacks "no escape sequence of data" "$(printf '\033')" "$out"
check_has "but what it was" '\x1b[31mred\u202e' "$out"
export LC_ALL=C
run rules explain "${only[@]}" --rule rule-one trail.ndjson
check_has "marks in ASCII" "+ eventSource is" "$out"
check_eq "nothing but ASCII" 0 "$(LC_ALL=C grep -c '[^ -~]' "$out")"

run rules explain --rule nepho.guards-off
check_eq "a behaviour needs no input" 0 "$status"
check_has "says its level and title" "high  nepho.guards-off  Logging or guards attacked" "$out"
check_has "what it says" "says    A trail, detector" "$out"
check_has "what is often behind it" "often   An account" "$out"
check_has "its tactic" "attack.defense-evasion" "$out"
check_has "how to silence it" "--exclude-rule nepho.guards-off" "$out"
run rules explain --rule "logging OR guards attacked by a credential out of place" -o ndjson
check_has "by title, for a program" '"kind":"behaviour","id":"nepho.guards-off"' "$out"
run rules explain --rule rule-one
check_eq "a rule needs input" 2 "$status"
check_has "which is said" "needs INPUT..." "$err"

done_testing
