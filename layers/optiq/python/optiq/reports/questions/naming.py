"""The names of a site's questions: those of the catalogue, and of the properties that the site declares."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from optiq.reports import keys
from optiq.reports.declared import columns_of, counted_with
from optiq.reports.questions.catalogue import CATALOGUE, SLOTS, Catalogue, Dimension
from optiq.reports.questions.filters import Filters
from optiq.reports.questions.wrong import wrong
from optiq.reports.records import run_state
from optiq.tenancy.contracts import Site

CUSTOM = "custom."
"""A site's own dimensions begin so, so none can be taken for one of the catalogue."""


@dataclass(frozen=True, slots=True)
class Names:
    """Of one site. In statements its own dimensions go by the slots of their properties."""

    site: Site

    @property
    def properties(self) -> Mapping[str, str]:
        """By slot."""
        return columns_of(self.site.custom_dimensions)

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked of the site, by the names that people use."""
        own = {
            name: Dimension(name, one.name, f"The property {one.property} of an event", {"events": slot})
            for (name, slot), one in zip(self._slots.items(), self.site.custom_dimensions, strict=True)
        }
        return Catalogue(CATALOGUE.metrics, {**CATALOGUE.dimensions, **own})

    def dimension(self, field: str, name: str) -> str:
        """As statements name it. Raises InvalidError that names the field."""
        if name in CATALOGUE.dimensions:
            return name
        if name in self._slots:
            return self._slots[name]
        raise wrong(field, f"'{name[:40]}' is unknown; use one of {', '.join(self.catalogue.dimensions)}")

    def filters(self, filters: Filters) -> Filters:
        """Raises as `dimension`."""
        return tuple(
            tuple(replace(one, dimension=self.dimension("filters", one.dimension)) for one in group)
            for group in filters
        )

    def counted(self) -> bool:
        """Whether all days of `steps` have the properties that the site declares now."""
        text = counted_with(self.site)
        return not text or text in (run_state(keys.steps_state(self.site.organization_id)).declared or ())

    @property
    def _slots(self) -> dict[str, str]:
        return {f"{CUSTOM}{one.name}": slot for one, slot in zip(self.site.custom_dimensions, SLOTS, strict=False)}
