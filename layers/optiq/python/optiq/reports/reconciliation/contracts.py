"""Our orders and revenue beside what a shop reports, and the difference explained."""

from dataclasses import dataclass
from typing import Literal

from optiq.kernel.left_out import EventLeftOut
from optiq.reports.questions.contracts import Framed
from optiq.reports.questions.periods import DEFAULT_PERIOD

ShopRevenue = Literal["GROSS", "NET"]
Reason = EventLeftOut | Literal["REFUNDS", "UNEXPLAINED"]


@dataclass(frozen=True, slots=True)
class ShopTotal:
    """What a shop reports of a day, YYYY-MM-DD in the site's timezone."""

    day: str
    orders: int
    revenue_micros: int
    currency: str


@dataclass(frozen=True, slots=True)
class ReconciliationAsk:
    """
    Attributes:
        shop_revenue: whether the shop's revenue is before (GROSS) or after refunds (NET).
        model: of the conversions beside what platforms claim; "" for the site's default.
    """

    period: str = DEFAULT_PERIOD
    shop_revenue: ShopRevenue = "GROSS"
    model: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Orders and revenue; also the difference of two."""

    orders: int = 0
    revenue_micros: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.orders + other.orders, self.revenue_micros + other.revenue_micros)

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(self.orders - other.orders, self.revenue_micros - other.revenue_micros)


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A part of what the shop has more than we do; `because` is a sentence."""

    reason: Reason
    orders: int
    revenue_micros: int
    because: str


@dataclass(frozen=True, slots=True)
class ReconciledDay:
    """`shop` and `difference` are None of a day that the shop reported nothing of."""

    day: str
    ours: Figures
    shop: Figures | None
    difference: Figures | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the platform of a source claims of a channel, beside what the model gives them."""

    channel: str
    source: str
    conversions: float
    revenue_micros: int
    claimed_conversions: float
    claimed_revenue_micros: int


@dataclass(frozen=True, slots=True)
class ReconciliationAnswer(Framed):
    """
    Attributes:
        compared_days: those that the shop reported; ours, shop, difference and lines are of them.
        difference: shop less ours. The lines add up to it, exactly; the last is UNEXPLAINED.
        days: of the period, the oldest first.
        failed_events: of the period, whatever they were: they could not be read.
        no_rate: amounts in a currency without a rate of the day; they are in no sum.
    """

    currency: str
    shop_revenue: ShopRevenue
    compared_days: int
    ours: Figures
    shop: Figures
    difference: Figures
    lines: tuple[DifferenceLine, ...]
    days: tuple[ReconciledDay, ...]
    no_rate: int
    model: str = ""
    claims: tuple[Claim, ...] = ()
    failed_events: int = 0
