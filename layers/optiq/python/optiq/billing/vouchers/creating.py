"""Vouchers as the operator creates them, turns them off, and sees them."""

from dataclasses import asdict, replace

from optiq.audit import api as audit
from optiq.audit.contracts import PLATFORM, Change, Fields
from optiq.billing.codes import id_of, normal_code
from optiq.billing.ledger.contracts import MOST_CREDITS
from optiq.billing.plans.catalogue import offered
from optiq.billing.vouchers import records
from optiq.billing.vouchers.contracts import Voucher, VoucherKind
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.paging import Page, page_of, place_after

_HINT_CHARACTERS = 3
_LONGEST_NAME = 100
_MOST_VALUE: dict[VoucherKind, int] = {
    "FIXED_TOKENS": MOST_CREDITS,
    "PERCENTAGE_BONUS": 1_000,
    "SUBSCRIPTION_TRIAL": 365,
}
_MOST_DAYS, _MOST_USES = 3_650, 10**9


def create_voucher(
    caller: Caller,
    *,
    code: str,
    kind: VoucherKind,
    value: int,
    name: str,
    max_uses: int | None = None,
    expires_ms: int | None = None,
    credit_days: int | None = None,
    plan: str = "",
    clock: Clock = system_clock,
) -> Voucher:
    """
    Args:
        value: credits, percent of the next purchase, or days of a trial. plan: of the trial.

    Raises:
        InvalidError: a field that cannot be; the message begins with its name.
        ConflictError: there was a voucher with this code.
    """
    now_ms, normal = clock(), normal_code(code)
    voucher = Voucher(
        id_of(normal),
        kind,
        value,
        checked_name(name, _LONGEST_NAME),
        normal[:_HINT_CHARACTERS],
        now_ms,
        max_uses,
        expires_ms,
        credit_days,
        plan=plan,
    )
    _check(voucher, now_ms)
    entry = _by_staff(caller, "voucher.created", voucher.voucher_id, {}, _audited(voucher))
    if not audit.commit([records.creation(voucher)], [entry], clock):
        raise ConflictError("code: there is a voucher with this code already")
    return voucher


def switch_voucher(caller: Caller, voucher_id: str, *, active: bool, clock: Clock = system_clock) -> Voucher:
    """Turns a voucher on or off. Raises NotFoundError."""
    before = records.find(voucher_id)
    if before is None:
        raise NotFoundError("voucher_id: there is no such voucher")
    if before.active != active:
        states = ({"active": before.active}, {"active": active})
        audit.commit(
            [records.switch(voucher_id, active)], [_by_staff(caller, "voucher.changed", voucher_id, *states)], clock
        )
    return replace(before, active=active)


def list_vouchers(*, limit: int = 50, cursor: str | None = None) -> Page[Voucher]:
    """A page of all vouchers, newest first. Raises InvalidError for another list's cursor."""
    found = records.page(place_after(cursor, "vouchers"), limit + 1)
    return page_of("vouchers", found, limit, records.position)


def _check(voucher: Voucher, now_ms: int) -> None:
    most = _MOST_VALUE[voucher.kind]
    if not 1 <= voucher.value <= most:
        raise InvalidError(f"value: must be from 1 to {most}")
    sold = [plan.slug for plan in offered() if plan.prices]
    is_trial = voucher.kind == "SUBSCRIPTION_TRIAL"
    if is_trial and voucher.plan not in sold:
        raise InvalidError(f"plan: must be one of {', '.join(sold)}")
    if not is_trial and voucher.plan:
        raise InvalidError("plan: must be null but for SUBSCRIPTION_TRIAL")
    if voucher.max_uses is not None and not 1 <= voucher.max_uses <= _MOST_USES:
        raise InvalidError(f"max_uses: must be from 1 to {_MOST_USES}, or null for any number")
    if voucher.credit_days is not None and not 1 <= voucher.credit_days <= _MOST_DAYS:
        raise InvalidError(f"credit_days: must be from 1 to {_MOST_DAYS}, or null for credits that never expire")
    if voucher.expires_ms is not None and voucher.expires_ms <= now_ms:
        raise InvalidError("expires_at: must be in the future")


def _audited(voucher: Voucher) -> Fields:
    unaudited = {"voucher_id", "created_ms", "uses"}
    return {name: value for name, value in asdict(voucher).items() if name not in unaudited}


def _by_staff(caller: Caller, action: str, voucher_id: str, before: Fields, after: Fields) -> Change:
    return Change(PLATFORM, caller.actor, action, voucher_id, before, after, caller.origin)
