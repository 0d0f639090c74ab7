"""What an order is worth, whose it is, and what was reported of it later: whatever order the reports arrive in."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.journeys.orders.places import placed
from optiq.journeys.orders.purchases import Purchase, may_wait, purchases_of, unapplied
from optiq.journeys.orders.reports import Report
from optiq.kernel.events import Product

from tests.support.order_reports import SERVER, report
from tests.unit.journeys.facts import SITE


def purchases(reports: list[Report], people: dict[str, str] | None = None, apart: bool = False) -> list[Purchase]:
    people = people or {}
    found = purchases_of(reports, SITE, lambda one: people.get(one, one), lambda one, other: apart)
    return sorted(found, key=lambda purchase: purchase.first.order)


def values(reports: list[Report], people: dict[str, str] | None = None) -> list[int]:
    return [purchase.value_micros for purchase in purchases(reports, people)]


@pytest.mark.parametrize(
    ("corrections", "left"),
    [
        ([report(2, "Order Updated", 40)], 40),
        ([report(2, "Order Updated", 40), report(3, "Order Updated", 60)], 60),
        # What was refunded before is in the new value; what is refunded later comes off it.
        ([report(2, "refund", 10), report(3, "Order Updated", 40), report(4, "refund", 5)], 35),
        ([report(2, "refund", None), report(3, "Order Updated", 40)], 40),
        ([report(2, "Order Updated", None)], 50),
        ([report(2, "Order Updated", 40, currency="USD")], 50),
        ([report(2, "refund", 40, currency="EUR")], 10),
        ([report(2, "Order Updated", -1)], 0),
        ([report(2, "Order Cancelled", 50)], 0),
        ([report(2, "Order Canceled", None)], 0),
        *(([report(2, name, 0)], 0) for name in ("order canceled", "order_cancelled", "ORDER-CANCELLED")),
        *(([report(2, name, 10)], 40) for name in ("Refund", "order refunded", "order_refunded", "ORDER REFUNDED")),
        # Of a time before the order: a refund is of that order all the same, but a draft's update is no later price.
        ([report(0, "refund", 10)], 40),
        ([report(0, "Order Cancelled", None)], 0),
        ([report(0, "Order Updated", 40)], 50),
        ([report(0, "Order Updated", 40), report(2, "Order Updated", 45)], 45),
        # One refund by two tools; two refunds of one tool.
        ([report(2, "refund", 10), report(2.1, "Order Refunded", 10)], 40),
        ([report(2, "refund", 10), report(3, "refund", 10)], 30),
        ([report(2, "refund", 10), report(3, "refund", 10), report(2.1, "Order Refunded", 10)], 30),
        ([report(2, "refund", -10)], 40),
    ],
)
def test_corrections_give_one_value_in_any_order_of_arrival(corrections: list[Report], left: int) -> None:
    for arrived in permutations([report(1), *corrections]):
        assert values(list(arrived)) == [left]


def test_order_is_one_purchase_whatever_reports_it() -> None:
    page, again, server = report(1), report(30), report(1.1, "Order Completed", 55, **SERVER)

    for arrived in permutations([page, again, server]):
        (purchase,) = purchases(list(arrived), {"d1": "ada", "u1": "ada"})
        # The server's report gives time, name and value.
        assert (purchase.first, purchase.gross_micros) == (server, 55)
        assert purchase.later == (page, again)
        assert [one.event_id for one in purchase.reports] == [one.event_id for one in (page, server, again)]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        # A page and a server that agree are of one buyer, whoever they say it is.
        ([report(1), report(2, "Order Completed", 50, **SERVER)], [50]),
        ([report(1), report(2, "Order Completed", 50, currency="EUR", **SERVER)], [50]),
        ([report(1, identity_type="passing_id"), report(2, "Order Completed", 50, **SERVER)], [50]),
        # Another price, another currency, no price: another buyer.
        ([report(1), report(2, "Order Completed", 49, **SERVER)], [50, 49]),
        ([report(1, currency="EUR"), report(2, "Order Completed", 50, currency="USD", **SERVER)], [50, 50]),
        ([report(1, micros=None), report(2, "Order Completed", None, **SERVER)], [0, 0]),
        ([report(1, micros=0), report(2, "Order Completed", 0, **SERVER)], [0, 0]),
        # Two users are two buyers.
        ([report(n, **(SERVER | {"customer_id": f"u{n}"})) for n in (1, 2)], [50, 50]),
        # A price that many share is no evidence.
        ([report(n, customer_id=f"d{n}") for n in range(1, 7)], [50] * 6),
        ([report(n, customer_id=f"d{n}") for n in range(1, 6)], [50]),
    ],
)
def test_number_is_scoped_to_its_buyer(reports: list[Report], expected: list[int]) -> None:
    assert values(reports) == expected
    assert sorted(values(reports[::-1])) == sorted(expected)


def test_buyers_whose_link_was_cut_stay_apart() -> None:
    reports = [report(1), report(2, "Order Completed", 50, **SERVER)]

    assert len(purchases(reports, apart=True)) == 2


def test_page_cannot_change_what_a_server_reported() -> None:
    order = report(1, "Order Completed", 50, **SERVER)
    people = {"d1": "ada", "u1": "ada"}

    for name in ("Order Refunded", "Order Updated", "Order Cancelled", "refund"):
        (purchase,) = purchases([order, report(2, name, 1)], people)
        assert purchase.value_micros == 50
        assert [one.refusal for one in purchase.corrections] == ["UNVERIFIED"]
    # Nor can somebody else's page change what a page reported.
    assert values([report(1), report(2, "refund", 50, customer_id="d2")]) == [50]
    assert values([report(1), report(2, "refund", 20, customer_id="erp", from_server=True)]) == [30]


def test_correction_of_an_unknown_order_waits() -> None:
    refund = report(2, "refund", 20, **SERVER)
    two = [report(1), report(1, customer_id="d2", micros=70)]

    assert unapplied([refund], []) == (refund,)
    assert unapplied([*two, refund], purchases([*two, refund])) == (refund,)
    assert unapplied([report(1), refund], purchases([report(1), refund])) == ()
    # The same refund by two tools does not wait twice.
    both = [report(1), refund, report(2.1, "Order Refunded", 20, **SERVER)]
    assert unapplied(both, purchases(both)) == ()


def test_correction_that_links_could_part_from_its_order_may_wait() -> None:
    buyers = [report(1), report(1, customer_id="d2")]
    refund = report(2, "refund", 20, customer_id="bo")

    # One order now; two orders, and the refund waits, once d1 and d2 turn out to be two people.
    assert unapplied([*buyers, refund], purchases([*buyers, refund])) == ()
    assert unapplied([*buyers, refund], purchases([*buyers, refund], apart=True)) == (refund,)
    assert may_wait([*buyers, refund]) == [refund]
    assert may_wait([refund]) == [refund]
    # A refund by a buyer, and one of an order that one identifier reports, find it whatever is linked.
    assert may_wait([*buyers, replace(refund, customer_id="d2")]) == []
    assert may_wait([buyers[0], refund]) == []


def product(number: str, micros: int | None = None, quantity: int = 1) -> Product:
    return Product(product_id=number, price_micros=micros, quantity=quantity)


@pytest.mark.parametrize(
    ("refunded", "left", "refusal"),
    [
        ([product("a", 10)], 40, ""),
        ([product("a")], 40, ""),
        ([product("b", quantity=2)], 10, ""),
        ([product("a"), product("b")], 20, ""),
        ([product("a", 5)], 45, ""),
        # The refund's own price comes off whatever its sign; the order's discount stays one.
        ([product("a", -5)], 45, ""),
        ([product("a", -5), product("b", -5, 2)], 35, ""),
        ([product("b"), product("discount")], 33, ""),
        ([product("discount")], 50, "NO_VALUE"),
        ([product("unknown")], 50, "NO_PRICE"),
        # Variants of one product, at two prices.
        ([product("tee")], 50, "NO_PRICE"),
        ([product("tee", 15)], 35, ""),
        ([product("a"), product("unknown")], 50, "NO_PRICE"),
        ([], 0, ""),
    ],
)
def test_refund_of_products_takes_their_price_off(refunded: list[Product], left: int, refusal: str) -> None:
    tees = (product("tee", 15), product("tee", 10))
    order = report(1, products=(product("a", 10), product("b", 20, 2), product("discount", -3), *tees))

    (purchase,) = purchases([order, report(2, "Order Refunded", None, products=tuple(refunded))])

    assert (purchase.value_micros, purchase.corrections[0].refusal) == (left, refusal)


THREE_AND_ONE = (product("q", 10, 3), product("r", 20))


@pytest.mark.parametrize(
    ("corrections", "left"),
    [
        # No more comes back than was bought: of one refund, of several, and of lines with a price of their own.
        ([[product("q", quantity=3)], [product("q", quantity=3)]], 20),
        ([[product("q", quantity=5)]], 20),
        ([[product("q", quantity=2)], [product("q", quantity=2)]], 20),
        ([[product("q", 10, 3)], [product("q", 10, 3)]], 20),
        ([[product("q", quantity=2), product("q", quantity=2)]], 20),
        ([[product("q", quantity=3)], [product("q", quantity=1), product("r")]], 0),
        ([[product("r")], [product("r")], [product("r")]], 30),
        # An amount that covers its lines says that they came back; a smaller one does not.
        ([(30, [product("q", quantity=3)]), [product("q", quantity=3)]], 20),
        ([(5, [product("q", quantity=3), product("r")]), [product("q", quantity=3)]], 15),
        # Lines that the order does not list are taken at their word.
        ([[product("gift", 5, 2)], [product("gift", 5, 2)]], 30),
    ],
)
def test_no_more_of_a_product_is_refunded_than_was_ordered(corrections: list[object], left: int) -> None:
    orders = [report(1, products=THREE_AND_ONE), report(1.1, "Order Completed", 50, products=THREE_AND_ONE, **SERVER)]
    said = [one if isinstance(one, tuple) else (None, one) for one in corrections]
    refunds = [
        report(2 + n, "Order Refunded", micros, from_server=True, products=tuple(lines))  # type: ignore[arg-type]
        for n, (micros, lines) in enumerate(said)
    ]
    for arrived in permutations([*orders, *refunds]):
        assert values(list(arrived), {"d1": "ada", "u1": "ada"}) == [left]


@pytest.mark.parametrize(
    "others",
    [
        # The page shows prices with tax, the server reports them without.
        [report(0, micros=119, products=(product("m", 11, 10),))],
        # A stranger reports the number with the public key.
        [report(0, micros=100, customer_id="d9", products=(product("m", 1, 10),))],
        [report(0, micros=100, customer_id="d9", products=(product("m", 1, 10), product("m", 2)))],
        # Two systems of the shop report it: what one says with the value counts.
        [report(2, "purchase", 119, products=(product("m", 11, 10),), **SERVER)],
        [report(0.5, "purchase", None, products=(product("m", 11, 10),), **SERVER)],
        [report(2, "purchase", 119, products=(), **SERVER)],
    ],
)
def test_price_of_a_refunded_line_is_that_of_the_report_whose_value_counts(others: list[Report]) -> None:
    order = report(1, "Order Completed", 100, products=(product("m", 10, 10),), **SERVER)
    refund = report(3, "Order Refunded", None, products=(product("m", quantity=2),), **SERVER)

    for arrived in permutations([order, *others, refund]):
        assert max(values(list(arrived), {"d1": "ada", "u1": "ada"})) == 80


def test_page_says_what_products_cost_only_of_an_order_that_no_server_reports() -> None:
    page = report(1, products=(product("m", 10, 5),))
    refund = report(3, "Order Refunded", None, products=(product("m"),), **SERVER)
    people = {"d1": "ada", "u1": "ada"}

    assert values([page, refund], people) == [40]
    (purchase,) = purchases([page, report(2, "Order Completed", 50, **SERVER), refund], people)
    assert (purchase.value_micros, purchase.corrections[0].refusal) == (50, "NO_PRICE")


def test_refund_without_known_lines_is_of_what_it_names() -> None:
    refund = report(2, "Order Refunded", None, products=(product("q", 10, 3),))

    assert values([report(1), refund]) == [20]
    assert values([report(1), refund, replace(refund, event_id="again", occurred_ms=refund.occurred_ms + 1)]) == [0]


def test_updated_lines_are_those_of_the_order_from_then_on() -> None:
    more = report(3, "Order Updated", 70, products=(product("q", 10, 5), product("r", 20)))
    refund = report(2, "Order Refunded", None, products=(product("q", quantity=3),))
    later = report(4, "Order Refunded", None, products=(product("q", quantity=9),))

    for arrived in permutations([report(1, products=THREE_AND_ONE), refund, more, later]):
        assert values(list(arrived)) == [20]
    # Of what is in the order since, the new price comes off; of what is not, none is known.
    dearer = report(3, "Order Updated", 60, products=(product("q", 15, 2), product("r", quantity=1)))
    one = report(4, "Order Refunded", None, products=(product("q"),))
    for arrived in permutations([report(1, products=THREE_AND_ONE), dearer, one]):
        assert values(list(arrived)) == [45]
    assert values([report(1, products=THREE_AND_ONE), dearer, replace(one, products=(product("r"),))]) == [40]
    gone = replace(dearer, products=(product("r", 60),))
    (purchase,) = purchases([report(1, products=THREE_AND_ONE), gone, one])
    assert (purchase.value_micros, purchase.corrections[1].refusal) == (60, "NO_PRICE")
    # An update that is refused changes no lines.
    foreign = replace(dearer, currency="USD")
    assert values([report(1, products=THREE_AND_ONE), foreign, one]) == [40]
    # An update that lists none changes no lines.
    bare = report(3, "Order Updated", 45)
    assert values([report(1, products=THREE_AND_ONE), refund, bare, later]) == [45]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        # Whoever names no currency contradicts none.
        ([("d1", 50, ""), ("u1", 50, "USD")], [(50, "USD")]),
        # A page's currency is none of a server's order, which is in the site's.
        ([("d1", 50, "USD"), ("u1", 50, "")], [(50, "EUR")]),
        ([("d1", 50, "USD"), ("d2", 50, "CHF"), ("u1", 50, "")], [(50, "EUR")]),
        ([("d1", 50, ""), ("u1", 50, "")], [(50, "EUR")]),
        ([("d1", 50, ""), ("d2", 50, "USD"), ("u1", 50, "USD")], [(50, "USD")]),
        # Between two currencies it is in the site's, of one of them or of its own.
        ([("d1", 50, ""), ("d2", 50, "EUR"), ("u1", 50, "USD")], [(50, "EUR"), (50, "USD")]),
        ([("d1", 50, ""), ("d2", 50, "CHF"), ("u1", 50, "USD")], [(50, "CHF"), (50, "USD")]),
        ([("u1", 50, "EUR"), ("u2", 50, "USD")], [(50, "EUR"), (50, "USD")]),
        ([("d1", 49, ""), ("u1", 50, "USD")], [(49, "EUR"), (50, "USD")]),
        # Of one buyer anyway: the value is the server's, the currency that of whoever names one.
        ([("u1", 50, ""), ("u1", 55, "USD")], [(50, "USD")]),
        ([("u1", None, "USD"), ("u1", 50, "")], [(50, "USD")]),
        ([("u1", None, "CHF"), ("u1", 50, ""), ("u1", 50, "USD")], [(50, "USD")]),
    ],
)
def test_report_without_a_currency_contradicts_none(
    reports: list[tuple[str, int | None, str]], expected: list[tuple[int, str]]
) -> None:
    said = [
        report(n, micros=micros, currency=currency, customer_id=who, event_id=f"e{n}")
        if who[0] == "d"
        else report(n, "Order Completed", micros, currency=currency, event_id=f"e{n}", **SERVER | {"customer_id": who})
        for n, (who, micros, currency) in enumerate(reports)
    ]
    for arrived in permutations(said):
        found = purchases(list(arrived))
        assert sorted((one.value_micros, one.currency) for one in found) == expected


def test_refund_of_products_in_another_currency_changes_nothing() -> None:
    for lines, left, refusal in (((product("a", 10),), 50, "CURRENCY"), ((product("a"),), 40, "")):
        order = report(1, products=(product("a", 10),))
        (purchase,) = purchases([order, report(2, "refund", None, products=lines, currency="USD")])

        assert (purchase.value_micros, purchase.corrections[0].refusal) == (left, refusal)


@pytest.mark.parametrize(
    ("corrections", "refusals"),
    [
        ([report(2, "Order Updated", None)], ["NO_VALUE"]),
        ([report(2, "refund", 0)], ["NO_VALUE"]),
        ([report(2, "refund", 0), report(3, "Order Refunded", 0)], ["NO_VALUE", "NO_VALUE"]),
        ([report(2, "refund", 60), report(3, "refund", 5)], ["", "NOTHING_LEFT"]),
        ([report(2, "Order Cancelled"), report(3, "Order Cancelled")], ["", "NOTHING_LEFT"]),
        ([report(0, "Order Updated", 40)], ["EARLIER"]),
        ([report(2, "Order Cancelled", 20, currency="USD")], [""]),
        ([report(2, "refund", 20, currency="USD"), report(3, "Order Cancelled", 20, currency="USD")], ["CURRENCY", ""]),
        # A refund's own id says which it is, whatever names its event; without one, the same tool refunds twice.
        ([report(2, "refund", 5, refund_id="r"), report(3, "refund", 5, refund_id="r")], ["", "REPEATED"]),
        ([report(2, "refund", 5, refund_id="r"), report(3, "Order Refunded", 6, refund_id="r")], ["", "REPEATED"]),
        ([report(2, "refund", 5, refund_id="r"), report(3, "refund", 5, refund_id="s")], ["", ""]),
        ([report(2, "Order Cancelled"), report(3, "Order Updated", 9), report(4, "refund", 1)], ["", "", ""]),
    ],
)
def test_correction_that_changes_nothing_is_refused(corrections: list[Report], refusals: list[str]) -> None:
    for arrived in permutations([report(1), *corrections]):
        (purchase,) = purchases(list(arrived))
        assert [one.refusal for one in purchase.corrections] == refusals


REPORTS = st.lists(
    st.builds(
        report,
        st.integers(0, 40),
        st.sampled_from(
            ["purchase", "Order Completed", "refund", "Order Refunded", "Order Updated", "Order Cancelled"]
        ),
        st.none() | st.sampled_from([0, 10, 50]),
        customer_id=st.sampled_from(["d1", "d2", "u1", "u2"]),
        from_server=st.booleans(),
        currency=st.sampled_from(["", "EUR", "USD"]),
        event_id=st.uuids().map(str),
    ),
    max_size=12,
)


@given(REPORTS, st.randoms(use_true_random=False))
def test_order_of_arrival_and_repeats_change_nothing(reports: list[Report], chance: object) -> None:
    typed = [replace(one, identity_type="user_id" if one.customer_id[0] == "u" else "anonymous_id") for one in reports]
    shuffled = typed * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    kept: tuple[Report, ...] = ()
    for one in shuffled:
        kept = placed((*kept, one))

    assert values(list(kept), {"d1": "ada", "u1": "ada"}) == values(typed, {"d1": "ada", "u1": "ada"})
    assert purchases(list(kept)) == purchases(typed)


@given(REPORTS)
def test_every_report_is_of_one_purchase_and_no_value_is_negative(reports: list[Report]) -> None:
    found = purchases(reports)

    told = sorted(one.event_id for purchase in found for one in purchase.reports)
    assert told == sorted(one.event_id for one in reports if not one.correction)
    assert all(purchase.value_micros >= 0 for purchase in found)
