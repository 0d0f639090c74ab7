"""Vouchers: the operator creates them, organizations redeem each once."""

import math
import re
from dataclasses import asdict, replace
from functools import lru_cache

from optiq.audit import api as audit
from optiq.audit.contracts import PLATFORM, Change, Fields
from optiq.billing.credits import api as ledger
from optiq.billing.credits.posting import Together, post_state
from optiq.billing.credits.records import find_head
from optiq.billing.ledger import commands
from optiq.billing.ledger.contracts import MOST_CREDITS, PendingBonus, Source
from optiq.billing.vouchers import records
from optiq.billing.vouchers.contracts import Redemption, Voucher, VoucherKind
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, LimitExceededError, NotFoundError
from optiq.kernel.ids import encode_ulid
from optiq.kernel.limits import Buckets, Limit
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.secrets import derive
from optiq.ports import wiring

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")
_HINT_CHARACTERS = 3
_LONGEST_NAME = 100
_MOST_PERCENT, _MOST_DAYS, _MOST_USES = 1_000, 3_650, 10**9
_MOST_PENDING = 10
_GUESSES_PER_SECOND, _GUESSES_AT_ONCE = 1 / 30, 20
_WHY_NOT = {
    "INACTIVE": "code: this voucher is turned off",
    "EXPIRED": "code: this voucher has expired",
    "DEPLETED": "code: this voucher is used up",
}


def normal_code(code: str) -> str:
    """A code as it is compared: in capitals, without spaces around it. Raises InvalidError for what can be none."""
    normal = code.strip().upper()
    if not _CODE.fullmatch(normal):
        raise InvalidError("code: must have 4 to 40 letters, digits and dashes, such as SPRING-25")
    return normal


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
    clock: Clock = system_clock,
) -> Voucher:
    """
    Args:
        value: credits, or percent of the next purchase.

    Raises:
        InvalidError: a field that cannot be; the message begins with its name.
        ConflictError: there was a voucher with this code.
    """
    now_ms, normal = clock(), normal_code(code)
    voucher = Voucher(
        _id_of(normal),
        kind,
        value,
        checked_name(name, _LONGEST_NAME),
        normal[:_HINT_CHARACTERS],
        now_ms,
        max_uses,
        expires_ms,
        credit_days,
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


def redeem(caller: Caller, code: str, *, clock: Clock = system_clock) -> Redemption:
    """Grants the organization what a voucher gives, once.

    Raises:
        InvalidError: the code can be none. NotFoundError: there is no such voucher.
        ConflictError: it is used up, has expired, is turned off, or the organization has redeemed it.
        LimitExceededError: the organization tried many wrong codes. UpstreamError: the same may succeed later.
    """
    now_ms, voucher = clock(), records.find(_id_of(normal_code(code)))
    if voucher is None:
        _count_guess(caller.organization_id)
        raise NotFoundError("code: there is no such voucher")
    _require_usable(caller.organization_id, voucher, now_ms)
    redemption = _given(voucher, now_ms)
    entry = Change(
        caller.organization_id,
        caller.actor,
        "voucher.redeemed",
        voucher.voucher_id,
        {},
        {"credits": redemption.credits, "bonus_percent": redemption.bonus_percent},
        caller.origin,
    )
    together = Together(
        (records.use(voucher, now_ms), records.redemption_put(caller.organization_id, redemption)),
        (entry,),
        lambda: _require_usable(caller.organization_id, records.find(voucher.voucher_id) or voucher, now_ms),
    )
    if voucher.kind == "FIXED_TOKENS":
        ledger.grant(
            caller,
            voucher.value,
            kind="BONUS",
            source=Source("voucher", voucher.voucher_id),
            expires_ms=redemption.expires_ms,
            note=voucher.name,
            together=together,
            clock=lambda: now_ms,
        )
    else:
        bonus = PendingBonus(voucher.voucher_id, voucher.value, redemption.expires_ms)
        post_state(
            caller.organization_id, lambda: _next_bonus(caller.organization_id, bonus), now_ms, together=together
        )
    return redemption


@lru_cache(maxsize=1)
def guesses() -> Limit:
    """Wrong codes that each organization may try, in this process."""
    return Limit(Buckets(_GUESSES_PER_SECOND, _GUESSES_AT_ONCE))


def _id_of(normal: str) -> str:
    """The id that always belongs to a code. Without the platform's secret nobody finds codes by ids."""
    return f"voucher_{encode_ulid(derive(wiring.platform_secret(), 'voucher', normal)[:16])}"


def _count_guess(organization_id: str) -> None:
    if wait_seconds := guesses().take(organization_id):
        raise LimitExceededError(
            "your organization tried many codes that are none: try again later",
            retry_after_seconds=math.ceil(wait_seconds),
        )


def _require_usable(organization_id: str, voucher: Voucher, now_ms: int) -> None:
    if records.has_redeemed(organization_id, voucher.voucher_id):
        raise ConflictError("code: your organization has redeemed this voucher already")
    if why_not := _WHY_NOT.get(voucher.state(now_ms)):
        raise ConflictError(why_not)


def _given(voucher: Voucher, now_ms: int) -> Redemption:
    expires_ms = None if voucher.credit_days is None else now_ms + voucher.credit_days * DAY_MS
    fixed = voucher.kind == "FIXED_TOKENS"
    granted, percent = (voucher.value, 0) if fixed else (0, voucher.value)
    return Redemption(voucher.voucher_id, voucher.kind, granted, percent, now_ms, expires_ms)


def _next_bonus(organization_id: str, bonus: PendingBonus) -> commands.AddBonus:
    if len(find_head(organization_id).bonuses) >= _MOST_PENDING:
        raise ConflictError(f"code: {_MOST_PENDING} vouchers wait for your next purchases already")
    return commands.AddBonus(bonus)


def _check(voucher: Voucher, now_ms: int) -> None:
    most = MOST_CREDITS if voucher.kind == "FIXED_TOKENS" else _MOST_PERCENT
    if not 1 <= voucher.value <= most:
        raise InvalidError(f"value: must be from 1 to {most}")
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
