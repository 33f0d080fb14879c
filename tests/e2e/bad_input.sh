# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Input that is empty, cut off, damaged, hostile or no input at all: it is named, the rest is read, memory
# stays bounded, and the exit status says what happened (CONTRACT.md 1 and 4).
. "$NP_SOURCE_ROOT/tests/support/tap.sh"
need python3

readonly MEMORY_MAX_KIB=$((200 * 1024))

# Like run(), but stdin is the caller's, and $memory is the program's peak memory in KiB.
run_measured() {
    memory=$(python3 -c '
import resource, subprocess, sys
out, err = open(sys.argv[1], "wb"), open(sys.argv[2], "wb")
status = subprocess.call(sys.argv[3:], stdout=out, stderr=err)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status if status >= 0 else 128 - status)' "$out" "$err" "$NEPHO" "$@")
    status=$?
}

# A sanitizer needs several times the memory of what it watches.
if grep -q __asan_init "$NEPHO"; then
    check_memory() { :; }
else
    check_memory() { # NAME
        [ "$memory" -le "$MEMORY_MAX_KIB" ]
        tap_result $? "$1: memory is bounded" "peak: $memory KiB"
    }
fi

# Evaluates a Python expression over the summary, the last line: s; skipped: how many things of each object.
summary() {
    python3 -c '
import json, sys
s = json.loads(open(sys.argv[1], "rb").read().splitlines()[-1])
assert s["kind"] == "summary", s
skipped = {}
for entry in s["skipped"]:
    skipped[entry["object"]] = skipped.get(entry["object"], 0) + entry["count"]
print(eval(sys.argv[2]))' "$out" "$1" 2>&1
}

check_summary() { # NAME WANT EXPRESSION
    check_eq "$1" "$2" "$(summary "$3")"
}

record() { # ID [MORE]
    printf '{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:00Z","eventSource":"s3.amazonaws.com",'
    printf '"eventName":"ListBuckets","awsRegion":"us-east-1","recipientAccountId":"111111111111",'
    printf '"eventID":"%s"%s}\n' "$1" "${2-}"
}

mkdir bad
record good >bad/good.json

# ---- what there is to be wrong with a file
: >bad/empty.json
printf '\n \r\n\t\n' >bad/blanks.json
{ record a; record b | head -c 80; echo; record c; } >bad/cut-line.json
{ record d | tr -d '\n'; } | head -c 100 >bad/cut-end.json
printf 'PAR1\x15\x04\n\x00PAR1' >bad/log.parquet
record e ',"userAgent":"caf'$'\xe9''"' >bad/latin-1.json
head -c 1000000 /dev/zero >bad/nul.json
printf '<!DOCTYPE html>\n<html></html>\n' >bad/page.html
printf '17\n' >bad/number.json
printf '{"hello":"world"}\n' >bad/unknown.json
record f | gzip -c | head -c -6 >bad/cut.json.gz
python3 - <<'PYTHON'
import gzip, random

# A million levels of objects and of arrays.
open("bad/deep.json", "w").write('{"a":' * 10**6 + "1" + "}" * 10**6)
open("bad/deep-array.json", "w").write("[" * 10**6 + "]" * 10**6)

# Damage in the middle: the checksum no longer fits, whatever comes out.
packed = bytearray(gzip.compress(random.Random(1).randbytes(100000)))
packed[50000:50010] = bytes(10)
open("bad/damaged.json.gz", "wb").write(packed)

# 3 GiB of zeros, as members in a row and as blocks of one repeated byte.
open("bad/bomb.gz", "wb").write(gzip.compress(bytes(64 << 20)) * 48)
block = (1 << 1 | (128 << 10) << 3).to_bytes(3, "little") + b"\0"
last = (1 | 1 << 1 | 1 << 3).to_bytes(3, "little") + b"\0"
header = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x38"  # no checksum, no size; a window of 128 KiB
open("bad/bomb.zst", "wb").write(header + block * (24 << 10) + last)
PYTHON

# ---- what is in a folder and no file
mkfifo bad/fifo
ln -s /dev/zero bad/device
ln -s . bad/loop
ln -s loop-b bad/loop-a
ln -s loop-a bad/loop-b
ln -s gone bad/dangling
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("bad/socket")'
python3 -c 'import os; os.mkdir(b"bad/\x1b[31mred\xff"); open(b"bad/\x1b[31mred\xff/\n.json", "w")'
named="blanks.json bomb.gz bomb.zst cut-end.json cut-line.json cut.json.gz damaged.json.gz dangling deep-array.json"
named="$named deep.json device empty.json fifo latin-1.json log.parquet loop loop-a loop-b nul.json number.json page.html"
named="$named socket unknown.json"
if [ "$(id -u)" != 0 ]; then
    record g >bad/closed.json
    chmod 0 bad/closed.json
    mkdir -m 0 bad/closed
    named="$named closed closed.json"
fi

run_measured detect bad -o ndjson </dev/null
check_eq "a folder of bad files: exit status" 0 "$status"
check_memory "a folder of bad files"
# good, a, c; f, which is whole but for its trailer
check_summary "the good records are read" 4 's["records"]'
check_summary "it is not complete" False 's["complete"]'
for name in $named; do
    check_summary "names $name" True "skipped.get('bad/$name', 0) > 0"
done
check_summary "does not name the good file" False "'bad/good.json' in skipped"
for name in bomb.gz bomb.zst deep.json; do
    check_summary "a limit is the reason for $name" True "any(l['object'] == 'bad/$name' for l in s['limits'])"
done
check_has "says what is no JSON" "not JSON (Parquet; export it as JSON)" "$out"
check_eq "no escape sequence reaches stderr" 0 "$(grep -c $'\x1b' "$err")"
check_eq "stdout is text without control characters" 0 "$(grep -c $'[\x1b\xff]' "$out")"

run detect --strict bad/good.json bad/empty.json -o ndjson
check_eq "--strict: exit status" 3 "$status"

# ---- each alone: nothing was read
for name in blanks.json empty.json deep.json nul.json page.html log.parquet number.json unknown.json cut-end.json latin-1.json damaged.json.gz; do
    run detect "bad/$name" -o ndjson
    check_eq "$name alone: exit status" 4 "$status"
done
run detect bad/number.json bad/good.json -o ndjson
check_eq "beside a good one: exit status" 0 "$status"

# ---- paths
run detect bad/good.json missing.json -o ndjson
check_eq "a missing path: exit status" 2 "$status"
check_has "a missing path is named" missing.json "$err"
mkdir nothing
run detect nothing -o ndjson
check_eq "an empty folder: exit status" 4 "$status"
if [ "$(id -u)" != 0 ]; then
    run detect bad/closed.json -o ndjson
    check_eq "a given file that cannot be read: exit status" 4 "$status"
    check_has "it is named" bad/closed.json "$err"
fi

# ---- streams
long_string() {
    record a
    python3 -c '
import sys
write = sys.stdout.buffer.write
write(b"{\"a\":\"")
for _ in range(1024):
    write(b"x" * (1 << 20))
write(b"\"}\n")'
    record b
}
run_measured detect - -o ndjson < <(long_string)
check_eq "a string of 1 GiB: exit status" 0 "$status"
check_memory "a string of 1 GiB"
check_summary "what is around it is read" 2 's["records"]'
check_summary "it is named" 1 "skipped.get('-', 0)"
check_summary "and a limit is the reason" True "any(l['object'] == '-' for l in s['limits'])"

run_measured detect - -o ndjson < <(record a | gzip -c; record b | gzip -c; head -c 512 /dev/zero)
check_eq "packed stdin, several members and padding: exit status" 0 "$status"
check_summary "all of it is read" 2 's["records"]'
check_summary "it is complete" True 's["complete"]'

record c | timeout 60 tee bad/fifo >/dev/null &
"$NEPHO" detect <(record a) - bad/fifo -o ndjson < <(record b) >"$out" 2>"$err"
check_eq "pipes that are given: exit status" 0 $?
wait $!
check_summary "pipes that are given are read" 3 's["records"]'
check_summary "and nothing is missing" True 's["complete"]'

run detect - -o ndjson
check_eq "stdin with nothing in it: exit status" 4 "$status"
check_summary "it is named" 1 "skipped['-']"
"$NEPHO" detect - -o ndjson <bad >"$out" 2>"$err"
check_eq "a folder as stdin: exit status" 4 $?

done_testing
