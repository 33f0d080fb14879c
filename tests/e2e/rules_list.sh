# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `nepho rules list` with its filters, and its table.
. "$NP_SOURCE_ROOT/tests/support/tap.sh"
need python3

rule() { # TITLE LEVEL LOGSOURCE TAGS
    cat <<RULE
title: $1
logsource: {$3}
tags: [$4]
detection: {selection: {eventName: X}, condition: selection}
level: $2
RULE
}

mkdir rules
rule one critical "product: aws, service: cloudtrail" "attack.t1078, attack.persistence" >rules/1.yml
rule two high "product: aws, service: cloudtrail" "attack.T1078.004" >rules/2.yml
rule three low "product: AWS, service: guardduty" "attack.t10789, cve.2021.44228" >rules/3.yml
rule four medium "category: process_creation, product: linux" "" >rules/4.yml
cat >rules/5.yml <<'RULE'
title: five
correlation: {type: event_count, rules: [one], group-by: [user], timespan: 1h, condition: {gte: 3}}
level: high
tags: [attack.t1078]
RULE
printf 'title: six\ntags: [attack.t1078]\nlevel: high\n' >rules/6.yml

titles() { # ARGUMENT...: the titles that are listed of ours, in one line
    "$NEPHO" rules list -r rules -o ndjson "$@" 2>"$err" | python3 -c '
import json, sys
rules = map(json.loads, sys.stdin)
print(" ".join(r["title"] for r in rules if r["file"].startswith("rules/")))'
}

check_eq "without a filter" "one two three four five six" "$(titles)"
check_eq "a technique with its sub-techniques" "one two five six" "$(titles --tag attack.t1078)"
check_eq "without its name space" "one two five six" "$(titles --tag T1078)"
check_eq "a sub-technique" "two" "$(titles --tag attack.t1078.004)"
check_eq "a tactic" "one" "$(titles --tag persistence)"
check_eq "another name space" "three" "$(titles --tag cve.2021)"
check_eq "the beginning of a word is not enough" "" "$(titles --tag t10)"
check_eq "a level exactly" "two five six" "$(titles --level high)"
check_eq "a level and above" "one two five six" "$(titles --min-level high)"
check_eq "both" "one" "$(titles --min-level low --level critical)"
check_eq "a product" "one two three" "$(titles --logsource product=aws)"
check_eq "product and service" "one two" "$(titles --logsource service=CloudTrail,product=aws)"
check_eq "a category" "four" "$(titles --logsource category=process_creation)"
check_eq "filters hold together" "two" "$(titles --logsource product=aws --tag t1078 --level high)"

run rules list --level hihg
check_eq "a level that is none" 2 "$status"
check_has "is named" "hihg" "$err"
run rules list --logsource nonsense
check_eq "a log source that is none" 2 "$status"
check_has "with the option's name" "--logsource" "$err"

run rules list -r rules --tag t1078
check_eq "the table" 0 "$status"
check_has "has titles" "LEVEL" "$out"
check_has "counts what it shows" "documents: " "$out"
check_lacks "and nothing else" "three" "$out"
run rules list --tag no-such-tag
check_eq "nothing of that kind is no failure" 0 "$status"
check_has "but said" "0 documents" "$out"

run rules list --tag t1537
check_has "behaviours are in the table" "nepho.data-opened" "$out"
check_has "and counted by themselves" "1 behaviour, decided in code" "$out"
run rules list --level low
check_lacks "a level that none has" "nepho." "$out"
run rules list --logsource product=gcp
check_lacks "a log source that is not theirs" "nepho." "$out"
run rules list -o ndjson
check_lacks "they are no documents" '"nepho.' "$out"

# On a terminal no row is wider than it.
cat >terminal.py <<'PYTHON'
import fcntl, os, pty, struct, sys, termios
width = int(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.environ["LC_ALL"] = "C.UTF-8"
    os.execv(sys.argv[2], sys.argv[2:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
data = b""
try:
    while chunk := os.read(fd, 65536):
        data += chunk
except OSError:
    pass
_, status = os.waitpid(pid, 0)
lines = data.decode().splitlines()[:-1]  # the sum is a sentence
print(os.waitstatus_to_exitcode(status), len(lines) > 5, max(map(len, lines)) <= width)
PYTHON
for width in 40 80 120; do
    # The window has its size before the program looks: sh waits for a moment.
    check_eq "no row is wider than $width columns" "0 True True" \
        "$(python3 terminal.py "$width" /bin/sh -c 'while [ "$(stty size | cut -d" " -f2)" = 0 ]; do :; done; exec "$0" "$@"' "$NEPHO" rules list -r rules)"
done
done_testing
