"""What stands behind a person's touches: who saw them, what joined them, and which visits made none."""

from collections.abc import Iterator

from optiq.journeys.contracts import Background, PassedVisit
from optiq.journeys.customers import Person, links_of
from optiq.journeys.journey import History, touch_id_of
from optiq.journeys.sessions import Session
from optiq.tenancy.contracts import Site


def background_of(person: Person, history: History, site: Site) -> Background:
    """What stands behind the touches of the person whose history this is."""
    touches = {touch.touch_id for touch in history.touches}
    seen_as = {
        touch_id: customer.customer_id
        for customer in person.customers
        for fact in customer.by_event_id.values()
        if (touch_id := touch_id_of(fact, site.site_id)) in touches
    }
    return Background(
        links=tuple(link for link in links_of(person) if link.counts),
        seen_as=seen_as,
        passed=tuple(visit for session in history.sessions for visit in _passed(session)),
    )


def _passed(session: Session) -> Iterator[PassedVisit]:
    where = (session.session_id, session.started_ms, session.entry_page)
    if session.agent.bot:
        yield PassedVisit("BOT", *where, referrer="")
    else:
        yield from (PassedVisit("EXCLUDED_REFERRER", *where, referrer) for referrer in session.kept_referrers)
