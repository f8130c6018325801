"""Sends each envelope in a folder through a Relay, and says what came out at its other side.

    python through_relay.py RELAY FOLDER

RELAY is the program, which `build_relay` makes. It runs in managed mode, as Sentry's own do in front of
their queues. What it forwards is counted against what went in, and every outcome other than a loss that we
report ourselves is a problem: an HTTP status of 200 says nothing.
"""

import collections
import contextlib
import json
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
from counting import quantities, remarks

# More are a flood that repeats itself.
SHOWN = 20
PATIENCE = 120


def main(program, folder):
    with tempfile.TemporaryDirectory() as config, contextlib.ExitStack() as stack:
        relay = subprocess.run(
            [program, "--config", config, "credentials", "generate"], capture_output=True, text=True
        )
        credentials = json.loads(pathlib.Path(config, "credentials.json").read_text())
        sentry = upstream.Upstream(credentials["public_key"])
        port = free_port()
        settings = pathlib.Path(config, "config.yml")
        settings.write_text(json.dumps(relay_config(sentry.server_port, port)))
        relay = subprocess.Popen([program, "--config", config, "run"])
        stack.callback(relay.wait)
        stack.callback(relay.terminate)
        wait_for("Relay", lambda: get(f"http://127.0.0.1:{port}/api/relay/healthcheck/ready/"))
        sent, problems = collections.Counter(), []
        files = sorted(pathlib.Path(folder).glob("*.envelope"))
        for file in files:
            sent.update(quantities(framing.read(file.read_bytes())[1]))
            status = post(port, file.read_bytes())
            if status != 200:
                problems.append(f"{file.name}: status {status}")
        forwarded = wait_until_forwarded(sentry, sent)
        # Outcomes are collected for a second or so.
        time.sleep(5)
        problems += [f"{kind}: {sent[kind]} sent, {forwarded[kind]} forwarded"
                     for kind in sent if sent[kind] != forwarded[kind]]
        problems += judge(sentry)
        report(len(files), sent, sentry.outcomes, problems)


def judge(sentry):
    problems = []
    for (outcome, category, reason), count in sentry.outcomes.items():
        if outcome not in ("accepted", "client_discard"):
            problems.append(f"{count} {outcome} of category {category}: {reason}")
    for header, payload in sentry.items:
        if header["type"] != "attachment":
            found = remarks(json.loads(payload).get("_meta"), "")
            problems += [f"{header['type']}: {problem}" for problem in found]
    return problems


def report(files, sent, outcomes, problems):
    print(f"{files} envelopes: " + ", ".join(f"{n} {kind}" for kind, n in sorted(sent.items())))
    for (outcome, category, reason), count in sorted(outcomes.items()):
        print(f"{outcome} {category} {reason}: {count}")
    if problems:
        print("\n".join(problems[:SHOWN]))
        sys.exit(f"{len(problems)} problems")
    print("Relay forwards all of them.")


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
        if forwarded == sent or time.monotonic() - since > 10:
            return forwarded
        if (total := sum(forwarded.values())) != before:
            before, since = total, time.monotonic()
        time.sleep(0.2)


def wait_for(what, is_there):
    start = time.monotonic()
    while not is_there():
        if time.monotonic() - start > PATIENCE:
            sys.exit(f"{what} doesn't start")
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
