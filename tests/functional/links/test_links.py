"""Tracked links: who opens them, what they lead to, and what they earn."""

import base64
import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import zxingcpp
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import ConflictError, InvalidError, LimitExceededError, NotFoundError
from optiq.kernel.limits import Buckets, Limit
from optiq.kernel.settings import settings
from optiq.links import api as links
from optiq.links import clicks, domains
from optiq.links.contracts import Link
from optiq.ports import wiring

from functions.links import on_clicks, redirect, routes
from tests.functional.cases.shop import Shop
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import request as managed

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
TARGET = "https://shop.example/sale?size=42&q=a%20b#top"


@pytest.fixture
def own() -> str:
    """Links on a domain are one organization's, so each test has a domain of its own."""
    return f"shop{random.getrandbits(60):x}.example"


@pytest.fixture
def shop(table: object, own: str) -> Shop:
    return Shop(domain=own)


@pytest.fixture
def host(own: str) -> str:
    return f"go.{own}"


@pytest.fixture
def caller(shop: Shop) -> Caller:
    return Caller.system(shop.where[0])


@pytest.fixture
def pipeline(shop: Shop) -> Pipeline:
    return Pipeline()


@pytest.fixture
def create(shop: Shop, caller: Caller, host: str) -> Callable[..., Link]:
    def make(path: str = "", **said: Any) -> Link:
        path = path or f"p{random.getrandbits(60):x}"
        return links.create_link(caller, shop.where[1], **{"path": path, "target": TARGET, "domain": host} | said)

    return make


def ask(link: Link, method: str = "GET", query: str = "", host: str = "", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return redirect.handler(
        {
            "headers": {"host": host or link.domain, "user-agent": CHROME} | named,
            "rawQueryString": query,
            "pathParameters": {"path": link.path},
            "requestContext": {"http": {"method": method}},
        },
        None,
    )


def settle(pipeline: Pipeline) -> None:
    pipeline.drain(consumers=("links",))


def test_redirect_keeps_the_targets_query_and_fragment_and_adds_the_links_own(create: Callable[..., Link]) -> None:
    link = create(utm_source="poster", utm_medium="print", utm_campaign="spring sale")

    answer = ask(link)

    assert answer["statusCode"] == 302
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["location"] == (
        "https://shop.example/sale?size=42&q=a%20b&utm_source=poster&utm_medium=print&utm_campaign=spring+sale"
        f"&optiq_link={link.link_id}#top"
    )


def test_redirect_leaves_a_utm_parameter_of_the_target_as_it_is(create: Callable[..., Link]) -> None:
    link = create(target="https://shop.example/?UTM_Source=own", utm_source="poster", utm_medium="print")

    assert ask(link)["headers"]["location"] == (
        f"https://shop.example/?UTM_Source=own&utm_medium=print&optiq_link={link.link_id}"
    )


@pytest.mark.parametrize(
    "trick",
    [
        {"query": "url=https://evil.example&target=https://evil.example&q=1"},
        {"query": "q=1#https://evil.example"},
        {"x_forwarded_host": "evil.example", "referer": "https://evil.example", "forwarded": "host=evil.example"},
        {"method": "HEAD", "query": "//evil.example"},
    ],
)
def test_nothing_of_a_request_changes_where_a_link_leads(create: Callable[..., Link], trick: dict[str, str]) -> None:
    link = create()

    assert ask(link, **trick)["headers"]["location"].startswith("https://shop.example/sale?size=42")


def test_path_is_one_link_on_each_domain(create: Callable[..., Link]) -> None:
    first = create("same", target="https://shop.example/one")
    second = create("same", domain=f"links.{first.domain}", target="https://shop.example/two")

    assert "/one" in ask(first)["headers"]["location"]
    assert "/two" in ask(second)["headers"]["location"]
    assert ask(first, host="evil.example")["statusCode"] == 404
    with pytest.raises(ConflictError, match="there is such a link already") as refused:
        create("same")
    assert refused.value.code == "CONFLICT"


def test_people_are_told_from_programs(
    create: Callable[..., Link], shop: Shop, caller: Caller, pipeline: Pipeline
) -> None:
    link = create()
    for _ in range(95):
        ask(link)
    for _ in range(5):
        ask(link, query="q=1")
    for _ in range(40):
        ask(link, method="HEAD")
    for _ in range(25):
        ask(link, user_agent="facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")
    for _ in range(10):
        ask(link, sec_purpose="prefetch;prerender")
    settle(pipeline)

    counted = links.report_of(caller, shop.where[1], link.link_id).clicks

    assert (counted.human, counted.qr, counted.other) == (100, 5, 75)
    assert counted.by_opener == {"human": 95, "qr": 5, "head": 40, "preview": 25, "prefetch": 10}


def test_link_ends_after_its_most_clicks_of_people(create: Callable[..., Link], pipeline: Pipeline) -> None:
    link = create(max_clicks=2)
    statuses = []
    for agent in (CHROME, "Googlebot/2.1 (+http://www.google.com/bot.html)", CHROME, CHROME):
        statuses.append(ask(link, user_agent=agent)["statusCode"])
        settle(pipeline)

    assert statuses == [302, 302, 302, 410]


@pytest.mark.parametrize("ended", [{"expires_ms": 1_000, "clock": lambda: 999}, {"active": False}])
def test_ended_link_says_so(create: Callable[..., Link], ended: dict[str, Any]) -> None:
    answer = ask(create(**ended))

    assert answer["statusCode"] == 410
    assert "has ended" in answer["body"]
    assert answer["headers"]["cache-control"] == "no-store"


def test_unknown_link_is_not_found(create: Callable[..., Link]) -> None:
    answer = ask(replace(create(), path="nowhere"))

    assert answer["statusCode"] == 404
    assert "no such link" in answer["body"]


@pytest.mark.parametrize(("status", "path"), [(404, "nowhere"), (410, "")])
def test_page_of_a_link_that_leads_nowhere_loads_nothing_but_its_style(
    create: Callable[..., Link], status: int, path: str
) -> None:
    link = create(active=False)
    answer = ask(replace(link, path=path or link.path))

    policy = answer["headers"]["content-security-policy"]
    (style,) = re.findall("<style>(.*)</style>", answer["body"])
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert answer["statusCode"] == status
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith(f"style-src 'sha256-{digest}'")
    assert "script" not in answer["body"]
    assert "style=" not in answer["body"]


def test_end_that_has_passed_is_refused_and_one_that_passed_later_may_stay(
    create: Callable[..., Link], shop: Shop, caller: Caller
) -> None:
    with pytest.raises(InvalidError, match=r"^expires_at: must be in the future"):
        create(expires_ms=1_000, clock=lambda: 1_000)
    link = create(expires_ms=1_000, clock=lambda: 999)
    where = (caller, shop.where[1], link.link_id)

    assert links.change_link(*where, label="Old poster", expires_ms=1_000).label == "Old poster"
    with pytest.raises(InvalidError, match=r"^expires_at: must be in the future"):
        links.change_link(*where, expires_ms=1_001)
    assert links.change_link(*where, expires_ms=5_000, clock=lambda: 4_000).expires_ms == 5_000


@pytest.mark.parametrize(
    ("said", "field"),
    [
        *(
            ({"target": target}, "target")
            for target in ("", "javascript:alert(1)", "//evil.example", "ftp://a.example")
        ),
        *(({"target": target}, "target") for target in ("https://", "https://a:b@c.example/", "https://a\n.example")),
        ({"target": f"https://shop.example/{'x' * 2_000}"}, "target"),
        *(({"path": path}, "path") for path in ("a/b", "-a", "a b", "é", "x" * 101)),
        *(({"domain": domain}, "domain") for domain in ("a/b", "x" * 201)),
        ({"label": "x" * 201}, "label"),
        ({"max_clicks": 0}, "max_clicks"),
    ],
)
def test_field_that_cannot_be_is_named(create: Callable[..., Link], said: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError, match=f"^{field}: "):
        create(**said)


def test_change_makes_a_version_that_keeps_the_clicks(
    create: Callable[..., Link], shop: Shop, caller: Caller, pipeline: Pipeline
) -> None:
    link = create()
    ask(link)
    settle(pipeline)

    changed = links.change_link(caller, shop.where[1], link.link_id, target="https://shop.example/new")

    assert (changed.version, changed.path) == (1, link.path)
    assert ask(changed)["headers"]["location"] == f"https://shop.example/new?optiq_link={link.link_id}"
    settle(pipeline)
    assert links.report_of(caller, shop.where[1], link.link_id).clicks.human == 2
    with pytest.raises(ConflictError, match="version: it is of version 1 now"):
        links.change_link(caller, shop.where[1], link.link_id, label="x", expected_version=0)


def test_consumer_that_is_killed_at_any_record_counts_each_click_once(
    create: Callable[..., Link], shop: Shop, caller: Caller, pipeline: Pipeline
) -> None:
    link = create()
    for _ in range(12):
        ask(link)
    for batch in pipeline.batches("links"):
        records = batch["Records"]
        # Killed before record n was acknowledged: what was counted comes again.
        for end in range(1, len(records) + 1):
            assert on_clicks.handler({"Records": records[:end]}, None) == {"batchItemFailures": []}

    assert links.report_of(caller, shop.where[1], link.link_id).clicks.human == 12


def test_link_gets_its_share_of_what_its_visitor_buys(
    create: Callable[..., Link], shop: Shop, caller: Caller, pipeline: Pipeline
) -> None:
    link = create(target="https://shop.example/", utm_source="poster", utm_medium="print")
    pages = (ask(link)["headers"]["location"], "https://shop.example/", "https://shop.example/?gclid=1")
    for url, minutes in zip(pages, (180, 120, 10), strict=True):
        shop.page("visitor01", url, timestamp=shop.ago(minutes))
    shop.page_order("visitor01", "purchase", transaction_id="T-1", value=59.97, currency="EUR")
    shop.settle()

    found = links.report_of(caller, shop.where[1], link.link_id)

    earned = {one.model: (round(one.conversions, 6), one.revenue_micros) for one in found.earned}
    assert found.visitors == 1
    assert earned["LINEAR"] == (round(1 / 3, 6), 19_990_000)
    assert earned["FIRST_TOUCH"] == (1.0, 59_970_000)
    assert earned["LAST_TOUCH"] == (0.0, 0)


def test_link_is_tied_to_its_landing_when_the_site_strips_utm(
    create: Callable[..., Link], shop: Shop, caller: Caller
) -> None:
    link = create(utm_source="poster", utm_medium="print")
    shop.page("visitor01", f"https://shop.example/?optiq_link={link.link_id}")
    shop.settle()

    assert links.report_of(caller, shop.where[1], link.link_id).visitors == 1


def test_another_organization_sees_and_changes_nothing(create: Callable[..., Link], shop: Shop) -> None:
    link, stranger = create(), Caller.system(Shop().where[0])
    attempts: list[Callable[[], object]] = [
        lambda: links.get_link(stranger, shop.where[1], link.link_id),
        lambda: links.change_link(stranger, shop.where[1], link.link_id, target="https://evil.example/"),
        lambda: links.report_of(stranger, shop.where[1], link.link_id),
        lambda: links.list_links(stranger, shop.where[1]),
        lambda: links.create_link(stranger, shop.where[1], path="mine", target=TARGET),
        lambda: links.get_link(Caller.system(shop.where[0]), "site_other", link.link_id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            attempt()


def api(shop: Shop, path: str, method: str = "GET", body: object = None) -> tuple[int, Any]:
    organization_id, site_id = shop.where
    said = "" if body is None else json.dumps(body)
    request = managed(f"/v1/sites/{site_id}/links{path}", organization_id, method=method, body=said)
    answer = routes.app(request, None)
    text = answer["body"]
    return answer["statusCode"], text if text.startswith("<") else json.loads(text)


def test_links_are_created_listed_changed_and_reported_over_http(shop: Shop) -> None:
    said = {"path": f"p{system_clock()}", "target": "https://shop.example/", "label": "Poster", "max_clicks": 5}
    status, created = api(shop, "", "POST", said | {"expires_at": "2030-01-31T00:00:00Z"})
    assert status == 201
    assert created["address"] == f"{settings().public_url}/l/{said['path']}"
    assert created["expires_at"] == "2030-01-31T00:00:00.000Z"
    assert api(shop, "", "POST", said)[0] == 409
    status, refused = api(shop, "", "POST", said | {"colour": "red"})
    assert status == 400
    assert [wrong["field"] for wrong in refused["fields"]] == ["body.colour"]
    assert api(shop, f"/{created['link_id']}", "PATCH", {"active": False, "version": 0})[1]["active"] is False
    assert [one["label"] for one in api(shop, "")[1]["items"]] == ["Poster"]
    status, report = api(shop, f"/{created['link_id']}/report")
    assert (status, report["clicks"]["human"], report["currency"]) == (200, 0, "EUR")
    assert len(report["earned"]) == 10


def test_qr_code_holds_the_exact_address(shop: Shop) -> None:
    _, link = api(shop, "", "POST", {"path": f"q{system_clock()}", "target": TARGET})

    status, picture = api(shop, f"/{link['link_id']}/qr.svg")

    assert status == 200
    assert [code.text for code in zxingcpp.read_barcodes(_drawn(picture))] == [f"{link['address']}?q=1"]


def _drawn(svg: str) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """A QR code's picture as pixels: segno draws rows of black modules, each a line of height 1."""
    size = int(re.search(r'width="(\d+)"', svg)[1])  # type: ignore[index]
    scale = int(re.search(r"scale\((\d+)\)", svg)[1])  # type: ignore[index]
    pixels = np.full((size, size), 255, np.uint8)
    x = y = 0.0
    path = re.search(r' d="([^"]+)"', svg)[1]  # type: ignore[index]
    for command, arguments in re.findall(r"([Mmh])([^Mmh]+)", path):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", arguments)]
        if command == "h":
            top, left, right = int(y - 0.5) * scale, int(x) * scale, int(x + numbers[0]) * scale
            pixels[top : top + scale, left:right] = 0
            x += numbers[0]
        else:
            x, y = numbers if command == "M" else (x + numbers[0], y + numbers[1])
    return pixels


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://日本.example/", "https://xn--wgv71a.example/"),
        (
            "https://shop.example/straße?größe=5 €".replace(" ", "%20"),
            "https://shop.example/stra%C3%9Fe?gr%C3%B6%C3%9Fe=5%20%E2%82%AC",
        ),
        ("HTTPS://Shop.Example:8443/a%20b#top", "https://shop.example:8443/a%20b#top"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_target_is_kept_as_browsers_would_ask_for_it(create: Callable[..., Link], target: str, expected: str) -> None:
    link = create(target=target)

    assert link.target == expected
    assert ask(link)["headers"]["location"].isascii()


@pytest.mark.parametrize(
    "target",
    [
        *(
            "https://shop.example:99999/",
            "https://shop.example/a b",
            "https:\\\\evil.example",
            "https://user@shop.example/",
        ),
        *(
            "https://shop.example\\@evil.example/",
            "https://-bad.example/",
            "https://a..b/",
            "https://",
            "mailto:a@b.example",
        ),
        *("https://shop.example/\r\nset-cookie: a=b", "javascript:alert(1)", "//shop.example"),
    ],
)
def test_target_that_no_browser_could_open_is_refused(create: Callable[..., Link], target: str) -> None:
    with pytest.raises(InvalidError, match=r"^target: "):
        create(target=target)


@pytest.mark.parametrize(
    "domain",
    ["*", "x y", "a..b", "go.shop.example?", "shop.example#", "user@shop.example", "localhost:99", "evil.example"],
)
def test_domain_is_one_of_the_sites_own_or_below_it(create: Callable[..., Link], domain: str) -> None:
    with pytest.raises(InvalidError, match=r"^domain: "):
        create(domain=domain)


@pytest.mark.parametrize(
    "path",
    [
        "login",
        "Sign-In",
        "reset-password",
        "console",
        "my-account",
        "optiq-support",
        "l0g1n",
        "log_in",
        "Iogin",
        "adm1n",
    ],
)
def test_short_name_on_optiqs_own_domain_looks_like_none_of_its_pages(create: Callable[..., Link], path: str) -> None:
    with pytest.raises(InvalidError, match=r"^path: "):
        create(path, domain="")
    assert create(path).path == path


def test_no_organization_takes_all_short_names(create: Callable[..., Link], monkeypatch: pytest.MonkeyPatch) -> None:
    buckets = Limit(Buckets(0.001, 3))
    monkeypatch.setattr(domains, "own_links", lambda: buckets)
    for _ in range(3):
        create(domain="")

    with pytest.raises(LimitExceededError, match="creates many links"):
        create(domain="")
    assert create()


def test_click_over_a_limit_leads_on_and_is_not_kept(
    create: Callable[..., Link], shop: Shop, caller: Caller, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    buckets = Limit(Buckets(0.001, 5))
    monkeypatch.setattr(clicks, "networks", lambda: buckets)
    link = create()

    assert {ask(link)["statusCode"] for _ in range(20)} == {302}
    settle(pipeline)
    assert links.report_of(caller, shop.where[1], link.link_id).clicks.human == 5


def test_nothing_of_who_clicks_is_on_the_stream(create: Callable[..., Link], monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    monkeypatch.setattr(wiring.stream(), "put", lambda records: kept.extend(record.data for record in records))

    ask(create(), user_agent="ada@mail.example Chrome/126")
    assert len(kept) == 1
    assert b"ada" not in kept[0]
    assert b"Chrome" not in kept[0]
