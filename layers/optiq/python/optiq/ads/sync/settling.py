"""How soon a platform knows what it claims of a day in the end, by days of an account that have settled."""

from bisect import bisect_right
from collections.abc import Sequence
from statistics import median

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.lake import AD_DAILY, REVISIONS_A_MS
from optiq.ads.sync.contracts import KnownAfter, Settling
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, day_end_ms, parse_day, parse_timezone
from optiq.ports import wiring

_FEWEST_DAYS = 20
_AFTER_DAYS = (1, 3, 7, 14)
_Versions = list[tuple[int, int]]
"""Of a day: when it was read, and what was claimed of it, the oldest first."""


def settling(caller: Caller, account: AdAccount, settled: Sequence[str]) -> Settling | None:
    """The median share of a day's final claim that was known some days after its end.

    None for fewer than 20 days that have settled, that claim anything, and that were read within a day of their end:
    of one that was read first long afterwards nobody knows what was known before.
    """
    if len(settled) < _FEWEST_DAYS:
        return None
    zone = parse_timezone(account.timezone)
    curves = [
        [_known(versions, end_ms + after * DAY_MS) / versions[-1][1] for after in _AFTER_DAYS]
        for day, versions in _versions(caller, account, min(settled), max(settled)).items()
        for end_ms in [day_end_ms(parse_day(day), zone)]
        if day in settled and versions[-1][1] > 0 and versions[0][0] <= end_ms + DAY_MS
    ]
    if len(curves) < _FEWEST_DAYS:
        return None
    shares = [round(median(column), 4) for column in zip(*curves, strict=True)]
    return Settling(len(curves), tuple(map(KnownAfter, _AFTER_DAYS, shares)))


def _known(versions: _Versions, at_ms: int) -> int:
    return versions[bisect_right(versions, at_ms, key=lambda one: one[0]) - 1][1]


def _versions(caller: Caller, account: AdAccount, first: str, last: str) -> dict[str, _Versions]:
    sql = (
        "SELECT DISTINCT day, revision, claimed_count_micros "  # noqa: S608 - names are ours
        f"FROM {AD_DAILY.name} WHERE platform = ? AND account = ? AND level = 'ACCOUNT' AND day BETWEEN ? AND ? "
        "ORDER BY day, revision"
    )
    parameters = (account.platform, account.external_id, first, last)
    found: dict[str, _Versions] = {}
    for day, revision, claimed in wiring.query().run(sql, caller.organization_id, parameters).rows:
        found.setdefault(str(day), []).append((int(revision or 0) // REVISIONS_A_MS, int(claimed or 0)))
    return found
