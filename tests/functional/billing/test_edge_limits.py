"""What an organization sends far beyond its limit is refused where it is received. Case 24."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.plans.contracts import Overrides
from optiq.billing.usage import watching
from optiq.billing.usage.api import let_in_again
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.counting import count
from optiq.collect import api as collect
from optiq.collect.stops import Stops
from optiq.kernel.clock import HOUR_MS, system_clock
from optiq.kernel.errors import PlanLimitError, UpstreamError
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.collect import pixel
from tests.functional.billing.paying import Paying
from tests.functional.senders import request, send_beacon, send_segment


@dataclass
class _Limits:
    """The object, with a network that fails."""

    poll_seconds: float = 15.0
    content: bytes = b""
    fails: bool = False
    reads: int = 0

    def read(self, tag: str) -> tuple[bytes, str] | None:
        self.reads += 1
        if self.fails:
            raise UpstreamError("no answer", retryable=True)
        found = str(hash(self.content))
        return None if found == tag else (self.content, found)

    def write(self, content: bytes) -> None:
        self.content = content


@dataclass
class _Edge:
    """A process at the edge. `at` is seconds."""

    limits: _Limits
    at: float = 0.0

    def __post_init__(self) -> None:
        self.stops = Stops(self.limits, lambda: self.at, lambda: int(self.at * 1000))

    def refuses(self, organization_id: str = "org_a") -> bool:
        try:
            self.stops.require_open(organization_id)
        except PlanLimitError:
            return True
        return False


def _stopped(*names: str) -> bytes:
    return json.dumps({"stop": dict.fromkeys(names, 10**9)}).encode()


def test_edge_refuses_who_is_named_at_most_fifteen_seconds_later_and_reads_the_object_once() -> None:
    edge = _Edge(_Limits())
    assert not any(edge.refuses() for _ in range(1_000))
    assert edge.limits.reads == 1
    edge.limits.write(_stopped("org_a"))
    edge.at = 14.9
    assert not edge.refuses()
    edge.at = 15.0
    assert (edge.refuses(), edge.refuses("org_b"), edge.limits.reads) == (True, False, 2)


def test_edge_takes_all_when_the_object_was_unreadable_for_61_minutes() -> None:
    edge = _Edge(_Limits(content=_stopped("org_a")))
    assert edge.refuses()
    edge.limits.fails = True
    edge.at = 59 * 60
    assert edge.refuses()
    edge.at = 61 * 60
    assert not edge.refuses()
    edge.limits.fails = False
    edge.at += 15
    assert edge.refuses()


def test_edge_takes_again_when_the_month_is_over() -> None:
    edge = _Edge(_Limits(content=json.dumps({"stop": {"org_a": 20_000}}).encode()))
    edge.at = 19.9
    assert edge.refuses()
    edge.at = 20.0
    assert not edge.refuses()


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"stop": 7}', b'{"stop": {"org_a": "x"}}'])
def test_edge_keeps_its_copy_when_the_object_is_damaged(content: bytes) -> None:
    edge = _Edge(_Limits(content=_stopped("org_a")))
    assert edge.refuses()
    edge.limits.write(content)
    edge.at = 15
    assert edge.refuses()


@pytest.fixture
def stopped(payer: Paying, site: NewSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewSite]:
    """A site whose organization stored and sent twice its limit of 1,000."""
    payer.organization_id, now_ms = site.site.organization_id, system_clock()
    _limit(payer, 1_000)
    watching.known_here.clear()
    monkeypatch.setattr("optiq.collect.api.stops", lambda: Stops(wiring.edge_limits(), lambda: 0.0))
    events = [StoredEvent(number, site.site.site_id, now_ms - now_ms % HOUR_MS) for number in range(2_000)]
    count(payer.organization_id, "shard-0", events)
    watching.watch(payer.organization_id, 0)
    yield site
    watching.known_here.clear()


def _limit(payer: Paying, events: int) -> None:
    before = account_of(payer.organization_id, system_clock())
    change_account(payer.caller, before, replace(before, overrides=Overrides(monthly_events=events)))


def test_senders_are_told_and_a_larger_limit_lets_them_in_again(stopped: NewSite, payer: Paying) -> None:
    answers = [
        send_beacon(stopped, {}),
        send_segment(stopped, "track", {"anonymousId": "v1", "event": "E"}),
        pixel.handler(request("GET", "/p.gif", query=f"k={stopped.public_key}&e=page&a=v1"), None),
    ]
    assert [answer["statusCode"] for answer in answers] == [402, 402, 402]
    said = json.loads(answers[0]["body"])
    assert (said["code"], "larger plan" in said["detail"]) == ("PLAN_LIMIT", True)
    assert answers[2]["headers"]["content-type"] == "image/gif"
    let_in_again()
    assert send_beacon(stopped, {})["statusCode"] == 402
    _limit(payer, 5_000)
    assert let_in_again() >= 1
    assert send_beacon(stopped, {})["statusCode"] == 202


def test_another_organization_is_taken_while_one_is_stopped(stopped: NewSite) -> None:
    other = tenancy.create_site(name="Other", domains=["other.example"])
    assert send_beacon(other, {})["statusCode"] == 202


def test_nothing_is_read_where_nobody_pays(site: NewSite) -> None:
    collect.stops.cache_clear()
    assert collect.stops()._limits is None
