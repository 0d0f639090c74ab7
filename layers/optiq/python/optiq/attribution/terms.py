"""What a site's conversions are credited by: its settings, its own window, and what was learnt of its paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from optiq.attribution import settings
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, PATH_MODELS, AttributionSettings, Model, ModelParameters
from optiq.attribution.fits import api as fits
from optiq.attribution.fits.contracts import Fit
from optiq.attribution.path import ACQUISITION_GOALS, ACQUISITION_WINDOW_DAYS, WINDOW_DAYS
from optiq.tenancy.contracts import Site


@dataclass(frozen=True, slots=True)
class Terms:
    """Settings of a version (0 for what every site begins with), the site's own window, and a fit, if there is one."""

    settings: AttributionSettings = field(default_factory=AttributionSettings)
    site_lookback_days: int | None = None
    fit: Fit | None = None

    @property
    def parameters(self) -> ModelParameters:
        return self.settings.parameters

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model there is enough for: CUSTOM needs its weights, MARKOV and SHAPLEY what was learnt."""
        ready = [model for model in PATH_MODELS if model is not Model.CUSTOM or self.settings.custom]
        return (*ready, *(model for model in DATA_DRIVEN_MODELS if self.fit and model in self.fit.shares))

    @property
    def limited(self) -> Mapping[str, frozenset[Model]]:
        """The names of conversions for which not every model is computed, and those that are."""
        return {each.name: frozenset(each.models) for each in self.settings.conversion_types if each.models}

    def window_days(self, name: str) -> int:
        """The lookback window of conversions of a name: their own, the site's, or the default of their kind."""
        own = {each.name: each.lookback_days for each in self.settings.conversion_types}.get(name)
        if own is not None:
            return own
        if self.site_lookback_days is not None:
            return self.site_lookback_days
        return ACQUISITION_WINDOW_DAYS if name in ACQUISITION_GOALS else WINDOW_DAYS

    @property
    def longest_window_days(self) -> int:
        """The longest window any conversion of the site may have."""
        others = WINDOW_DAYS if self.site_lookback_days is None else self.site_lookback_days
        return max(others, *(each.lookback_days or 0 for each in self.settings.conversion_types), 0)


STANDARD_TERMS = Terms()


def in_force(site: Site) -> Terms:
    """Those of arriving conversions, as they were some seconds ago."""
    where = (site.organization_id, site.site_id)
    return Terms(settings.in_force(*where), site.lookback_days, fits.in_force(*where))


def current(site: Site) -> Terms:
    """As they stand."""
    where = (site.organization_id, site.site_id)
    learnt = fits.current(*where)
    return Terms(settings.current(*where), site.lookback_days, learnt.fit if learnt else None)
