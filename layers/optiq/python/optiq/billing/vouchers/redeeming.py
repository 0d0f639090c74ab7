"""Redeems vouchers: each grants an organization credits, a percentage on top of its next purchase, or a trial, once."""

import math
from dataclasses import asdict
from functools import lru_cache

from optiq.audit.contracts import Change
from optiq.billing.codes import id_of, normal_code
from optiq.billing.credits import api as ledger
from optiq.billing.credits.posting import Together, post_state
from optiq.billing.credits.records import find_head
from optiq.billing.ledger import commands
from optiq.billing.ledger.contracts import PendingBonus, Source
from optiq.billing.subscribing.trials import voucher_trial
from optiq.billing.vouchers import records
from optiq.billing.vouchers.contracts import Redemption, Voucher
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, LimitExceededError, NotFoundError, VersionError
from optiq.kernel.limits import Buckets, Limit
from optiq.store.api import Transaction

_MOST_PENDING = 10
_GUESSES_PER_SECOND, _GUESSES_AT_ONCE = 1 / 30, 20
_WHY_NOT = {
    "INACTIVE": "code: this voucher is turned off",
    "EXPIRED": "code: this voucher has expired",
    "DEPLETED": "code: this voucher is used up",
}
_HIDDEN = frozenset({"voucher_id", "kind", "redeemed_ms", "expires_ms"})


def redeem(caller: Caller, code: str, *, clock: Clock = system_clock) -> Redemption:
    """Gives the organization what a voucher gives, once.

    Raises:
        InvalidError: the code can be none. NotFoundError: there is no such voucher.
        ConflictError: it is used up, has expired, is turned off, or the organization has redeemed it, or has a plan
            already where it begins a trial.
        LimitExceededError: the organization tried many wrong codes. UpstreamError: the same may succeed later.
    """
    now_ms, voucher = clock(), records.find(id_of(normal_code(code)))
    if voucher is None:
        _count_guess(caller.organization_id)
        raise NotFoundError("code: there is no such voucher")
    _require_usable(caller.organization_id, voucher, now_ms)
    match voucher.kind:
        case "FIXED_TOKENS":
            return _grant(caller, voucher, now_ms)
        case "PERCENTAGE_BONUS":
            return _add_bonus(caller, voucher, now_ms)
        case "SUBSCRIPTION_TRIAL":
            return _begin_trial(caller, voucher, now_ms)


@lru_cache(maxsize=1)
def guesses() -> Limit:
    """Wrong codes that each organization may try, in this process."""
    return Limit(Buckets(_GUESSES_PER_SECOND, _GUESSES_AT_ONCE))


def _grant(caller: Caller, voucher: Voucher, now_ms: int) -> Redemption:
    redemption = Redemption(voucher.voucher_id, voucher.kind, voucher.value, 0, now_ms, _expiry(voucher, now_ms))
    ledger.grant(
        caller,
        voucher.value,
        kind="BONUS",
        source=Source("voucher", voucher.voucher_id),
        expires_ms=redemption.expires_ms,
        note=voucher.name,
        together=_together(caller, voucher, redemption),
        clock=lambda: now_ms,
    )
    return redemption


def _add_bonus(caller: Caller, voucher: Voucher, now_ms: int) -> Redemption:
    organization_id = caller.organization_id
    redemption = Redemption(voucher.voucher_id, voucher.kind, 0, voucher.value, now_ms, _expiry(voucher, now_ms))
    bonus = PendingBonus(voucher.voucher_id, voucher.value, redemption.expires_ms)
    together = _together(caller, voucher, redemption)
    post_state(organization_id, lambda: _next_bonus(organization_id, bonus), now_ms, together=together)
    return redemption


def _begin_trial(caller: Caller, voucher: Voucher, now_ms: int) -> Redemption:
    account, begun = voucher_trial(caller, plan=voucher.plan, days=voucher.value, now_ms=now_ms)
    redemption = Redemption(voucher.voucher_id, voucher.kind, 0, 0, now_ms, account.trial_ends_ms, voucher.plan)
    together = _together(caller, voucher, redemption)
    try:
        (begun + Transaction(together.writes, together.changes)).commit()
    except VersionError:
        together.refused()
        raise
    return redemption


def _together(caller: Caller, voucher: Voucher, redemption: Redemption) -> Together:
    """What is written with that which the voucher gives: its use, the redemption, an entry in the audit log."""
    organization_id, given = caller.organization_id, asdict(redemption)
    after = {name: value for name, value in given.items() if name not in _HIDDEN}
    entry = Change(organization_id, caller.actor, "voucher.redeemed", voucher.voucher_id, {}, after, caller.origin)
    now_ms = redemption.redeemed_ms
    return Together(
        (records.use(voucher, now_ms), records.redemption_put(organization_id, redemption)),
        (entry,),
        lambda: _require_usable(organization_id, records.find(voucher.voucher_id) or voucher, now_ms),
    )


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


def _expiry(voucher: Voucher, now_ms: int) -> int | None:
    return None if voucher.credit_days is None else now_ms + voucher.credit_days * DAY_MS


def _next_bonus(organization_id: str, bonus: PendingBonus) -> commands.AddBonus:
    if len(find_head(organization_id).bonuses) >= _MOST_PENDING:
        raise ConflictError(f"code: {_MOST_PENDING} vouchers wait for your next purchases already")
    return commands.AddBonus(bonus)
