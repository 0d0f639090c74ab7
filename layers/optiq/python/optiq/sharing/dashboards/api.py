"""Dashboards of a site: a person's own, and those that are shared in the organization."""

from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.reports.questions import api as questions
from optiq.reports.view_answers import api as view_answers
from optiq.reports.views import api as views
from optiq.sharing import keys
from optiq.sharing.dashboards.answering import answer_cards
from optiq.sharing.dashboards.contracts import Card, CardAnswer, Dashboard, DashboardChange, Template, TemplateCard
from optiq.sharing.dashboards.grid import check_cards
from optiq.sharing.dashboards.templates import TEMPLATES
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

__all__ = [
    "MOST_DASHBOARDS",
    "TEMPLATES",
    "answer_cards",
    "answer_dashboard",
    "change_dashboard",
    "create_dashboard",
    "get_dashboard",
    "list_dashboards",
    "remove_dashboard",
]

MOST_DASHBOARDS = 200
"""Of a site, removed ones not counted."""
_LONGEST_NAME = 100
_DASHBOARDS = Store(Dashboard, "dashboard", keys.dashboard)


def create_dashboard(
    caller: Caller,
    site_id: str,
    *,
    name: str,
    cards: tuple[Card, ...] = (),
    shared: bool = False,
    template: str = "",
    clock: Clock = system_clock,
) -> Dashboard:
    """
    Args:
        template: the name of one of TEMPLATES, of which it has its cards; their questions are saved as shared views.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a field that cannot be; the message begins with its name.
        ForbiddenError: the template's questions are saved as views, and the caller may not save any.
    """
    tenancy.get_site(caller.organization_id, site_id)
    now_ms = clock()
    new = Dashboard(
        caller.organization_id, site_id, new_id("dash", now_ms), name, caller.owner_id, now_ms, cards, shared
    )
    checked = _checked(caller, new, ())
    if sum(not one.archived for one in _DASHBOARDS.all_of(caller.organization_id, site_id)) >= MOST_DASHBOARDS:
        raise InvalidError(f"name: the site has {MOST_DASHBOARDS} dashboards; remove one first")
    if template:
        if cards:
            raise InvalidError("template: leave out the cards, which come from the template")
        checked = replace(checked, cards=_cards_of(caller, site_id, _template(template), clock))
    return _DASHBOARDS.add(caller, checked, clock)


def list_dashboards(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Dashboard]:
    """The caller's own dashboards and shared ones, newest first.

    Raises NotFoundError; InvalidError for another list's cursor.
    """
    tenancy.get_site(caller.organization_id, site_id)
    return _DASHBOARDS.page_by_id(
        caller.organization_id,
        site_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda one: _sees(caller, one),
    )


def get_dashboard(caller: Caller, site_id: str, dashboard_id: str) -> Dashboard:
    """Raises NotFoundError, also for another's that is not shared."""
    found = _DASHBOARDS.get(caller, site_id, dashboard_id)
    if not _sees(caller, found):
        raise _DASHBOARDS.unknown()
    return found


def change_dashboard(
    caller: Caller,
    site_id: str,
    dashboard_id: str,
    changes: DashboardChange,
    *,
    expected_version: int | None = None,
) -> Dashboard:
    """
    Raises:
        NotFoundError: as get_dashboard. InvalidError: as create_dashboard.
        VersionError: another version is stored.
    """
    before = get_dashboard(caller, site_id, dashboard_id)
    after = _checked(caller, replace(before, **changes), before.cards)
    return _DASHBOARDS.change(caller, before, after, expected_version)


def remove_dashboard(caller: Caller, site_id: str, dashboard_id: str) -> None:
    """Raises NotFoundError."""
    before = get_dashboard(caller, site_id, dashboard_id)
    _DASHBOARDS.change(caller, before, replace(before, archived=True))


def answer_dashboard(
    caller: Caller,
    site_id: str,
    dashboard_id: str,
    *,
    period: str = "",
    compare: str = "",
    clock: Clock = system_clock,
) -> tuple[Dashboard, tuple[CardAnswer, ...]]:
    """A dashboard with the answer of each card. A card whose question fails has its error instead.

    Args:
        period, compare: of all cards, in place of those of the views' questions.

    Raises:
        NotFoundError: as get_dashboard. InvalidError: a period or comparison that cannot be.
    """
    found = get_dashboard(caller, site_id, dashboard_id)
    if period or compare:
        wanted = period or questions.DEFAULT_PERIOD
        view_answers.days_of(caller, site_id, wanted, compare=compare or "NONE", clock=clock)
    return found, answer_cards(caller, site_id, found.cards, period=period, compare=compare, clock=clock)


def _sees(caller: Caller, dashboard: Dashboard) -> bool:
    return not dashboard.archived and (dashboard.shared or dashboard.owner_id == caller.owner_id)


def _checked(caller: Caller, dashboard: Dashboard, before: tuple[Card, ...]) -> Dashboard:
    name = checked_name(dashboard.name, _LONGEST_NAME)
    check_cards(dashboard.cards)
    # A view that was there before may have been removed since: its card says so.
    known = {card.view_id for card in before}
    for number, card in enumerate(dashboard.cards):
        if card.kind == "VIEW" and card.view_id not in known:
            try:
                views.get_view(caller, dashboard.site_id, card.view_id)
            except NotFoundError as error:
                raise InvalidError(f"cards.{number}.view_id: there is no such view that you see") from error
    return replace(dashboard, name=name)


def _template(name: str) -> Template:
    if name not in TEMPLATES:
        raise InvalidError(f"template: '{name[:40]}' is unknown; use one of {', '.join(TEMPLATES)}")
    return TEMPLATES[name]


def _cards_of(caller: Caller, site_id: str, template: Template, clock: Clock) -> tuple[Card, ...]:
    if not caller.may("views:write"):
        raise ForbiddenError("template: this needs the permission 'views:write', for its questions are saved as views")
    return tuple(_card(caller, site_id, one, clock) for one in template.cards)


def _card(caller: Caller, site_id: str, one: TemplateCard, clock: Clock) -> Card:
    card = Card(new_id("card", clock()), "TEXT", "", one.title, one.text, one.column, one.row, one.width, one.height)
    if one.question is None:
        return card
    view = views.create_view(
        caller, site_id, name=one.title, kind=one.kind, question=one.question, shared=True, clock=clock
    )
    return replace(card, kind="VIEW", view_id=view.view_id, title="")
