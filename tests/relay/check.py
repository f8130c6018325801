"""Gives each item of each envelope in a folder to Sentry's own ingestion code.

    python check.py FOLDER

librelay, from the package `sentry-relay`, is the code by which Sentry's servers take in events and
transactions. An HTTP status says nothing of that: Relay answers 200 and drops afterwards.
"""

import collections
import copy
import pathlib
import sys

import framing
import items

# More are a flood that repeats itself.
SHOWN = 20


def main(folder):
    prove_that_the_check_finds_something()
    files = sorted(pathlib.Path(folder).glob("*.envelope"))
    counts, problems = collections.Counter(), []
    for file in files:
        for kind, found in check(file.read_bytes()):
            counts[kind] += 1
            problems += [f"{file.name}: {kind}: {problem}" for problem in found]
    for needed in "event", "transaction", "client_report":
        if not counts[needed]:
            problems.append(f"no {needed} among {len(files)} envelopes: nothing was checked")
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    print(f"{len(files)} envelopes: {said}")
    if problems:
        print("\n".join(problems[:SHOWN]))
        sys.exit(f"{len(problems)} problems")
    print("Relay takes all of them as they are.")


def check(data):
    try:
        headers, contents = framing.read(data)
    except framing.Broken as broken:
        yield "envelope", [str(broken)]
        return
    yield "envelope", envelope_problems(headers, contents)
    for item, payload in contents:
        if item["type"] == "attachment":
            yield "attachment", []
            continue
        try:
            yield item["type"], items.problems_of(item, framing.parse(payload))
        except (framing.Broken, KeyError, TypeError, AttributeError) as broken:
            yield item["type"], [f"not as expected: {broken!r}"]


def envelope_problems(headers, contents):
    problems = []
    if not str(headers.get("sent_at", "")).endswith("Z"):
        problems.append(f"sent_at {headers.get('sent_at')!r}: clock drift can't be corrected")
    kinds = [item["type"] for item, _ in contents]
    if {"event", "transaction"} <= set(kinds) or kinds.count("event") > 1:
        problems.append(f"one envelope with {kinds}")
    return problems


def prove_that_the_check_finds_something():
    """What Relay is known to refuse must be found, or the check is worth nothing."""
    trace = {"trace_id": "a" * 32, "span_id": "b" * 16, "op": "task", "status": "ok"}
    span = {"trace_id": "a" * 32, "span_id": "c" * 16, "start_timestamp": 1.7e9, "timestamp": 1.7e9 + 1}
    good = {
        "event_id": "d" * 32,
        "type": "transaction",
        "transaction": "t",
        "transaction_info": {"source": "custom"},
        "platform": "native",
        "start_timestamp": 1.7e9,
        "timestamp": 1.7e9 + 1,
        "contexts": {"trace": trace},
        "spans": [span],
    }
    assert items.transaction(good) == [], items.transaction(good)
    spoil = {
        "no trace": lambda t: t["contexts"].clear(),
        "negative": lambda t: t.update(timestamp=1.6e9),
        "a negative span": lambda t: t["spans"][0].update(timestamp=1.6e9),
        "a text as time": lambda t: t["spans"][0].update(timestamp="2023-11-14T22:13:21Z"),
        "no such status": lambda t: t["spans"][0].update(status="weird"),
        "a zero id": lambda t: t["contexts"]["trace"].update(trace_id="0" * 32),
        "no such environment": lambda t: t.update(environment="a/b"),
        "a long tag": lambda t: t.update(tags={"key": "x" * 300}),
        "no such field": lambda t: t.update(nonsense=1),
        "no such level": lambda t: t.update(level="loud"),
    }
    for name, change in spoil.items():
        bad = copy.deepcopy(good)
        change(bad)
        assert items.transaction(bad), f"the check doesn't find: {name}"
    prove_it_of_services()


def prove_it_of_services():
    schedule = {"type": "crontab", "value": "0 3 * * *"}
    check_in = {
        "check_in_id": "a" * 32,
        "monitor_slug": "nightly",
        "status": "in_progress",
        "monitor_config": {"schedule": schedule, "checkin_margin": 5},
    }
    session = {
        "sid": "8333339f-5675-4f89-a9a0-1c935255ab58",
        "seq": 0,
        "init": True,
        "started": "2023-11-14T22:13:00Z",
        "timestamp": "2023-11-14T22:13:20Z",
        "attrs": {"release": "shop@1.4.0"},
    }
    counted = {"started": "2023-11-14T22:13:00Z", "exited": 1}
    sessions = {"attrs": session["attrs"], "aggregates": [counted]}
    for kind, good, spoil in (
        ("check_in", check_in, lambda c: c.update(monitor_slug="Nightly Report")),
        ("check_in", check_in, lambda c: c.update(status="done")),
        ("check_in", check_in, lambda c: c["monitor_config"].update(checkin_margin=0)),
        ("check_in", check_in, lambda c: c["monitor_config"]["schedule"].update(value="0 3")),
        ("check_in", check_in, lambda c: c.update(nonsense=1)),
        ("session", session, lambda s: s["attrs"].update(release="a/b\n")),
        ("session", session, lambda s: s.update(init=False)),
        ("session", session, lambda s: s.update(started="2023-11-14T22:14:00Z")),
        ("sessions", sessions, lambda s: s["aggregates"].clear()),
        ("sessions", sessions, lambda s: s["aggregates"][0].update(exited=0)),
        ("sessions", sessions, lambda s: s["aggregates"][0].update(started="2023-11-14T22:13:20Z")),
    ):
        assert items.problems_of({"type": kind}, good) == [], items.problems_of({"type": kind}, good)
        bad = copy.deepcopy(good)
        spoil(bad)
        assert items.problems_of({"type": kind}, bad), f"the check doesn't find: {bad}"


if __name__ == "__main__":
    main(sys.argv[1])
