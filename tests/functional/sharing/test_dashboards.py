"""Dashboards: who sees them, what a grid takes, and what their cards answer."""

import json
from threading import Event
from typing import Any

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError, InvalidError, NotFoundError, UpstreamError, VersionError
from optiq.kernel.ids import new_id
from optiq.reports.questions.contracts import Answer
from optiq.reports.view_answers import api as view_answers
from optiq.reports.views import api as views
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.dashboards.contracts import Card

from functions.reports.schemas_views import checked_question
from functions.sharing.routes import handler
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import TestLake
from tests.functional.sharing.making import save_view

pytestmark = pytest.mark.usefixtures("table")


def card_of(view_id: str, number: int = 0, **more: Any) -> Card:
    return Card(f"card_{number}", "VIEW", view_id, row=4 * number, **more)


def ask(method: str, path: str, organization_id: str, body: object = None) -> tuple[int, dict[str, Any]]:
    text = "" if body is None else json.dumps(body)
    return answer(handler(request(path, organization_id, method=method, body=text), None))


def test_a_dashboard_is_its_owners_until_it_is_shared(lake: TestLake, ada: Caller, bob: Caller, site_id: str) -> None:
    created = dashboards.create_dashboard(ada, site_id, name=" Monday ")

    assert created.name == "Monday"
    assert dashboards.list_dashboards(ada, site_id).items == (created,)
    assert dashboards.list_dashboards(bob, site_id).items == ()
    with pytest.raises(NotFoundError):
        dashboards.get_dashboard(bob, site_id, created.dashboard_id)

    shared = dashboards.change_dashboard(ada, site_id, created.dashboard_id, {"shared": True}, expected_version=0)
    assert dashboards.get_dashboard(bob, site_id, created.dashboard_id) == shared
    with pytest.raises(VersionError):
        dashboards.change_dashboard(ada, site_id, created.dashboard_id, {"name": "Late"}, expected_version=0)

    dashboards.remove_dashboard(ada, site_id, created.dashboard_id)
    assert dashboards.list_dashboards(bob, site_id).items == ()


def test_another_organization_does_not_see_a_dashboard(lake: TestLake, ada: Caller, site_id: str) -> None:
    created = dashboards.create_dashboard(ada, site_id, name="Monday", shared=True)
    stranger = Caller(new_id("org", 1), "user_eve", "user_eve")

    with pytest.raises(NotFoundError):
        dashboards.get_dashboard(stranger, site_id, created.dashboard_id)
    with pytest.raises(NotFoundError):
        dashboards.answer_dashboard(stranger, site_id, created.dashboard_id)


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (Card("a", "TEXT", text="x", column=7, width=6), "cards.0.width: "),
        (Card("a", "TEXT", text="x", height=0), "cards.0.height: "),
        (Card("a", "TEXT"), "cards.0.text: "),
        (Card("a", "TEXT", text="x" * 2_001), "cards.0.text: "),
        (Card("a", "TEXT", "view_1", text="x"), "cards.0.view_id: "),
        (Card("a", "VIEW"), "cards.0.view_id: "),
        (Card("a", "VIEW", "view_1"), "cards.0.view_id: there is no such view"),
        (Card("a", "VIEW", "view_1", text="x"), "cards.0.text: "),
        (Card("\N{SNOWMAN}", "TEXT", text="x"), "cards.0.card_id: "),
    ],
)
def test_a_card_that_cannot_be_is_refused(lake: TestLake, ada: Caller, site_id: str, card: Card, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        dashboards.create_dashboard(ada, site_id, name="Monday", cards=(card,))

    assert str(refused.value).startswith(field)


def test_cards_that_overlap_are_refused(lake: TestLake, ada: Caller, site_id: str) -> None:
    first, second = Card("a", "TEXT", text="x"), Card("b", "TEXT", text="x", column=5, row=3)
    with pytest.raises(InvalidError, match=r"^cards\.1: lies over card 0"):
        dashboards.create_dashboard(ada, site_id, name="Monday", cards=(first, second))
    with pytest.raises(InvalidError, match=r"^cards: each needs a card_id"):
        dashboards.create_dashboard(ada, site_id, name="Monday", cards=(first, Card("a", "TEXT", text="x", row=9)))


def test_a_card_that_fails_keeps_no_other_from_its_answer(
    lake: TestLake, ada: Caller, bob: Caller, site_id: str
) -> None:
    mine, removed, private = (save_view(ada, site_id, name=name, shared=name != "c") for name in "abc")
    wrong = save_view(ada, site_id, shared=True, filters=[{"dimension": "device", "operator": "is_set"}])
    cards = tuple(card_of(one.view_id, number) for number, one in enumerate((mine, removed, private, wrong)))
    text = Card("text", "TEXT", text="<b>Hello</b>", row=100)
    created = dashboards.create_dashboard(ada, site_id, name="Monday", cards=(*cards, text), shared=True)
    views.remove_view(ada, site_id, removed.view_id)

    _, (good, gone, hidden, refused, plain) = dashboards.answer_dashboard(bob, site_id, created.dashboard_id)

    assert isinstance(good.answer, Answer)
    assert [(row.keys, row.values) for row in good.answer.rows] == [
        (("Email",), (9_000_000,)),
        (("Direct",), (5_000_000,)),
    ]
    assert isinstance(gone.error, NotFoundError)
    assert isinstance(hidden.error, NotFoundError)
    assert (hidden.view, hidden.answer) == (None, None)
    assert isinstance(refused.error, InvalidError)
    assert (plain.answer, plain.error, plain.card.text) == (None, None, "<b>Hello</b>")


def test_a_card_whose_lake_does_not_answer_says_so(
    lake: TestLake, ada: Caller, site_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = save_view(ada, site_id)
    created = dashboards.create_dashboard(ada, site_id, name="Monday", cards=(card_of(view.view_id),))

    def no_answer(*_: object, **__: object) -> object:
        raise UpstreamError("the lake does not answer", retryable=True)

    monkeypatch.setattr(lake.query, "run", no_answer)
    _, (found,) = dashboards.answer_dashboard(ada, site_id, created.dashboard_id)

    assert isinstance(found.error, UpstreamError)


def test_a_card_that_takes_long_is_left_out(
    lake: TestLake, ada: Caller, site_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, view = Event(), save_view(ada, site_id)
    monkeypatch.setattr(view_answers, "answer_view", lambda *_, **__: released.wait())
    try:
        (found,) = dashboards.answer_cards(ada, site_id, (card_of(view.view_id),), patience_seconds=0)
    finally:
        released.set()

    assert isinstance(found.error, UpstreamError)
    assert found.error.retryable


def test_all_cards_take_the_period_and_the_comparison(lake: TestLake, ada: Caller, site_id: str) -> None:
    first, second = save_view(ada, site_id), save_view(ada, site_id, dimensions=[])
    cards = (card_of(first.view_id), card_of(second.view_id, 1))
    created = dashboards.create_dashboard(ada, site_id, name="Monday", cards=cards)
    period = "2026-01-11..2026-01-20"

    _, found = dashboards.answer_dashboard(ada, site_id, created.dashboard_id, period=period, compare="PREVIOUS_PERIOD")

    answers = [one.answer for one in found if isinstance(one.answer, Answer)]
    assert [(one.totals.values, one.totals.before) for one in answers] == [((0,), (14_000_000,))] * 2
    with pytest.raises(InvalidError, match=r"^period: "):
        dashboards.answer_dashboard(ada, site_id, created.dashboard_id, period="last week")
    with pytest.raises(InvalidError, match=r"^compare: "):
        dashboards.answer_dashboard(ada, site_id, created.dashboard_id, compare="before")


def test_a_card_lists_no_more_rows_than_fit(lake: TestLake, ada: Caller, site_id: str) -> None:
    card = card_of(save_view(ada, site_id, limit=10_000).view_id)
    (all_rows,), (one_row,) = (dashboards.answer_cards(ada, site_id, [card], most_rows=most) for most in (2, 1))

    assert isinstance(all_rows.answer, Answer)
    assert isinstance(one_row.answer, Answer)
    assert (len(all_rows.answer.rows), len(one_row.answer.rows)) == (2, 1)
    assert one_row.answer.totals == all_rows.answer.totals
    assert [note.kind for note in one_row.answer.notes] == ["MORE_ROWS"]


def test_a_dashboard_over_http(lake: TestLake, organization_id: str, site_id: str) -> None:
    view = save_view(Caller.system(organization_id), site_id, shared=True)
    path = f"/v1/sites/{site_id}/dashboards"
    text = {"kind": "TEXT", "text": "Hello", "row": 4, "width": 12, "height": 1}

    status, created = ask(
        "POST", path, organization_id, {"name": "Monday", "cards": [{"kind": "VIEW", "view_id": view.view_id}, text]}
    )
    assert status == 201, created
    assert {"site_id", "organization_id", "archived"}.isdisjoint(created)

    status, found = ask("POST", f"{path}/{created['dashboard_id']}/query", organization_id, {})
    assert status == 200, found
    shown, plain = found["cards"]
    assert (shown["view_name"], shown["view_kind"], shown["problem"]) == ("Channels", "QUESTION", None)
    assert shown["question"]["dimensions"] == ["channel"]
    assert shown["answer"]["rows"][0]["keys"] == ["Email"]
    assert (plain["text"], plain["answer"], plain["view_kind"]) == ("Hello", None, None)

    again = [{**card, "row": card["row"] + 1} for card in created["cards"]]
    status, changed = ask("PATCH", f"{path}/{created['dashboard_id']}", organization_id, {"cards": again})
    assert (status, changed["cards"], changed["name"]) == (200, again, "Monday")
    views.remove_view(Caller.system(organization_id), site_id, view.view_id)
    _, found = ask("POST", f"{path}/{created['dashboard_id']}/query", organization_id, {})
    assert found["cards"][0]["problem"] == {"code": "NOT_FOUND", "detail": "there is no such view"}


@pytest.mark.parametrize("template", list(dashboards.TEMPLATES))
def test_every_card_of_a_template_has_an_answer(lake: TestLake, ada: Caller, site_id: str, template: str) -> None:
    for one in dashboards.TEMPLATES[template].cards:
        if one.question is not None:
            checked_question(one.kind, one.question)

    created = dashboards.create_dashboard(ada, site_id, name="First", template=template)
    _, found = dashboards.answer_dashboard(ada, site_id, created.dashboard_id)

    assert [str(one.error) for one in found if one.error] == []
    assert len(created.cards) == len(dashboards.TEMPLATES[template].cards)


def test_a_template_needs_the_permission_to_save_views(lake: TestLake, bob: Caller, site_id: str) -> None:
    with pytest.raises(ForbiddenError, match="views:write"):
        dashboards.create_dashboard(bob, site_id, name="First", template="SHOP")
    with pytest.raises(InvalidError, match=r"^template: "):
        dashboards.create_dashboard(bob, site_id, name="First", template="BAKERY")
    assert views.list_views(bob, site_id).items == ()
