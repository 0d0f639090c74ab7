"""Plans, and how an organization pays for one."""

from optiq.billing.gateways.api import gateway
from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import Invoice, Payment
from optiq.billing.plans.catalogue import offered
from optiq.billing.subscribing.capping import set_cap
from optiq.billing.subscribing.changing import cancel, change_plan, keep, pause, preview_change
from optiq.billing.subscribing.checkout import start_checkout, start_purchase
from optiq.billing.subscribing.operating import check, push
from optiq.billing.subscribing.seeing import billing_of, entitlements_of, get_invoice, list_methods
from optiq.billing.subscribing.tending import look_after
from optiq.billing.subscribing.trials import start_trial
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.kernel.paging import Page
from optiq.kernel.settings import settings

__all__ = [
    "billing_of",
    "cancel",
    "change_plan",
    "check",
    "entitlements_of",
    "gateway",
    "get_invoice",
    "keep",
    "list_invoices",
    "list_methods",
    "list_payments",
    "look_after",
    "offered",
    "open_portal",
    "pause",
    "preview_change",
    "push",
    "set_cap",
    "start_checkout",
    "start_purchase",
    "start_trial",
]


def list_invoices(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Invoice]:
    """A page of invoices, newest first. Raises InvalidError for another list's cursor."""
    return shelf.page_of_kind(Invoice, caller.organization_id, limit, cursor)


def list_payments(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Payment]:
    """A page of payments, newest first. Raises InvalidError for another list's cursor."""
    return shelf.page_of_kind(Payment, caller.organization_id, limit, cursor)


def open_portal(caller: Caller) -> str:
    """The address of the customer portal, where cards and addresses are changed; good once.

    Raises:
        NotFoundError: the organization never began to pay. UpstreamError: Stripe does not answer.
    """
    customer = shelf.customer_of(caller.organization_id)
    if customer is None:
        raise NotFoundError("there is nothing to manage before the first payment")
    return gateway().open_portal(customer.customer_id, f"{settings().public_url.rstrip('/')}/console/plan")
