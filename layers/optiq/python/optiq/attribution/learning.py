"""What MARKOV and SHAPLEY learn of a site: the paths of its last days by channel, those that did not convert too.

A path that converted is that of a conversion of these days, as it is credited. One that did not is a customer's, of
their touches after their last conversion: as if they had converted right after the latest of these. So a journey
that is still under way counts as not converted yet.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution import lake_reading
from optiq.attribution.arrays import Floats
from optiq.attribution.bootstrap import DataPaths, estimate
from optiq.attribution.contracts import (
    DATA_DRIVEN_MODELS,
    LearntFit,
    LearntModel,
    LearntShare,
    Model,
    Verdict,
)
from optiq.attribution.ledger import Column
from optiq.attribution.markov import TransitionCounts, removal_effects
from optiq.attribution.models import ENGINE_VERSION
from optiq.attribution.path_table import CONVERSION_SCHEMA, PathTable, from_rows, instants
from optiq.attribution.terms import Terms
from optiq.kernel.clock import day_of, from_rfc3339, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import CONVERSIONS, TOUCHES
from optiq.tenancy.contracts import Site

DAYS = 90
_DECIMALS = 12
"""Beyond these, processors differ."""
_JOIN = "\x1f"


@dataclass(frozen=True, slots=True)
class SitePaths:
    """Distinct paths in an order that follows from themselves; `channels` by code, in the order of their names."""

    data: DataPaths
    channels: tuple[str, ...]


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
    converted = from_rows(site.site_id, conversions, touches, terms)
    recent = touches.filter(pa.array(instants(touches) >= from_rfc3339(lesson.first)))
    lost = _not_converted(site, conversions, recent, terms)
    paths = distinct_paths(converted, lost)
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


def _not_converted(site: Site, conversions: pa.Table, touches: pa.Table, terms: Terms) -> PathTable:
    """The paths of customers whose latest touches led to nothing so far."""
    both = [table.column("customer_id").combine_chunks() for table in (conversions, touches)]
    codes = pa.concat_arrays(both).dictionary_encode().indices.to_numpy()
    converters, owners = np.split(codes, [len(conversions)])
    converted_ms = np.full(codes.max(initial=-1) + 1, np.iinfo(np.int64).min)
    np.maximum.at(converted_ms, converters, instants(conversions))
    touches = touches.filter(pa.array(instants(touches) > converted_ms[owners]))
    latest = touches.group_by("customer_id").aggregate([("occurred_at", "max")])
    known = {"conversion_id": "customer_id", "customer_id": "customer_id", "occurred_at": "occurred_at_max"}
    columns = [
        latest.column(known[field.name]) if field.name in known else _nothing(field.type, len(latest))
        for field in CONVERSION_SCHEMA
    ]
    return from_rows(site.site_id, pa.table(columns, schema=CONVERSION_SCHEMA), touches, terms)


def _nothing(kind: pa.DataType, rows: int) -> Column:
    return pa.array(["" if pa.types.is_string(kind) else 0] * rows, kind)


def distinct_paths(converted: PathTable, lost: PathTable) -> SitePaths:
    """Each sequence of channels once, with how often it converted and how often it did not; no empty one."""
    often, in_vain = Counter(_sequences(converted)), Counter(_sequences(lost))
    texts = sorted({*often, *in_vain} - {""})
    sequences = [text.split(_JOIN) for text in texts]
    channels = tuple(sorted({channel for sequence in sequences for channel in sequence}))
    code_of = {channel: code for code, channel in enumerate(channels)}
    data = DataPaths(
        offsets=np.cumsum([0, *map(len, sequences)], dtype=np.int64),
        codes=np.array([code_of[channel] for sequence in sequences for channel in sequence], dtype=np.int64),
        conversions=np.array([often[text] for text in texts], dtype=np.float64),
        nulls=np.array([in_vain[text] for text in texts], dtype=np.float64),
        channels=len(channels),
    )
    return SitePaths(data, channels)


def _sequences(paths: PathTable) -> list[str]:
    """Each path's channels in a row, joined."""
    channels: Column = paths.touches.column("channel")
    of_touches = channels.take(paths.places).combine_chunks().cast(pa.string())
    of_paths = pa.ListArray.from_arrays(pa.array(paths.offsets, pa.int32()), of_touches)
    joined: Column = pc.binary_join(of_paths, _JOIN)
    return [str(text) for text in joined.to_pylist()]


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
