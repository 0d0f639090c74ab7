"""What handlers cost, as a process tells it once a minute, and as staff read it."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

MetricType = Literal["COUNT", "GAUGE"]
Unit = Literal["COUNT", "MILLISECONDS"]


class MetricsMeasured(BaseModel):
    """On the stream: what one handler cost one process in a minute.

    Attributes:
        metric_id: names the handler's minute in its process: the same again is the same rows.
        handler: its import path without `functions.` and `.handler`.
        took_ms: of all calls together. p95_ms: the range that 95 of 100 calls end in.
    """

    model_config = ConfigDict(frozen=True)

    type: Literal["MetricsMeasured"] = "MetricsMeasured"
    metric_id: str
    handler: str
    process: str
    at_ms: int
    calls: int
    failures: int
    took_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a handler over a time. Attributes: tags: JSON, such as `{"handler": "links.redirect"}`."""

    metric_name: str
    metric_type: MetricType
    value: float
    unit: Unit
    measured_ms: int
    tags: str
