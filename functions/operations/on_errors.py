"""ErrorReported and MetricsMeasured on the stream → rows of the lake, and groups of errors."""

from collections.abc import Mapping
from typing import Annotated, Any

from optiq.kernel.clock import system_clock
from optiq.kernel.stream_batch import read_batch
from optiq.operations.errors import api as errors
from optiq.operations.errors.contracts import ErrorReported
from optiq.operations.measuring import api as measuring
from optiq.operations.measuring.contracts import MetricsMeasured
from pydantic import Field, TypeAdapter

_MESSAGE: TypeAdapter[ErrorReported | MetricsMeasured] = TypeAdapter(
    Annotated[ErrorReported | MetricsMeasured, Field(discriminator="type")]
)


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    found, answer = read_batch(event, _MESSAGE.validate_json)
    messages = [one.message for one in found]
    errors.take_in([one for one in messages if isinstance(one, ErrorReported)], system_clock())
    measuring.take_in([one for one in messages if isinstance(one, MetricsMeasured)])
    return answer
