"""Where nobody pays, nothing is limited, and nothing of Stripe is loaded. Cases 33 and 34."""

import subprocess
import sys

import pytest
from optiq.billing.gateways.account import stripe_account
from optiq.billing.subscribing import api as subscribing
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError

_APART = (
    "functions.billing.routes",
    "functions.billing.webhook",
    "functions.billing.actions",
    "functions.billing.on_stripe_changes",
    "functions.billing.close_months",
    "functions.collect.beacon",
    "functions.identity.authorizer",
    "functions.journeys.on_events",
)


def test_everything_is_unlimited_without_an_account(table: object, organization_id: str) -> None:
    """Case 34."""
    assert stripe_account() is None
    found = subscribing.billing_of(Caller.system(organization_id))
    assert (found.standing, found.entitlements.stance) == ("SELF_HOSTED", "SELF_HOSTED")
    assert found.entitlements.monthly_events is None
    assert subscribing.entitlements_of(organization_id).has("warehouse")
    with pytest.raises(NotFoundError, match="nothing is paid for here"):
        subscribing.gateway()


@pytest.mark.parametrize("module", _APART)
def test_function_does_not_load_stripe(module: str) -> None:
    """Case 33: the two that ask Stripe load it, and `requests`, with the first question, where there is an account.

    The receiver loads nothing of Stripe's objects either.
    """
    unwanted = ("stripe", "requests", *(("optiq.billing.gateways.models",) if module.endswith("webhook") else ()))
    code = f"import sys, {module}; print([one for one in {unwanted!r} if one in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
