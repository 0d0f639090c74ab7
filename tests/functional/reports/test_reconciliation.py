"""Our orders and revenue beside a shop's: worked by hand. The lines always add up to the difference."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from optiq.journeys.lake import CONVERSIONS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, from_rfc3339
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.reports.reconciliation.api import read_shop_totals, reconcile, record_shop_totals
from optiq.reports.reconciliation.contracts import Claim, Figures, ReconciliationAnswer, ReconciliationAsk, ShopTotal

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part
from tests.functional.reports.test_steps import Days

pytestmark = pytest.mark.usefixtures("table")
NOW_MS = from_rfc3339("2026-01-20T12:00:00Z")
PERIOD = "2026-01-10..2026-01-12"
E = 1_000_000


class Shop:
    """A site's orders, what was left out of them, and what its shop reports."""

    def __init__(self, days: Days) -> None:
        self.days, self.now_ms = days, NOW_MS
        self.caller = Caller.system(days.lake.organization_id)
        self.site_id = days.lake.site_id

    def order(self, number: str, at: str, net: int, gross: int | None = None, **values: Any) -> None:
        found = {"conversion_id": f"v{number}", "event_id": f"e{number}", "order_id": number, "customer_id": "c1"}
        found |= {"name": "Order Completed", "value_micros": net, "gross_micros": net if gross is None else gross}
        self.days.write(CONVERSIONS, at, **(found | {"currency": "EUR"} | values))

    def left_out(self, event_id: str, at: str, reason: str, micros: int | None, **values: Any) -> None:
        found = {"name": "Order Completed", "left_out": reason, "value_micros": micros, "currency": "EUR"}
        self.days.event(event_id, at, **(found | values))

    def reported(self, *rows: tuple[str, int, int]) -> int:
        totals = [ShopTotal(day, orders, micros, "EUR") for day, orders, micros in rows]
        return record_shop_totals(self.caller, self.site_id, totals)

    def compared(self, **fields: Any) -> ReconciliationAnswer:
        self.now_ms += MINUTE_MS
        ask = ReconciliationAsk(**({"period": PERIOD} | fields))
        found = reconcile(self.caller, self.site_id, ask, clock=lambda: self.now_ms)
        assert sum((Figures(one.orders, one.revenue_micros) for one in found.lines), Figures()) == found.difference
        assert found.shop - found.ours == found.difference
        return found


@pytest.fixture
def shop(make_site: SiteMaker, tmp_path: Path) -> Shop:
    return Shop(Days(make_site(timezone="Europe/Berlin"), tmp_path))


def lines(found: ReconciliationAnswer) -> dict[str, tuple[int, float]]:
    return {one.reason: (one.orders, one.revenue_micros / E) for one in found.lines}


def test_the_difference_is_explained_to_the_micro(shop: Shop) -> None:
    shop.order("1", "2026-01-10T10:00:00Z", 60 * E, 100 * E)
    shop.order("2", "2026-01-10T23:30:00Z", 50 * E)  # the 11th in Berlin
    shop.order("3", "2026-01-12T10:00:00Z", 999 * E)  # the shop reports nothing of that day
    shop.order("lead", "2026-01-10T10:00:00Z", 0, order_id="")  # no order
    shop.order("part", "2026-01-10T10:00:00Z", 70 * E, deleted=True)
    shop.left_out("b1", "2026-01-10T11:00:00Z", "BOT", 20 * E)
    shop.left_out("o1", "2026-01-10T11:00:00Z", "OPTED_OUT", None)
    shop.left_out("u1", "2026-01-11T11:00:00Z", "UNVERIFIED", 7 * E, properties='{"order_id":"9"}')
    shop.left_out("u2", "2026-01-11T11:05:00Z", "UNVERIFIED", 7 * E, properties='{"order_id":"9"}')
    shop.left_out("mine", "2026-01-11T11:00:00Z", "BOT", 50 * E, properties='{"order_id":"2"}')  # one of ours
    shop.left_out("e1", "2026-01-10T10:00:00Z", "OVER_LIMIT", 60 * E)  # the event of order 1
    shop.left_out("view", "2026-01-11T11:00:00Z", "BOT", 5 * E, name="page_view")  # reports no conversion
    assert shop.reported(("2026-01-10", 4, 160 * E), ("2026-01-11", 2, 60 * E)) == 2

    found = shop.compared()
    assert (found.compared_days, found.ours, found.shop) == (2, Figures(2, 110 * E), Figures(6, 220 * E))
    assert lines(found) == {
        "REFUNDS": (0, 40),
        "BOT": (1, 20),
        "OPTED_OUT": (1, 0),
        "UNVERIFIED": (1, 7),
        # 110 - 40 - 20 - 7; the value of who opted out is not kept.
        "UNEXPLAINED": (1, 43),
    }
    first, second, third = found.days
    assert (first.day, first.ours, first.shop, first.difference) == (
        "2026-01-10",
        Figures(1, 60 * E),
        Figures(4, 160 * E),
        Figures(3, 100 * E),
    )
    assert second.difference == Figures(1, 10 * E)
    assert (third.ours, third.shop, third.difference) == (Figures(1, 999 * E), None, None)

    after_refunds = shop.compared(shop_revenue="NET")
    assert (lines(after_refunds).get("REFUNDS"), lines(after_refunds)["UNEXPLAINED"]) == (None, (1, 83))


def test_a_day_sent_again_is_replaced(shop: Shop) -> None:
    shop.order("1", "2026-01-10T10:00:00Z", 60 * E)
    shop.reported(("2026-01-10", 9, 900 * E))
    shop.reported(("2026-01-10", 1, 60 * E))
    assert lines(shop.compared()) == {"UNEXPLAINED": (0, 0)}


def test_nothing_reported_compares_nothing(shop: Shop) -> None:
    shop.order("1", "2026-01-10T10:00:00Z", 60 * E)
    shop.left_out("b1", "2026-01-10T11:00:00Z", "BOT", 20 * E)
    found = shop.compared()
    assert (found.compared_days, found.ours, lines(found)) == (0, Figures(), {"UNEXPLAINED": (0, 0)})


def test_lines_add_up_whatever_there_is(shop: Shop) -> None:
    random = Random(5)
    for number in range(60):
        at = f"2026-01-{random.randint(9, 13):02}T{random.randint(0, 23):02}:30:00Z"
        gross = random.randint(0, 90_000_000)
        shop.order(str(number), at, random.randint(0, gross), gross, currency=random.choice(("EUR", "USD", "XXX")))
        reason = random.choice(("BOT", "OPTED_OUT", "EXCLUDED", "UNVERIFIED", "OVER_LIMIT", "MANY_REPORTS"))
        properties = json.dumps({"transaction_id": str(random.randint(0, 120))})
        micros = random.choice((None, random.randint(0, 90_000_000)))
        shop.left_out(f"l{number}", at, reason, micros, currency=random.choice(("EUR", "USD")), properties=properties)
    shop.days.lake.write_rates("2026-01-09", USD=1_170_000)
    shop.reported(*((f"2026-01-{day}", random.randint(0, 30), random.randint(0, 900 * E)) for day in (10, 11, 12)))
    for shop_revenue in ("GROSS", "NET"):
        found = shop.compared(shop_revenue=shop_revenue)
        assert "NO_RATE" in {note.kind for note in found.frame.notes}
        assert sum((one.ours for one in found.days), Figures()) == found.ours


def test_what_platforms_claim_stands_beside_what_the_model_gives(shop: Shop) -> None:
    lake = shop.days.lake
    lake.write_rates("2026-01-10", USD=1_250_000)
    lake.write_metrics(
        {"day": "2026-01-10", "channel": "Paid Search", "spend_micros": 0, "currency": "USD", "source": "paid search"}
        | {"claimed_conversions": 2.5, "claimed_revenue_micros": 100 * E},
        {"day": "2026-01-10", "channel": "Paid Social", "spend_micros": 5 * E, "currency": "EUR", "source": "meta"},
    )
    parts = [Part("Paid Search", 0.5, 20 * E), Part("Email", 0.5, 20 * E)]
    lake.write_credits(lake.credit("v1", "2026-01-10T10:00:00Z", parts))
    # 100 USD at 1.25 a EUR.
    found = shop.compared(model="LINEAR")
    assert found.claims == (Claim("Paid Search", "paid search", 0.5, 20 * E, 2.5, 80 * E),)
    assert found.model == "LINEAR"


def test_a_table_is_read_with_columns_in_any_order() -> None:
    text = "\ufeffRevenue;Day;Orders;Currency\r\n 49.90 ;2026-01-31;12;eur\r\n\r\n0;2026-02-01;0;EUR\r\n"
    assert read_shop_totals(text) == [
        ShopTotal("2026-01-31", 12, 49_900_000, "EUR"),
        ShopTotal("2026-02-01", 0, 0, "EUR"),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "csv: the first line must name the columns day, orders, revenue, currency"),
        ("day,orders,revenue\n", "csv: the first line must name the columns"),
        ("day,orders,revenue,currency\n2026-01-31,1,2\n", "csv: line 2 has 3 columns, not 4"),
        ("day,orders,revenue,currency\n2026-01-31,1.5,2,EUR\n", "csv: line 2: orders: must be a number such as 12"),
        ("day,orders,revenue,currency\n2026-01-31,1,much,EUR\n", "csv: line 2: revenue: must be a number"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_line(text: str, what: str) -> None:
    with pytest.raises(InvalidError, match=f"^{what}"):
        read_shop_totals(text)


def test_totals_that_cannot_be_are_refused_as_a_whole(shop: Shop) -> None:
    good = ShopTotal("2026-01-10", 1, E, "EUR")
    for wrong, what in (
        ([good, good], "rows.1: day: 2026-01-10 is there twice"),
        ([good, ShopTotal("2026-02-30", 1, E, "EUR")], "rows.1: "),
        ([good, ShopTotal("2026-01-11", 1, E, "EURO")], "rows.1: "),
        ([good, ShopTotal("2026-01-11", -1, E, "EUR")], "rows.1: orders: "),
        ([], "rows: send 1 to 1000 days"),
    ):
        with pytest.raises(InvalidError, match=f"^{what}"):
            record_shop_totals(shop.caller, shop.site_id, wrong)
    with pytest.raises(NotFoundError):
        record_shop_totals(shop.caller, "site_of_another", [good])
    assert shop.compared().compared_days == 0


def test_the_routes_take_totals_and_answer_in_json(shop: Shop) -> None:
    shop.order("1", "2026-01-10T10:00:00Z", 60 * E)

    def post(path: str, body: object) -> tuple[int, dict[str, Any]]:
        url = f"/v1/sites/{shop.site_id}/{path}"
        found = request(url, shop.caller.organization_id, method="POST", body=json.dumps(body))
        return answer(handler(found, None))

    row = {"day": "2026-01-10", "orders": 2, "revenue": "61.50", "currency": "EUR"}
    assert post("shop-totals", {"rows": [row]}) == (202, {"stored": 1})
    table = "day,orders,revenue,currency\n2026-01-11,0,0,EUR"
    assert post("shop-totals", {"csv": table}) == (202, {"stored": 1})
    assert post("shop-totals", {"csv": table, "rows": [row]})[0] == 400
    status, found = post("reconciliation/query", {"period": PERIOD})
    assert status == 200
    assert found["difference"] == {"orders": 1, "revenue_micros": 1_500_000}
    assert found["days"][2] == {
        "day": "2026-01-12",
        "ours": {"orders": 0, "revenue_micros": 0},
        "shop": None,
        "difference": None,
    }
    assert (found["lines"][-1]["reason"], found["failed_events"], found["claims"]) == ("UNEXPLAINED", 0, [])
