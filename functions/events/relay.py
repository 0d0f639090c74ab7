"""Hands on what the table's stream reports: new items of the outbox."""

from collections.abc import Mapping
from typing import Any

from optiq.events import api as events


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes a batch of the stream (docs.aws.amazon.com/lambda/latest/dg/with-ddb.html). Raises UpstreamError."""
    found = [events.waiting_event(record["dynamodb"]["NewImage"]) for record in event["Records"]]
    events.hand_on([each for each in found if each is not None])
