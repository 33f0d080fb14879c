# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `nepho rules test`: rules on the records of which it is said whether they match.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"

record() { # NAME
    printf '{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:00Z","eventSource":"x.amazonaws.com","eventName":"%s"}\n' "$1"
}

rule() { # TITLE EVENT-NAME
    cat <<RULE
title: $1
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventName: $2
  condition: selection
level: high
RULE
}

# ---- how it is called
run rules test
check_eq "without rules" 2 "$status"
check_has "it says what is missing" "with -r" "$err"
run rules test -r nowhere.yml
check_eq "missing rules" 2 "$status"
mkdir empty
run rules test -r empty
check_eq "no document at all" 2 "$status"
check_has "is said" "no rule document" "$err"

run rules test -r "$NP_SOURCE_ROOT/rules"
check_eq "the shipped rules come out as stated" 0 "$status"
check_has "and none is untested" " 0 untested; 0 documents refused" "$out"

# ---- records beside rules, in every form in which records come
mkdir rules
rule "Stop" StopLogging >rules/stop.yml
{ record StopLogging; record stoplogging; } >rules/stop.hit.ndjson
printf '{"Records":[\n%s,\n%s]}' "$(record StopLogging)" "$(record StopLogging)" >rules/stop.hit.json
{ record StartLogging; } >rules/stop.miss.json
rule "Delete" DeleteTrail >rules/delete.yaml
run rules test -r rules
check_eq "all as stated" 0 "$status"
check_has "rules" "2 rules: 1 tested, 1 untested; 0 documents refused" "$out"
check_has "records" "5 samples: 5 as stated, 0 not" "$out"
run rules test -r rules -o ndjson
check_has "untested is no failure, but told" '"status":"untested","rule":{"id":"","title":"Delete"' "$out"

{ record StartLogging; record StopLogging; } >rules/stop.miss.ndjson
record StartLogging >>rules/stop.hit.ndjson
run rules test -r rules
check_eq "one that does not come out" 1 "$status"
check_has "a hit that is none" "rules/stop.hit.ndjson:3: failed: record 3 must match 'Stop', but does not (rules/stop.yml)" "$out"
check_has "a miss that matches" "rules/stop.miss.ndjson:2: failed: record 2 must not match 'Stop', but does" "$out"
check_has "sums" "8 samples: 6 as stated, 2 not" "$out"
run rules test -r rules --rule delete
check_eq "--rule takes one of them" 0 "$status"
check_has "by title" "1 rules: 0 tested, 1 untested" "$out"
run rules test -r rules --rule no-such
check_eq "--rule that is none" 2 "$status"
check_has "is named" "no-such" "$err"
run rules test -r rules -o ndjson
check_has "want and got" '"record":3,"expected":true,"matched":false' "$out"

# ---- samples that cannot be used are failures, not silence
mkdir faulty
for name in empty array cut text number; do rule "$name" X >"faulty/$name.yml"; done
: >faulty/empty.hit.json
echo '[]' >faulty/array.miss.json
record X | head -c 60 >faulty/cut.miss.json
echo 'hello' >faulty/text.miss.json
echo '17' >faulty/number.hit.json
run rules test -r faulty
check_eq "useless samples" 1 "$status"
check_has "an empty file" "faulty/empty.hit.json:1: failed: hits of 'empty': there is no record in it" "$out"
check_has "an empty array" "faulty/array.miss.json:1: failed: misses of 'array': there is no record in it" "$out"
check_has "a cut record" "faulty/cut.miss.json:1: failed: record 1 of 'cut': JSON that does not close" "$out"
check_has "no JSON" "faulty/text.miss.json:1: failed: record 1 of 'text': bytes that are no JSON" "$out"
check_has "no object" "faulty/number.hit.json:1: failed: record 1 of 'number': a JSON value that is no object" "$out"

# ---- the rule's log source is taken for granted
mkdir other
cat >other/okta.yml <<'RULE'
title: Okta
logsource: {product: okta, service: okta}
detection:
  selection:
    eventType: user.lock
    eventName|exists: false
  condition: selection
RULE
echo '{"eventType":"user.lock"}' >other/okta.hit.json
record X >other/okta.miss.json
run rules test -r other
check_eq "an object of no known kind, a record of another" 0 "$status"

# ---- several rules in a file
mkdir several
{ rule One A; echo ---; rule Two B; echo ---; rule Three C; } >several/all.yml
{ record A; record B; } >several/all.hit.json
record X >several/all.miss.json
run rules test -r several
check_eq "each hit needs one of them" 0 "$status"
rm several/all.miss.json
run rules test -r several -o ndjson
check_has "a rule that no hit is of has no sample" '"status":"untested","rule":{"id":"","title":"Three"' "$out"
check_eq "the others have" 1 "$(grep -c '"status":"untested"' "$out")"

# ---- tests inside rules
mkdir inline
{
    rule Inline StopLogging
    cat <<'TESTS'
tests:
  - name: mapping
    match: true
    event:
      eventName: StopLogging
      n: [1, 2.5, 0x10, null, true, "text \" \u202e", {}, []]
      deep: {a: {b: c}}
  - Name: text
    ExpectedResult: false
    Log: '{"eventName": "Start"}'
  - name: wrong
    expected: false
    log: {eventName: StopLogging}
  - name: no event
    match: true
  - name: no bool
    match: perhaps
    event: {a: b}
  - name: no JSON
    match: true
    event: hello
  - just text
TESTS
} >inline/one.yml
{ rule Scalar X; echo 'Tests: none'; } >inline/scalar.yml
run rules test -r inline
check_eq "inline tests" 1 "$status"
check_has "counted" "8 samples: 2 as stated, 6 not" "$out"
check_has "with their place" "inline/one.yml:18: failed: test 'wrong' must not match 'Inline', but does" "$out"
check_has "no event" "test 'no event' of 'Inline': the test has no event" "$out"
check_has "no bool" "test 'no bool' of 'Inline': the test does not say" "$out"
check_has "no JSON" "test 'no JSON' of 'Inline': " "$out"
check_has "no mapping" "test '' of 'Inline': a test is a mapping" "$out"
check_has "no list" "'tests' is no list" "$out"
run rules test -r inline -o ndjson
check_has "numbers that JSON does not know are text" '"test":"mapping","record":null,"expected":true,"matched":true' "$out"
mkdir ignored
{ rule Ignored X; echo 'regression_tests_path: a/b.yml'; echo 'simulation: [{type: atomic}]'; } >ignored/a.yml
run rules test -r ignored
check_eq "what points elsewhere is no test" 0 "$status"

# ---- refused documents
mkdir refused
sed 's/eventName:/eventName|contians:/' rules/stop.yml >refused/typo.yml
record A >refused/typo.hit.json
run rules test -r refused
check_eq "a refused document" 1 "$status"
check_has "with its place" "refused/typo.yml:5:" "$out"
check_has "counted" "0 rules: 0 tested, 0 untested; 1 documents refused" "$out"
run rules test -r refused --rule stop
check_has "also where it is asked for" "refused/typo.yml:5:" "$out"
run rules test -r refused -r rules --rule delete
check_eq "others do not count then" 0 "$status"
check_lacks "and are not told" "typo.yml" "$out"
run rules test -r refused -o ndjson
check_has "its problems" '"status":"error"' "$out"
check_has "with codes" '"code":"unknown-modifier"' "$out"

# ---- hostile names do not reach the terminal
mkdir hostile
rule "$(printf '"\\e[31mred\\u202e"')" X >hostile/a.yml
record Y >hostile/a.hit.json
run rules test -r hostile
check_lacks "no escape sequence" "$(printf '\033')" "$out"
check_lacks "no bidi control" "$(printf '\342\200\256')" "$out"
run rules test -r hostile -o junit
check_lacks "in XML neither" "$(printf '\033')" "$out"
check_lacks "nor bidi controls" "$(printf '\342\200\256')" "$out"

run rules test -r rules -o table -o junit:tests.xml -o sarif:tests.sarif
check_has "several outputs" "as stated" "$out"
check_has "one of them XML" "<testsuites" tests.xml
check_has "one of them SARIF" '"version":"2.1.0"' tests.sarif
run rules test -r rules -o junit:/dev/full
check_eq "a full disk" 4 "$status"
done_testing
