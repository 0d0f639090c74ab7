"""Scheduled mails as people set them up, and as recipients end them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import InvalidError, NotFoundError, VersionError
from optiq.kernel.ids import new_id
from optiq.notifications.ending import api as ending
from optiq.notifications.ending.api import unsubscribe_url
from optiq.sharing.mails import api as mails
from optiq.tenancy.stores import MEMBERS

from functions.notifications import unsubscribe
from functions.sharing.routes import handler
from tests.functional.identity.people import Someone
from tests.functional.reports.http import answer, request
from tests.functional.sharing.mailing import Carrier, body, eml, member, schedule_of, statuses, sweep
from tests.functional.sharing.making import save_view


def visited(method: str, token: str, text: str = "") -> tuple[int, str, dict[str, str]]:
    event = {
        "routeKey": f"{method} /u/{{token}}",
        "rawPath": f"/u/{token}",
        "headers": {},
        "pathParameters": {"token": token},
        "requestContext": {"http": {"method": method, "path": f"/u/{token}"}},
        "body": text,
    }
    found = unsubscribe.handler(event, None)
    return found["statusCode"], found["body"], found["headers"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 101),
        ("hour", 24),
        ("hour", -1),
        ("weekday", 0),
        ("weekday", 8),
        ("month_day", 32),
        ("timezone", "Berlin"),
        ("period", "last week"),
        ("shared_id", "view_nobody"),
        ("kind", "DASHBOARD"),
        ("recipients", ()),
        ("recipients", ("user_nobody",)),
        ("recipients", ("key_1",)),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(
    maker: Caller, ann: Someone, site_id: str, view_id: str, field: str, value: Any
) -> None:
    with pytest.raises(InvalidError) as refused:
        schedule_of(maker, site_id, view_id, ann, **{field: value})

    assert str(refused.value).startswith("shared_id" if field == "kind" else field)
    assert mails.list_schedules(maker, site_id).items == ()


def test_who_left_is_no_recipient(
    maker: Caller, ann: Someone, organization_id: str, site_id: str, view_id: str
) -> None:
    ben, eve = member(organization_id), Someone()
    schedule = schedule_of(maker, site_id, view_id, ann, ben)
    found = MEMBERS.get(maker, ben.user_id)
    MEMBERS.change(maker, found, replace(found, left_ms=1))

    # Who was one before stays in the list, and gets nothing.
    changed = mails.change_schedule(maker, site_id, schedule.schedule_id, {"hour": 9})
    assert changed.schedule.recipients == (ann.user_id, ben.user_id)
    with pytest.raises(InvalidError, match=r"^recipients\.1: must be the user_id of a member"):
        mails.change_schedule(maker, site_id, schedule.schedule_id, {"recipients": (ann.user_id, eve.user_id)})


def test_a_change_moves_when_it_is_due_next(maker: Caller, ann: Someone, site_id: str, view_id: str) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    with pytest.raises(VersionError):
        mails.change_schedule(maker, site_id, schedule.schedule_id, {"hour": 9}, expected_version=7)
    before = mails.get_schedule(maker, site_id, schedule.schedule_id)
    changed = mails.change_schedule(maker, site_id, schedule.schedule_id, {"hour": 9}, expected_version=0)
    rests = mails.change_schedule(maker, site_id, schedule.schedule_id, {"active": False})

    assert (changed.due_ms or 0) - (before.due_ms or 0) == 3_600_000
    assert (rests.due_ms, rests.schedule.version) == (None, 2)


def test_another_organization_reaches_no_schedule(maker: Caller, ann: Someone, site_id: str, view_id: str) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    stranger = Caller(new_id("org", system_clock()), "user_eve", "user_eve")
    for verb in (mails.get_schedule, mails.remove_schedule, mails.list_runs):
        with pytest.raises(NotFoundError):
            verb(stranger, site_id, schedule.schedule_id)
    assert mails.list_schedules(maker, site_id).items[0].schedule == schedule


def test_a_mail_has_the_headers_of_one_click(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    sweep()

    message = eml(carrier.to(ann)[0].mail_id)
    address = unsubscribe_url(maker.organization_id, schedule.schedule_id, ann.user_id)
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in body(message, "plain")


def test_a_post_ends_the_mail_and_a_get_changes_nothing(
    carrier: Carrier, maker: Caller, ann: Someone, organization_id: str, site_id: str, view_id: str
) -> None:
    ben = member(organization_id)
    schedule = schedule_of(maker, site_id, view_id, ann, ben)
    token = unsubscribe_url(organization_id, schedule.schedule_id, ann.user_id).rpartition("/u/")[2]

    status, page, headers = visited("GET", token)
    assert (status, headers["cache-control"], headers["x-robots-tag"]) == (200, "no-store", "noindex, nofollow")
    assert '<form method="post">' in page
    assert "script" not in headers["content-security-policy"]
    assert mails.get_schedule(maker, site_id, schedule.schedule_id).unsubscribed == ()

    for _ in range(2):
        status, page, headers = visited("POST", token, "List-Unsubscribe=One-Click")
        assert (status, "<form" in page, "location" in headers) == (200, False, False)
    sweep()

    assert mails.get_schedule(maker, site_id, schedule.schedule_id).unsubscribed == (ann.user_id,)
    assert [len(carrier.to(one)) for one in (ann, ben)] == [0, 1]
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]


def test_nobody_is_told_of_a_mail_that_all_have_ended(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    ending.unsubscribe(unsubscribe_url(maker.organization_id, schedule.schedule_id, ann.user_id).rpartition("/u/")[2])
    sweep()

    assert carrier.taken == []
    assert statuses(schedule) == [("2026-01-12", "EMPTY", 0)]


def test_another_address_ends_nothing(maker: Caller, ann: Someone, site_id: str, view_id: str) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    token = unsubscribe_url(maker.organization_id, schedule.schedule_id, ann.user_id).rpartition("/u/")[2]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in ("", "x", token[:-1], changed, f"{token}=", f"{token}AAAA", "\N{SNOWMAN}", "A" * 5_000):
        for method in ("GET", "POST"):
            assert visited(method, wrong)[0] == 404
    assert mails.get_schedule(maker, site_id, schedule.schedule_id).unsubscribed == ()


def test_scheduled_mails_over_http(ann: Someone, organization_id: str, site_id: str, maker: Caller) -> None:
    view = save_view(Caller.system(organization_id), site_id, shared=True)
    path = f"/v1/sites/{site_id}/scheduled-mails"

    def ask(method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        text = "" if body is None else json.dumps(body)
        found = handler(request(path, organization_id, method=method, body=text), None)
        return (found["statusCode"], {}) if found["statusCode"] == 204 else answer(found)

    status, created = ask(
        "POST",
        path,
        {
            "name": "Monday",
            "kind": "VIEW",
            "shared_id": view.view_id,
            "every": "WEEK",
            "hour": 8,
            "timezone": "Europe/Berlin",
            "recipients": [ann.user_id],
        },
    )
    assert status == 201, created
    assert (created["due_at"] > created["created_at"], created["unsubscribed"]) == (True, [])
    assert {"organization_id", "site_id", "archived"}.isdisjoint(created)
    one = f"{path}/{created['schedule_id']}"
    assert ask("GET", path)[1] == {"items": [created], "cursor": None}
    status, changed = ask("PATCH", one, {"active": False})
    assert (status, changed["active"], changed["due_at"], changed["recipients"]) == (200, False, None, [ann.user_id])
    assert ask("GET", f"{one}/runs") == (200, {"runs": []})
    assert ask("PATCH", one, {"hour": "8"})[0] == 400
    assert ask("DELETE", one)[0] == 204
    assert ask("GET", one)[0] == 404
