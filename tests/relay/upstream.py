"""As much of Sentry as a Relay needs behind it: it registers there, asks for the project, and forwards."""

import http.server
import json
import threading
import urllib.parse

import framing

# Relay takes no other form of a public key.
PUBLIC_KEY = "a" * 32

FEATURES = [
    "organizations:ourlogs-ingestion",
    "organizations:tracemetrics-ingestion",
    "organizations:standalone-span-ingestion",
    "projects:span-v2-experimental-processing",
]


class Upstream(http.server.ThreadingHTTPServer):
    """Keeps what is forwarded, and what became of the rest."""

    daemon_threads = True
    # Relay opens many connections at once.
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        # Of the one Relay that is trusted.
        self.relay_key = ""
        self.lock = threading.Lock()
        # Items as pairs of headers and bytes; counts by outcome, category and reason.
        self.items, self.outcomes = [], {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def keep(self, items):
        with self.lock:
            for header, payload in items:
                if header["type"] == "metric_buckets":
                    self.count(json.loads(payload))
                else:
                    self.items.append((header, payload))

    def count(self, buckets):
        for bucket in buckets:
            name = bucket["name"]
            if name.startswith("c:outcomes/"):
                tags = bucket.get("tags", {})
                outcome = name.removeprefix("c:outcomes/").removesuffix("@none")
                key = (outcome, tags.get("category", ""), tags.get("reason", ""))
                self.outcomes[key] = self.outcomes.get(key, 0) + int(bucket["value"])

    def project(self):
        return {
            "projectId": 42,
            "organizationId": 1,
            "slug": "test",
            "publicKeys": [{"publicKey": PUBLIC_KEY, "numericId": 1, "isEnabled": True}],
            "rev": "1",
            "disabled": False,
            "config": {
                "allowedDomains": ["*"],
                "trustedRelays": [self.relay_key],
                "features": FEATURES,
                "datascrubbingSettings": {"scrubData": True, "scrubDefaults": True},
            },
        }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        path = urllib.parse.urlparse(self.path).path
        if path.endswith("/envelope/"):
            self.server.keep(framing.read(body)[1])
            return self.answer({"id": "0" * 32})
        asked = json.loads(body or b"{}")
        if path.endswith("/register/challenge/"):
            return self.answer({"token": "123", "relay_id": asked["relay_id"]})
        if path.endswith("/register/response/"):
            return self.answer({"relay_id": asked["relay_id"]})
        if path.endswith("/projectconfigs/"):
            configs = {key: self.server.project() for key in asked["publicKeys"] if key == PUBLIC_KEY}
            answer = {"configs": configs, "pending": [], "unchanged": []}
            if asked.get("global"):
                answer["global"] = {"measurements": {"builtinMeasurements": [], "maxCustomMeasurements": 10}}
            return self.answer(answer)
        if path.endswith("/relays/metrics/"):
            with self.server.lock:
                for buckets in asked["buckets"].values():
                    self.server.count(buckets)
        self.answer({})

    def do_GET(self):
        self.answer({"is_healthy": True})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
