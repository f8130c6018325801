"""What is in items, and what Relay has to say of them."""

import collections
import json


def quantities(items):
    """How many of which kind; reports of losses aren't forwarded as such."""
    counts = collections.Counter()
    for header, payload in items:
        kind = header["type"]
        if kind == "client_report":
            continue
        value = json.loads(payload) if kind != "attachment" else {}
        if kind == "transaction":
            counts["transaction's span"] += len(value.get("spans") or [])
        counts[kind] += len(value["items"]) if kind in ("span", "log", "trace_metric") else 1
    return counts


def reported(items):
    """What reports say that was lost, by reason."""
    counts = collections.Counter()
    for header, payload in items:
        if header["type"] == "client_report":
            for loss in json.loads(payload)["discarded_events"]:
                counts[loss["reason"]] += loss["quantity"]
    return counts


def remarks(meta, path):
    """Errors, and values that were cut or removed."""
    problems = []
    for key, value in (meta or {}).items():
        if key == "":
            problems += [f"{path}: {kind} {value[kind]}" for kind in ("err", "rem") if kind in value]
        else:
            problems += remarks(value, f"{path}.{key}".lstrip("."))
    return problems
