"""Campaigns, groups and ads as the API writes them."""

from optiq.ads.entities.contracts import Entity, EntityName
from optiq.kernel.schemas import Out, PageOut, shows


@shows(EntityName)
class AdEntityNameOut(Out):
    """A name, and since when the platform gives it."""


@shows(Entity)
class AdEntityOut(Out):
    """`names` is every name, the oldest first; `gone_at` is when the platform's lists were first without it."""

    name: str
    names: list[AdEntityNameOut]


class AdEntitiesOut(PageOut[AdEntityOut]):
    """By id."""
