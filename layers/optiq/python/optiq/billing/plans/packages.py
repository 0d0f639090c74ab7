"""Packages of credits that are sold once. One that was sold stays as it is."""

from dataclasses import dataclass

from optiq.billing.months import months_after
from optiq.kernel.money import MICROS

_MONTHS = 12
"""How long credits that were bought last."""


@dataclass(frozen=True, slots=True)
class Package:
    """Credits for a price: `amounts` are micros by currency."""

    package_id: str
    title: str
    credits_granted: int
    amounts: tuple[tuple[str, int], ...]

    def lookup_key(self, currency: str) -> str:
        """Names its price at Stripe."""
        return f"{self.package_id}_{currency.lower()}"

    def expires_ms(self, bought_ms: int) -> int:
        return months_after(bought_ms, _MONTHS)


PACKAGES = (
    Package("credits_500", "500 credits", 500, (("USD", 50 * MICROS), ("EUR", 50 * MICROS))),
    Package("credits_2500", "2,500 credits", 2_500, (("USD", 200 * MICROS), ("EUR", 200 * MICROS))),
)


def package_of(package_id: str) -> Package | None:
    """A package by its id; None for one that there is not."""
    return next((one for one in PACKAGES if one.package_id == package_id), None)
