"""What Sentry's ingestion says of one item: a list of problems, empty if there are none."""

import re

import service

from sentry_relay.consts import DataCategory
from sentry_relay.processing import StoreNormalizer

from counting import remarks

# Trimming shows what is longer than Sentry keeps.
NORMALIZER = StoreNormalizer(
    project_id=42,
    protocol_version="7",
    client="sentry.rust.monitor",
    remove_other=True,
    enable_trimming=True,
)

# https://develop.sentry.dev/sdk/telemetry/client-reports/
REASONS = {
    "queue_overflow",
    "cache_overflow",
    "buffer_overflow",
    "ratelimit_backoff",
    "network_error",
    "sample_rate",
    "before_send",
    "event_processor",
    "send_error",
    "internal_sdk_error",
    "insufficient_data",
    "backpressure",
    "ignored",
    "invalid",
    "no_parent_span",
}


def event(payload):
    """Normalises as Relay does before it stores; what Relay takes offence at is in `_meta`."""
    try:
        stored = NORMALIZER.normalize_event(event=payload)
    except Exception as error:  # The whole event is refused.
        return [f"refused: {type(error).__name__}: {error}"]
    problems = [f"error: {error}" for error in stored.get("errors") or []]
    problems += remarks(stored.get("_meta"), "")
    return problems + ids(payload)


def transaction(payload):
    problems = event(payload)
    for timed in [payload, *payload["spans"]]:
        start, end = timed.get("start_timestamp"), timed.get("timestamp")
        # Numbers and texts side by side show as negative durations.
        if not isinstance(start, float) or not isinstance(end, float) or start > end:
            problems.append(f"times: {start!r} to {end!r}")
    if len(payload["spans"]) > 1000:
        problems.append(f"{len(payload['spans'])} spans, of which Sentry keeps 1,000")
    if "source" not in payload.get("transaction_info", {}):
        problems.append("transaction_info.source is missing")
    return problems


def ids(payload):
    trace = payload.get("contexts", {}).get("trace", {})
    problems = []
    for what, digits in ("trace_id", 32), ("span_id", 16), ("parent_span_id", 16):
        values = [part[what] for part in [trace, *payload.get("spans", [])] if what in part]
        problems += [f"{what} {value!r}" for value in values if not is_id(value, digits)]
    return problems


def is_id(value, digits):
    # Nothing but zeros means "no id"; librelay puts a new one in its place and says nothing.
    return bool(re.fullmatch(f"[0-9a-f]{{{digits}}}", value)) and set(value) != {"0"}


def client_report(payload):
    problems = []
    for loss in payload["discarded_events"]:
        if DataCategory.parse(loss["category"]) is None:
            problems.append(f"category {loss['category']!r}")
        if loss["reason"] not in REASONS:
            problems.append(f"reason {loss['reason']!r}")
        if not isinstance(loss["quantity"], int) or loss["quantity"] <= 0:
            problems.append(f"quantity {loss['quantity']!r}")
    return problems


def container(headers, payload, needed):
    """A container of logs, metrics or spans: Relay drops one whose headers don't fit."""
    kind = headers["type"].replace("_", "-")
    content_type = headers.get("content_type", "")
    problems = []
    if not re.fullmatch(rf"application/vnd\.sentry\.items\.{kind}(\.v2)?\+json", content_type):
        problems.append(f"content_type {content_type!r}")
    if headers.get("item_count") != len(payload["items"]):
        problems.append(f"item_count {headers.get('item_count')} of {len(payload['items'])}")
    for item in payload["items"]:
        problems += [f"{key} is missing in {item}" for key in needed if key not in item]
        if not is_id(item.get("trace_id", ""), 32):
            problems.append(f"trace_id {item.get('trace_id')!r}")
        for key, value in item.get("attributes", {}).items():
            if not has_its_type(value):
                problems.append(f"attribute {key}: {value}")
    return problems


def has_its_type(attribute):
    kinds = {"string": str, "boolean": bool, "integer": int, "double": (int, float), "array": list}
    return isinstance(attribute.get("value"), kinds.get(attribute.get("type"), ()))


def span(headers, payload):
    needed = ["span_id", "name", "start_timestamp", "end_timestamp", "status", "is_segment"]
    problems = container(headers, payload, needed)
    for item in payload["items"]:
        if item["start_timestamp"] > item["end_timestamp"]:
            problems.append(f"times: {item['start_timestamp']} to {item['end_timestamp']}")
        if not is_id(item["span_id"], 16) or item["status"] not in ("ok", "error"):
            problems.append(f"span_id {item['span_id']!r}, status {item['status']!r}")
    return problems


def problems_of(headers, payload):
    """Of any item. A kind that nobody checks is a problem."""
    by_payload = {
        "event": event,
        "transaction": transaction,
        "client_report": client_report,
        "check_in": service.check_in,
        "session": service.session,
        "sessions": service.sessions,
    }
    kind = headers["type"]
    if kind in by_payload:
        return by_payload[kind](payload)
    if kind == "span":
        return span(headers, payload)
    if kind == "log":
        return container(headers, payload, ["timestamp", "level", "body"])
    if kind == "trace_metric":
        return container(headers, payload, ["timestamp", "name", "type", "value"])
    return [f"nothing checks items of the type {kind!r}"]
