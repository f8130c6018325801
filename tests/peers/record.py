"""Records what three SDKs send for the same five situations, and compares them field by field.

    python record.py PROGRAMS > ../../docs/side-by-side.md

PROGRAMS is the folder with the built programs `sentry_rust` and `ours`. Needs `sentry-sdk`.
"""

import gzip
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading

KINDS = {
    "error": "event",
    "transaction": "transaction",
    "panic": "event",
    "check-in": "check_in",
    "metric": "trace_metric",
}
TITLES = {
    "error": "An error with a cause",
    "transaction": "A transaction with a span",
    "panic": "A panic (in Python: an exception that nobody catches)",
    "check-in": "A check-in",
    "metric": "A metric",
}
FRAME = "exception.values[].stacktrace.frames[]"
# Lists of packages and files, source lines, facts of the machine: one line each.
FOLDED = ("modules", "debug_meta", "contexts.runtime", "contexts.os", "contexts.device", "contexts.rust")
FOLDED += tuple(f"{FRAME}.{name}" for name in ("vars", "pre_context", "context_line", "post_context"))
# What differs each time, or from machine to machine.
VARYING = ("_id", ".id", "timestamp", "sent_at", "abs_path", "lineno", "addr", "server_name", "sys.argv")
VARYING += ("memory_usage", "uptime", "sample_rand", "traceback_hash", "address.value", "file.path", "filename")
VARYING += ("line.number", "language_version", "runtime.version")


class Server(http.server.BaseHTTPRequestHandler):
    received = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        Server.received.append((dict(self.headers), body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def record(program, situation, port):
    Server.received.clear()
    env = {k: v for k, v in os.environ.items() if not k.startswith("SENTRY_")}
    env |= {
        "SENTRY_DSN": f"http://key@127.0.0.1:{port}/42",
        "SENTRY_RELEASE": "shop@1.4.0",
        "SENTRY_ENVIRONMENT": "test",
    }
    subprocess.run([*program, situation], env=env, capture_output=True, timeout=60)
    fields = {}
    for headers, body in list(Server.received):
        lines = body.split(b"\n")
        envelope = json.loads(lines[0])
        for header, payload in zip(lines[1::2], lines[2::2]):
            header = json.loads(header)
            if header["type"] != KINDS[situation]:
                continue
            names = {name.lower(): name for name in headers}
            for name in "content-type", "content-encoding", "user-agent":
                if name in names:
                    fields[f"HTTP {name}"] = headers[names[name]].split("/")[0] if name == "user-agent" else headers[names[name]]
            flatten(envelope, "envelope header ", fields)
            flatten({k: v for k, v in header.items() if k != "length"}, "item header ", fields)
            flatten(json.loads(payload), "", fields)
    return fields


def flatten(value, path, fields):
    name = path.rstrip(".")
    if name in FOLDED:
        fields[name] = "yes"
    elif isinstance(value, dict) and value:
        for key, inner in value.items():
            flatten(inner, f"{path}{key}.", fields)
    elif isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        for inner in value:
            flatten(inner, f"{path.rstrip('.')}[].", fields)
    elif value not in (None, {}, []):
        fields[name] = value


def shown(fields, name):
    if name not in fields:
        return ""
    value = fields[name]
    text = value if isinstance(value, str) else json.dumps(value)
    if name.endswith(VARYING):
        text = "number" if isinstance(value, (int, float)) else "text"
    text = text.replace("|", "\\|").replace("\n", " ")
    return text if len(text) <= 40 else text[:37] + "..."


def main(programs):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = pathlib.Path(__file__).parent
    peers = {
        "Python 2.75.0": [sys.executable, str(here / "python.py")],
        "sentry-rust 0.49.5": [f"{programs}/sentry_rust"],
        "here": [f"{programs}/ours"],
    }
    print((here / "introduction.md").read_text().strip())
    for situation, title in TITLES.items():
        columns = [record(program, situation, server.server_port) for program in peers.values()]
        names = list(dict.fromkeys(name for fields in reversed(columns) for name in fields))
        print(f"\n## {title}\n\n| field | {' | '.join(peers)} |\n|---|{'---|' * len(peers)}")
        for name in sorted(names, key=lambda name: (not name.startswith(("HTTP", "envelope", "item")), name)):
            row = [shown(fields, name) for fields in columns]
            print(f"| {name} | {' | '.join(row)} |")


if __name__ == "__main__":
    main(sys.argv[1])
