"""A saved view: a question under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

ViewKind = Literal["QUESTION", "FUNNEL", "RETENTION", "PATHS", "TIME_TO_CONVERT", "OVERLAP", "COHORT_VALUE", "SEGMENT"]


@dataclass(frozen=True, slots=True)
class View:
    """
    Attributes:
        kind: what the question is of.
        question: what the kind's route takes, as JSON.
        columns: which of a table's columns are shown, in this order; empty for all.
        owner_id: the user, or the key, who saved it.
        shared: everybody in the organization who may see the site sees it.
        archived: it was removed.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    view_id: str
    name: str
    kind: ViewKind
    question: Mapping[str, Any]
    owner_id: str
    created_ms: int
    columns: tuple[str, ...] = field(default=())
    shared: bool = False
    archived: bool = False
    version: int = 0


class ViewChange(TypedDict, total=False):
    """What to change; what is absent stays. The kind stays."""

    name: str
    question: Mapping[str, Any]
    columns: tuple[str, ...]
    shared: bool
