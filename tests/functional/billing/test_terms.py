"""Trials by voucher, and what staff give an organization beside its plan. Case 18."""

from dataclasses import replace
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.subscribing import api as subscribing
from optiq.billing.vouchers import api as vouchers
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, to_rfc3339
from optiq.kernel.errors import ConflictError
from optiq.kernel.ids import new_id

from tests.functional.billing.paying import OPERATOR, Paying
from tests.functional.billing.test_staff import operate
from tests.functional.identity.people import Someone


def trial_code(payer: Paying, **more: Any) -> str:
    code = new_id("t", payer.now_ms).replace("_", "-")
    given: dict[str, Any] = {"kind": "SUBSCRIPTION_TRIAL", "value": 30, "plan": "PROFESSIONAL", "name": "Fair"}
    vouchers.create_voucher(OPERATOR, code=code, **given | more, clock=payer.clock)
    return code


def owner(payer: Paying, address: str) -> Caller:
    """A person with a verified address who asks for the organization."""
    someone = Someone(address)
    return replace(payer.caller, user_id=someone.user_id)


def test_voucher_begins_a_trial_and_lengthens_one(payer: Paying) -> None:
    first = vouchers.redeem(payer.caller, trial_code(payer), clock=payer.clock)
    assert (first.trial_plan, first.expires_ms) == ("PROFESSIONAL", payer.now_ms + 30 * DAY_MS)
    assert (payer.plan, payer.stance) == ("PROFESSIONAL", "TRIAL")
    second = vouchers.redeem(payer.caller, trial_code(payer, value=5), clock=payer.clock)
    assert second.expires_ms == payer.now_ms + 35 * DAY_MS
    payer.now_ms += 35 * DAY_MS
    assert payer.plan == "FREE"
    (entry, *_) = [
        one.change for one in audit.entries(payer.organization_id).items if one.change.action == "voucher.redeemed"
    ]
    assert entry.after["trial_plan"] == "PROFESSIONAL"


def test_trial_voucher_counts_once_and_not_beside_a_plan(payer: Paying) -> None:
    code = trial_code(payer, max_uses=1)
    payer.subscribe()
    with pytest.raises(ConflictError, match="has a plan already"):
        vouchers.redeem(payer.caller, code, clock=payer.clock)
    payer.begin()
    vouchers.redeem(payer.caller, code, clock=payer.clock)
    with pytest.raises(ConflictError, match="redeemed this voucher already"):
        vouchers.redeem(payer.caller, code, clock=payer.clock)
    payer.begin()
    with pytest.raises(ConflictError, match="used up"):
        vouchers.redeem(payer.caller, code, clock=payer.clock)


def test_trial_is_once_for_a_mail_domain_of_a_company(payer: Paying) -> None:
    """Case 18: however it is written; everybody may have an address of a public mailer."""
    company = new_id("x", payer.now_ms)[2:].lower()
    subscribing.start_trial(owner(payer, f"ann@{company}.example"), plan="STARTER", clock=payer.clock)
    payer.begin()
    with pytest.raises(ConflictError, match="trial"):
        subscribing.start_trial(owner(payer, f"bob@{company.upper()}.example"), plan="STARTER", clock=payer.clock)
    for address in (f"ann{company}@gmail.com", f"bob{company}@gmail.com"):
        payer.begin()
        subscribing.start_trial(owner(payer, address), plan="STARTER", clock=payer.clock)


def test_trial_is_once_for_a_card(payer: Paying) -> None:
    """Case 18: the card of an organization that paid, and one with the same card that begins a trial."""
    for expected in (True, False):
        payer.begin()
        payer.subscribe()
        before = account_of(payer.organization_id, payer.now_ms)
        card = payer.world.all_of("payment_method")[0]
        assert card["card"]["fingerprint"]
        fresh = replace(before, trial_plan="STARTER", trial_ends_ms=payer.now_ms + DAY_MS, trial_card="c" * 32)
        if expected:
            change_account(payer.caller, before, fresh, payer.clock)
        else:
            with pytest.raises(ConflictError, match="trial"):
                change_account(payer.caller, before, fresh, payer.clock)


def test_staff_give_limits_a_trial_and_a_stance(payer: Paying) -> None:
    named = {"organization_id": payer.organization_id}
    ends = to_rfc3339(4_000_000_000_000)
    assert operate("PATCH", "billing/terms", named | {"trial_plan": "STARTER", "trial_ends_at": ends})[0] == 400
    status, changed = operate("PATCH", "billing/terms", named | {"monthly_events": 2_000_000, "seats": -1})
    assert (status, changed["overrides"]["seats"]) == (200, -1)
    assert (changed["entitlements"]["monthly_events"], changed["entitlements"]["seats"]) == (2_000_000, None)
    again = named | {"monthly_events": None, "features": ["warehouse"], "version": changed["version"]}
    status, changed = operate("PATCH", "billing/terms", again)
    assert (changed["entitlements"]["monthly_events"], "warehouse" in changed["entitlements"]["features"]) == (
        50_000,
        True,
    )
    assert operate("PATCH", "billing/terms", again)[0] == 409
    operate("PATCH", "billing/terms", named | {"stance": "INTERNAL"})
    shown = operate("GET", f"billing/terms?organization_id={payer.organization_id}")[1]
    assert (shown["stance"], shown["entitlements"]["monthly_events"]) == ("INTERNAL", None)
    actors = {one.change.actor for one in audit.entries(payer.organization_id).items if "account" in one.change.action}
    assert "operator" in actors


@pytest.mark.parametrize("change", [{"seats": -2}, {"max_rollover": -1}, {"trial_plan": "STARTER"}, {"stance": "X"}])
def test_terms_that_cannot_be_are_refused(payer: Paying, change: dict[str, object]) -> None:
    assert operate("PATCH", "billing/terms", {"organization_id": payer.organization_id} | change)[0] == 400
