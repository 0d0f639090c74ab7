"""Our own sign-ups and payments are events of our own site, each once."""

from dataclasses import replace

import pytest
from optiq.billing import keys
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.own_site import api as own_site
from optiq.billing.own_site.records import SignUpsRecord
from optiq.billing.packages import api as packages
from optiq.billing.subscribing import api as subscribing
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import EventAccepted
from optiq.ports import wiring
from optiq.ports.stream import Record
from optiq.tenancy import api as tenancy

from tests.functional.billing.paying import OPERATOR, Listed, Paying


@pytest.fixture
def told(payer: Paying, monkeypatch: pytest.MonkeyPatch) -> Listed:
    """The stream, where a site of ours is named."""
    created = tenancy.create_site(name="Optiq", domains=["optiq.example"])
    key = tenancy.public_key(created.site)
    payer.account = payer.account.model_copy(update={"own_site": key})
    stream = Listed()
    monkeypatch.setattr(wiring, "stream", lambda: stream)
    before = account_of(payer.organization_id, payer.now_ms)
    change_account(payer.caller, before, replace(before, email="ada@shop.example"), payer.clock)
    return stream


def events(told: Listed) -> list[EventAccepted]:
    return [_read(one) for one in told.records if one.kind == "EventAccepted"]


def _read(record: Record) -> EventAccepted:
    return EventAccepted.model_validate_json(record.data)


def test_payments_are_orders_of_our_own_site_each_once(payer: Paying, told: Listed) -> None:
    payer.subscribe()
    payer.deliver(seed=2)
    payer.pass_to("2026-05-01T02:00:00Z")
    found = events(told)
    assert [(one.name, one.event_id.startswith("own:paid:in_")) for one in found] == [("Order Completed", True)] * 2
    assert {(one.value_micros, one.currency) for one in found} == {(29_000_000, "USD")}
    assert len({one.event_id for one in found}) == 2
    assert {identity.type for identity in found[0].identities} == {"user_id", "email"}
    assert "ada@shop.example" not in told.records[0].data.decode()


def test_package_and_its_refund_are_an_order_and_its_return(payer: Paying, told: Listed) -> None:
    package = packages.create_package(OPERATOR, name="500 credits", granted=500, price_micros={"USD": 50_000_000})
    page = subscribing.start_purchase(
        payer.caller, payer.gateway, package_id=package.package_id, currency="USD", clock=payer.clock
    )
    payer.pay(page.url.rpartition("/")[2])
    charge_id = payer.world.all_of("charge")[0]["id"]
    payer.server.call("POST", "/v1/refunds", {"authorization": "Bearer sk_test_x"}, f"charge={charge_id}")
    payer.deliver()
    found = events(told)
    assert [one.name for one in found] == ["Order Completed", "Order Refunded"]
    assert len({one.order_id for one in found}) == 1


def test_each_new_organization_is_a_sign_up_once(payer: Paying, told: Listed) -> None:
    now_ms = payer.now_ms
    SignUpsRecord(*keys.OWN_SIGN_UPS, until_ms=now_ms + 100 * DAY_MS - 1).save()
    named = [
        tenancy.create_organization(
            OPERATOR, name="New", currency="USD", clock=lambda at=now_ms + (100 + day) * DAY_MS: at
        ).organization_id
        for day in range(3)
    ]

    def run(most: int) -> int:
        left = iter([False] * most + [True] * 9)
        return own_site.report_sign_ups(payer.account.own_site, lambda: next(left), lambda: now_ms + 104 * DAY_MS)

    assert [run(2) >= 2, run(9) >= 1, run(9)] == [True, True, 0]
    ids = [one.event_id for one in events(told)]
    assert [one for one in ids if one.removeprefix("signup:") in named] == [f"signup:{one}" for one in named]
    assert len(ids) == len(set(ids))


def test_nothing_is_told_where_no_site_is_named(payer: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Listed()
    monkeypatch.setattr(wiring, "stream", lambda: stream)
    payer.subscribe()
    assert stream.records == []
