"""Settings of the whole system that staff may change while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Category = Literal["limits", "status"]
Value = str | int


@dataclass(frozen=True, slots=True)
class Known:
    """A setting that functions read.

    Attributes:
        default: until somebody sets it; a value has its type. most: of a number, or of a text's characters.
    """

    default: Value
    category: Category
    description: str
    is_public: bool
    most: int


KNOWN: Mapping[str, Known] = {
    "errors.per_second": Known(
        10, "limits", "errors that a process takes from a project each second", is_public=False, most=10_000
    ),
    "errors.burst": Known(
        2_000,
        "limits",
        "errors that a process takes from a project at once",
        is_public=False,
        most=1_000_000,
    ),
    "status.notice": Known("", "status", "a sentence at the top of the status page", is_public=True, most=500),
}


@dataclass(frozen=True, slots=True)
class SystemSetting:
    """One version of a setting.

    Attributes:
        number: of the version, as six digits; the highest is in force. "" for the default.
        value: JSON.
    """

    organization_id: str
    key: str
    number: str
    value: str
    category: Category
    description: str
    is_public: bool
    changed_ms: int
    changed_by: str
    version: int = 0
