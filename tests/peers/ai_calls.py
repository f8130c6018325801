"""Records what Sentry's Python SDK sends for calls of OpenAI's client: the AI spans alone, as data.

    python ai_calls.py > ../fixtures/ai_golden/python.json

Needs `sentry-sdk==2.75.0` and `openai==3.54.0`. The model is a server on the loopback interface that answers with
the fixtures in `tests/fixtures/ai`. What differs each time is left out.
"""

import http.server
import json
import pathlib
import sys
import threading

import record

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures" / "ai"
SITUATIONS = ("chat", "stream", "embeddings", "abandoned", "responses", "responses_stream", "responses_abandoned")
NAMES = {"embeddings": "openai_embeddings", "responses": "openai_responses"}
# Of this machine, this run and this program.
VARYING = ("thread.id", "thread.name", "process.", "sentry.sdk.", "server.address", "sentry.segment.", "code.", "os.")
TIMES = ("gen_ai.response.time_to_first_token", "gen_ai.response.time_to_first_chunk")


class Model(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = next((name for part, name in NAMES.items() if part in self.path), "openai_chat")
        fixture = json.loads((FIXTURES / f"{name}.json").read_text())
        if request.get("stream"):
            events = [event(chunk) for chunk in fixture["stream"]]
            self.answer("text/event-stream", "".join(events) + "data: [DONE]\n\n")
        else:
            self.answer("application/json", json.dumps(fixture["whole"]))

    def answer(self, kind, text):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def event(chunk):
    """The events of Responses have names."""
    name = f"event: {chunk['type']}\n" if "type" in chunk else ""
    return f"{name}data: {json.dumps(chunk)}\n\n"


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def call(client, situation):
    question = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}], "temperature": 0.2, "max_tokens": 500}
    streamed = {**question, "stream": True, "stream_options": {"include_usage": True}}
    if situation == "chat":
        client.chat.completions.create(**question)
    elif situation == "stream":
        list(client.chat.completions.create(**streamed))
    elif situation == "abandoned":
        stream = client.chat.completions.create(**streamed)
        next(stream), next(stream)
        stream.close()
    elif situation.startswith("responses"):
        prompt = {"model": "gpt-5", "input": "hello", "temperature": 0.2, "max_output_tokens": 500}
        answer = client.responses.create(**prompt, stream=situation != "responses")
        if situation == "responses_stream":
            list(answer)
        elif situation == "responses_abandoned":
            next(answer), next(answer)
            answer.close()
    else:
        client.embeddings.create(model="text-embedding-3-small", input="hello")


def spans(received):
    for _, body in received:
        lines = body.split(b"\n")
        for header, payload in zip(lines[1::2], lines[2::2]):
            if json.loads(header)["type"] == "span":
                yield from json.loads(payload)["items"]


def data(span):
    attributes = span["attributes"]
    kept = {key: value for key, value in sorted(attributes.items()) if not key.startswith(VARYING)}
    for key in TIMES:
        if key in kept:
            kept[key]["value"] = 0.5
    return {"name": span["name"], "status": span["status"], "attributes": kept}


def main():
    import openai
    import sentry_sdk

    ingest, model = serve(record.Server), serve(Model)
    sentry_sdk.init(
        dsn=f"http://key@127.0.0.1:{ingest}/42", release="shop@1.4.0", environment="test", traces_sample_rate=1.0
    )
    client = openai.OpenAI(api_key="key", base_url=f"http://127.0.0.1:{model}/v1")
    recorded = {}
    for situation in SITUATIONS:
        record.Server.received.clear()
        with sentry_sdk.start_transaction(op="http.server", name="POST /chat"):
            call(client, situation)
        sentry_sdk.flush(5)
        found = [data(span) for span in spans(record.Server.received)]
        # A stream that nobody reads to its end leaves none.
        recorded[situation] = [span for span in found if span["attributes"]["sentry.op"]["value"].startswith("gen_ai")]
    json.dump(recorded, sys.stdout, indent=1)
    print()


main()
