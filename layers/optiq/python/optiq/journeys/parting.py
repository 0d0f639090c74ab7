"""Undoing a merge: cuts a link, and tells what each of the two earned by themselves."""

from optiq.journeys.customers import Customers
from optiq.journeys.publishing import publish
from optiq.journeys.recording import Change
from optiq.kernel.errors import NotFoundError, UpstreamError
from optiq.kernel.ids import may_be_id
from optiq.tenancy.contracts import Site

_ATTEMPTS = 10


def part(site: Site, customer_id: str, other_customer_id: str) -> None:
    """Cuts the link between two customers; cutting it again tells the same again.

    Raises:
        NotFoundError: there is no such link.
        UpstreamError: others kept changing the same customers, or not all was told.
    """
    if not (may_be_id(customer_id) and may_be_id(other_customer_id)):
        raise NotFoundError("there is no such link")
    for _ in range(_ATTEMPTS):
        customers = Customers(site.organization_id, site.site_id)
        customers.load({customer_id: "anonymous_id", other_customer_id: "anonymous_id"})
        one, other = customers.get(customer_id), customers.get(other_customer_id)
        if other_customer_id not in one.links or customer_id not in other.links:
            raise NotFoundError("there is no such link")
        if not (one.links[other_customer_id].cut and other.links[customer_id].cut):
            customers.cut(one, other)
        if not customers.commit():
            persons = {
                p.customer_id: p for p in (customers.person_of(customer_id), customers.person_of(other_customer_id))
            }
            publish(site, [Change(person, linked=True) for person in persons.values()])
            return
    raise UpstreamError("the customers kept changing", retryable=True)
