# SPDX-License-Identifier: Apache-2.0
"""Alerts posted to a peer: in order and whole, through its troubles, and never at the cost of the run."""

import http.server
import json
import os
import socket
import subprocess
import threading
import time

import tap

NEPHO = os.environ["NEPHO"]
RULES = """
- rule: Key made
  desc: d
  condition: ct.name = "CreateAccessKey"
  output: a key was made by %ct.user (%ct.srcip)
  priority: WARNING
  source: aws_cloudtrail
  tags: [T1098]
"""


class Peer:
    """Takes alerts as falcosidekick does; `answer(number of the request)` gives the status, and may take its time."""

    def __init__(self, answer, port=0):
        peer = self
        self.got, self.requests, self.types = [], 0, set()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                peer.types.add(self.headers["Content-Type"])
                status = answer(peer.requests)
                peer.requests += 1
                if status == 200:
                    peer.got.append(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ids(self):
        return [alert["output_fields"]["evt.num"] for alert in self.got]


def write_logs(name, count):
    with open(name, "w", encoding="utf-8") as out:
        for i in range(count):
            record = {
                "eventVersion": "1.08", "eventTime": f"2023-07-10T11:{i // 60 % 60:02}:{i % 60:02}Z", "eventName": "CreateAccessKey",
                "eventSource": "iam.amazonaws.com", "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.7",
                "userIdentity": {"type": "IAMUser", "userName": "ann"}, "eventID": f"e-{i}", "recipientAccountId": "111122223333",
            }
            out.write(json.dumps(record) + "\n")
    return name


def start(logs, *outputs):
    command = [NEPHO, "detect", logs, "--no-default-rules", "--findings-only", "-r", "rules.yaml", "--append-fields", "evt.num"]
    for output in outputs:
        command += ["-o", output]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def end(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_whole(logs, count):
    peer = Peer(lambda _: 200)
    status, out, err = end(start(logs, f"falco:{peer.url}", "falco:posted.jsonl"))
    with open("posted.jsonl", encoding="utf-8") as lines:
        written = [json.loads(line) for line in lines]
    for alert in [*written, *peer.got]:
        alert.pop("uuid")
    tap.check("what is posted is what a file gets, in order", status == 0 and len(written) == count and peer.got == written, status, err)
    tap.check("nothing goes to stdout", out == "", out)
    tap.check("it is said to be JSON", peer.types == {"application/json"}, peer.types)


def check_slow(logs, count):
    peer = Peer(lambda _: time.sleep(0.05) or 200)
    process = start(logs, f"falco:{peer.url}", "ndjson:findings.json")
    begin = time.monotonic()
    while time.monotonic() - begin < 60 and not (os.path.exists("findings.json") and b'"summary"' in open("findings.json", "rb").read()):
        time.sleep(0.01)
    behind = len(peer.got) < count
    status, _, err = end(process)
    tap.check("a slow peer gets all", status == 0 and len(peer.got) == count, status, err)
    tap.check("and the run does not wait for it", behind, "every alert was delivered before the other output was finished")


def check_refusing(logs, count):
    peer = Peer(lambda number: 400 if number == 1 else 200)
    status, _, err = end(start(logs, f"falco:{peer.url}"))
    tap.check("an alert that is refused does not hold up the others", len(peer.got) == count - 1 and peer.requests == count, peer.requests)
    tap.check("and is told", status == 4 and f"1 of {count} were not delivered" in err and "status 400" in err, status, err)


def check_busy(logs, count):
    peer = Peer(lambda number: 503 if number in (0, 2) else 200)
    status, _, err = end(start(logs, f"falco:{peer.url}"))
    tap.check("a busy peer is tried again", status == 0 and len(peer.got) == count, status, err)
    tap.check("in order", peer.ids() == sorted(peer.ids()))


def check_down_then_up(logs, count):
    port = free_port()
    process = start(logs, f"falco:http://127.0.0.1:{port}/")
    time.sleep(0.5)
    peer = Peer(lambda _: 200, port)
    status, _, err = end(process)
    tap.check("a peer that comes up late gets all", status == 0 and len(peer.got) == count, status, err, len(peer.got))


def check_bound():
    count = 10050
    port = free_port()
    process = start(write_logs("many.json", count), f"falco:http://ann:secret@127.0.0.1:{port}/")
    time.sleep(4)
    peer = Peer(lambda _: 200, port)
    status, _, err = end(process)
    tap.check("what finds no room is told", status == 4 and f"of {count} were not delivered" in err and "for want of room" in err, status, err)
    tap.check("up to the bound nothing is lost", len(peer.got) >= 10000, len(peer.got))
    tap.check("a password is not shown", "secret" not in err, err)


def check_other_output(logs, count):
    peer = Peer(lambda _: 200)
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [NEPHO, "detect", logs, "--no-default-rules", "--findings-only", "-r", "rules.yaml", "-o", f"falco:{peer.url}"]
        run = subprocess.run([*command, "-o", "ndjson"], stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    tap.check("what was found is delivered though another output fails", run.returncode == 4 and len(peer.got) == count,
              run.returncode, len(peer.got), run.stderr)


def check_down(logs, count):
    begin = time.monotonic()
    status, _, err = end(start(logs, f"falco:http://127.0.0.1:{free_port()}/"))
    tap.check("a peer that stays down ends the wait", status == 4 and time.monotonic() - begin < 15, status, time.monotonic() - begin)
    tap.check("and all is told", f"{count} of {count} were not delivered" in err, err)


def check_usage(logs):
    status, _, err = end(start(logs, "ndjson:http://127.0.0.1:1/"))
    tap.check("only falco goes to a URL", status == 2 and "to files only" in err, status, err)
    status, _, err = end(start(logs, "falco:http://a b/"))
    tap.check("what is no URL is refused", status in (2, 4) and "URL" in err, status, err)


def main():
    with open("rules.yaml", "w", encoding="utf-8") as out:
        out.write(RULES)
    count = 40
    logs = write_logs("logs.json", count)
    check_whole(logs, count)
    check_slow(logs, count)
    check_refusing(logs, count)
    check_busy(logs, count)
    check_down_then_up(logs, count)
    check_bound()
    check_other_output(logs, count)
    check_down(logs, count)
    check_usage(logs)
    tap.done()


if __name__ == "__main__":
    main()
