"""An envelope's bytes, as a server reads them: https://develop.sentry.dev/sdk/data-model/envelopes/"""

import json


class Broken(Exception):
    """The bytes are no envelope."""


def read(data):
    """The headers of an envelope, and its items as pairs of headers and bytes."""
    line, _, rest = data.partition(b"\n")
    headers = parse(line)
    items = []
    while rest:
        line, _, rest = rest.partition(b"\n")
        if not line and not rest:
            break
        item = parse(line)
        if not isinstance(item.get("type"), str):
            raise Broken(f"an item without a type: {item}")
        if "length" in item:
            length = item["length"]
            payload, end = rest[:length], rest[length : length + 1]
            if len(payload) != length or end not in (b"", b"\n"):
                raise Broken(f"a payload that is not as long as it says: {item}")
            rest = rest[length + 1 :]
        else:
            payload, _, rest = rest.partition(b"\n")
        items.append((item, payload))
    if not items:
        raise Broken("no items")
    return headers, items


def parse(data):
    """JSON as Relay takes it: no NaN, no bytes that aren't UTF-8, no lone surrogates.

    The Python wrapper of librelay repairs these before librelay sees them.
    """

    def refuse(constant):
        raise Broken(f"{constant} is no JSON")

    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeError, json.JSONDecodeError) as error:
        raise Broken(str(error)) from error
    return value
