"""Says of a site's touches which campaign, group and ad they are of, and writes what differs from what was said.

Touches are read from the lake and stay as they are. Of a day only rows that changed are written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from optiq.ads.lake import AD_RESOLUTIONS, REVISIONS_A_MS
from optiq.ads.resolution.contracts import Campaign, Resolution
from optiq.ads.resolution.knowing import chosen_accounts, clicks_of, known_of, sources_of
from optiq.ads.resolution.ladder import Known, resolve
from optiq.ads.resolution.signals import Signals, signals_of
from optiq.journeys.contracts import NOT_SET
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import DAY_MS, Clock, days_before, from_rfc3339, iso_day, system_clock, utc_day
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.ports import wiring
from optiq.ports.query import Value

RESOLVED_DAYS = 90
"""Touches of so many days back are looked at: for so long platforms tell of clicks."""
_OF_DAYS = "site_id = ? AND dt BETWEEN ? AND ?"
_SAYS = ("source", "medium", "campaign", "click_ids", "ad_ids")
_WRITTEN = (
    "platform",
    "account",
    "campaign_id",
    "group_id",
    "ad_id",
    "evidence",
    "candidates",
    "foreign_id",
    "conflict",
)
_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Touch:
    touch_id: str
    occurred_ms: int
    signals: Signals


def resolve_site(
    organization_id: str, site_id: str, *, days: int = RESOLVED_DAYS, named: str = "", clock: Clock = system_clock
) -> int:
    """Resolves the touches of the last days; returns how many changed.

    Args:
        named: only touches whose utm_campaign is this one, as it stands.

    Raises:
        UpstreamError: the lake does not answer. What was written stays; the next time does the rest.
    """
    now_ms = clock()
    first, last = days_before(utc_day(now_ms), days), days_before(utc_day(now_ms), -1)
    sources = sources_of(chosen_accounts(organization_id))
    touches = _touches(organization_id, (site_id, first, last), named, sources)
    if not touches:
        return 0
    known = known_of(organization_id, site_id)
    asked = sorted({one.signals.click_id for one in touches} - {""})
    known = replace(known, clicks=clicks_of(organization_id, asked, first, last))
    before = _written(organization_id, (site_id, first, last))
    changed = [
        (touch, row, before.get(touch.touch_id, _NEVER)[1])
        for touch in touches
        if (row := _row(_resolved(touch, known))) != before.get(touch.touch_id, _NEVER)[0]
    ]
    _write(organization_id, site_id, changed, now_ms)
    return len(changed)


def _resolved(touch: _Touch, known: Known) -> Resolution | None:
    return resolve(touch.signals, touch.occurred_ms // DAY_MS, known)


def _touches(
    organization_id: str, of_days: tuple[str, str, str], named: str, sources: Mapping[str, str]
) -> list[_Touch]:
    """Those that say anything of a campaign."""
    columns = ("touch_id", "occurred_at", "tagged", "deleted", *_SAYS)
    says = f"tagged OR click_ids <> '[]' OR coalesce(ad_ids, '[]') <> '[]' OR campaign <> '{NOT_SET}'"
    only = " AND campaign = ?" if named else ""
    sql = f"""
SELECT touch_id, occurred_at, {", ".join(_SAYS)} FROM ({latest_row_of_each(TOUCHES, _OF_DAYS, columns)})
WHERE NOT deleted AND ({says}){only}"""  # noqa: S608 - names are ours
    parameters = (*of_days, *([named] if named else []))
    return [
        _Touch(str(touch_id), from_rfc3339(str(at)), _signals(says_of, sources))
        for touch_id, at, *says_of in wiring.query().run(sql, organization_id, parameters).rows
    ]


def _signals(says: Sequence[Value], sources: Mapping[str, str]) -> Signals:
    source, medium, campaign, click_ids, ad_ids = (str(value or "") for value in says)
    return signals_of(source, medium, campaign, click_ids, ad_ids, sources)


def _written(organization_id: str, of_days: tuple[str, str, str]) -> Mapping[str, tuple[_Row, int]]:
    """What was said of each touch, and its revision."""
    columns = ("touch_id", "revision", *_WRITTEN)
    sql = f"SELECT {', '.join(columns)} FROM ({latest_row_of_each(AD_RESOLUTIONS, _OF_DAYS, columns)})"  # noqa: S608 - names are ours
    rows = wiring.query().run(sql, organization_id, of_days).rows
    return {str(touch_id): (tuple(row), int(revision or 0)) for touch_id, revision, *row in rows}


def _row(one: Resolution | None) -> _Row:
    """As `_WRITTEN`. What is of no advertisement any more has an empty evidence."""
    if one is None:
        return ("", "", "", "", "", "", 0, "", "")
    account, campaign_id = (one.campaign.account, one.campaign.campaign_id) if one.campaign else ("", "")
    found = (one.platform, account, campaign_id, one.group_id, one.ad_id, one.evidence)
    return (*found, one.candidates, one.foreign_id, _text(one.conflict))


def _text(campaign: Campaign | None) -> str:
    return f"{campaign.platform} {campaign.account} {campaign.campaign_id}" if campaign else ""


_NEVER = (_row(None), 0)


def _write(organization_id: str, site_id: str, changed: Iterable[tuple[_Touch, _Row, int]], now_ms: int) -> None:
    # Imported when something is written: who only starts jobs has no packages for columns.
    from optiq.ports.lake_rows import arrow_table, name_of

    by_day: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    of_all = {"site_id": site_id, "resolved_at": now_ms}
    for touch, row, before in changed:
        line = {"touch_id": touch.touch_id, **dict(zip(_WRITTEN, row, strict=True)), **of_all}
        line["revision"] = max(now_ms * REVISIONS_A_MS, before + 1)
        by_day[iso_day(touch.occurred_ms // DAY_MS)].append(line)
    for day, lines in by_day.items():
        rows = arrow_table(AD_RESOLUTIONS, lines)
        wiring.lake().append(AD_RESOLUTIONS.name, organization_id, day, name_of("resolved", lines), rows)
