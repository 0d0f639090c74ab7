"""Performance metrics over HTTP, for staff."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.schemas import InstantIn, OrNull
from optiq.operations.measuring import api as measuring
from optiq.operations.measuring.api import Step

from functions.operations.app import app
from functions.operations.schemas_metrics import HandlerMetricOut, HandlerMetricsOut
from functions.operations.staff import staff_caller

_Name = Annotated[str, Query(max_length=60, description="such as handler.duration.p95")]
_From = Annotated[InstantIn | None, OrNull, Query(alias="from", description="by default a day before `until`")]
_Until = Annotated[InstantIn | None, OrNull, Query(description="by default now")]
_Step = Annotated[Step, Query(description="how long each value is of")]


@app.get("/v1/operator/metrics", operator=True, heavy=True, summary="What handlers cost, by handler and time")
def list_metrics(
    name: _Name = "handler.duration.p95", since: _From = None, until: _Until = None, step: _Step = "hour"
) -> HandlerMetricsOut:
    staff_caller()
    until_ms = until if until is not None else system_clock()
    from_ms = since if since is not None else until_ms - DAY_MS
    found = measuring.list_metrics(name, from_ms, until_ms, step)
    return HandlerMetricsOut(items=[HandlerMetricOut.of(one) for one in found], cursor=None)
