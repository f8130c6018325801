"""Check-ins and sessions, by the rules of relay-monitors and of Relay's session protocol.

librelay has no function for these: what its source declares is written down here. Releases go through
librelay itself.
"""

import datetime
import re

from sentry_relay.processing import parse_release

# The most that Sentry takes: minutes, and runs in a row.
MINUTES, RUNS = 40_320, 720

CHECK_IN = {
    "check_in_id": str,
    "monitor_slug": str,
    "status": str,
    "environment": str,
    "duration": float,
    "monitor_config": dict,
    "contexts": dict,
}
CONFIG = {
    "schedule": dict,
    "checkin_margin": int,
    "max_runtime": int,
    "timezone": str,
    "failure_issue_threshold": int,
    "recovery_threshold": int,
}
SESSION = {
    "sid": str,
    "did": (str, type(None)),
    "seq": int,
    "init": bool,
    "timestamp": str,
    "started": str,
    "duration": float,
    "status": str,
    "errors": int,
    "attrs": dict,
}
AGGREGATE = {"started": str, "did": str, "exited": int, "errored": int, "abnormal": int, "crashed": int}


def fields(what, value, known):
    """What a value has beyond the known fields, or of another type."""
    for key in value:
        if key not in known:
            yield f"{what}.{key}: no such field"
        elif not isinstance(value[key], known[key]):
            yield f"{what}.{key}: {value[key]!r}"


def check_in(payload):
    problems = list(fields("check_in", payload, CHECK_IN))
    if not re.fullmatch(r"(?!0{32})[0-9a-f]{32}", payload["check_in_id"]):
        problems.append(f"check_in_id {payload['check_in_id']!r}")
    if not re.fullmatch(r"(?![0-9]+$)[a-z0-9_-]{1,50}", payload["monitor_slug"]):
        problems.append(f"monitor_slug {payload['monitor_slug']!r}")
    if payload["status"] not in ("ok", "in_progress", "error"):
        problems.append(f"status {payload['status']!r}")
    if payload["status"] == "in_progress" and "duration" in payload or payload.get("duration", 0) < 0:
        problems.append(f"duration {payload['duration']!r} of {payload['status']}")
    trace = payload.get("contexts", {"trace": {"trace_id": "a" * 32}})["trace"]["trace_id"]
    if not re.fullmatch(r"(?!0{32})[0-9a-f]{32}", trace):
        problems.append(f"trace_id {trace!r}")
    return problems + (config(payload["monitor_config"]) if "monitor_config" in payload else [])


def config(payload):
    problems = list(fields("monitor_config", payload, CONFIG))
    schedule = payload["schedule"]
    if schedule["type"] == "crontab":
        known = {"type": str, "value": str}
        if not re.fullmatch(r"@[a-z]+|\S+( \S+){4}", schedule["value"]):
            problems.append(f"crontab {schedule['value']!r}")
    else:
        known = {"type": str, "value": int, "unit": str}
        units = ("year", "month", "week", "day", "hour", "minute")
        if schedule["type"] != "interval" or schedule["unit"] not in units or schedule["value"] < 1:
            problems.append(f"schedule {schedule}")
    problems += fields("schedule", schedule, known)
    for key, most in (
        ("checkin_margin", MINUTES),
        ("max_runtime", MINUTES),
        ("failure_issue_threshold", RUNS),
        ("recovery_threshold", RUNS),
    ):
        if not 1 <= payload.get(key, 1) <= most:
            problems.append(f"{key} {payload[key]}")
    return problems


def session(payload):
    problems = list(fields("session", payload, SESSION)) + attributes(payload["attrs"])
    if payload.get("status", "ok") not in ("ok", "exited", "crashed", "abnormal"):
        problems.append(f"status {payload['status']!r}")
    if moment(payload["started"]) > moment(payload["timestamp"]):
        problems.append(f"started {payload['started']} after {payload['timestamp']}")
    if payload.get("init", False) != (payload["seq"] == 0):
        problems.append(f"init {payload.get('init')} with seq {payload['seq']}")
    return problems


def sessions(payload):
    problems = attributes(payload["attrs"])
    if not 1 <= len(payload["aggregates"]) <= 100:
        problems.append(f"{len(payload['aggregates'])} aggregates")
    for item in payload["aggregates"]:
        problems += fields("aggregate", item, AGGREGATE)
        if moment(item["started"]).second or moment(item["started"]).microsecond:
            problems.append(f"started {item['started']} is no minute")
        if not sum(item.get(key, 0) for key in ("exited", "errored", "abnormal", "crashed")):
            problems.append(f"nothing is counted in {item}")
    return problems


def attributes(payload):
    known = {"release": str, "environment": str, "ip_address": str, "user_agent": str}
    problems = list(fields("attrs", payload, known))
    try:
        parse_release(payload["release"])
    except Exception as error:
        problems.append(f"release {payload.get('release')!r}: {error}")
    return problems


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
