"""LinkClicked on the stream → counts of clicks."""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.stream_batch import read_batch
from optiq.links import api as links
from optiq.links.contracts import LinkClicked


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    clicked, answer = read_batch(event, LinkClicked.model_validate_json)
    links.count_clicks(clicked)
    return answer
