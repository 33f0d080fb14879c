# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `nepho rules fields`: what occurs, what never does, and which rules that kills.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"

event() { # ID REQUEST
    printf '{"eventVersion":"1.08","eventTime":"2024-05-01T10:00:00Z","eventID":"%s","recipientAccountId":"1","eventName":"PutRole","eventSource":"iam.amazonaws.com","errorCode":null,"requestParameters":%s}\n' "$1" "$2"
}
{
    event 1 '{"roleArn":"x"}'
    event 2 '{"roleArn":"y","nested":{"status":"on"}}'
    event 2 '{"roleArn":"y","nested":{"status":"on"}}'
    event 3 null
    event 4 '{}'
} >trail.ndjson
cat >rules.yml <<'RULES'
title: Alive
logsource: {product: aws}
detection:
  s: {eventName: PutRole, requestParameters.roleArn: x}
  condition: s
---
title: Spelt wrong
id: dead-one
logsource: {product: aws}
detection:
  s: {eventName: PutRole, requestParameters.roleARM: x}
  condition: s
---
title: A filter that never applies
logsource: {product: aws}
detection:
  s: {eventName: PutRole}
  own: {status: on}
  condition: s and not own
---
title: Only null
logsource: {product: aws}
detection: {s: {errorCode: AccessDenied}, condition: s}
---
title: Elsewhere
logsource: {product: okta}
detection: {s: {src_ip: 1}, condition: s}
RULES
only=(--no-default-rules -r rules.yml)

run rules fields "${only[@]}" trail.ndjson -o ndjson
check_eq "exit status" 0 "$status"
check_ok "figures" python3 - "$out" <<'PY'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
fields = {line["name"]: line for line in lines if line["kind"] == "field"}
dead = {line["title"]: line for line in lines if line["kind"] == "dead_rule"}
def check(name, fate, rules, events, with_, null):
    line = fields[name]
    got = (line["fate"], line["rules"], line["events"], line["with"], line["with_null"])
    assert got == (fate, rules, events, with_, null), (name, got)
check("eventName", "occurs", 3, 4, 4, 0)
check("requestParameters.roleArn", "occurs", 1, 4, 2, 0)
check("errorCode", "only_null", 1, 4, 0, 4)
check("requestParameters.roleARM", "dead", 1, 4, 0, 0)
check("status", "dead", 1, 4, 0, 0)
check("src_ip", "no_events", 1, 0, 0, 0)
assert fields["requestParameters.roleARM"]["near"] == ["requestParameters.roleArn"], fields
assert fields["status"]["near"] == ["requestParameters.nested.status"], fields
assert set(dead) == {"Spelt wrong", "Only null"}, dead
assert dead["Spelt wrong"]["fields"] == ["requestParameters.roleARM"] and dead["Spelt wrong"]["id"] == "dead-one"
PY
run rules fields "${only[@]}" trail.ndjson
check_has "a share" "50.0%" "$out"
check_has "dead rules" "Spelt wrong (rules.yml:7): requestParameters.roleARM" "$out"
check_has "the sum of fields" "6 fields of 5 rules in 4 events: 2 occur, 1 are only null, 2 never occur, 1 are of rules without events here" "$out"
check_has "the sum of rules" "2 rules can match, 2 are dead, 1 have no events here" "$out"
check_lacks "a rule without events is not dead" "Elsewhere" "$out"

printf '{"src_ip":1,"a":[{"b":1},{"b":2}]}\n' >other.json
run rules fields "${only[@]}" --as product=okta other.json
check_has "--as" "src_ip" "$out"
check_has "gives events of that log source" "1 rules can match, 0 are dead, 4 have no events here" "$out"
run rules fields "${only[@]}" nowhere.json
check_eq "a missing input" 2 "$status"
: >empty.json
run rules fields "${only[@]}" empty.json
check_eq "no record" 4 "$status"
check_has "what could not be read is named" "empty.json" "$err"
run rules fields --no-default-rules trail.ndjson
check_eq "no rule" 2 "$status"

if [ -n "${NEPHO_TEST_DATA:-}" ]; then
    run rules fields "$NEPHO_TEST_DATA/cloudtrail"
    check_eq "real logs" 0 "$status"
    check_has "have dead rules" "Dead rules" "$out"
    run rules explain --rule "Access key created for another user" "$NEPHO_TEST_DATA/cloudtrail"
    check_has "real events match" "matched  event c64c4ded-ef03-4e5c-81eb-153b118d72f2" "$out"
    check_has "with their values" '"stratus-red-team-backdoor-u-user"' "$out"
fi
done_testing
