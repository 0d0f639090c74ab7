"""Billing is tested against the stand-in of Stripe."""

from collections.abc import Iterator

import pytest
from optiq.billing.gateways import account as accounts
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.billing.paying import Paying, paying
from tests.functional.pipeline import Pipeline


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline(table: object) -> Pipeline:
    return Pipeline()


@pytest.fixture
def payer(table: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paying]:
    """An organization that has not paid yet."""
    with paying() as found:
        for module in (
            "optiq.billing.credits.beginning",
            "optiq.billing.mirror.performing",
            "optiq.billing.subscribing.operating",
            "optiq.billing.subscribing.tending",
            "optiq.billing.subscribing.seeing",
            "optiq.billing.subscribing.trials",
            "optiq.billing.gateways.api",
            "optiq.billing.usage.admitting",
            "optiq.billing.usage.watching",
            "optiq.billing.usage.stopping",
            "optiq.billing.usage.spending",
        ):
            monkeypatch.setattr(f"{module}.stripe_account", lambda: found.account)
        found.begin()
        yield found
    accounts.stripe_account.cache_clear()
