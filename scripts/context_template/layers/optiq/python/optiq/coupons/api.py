"""The coupons context."""

from optiq.coupons.contracts import Coupon
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page
from optiq.store.api import Store

_LONGEST_NAME = 200


def _key(organization_id: str, coupon_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"COUPON#{coupon_id}")


def _list_of(organization_id: str) -> str:
    return f"ORG#{organization_id}#COUPONS"


def _listed(coupon: Coupon) -> tuple[str, str]:
    return _list_of(coupon.organization_id), coupon.coupon_id


_STORE = Store(Coupon, "coupon", _key, _listed)


def create_coupon(caller: Caller, *, name: str, clock: Clock = system_clock) -> Coupon:
    """Raises InvalidError."""
    name, now_ms = name.strip(), clock()
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise InvalidError(f"name: must have 1 to {_LONGEST_NAME} characters")
    return _STORE.add(caller, Coupon(caller.organization_id, new_id("coupon", now_ms), name, now_ms))


def list_coupons(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Coupon]:
    """A page of the organization's coupons, newest first. Raises InvalidError for another list's cursor."""
    return _STORE.page(_list_of(caller.organization_id), limit, cursor)
