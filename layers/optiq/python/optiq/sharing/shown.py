"""What is shared, as cards: those of a dashboard, or one with a view."""

from collections.abc import Sequence

from optiq.kernel.caller import Caller
from optiq.reports.views import api as views
from optiq.sharing.contracts import SharedKind
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.dashboards.contracts import Card


def cards_of(caller: Caller, site_id: str, kind: SharedKind, shared_id: str) -> tuple[str, Sequence[Card]]:
    """The name and the cards of what is shared, as the caller sees it. Raises NotFoundError."""
    if kind == "DASHBOARD":
        found = dashboards.get_dashboard(caller, site_id, shared_id)
        return found.name, found.cards
    view = views.get_view(caller, site_id, shared_id)
    return view.name, [Card("card", "VIEW", view.view_id, width=12, height=6)]
