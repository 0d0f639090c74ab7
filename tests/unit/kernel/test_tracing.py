"""A traced invocation sends one subsegment to the daemon beside it."""

import json
import socket
import time

import pytest
from optiq.kernel.tracing import trace

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0"
LINE = {"service": "links", "route": "GET /l/{path}", "organization_id": "org_1", "status": 302, "_aws": {"a": 1}}


def _sent(environment: dict[str, str], *, failed: bool = False) -> list[str]:
    """The header and the document of what the daemon gets; none when nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{daemon.getsockname()[1]}"
        trace({"AWS_XRAY_DAEMON_ADDRESS": address} | environment, "links.redirect", 10.0, 12.5, LINE, failed=failed)
        daemon.setblocking(False)
        try:
            return daemon.recv(65_536).decode().splitlines()
        except BlockingIOError:
            return []


def test_trace_sends_a_subsegment_of_lambdas_segment() -> None:
    header, text = _sent({"_X_AMZN_TRACE_ID": TRACE}, failed=True)

    document = json.loads(text)
    assert json.loads(header) == {"format": "json", "version": 1}
    assert len(document.pop("id")) == 16
    assert document == {
        "type": "subsegment",
        "trace_id": "1-5759e988-bd862e3fe1be46a994272793",
        "parent_id": "53995c3f42cd8ad8",
        "name": "links.redirect",
        "start_time": 10.0,
        "end_time": 12.5,
        "fault": True,
        "annotations": {key: value for key, value in LINE.items() if key != "_aws"},
    }


@pytest.mark.parametrize("given", ["", TRACE.replace("Sampled=1", "Sampled=0"), "Root=1-a;Sampled=1", "nonsense"])
def test_trace_sends_nothing_where_an_invocation_is_not_traced(given: str) -> None:
    assert _sent({"_X_AMZN_TRACE_ID": given}) == []


def test_trace_fails_nothing_when_no_daemon_is_there() -> None:
    environment = {"AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:1", "_X_AMZN_TRACE_ID": TRACE}
    for _ in range(3):
        trace(environment, "links.redirect", time.time(), time.time(), LINE, failed=False)
