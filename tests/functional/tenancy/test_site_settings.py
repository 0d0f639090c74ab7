"""A site's settings: read, changed together, and what is derived from then on."""

import json
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.journeys import api as journeys
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock, to_rfc3339
from optiq.kernel.errors import ConflictError
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ChannelRule, ClickId, NewSite
from optiq.tenancy.groups import api as groups

from functions.tenancy.routes import handler
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import send_segment
from tests.functional.tenancy.organizations import employ
from tests.support.callers import by_key_of

pytestmark = pytest.mark.usefixtures("table")

XCLID = {"parameter": "xclid", "source": "exads", "medium": "cpc"}
EVERYTHING: dict[str, Any] = {
    "name": "Shop 2",
    "domains": ["two.example"],
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "conversion_events": ["Bought"],
    "lookback_days": 7,
    "excluded_referrers": ["bank.example"],
    "split_sessions_at_midnight": True,
    "credit_guard": False,
    "click_ids": [XCLID],
    "custom_dimensions": [{"name": "plan", "property": "plan type"}],
    "journey_window_days": 14,
    "privacy_signals": "LEAVE_OUT",
    "unverified_conversions": "LEAVE_OUT",
    "conversion_feedback": "ON",
    "match_key_days": 30,
    "visitor_storage": "COOKIELESS",
    "status": "PAUSED",
    "workspace_id": None,
}


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], lookback_days=30)


def _ask(site: NewSite, method: str = "GET", body: object = None, organization_id: str = "") -> tuple[int, Any]:
    organization_id = organization_id or site.site.organization_id
    text = "" if body is None else json.dumps(body)
    path = f"/v1/sites/{site.site.site_id}"
    return answer(handler(request(path, organization_id, method=method, body=text), None))


def _page(ago_ms: int, query: str = "", referrer: str = "") -> dict[str, Any]:
    page = {"url": f"https://shop.example/{query}", "referrer": referrer}
    when = to_rfc3339(system_clock() - ago_ms)
    return {"type": "page", "anonymousId": "v1", "timestamp": when, "context": {"page": page}}


def _touches(site: NewSite) -> list[tuple[str, str]]:
    """Source and medium of the one customer's touches."""
    ids = (site.site.organization_id, site.site.site_id)
    (listed,) = journeys.list_customers(*ids, 10, None).items
    timeline = journeys.get_customer(*ids, listed.customer_id).timeline
    return [(event.touch.source, event.touch.medium) for event in timeline if event.touch]


def test_every_setting_can_be_changed_and_read_again(site: NewSite) -> None:
    # GIVEN a site another process has looked at
    assert tenancy.get_site(site.site.organization_id, site.site.site_id).credit_guard

    # WHEN all of it is changed
    status, said = _ask(site, "PATCH", EVERYTHING)

    # THEN all of it is as it was said, and the next to ask sees it
    expected = {**EVERYTHING, "site_id": site.site.site_id, "public_key": site.public_key, "version": 1}
    expected |= {"created_at": to_rfc3339(site.site.created_ms), "deletion_due_at": None}
    assert (status, said) == (200, expected)
    assert _ask(site) == (200, expected)
    found = tenancy.get_site(site.site.organization_id, site.site.site_id)
    assert found.click_ids == (ClickId("xclid", "exads", "cpc"),)
    assert (found.credit_guard, found.journey_window_days) == (False, 14)


def test_what_is_not_named_stays(site: NewSite) -> None:
    before = _ask(site)[1]

    assert _ask(site, "PATCH", {"lookback_days": None})[1] == {**before, "lookback_days": None, "version": 1}
    # Nothing changed, so this is no version of its own.
    assert _ask(site, "PATCH", {"name": "Shop"})[1]["version"] == 1
    assert _ask(site, "PATCH", {})[1]["version"] == 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example.", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("https://Shop.example/", "shop.example"),
        ("https://shop.example:8443/cart?a=b#c", "shop.example"),
        ("//shop.example", "shop.example"),
        ("shop.example:8080", "shop.example"),
        ("*.shop.example", "shop.example"),
        (" shop.example. ", "shop.example"),
    ],
)
@pytest.mark.parametrize("setting", ["domains", "excluded_referrers"])
def test_a_domain_is_kept_in_one_form(site: NewSite, setting: str, written: str, kept: str) -> None:
    assert _ask(site, "PATCH", {setting: [written, kept]})[1][setting] == [kept]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", None),
        ("name", "\ud800"),
        ("domains", []),
        ("domains", ["not a domain"]),
        ("domains", ["https://"]),
        ("domains", ["xn--bcher-kva_.example"]),
        ("domains", ["bü cher.example"]),
        ("domains", ["ü" * 70 + ".example"]),
        ("timezone", "Mars/Base"),
        ("currency", "euros"),
        ("conversion_events", [""]),
        ("lookback_days", 0),
        ("lookback_days", "7"),
        ("excluded_referrers", ["x"]),
        ("excluded_referrers", ["bank.example"] * 201),
        ("split_sessions_at_midnight", "yes"),
        ("credit_guard", None),
        ("click_ids", [{"parameter": "utm_click", "source": "a", "medium": "b"}]),
        ("click_ids", [{"parameter": "UTM_click", "source": "a", "medium": "b"}]),
        ("click_ids", [{"parameter": "x", "source": "", "medium": "b"}]),
        ("custom_dimensions", [{"name": "Plan", "property": "plan"}]),
        ("custom_dimensions", [{"name": "plan", "property": "it's"}]),
        ("custom_dimensions", [{"name": "plan", "property": "plan"}, {"name": "plan", "property": "seats"}]),
        ("custom_dimensions", [{"name": f"d{number}", "property": "plan"} for number in range(9)]),
        ("journey_window_days", 401),
        ("privacy_signals", "OBEY"),
        ("privacy_signals", True),
        ("status", "DELETED"),
        ("status", None),
        ("colour", "red"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_nothing_is_changed(site: NewSite, field: str, value: object) -> None:
    status, said = _ask(site, "PATCH", {"name": "Other", field: value})

    assert status == 400
    assert field in said["detail"]
    assert _ask(site)[1]["name"] == "Shop"


def test_the_currency_stays_and_the_answer_says_why(site: NewSite) -> None:
    status, said = _ask(site, "PATCH", {"currency": "USD", "name": "Other"})

    assert status == 409
    assert "currency: stays EUR" in said["detail"]
    assert _ask(site)[1]["name"] == "Shop"
    assert _ask(site, "PATCH", {"currency": "eur", "name": "Other"})[0] == 200


def test_a_change_made_of_an_old_version_is_refused(site: NewSite) -> None:
    assert _ask(site, "PATCH", {"name": "First", "version": 0})[0] == 200

    assert _ask(site, "PATCH", {"name": "Second", "version": 0})[0] == 409
    assert _ask(site)[1]["name"] == "First"


def test_a_change_that_came_between_is_not_overwritten(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN somebody who changes the channel rules while we change the name
    ids = (site.site.organization_id, site.site.site_id)
    commit = audit.commit

    def somebody_else_first(*writing: Any, **events: Any) -> bool:
        monkeypatch.setattr(audit, "commit", commit)
        tenancy.set_channel_rules(tenancy.operator(ids[0]), ids[1], [ChannelRule("Theirs", source="a")])
        return commit(*writing, **events)

    monkeypatch.setattr(audit, "commit", somebody_else_first)

    # WHEN we write
    with pytest.raises(ConflictError):
        tenancy.change_site(tenancy.operator(ids[0]), ids[1], {"name": "Mine"})

    # THEN theirs stands
    found = tenancy.current_site(*ids)
    assert (found.name, found.channel_rules[0].channel) == ("Shop", "Theirs")


def test_another_organization_sees_and_changes_nothing(site: NewSite, organization_id: str) -> None:
    assert _ask(site, organization_id=organization_id)[0] == 404
    assert _ask(site, "PATCH", {"name": "Mine"}, organization_id)[0] == 404
    assert _ask(site)[1]["name"] == "Shop"


def test_without_the_credit_guard_a_return_is_a_touch_like_any_other(site: NewSite) -> None:
    # GIVEN somebody who came back from a payment page and from the site's own bank
    tenancy.change_site(
        tenancy.operator(site.site.organization_id), site.site.site_id, {"excluded_referrers": ("bank.example",)}
    )
    pipeline = Pipeline()
    send_segment(site, "batch", {"batch": [
        _page(3 * HOUR_MS, "?utm_source=news&utm_medium=email"),
        _page(2 * HOUR_MS, referrer="https://www.paypal.com/"),
        _page(HOUR_MS, referrer="https://bank.example/"),
    ]})  # fmt: skip
    pipeline.drain()
    assert _touches(site) == [("news", "email")]

    # WHEN the guard is switched off, and on again
    _ask(site, "PATCH", {"credit_guard": False})
    without = _touches(site)
    _ask(site, "PATCH", {"credit_guard": True})

    # THEN they are touches meanwhile, and only then
    assert without == [("news", "email"), ("paypal.com", "referral"), ("bank.example", "referral")]
    assert _touches(site) == [("news", "email")]


def test_a_click_id_of_the_sites_own_tells_source_and_medium(site: NewSite) -> None:
    _ask(site, "PATCH", {"click_ids": [XCLID, {"parameter": "fbclid", "source": "facebook", "medium": "paid"}]})
    pipeline = Pipeline()
    send_segment(site, "batch", {"batch": [
        _page(DAY_MS, "?xclid=1"), _page(HOUR_MS, "?fbclid=2"), _page(MINUTE_MS, "?xclid=3&utm_source=elsewhere"),
    ]})  # fmt: skip
    pipeline.drain()

    assert _touches(site) == [("exads", "cpc"), ("facebook", "paid"), ("elsewhere", "cpc")]


def test_a_site_belongs_to_one_workspace_of_its_organization(site: NewSite) -> None:
    # GIVEN workspaces of its organization, one archived, and one of another
    ids = (site.site.organization_id, site.site.site_id)
    by = tenancy.operator(ids[0])
    client, former = (groups.create_workspace(by, name=name) for name in ("Client", "Former"))
    groups.change_workspace(by, former.workspace_id, {"archived": True})
    elsewhere = tenancy.create_site(name="Other", domains=["other.example"])
    foreign = groups.create_workspace(tenancy.operator(elsewhere.site.organization_id), name="Client")

    # WHEN it is put into each
    answers = [
        _ask(site, "PATCH", {"workspace_id": workspace.workspace_id})[0] for workspace in (client, former, foreign)
    ]

    # THEN only its own, if in use, takes it, and lists it
    assert answers == [200, 409, 404]
    assert _ask(site)[1]["workspace_id"] == client.workspace_id
    (listed,) = tenancy.list_sites(by, workspace_id=client.workspace_id).items
    assert listed.site_id == ids[1]
    assert not tenancy.list_sites(by, workspace_id=former.workspace_id).items
    assert _ask(site, "PATCH", {"workspace_id": None})[1]["workspace_id"] is None


def test_sites_come_in_pages(site: NewSite) -> None:
    organization_id = site.site.organization_id
    second, third = (
        tenancy.add_site(tenancy.operator(organization_id), name=name, domains=["shop.example"]).site_id
        for name in ("Second", "Third")
    )

    def page(query: str) -> tuple[list[str], str | None]:
        said = answer(handler(request(f"/v1/sites?limit=2{query}", organization_id), None))[1]
        return [each["site_id"] for each in said["items"]], said["cursor"]

    ids, cursor = page("")
    assert ids == [site.site.site_id, second]
    assert page(f"&cursor={cursor}") == ([third], None)


def test_a_secret_workspace_is_not_told_by_its_sites(site: NewSite) -> None:
    # GIVEN a site in a secret workspace, somebody in it, and a colleague who is not
    organization_id, site_id = site.site.organization_id, site.site.site_id
    operator = tenancy.operator(organization_id)
    secret, other = (
        groups.create_workspace(operator, name=name, visibility=visibility)
        for name, visibility in (("Takeover", "SECRET"), ("Client", "PUBLIC"))
    )
    employ(organization_id, "user_in")
    groups.set_member(operator, secret, "user_in", "MEMBER")
    tenancy.change_site(tenancy.operator(organization_id), site_id, {"workspace_id": secret.workspace_id})

    def ask(user_id: str, method: str, path: str = f"/v1/sites/{site_id}", body: object = None) -> tuple[int, Any]:
        event = request(path, "", method=method, body="" if body is None else json.dumps(body))
        said = {"organization_id": organization_id, "user_id": user_id, "extras": "sites:read sites:write"}
        event["requestContext"]["authorizer"] = {"lambda": said}
        return answer(handler(event, None))

    # THEN who is in it sees where the site is, and the colleague sees the site alone
    of_it = f"/v1/sites?workspace_id={secret.workspace_id}"
    for user_id, seen in (("user_in", secret.workspace_id), ("user_out", None)):
        assert ask(user_id, "GET")[1]["workspace_id"] == seen
        assert [each["workspace_id"] for each in ask(user_id, "GET", "/v1/sites")[1]["items"]] == [seen]
        assert len(ask(user_id, "GET", of_it)[1]["items"]) == int(seen is not None)

    # AND the colleague changes it, but does not take it out of there
    renamed = ask("user_out", "PATCH", body={"name": "New", "workspace_id": None})
    assert (renamed[0], renamed[1]["name"], renamed[1]["workspace_id"]) == (200, "New", None)
    assert ask("user_out", "PATCH", body={"workspace_id": other.workspace_id})[0] == 403
    assert ask("user_out", "PATCH", body={"workspace_id": secret.workspace_id})[0] == 404
    assert tenancy.current_site(organization_id, site_id).workspace_id == secret.workspace_id
    assert ask("user_in", "PATCH", body={"workspace_id": other.workspace_id})[0] == 200


def test_a_change_says_in_the_book_who_made_it_and_what_was_before(site: NewSite) -> None:
    caller = by_key_of(site.site.organization_id, user_id="user_1", credential_id="ses_1")
    event = request(f"/v1/sites/{site.site.site_id}", site.site.organization_id, method="PATCH", body='{"name": "New"}')
    event["requestContext"]["authorizer"] = caller
    event["headers"]["user-agent"] = "curl/8"

    assert handler(event, None)["statusCode"] == 200

    changed, *_, created = (
        entry.change for entry in audit.entries_of_entity(site.site.organization_id, site.site.site_id).items
    )
    assert (changed.actor, changed.action, changed.entity) == ("user_1", "site.changed", site.site.site_id)
    assert (changed.before, changed.after) == ({"name": "Shop"}, {"name": "New"})
    assert changed.origin.device == "curl"
    assert (created.actor, created.action, created.after["domains"]) == ("operator", "site.created", ["shop.example"])
