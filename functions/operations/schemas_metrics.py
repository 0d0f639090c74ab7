"""Performance metrics as the API writes them."""

import json
from typing import Self

from optiq.kernel.schemas import Out, PageOut, fields_of, shows
from optiq.operations.measuring.contracts import Metric


@shows(Metric)
class HandlerMetricOut(Out):
    """A metric of a handler over one step of time."""

    tags: dict[str, str]

    @classmethod
    def of(cls, one: Metric) -> Self:
        return cls.model_validate(fields_of(one) | {"tags": json.loads(one.tags)})


class HandlerMetricsOut(PageOut[HandlerMetricOut]):
    """By time, then by handler."""
