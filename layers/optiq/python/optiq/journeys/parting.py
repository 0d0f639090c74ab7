"""Undoing a merge: cuts a link, and tells what each of the two earned by themselves."""

from optiq.audit import api as audit
from optiq.audit.contracts import Change as Entered
from optiq.journeys.customers.linking import cut
from optiq.journeys.customers.moves import moves
from optiq.journeys.customers.table import Customers
from optiq.journeys.orders.table import Orders
from optiq.journeys.publishing import publish
from optiq.journeys.recording import Change, Recorded
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError, UpstreamError
from optiq.kernel.ids import may_be_id
from optiq.tenancy.contracts import Site

_ATTEMPTS = 10


def part(by: Caller, site: Site, customer_id: str, other_customer_id: str) -> None:
    """Cuts the link between two customers; cutting it again tells the same again.

    The entry of who cuts it stands in the organization's book before it is cut.

    Raises:
        NotFoundError: there is no such link.
        UpstreamError: others kept changing the same customers, or not all was told.
    """
    if not (may_be_id(customer_id) and may_be_id(other_customer_id)):
        raise NotFoundError("there is no such link")
    for attempt in range(_ATTEMPTS):
        customers = Customers(site.organization_id, site.site_id)
        customers.load({customer_id: "anonymous_id", other_customer_id: "anonymous_id"})
        one, other = customers.get(customer_id), customers.get(other_customer_id)
        if other_customer_id not in one.links or customer_id not in other.links:
            raise NotFoundError("there is no such link")
        if not (one.links[other_customer_id].cut and other.links[customer_id].cut):
            if not attempt:
                _note(by, customer_id, other_customer_id)
            cut(customers, one, other)
        if customers.commit() is None:
            changes = [Change(person, moves=moved) for person, moved in moves(customers)]
            publish(site, Recorded({}, changes, customers, Orders(site.organization_id, site.site_id)))
            return
    raise UpstreamError("the customers kept changing", retryable=True)


def _note(by: Caller, customer_id: str, other_customer_id: str) -> None:
    said = {"other_customer_id": other_customer_id}
    audit.commit([], [Entered(by.organization_id, by.actor, "customers.unlinked", customer_id, said, {}, by.origin)])
