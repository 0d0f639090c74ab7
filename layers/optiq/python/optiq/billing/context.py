"""Billing: plans, usage and invoices, and the credits that products spend."""

from optiq.kernel.manifest import Context, Function, Item, Permission
from optiq.notifications.contracts import MailRequested

_CREDITS = "ORG#<org>#CREDITS"
_BILLING = "ORG#<org>#BILLING"

CONTEXT = Context(
    name="billing",
    what="plans, usage and invoices, and the credits that products spend",
    permissions=(
        Permission("billing:read", "ADMIN", "see the plan, invoices and credits"),
        Permission("billing:write", "OWNER", "change the plan, buy credits and redeem vouchers"),
    ),
    audits=("billing_account", "subscription"),
    publishes=(MailRequested,),
    items=(
        Item("credits", _CREDITS, "HEAD", "an organization's lots and holds, and the end of its ledger"),
        Item("billing account", "ORG#<org>", "BILLING", "its customer at Stripe, its trial, and what it has otherwise"),
        Item("checkout", "ORG#<org>", "CHECKOUT", "the page that it may pay on now"),
        Item("subscription", _BILLING, "SUBSCRIPTION#<subscription>", "its subscriptions, mirrored from Stripe"),
        Item(
            "invoice",
            _BILLING,
            "INVOICE#<invoice>",
            "an invoice with its lines; all by time",
            gsi1pk=f"{_BILLING}#INVOICES",
            gsi1sk="<instant>#<invoice>",
        ),
        Item(
            "payment",
            _BILLING,
            "PAYMENT#<payment>",
            "a payment, and what was given back of it; all by time",
            gsi1pk=f"{_BILLING}#PAYMENTS",
            gsi1sk="<instant>#<payment>",
        ),
        Item("payment method", _BILLING, "METHOD#<method>", "its cards"),
        Item("customer", _BILLING, "CUSTOMER#<customer>", "which card pays where a subscription names none"),
        Item("effect", _BILLING, "EFFECT#<source>", "what followed from a payment, so that it happens once"),
        Item("stripe object", "STRIPE#<object>", "STRIPE", "the organization of an object at Stripe", tenantless=True),
        Item("stripe event", "STRIPE_EVENT#<event>", "EVENT", "whether an event was mirrored", tenantless=True),
        Item(
            "parked object",
            "STRIPE_PARKED#<customer>",
            "<kind>#<object>",
            "what is of a customer of no known organization",
            tenantless=True,
        ),
        Item("trial claim", "TRIAL#<kind>#<hash>", "TRIAL", "whether a domain or a card had a trial", tenantless=True),
    ),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "Query"),
            may=("index", "secret", "stripe"),
        ),
        # The two that ask Stripe.
        Function(
            "actions",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "stripe", "address"),
            asks_stripe=True,
        ),
        Function(
            "on_stripe_changes",
            timeout_seconds=900,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "stripe", "address"),
            asks_stripe=True,
            consumes=("StripeChanged",),
        ),
        # It puts what was signed on the stream, and never reads the table.
        Function("webhook", may=("stream", "stripe"), reserved=20),
    ),
)
