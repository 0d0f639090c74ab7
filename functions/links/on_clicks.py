"""LinkClicked on the stream → counts of clicks. A record that cannot be read is reported as failed."""

import base64
from collections.abc import Mapping
from typing import Any

from optiq.links import api as links
from optiq.links.contracts import LinkClicked


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    found: list[links.Counted] = []
    failures: list[dict[str, str]] = []
    for record in event["Records"]:
        sequence, shard = record["kinesis"]["sequenceNumber"], record["eventID"].partition(":")[0]
        try:
            clicked = LinkClicked.model_validate_json(base64.b64decode(record["kinesis"]["data"]))
        except ValueError:
            failures.append({"itemIdentifier": sequence})
            break
        found.append(links.Counted(clicked, shard, int(sequence)))
    if found:
        links.count_clicks(found)
    return {"batchItemFailures": failures}
