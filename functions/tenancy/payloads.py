"""A site's settings over HTTP."""

from dataclasses import asdict
from typing import Any, cast

from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ClickId, PrivacySignals, Site, SiteChange, SiteStatus, UnverifiedConversions
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt


class ClickIdDocument(BaseModel):
    """A parameter that an advertiser adds to its links, with the source and medium it stands for."""

    model_config = ConfigDict(extra="forbid")

    parameter: str = Field(examples=["xclid"])
    source: str
    medium: str


class SiteDocument(BaseModel):
    """`public_key` is what its pages carry. `settings_version` grows by one with every change of the settings.
    `workspace_id` is null where it is hidden from me.
    """

    site_id: str
    public_key: str
    name: str
    domains: list[str]
    timezone: str
    currency: str
    conversion_events: list[str]
    lookback_days: int | None
    excluded_referrers: list[str]
    split_sessions_at_midnight: bool
    credit_guard: bool
    click_ids: list[ClickIdDocument]
    journey_window_days: int
    privacy_signals: PrivacySignals
    unverified_conversions: UnverifiedConversions
    status: SiteStatus
    workspace_id: str | None
    settings_version: int

    @classmethod
    def of(cls, site: Site) -> "SiteDocument":
        settings = {name: value for name, value in asdict(site).items() if name in cls.model_fields}
        return cls.model_validate({**settings, "public_key": tenancy.public_key(site)})


class SitesDocument(BaseModel):
    items: list[SiteDocument]


class NewSiteDocument(BaseModel):
    """A site and the key that its pages carry. Servers send with a token: `POST /v1/sites/{site_id}/tokens`."""

    site: SiteDocument
    public_key: str


class SiteBody(BaseModel):
    """What is absent is as the organization has it (`timezone`, `currency`), or as usual."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["Shop"])
    domains: list[str] = Field(examples=[["shop.example"]])
    timezone: str | None = None
    currency: str | None = None
    conversion_events: list[str] | None = None
    lookback_days: StrictInt | None = None
    excluded_referrers: list[str] = []
    split_sessions_at_midnight: StrictBool = False
    workspace_id: str | None = None

    def settings(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class SiteChangeBody(BaseModel):
    """What to change; what is absent stays. A list replaces the one before; `lookback_days` null is the models' own,
    `workspace_id` null takes it out of its workspace.

    With `settings_version` the change is made only while the settings are still of that version.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    domains: list[str] = []
    timezone: str = ""
    currency: str = ""
    conversion_events: list[str] = []
    lookback_days: StrictInt | None = None
    excluded_referrers: list[str] = []
    split_sessions_at_midnight: StrictBool = False
    credit_guard: StrictBool = True
    click_ids: list[ClickIdDocument] = []
    journey_window_days: StrictInt = 30
    privacy_signals: PrivacySignals = "IGNORE"
    unverified_conversions: UnverifiedConversions = "COUNT"
    status: SiteStatus = "ACTIVE"
    workspace_id: str | None = None
    settings_version: StrictInt | None = None

    def changes(self) -> SiteChange:
        said: dict[str, Any] = self.model_dump(exclude_unset=True, exclude={"settings_version"})
        said = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
        if "click_ids" in said:
            said["click_ids"] = tuple(ClickId(**click_id) for click_id in said["click_ids"])
        return cast(SiteChange, said)
