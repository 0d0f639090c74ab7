"""Properties of events as dimensions, and filters under a name: in questions, funnels, retention and paths."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError
from optiq.reports.behaviour.api import funnel, paths, retention
from optiq.reports.behaviour.contracts import FunnelAsk, Matcher, PathsAsk, RetentionAsk
from optiq.reports.questions.api import ask, catalogue_of
from optiq.reports.questions.contracts import Answer, Ask
from optiq.reports.questions.filters import Filter
from optiq.reports.views.api import change_view, create_view, remove_view
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import CustomDimension, Site

from functions.reports.schemas_views import checked_question
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.test_steps import DAY, Days

pytestmark = pytest.mark.usefixtures("table")
PERIOD = f"{DAY}..{DAY}"
PLAN = (("plan", "plan_type"),)
EVENTS = (
    ("e1", "10:00", "ada", "signup", '{"plan_type":"pro"}'),
    ("e2", "10:05", "ada", "buy", '{"plan_type":"pro","n":1}'),
    ("e3", "11:00", "bob", "signup", '{"plan_type":"free"}'),
    ("e4", "11:05", "bob", "buy", '{"plan_type":"pro"}'),
    ("e5", "12:00", "eve", "signup", "{}"),
)
Declare = Callable[..., None]


@pytest.fixture
def days(make_site: SiteMaker, tmp_path: Path) -> Days:
    made = Days(make_site(), tmp_path)
    for event_id, at, customer_id, name, properties in EVENTS:
        made.event(event_id, f"{DAY}T{at}:00Z", customer_id, name=name, kind="TRACK", properties=properties)
    return made


@pytest.fixture
def declare(days: Days, monkeypatch: pytest.MonkeyPatch) -> Declare:
    plain = tenancy.get_site(days.lake.organization_id, days.lake.site_id)

    def declare(*dimensions: tuple[str, str], counted: bool = True) -> None:
        own = tuple(CustomDimension(*each) for each in dimensions)
        site: Site = replace(plain, custom_dimensions=own, version=plain.version + len(own))
        monkeypatch.setattr(tenancy, "get_site", lambda *_: site)
        days.sites = (site,)
        if counted:
            days.make_after()

    return declare


@pytest.fixture
def caller(days: Days) -> Caller:
    return Caller(days.lake.organization_id, "user_ada", "user_ada")


def asked(caller: Caller, days: Days, *, segments: tuple[str, ...] = (), plan: str = "") -> Answer:
    filters = ((Filter("custom.plan", "is", (plan,)),),) if plan else ()
    question = Ask(("events", "event_people"), ("custom.plan",), filters, segments, period=PERIOD, order="custom.plan")
    return ask(caller, days.lake.site_id, question, clock=lambda: days.now_ms)


def test_a_property_is_a_dimension_and_a_filter(days: Days, declare: Declare, caller: Caller) -> None:
    declare(*PLAN)
    found = asked(caller, days)
    assert found.dimensions == ("custom.plan",)
    assert [(row.keys, row.values) for row in found.rows] == [(("",), (1, 1)), (("free",), (1, 1)), (("pro",), (3, 2))]
    assert (found.totals.values, [note.kind for note in found.notes]) == ((5, 3), ["NOT_ADDITIVE"])
    assert asked(caller, days, plan="free").totals.values == (1, 1)
    known = catalogue_of(caller, days.lake.site_id).dimensions["custom.plan"]
    assert (known.label, known.about) == ("plan", "The property plan_type of an event")


def test_a_property_is_a_dimension_of_funnels_retention_and_paths(days: Days, declare: Declare, caller: Caller) -> None:
    declare(*PLAN)
    pro = ((Filter("custom.plan", "is", ("pro",)),),)
    steps = (Matcher("signup"), Matcher("buy", pro))
    asking = FunnelAsk(steps, breakdown="custom.plan", period=PERIOD)
    found = funnel(caller, days.lake.site_id, asking, clock=lambda: days.now_ms)
    # Ada and Bob buy pro; Eve does not buy. Broken down by the plan of their sign-up.
    assert [step.units for step in found.steps] == [3, 2]
    by_value = {one.value: [step.units for step in one.steps] for one in found.values}
    assert by_value == {"pro": [1, 1], "free": [1, 1], "": [1, 0]}

    asking_back = RetentionAsk(Matcher("signup", pro), Matcher("buy"), "DAY", period=PERIOD)
    cohorts = retention(caller, days.lake.site_id, asking_back, clock=lambda: days.now_ms).cohorts
    assert cohorts[0].people == 1

    followed = paths(caller, days.lake.site_id, PathsAsk("custom.plan", "CUSTOMER", period=PERIOD))
    assert {(edge.step, edge.node, edge.next): edge.paths for edge in followed.edges} == {
        (1, "free", "pro"): 1,
        (1, "pro", ""): 1,
        (2, "pro", ""): 1,
    }


def test_an_undeclared_name_is_refused(days: Days, declare: Declare, caller: Caller) -> None:
    declare(*PLAN)
    for name in ("custom.seats", "p1"):
        with pytest.raises(InvalidError, match=rf"dimensions: '{name}' is unknown; use some of .*custom.plan"):
            ask(caller, days.lake.site_id, Ask(("events",), (name,)), clock=lambda: days.now_ms)
    with pytest.raises(InvalidError, match="dimensions: a custom dimension is not known of visits"):
        ask(caller, days.lake.site_id, Ask(("visits",), ("custom.plan",)), clock=lambda: days.now_ms)


def test_days_that_are_not_counted_yet_have_no_value_and_say_so(days: Days, declare: Declare, caller: Caller) -> None:
    declare(("seats", "n"))
    # The column has another property until the day is made again.
    declare(*PLAN, counted=False)
    found = asked(caller, days)
    assert [(row.keys, row.values) for row in found.rows] == [(("",), (5, 3))]
    assert "NOT_COUNTED_YET" in {note.kind for note in found.notes}
    declare(*PLAN)
    assert asked(caller, days).row_count == 3


def test_a_segment_adds_its_filters_as_they_are_now(days: Days, declare: Declare, caller: Caller) -> None:
    declare(*PLAN)
    site_id = days.lake.site_id
    pro = {"filters": [{"dimension": "custom.plan", "operator": "is", "values": ["pro"]}]}
    either = {
        "filters": [
            [
                {"dimension": "event", "operator": "is", "values": ["buy"]},
                {"dimension": "custom.plan", "operator": "is_not_set"},
            ]
        ]
    }
    question = checked_question("SEGMENT", pro)
    view = create_view(caller, site_id, name="Pro", kind="SEGMENT", question=question, shared=True)
    other = create_view(caller, site_id, name="Mine", kind="SEGMENT", question=checked_question("SEGMENT", either))

    def totals(*segments: str) -> tuple[object, ...]:
        return asked(caller, days, segments=segments).totals.values

    assert (totals(view.view_id), totals(other.view_id), totals(view.view_id, other.view_id)) == (
        (3, 2),
        (3, 3),
        (2, 2),
    )
    steps = (Matcher("signup"), Matcher("buy"))
    asking = FunnelAsk(steps, segments=(view.view_id,), period=PERIOD)
    of_funnel = funnel(caller, site_id, asking, clock=lambda: days.now_ms)
    assert [step.units for step in of_funnel.steps] == [1, 1]

    free = {"filters": [{"dimension": "custom.plan", "operator": "is", "values": ["free"]}]}
    change_view(caller, site_id, view.view_id, {"question": free})
    assert totals(view.view_id) == (1, 1)
    of_funnel = funnel(caller, site_id, asking, clock=lambda: days.now_ms)
    assert [step.units for step in of_funnel.steps] == [1, 0]


def test_a_segment_that_the_caller_does_not_see_is_refused(days: Days, declare: Declare, caller: Caller) -> None:
    declare(*PLAN)
    site_id = days.lake.site_id
    bob = Caller(days.lake.organization_id, "user_bob", "user_bob")
    mine = create_view(bob, site_id, name="Mine", kind="SEGMENT", question={"filters": []})
    shared = create_view(bob, site_id, name="Ours", kind="SEGMENT", question={"filters": []}, shared=True)
    view = create_view(caller, site_id, name="Visits", kind="QUESTION", question={"metrics": ["visits"]})
    assert asked(caller, days, segments=(shared.view_id,)).totals.values == (5, 3)
    with pytest.raises(InvalidError, match=f"segments: there is no segment '{mine.view_id}'"):
        asked(caller, days, segments=(mine.view_id,))
    with pytest.raises(InvalidError, match=r"segments: .* is a view of another kind: QUESTION"):
        asked(caller, days, segments=(view.view_id,))
    with pytest.raises(InvalidError, match="segments: use at most 5"):
        asked(caller, days, segments=(shared.view_id,) * 6)
    remove_view(bob, site_id, shared.view_id)
    with pytest.raises(InvalidError, match="segments: there is no segment"):
        asked(caller, days, segments=(shared.view_id,))
