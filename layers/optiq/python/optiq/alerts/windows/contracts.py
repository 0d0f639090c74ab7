"""A maintenance window: a time that is not as usual."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["MUTE", "EXCLUDE"]
"""MUTE: rules are judged, and nobody is told. EXCLUDE: days of it are neither judged nor usual, and nobody is told."""


@dataclass(frozen=True, slots=True)
class Window:
    """
    Attributes:
        from_ms, until_ms: the end is not included.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    window_id: str
    name: str
    mode: Mode
    from_ms: int
    until_ms: int
    archived: bool = False
    version: int = 0
