"""Addresses of mail: which ones mail can be sent to, and the hash that finds one."""

import re

from optiq.kernel.errors import InvalidError
from optiq.kernel.secrets import identity_hash
from optiq.ports import wiring

_LONGEST_ADDRESS = 254
# `=?` begins an encoded word (RFC 2047): who carries the mail may read another address out of it than we did.
_ADDRESS = re.compile(
    r"(?!.*=\?)[^\s@\"(),:;<>\[\]\\\x00-\x20\x7f]{1,64}@[a-z0-9](?:[a-z0-9-]*\.)*[a-z0-9-]*[a-z0-9]", re.ASCII
)


def check_address(address: str) -> str:
    """The address without blanks around it, its domain in lower case.

    Raises:
        InvalidError: no address that mail could be sent to; quoted, encoded and internationalised ones are not taken.
    """
    local, at, domain = address.strip().rpartition("@")
    checked = f"{local}{at}{domain.lower()}"
    if len(checked) > _LONGEST_ADDRESS or not checked.isascii() or not _ADDRESS.fullmatch(checked):
        raise InvalidError("email: must be an address such as ann@shop.example")
    return checked


def address_hash(address: str) -> str:
    """A keyed hash that finds an address, the same in upper and lower case."""
    return identity_hash(wiring.platform_secret(), "", "address", address.lower())
