"""Billing: plans, usage and invoices, and the credits that products spend."""

from optiq.billing.lake import CREDIT_ENTRIES
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, NoticeKind, Permission, Schedule
from optiq.mail.contracts import MailRequested
from optiq.notifications.contracts import NotificationRequested

_CREDITS = "ORG#<org>#CREDITS"
_BILLING = "ORG#<org>#BILLING"
_USAGE = "ORG#<org>#USAGE"
_HELD = "ORG#<org>#HELD"
_TAX = "tax law: records of what was sold are kept for 10 years"
_ENDS = "it ends by itself, and is known by Stripe's ids alone"
_OFFER = "it is the operator's offer"

CONTEXT = Context(
    name="billing",
    what="plans, usage and invoices, and the credits that products spend",
    data="BILLING",
    permissions=(
        Permission("billing:read", "ADMIN", "see the plan, invoices and credits"),
        Permission("billing:write", "OWNER", "change the plan, buy credits and redeem vouchers"),
    ),
    audits=("billing_account", "credit_package", "credits", "subscription", "voucher"),
    publishes=(MailRequested, NotificationRequested),
    notices=(NoticeKind("usage", "how much of the plan is used"),),
    items=(
        Item("usage of a day", _USAGE, "EVENTS#<day>#<shard>", "stored events of UTC days by hour and site"),
        Item(
            "threshold of usage",
            _USAGE,
            "CROSSED#<start>#<threshold>",
            "that the owners are notified of a part of a limit",
        ),
        Item("tracked spend", _USAGE, "SPEND#<start>#<site>", "what a site's advertising cost in a month, by source"),
        Item("usage mark", _USAGE, "MARK#<start>#<shard>", "that all events of a month were counted on a shard"),
        Item(
            "billing month",
            _USAGE,
            "MONTH#<start>",
            "a month of a subscription, and what was paid for it; all that are not closed",
            gsi1pk="BILLING_MONTHS",
            gsi1sk="<start>#<org>",
            outlives=_TAX,
        ),
        Item("reported usage", _USAGE, "REPORT#<day>", "what Stripe was told of the hours of a UTC day"),
        Item(
            "edge limits",
            "EDGE_LIMITS",
            "STOPS",
            "whose events are refused where they are received",
            tenantless=True,
            nobodys="it names organizations until their month ends",
        ),
        Item(
            "holding",
            _HELD,
            "HOLDING",
            "that an organization has held events; all that have, for who takes them in",
            gsi1pk="HELD_EVENTS",
            gsi1sk="<org>",
            data="EVENTS",
        ),
        Item(
            "held batch", _HELD, "BATCH#<shard>#<sequence>", "how many events are held, and since when", data="EVENTS"
        ),
        Item("held bodies", _HELD, "BODIES#<shard>#<sequence>", "the events of a held batch, sealed", data="EVENTS"),
        Item(
            "credits",
            _CREDITS,
            "HEAD",
            "an organization's lots and holds, and the end of its ledger",
            outlives=_TAX,
        ),
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
            outlives=_TAX,
        ),
        Item(
            "payment",
            _BILLING,
            "PAYMENT#<payment>",
            "a payment, and what was given back of it; all by time",
            gsi1pk=f"{_BILLING}#PAYMENTS",
            gsi1sk="<instant>#<payment>",
            outlives=_TAX,
        ),
        Item("payment method", _BILLING, "METHOD#<method>", "its cards"),
        Item("customer", _BILLING, "CUSTOMER#<customer>", "which card pays where a subscription names none"),
        Item("effect", _BILLING, "EFFECT#<source>", "what followed from a payment, so that it happens once"),
        Item(
            "stripe object",
            "STRIPE#<object>",
            "STRIPE",
            "the organization of an object at Stripe",
            tenantless=True,
            owned_by=("holder",),
        ),
        Item(
            "stripe event",
            "STRIPE_EVENT#<event>",
            "EVENT",
            "whether an event was mirrored",
            tenantless=True,
            nobodys=_ENDS,
        ),
        Item(
            "parked object",
            "STRIPE_PARKED#<customer>",
            "<kind>#<object>",
            "what is of a customer of no known organization",
            tenantless=True,
            nobodys=_ENDS,
        ),
        Item(
            "trial claim",
            "TRIAL#<kind>#<hash>",
            "TRIAL",
            "whether a domain or a card had a trial",
            tenantless=True,
            owned_by=("holder",),
            outlives="keyed hashes: a trial is given once for each domain and card",
        ),
        Item("entry of credits", _CREDITS, "ENTRY#<number>", "one entry, or a ledger by number", outlives=_TAX),
        Item("source of credits", _CREDITS, "SOURCE#<kind>#<source>", "which entry a source has: one"),
        Item(
            "purchase of credits",
            _CREDITS,
            "PURCHASE#<purchase>",
            "what was bought, and taken back of it",
            outlives=_TAX,
        ),
        Item(
            "due credits",
            _CREDITS,
            "DUE",
            "when the clock changes a ledger next; all that are due, for the sweep",
            gsi1pk="CREDITS_DUE",
            gsi1sk="<instant>#<org>",
        ),
        Item(
            "day of credits",
            _CREDITS,
            "DAY#<day>",
            "that a ledger has entries of a day; all of a day, for their copy",
            gsi1pk="CREDIT_DAYS#<day>",
            gsi1sk="<org>",
        ),
        Item(
            "credit package",
            "PACKAGE#<package>",
            "PACKAGE",
            "credits for a price; all of them in their order",
            gsi1pk="PACKAGES",
            gsi1sk="<place>#<package>",
            tenantless=True,
            nobodys=_OFFER,
        ),
        Item(
            "voucher",
            "VOUCHER#<voucher>",
            "VOUCHER",
            "what a code grants, and how often it was used; all of them by time",
            gsi1pk="VOUCHERS",
            gsi1sk="<instant>#<voucher>",
            tenantless=True,
            nobodys=_OFFER,
        ),
        Item(
            "redemption of a voucher",
            "ORG#<org>#BILLING",
            "REDEEMED#VOUCHER#<voucher>",
            "that an organization redeemed a voucher; the organizations that redeemed one",
            gsi1pk="REDEEMED#<voucher>",
            gsi1sk="<org>",
        ),
    ),
    lake=(CREDIT_ENTRIES,),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "stripe"),
            columns=True,
        ),
        Function(
            "sweep_credits",
            timeout_seconds=300,
            table=("GetItem", "PutItem"),
            may=("index", "secret"),
            schedule=Schedule("Expire credits, end holds and begin months that are due", every_ms=MINUTE_MS),
        ),
        Function(
            "let_in_again",
            timeout_seconds=60,
            table=("GetItem", "PutItem", "Query"),
            may=("stripe", "limits"),
            schedule=Schedule("Take again what organizations send that are not stopped any more", every_ms=MINUTE_MS),
        ),
        Function(
            "close_months",
            timeout_seconds=300,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "stripe", "stream", "shards"),
            asks_stripe=True,
            schedule=Schedule("Report usage to Stripe, and close months that have ended", every_ms=5 * MINUTE_MS),
        ),
        Function(
            "copy_credits",
            memory_mb=1024,
            timeout_seconds=900,
            table=("Query",),
            may=("index", "lake"),
            appends=(CREDIT_ENTRIES.name,),
            columns=True,
            schedule=Schedule("Copy the ledgers of credits to the lake", 10),
        ),
        # These ask Stripe.
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
            reserved=20,
        ),
        # It puts what was signed on the stream, and never reads the table.
        Function("webhook", may=("stream", "stripe"), reserved=20),
    ),
)
