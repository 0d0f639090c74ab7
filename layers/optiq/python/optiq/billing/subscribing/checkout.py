"""Begins to pay: one page at a time, and one subscription an organization."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from optiq.billing import keys
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.gateways.contract import Acting
from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import ENDED
from optiq.billing.packages import api as packages
from optiq.billing.plans.catalogue import newest
from optiq.billing.plans.contracts import Plan, Price
from optiq.billing.subscribing.contracts import Checkout
from optiq.billing.subscribing.records import CheckoutRecord
from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, VersionError
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, put_one, table_outages

PAGE_MS = 31 * MINUTE_MS
"""How long a page may be paid on: Stripe takes 30 minutes at least."""
_LOCK_MS = 30 * MINUTE_MS
_RETURNS = "/console/plan"
_HAS_PLAN = "plan: there is a subscription already; change it in place of beginning another"


class Chosen(NamedTuple):
    """A plan that is sold, at a price."""

    plan: Plan
    price: Price

    @property
    def lookup_key(self) -> str:
        return self.plan.lookup_key(self.price)


@dataclass(frozen=True, slots=True)
class _Lock:
    attempt: int
    lookup_key: str = ""
    session_id: str = ""
    url: str = ""
    until_ms: int = 0


def chosen(plan: str, interval: str, currency: str) -> Chosen:
    """Raises InvalidError for what is not sold."""
    found = newest(plan)
    if found is None or not (found.active and found.public):
        raise InvalidError("plan: must be one of GET /v1/plans")
    price = found.price(interval, currency)
    if price is None:
        raise InvalidError("plan: is not sold for this interval and currency; see its prices in GET /v1/plans")
    return Chosen(found, price)


def start_checkout(
    caller: Caller, stripe: Acting, *, plan: str, interval: str, currency: str, clock: Clock = system_clock
) -> Checkout:
    """A page to pay on; within 30 minutes the same page again.

    Raises:
        InvalidError: the plan is not sold so. ConflictError: there is a subscription already.
        UpstreamError: Stripe does not answer; the same may succeed later.
    """
    wanted, organization_id = chosen(plan, interval, currency), caller.organization_id
    customer_id = _customer(caller, stripe, clock)
    mirrored = shelf.subscription_of(organization_id)
    ended = mirrored is None or mirrored.status in ENDED
    # The mirror may be behind: Stripe is asked too.
    if not ended or stripe.live_subscriptions(customer_id):
        raise ConflictError(_HAS_PLAN)
    now_ms = clock()
    before = _read(organization_id, now_ms)
    if before.url and before.until_ms > now_ms:
        if before.lookup_key == wanted.lookup_key:
            return Checkout(organization_id, before.url, before.until_ms)
        stripe.expire_checkout(before.session_id)
    lock = _Lock(before.attempt + 1, wanted.lookup_key, until_ms=now_ms + _LOCK_MS)
    _write(organization_id, lock, before.attempt)
    address = f"{settings().public_url.rstrip('/')}{_RETURNS}"
    session = stripe.start_checkout(
        organization_id=organization_id,
        customer_id=customer_id,
        lookup_key=wanted.lookup_key,
        attempt=str(lock.attempt),
        success_url=f"{address}?paid=1",
        cancel_url=address,
        expires_s=(now_ms + PAGE_MS) // 1000,
    )
    if not session.url:
        raise ConflictError("this page has ended; try again")
    _write(organization_id, replace(lock, session_id=session.id, url=session.url), lock.attempt)
    return Checkout(organization_id, session.url, lock.until_ms)


def start_purchase(
    caller: Caller, stripe: Acting, *, package_id: str, currency: str, clock: Clock = system_clock
) -> Checkout:
    """A page to pay for a package of credits on.

    Raises:
        NotFoundError: there is no such package. InvalidError: it is not for sale, or not in this currency.
        UpstreamError: Stripe does not answer.
    """
    package = packages.get_package(package_id)
    if not package.active or currency not in package.price_micros:
        raise InvalidError("package_id: must be one of GET /v1/credits/packages, in one of its currencies")
    session = stripe.start_purchase(
        organization_id=caller.organization_id,
        customer_id=_customer(caller, stripe, clock),
        name=package.name,
        amount_micros=package.price_micros[currency],
        currency=currency,
        says={
            "package": package.package_id,
            "package_name": package.name,
            "package_credits": str(package.credits),
            "package_months": "" if package.months is None else str(package.months),
        },
        return_url=f"{settings().public_url.rstrip('/')}/console/credits",
    )
    return Checkout(caller.organization_id, session.url or "", session.expires_at * SECOND_MS)


def _customer(caller: Caller, stripe: Acting, clock: Clock) -> str:
    before = account_of(caller.organization_id, clock())
    if before.customer_id:
        return before.customer_id
    person = people.people_of([caller.user_id]).get(caller.user_id) if caller.user_id else None
    email = person.email if person else ""
    customer_id = stripe.create_customer(caller.organization_id, email)
    changed = replace(before, customer_id=customer_id, email=email or before.email)
    return change_account(caller, before, changed, clock).customer_id


def _read(organization_id: str, now_ms: int) -> _Lock:
    try:
        with table_outages():
            found = CheckoutRecord.get(*keys.checkout(organization_id), consistent_read=True)
    except CheckoutRecord.DoesNotExist:
        return _Lock(0)
    until_ms = 0 if found.has_ended(now_ms) else int(found.forget_at or 0) * 1000
    return _Lock(int(found.attempt), found.lookup_key, found.session_id, found.url, until_ms)


def _write(organization_id: str, lock: _Lock, before: int) -> None:
    """Raises VersionError when another tab took the lock just then."""
    record = CheckoutRecord(
        *keys.checkout(organization_id),
        attempt=lock.attempt,
        lookup_key=lock.lookup_key,
        session_id=lock.session_id,
        url=lock.url,
        forget_at=lock.until_ms // 1000,
    )
    same = CheckoutRecord.attempt == before
    with table_outages():
        written = put_one(Put(record, same if before else CheckoutRecord.pk.does_not_exist()))
    if not written:
        raise VersionError("a page to pay on was opened at the same time; try again")
