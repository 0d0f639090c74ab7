"""What marketers ask of all touches of a site, as the API writes it."""

from optiq.journeys.touch_contracts import Category, DimensionKind
from optiq.kernel.schemas import Day, In, Instant, Out, PageOut
from optiq.tenancy.contracts import ChannelRule
from pydantic import Field, StrictInt


class CreditKeptOut(Out):
    """Returns from one payment or sign-in page that made no touch, and the sessions they fell in."""

    referrer: str
    returns: int
    sessions: int


class CreditKeptOnDayOut(Out):
    """A day in the site's timezone; a session is of the day it began."""

    day: Day
    rows: list[CreditKeptOut]


class CreditGuardOut(Out):
    """`rows` are of all days together, the most returns first; `days` has each day with any, in order."""

    rows: list[CreditKeptOut]
    days: list[CreditKeptOnDayOut]


class ChannelRuleIn(In):
    """Patterns with `*` and `?`, compared without regard to case; an empty one matches anything."""

    channel: str
    source: str = ""
    medium: str = ""
    campaign: str = ""


class ChannelRulesIn(In):
    """All of a site's own rules, tried in this order before the default grouping."""

    rules: list[ChannelRuleIn]

    def channel_rules(self) -> list[ChannelRule]:
        return [ChannelRule(**rule) for rule in self.model_dump()["rules"]]


class ChannelRulesPut(ChannelRulesIn):
    """With `version` the change is made only while the rules are still of that version."""

    version: StrictInt | None = None


class ChannelRuleOut(Out):
    channel: str
    source: str
    medium: str
    campaign: str


class ChannelRulesVersionOut(Out):
    version: int
    created_at: Instant
    rules: list[ChannelRuleOut]


class ChannelRulesOut(Out):
    """`current` is in force; `versions` are all there were, it included, the newest first."""

    current: ChannelRulesVersionOut
    versions: list[ChannelRulesVersionOut]


class ChannelChangeOut(Out):
    old_channel: str
    new_channel: str
    touches: int
    share: float = Field(description="of all touches, 0 to 1")


class DryRunOut(Out):
    """`touches` counts all of these days (UTC); `changes` has only those that would be in another channel."""

    from_day: Day
    to_day: Day
    touches: int
    changes: list[ChannelChangeOut]


class DimensionValueOut(Out):
    """A value and when it was seen; `category` is that of a referrer, and null for other values."""

    value: str
    first_seen_at: Instant
    last_seen_at: Instant
    touches: int
    category: Category | None


class DimensionsOut(PageOut[DimensionValueOut]):
    """The values with the most touches first."""

    kind: DimensionKind
