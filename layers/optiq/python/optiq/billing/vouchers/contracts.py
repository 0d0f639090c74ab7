"""Vouchers: codes that grant credits, top up the next purchase, or begin a trial."""

from dataclasses import dataclass
from typing import Literal

VoucherKind = Literal["FIXED_TOKENS", "PERCENTAGE_BONUS", "SUBSCRIPTION_TRIAL"]
VoucherState = Literal["ACTIVE", "INACTIVE", "EXPIRED", "DEPLETED"]


@dataclass(frozen=True, slots=True)
class Voucher:
    """A code of the operator. The code itself is not kept: its id follows from it.

    Attributes:
        hint: how the code begins.
        value: credits, percent of the next purchase, or days of a trial.
        max_uses: how many organizations may redeem it; None for any number. uses: how many did.
        expires_ms: when it can no longer be redeemed, or None.
        credit_days: how long what it grants lives; None for ever.
        active: it was not turned off.
        plan: of the trial, or "".
    """

    voucher_id: str
    kind: VoucherKind
    value: int
    name: str
    hint: str
    created_ms: int
    max_uses: int | None = None
    expires_ms: int | None = None
    credit_days: int | None = None
    uses: int = 0
    active: bool = True
    plan: str = ""

    def state(self, now_ms: int) -> VoucherState:
        if not self.active:
            return "INACTIVE"
        if self.expires_ms is not None and self.expires_ms <= now_ms:
            return "EXPIRED"
        return "DEPLETED" if self.max_uses is not None and self.uses >= self.max_uses else "ACTIVE"


@dataclass(frozen=True, slots=True)
class Redemption:
    """What a voucher gave an organization: credits, a percentage for the next purchase, or a trial.

    Attributes:
        expires_ms: when the credits expire, or the trial ends; None for never.
    """

    voucher_id: str
    kind: VoucherKind
    credits: int
    bonus_percent: int
    redeemed_ms: int
    expires_ms: int | None = None
    trial_plan: str = ""
