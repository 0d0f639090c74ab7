"""Share links: what they show, to whom, and until when."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, system_clock
from optiq.kernel.errors import InvalidError, LimitExceededError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.networks import senders_network
from optiq.kernel.settings import settings
from optiq.reports.questions.contracts import Answer, Note
from optiq.reports.views import api as views
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.dashboards.contracts import Card, CardAnswer
from optiq.sharing.shares import api as shares
from optiq.sharing.shares.contracts import NewShare
from optiq.sharing.shares.outside import for_strangers
from optiq.tenancy import api as tenancy
from optiq.tenancy.stores import MEMBERS
from types_boto3_dynamodb import DynamoDBClient

from functions.sharing import shared
from functions.sharing.routes import handler
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import TestLake
from tests.functional.sharing.making import employ, save_view

IP = "203.0.113.7"


@pytest.fixture
def link(table: DynamoDBClient, lake: TestLake, ada: Caller, site_id: str) -> NewShare:
    """A link of Ada, who is an administrator, to a view of hers."""
    employ(ada.organization_id, ada.user_id, "ADMIN")
    return shares.create_share(ada, site_id, kind="VIEW", shared_id=save_view(ada, site_id).view_id, label=" Client ")


def token_of(link: NewShare) -> str:
    return link.address.partition("#token=")[2]


def opened(token: str, ip: str = IP) -> tuple[int, dict[str, Any], dict[str, str]]:
    event = request("/v1/shared/query", "", method="POST", body=json.dumps({"token": token}))
    event["requestContext"] = {"http": {**event["requestContext"]["http"], "sourceIp": ip}, "stage": "$default"}
    found = shared.handler(event, None)
    return *answer(found), found["headers"]


def test_a_link_shows_a_view_to_whoever_has_it(link: NewShare, organization_id: str, site_id: str) -> None:
    status, found, headers = opened(token_of(link))

    assert status == 200, found
    assert (found["name"], found["kind"]) == ("Channels", "VIEW")
    [card] = found["cards"]
    assert [row["keys"] for row in card["answer"]["rows"]] == [["Email"], ["Direct"]]
    assert card["view_id"] == ""
    secret = (organization_id, site_id, link.link.owner_id, link.link.shared_id, link.link.label)
    assert not [one for one in secret if one in json.dumps(found)]
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"


def test_a_link_shows_a_dashboard_as_it_is_now(link: NewShare, ada: Caller, site_id: str) -> None:
    view = save_view(ada, site_id)
    card = Card("card_1", "VIEW", view.view_id)
    board = dashboards.create_dashboard(ada, site_id, name="Monday", cards=(card,))
    made = shares.create_share(ada, site_id, kind="DASHBOARD", shared_id=board.dashboard_id)
    more = (card, Card("card_2", "TEXT", text="Hello", column=6))
    dashboards.change_dashboard(ada, site_id, board.dashboard_id, {"cards": more})

    found = shares.open_share(token_of(made), IP)

    assert [one.card.text for one in found.cards] == ["", "Hello"]
    assert isinstance(found.cards[0].answer, Answer)


def test_the_token_is_kept_nowhere(link: NewShare, table: DynamoDBClient, ada: Caller, site_id: str) -> None:
    secret = token_of(link).removeprefix("sh_")
    listed = shares.list_shares(ada, site_id).items[0].link
    stored = table.get_item(
        TableName=settings().table, Key={"pk": {"S": f"SHARE#{listed.share_id}"}, "sk": {"S": "SHARE"}}
    )
    entries = audit.entries(ada.organization_id).items

    assert listed == link.link
    assert stored["Item"]
    assert secret not in f"{stored} {entries} {listed}"


def test_another_token_shows_nothing(link: NewShare) -> None:
    token = token_of(link)
    for wrong in ("", "sh_", token[:-1], f"{token}x", token.upper(), "x" * 5_000, "\N{SNOWMAN}", link.link.share_id):
        status, found, headers = opened(wrong)
        assert (status, found["code"], headers["cache-control"]) == (404, "NOT_FOUND", "no-store")


def test_a_revoked_link_shows_nothing_from_then_on(link: NewShare, ada: Caller, site_id: str) -> None:
    shares.revoke_share(ada, site_id, link.link.share_id)

    assert opened(token_of(link))[0] == 404
    assert shares.get_share(ada, site_id, link.link.share_id).link.revoked_ms


def test_a_link_ends_when_it_expires(link: NewShare) -> None:
    end_ms = link.link.expires_ms
    assert end_ms - link.link.created_ms == 30 * DAY_MS
    assert shares.open_share(token_of(link), IP, clock=lambda: end_ms - 1)
    with pytest.raises(NotFoundError):
        shares.open_share(token_of(link), IP, clock=lambda: end_ms)


def _demoted(ada: Caller) -> None:
    member = MEMBERS.get(ada, ada.user_id)
    MEMBERS.change(ada, member, replace(member, role="VIEWER"))


def _gone(ada: Caller) -> None:
    member = MEMBERS.get(ada, ada.user_id)
    MEMBERS.change(ada, member, replace(member, left_ms=1))


def _expired(ada: Caller) -> None:
    member = MEMBERS.get(ada, ada.user_id)
    MEMBERS.change(ada, member, replace(member, expires_ms=1))


@pytest.mark.parametrize("happens", [_demoted, _gone, _expired])
def test_a_link_shows_nothing_when_its_maker_lost_access(
    link: NewShare, ada: Caller, happens: Callable[[Caller], None]
) -> None:
    happens(ada)

    assert opened(token_of(link))[0] == 404


def test_a_link_shows_nothing_of_an_archived_site(
    link: NewShare, site_id: str, organization_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = replace(tenancy.get_site(organization_id, site_id), status="ARCHIVED")
    monkeypatch.setattr(tenancy, "get_site", lambda *_: site)

    assert opened(token_of(link))[0] == 404


def test_a_link_shows_nothing_of_a_view_that_was_removed(link: NewShare, ada: Caller, site_id: str) -> None:
    views.remove_view(ada, site_id, link.link.shared_id)

    assert opened(token_of(link))[0] == 404


def test_the_last_use_of_a_link_is_listed(link: NewShare, ada: Caller, site_id: str) -> None:
    assert shares.get_share(ada, site_id, link.link.share_id).used_ms is None
    first_ms = system_clock()
    for now_ms in (first_ms, first_ms + MINUTE_MS - 1, first_ms + MINUTE_MS):
        shares.open_share(token_of(link), IP, clock=partial(int, now_ms))

    [listed] = shares.list_shares(ada, site_id).items
    assert listed.used_ms == first_ms + MINUTE_MS


def test_one_network_may_not_ask_without_end(link: NewShare) -> None:
    networks = shares.opening_limits().networks
    while not networks.take(senders_network(IP)):
        pass

    status, found, headers = opened(token_of(link), ip="203.0.113.200")
    assert (status, found["code"]) == (429, "LIMIT_EXCEEDED")
    assert int(headers["retry-after"]) >= 1
    assert opened(token_of(link), ip="198.51.100.1")[0] == 200


def test_one_link_is_not_opened_without_end(link: NewShare) -> None:
    while not shares.opening_limits().links.take(link.link.share_id):
        pass

    with pytest.raises(LimitExceededError):
        shares.open_share(token_of(link), IP)


def test_a_link_that_cannot_be_is_refused(link: NewShare, ada: Caller, bob: Caller, site_id: str) -> None:
    view_id, now_ms = link.link.shared_id, system_clock()
    for expires_ms in (now_ms, now_ms + 401 * DAY_MS):
        with pytest.raises(InvalidError, match=r"^expires_at: "):
            shares.create_share(ada, site_id, kind="VIEW", shared_id=view_id, expires_ms=expires_ms)
    with pytest.raises(InvalidError, match=r"^shared_id: there is no such view"):
        shares.create_share(bob, site_id, kind="VIEW", shared_id=view_id)
    with pytest.raises(InvalidError, match=r"^shared_id: there is no such dashboard"):
        shares.create_share(ada, site_id, kind="DASHBOARD", shared_id=view_id)
    with pytest.raises(InvalidError, match=r"^label: "):
        shares.create_share(ada, site_id, kind="VIEW", shared_id=view_id, label="x" * 101)


def test_another_organization_reaches_no_link(link: NewShare, site_id: str) -> None:
    stranger = Caller(new_id("org", 1), "user_eve", "user_eve")
    for verb in (shares.get_share, shares.revoke_share):
        with pytest.raises(NotFoundError):
            verb(stranger, site_id, link.link.share_id)
    assert opened(token_of(link))[0] == 200


def test_strangers_read_no_names_of_files(link: NewShare) -> None:
    [card] = shares.open_share(token_of(link), IP).cards
    assert isinstance(card.answer, Answer)
    path = "credits/org=org_1/dt=2026-01-10/a.parquet"
    damaged = replace(card.answer, notes=(Note("DAMAGED_FILES", f"These files cannot be read: {path}"),))

    found = for_strangers(CardAnswer(card.card, card.view, damaged)).answer

    assert isinstance(found, Answer)
    assert path not in str(found.notes)
    assert found.notes[0].kind == "DAMAGED_FILES"


def test_share_links_over_http(link: NewShare, organization_id: str, site_id: str) -> None:
    path = f"/v1/sites/{site_id}/shares"
    view = save_view(Caller.system(organization_id), site_id, shared=True)
    body = json.dumps({"kind": "VIEW", "shared_id": view.view_id, "expires_at": "2999-01-01T00:00:00Z"})
    assert answer(handler(request(path, organization_id, method="POST", body=body), None))[0] == 400

    body = json.dumps({"kind": "VIEW", "shared_id": view.view_id})
    status, created = answer(handler(request(path, organization_id, method="POST", body=body), None))
    assert status == 201, created
    address = created.pop("address")
    assert address.partition("#")[0].endswith("/console/shared")
    assert opened(address.partition("#token=")[2])[0] == 200

    status, listed = answer(handler(request(path, organization_id), None))
    assert (status, [one["label"] for one in listed["items"]]) == (200, ["", "Client"])
    assert listed["items"][0] == created | {"used_at": listed["items"][0]["used_at"]}
    gone = handler(request(f"{path}/{created['share_id']}", organization_id, method="DELETE"), None)
    assert gone["statusCode"] == 204
    assert opened(address.partition("#token=")[2])[0] == 404
