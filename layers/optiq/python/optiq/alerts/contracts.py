"""Who gets the alerts of a site, and the fact that one is to be told of."""

from dataclasses import dataclass
from typing import Literal

from optiq.notifications.contracts import Severity as Severity

AlertKind = Literal["SPEND_THRESHOLD", "CONVERSION_DROP", "CPA_SPIKE", "ROAS_DROP", "CLICK_ANOMALY"]
DEFAULT_COMPARISON_DAYS = 7


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A rule as settings had it before rules were things of their own; `optiq.alerts.rules` takes it over.

    Attributes:
        spend_micros: for SPEND_THRESHOLD only: a day's spend above it, in the site's currency.
        percent: for every other kind: that far below (drops), above (CPA_SPIKE) or off (CLICK_ANOMALY) the daily mean
            of the `comparison_days` before.
    """

    kind: AlertKind
    enabled: bool = True
    severity: Severity = "WARNING"
    spend_micros: int | None = None
    percent: int | None = None
    comparison_days: int = DEFAULT_COMPARISON_DAYS


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the site's timezone, such as 22:00 to 07:00, in which only what is CRITICAL may disturb."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who gets a site's alerts. Version 0 is what every site begins with.

    Attributes:
        rules: of settings from before there were rules; they are taken over by the next sweep.
        members: ids of members of the organization who get alerts; those who left get none.
        addresses: others who get them, such as a shared mailbox.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    rules: tuple[AlertRule, ...] = ()
    members: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    quiet_hours: QuietHours | None = None
    changed_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class AlertNoticed:
    """People are to be told of an alert: `notice` is why, `period` what was judged then."""

    site_id: str
    alert_id: str
    notice: Literal["TRIGGERED", "ESCALATED", "REMINDED", "RESOLVED"]
    period: str
