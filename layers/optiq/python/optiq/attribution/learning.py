"""What MARKOV and SHAPLEY learn of a site: of the paths of its last days by channel, converted and not."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from optiq.attribution import lake_reading
from optiq.attribution.arrays import Floats
from optiq.attribution.bootstrap import DataPaths, estimate
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, Model, Verdict
from optiq.attribution.fits.contracts import LearntFit, LearntModel, LearntShare
from optiq.attribution.markov import TransitionCounts, removal_effects
from optiq.attribution.models import ENGINE_VERSION
from optiq.attribution.site_paths import SitePaths, site_paths
from optiq.attribution.terms import Terms
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.kernel.clock import day_of, from_rfc3339, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.tenancy.contracts import Site

DAYS = 90
_DECIMALS = 12
"""Beyond these, processors differ."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt of: a site's UTC days `first` to `last`, with touches from `since` on.

    `name` tells it from every other: it covers what the lake held of these days and how paths are made of it.
    """

    site: Site
    terms: Terms
    now_ms: int
    since: str
    first: str
    last: str
    name: str


def lesson(site: Site, terms: Terms, now_ms: int) -> Lesson:
    """That of a site's last days. Raises UpstreamError."""
    today = day_of(now_ms, parse_timezone("UTC"))
    first, last = (today - timedelta(days=DAYS - 1)).isoformat(), today.isoformat()
    since = (today - timedelta(days=DAYS - 1 + terms.longest_window_days)).isoformat()
    held = [
        lake_reading.contents(table, site.organization_id, site.site_id, since, last)
        for table in (CONVERSIONS, TOUCHES)
    ]
    made = (ENGINE_VERSION, terms.settings.version, site.lookback_days, first, last)
    name = hashlib.blake2b(repr((made, held)).encode(), digest_size=16).hexdigest()
    return Lesson(site, terms, now_ms, since, first, last, name)


def learn(lesson: Lesson) -> LearntFit:
    """What the models learn, as a fit that has no version yet. Raises UpstreamError."""
    site, terms = lesson.site, lesson.terms
    where = (site.organization_id, site.site_id)
    conversions = lake_reading.conversions_of(*where, lesson.first, lesson.last)
    touches = lake_reading.channels_of(*where, lesson.since, lesson.last)
    paths = site_paths(conversions, touches, terms, from_rfc3339(lesson.first))
    order = terms.settings.markov_order
    return LearntFit(
        version=0,
        created_ms=lesson.now_ms,
        learnt_from=lesson.name,
        from_day=lesson.first,
        to_day=lesson.last,
        conversions=round(paths.data.conversions.sum()),
        nulls=round(paths.data.nulls.sum()),
        markov_order=order,
        engine_version=ENGINE_VERSION,
        models=tuple(_learnt(model, paths, order) for model in DATA_DRIVEN_MODELS),
    )


def _learnt(model: Model, paths: SitePaths, order: int) -> LearntModel:
    try:
        found = estimate(model, paths.data, order)
        effects = _effects(paths.data, order) if model is Model.MARKOV else None
    except InvalidError as error:
        return LearntModel(model, Verdict.NOT_ENOUGH_DATA, str(error), ())
    columns = (found.shares, found.low, found.high, effects)
    lists = [[None] * len(paths.channels) if c is None else np.round(c, _DECIMALS).tolist() for c in columns]
    shares = [LearntShare(*row) for row in zip(paths.channels, *lists, strict=True)]
    shares.sort(key=lambda each: (-each.share, each.channel))
    return LearntModel(model, found.verdict, found.reason, tuple(shares))


def _effects(data: DataPaths, order: int) -> Floats:
    counts = TransitionCounts.of(data.offsets, data.codes, data.conversions, data.nulls, data.channels, order)
    return removal_effects(counts).effects
