"""Billing is tested against the stand-in of Stripe."""

from collections.abc import Iterator

import pytest
from optiq.billing.gateways import account as accounts

from tests.functional.billing.paying import Paying, paying


@pytest.fixture
def payer(table: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paying]:
    """An organization that has not paid yet."""
    with paying() as found:
        for module in (
            "optiq.billing.subscribing.seeing",
            "optiq.billing.subscribing.trials",
            "optiq.billing.gateways.api",
        ):
            monkeypatch.setattr(f"{module}.stripe_account", lambda: found.account)
        found.begin()
        yield found
    accounts.stripe_account.cache_clear()
