"""An API Gateway request as a `Delivery`."""

from optiq.collect.contracts import Delivery
from optiq.kernel.clock import system_clock
from optiq.kernel.http import Event, body_bytes, header


def delivery_of(event: Event, body: bytes | None = None) -> Delivery:
    """The request; `body` when the events are not in its body. Raises InvalidError for unreadable base64."""
    http = event["requestContext"]["http"]
    return Delivery(
        source=f"{http['method']} {http['path']}",
        body=body_bytes(event) if body is None else body,
        user_agent=header(event, "user-agent")[:500],
        ip=http.get("sourceIp", ""),
        # The gateway of one machine tells it apart (infra/local/origin.py).
        named_ip=http.get("visitorIp", ""),
        received_ms=system_clock(),
        encoding=header(event, "content-encoding"),
        opted_out="1" in (header(event, "sec-gpc"), header(event, "dnt")),
    )
