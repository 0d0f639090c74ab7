"""Errors as clients of Sentry report them, to a gateway that answers over HTTP."""

import base64
import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import uvicorn
from optiq.kernel.clock import system_clock
from optiq.operations.errors.projects import Project, key_of, number_of
from optiq.ports import wiring

from functions.operations import envelope
from infra.local.gateway import Gateway

FRAMES = [
    {"filename": "site-packages/web.py", "function": "serve", "lineno": 7, "in_app": False},
    {"filename": "shop/orders.py", "function": "place", "lineno": 40, "in_app": True},
    {"filename": "shop/prices.py", "function": "share", "lineno": 12, "in_app": True},
]


@contextmanager
def answering(gateway: Gateway) -> Iterator[str]:
    """The address of a gateway."""
    config = uvicorn.Config(gateway, port=0, lifespan="off", log_config=None, loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def event_of(message: str = "division by zero", **said: Any) -> dict[str, Any]:
    """An event as a client makes it of an exception."""
    exception = {"type": "ZeroDivisionError", "value": message, "stacktrace": {"frames": FRAMES}}
    return {
        "event_id": uuid4().hex,
        "timestamp": system_clock() / 1000,
        "platform": "python",
        "exception": {"values": [exception]},
    } | said


def envelope_of(*events: dict[str, Any]) -> bytes:
    lines: list[bytes] = [json.dumps({"sent_at": "2026-11-29T00:00:00Z"}).encode()]
    for one in events:
        payload = json.dumps(one).encode()
        lines += [json.dumps({"type": "event", "length": len(payload)}).encode(), payload]
    return b"\n".join(lines)


def post(project: Project, body: bytes, *, zipped: bool = False, key: str = "", rest: str = "envelope/") -> Any:
    """Sends an envelope to the handler."""
    secret = wiring.platform_secret()
    key = key or key_of(secret, project)
    headers = {"x-sentry-auth": f"Sentry sentry_key={key}, sentry_version=7, sentry_client=sentry.python/2.75.0"}
    sent = gzip.compress(body) if zipped else body
    if zipped:
        headers["content-encoding"] = "gzip"
    return envelope.handler(
        {
            "headers": headers,
            "pathParameters": {"project": str(number_of(secret, project)), "rest": rest},
            "body": sent.decode("latin-1") if not zipped else base64.b64encode(sent).decode(),
            "isBase64Encoded": zipped,
        },
        None,
    )


def host_of(address: str) -> str:
    return urlsplit(address).netloc
