"""Coupons: the operator creates them, and they are mirrored to Stripe, which takes them when somebody pays."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.audit.contracts import PLATFORM
from optiq.billing import keys
from optiq.billing.codes import normal_code
from optiq.billing.coupons.contracts import Coupon, CouponDuration, CouponGateway
from optiq.billing.plans.catalogue import CURRENCIES, offered
from optiq.billing.plans.contracts import product_id_of
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.kernel.money import MAX_MICROS
from optiq.kernel.paging import Page
from optiq.kernel.records import record_of
from optiq.kernel.table import Update, update_if
from optiq.store.api import Claim, Store, audited_fields

_WHOLE = 10_000
"""100 % in basis points."""
_LONGEST_NAME = 40
"""Of Stripe, whose page shows it."""
_MOST_MONTHS, _MOST_USES = 36, 10**9
_CENT = 10_000


def _key(coupon_id: str) -> Key:
    return keys.coupon(coupon_id)


def _listed(coupon: Coupon) -> tuple[str, str]:
    return keys.COUPONS, f"{coupon.created_ms:015d}#{coupon.coupon_id}"


def _claims(coupon: Coupon) -> Sequence[Claim]:
    return [Claim(keys.coupon_code(coupon.code), "code: there is a coupon with this code already")]


_COUPONS = Store(
    Coupon,
    "coupon",
    _key,
    _listed,
    _claims,
    audited=lambda coupon: {name: value for name, value in audited_fields(coupon).items() if name != "uses"},
)


def create_coupon(
    caller: Caller,
    *,
    code: str,
    name: str,
    duration: CouponDuration,
    percent_basis_points: int | None = None,
    amount_micros: int | None = None,
    currency: str = "",
    months: int | None = None,
    plans: Sequence[str] = (),
    max_uses: int | None = None,
    valid_from_ms: int | None = None,
    valid_until_ms: int | None = None,
    first_payment_only: bool = False,
    clock: Clock = system_clock,
) -> Coupon:
    """A coupon that `push` brings to Stripe.

    Raises:
        InvalidError: a field that cannot be; the message begins with its name.
        ConflictError: there is a coupon with this code.
    """
    now_ms = clock()
    coupon = Coupon(
        organization_id=PLATFORM,
        coupon_id=new_id("coupon", now_ms),
        code=normal_code(code),
        name=checked_name(name, _LONGEST_NAME),
        duration=duration,
        created_ms=now_ms,
        percent_basis_points=percent_basis_points,
        amount_micros=amount_micros,
        currency=currency,
        months=months,
        plans=tuple(plans),
        max_uses=max_uses,
        valid_from_ms=valid_from_ms,
        valid_until_ms=valid_until_ms,
        first_payment_only=first_payment_only,
    )
    _check(coupon, now_ms)
    return _COUPONS.add(_staff(caller), coupon, clock)


def switch_coupon(
    caller: Caller, coupon_id: str, *, active: bool, expected_version: int | None = None, clock: Clock = system_clock
) -> Coupon:
    """Turns a coupon on or off; who uses it keeps it. Raises NotFoundError, VersionError."""
    staff = _staff(caller)
    before = _COUPONS.get(staff, coupon_id)
    return _COUPONS.change(staff, before, replace(before, active=active), expected_version, clock)


def list_coupons(*, limit: int = 50, cursor: str | None = None) -> Page[Coupon]:
    """A page of all coupons, newest first. Raises InvalidError for another list's cursor."""
    return _COUPONS.page(keys.COUPONS, limit, cursor)


def push_coupons(gateway: CouponGateway, clock: Clock = system_clock) -> Sequence[str]:
    """Makes Stripe have every coupon as it is now, and counts its uses; says what it changed. Raises UpstreamError.

    A coupon that Stripe refuses is named, and holds no other up.
    """
    changed: list[str] = []
    for coupon in _COUPONS.in_index(keys.COUPONS):
        try:
            changed += _push(gateway, coupon, clock())
        except ConflictError as error:
            changed.append(f"nothing of coupon {coupon.code}: {error}")
    return changed


def _push(gateway: CouponGateway, coupon: Coupon, now_ms: int) -> list[str]:
    wanted = coupon.state(now_ms) == "ACTIVE"
    found = gateway.find_code(coupon)
    if found is None:
        if not wanted:
            return []
        gateway.create(coupon, [product_id_of(slug) for slug in coupon.plans])
        return [f"coupon {coupon.code}"]
    if found.uses != coupon.uses:
        _count_uses(coupon, found.uses)
    # Stripe itself ends what is used up.
    used_up = coupon.max_uses is not None and found.uses >= coupon.max_uses
    if found.active == wanted or used_up:
        return []
    gateway.switch(found.code_id, active=wanted)
    return [f"coupon {coupon.code}: turned {'on' if wanted else 'off'}"]


def _count_uses(coupon: Coupon, uses: int) -> None:
    """The audit log has no entry of it, since nobody of ours did it."""
    record = record_of(Coupon)
    counted = record.uses.set(uses)  # type: ignore[attr-defined]
    update_if(Update(record(*keys.coupon(coupon.coupon_id)), [counted], record.pk.exists()))


def _staff(caller: Caller) -> Caller:
    """The caller on the platform, whose audit log has what staff do."""
    return replace(caller, organization_id=PLATFORM)


def _check(coupon: Coupon, now_ms: int) -> None:
    _check_value(coupon)
    if (coupon.duration == "REPEATING") != (coupon.months is not None):
        raise InvalidError("months: must be given for REPEATING, and for nothing else")
    if coupon.months is not None and not 1 <= coupon.months <= _MOST_MONTHS:
        raise InvalidError(f"months: must be from 1 to {_MOST_MONTHS}")
    sold = [plan.slug for plan in offered() if plan.prices]
    if unknown := [slug for slug in coupon.plans if slug not in sold]:
        raise InvalidError(f"plans: must be of {', '.join(sold)}, not {unknown[0][:40]}")
    if coupon.max_uses is not None and not 1 <= coupon.max_uses <= _MOST_USES:
        raise InvalidError(f"max_uses: must be from 1 to {_MOST_USES}, or null for any number")
    until_ms, from_ms = coupon.valid_until_ms, coupon.valid_from_ms
    if until_ms is not None and until_ms <= max(now_ms, from_ms or 0):
        raise InvalidError("valid_until: must be in the future, and after valid_from")


def _check_value(coupon: Coupon) -> None:
    percent, amount = coupon.percent_basis_points, coupon.amount_micros
    if (percent is None) == (amount is None):
        raise InvalidError("percent_basis_points: give either this or amount")
    if percent is not None and not 1 <= percent <= _WHOLE:
        raise InvalidError(f"percent_basis_points: must be from 1 to {_WHOLE}, which is 100 %")
    if amount is not None and (not 0 < amount <= MAX_MICROS or amount % _CENT):
        raise InvalidError('amount: must be more than 0, with two decimals at most, such as "5.00"')
    if (amount is None) != (not coupon.currency) or (coupon.currency and coupon.currency not in CURRENCIES):
        raise InvalidError(f"currency: must be one of {', '.join(CURRENCIES)} with an amount, and null without")
