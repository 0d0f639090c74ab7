"""What a site's people want to be alerted to: the settings of alerts, which nothing sends yet."""

from dataclasses import dataclass
from typing import Literal

AlertKind = Literal["SPEND_THRESHOLD", "CONVERSION_DROP", "CPA_SPIKE", "ROAS_DROP", "CLICK_ANOMALY"]
Severity = Literal["INFO", "WARNING", "CRITICAL"]
DEFAULT_COMPARISON_DAYS = 7


@dataclass(frozen=True, slots=True)
class AlertRule:
    """From when on a kind of alert is due.

    Attributes:
        spend_micros: of SPEND_THRESHOLD alone: a day's spend above it, in the site's currency.
        percent: of every other kind: so far below (drops), above (CPA_SPIKE) or off (CLICK_ANOMALY) the daily mean of
            the `comparison_days` before.
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
    """A site's. `version` grows by one with every change; 0 is what every site begins with, when nothing is due.

    Attributes:
        members: ids of the organization's members to tell; who is none any more is to be passed over.
        addresses: others to tell, such as a shared mailbox.
    """

    rules: tuple[AlertRule, ...] = ()
    members: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    quiet_hours: QuietHours | None = None
    version: int = 0
    changed_ms: int = 0
