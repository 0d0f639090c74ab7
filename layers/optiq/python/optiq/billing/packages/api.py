"""Packages of credits: what the operator sells."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from optiq.audit.contracts import PLATFORM
from optiq.billing import keys
from optiq.billing.ledger.contracts import MOST_CREDITS
from optiq.billing.packages.contracts import Package
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.kernel.money import MAX_MICROS, parse_currency
from optiq.store.api import Store

_LONGEST_NAME = 100
_MOST_MONTHS = 120
_MOST_PLACE = 9_999


def _key(package_id: str) -> Key:
    return keys.package(package_id)


def _listed(package: Package) -> tuple[str, str]:
    return keys.PACKAGES, f"{package.place:04d}#{package.package_id}"


_PACKAGES = Store(Package, "credit package", _key, _listed)


def create_package(
    caller: Caller,
    *,
    name: str,
    granted: int,
    price_micros: Mapping[str, int],
    months: int | None = 12,
    place: int = 0,
    clock: Clock = system_clock,
) -> Package:
    """Raises InvalidError: the message begins with the name of the field."""
    now_ms = clock()
    created = Package(
        PLATFORM, new_id("package", now_ms), name, granted, dict(price_micros), place, True, now_ms, months
    )
    return _PACKAGES.add(_staff(caller), _checked(created), clock)


def change_package(
    caller: Caller, package_id: str, changes: Mapping[str, Any], *, expected_version: int | None = None
) -> Package:
    """Changes a package for who buys it from now on. Raises NotFoundError, InvalidError, VersionError."""
    staff = _staff(caller)
    before = _PACKAGES.get(staff, package_id)
    return _PACKAGES.change(staff, before, _checked(replace(before, **changes)), expected_version)


def list_packages(*, on_sale: bool = True) -> list[Package]:
    """Those on sale, or all, in their order."""
    found = sorted(_PACKAGES.in_index(keys.PACKAGES), key=lambda one: (one.place, one.package_id))
    return [one for one in found if one.active or not on_sale]


def get_package(package_id: str) -> Package:
    """Raises NotFoundError."""
    found = _PACKAGES.find(package_id)
    if found is None:
        raise _PACKAGES.unknown()
    return found


def _staff(caller: Caller) -> Caller:
    """The caller on the platform, whose audit log has what staff do."""
    return replace(caller, organization_id=PLATFORM)


def _checked(package: Package) -> Package:
    name = checked_name(package.name, _LONGEST_NAME)
    if not 1 <= package.credits <= MOST_CREDITS:
        raise InvalidError(f"credits: must be from 1 to {MOST_CREDITS}")
    if package.months is not None and not 1 <= package.months <= _MOST_MONTHS:
        raise InvalidError(f"months: must be from 1 to {_MOST_MONTHS}, or null for credits that never expire")
    if not 0 <= package.place <= _MOST_PLACE:
        raise InvalidError(f"place: must be from 0 to {_MOST_PLACE}")
    if not package.price_micros:
        raise InvalidError('prices: must name a currency, such as {"EUR": "49.90"}')
    for currency, micros in package.price_micros.items():
        if parse_currency(currency) != currency or not 0 < micros <= MAX_MICROS:
            raise InvalidError(f"prices.{currency[:10]}: must be more than 0, of a currency such as EUR")
    return replace(package, name=name)
