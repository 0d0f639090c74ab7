"""An API Gateway request as a `Delivery`."""

from optiq.collect.contracts import Delivery
from optiq.kernel.clock import system_clock
from optiq.kernel.http import Event, body_bytes


def delivery_of(event: Event, body: bytes | None = None) -> Delivery:
    """The request; `body` when the events are not in its body. Raises InvalidError for unreadable base64."""
    http, headers = event["requestContext"]["http"], event.get("headers") or {}
    return Delivery(
        source=f"{http['method']} {http['path']}",
        body=body_bytes(event) if body is None else body,
        user_agent=headers.get("user-agent", "")[:500],
        ip=http.get("sourceIp", ""),
        # The gateway of one machine tells it apart (infra/local/origin.py).
        named_ip=http.get("visitorIp", ""),
        received_ms=system_clock(),
        encoding=headers.get("content-encoding", ""),
        opted_out="1" in (headers.get("sec-gpc"), headers.get("dnt")),
        gpc=headers.get("sec-gpc") == "1",
    )
