"""What marketers ask and say of touches: whose credit was kept, which channels they make, over HTTP."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.identity.people.api import caller_of
from optiq.journeys import api as journeys
from optiq.journeys.contracts import CreditGuard, CreditKept, DimensionValue
from optiq.kernel.api_resolver import make_resolver, organization_of
from optiq.kernel.clock import to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ChannelRule, ChannelRules
from pydantic import BaseModel, ConfigDict, Field, StrictInt

app = make_resolver("journeys")

_SiteId = Annotated[str, Path()]
_From = Annotated[str, Query(alias="from", description="first day, such as 2026-01-01; by default 29 days before `to`")]
_To = Annotated[str, Query(alias="to", description="last day, included; by default today in the site's timezone")]


class CreditKeptDocument(BaseModel):
    """Returns from one payment or sign-in page that made no touch, and the sessions they fell in."""

    referrer: str
    returns: int
    sessions: int


class CreditKeptOnDayDocument(BaseModel):
    """A day in the site's timezone; a session is of the day it began."""

    day: str
    rows: list[CreditKeptDocument]


class CreditGuardDocument(BaseModel):
    """`rows` are of all days together, the most returns first; `days` has each day with any, in order."""

    rows: list[CreditKeptDocument]
    days: list[CreditKeptOnDayDocument]

    @classmethod
    def of(cls, kept: CreditGuard) -> "CreditGuardDocument":
        days = [CreditKeptOnDayDocument(day=day, rows=_kept_rows(rows)) for day, rows in kept.days]
        return cls(rows=_kept_rows(kept.rows), days=days)


def _kept_rows(rows: Iterable[CreditKept]) -> list[CreditKeptDocument]:
    return [CreditKeptDocument(**asdict(row)) for row in rows]


class ChannelRuleDocument(BaseModel):
    """Patterns with `*` and `?`, compared without regard to case; an empty one matches anything."""

    model_config = ConfigDict(extra="forbid")

    channel: str
    source: str = ""
    medium: str = ""
    campaign: str = ""


class ChannelRulesBody(BaseModel):
    """All of a site's own rules, tried in this order before the default grouping."""

    rules: list[ChannelRuleDocument]

    def contract(self) -> list[ChannelRule]:
        return [ChannelRule(**rule.model_dump()) for rule in self.rules]


class ChannelRulesChange(ChannelRulesBody):
    """With `version` the change is made only while the rules are still of that version."""

    version: StrictInt | None = None


class ChannelRulesVersion(BaseModel):
    version: int
    created_at: str
    rules: list[ChannelRuleDocument]

    @classmethod
    def of(cls, rules: ChannelRules) -> "ChannelRulesVersion":
        said = [ChannelRuleDocument(**asdict(rule)) for rule in rules.rules]
        return cls(version=rules.version, created_at=to_rfc3339(rules.created_ms), rules=said)


class ChannelRulesDocument(BaseModel):
    """`current` is in force; `versions` are all there were, it included, the newest first."""

    current: ChannelRulesVersion
    versions: list[ChannelRulesVersion]


class ChannelChangeDocument(BaseModel):
    old_channel: str
    new_channel: str
    touches: int
    share: float = Field(description="of all touches, 0 to 1")


class DryRunDocument(BaseModel):
    """`touches` counts all of these days (UTC); `changes` has only those that would stand in another channel."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    touches: int
    changes: list[ChannelChangeDocument]


class DimensionValueDocument(BaseModel):
    """A value and when it was seen; `category` is said of referrers: search, social, video, shopping, assistant, email
    or other."""

    value: str
    first_seen_at: str
    last_seen_at: str
    touches: int
    category: str | None = None

    @classmethod
    def of(cls, found: DimensionValue) -> "DimensionValueDocument":
        return cls(
            value=found.value,
            first_seen_at=to_rfc3339(found.first_seen_ms),
            last_seen_at=to_rfc3339(found.last_seen_ms),
            touches=found.touches,
            category=found.category or None,
        )


class DimensionsDocument(BaseModel):
    kind: str
    rows: list[DimensionValueDocument]


@app.get(
    "/v1/sites/{site_id}/credit-guard",
    needs="reports:read",
    heavy=True,
    summary="Returns that took nobody's credit",
)
def credit_guard(site_id: _SiteId, from_day: _From = "", to_day: _To = "") -> CreditGuardDocument:
    return CreditGuardDocument.of(journeys.credit_kept(organization_of(app), site_id, from_day, to_day))


@app.get("/v1/sites/{site_id}/channel-rules", needs="sites:read", summary="A site's own channel rules")
def channel_rules(site_id: _SiteId) -> ChannelRulesDocument:
    versions = [ChannelRulesVersion.of(rules) for rules in tenancy.channel_rule_versions(organization_of(app), site_id)]
    return ChannelRulesDocument(current=versions[0], versions=versions)


@app.put("/v1/sites/{site_id}/channel-rules", needs="sites:write", summary="Change a site's channel rules")
def set_channel_rules(site_id: _SiteId, body: Annotated[ChannelRulesChange, Body()]) -> ChannelRulesVersion:
    by, wanted = caller_of(app), body.contract()
    changed = tenancy.set_channel_rules(by.organization_id, site_id, wanted, expected_version=body.version, by=by)
    return ChannelRulesVersion.of(changed)


@app.post(
    "/v1/sites/{site_id}/channel-rules/dry-run",
    needs="sites:write",
    keyless_because="it changes nothing",
    heavy=True,
    summary="What other channel rules would change of the last 30 days",
)
def dry_run_channel_rules(site_id: _SiteId, body: Annotated[ChannelRulesBody, Body()]) -> DryRunDocument:
    found = journeys.dry_run_channel_rules(organization_of(app), site_id, body.contract())
    return DryRunDocument(
        from_day=found.from_day,
        to_day=found.to_day,
        touches=found.touches,
        changes=[ChannelChangeDocument(**asdict(change)) for change in found.changes],
    )


@app.get(
    "/v1/sites/{site_id}/dimensions",
    needs="reports:read",
    heavy=True,
    summary="Landing pages, referrers and UTM values seen on a site",
)
def dimensions(
    site_id: _SiteId,
    kind: Annotated[str, Query(description=f"one of {', '.join(journeys.DIMENSION_KINDS)}")],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DimensionsDocument:
    found = journeys.dimension_values(organization_of(app), site_id, kind, limit)
    return DimensionsDocument(kind=kind, rows=[DimensionValueDocument.of(value) for value in found])


handler = app
