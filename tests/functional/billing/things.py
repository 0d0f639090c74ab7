"""Bodies for the tests over all routes."""

from collections.abc import Callable, Mapping

from optiq.billing.vouchers import api as vouchers
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id


def _code(_: object) -> dict[str, str]:
    """Of a voucher that nobody has redeemed."""
    code = f"TEST-{new_id('x', system_clock())[2:]}"
    vouchers.create_voucher(Caller.system(""), code=code, kind="FIXED_TOKENS", value=7, name="A test")
    return {"code": code}


IDS: Mapping[str, Callable[[str, str], str]] = {}
BODIES: Mapping[str, object] = {"POST /v1/vouchers/redeem": _code}
