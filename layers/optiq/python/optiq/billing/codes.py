"""Codes of vouchers and coupons, and the ids that follow from those of vouchers."""

import re

from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import encode_ulid
from optiq.kernel.secrets import derive
from optiq.ports import wiring

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")


def normal_code(code: str) -> str:
    """A code as it is compared: in capitals, without spaces around it. Raises InvalidError for what can be none."""
    normal = code.strip().upper()
    if not _CODE.fullmatch(normal):
        raise InvalidError("code: must have 4 to 40 letters, digits and dashes, such as SPRING-25")
    return normal


def id_of(normal: str) -> str:
    """The id that always belongs to a code. Without the platform's secret nobody finds codes by ids."""
    return f"voucher_{encode_ulid(derive(wiring.platform_secret(), 'voucher', normal)[:16])}"
