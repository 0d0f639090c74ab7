"""How numbers and JSON are written for platforms: the same input makes the same bytes."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from optiq.ads.connections.upload_contracts import Verdict
from optiq.feedback.vendors.contract import Answer
from optiq.kernel.money import MICROS


def json_of(document: Mapping[str, Any]) -> str:
    """Compact JSON in the order of the fields, without those that are empty."""
    return json.dumps(_filled(document), separators=(",", ":"), ensure_ascii=False)


def amount(micros: int) -> float:
    """A decimal amount: 49900000 is 49.9. A float of so few digits is written as it is read."""
    return float(Decimal(micros) / MICROS)


def not_taken(verdict: Verdict, trace: str = "") -> Answer:
    """An answer that is no yes and blames no event: nobody knows what became of it, or it has to wait."""
    if verdict.outcome == "RETRY":
        return Answer("RETRY", verdict.code, trace, verdict.wait_seconds)
    return Answer("WAIT", verdict.code, trace, verdict.wait_seconds)


def named(**found: object) -> tuple[str, ...]:
    """The names of what is there."""
    return tuple(name for name, value in found.items() if value)


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        filled = {name: _filled(one) for name, one in value.items()}
        return {name: one for name, one in filled.items() if one not in ("", None, [], {})}
    if isinstance(value, list):
        return [_filled(one) for one in value if one not in ("", None)]
    return value
