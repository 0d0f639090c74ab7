"""What stands behind a person's touches: who saw them, what joined them, and which visits made none."""

from collections.abc import Iterable, Iterator

from optiq.journeys.contracts import Background, Conversion, PassedVisit
from optiq.journeys.customers.person import Person, links_of
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, touch_id_of
from optiq.journeys.order_contracts import OrderReport, Refusal
from optiq.journeys.orders.purchases import Purchase
from optiq.journeys.orders.reports import Report
from optiq.journeys.sessions import Session
from optiq.kernel.clock import DAY_MS
from optiq.tenancy.contracts import Site


def background_of(
    person: Person, history: History, purchases: Iterable[Purchase], conversion: Conversion, site: Site
) -> Background:
    """What stands behind a conversion, and the touches of the person whose history this is."""
    touches = {touch.touch_id for touch in history.touches}
    purchase = next((one for one in purchases if one.first.event_id == conversion.event_id), None)
    seen_as = {
        touch_id: customer.customer_id
        for customer in person.customers
        for fact in customer.by_event_id.values()
        if (touch_id := touch_id_of(fact, site.site_id)) in touches
    }
    return Background(
        links=tuple(link for link in links_of(person) if link.counts),
        seen_as=seen_as,
        passed=(
            *(visit for session in history.sessions for visit in _passed(session)),
            *(PassedVisit("OVER_LIMIT", "", day * DAY_MS, "", "") for day in sorted(history.crowded_days)),
        ),
        reports=_reports(person, purchase, conversion),
        corrections=tuple(report_shown(one.report, one.refusal) for one in purchase.corrections) if purchase else (),
    )


def _reports(person: Person, purchase: Purchase | None, conversion: Conversion) -> tuple[OrderReport, ...]:
    """Every report of the conversion; of one without an order id the event itself, where it is loaded."""
    if purchase and conversion.order_id:
        return tuple(report_shown(report, "") for report in purchase.reports)
    facts = [c.by_event_id[conversion.event_id] for c in person.customers if conversion.event_id in c.by_event_id]
    return tuple(report_shown(fact, "") for fact in facts[:1])


def report_shown(report: Report | Fact, refusal: Refusal) -> OrderReport:
    return OrderReport(
        event_id=report.event_id,
        name=report.name,
        occurred_ms=report.occurred_ms,
        value_micros=report.value_micros,
        currency=report.currency,
        from_server=report.from_server,
        refusal=refusal,
    )


def _passed(session: Session) -> Iterator[PassedVisit]:
    where = (session.session_id, session.started_ms, session.entry_page)
    if session.agent.bot:
        yield PassedVisit("BOT", *where, referrer="")
    else:
        yield from (PassedVisit("EXCLUDED_REFERRER", *where, referrer) for referrer in session.kept_referrers)
