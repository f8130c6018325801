"""Sends each envelope in a folder through a Relay, and says what came out at its other side.

    python through_relay.py RELAY FOLDER [PROGRAM ARGUMENT..]

RELAY is the program, which `build_relay` makes. It runs in managed mode, as Sentry's own do in front of
their queues. What it forwards is counted against what went in, and every outcome other than a loss that we
report ourselves is a problem: an HTTP status of 200 says nothing. PROGRAM runs afterwards, with this Relay
as its SENTRY_DSN.
"""

import collections
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import framing
import upstream
from counting import quantities, remarks, reported

# More are a flood that repeats itself.
SHOWN = 20
# Seconds without any progress.
PATIENCE = 60


def main(program, folder, *command):
    with tempfile.TemporaryDirectory() as config, contextlib.ExitStack() as stack:
        sentry, port = upstream.Upstream(), free_port()
        settings = pathlib.Path(config, "config.yml")
        settings.write_text(json.dumps(relay_config(sentry.server_port, port)))
        relay = [program, "--config", config]
        subprocess.run([*relay, "credentials", "generate"], check=True, capture_output=True)
        credentials = pathlib.Path(config, "credentials.json").read_text()
        sentry.relay_key = json.loads(credentials)["public_key"]
        running = subprocess.Popen([*relay, "run"])
        stack.callback(running.wait)
        stack.callback(running.terminate)
        wait_for("Relay", lambda: get(f"http://127.0.0.1:{port}/api/relay/healthcheck/ready/"))
        prove_that_it_finds_something(sentry, port)
        sent, lost, problems = collections.Counter(), collections.Counter(), []
        files = sorted(pathlib.Path(folder).glob("*.envelope"))
        for file in files:
            items = framing.read(file.read_bytes())[1]
            sent.update(quantities(items))
            lost.update(reported(items))
            status = post(port, file.read_bytes())
            if status != 200:
                problems.append(f"{file.name}: status {status}")
        forwarded = wait_until_forwarded(sentry, sent)
        # Outcomes are collected for a second or so.
        time.sleep(5)
        problems += differences("sent", sent, "forwarded", forwarded)
        problems += judge(sentry, lost)
        report(len(files), sent, sentry, problems)
        if command:
            run(command, sentry, port)


def prove_that_it_finds_something(sentry, port):
    """Relay answers 200 to a transaction that ends before it starts, and drops it."""
    trace = {"trace_id": "a" * 32, "span_id": "b" * 16, "op": "task"}
    bad = {"type": "transaction", "start_timestamp": 2e9, "timestamp": 1e9, "contexts": {"trace": trace}}
    lines = [{"event_id": "d" * 32}, {"type": "transaction"}, bad]
    assert post(port, "\n".join(map(json.dumps, lines)).encode()) == 200
    wait_for("the outcome", lambda: any(outcome == "invalid" for outcome, *_ in list(sentry.outcomes)))
    # Each of its categories comes by itself.
    time.sleep(3)
    sentry.outcomes.clear()


def differences(what, these, other, those):
    kinds = sorted(set(these) | set(those))
    return [
        f"{kind}: {these[kind]} {what}, {those[kind]} {other}" for kind in kinds if these[kind] != those[kind]
    ]


def judge(sentry, lost):
    problems, told = [], collections.Counter()
    for (outcome, category, reason), count in sentry.outcomes.items():
        if outcome == "client_discard":
            told[reason] += count
        elif outcome != "accepted":
            problems.append(f"{count} {outcome} of category {category}: {reason}")
    problems += differences("reported as lost", lost, "taken for that", told)
    return problems + [f"{kind}: {remark}" for kind, remark in notes(sentry) if not is_scrubbing(remark)]


def notes(sentry):
    """What Relay has changed."""
    for header, payload in sentry.items:
        if header["type"] != "attachment":
            for remark in remarks(json.loads(payload).get("_meta"), ""):
                yield header["type"], remark


def is_scrubbing(remark):
    """What it removes as secret: the tests send texts that look like secrets."""
    return "rem [['@" in remark


def report(files, sent, sentry, problems):
    print(f"{files} envelopes: " + ", ".join(f"{n} {kind}" for kind, n in sorted(sent.items())))
    for (outcome, category, reason), count in sorted(sentry.outcomes.items()):
        print(f"{outcome} {category} {reason}: {count}")
    print(f"{sum(is_scrubbing(remark) for _, remark in notes(sentry))} values scrubbed once more")
    if problems:
        print("\n".join(problems[:SHOWN]))
        sys.exit(f"{len(problems)} problems")
    print("Relay forwards all of them as they are.")


def run(command, sentry, port):
    sentry.items.clear()
    dsn = f"http://{upstream.PUBLIC_KEY}@127.0.0.1:{port}/42"
    subprocess.run(command, env=os.environ | {"SENTRY_DSN": dsn}, check=True)
    wait_for("what the program sent", lambda: sentry.items)
    time.sleep(3)
    print("forwarded:", dict(quantities(sentry.items)))


def relay_config(upstream_port, port):
    return {
        "relay": {
            "mode": "managed",
            "upstream": f"http://127.0.0.1:{upstream_port}/",
            "host": "127.0.0.1",
            "port": port,
        },
        "http": {"encoding": "identity"},
        "normalization": {"level": "full"},
        "outcomes": {"emit_outcomes": True},
        "aggregator": {"bucket_interval": 1, "initial_delay": 0},
        "logging": {"level": "warn"},
        "sentry": {"enabled": False},
    }


def post(port, envelope):
    """Sends it as its sender did, but for the key, for which Relay knows one form only."""
    first, _, rest = envelope.partition(b"\n")
    headers = json.loads(first)
    if "public_key" in headers.get("trace", {}):
        headers["trace"]["public_key"] = upstream.PUBLIC_KEY
    auth = f"Sentry sentry_version=7, sentry_key={upstream.PUBLIC_KEY}"
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/42/envelope/",
        json.dumps(headers).encode() + b"\n" + rest,
        {"X-Sentry-Auth": auth, "Content-Type": "application/x-sentry-envelope"},
    )
    try:
        return urllib.request.urlopen(request, timeout=PATIENCE).status
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode(errors='replace')}"


def wait_until_forwarded(sentry, sent):
    """What has come through, once it is all of it or nothing more comes."""
    before, since = -1, time.monotonic()
    while True:
        with sentry.lock:
            forwarded = quantities(sentry.items)
        if forwarded == sent or time.monotonic() - since > PATIENCE:
            return forwarded
        if (total := sum(forwarded.values())) != before:
            before, since = total, time.monotonic()
        time.sleep(0.2)


def wait_for(what, is_there):
    start = time.monotonic()
    while not is_there():
        if time.monotonic() - start > PATIENCE:
            sys.exit(f"{what} doesn't come")
        time.sleep(0.2)


def get(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


if __name__ == "__main__":
    main(*sys.argv[1:])
