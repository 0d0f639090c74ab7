"""Requests of servers in every form, and what they put on the stream."""

import base64
import json
from typing import Any

from optiq.kernel.events import EventAccepted, EventRejected, decode

from functions.collect import measurement, segment
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request


def basic(write_key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()}


def post(name: str, body: object, **headers: str) -> dict[str, Any]:
    """Posts to /v1/{name}; header names are written with underscores."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return segment.handler(request("POST", f"/v1/{name}", raw, named), None)


def post_measurement(secret: str, body: object, **headers: str) -> dict[str, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    query = f"measurement_id=G-1&api_secret={secret}"
    return measurement.handler(request("POST", "/mp/collect", raw, named, query), None)


def on_the_stream(pipeline: Pipeline) -> tuple[list[EventAccepted], list[EventRejected]]:
    """What was put there since the last look, in order within each shard."""
    accepted: list[EventAccepted] = []
    rejected: list[EventRejected] = []
    for batch in pipeline.batches("journeys", size=10_000):
        for record in batch["Records"]:
            message = decode(base64.b64decode(record["kinesis"]["data"]))
            if isinstance(message, EventAccepted):
                accepted.append(message)
            elif isinstance(message, EventRejected):
                rejected.append(message)
        pipeline.advance("journeys", batch)
    return accepted, rejected


def kept(rejected: EventRejected) -> bytes:
    return base64.b64decode(rejected.body)
