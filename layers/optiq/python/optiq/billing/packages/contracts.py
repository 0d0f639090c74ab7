"""Packages of credits that people buy once."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """Credits for a price.

    Attributes:
        organization_id: that of the platform: every organization may buy it.
        price_micros: in millionths of each currency that it is sold in, by ISO 4217 code.
        months: how long its credits live; None for ever.
        place: packages are shown in the order of it.
        active: it is for sale.
    """

    organization_id: str
    package_id: str
    name: str
    credits: int
    price_micros: Mapping[str, int]
    place: int
    active: bool
    created_ms: int
    months: int | None = None
    version: int = 0
