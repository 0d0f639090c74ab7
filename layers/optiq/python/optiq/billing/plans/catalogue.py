"""The plans, version by version. A version that is here stays as it is: subscriptions refer to it by its number."""

from types import MappingProxyType
from typing import get_args

from optiq.billing.plans.contracts import Catalogue, Feature, Interval, Plan, Price
from optiq.kernel.money import MICROS

FREE = "FREE"
TRIAL_DAYS = 14
TRIAL_EVENTS, TRIAL_CREDITS = 100_000, 50
"""What a trial may use at most, whatever its plan."""
CURRENCIES = ("USD", "EUR")
_YEAR: Interval = "year"
_ALL: tuple[Feature, ...] = get_args(Feature)


def _prices(month: int, year: int) -> tuple[Price, ...]:
    """The same number in each currency, as price lists of the trade have it."""
    return tuple(
        price
        for currency in CURRENCIES
        for price in (Price("month", currency, month * MICROS), Price(_YEAR, currency, year * MICROS))
    )


_VERSIONS = (
    Plan(
        slug=FREE,
        version=1,
        title="Free",
        order=0,
        monthly_events=50_000,
        monthly_ad_spend_micros=1_000 * MICROS,
        seats=3,
        features=("alerts", "sharing", "api_access"),
        credits_per_month=100,
        max_rollover=0,
    ),
    Plan(
        slug="STARTER",
        version=1,
        title="Starter",
        order=1,
        monthly_events=1_000_000,
        monthly_ad_spend_micros=20_000 * MICROS,
        seats=10,
        features=("data_driven_models", "ad_platforms", "alerts", "sharing", "api_access"),
        credits_per_month=1_000,
        max_rollover=500,
        overage_per_event="250",
        prices=_prices(29, 290),
    ),
    Plan(
        slug="PROFESSIONAL",
        version=1,
        title="Professional",
        order=2,
        monthly_events=5_000_000,
        monthly_ad_spend_micros=200_000 * MICROS,
        seats=50,
        features=("data_driven_models", "ad_platforms", "alerts", "sharing", "warehouse", "api_access"),
        credits_per_month=3_000,
        max_rollover=1_500,
        overage_per_event="150",
        prices=_prices(99, 990),
    ),
    Plan(
        slug="ENTERPRISE",
        version=1,
        title="Enterprise",
        order=3,
        monthly_events=50_000_000,
        monthly_ad_spend_micros=None,
        seats=None,
        features=_ALL,
        credits_per_month=10_000,
        max_rollover=10_000,
        overage_per_event="80",
        prices=_prices(499, 4_990),
    ),
)
CATALOGUE: Catalogue = MappingProxyType({(plan.slug, plan.version): plan for plan in _VERSIONS})


def newest(slug: str, catalogue: Catalogue = CATALOGUE) -> Plan | None:
    """The newest version of a plan; None for one that there is not."""
    return max((plan for plan in catalogue.values() if plan.slug == slug), key=lambda one: one.version, default=None)


def offered(catalogue: Catalogue = CATALOGUE) -> list[Plan]:
    """The plans that people may choose: the newest version of each, in their order."""
    slugs = {plan.slug for plan in catalogue.values()}
    found = (plan for slug in slugs if (plan := newest(slug, catalogue)) and plan.active and plan.public)
    return sorted(found, key=lambda plan: plan.order)


def plan_of_key(lookup_key: str, catalogue: Catalogue = CATALOGUE) -> Plan | None:
    """The plan version that a price at Stripe is of; None for a price that is no plan's."""
    return next(
        (plan for plan in catalogue.values() for price in plan.prices if plan.lookup_key(price) == lookup_key), None
    )
