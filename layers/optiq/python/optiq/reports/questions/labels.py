"""Names for the ids of advertising platforms that an answer's rows are by."""

from collections.abc import Iterable, Mapping

from optiq.ads import api as ads
from optiq.ads.entities.contracts import EntityLevel
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.contracts import Row

_LEVELS: Mapping[str, EntityLevel] = {
    "campaign": "CAMPAIGN",
    "ad": "AD",
    "platform_campaign": "CAMPAIGN",
    "platform_group": "GROUP",
    "platform_ad": "AD",
}
"""`campaign` and `ad` are names of links for visits, and ids for the costs of connected accounts."""


def labels_of(asked: Asked, rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """By dimension the name of each id: of now, or those of the last day where that is asked."""
    wanted = [name for name in asked.ask.dimensions if name in _LEVELS or name == "account"]
    if not wanted or not asked.part.costs.owners:
        return {}
    keys = {name: {row.keys[asked.ask.dimensions.index(name)] for row in rows} for name in wanted}
    at_ms = asked.part.days.bounds_ms[1] - 1 if asked.ask.names == "then" else None
    found = {
        name: ads.account_names(asked.caller, values)
        if name == "account"
        else ads.entity_names(asked.caller, _LEVELS[name], values, at_ms)
        for name, values in keys.items()
    }
    return {name: labels for name, labels in found.items() if labels}
