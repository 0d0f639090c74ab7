"""One subsegment in X-Ray for each invocation that Lambda traces: what was asked, and what came of it.

Lambda traces by itself that a function started and ran; this adds what it cannot know. The document goes to the daemon
beside the function, in one datagram that nobody waits for
(docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html).
"""

import json
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress

_HEADER = b'{"format": "json", "version": 1}\n'


def trace(
    environment: Mapping[str, str], name: str, started: float, ended: float, line: Mapping[str, object], *, failed: bool
) -> None:
    """Sends the subsegment, where this invocation is traced.

    Args:
        environment: that of the invocation; Lambda names the trace and the daemon there.
        started, ended: seconds since 1970.
        line: what is known of the invocation; X-Ray finds traces by it.
    """
    daemon = environment.get("AWS_XRAY_DAEMON_ADDRESS", "")
    parts = dict(part.partition("=")[::2] for part in environment.get("_X_AMZN_TRACE_ID", "").split(";"))
    if not daemon or parts.get("Sampled") != "1" or not {"Root", "Parent"} <= parts.keys():
        return
    document = {
        "type": "subsegment",
        "id": secrets.token_hex(8),
        "trace_id": parts["Root"],
        "parent_id": parts["Parent"],
        "name": name,
        "start_time": started,
        "end_time": ended,
        "fault": failed,
        "annotations": {key: value for key, value in line.items() if isinstance(value, str | int | float)},
    }
    host, _, port = daemon.rpartition(":")
    # A trace that is lost must not cost an answer.
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(_HEADER + json.dumps(document).encode(), (host, int(port)))
