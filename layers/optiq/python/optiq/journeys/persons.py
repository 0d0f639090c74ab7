"""A person, and what stands behind a conversion, as somebody who asks sees them."""

from dataclasses import replace

from optiq.journeys import conversions, links
from optiq.journeys.background import background_of
from optiq.journeys.contracts import Background, Conversion, ConversionPath
from optiq.journeys.customer_contracts import Customer, CustomerIdentity, CustomerLimit
from optiq.journeys.customers.person import Person, links_of
from optiq.journeys.days import day_of_slot
from optiq.journeys.journey import journeys_of, late_touches
from optiq.journeys.moved_days import MAX_RETOLD_FACTS
from optiq.journeys.order_buyers import purchases_in
from optiq.journeys.order_contracts import OrderLimit
from optiq.journeys.ordering import conversion_id_of, load_orders, number_of_conversion
from optiq.journeys.orders.table import Orders
from optiq.journeys.paths import history_of, loaded
from optiq.journeys.timeline import timeline_of
from optiq.kernel.clock import DAY_MS
from optiq.tenancy.contracts import Site


def hashes_of(site: Site, customer_id: str) -> tuple[str, ...]:
    """See `api.person_hashes`."""
    return tuple(one.hash for one in loaded(site, customer_id).person_of(customer_id).customers)


def customer_of(site: Site, customer_id: str, now_ms: int) -> Customer:
    """See `api.get_customer`."""
    customers = loaded(site, customer_id)
    person = customers.person_of(customer_id)
    facts, history, first_day = history_of(site, person, now_ms // DAY_MS + 1, 0, customers)
    standing = latest_conversions(site, person)
    limits: dict[CustomerLimit, bool] = {
        "MANY_IDENTIFIERS": any(one.crowded or len(one.links) >= links.MAX_LINKS for one in person.customers),
        "LONG_HISTORY": first_day > 0 or (len(person.customers) > 1 and person.counts().total() > MAX_RETOLD_FACTS),
        "CROWDED_DAY": bool(history.crowded),
    }
    return Customer(
        customer_id=person.customer_id,
        identities=tuple(CustomerIdentity(one.customer_id, one.identity_type) for one in person.customers),
        links=tuple(links_of(person)),
        timeline=timeline_of(facts, history, standing, site),
        journeys=journeys_of(facts, history, standing, site, now_ms),
        limits=tuple(limit for limit, reached in limits.items() if reached),
    )


def background(site: Site, conversion_id: str) -> tuple[ConversionPath, Background]:
    """See `api.conversion_background`."""
    conversion = conversions.get(site.organization_id, site.site_id, conversion_id)
    customers = loaded(site, conversion.customer_id)
    person = customers.person_of(conversion.customer_id)
    last_day = max(conversion.occurred_ms // DAY_MS, *map(day_of_slot, person.counts())) + 1
    facts, history, _ = history_of(site, person, last_day, 0, customers)
    late = late_touches(conversion, history, facts, site)
    goals = tuple((fact.name, conversion_id_of(fact, site.site_id)) for fact in history.goals)
    path = ConversionPath(conversion, history.touches, late, goals)
    orders = Orders(site.organization_id, site.site_id)
    number = number_of_conversion(conversion)
    load_orders({number}, customers, orders)
    order = orders.get(number)
    purchases = [one.purchase for one in purchases_in(order, site, customers) if conversion.event_id in one.told]
    found = background_of(person, history, purchases, conversion, site)
    limits: dict[OrderLimit, bool] = {
        "MANY_REPORTS": order.crowded,
        "MANY_REPORTERS": bool(order.shared),
        "CROWDED_DAY": any(day * DAY_MS <= conversion.occurred_ms for day in history.crowded_days),
    }
    return path, replace(found, limits=tuple(limit for limit, reached in limits.items() if reached))


def latest_conversions(site: Site, person: Person) -> list[Conversion]:
    """The person's latest conversions, 100 of each identifier, oldest first."""
    ids = {one for customer in person.customers for one in customer.conversions}
    found = conversions.find(site.organization_id, site.site_id, ids)
    return sorted((one for one in found if not one.part_of), key=lambda one: (one.occurred_ms, one.conversion_id))
