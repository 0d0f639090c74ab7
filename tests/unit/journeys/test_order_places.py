"""Which reports of a number have a place: nobody's take a server's, and the choice depends on the set alone."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.collect.payloads import MAX_ID, MAX_NAME
from optiq.journeys.orders import places as order_places
from optiq.journeys.orders.places import (
    MAX_OF_VISITOR,
    MAX_PAGE_CORRECTIONS,
    MAX_PAGE_REPORTS,
    MAX_SERVER_CORRECTIONS,
    MAX_SERVER_REPORTS,
    MAX_WITH_LINES,
    placed,
)
from optiq.journeys.orders.purchases import purchases_of
from optiq.journeys.orders.reports import Report
from optiq.journeys.orders.table import Order, _packed
from optiq.kernel.events import Product

from tests.support.order_reports import SERVER, report
from tests.unit.journeys.facts import SITE

FLOODS: list[tuple[str, dict[str, object]]] = [
    (name, said)
    for name in ("purchase", "refund", "Order Updated", "Order Cancelled")
    for said in ({}, {"customer_id": "same"}, {"customer_id": "u1", "identity_type": "user_id"})
]


def _flood(name: str, said: dict[str, object], hour: float) -> list[Report]:
    return [
        report(hour + n / 1000, name, **({"customer_id": f"robot-{n}", "event_id": f"flood-{hour}-{n}"} | said))
        for n in range(110)
    ]


@pytest.mark.parametrize("hour", [0, 9])
@pytest.mark.parametrize(("name", "said"), FLOODS)
def test_pages_never_displace_what_a_server_reports(name: str, said: dict[str, object], hour: float) -> None:
    order, refund = report(1, "Order Completed", 50, **SERVER), report(2, "Order Refunded", 20, **SERVER)

    kept: tuple[Report, ...] = ()
    for one in [*_flood(name, said, hour), order, refund, *_flood(name, said, hour + 0.5)]:
        kept = placed((*kept, one))

    assert {order, refund} <= set(kept)
    found = purchases_of(kept, SITE, lambda one: one, lambda one, other: True)
    (purchase,) = [one for one in found if order in one.reports]
    assert purchase.value_micros == 30


def test_one_visitor_leaves_room_for_others() -> None:
    flood = _flood("purchase", {"customer_id": "same"}, 0)
    real = report(5, "purchase", 50, customer_id="real")

    kept = placed([*flood, real])

    assert real in kept
    assert len(kept) == MAX_OF_VISITOR + 1


@pytest.mark.parametrize(
    ("name", "from_server", "places"),
    [
        ("purchase", True, MAX_SERVER_REPORTS),
        ("refund", True, MAX_SERVER_CORRECTIONS),
        ("purchase", False, MAX_PAGE_REPORTS),
        ("refund", False, MAX_PAGE_CORRECTIONS),
    ],
)
def test_each_class_keeps_its_earliest(name: str, from_server: bool, places: int) -> None:
    flood = [replace(one, from_server=from_server) for one in _flood(name, {}, 0)]

    assert list(placed(flood[::-1])) == flood[:places]


def test_an_order_notes_what_finds_no_place() -> None:
    flood = _flood("purchase", {}, 0)
    order, full = Order("A-1"), Order("A-1")

    order.add_all(flood[:MAX_PAGE_REPORTS])
    full.add_all(flood[1 : MAX_PAGE_REPORTS + 1])
    full.add_all(flood[:1])

    assert (order.crowded, order.displaced) == (False, ())
    assert (full.crowded, full.displaced) == (True, (flood[MAX_PAGE_REPORTS],))
    # A correction that loses its place counts nowhere.
    full.add_all(_flood("refund", {"customer_id": "same"}, 1))
    full.add_all(_flood("refund", {"customer_id": "same"}, 0))
    assert full.displaced == (flood[MAX_PAGE_REPORTS],)


def _line(number: int, length: int = 12) -> Product:
    return Product(product_id=f"{number:0{length}}", price_micros=None)


def test_a_refund_keeps_all_of_its_products_or_none() -> None:
    order = report(1, products=tuple(_line(n, 200) for n in range(100)))
    refund = report(2, "refund", None, products=tuple(_line(n, 200) for n in range(100)))

    kept = placed([order, refund])

    assert 0 < len(kept[0].products) < 100
    # Not everything: what the products cost is not known.
    (purchase,) = purchases_of(kept, SITE, lambda one: one, lambda one, other: False)
    assert [one.refusal for one in purchase.corrections] == ["NO_PRICE"]


def test_the_earliest_of_a_class_keep_their_products() -> None:
    reports = [report(n, products=(_line(n),), **SERVER) for n in range(MAX_WITH_LINES + 5)]

    kept = placed(reports[::-1])

    assert [bool(one.products) for one in kept] == [True] * MAX_WITH_LINES + [False] * 5


def _random_text(length: int) -> str:
    return "".join(chr(0x4E00 + secrets.randbelow(20_000)) for _ in range(length))


def test_the_largest_item_fits_into_the_table() -> None:
    largest = [
        replace(
            one,
            event_id=_random_text(MAX_ID),
            name=one.name if one.correction else _random_text(MAX_NAME),
            receipt=secrets.token_urlsafe(8),
            customer_id=f"cus_{secrets.token_hex(16)}",
            digest=secrets.token_hex(8),
            from_server=from_server,
            products=tuple(Product(product_id=_random_text(30), price_micros=None) for _ in range(100)),
        )
        for from_server in (True, False)
        for name in ("purchase", "Order Cancelled")
        for one in _flood(name, {}, 0)
    ]

    assert len(_packed(placed(largest))) < 390_000


REPORTS = st.lists(
    st.builds(
        report,
        st.integers(0, 9),
        st.sampled_from(["purchase", "refund"]),
        st.just(10),
        customer_id=st.sampled_from(["d1", "d2", "d3", "u1"]),
        from_server=st.booleans(),
        event_id=st.uuids().map(str),
        products=st.sampled_from([(), (_line(1),), (_line(2),)]),
    ),
    max_size=30,
)


@given(REPORTS, st.lists(st.integers(1, 4), min_size=1), st.randoms(use_true_random=False))
def test_the_choice_depends_on_the_set_alone(reports: list[Report], sizes: Sequence[int], chance: object) -> None:
    few = {(True, False): 3, (True, True): 2, (False, False): 3, (False, True): 2}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_places, "PLACES", few)
        patch.setattr(order_places, "MAX_OF_VISITOR", 2)
        patch.setattr(order_places, "MAX_WITH_LINES", 2)
        shuffled = reports * 2
        chance.shuffle(shuffled)  # type: ignore[attr-defined]
        kept: tuple[Report, ...] = ()
        place = 0
        while place < len(shuffled):
            size = sizes[place % len(sizes)]
            kept = placed((*kept, *shuffled[place : place + size]))
            place += size

        assert kept == placed(reports)
