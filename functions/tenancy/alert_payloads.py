"""A site's alert settings over HTTP."""

from dataclasses import asdict
from typing import Annotated

from optiq.kernel.clock import to_rfc3339
from optiq.tenancy.alerts.contracts import (
    DEFAULT_COMPARISON_DAYS,
    AlertKind,
    AlertRule,
    AlertSettings,
    QuietHours,
    Severity,
)
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AlertRuleDocument(_Part):
    """SPEND_THRESHOLD has `spend_micros`: a day's spend above it, in the site's currency. The others have `percent`: so
    far below (CONVERSION_DROP, ROAS_DROP), above (CPA_SPIKE) or off (CLICK_ANOMALY) the daily mean of the
    `comparison_days` before.
    """

    kind: AlertKind = Field(examples=["CONVERSION_DROP"])
    enabled: StrictBool = True
    severity: Severity = "WARNING"
    spend_micros: StrictInt | None = None
    percent: StrictInt | None = Field(default=None, examples=[30])
    comparison_days: StrictInt = DEFAULT_COMPARISON_DAYS


class QuietHoursDocument(_Part):
    """Times of day in the site's timezone, between which only what is CRITICAL may disturb."""

    start: str = Field(examples=["22:00"])
    end: str = Field(examples=["07:00"])


class AlertSettingsBody(_Part):
    """All settings; what is absent is as at the beginning. With `version`, only while the settings are of that one.

    `members` are ids of the organization's, `addresses` others to tell.
    """

    version: StrictInt | None = None
    rules: list[AlertRuleDocument] = []
    members: list[Annotated[str, Field(max_length=60)]] = []
    addresses: list[Annotated[str, Field(max_length=320)]] = []
    quiet_hours: QuietHoursDocument | None = None

    def contract(self) -> AlertSettings:
        return AlertSettings(
            rules=tuple(AlertRule(**rule.model_dump()) for rule in self.rules),
            members=tuple(self.members),
            addresses=tuple(self.addresses),
            quiet_hours=QuietHours(**self.quiet_hours.model_dump()) if self.quiet_hours else None,
        )


class AlertSettingsDocument(BaseModel):
    """The settings in force; version 0 is what every site begins with, at no time of its own."""

    version: int
    changed_at: str | None
    rules: list[AlertRuleDocument]
    members: list[str]
    addresses: list[str]
    quiet_hours: QuietHoursDocument | None

    @classmethod
    def of(cls, settings: AlertSettings) -> "AlertSettingsDocument":
        changed_at = to_rfc3339(settings.changed_ms) if settings.version else None
        return cls.model_validate({**asdict(settings), "changed_at": changed_at})
