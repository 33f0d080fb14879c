# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Archives: what is in them is read as if it stood in a folder, from files and pipes, and what cannot be
# read of them is named (CONTRACT.md 4).
. "$NP_SOURCE_ROOT/tests/support/tap.sh"
need python3
need zstd

# Evaluates a Python expression over the last line of $out: s; skipped: how many things of each object.
summary() {
    python3 -c '
import json, sys
s = json.loads(open(sys.argv[1], "rb").read().splitlines()[-1])
skipped = {}
for entry in s["skipped"]:
    skipped[entry["object"]] = skipped.get(entry["object"], 0) + entry["count"]
print(eval(sys.argv[2]))' "$out" "$1" 2>&1
}

check_summary() { # NAME WANT EXPRESSION
    check_eq "$1" "$2" "$(summary "$3")"
}

check_reason() { # NAME OBJECT TEXT: why the object was skipped
    check_summary "$1" True "any(e['object'] == '$2' and '$3' in e['reason'] for e in s['skipped']) or s['skipped']"
}

mkdir logs
python3 - <<'PYTHON'
import gzip, io, json, os, subprocess, tarfile, zipfile

def record(number, more={}):
    return json.dumps({
        "eventVersion": "1.08", "eventTime": f"2024-01-01T00:{number:02}:00Z", "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets", "recipientAccountId": "111111111111", "eventID": str(number), **more}).encode()

os.makedirs("logs/a/b")
open("logs/a/1.json", "wb").write(record(1) + b"\n" + record(2))
open("logs/a/b/2.json.gz", "wb").write(gzip.compress(b'{"Records":[' + record(3) + b"," + record(4) + b"]}"))
open("logs/a/b/3.zst", "wb").write(subprocess.run(["zstd"], input=record(5), stdout=subprocess.PIPE).stdout)
open("logs/caf\u00e9.json", "wb").write(record(6))
open("logs/page.html", "wb").write(b"<html></html>")

def tar(name, mode="w", members=("logs",), **options):
    with tarfile.open(name, mode, **options) as archive:
        for member in members:
            archive.add(member)

def zipped(name, method):
    with zipfile.ZipFile(name, "w", method) as archive:
        for folder, _, files in os.walk("logs"):
            archive.write(folder)
            for file in files:
                archive.write(os.path.join(folder, file))

tar("pax.tar", format=tarfile.PAX_FORMAT)
tar("gnu.tar", format=tarfile.GNU_FORMAT)
tar("ustar.tar", format=tarfile.USTAR_FORMAT)
tar("log.tar.gz", "w:gz")
subprocess.run(["zstd", "-q", "pax.tar", "-o", "log.tar.zst"], check=True)
zipped("deflated.zip", zipfile.ZIP_DEFLATED)
zipped("stored.zip", zipfile.ZIP_STORED)

# ---- what cannot be read
os.mkdir("bad")
whole = open("pax.tar", "rb").read()
open("bad/cut.tar", "wb").write(whole[:len(whole) // 2 // 512 * 512 + 100])
packed = open("log.tar.gz", "rb").read()
open("bad/cut.tar.gz", "wb").write(packed[:-200])
whole = open("stored.zip", "rb").read()
open("bad/cut.zip", "wb").write(whole[:300])

def one_file(name, data, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(name, "w", method) as archive:
        archive.writestr("good.json", record(9), zipfile.ZIP_STORED)
        archive.writestr("last.json", data)

one_file("bad/encrypted.zip", record(10))
data = bytearray(open("bad/encrypted.zip", "rb").read())
data[data.index(b"PK\3\4", 1) + 6] |= 1  # the flag is all that is looked at
open("bad/encrypted.zip", "wb").write(data)
one_file("bad/lzma.zip", record(10) * 100, zipfile.ZIP_LZMA)
one_file("bad/nested.zip", open("ustar.tar", "rb").read())
one_file("bad/bomb.zip", gzip.compress(bytes(64 << 20)) * 48, zipfile.ZIP_DEFLATED)
with tarfile.open("bad/odd.tar", "w") as archive:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        info = tarfile.TarInfo("kind" + kind.decode())
        info.type, info.linkname = kind, "good.json"
        archive.addfile(info)
with tarfile.open("bad/names.tar", "w") as archive:
    for name in ("../../up.json", "/etc/abs.json", "\x1b[31mred\n.json", "n" * 5000):
        info = tarfile.TarInfo(name)
        archive.addfile(info)

# A sparse file of 8 EiB in a tar file of a few KiB, and a million folders.
info = tarfile.TarInfo("sparse")
info.size = 512
info.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": "sparse",
                    "GNU.sparse.size": str(2**62), "GNU.sparse.map": f"{2**62 - 512},512"}
with tarfile.open("bad/sparse.tar", "w", format=tarfile.PAX_FORMAT) as archive:
    archive.addfile(info, io.BytesIO(bytes(512)))
folder = tarfile.TarInfo("folder")
folder.type = tarfile.DIRTYPE
header = folder.tobuf()
with gzip.open("bad/many.tar.gz", "wb", 1) as file:
    for _ in range(1001):
        file.write(header * 1000)
PYTHON

# ---- like the folder
run detect logs -o ndjson
check_eq "the folder: exit status" 0 "$status"
check_summary "the folder is read" "6 1" 'f"""{s["records"]} {len(s["skipped"])}"""'
for archive in pax.tar gnu.tar ustar.tar log.tar.gz log.tar.zst deflated.zip stored.zip; do
    run detect "$archive" -o ndjson
    check_eq "$archive: exit status" 0 "$status"
    check_summary "$archive is one object with all records" "1 6" 'f"""{s["objects"]} {s["records"]}"""'
    check_summary "$archive: only the page is skipped" "{'$archive/logs/page.html': 1}" skipped
    LC_ALL=C "$NEPHO" detect - -o ndjson < <(cat "$archive") >"$out" 2>"$err"
    check_eq "$archive from a pipe: exit status" 0 $?
    check_summary "$archive from a pipe" "6 {'-/logs/page.html': 1}" 'f"""{s["records"]} {skipped}"""'
done

# ---- what a subscription of CloudWatch Logs delivers
python3 - <<'PYTHON'
import base64, gzip
line = base64.b64encode(gzip.compress(open("logs/a/1.json", "rb").read())).decode()
open("lines.txt", "w").write(f"{line}\n{line}\n")
open("lambda.json", "w").write('{"awslogs":{"data":"%s"}}' % line)
PYTHON
run detect lines.txt -o ndjson
check_summary "base64 lines are read" "4 2 []" 'f"""{s["records"]} {s["events"]} {s["skipped"]}"""'
run detect lambda.json -o ndjson
check_summary "the event of a Lambda function is read" "2 []" 'f"""{s["records"]} {s["skipped"]}"""'
run detect lambda.json --as product=x -o ndjson
check_summary "but not where every object is an event" "1 []" 'f"""{s["records"]} {s["skipped"]}"""'

# ---- what cannot be read
run detect bad -o ndjson
check_eq "bad archives: exit status" 0 "$status"
check_summary "they are not complete" False 's["complete"]'
check_reason "an encrypted member" bad/encrypted.zip/last.json encrypted
check_reason "a method that is not bounded" bad/lzma.zip/last.json 'another method'
check_reason "an archive inside" bad/nested.zip/last.json 'archive inside an archive'
for kind in 1 2 3; do
    check_summary "member of type $kind" 1 "skipped['bad/odd.tar/kind$kind']"
done
check_summary "a bomb inside is a limit" True "any(l['object'] == 'bad/bomb.zip/last.json' for l in s['limits'])"
check_summary "a sparse bomb is a limit" True "any(l['object'] == 'bad/sparse.tar/sparse' for l in s['limits'])"
check_summary "too many members are a limit" True "any(l['object'] == 'bad/many.tar.gz' for l in s['limits'])"
for name in cut.tar cut.tar.gz cut.zip; do
    check_summary "$name is named" True "any(name.startswith('bad/$name') for name in skipped)"
done
check_eq "no escape sequence reaches stderr" 0 "$(grep -c $'\x1b' "$err")"
for archive in encrypted.zip lzma.zip nested.zip bomb.zip; do
    run detect "bad/$archive" -o ndjson
    check_summary "$archive: the rest is read" 1 's["records"]'
done

# ---- real logs
if [ -n "${NEPHO_TEST_DATA-}" ] && [ -e "$NEPHO_TEST_DATA/cloudtrail" ]; then
    findings() { # PREFIX of the objects: without where among equal records one was found
        python3 -c '
import json, sys
lines = []
for line in open(sys.argv[1]):
    line = json.loads(line)
    if line["kind"] == "finding":
        assert line.pop("origin")["object"].startswith(sys.argv[2])
        lines.append(json.dumps(line, sort_keys=True))
print(*sorted(lines), sep="\n")' "$out" "$1"
    }
    counts='{k: s[k] for k in ("records", "events", "duplicates", "digests", "findings", "by_level", "limits", "complete")}'
    reasons="sorted(e['reason'] for e in s['skipped'])"
    # Members of an archive are read as they stand in it, not in the order of time, so actors are left out.
    ln -s "$NEPHO_TEST_DATA/cloudtrail" cloudtrail
    run detect cloudtrail --findings-only -o ndjson
    findings cloudtrail >want.findings
    want=$(summary "$counts") want_reasons=$(summary "$reasons")
    python3 - <<'PYTHON'
import os, tarfile, zipfile
for name, mode in (("real.tar", "w"), ("real.tar.gz", "w:gz")):
    with tarfile.open(name, mode, dereference=True) as archive:
        archive.add("cloudtrail")
with zipfile.ZipFile("real.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for folder, _, files in os.walk("cloudtrail"):
        for file in files:
            archive.write(os.path.join(folder, file))
PYTHON
    zstd -q real.tar
    for archive in real.tar real.tar.gz real.tar.zst real.zip; do
        run detect "$archive" --findings-only -o ndjson
        check_eq "$archive: counts" "$want" "$(summary "$counts")"
        check_eq "$archive: what is skipped" "$want_reasons" "$(summary "$reasons")"
        findings "$archive/cloudtrail/" >got.findings
        check_same "$archive: findings" want.findings got.findings
    done
fi

done_testing
