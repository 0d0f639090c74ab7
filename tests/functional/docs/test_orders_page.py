"""docs/orders.md: its examples run as written, and its tables say what is so."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from optiq.attribution.path import MAX_TOUCHES
from optiq.collect.order_lines import LINES, MAX_PRODUCTS
from optiq.collect.orders import NUMBERS, REFUND_IDS, REFUND_VALUES, VALUES
from optiq.journeys import api as journeys
from optiq.journeys.customers.customer import MAX_RECREDITED, MAX_RECREDITED_DAYS
from optiq.journeys.customers.graph import MAX_IDENTIFIERS
from optiq.journeys.links import _ORDER_CONFIDENCE, MAX_LINKS
from optiq.journeys.moved_days import MAX_RETOLD_FACTS
from optiq.journeys.order_buyers import MAX_BEHIND
from optiq.journeys.order_contracts import REFUSALS
from optiq.journeys.orders.places import (
    MAX_OF_VISITOR,
    MAX_PAGE_CORRECTIONS,
    MAX_PAGE_REPORTS,
    MAX_SERVER_CORRECTIONS,
    MAX_SERVER_REPORTS,
)
from optiq.journeys.orders.purchases import MAX_AGREEING
from optiq.journeys.orders.table import MAX_REPORTERS
from optiq.journeys.paths import MAX_PATH_FACTS
from optiq.journeys.visits import MAX_DAY_FACTS
from optiq.kernel.events import CORRECTIONS
from optiq.kernel.money import MICROS

from functions.collect import measurement, segment
from functions.journeys import routes as customers
from tests.functional.cases.shop import Shop
from tests.functional.collect.posting import basic
from tests.functional.reports.http import request as managed
from tests.functional.senders import request

PAGE = (Path(__file__).parents[3] / "docs" / "orders.md").read_text(encoding="utf-8")


def _commands() -> Iterator[list[str]]:
    for example in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        yield from (shlex.split(f"curl {command}") for command in re.split(r"^curl ", example, flags=re.MULTILINE)[1:])


def _run(shop: Shop, command: list[str]) -> dict[str, Any]:
    """What curl would send, through the handler of its route."""
    (address,) = [urlsplit(word) for word in command if word.startswith("http://localhost:8080/")]
    body = command[command.index("-d") + 1] if "-d" in command else ""
    if address.path == "/mp/collect":
        query = address.query.replace("$WRITE_KEY", shop.new_site.write_key)
        return measurement.handler(request("POST", address.path, body, {}, query), None)
    if "-u" in command:
        assert command[command.index("-u") + 1] == "$WRITE_KEY:"
        return segment.handler(request("POST", address.path, body, basic(shop.new_site.write_key)), None)
    assert command[command.index("-H") + 1] == "Authorization: Bearer $API_KEY"
    return customers.handler(managed(address.path.replace("$SITE", shop.where[1]), shop.where[0]), None)


def _table(first_heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    _, _, after = PAGE.partition(f"\n| {first_heading} |")
    rows = after.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.fixture
def shop(table: object) -> Shop:
    return Shop()


def test_the_examples_leave_what_the_page_says(shop: Shop) -> None:
    for command in _commands():
        answer = _run(shop, command)
        assert answer["statusCode"] in (200, 204), command
        shop.settle()

    listed = sorted((one.order_id, one.name, f"{one.value_micros / MICROS:.2f}") for one in shop.conversions)
    assert listed == sorted(map(tuple, _table("`order_id`")))
    assert [one["order_id"] for one in json.loads(answer["body"])["items"]] == ["A-1005"]
    assert shop.failed == []


def test_an_order_of_the_page_links_its_identifiers(shop: Shop) -> None:
    for command in list(_commands())[:2]:
        _run(shop, command)
    shop.settle()

    (order,) = shop.conversions
    found = journeys.get_customer(*shop.where, order.customer_id)
    links = [(link.source, link.confidence) for link in found.links if link.counts and link.source == "order"]
    assert links == [("order", _ORDER_CONFIDENCE)]
    assert f"the confidence {_ORDER_CONFIDENCE}" in PAGE.replace("\n", " ")


def test_the_page_names_every_spelling() -> None:
    names = {row[0]: re.findall(r"`(\w+)`", row[1]) for row in _table("what")}
    assert names == {
        "the number": [*NUMBERS, "_", "orderId", "OrderID"],
        "the value": list(VALUES),
        "the amount of a refund": list(REFUND_VALUES),
        "the id of a refund": list(REFUND_IDS),
        "the currency": ["currency"],
        "the lines": list(LINES),
    }
    assert {name for row in _table("event") for name in re.findall("`(.*?)`", row[0])} == CORRECTIONS.keys()
    assert {row[0].strip("`") for row in _table("`refusal`")} == REFUSALS.keys()


def test_the_page_states_the_limits() -> None:
    stated: Mapping[str, int] = {row[0]: int(row[1].replace(",", "")) for row in _table("limit")}
    assert stated == {
        "servers' reports of one number": MAX_SERVER_REPORTS,
        "servers' corrections of one number": MAX_SERVER_CORRECTIONS,
        "pages' reports of one number": MAX_PAGE_REPORTS,
        "pages' corrections of one number": MAX_PAGE_CORRECTIONS,
        "one visitor's reports, or corrections, of them": MAX_OF_VISITOR,
        "identifiers that report one number, by pages or by servers": MAX_REPORTERS,
        "identifiers behind the visitors that report one number": MAX_BEHIND,
        "identifiers that one order may join": MAX_AGREEING,
        "lines of an order": MAX_PRODUCTS,
        "events of a customer on a UTC day, of all identifiers, from pages or from servers": MAX_DAY_FACTS,
        "identifiers of one customer": MAX_IDENTIFIERS,
        "links of one identifier": MAX_LINKS,
        "events looked at again when identifiers are joined": MAX_RETOLD_FACTS,
        "events that are searched for a path": MAX_PATH_FACTS,
        "touches of a path": MAX_TOUCHES,
        "conversions credited anew after one late event": MAX_RECREDITED,
        "days of these, for a customer with a long history": MAX_RECREDITED_DAYS,
    }
