"""What is known of a rule between sweeps."""

from dataclasses import dataclass

from optiq.alerts.judging.contracts import Outcome

NEVER = -1


@dataclass(frozen=True, slots=True)
class JudgedPeriod:
    """A period as it was when it was judged; `digest` is of its numbers."""

    period: str
    digest: str


@dataclass(frozen=True, slots=True)
class Watch:
    """
    Attributes:
        rule_version: of the rule that was judged, or NEVER. outcome, why, value, usual: of the latest period.
        periods: the latest that were judged, the oldest first.
        low_id, high_id: the latest alert of each side, "" for none.
        version: grows by one with every change. Of two sweeps at once one finds another version, and leaves it.
    """

    organization_id: str
    site_id: str
    rule_id: str
    rule_version: int = NEVER
    outcome: Outcome = "NO_DATA"
    why: str = ""
    value: float | None = None
    usual: float | None = None
    judged_ms: int = 0
    periods: tuple[JudgedPeriod, ...] = ()
    low_id: str = ""
    high_id: str = ""
    version: int = 0

    def digest_of(self, period: str) -> str:
        return next((one.digest for one in self.periods if one.period == period), "")
