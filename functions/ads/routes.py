"""What campaigns cost, sent in by the customer's own means."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from optiq.ads import api as ads
from optiq.ads.contracts import DailyMetric
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import parse_currency, to_micros
from pydantic import BaseModel, Field, StrictFloat, StrictInt, StrictStr

app = make_resolver("ads")

_Name = Annotated[str, Field(min_length=1, max_length=500)]
_Count = Annotated[int, Field(ge=0, le=10**12, strict=True)]


class AdMetric(BaseModel):
    """One campaign's day. `spend` is a decimal amount of `currency`; text keeps it exact."""

    day: Annotated[str, Field(examples=["2026-01-31"])]
    source: _Name
    medium: _Name
    campaign: _Name = "(not set)"
    impressions: _Count = 0
    clicks: _Count = 0
    spend: Annotated[StrictInt | StrictFloat | StrictStr, Field(examples=["12.50"])]
    currency: Annotated[str, Field(examples=["EUR"])]

    def contract(self, place: int) -> DailyMetric:
        """Raises InvalidError, which names the row by its place, for an amount or currency that cannot be."""
        try:
            spend_micros, currency = to_micros(self.spend), parse_currency(self.currency)
        except InvalidError as error:
            raise InvalidError(f"rows.{place}: {error}") from error
        return DailyMetric(
            day=self.day,
            source=self.source,
            medium=self.medium,
            campaign=self.campaign,
            impressions=self.impressions,
            clicks=self.clicks,
            spend_micros=spend_micros,
            currency=currency,
        )


class AdMetrics(BaseModel):
    rows: Annotated[list[AdMetric], Field(min_length=1, max_length=1000)]


class Stored(BaseModel):
    stored: int


@app.post(
    "/v1/sites/{site_id}/ad-metrics",
    needs="ads:write",
    summary="Send daily ad metrics; a campaign's day sent again is replaced",
    status_code=202,
    response_description="Stored",
)
def record_ad_metrics(site_id: Annotated[str, Path()], body: Annotated[AdMetrics, Body()]) -> tuple[Stored, int]:
    metrics = [row.contract(place) for place, row in enumerate(body.rows)]
    by = caller_of(app)
    return Stored(stored=ads.record_daily_metrics(by.organization_id, site_id, metrics, by=by)), 202


handler = app
