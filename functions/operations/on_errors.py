"""ErrorReported on the stream → rows of the lake, and groups of errors."""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.clock import system_clock
from optiq.kernel.stream_batch import read_batch
from optiq.operations.errors import api as errors
from optiq.operations.errors.contracts import ErrorReported


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    reported, answer = read_batch(event, ErrorReported.model_validate_json)
    errors.take_in([one.message for one in reported], system_clock())
    return answer
