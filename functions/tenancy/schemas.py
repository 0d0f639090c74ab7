"""Organizations and sites as requests and answers have them."""

from typing import Annotated, Any

from optiq.kernel.manifest import Role
from optiq.kernel.schemas import In, Instant, Out, shows
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import (
    ClickId,
    ConversionFeedback,
    CustomDimension,
    Organization,
    PrivacySignals,
    Site,
    SiteStatus,
    UnverifiedConversions,
    VisitorStorage,
)
from pydantic import ConfigDict, Field, StrictBool, StrictInt

from functions.identity.schemas import ProfileOut


class OrganizationIn(In):
    """Without a slug it gets one from its name."""

    name: Annotated[str, Field(examples=["Hearth & Heron"])]
    slug: Annotated[str, Field(examples=["hearth-and-heron"])] = ""
    currency: str = "EUR"
    timezone: str = "UTC"


class OrganizationPatch(In):
    """What is absent stays. With `version` the change is made only while the settings are still of that version."""

    name: str = ""
    slug: str = ""
    currency: str = ""
    timezone: str = ""
    logo_url: str = ""
    version: StrictInt | None = None


@shows(Organization)
class OrganizationOut(Out):
    """A new site has the organization's `currency` and `timezone` unless told otherwise. `version` grows by one with
    every change.
    """

    organization_id: str


class MyOrganizationOut(Out):
    """An organization that I am in, and my role; `is_current` where this session or key belongs to it."""

    organization: OrganizationOut
    role: Role
    expires_at: Instant | None
    is_current: bool


class ClickIdIn(In):
    """A parameter that an advertiser adds to its links, with the source and medium that it means."""

    model_config = ConfigDict(from_attributes=True)

    parameter: str = Field(examples=["xclid"])
    source: str
    medium: str


class CustomDimensionIn(In):
    """A property of events that reports can be by, as the dimension `custom.<name>`."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["plan"])
    property: str = Field(examples=["plan_type"])


class SiteIn(In):
    """What is absent is as the organization has it (`timezone`, `currency`), or the default."""

    name: str = Field(examples=["Shop"])
    domains: list[str] = Field(examples=[["shop.example"]])
    timezone: str | None = None
    currency: str | None = None
    conversion_events: list[str] | None = None
    lookback_days: StrictInt | None = None
    excluded_referrers: tuple[str, ...] = ()
    split_sessions_at_midnight: StrictBool = False
    workspace_id: str | None = None


class SitePatch(In):
    """What to change; what is absent stays. A list replaces the one before; `lookback_days` null is the models' own,
    `workspace_id` null takes it out of its workspace.

    With `version` the change is made only while the site is still of that version.
    """

    name: str = ""
    domains: tuple[str, ...] = ()
    timezone: str = ""
    currency: str = ""
    conversion_events: tuple[str, ...] = ()
    lookback_days: StrictInt | None = None
    excluded_referrers: tuple[str, ...] = ()
    split_sessions_at_midnight: StrictBool = False
    credit_guard: StrictBool = True
    click_ids: tuple[ClickIdIn, ...] = ()
    journey_window_days: StrictInt = 30
    privacy_signals: PrivacySignals = "IGNORE"
    unverified_conversions: UnverifiedConversions = "COUNT"
    conversion_feedback: ConversionFeedback = "OFF"
    match_key_days: StrictInt = 8
    visitor_storage: VisitorStorage = "COOKIES"
    custom_dimensions: tuple[CustomDimensionIn, ...] = ()
    status: SiteStatus = "ACTIVE"
    workspace_id: str | None = None
    version: StrictInt | None = None

    def given(self, *but: str) -> dict[str, Any]:
        fields = super().given(*but)
        if "click_ids" in fields:
            fields["click_ids"] = tuple(ClickId(**each) for each in fields["click_ids"])
        if "custom_dimensions" in fields:
            fields["custom_dimensions"] = tuple(CustomDimension(**each) for each in fields["custom_dimensions"])
        return fields


@shows(Site, but=("channel_rules", "channel_rules_version"))
class SiteOut(Out):
    """`public_key` is the key that its pages carry. `version` grows by one with every change, of the channel rules too.
    `workspace_id` is null where it is hidden from me.
    """

    public_key: str = ""
    click_ids: list[ClickIdIn]
    custom_dimensions: list[CustomDimensionIn]


def site_out(site: Site) -> SiteOut:
    return SiteOut.model_validate(site).model_copy(update={"public_key": tenancy.public_key(site)})


class NewSiteOut(Out):
    """A site and the key that its pages carry. Servers send with a token: `POST /v1/sites/{site_id}/tokens`."""

    site: SiteOut
    public_key: str


class SessionStartOut(Out):
    """`permissions` are mine in the current organization, `sites` its active ones: the 100 oldest. `staff`: I am of the
    staff of this Optiq.
    """

    me: ProfileOut
    organizations: list[MyOrganizationOut]
    permissions: list[str]
    sites: list[SiteOut]
    staff: bool
