"""A person's request: everything of them, or everything gone, and nobody else is touched."""

import io
import itertools
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.settings import settings
from optiq.ports.lake_folder import FolderLake
from optiq.privacy import api as privacy
from optiq.privacy import running
from optiq.privacy.contracts import Kind

from tests.functional.privacy.world import Shop, kept_bytes
from tests.functional.senders import send_beacon, send_segment
from tests.support.examples import some_and_slow
from tests.support.killing import Killed, killing
from tests.support.workflows import call_here, own_runner

ROWS = {"events": 40, "sessions": 3, "conversions": 2, "failed_events": 1, "mails": 2, "customers": 1}


@pytest.fixture
def empty_shop(table: object, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(FolderLake, "readers_ms", 0)
    return Shop()


@pytest.fixture
def shop(empty_shop: Shop) -> Shop:
    empty_shop.others()
    empty_shop.ann()
    return empty_shop


def unpacked(content: bytes) -> Counter[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".jsonl")]
        lines = {name.removesuffix(".jsonl"): archive.read(name).decode().splitlines() for name in tables}
        assert "index.html" in archive.namelist()
    assert all(json.loads(line) for of_table in lines.values() for line in of_table)
    return Counter({name: len(of_table) for name, of_table in lines.items()})


def test_access_gives_out_exactly_the_persons_49_rows(shop: Shop) -> None:
    request = shop.answer("ACCESS")

    assert unpacked(privacy.export_of(shop.caller, request.request_id)) == ROWS
    assert dict(request.before) == ROWS
    assert sum(ROWS.values()) == 49
    assert request.status == "DONE"


@pytest.mark.parametrize("kind", ["ERASE", "ANONYMISE"])
def test_nothing_is_left_and_revenue_by_channel_stays(shop: Shop, table: Any, kind: Kind) -> None:
    # Given what is earned, and a person who can be found
    revenue, values = shop.revenue(), shop.values()
    hashes = running.hashes_of(shop.organization_id, (shop.device,))
    sought = [shop.device.encode(), shop.mailbox.encode(), hashes[-1].encode()]
    assert (
        len({word for _, content in kept_bytes(table, shop.organization_id) for word in sought if word in content}) == 3
    )

    # When they are erased
    request = shop.answer(kind)

    # Then the search, and a search of all bytes, find nothing; all that is earned stays, to the micro
    assert request.status == "DONE"
    assert dict(request.before) == ROWS
    assert set(request.after.values()) == {0}
    assert not shop.found()
    left = [
        (place, content)
        for place, content in kept_bytes(table, shop.organization_id)
        if any(word in content for word in sought)
    ]
    # But for the hash, in the tombstone and in the certificate.
    assert {place.rpartition(" ")[2].partition("#")[0] for place, _ in left} == {"CUSTOMER", "REQUEST"}
    assert not any(word in content for _, content in left for word in sought[:2])
    assert shop.revenue() == revenue
    assert shop.values() == values


def test_nobody_comes_back_by_a_replay_and_who_returns_is_somebody_new(shop: Shop) -> None:
    # Given an event that is dated two hours ahead, and an erasure
    ahead = shop.visit(shop.device, shop.now_ms + 2 * HOUR_MS, 1, "")
    shop.send(*ahead)
    request = shop.answer("ERASE")
    events, values, revenue = shop.count("events"), shop.values(), shop.revenue()

    # When all that was sent comes once more
    for batch in list(shop.sent):
        assert send_beacon(shop.site, *batch)["statusCode"] == 202
    shop.pipeline.drain()

    # Then nothing returns
    assert not shop.found()
    assert (shop.count("events"), shop.values(), shop.revenue()) == (events, values, revenue)
    assert request.before["events"] == 41

    # And an event after it makes a customer of one event, under another id
    erased_id = f"cus_{running.hashes_of(shop.organization_id, (shop.device,))[-1]}"
    shop.send(*shop.visit(shop.device, system_clock(), 1, ""))
    found = journeys.find_customer(shop.organization_id, shop.site.site.site_id, shop.device)
    assert found.customer_id != erased_id
    assert shop.found()["events"] == 1

    # Who can be erased again
    shop.answer("ERASE")
    assert not shop.found()


@pytest.mark.parametrize("kind", ["ERASE", "ANONYMISE"])
def test_a_refund_and_a_recomputation_find_the_path_that_was(shop: Shop, kind: Kind) -> None:
    # Given a person who is erased, and what a refund would leave
    shop.answer(kind)
    before = dict(shop.revenue_of("linear"))

    # When a server refunds half of an order of theirs, and everything is credited anew
    refund = {"anonymousId": shop.device, "event": "Order Refunded", "messageId": f"refund-{shop.device}"}
    send_segment(shop.site, "track", refund | {"properties": {"order_id": "A-2", "total": 10.00, "currency": "EUR"}})
    shop.pipeline.drain()
    after = dict(shop.revenue_of("linear"))
    shop.recompute()

    # Then it comes from the channels that were credited
    assert sum(before.values()) - sum(after.values()) == 10_000_000
    assert set(after) == set(before)
    assert dict(shop.revenue_of("linear")) == after


_KINDS: tuple[Kind, ...] = ("ERASE", "ANONYMISE")
_STEP = 10


@pytest.mark.parametrize(
    ("kind", "first", "after"),
    some_and_slow([(kind, first, after) for first in range(1, _STEP + 1) for kind in _KINDS for after in (0, 1)], 1),
)
def test_a_request_that_is_killed_at_any_write_ends_complete(
    empty_shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: Kind, first: int, after: int
) -> None:
    shop = empty_shop
    for number in itertools.count(first, _STEP):
        # Given another person
        own = shop.organization_id[-8:].lower()
        shop.device, shop.mailbox = f"dan-visitor-{number:04d}-{own}", f"dan{number}@{own}.example"
        start_ms = shop.now_ms - HOUR_MS
        order = shop.order(shop.device, start_ms + 3 * MINUTE_MS, f"D-{number}", 7.77)
        shop.send(*shop.visit(shop.device, start_ms, 2, "utm_source=news&utm_medium=email"), order)
        shop.mail(f"mail_{shop.now_ms}D{number}", shop.mailbox)
        revenue, values = shop.revenue(), shop.values()
        request = shop.enter(kind)
        privacy.verify_request(shop.caller, request.request_id)

        # When the work is killed at one of its writes, and goes on
        killed = False
        try:
            with killing(monkeypatch, number, bool(after)):
                shop.work(request.request_id)
        except Killed:
            killed = True
            shop.work(request.request_id)

        # Then nothing is left, once, and all that is earned stays
        assert privacy.get_request(shop.caller, request.request_id).status == "DONE"
        assert not shop.found()
        assert shop.revenue() == revenue
        assert shop.values() == values
        if not killed:
            break
    # Whoever begins with the first write gets beyond a step of writes.
    assert first > 1 or number > _STEP


def test_of_a_shared_device_only_what_was_the_persons_goes(shop: Shop) -> None:
    # Given two users of one device, the asked one first
    device, first, second = "shared-device-0001", "user-one", "user-two"
    start_ms = shop.now_ms - 3 * HOUR_MS
    shop.send(*shop.visit(device, start_ms, 2, "", user_id=first))
    shop.send(*shop.visit(device, start_ms + 40 * MINUTE_MS, 1, ""))
    shop.send(*shop.visit(device, start_ms + 80 * MINUTE_MS, 3, "", user_id=second))
    shop.send(shop.order(device, start_ms + 90 * MINUTE_MS, "S-2", 5.55, user_id=second))

    # When the first asks
    request = shop.answer("ERASE", first)

    # Then the other keeps their events, order and link to the device
    assert request.status == "DONE"
    assert request.before["events"] == 3
    other = journeys.find_customer(shop.organization_id, shop.site.site.site_id, second)
    assert {identity.type for identity in other.identities} == {"user_id", "anonymous_id"}
    assert shop.found(second)["events"] == 4
    assert not shop.found(first)


def test_who_is_not_verified_learns_nothing(shop: Shop) -> None:
    # Given requests of somebody who is known and of somebody who is not
    known = shop.enter("ACCESS")
    unknown = shop.enter("ACCESS", "nobody@else.example", "nobody-at-all")

    # Then both look the same, and give out nothing
    for request in (known, unknown):
        assert (request.customers, request.hashes, dict(request.before), request.identifiers) == (0, (), {}, 2)
        with pytest.raises(ConflictError, match="must ask for ACCESS and be DONE"):
            privacy.export_of(shop.caller, request.request_id)

    # And once refused, the identifiers are gone
    refused = privacy.refuse_request(shop.caller, known.request_id, reason="not the owner of the address")
    assert refused.status == "REFUSED"
    with pytest.raises(ConflictError, match="is REFUSED already"):
        privacy.verify_request(shop.caller, known.request_id)


def test_another_organizations_request_is_unknown(shop: Shop) -> None:
    request = shop.enter("ERASE")
    stranger = Caller.system(new_id("org", 1))

    for attempt in (privacy.get_request, privacy.verify_request, privacy.export_of):
        with pytest.raises(NotFoundError):
            attempt(stranger, request.request_id)
    assert privacy.list_requests(stranger).items == ()


def test_the_state_machine_answers_a_request(shop: Shop) -> None:
    # Given a runner of workflows
    runner = own_runner(call=call_here)
    try:
        request = shop.enter("ERASE")
        privacy.verify_request(shop.caller, request.request_id)

        # When it has run
        while runner.run_next():
            pass
    finally:
        runner.close()

    # Then the request is done, and says so with what was found and what is left
    done = privacy.get_request(shop.caller, request.request_id)
    assert (done.status, dict(done.before), set(done.after.values())) == ("DONE", ROWS, {0})
    with pytest.raises(ConflictError, match="DONE already"):
        privacy.verify_request(shop.caller, request.request_id)


def test_a_damaged_file_stops_a_request_and_is_named(shop: Shop) -> None:
    # Given a damaged file of the lake
    [damaged, *_] = Path(settings().lake, "events", f"org={shop.organization_id}").rglob("*.parquet")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-20])
    runner = own_runner(call=call_here)
    try:
        request = shop.enter("ERASE")
        privacy.verify_request(shop.caller, request.request_id)
        while runner.run_next():
            pass
        stopped = privacy.get_request(shop.caller, request.request_id)

        # When it is repaired, and the request begun again
        damaged.write_bytes(whole)
        privacy.verify_request(shop.caller, request.request_id)
        while runner.run_next():
            pass
    finally:
        runner.close()

    # Then it had said which file, and is done now
    assert (stopped.status, damaged.name in stopped.reason) == ("VERIFIED", True)
    assert privacy.get_request(shop.caller, request.request_id).status == "DONE"
