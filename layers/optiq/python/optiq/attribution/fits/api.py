"""What the data-driven models learnt of a site's paths: every version kept, the latest in force.

A room of its own within attribution, below both who learns and who credits by it.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from optiq.attribution import keys
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, Model, ModelVerdict, Verdict
from optiq.attribution.fits.contracts import Fit, LearntFit
from optiq.kernel.errors import ConflictError
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import Put, put_each

CACHE_SECONDS = 60
"""How long a new fit may take to reach what is credited on arrival."""
NOTHING_LEARNT = "nothing was learned yet; every recomputation learns first, and there is one each night"

_Record = record_of(LearntFit)
_cache: dict[tuple[str, str], tuple[float, Fit | None]] = {}
_cache_lock = threading.Lock()


def current(organization_id: str, site_id: str) -> LearntFit | None:
    """As it stands."""
    pk = keys.fit(organization_id, site_id, 0).pk
    found = _Record.query(pk, _Record.sk.startswith(keys.FIT), scan_index_forward=False, consistent_read=True, limit=1)
    return next((entity_in(LearntFit, record) for record in found), None)


def in_force(organization_id: str, site_id: str) -> Fit | None:
    """What is credited by, at most CACHE_SECONDS old."""
    cached = _cache.get((organization_id, site_id))
    if cached is not None and cached[0] > time.monotonic():
        return cached[1]
    learnt = current(organization_id, site_id)
    found = learnt.fit if learnt else None
    with _cache_lock:
        _cache[organization_id, site_id] = (time.monotonic() + CACHE_SECONDS, found)
    return found


def keep(organization_id: str, site_id: str, learnt: LearntFit) -> LearntFit:
    """Makes it the next version, unless the one in force says the same; the one then in force.

    Raises:
        ConflictError: another was kept at the same time.
    """
    before = current(organization_id, site_id)
    if before and _said(before) == _said(learnt):
        return before
    after = replace(learnt, version=before.version + 1 if before else 1)
    record = _Record(*keys.fit(organization_id, site_id, after.version), **values_of(after))
    if put_each([Put(record, _Record.pk.does_not_exist())]):
        raise ConflictError("another fit was kept at the same time")
    return after


def _said(learnt: LearntFit) -> LearntFit:
    """Without what differs from night to night though nothing happened."""
    return replace(learnt, version=0, created_ms=0, learnt_from="", from_day="", to_day="")


def verdicts(organization_id: str, site_id: str, models: Sequence[Model]) -> dict[Model, ModelVerdict]:
    """Of those of the models that learn."""
    asked = [model for model in models if model in DATA_DRIVEN_MODELS]
    learnt = current(organization_id, site_id) if asked else None
    said = {each.model: ModelVerdict(each.model, each.verdict, each.reason) for each in learnt.models} if learnt else {}
    return {model: said.get(model, ModelVerdict(model, Verdict.NOT_ENOUGH_DATA, NOTHING_LEARNT)) for model in asked}
