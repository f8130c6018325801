"""The five situations by sentry-python as its documentation shows them; one a process."""

import os
import sys

import sentry_sdk
from sentry_sdk.crons import capture_checkin


class OrderError(Exception):
    pass


def load(order):
    try:
        return int(order)
    except ValueError as cause:
        raise OrderError("order x can't be loaded") from cause


sentry_sdk.init(
    dsn=os.environ["SENTRY_DSN"], release="shop@1.4.0", environment="test", traces_sample_rate=1.0
)
situation = sys.argv[1]
if situation == "error":
    try:
        load("x")
    except OrderError as error:
        sentry_sdk.capture_exception(error)
elif situation == "transaction":
    with sentry_sdk.start_transaction(op="http.server", name="GET /orders"):
        with sentry_sdk.start_span(op="db.query", name="SELECT an order") as span:
            span.set_data("rows", 1)
elif situation == "panic":
    # The nearest that Python has: an exception that nobody catches.
    raise RuntimeError("out of stock")
elif situation == "check-in":
    capture_checkin(monitor_slug="nightly", status="ok", duration=1.5)
elif situation == "metric":
    sentry_sdk.metrics.count("orders", 1, attributes={"tenant": "acme"})
