"""A site's attribution settings: changed as a whole, every version kept, the latest in force."""

import json
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace

from optiq.attribution import keys
from optiq.attribution.contracts import AttributionSettings, ConversionType, Model
from optiq.audit import api as audit
from optiq.audit.contracts import Change, Json
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError, VersionError, require_version
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import Put
from optiq.tenancy.contracts import Site

CACHE_SECONDS = 30
"""How long a change may take to reach what is credited on arrival."""
MAX_TYPES = 50
_MAX_WINDOW_DAYS = 400
_MAX_HALF_LIFE_DAYS = 3_650
_ORDERS = range(1, 4)

_DEFAULTS = AttributionSettings()
_Record = record_of(AttributionSettings)
_cache: dict[tuple[str, str], tuple[float, AttributionSettings]] = {}
_cache_lock = threading.Lock()


def current(organization_id: str, site_id: str) -> AttributionSettings:
    """As they stand, for a site that is there."""
    return next(_versions(organization_id, site_id, limit=1), _DEFAULTS)


def in_force(organization_id: str, site_id: str) -> AttributionSettings:
    """As they stood at most CACHE_SECONDS ago."""
    cached = _cache.get((organization_id, site_id))
    if cached is not None and cached[0] > time.monotonic():
        return cached[1]
    found = current(organization_id, site_id)
    _remember(organization_id, site_id, found)
    return found


def versions(organization_id: str, site_id: str) -> list[AttributionSettings]:
    """Every version, the one in force first."""
    return [*_versions(organization_id, site_id), _DEFAULTS]


def store(
    caller: Caller, site: Site, wanted: AttributionSettings, expected_version: int | None, now_ms: int
) -> tuple[AttributionSettings, bool]:
    """Makes these the site's settings, as the next version, unless they are so already.

    Also says whether credits may come out different by them.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name.
        ConflictError: another version stands than the one expected, or somebody else was quicker.
    """
    where = (site.organization_id, site.site_id)
    before = current(*where)
    require_version(expected_version, before.version)
    same = replace(checked(wanted, site), version=before.version, created_ms=before.created_ms)
    if same == before:
        return before, False
    after = replace(same, version=before.version + 1, created_ms=now_ms)
    record = _Record(*keys.attribution_settings(*where, after.version), **values_of(after))
    write = Put(record, _Record.pk.does_not_exist())
    if not audit.commit([write], [_entry(caller, site, before, after)]):
        raise VersionError("the settings were changed at the same time: read them and try again")
    _remember(*where, after)
    return after, replace(same, default_model=before.default_model) != before


def _entry(caller: Caller, site: Site, before: AttributionSettings, after: AttributionSettings) -> Change:
    old, new = _said(before), _said(after)
    changed = [name for name in new if new[name] != old[name]]
    old, new = ({name: fields[name] for name in changed} for fields in (old, new))
    action = "attribution_settings.changed"
    return Change(caller.organization_id, caller.actor, action, site.site_id, old, new, caller.origin)


def _said(settings: AttributionSettings) -> dict[str, Json]:
    """Settings as audit entries have them: what has parts is written as JSON."""
    fields = asdict(settings)
    del fields["created_ms"]
    parts: dict[str, Json] = {name: json.dumps(fields[name]) for name in ("custom", "conversion_types")}
    return fields | parts


def checked(wanted: AttributionSettings, site: Site) -> AttributionSettings:
    """Raises InvalidError, which names the setting that cannot be."""
    if wanted.default_model is Model.CUSTOM and wanted.custom is None:
        raise InvalidError("default_model: CUSTOM needs weights of your own (custom)")
    _check_half_life("half_life_days", wanted.half_life_days)
    if wanted.custom and wanted.custom.half_life_days is not None:
        _check_half_life("custom.half_life_days", wanted.custom.half_life_days)
    if wanted.markov_order not in _ORDERS:
        raise InvalidError(f"markov_order: must be {_ORDERS[0]} to {_ORDERS[-1]}")
    if wanted.milestone_event:
        _check_event("milestone_event", wanted.milestone_event, site)
    if len(wanted.conversion_types) > MAX_TYPES:
        raise InvalidError(f"conversion_types: at most {MAX_TYPES}")
    names = [each.name for each in wanted.conversion_types]
    for place, each in enumerate(wanted.conversion_types):
        _check_type(f"conversion_types.{place}", each, site)
        if each.name in names[:place]:
            raise InvalidError(f"conversion_types.{place}.name: '{each.name}' stands there twice")
    return wanted


def _check_type(field: str, each: ConversionType, site: Site) -> None:
    _check_event(f"{field}.name", each.name, site)
    if each.lookback_days is not None and not 1 <= each.lookback_days <= _MAX_WINDOW_DAYS:
        raise InvalidError(f"{field}.lookback_days: must be 1 to {_MAX_WINDOW_DAYS}")
    if len(set(each.models)) < len(each.models):
        raise InvalidError(f"{field}.models: one stands there twice")


def _check_event(field: str, name: str, site: Site) -> None:
    if name not in site.conversion_events:
        raise InvalidError(f"{field}: '{name[:60]}' is none of the site's conversion events")


def _check_half_life(field: str, days: float) -> None:
    if not (math.isfinite(days) and 0 < days <= _MAX_HALF_LIFE_DAYS):
        raise InvalidError(f"{field}: must be above 0 and at most {_MAX_HALF_LIFE_DAYS} days")


def _versions(organization_id: str, site_id: str, limit: int | None = None) -> Iterator[AttributionSettings]:
    pk = keys.attribution_settings(organization_id, site_id, 0).pk
    found = _Record.query(
        pk,
        _Record.sk.startswith(keys.ATTRIBUTION_SETTINGS),
        scan_index_forward=False,
        consistent_read=True,
        limit=limit,
    )
    return (entity_in(AttributionSettings, record) for record in found)


def _remember(organization_id: str, site_id: str, found: AttributionSettings) -> None:
    with _cache_lock:
        _cache[organization_id, site_id] = (time.monotonic() + CACHE_SECONDS, found)
