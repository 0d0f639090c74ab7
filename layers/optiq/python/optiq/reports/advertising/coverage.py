"""What could not be resolved, ordered by the money behind it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import cast

from optiq.ads import api as ads
from optiq.ads.resolution.api import slug
from optiq.ads.resolution.contracts import KNOWN, Campaign, Evidence
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.reports.advertising import coverage_sql
from optiq.reports.advertising.claims import campaign_names
from optiq.reports.advertising.contracts import (
    CampaignChoice,
    Conflict,
    CoverageAnswer,
    EvidenceCount,
    SilentCampaign,
    UnresolvedVisits,
)
from optiq.reports.advertising.frame import Asked, asked, frame_of
from optiq.reports.questions.notes import of_no_rate
from optiq.reports.questions.periods import DEFAULT_PERIOD

_MOST = 200
_MOST_CHOICES = 3
_LIKE = 0.6
"""Of two names, how much alike they are at least to be offered: 1 is the same."""


def coverage(
    caller: Caller, site_id: str, *, period: str = DEFAULT_PERIOD, model: str = "", clock: Clock = system_clock
) -> CoverageAnswer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: a period that cannot be.
    """
    of = asked(caller, site_id, period, model, clock)
    silent, no_rate = _silent(of)
    statement = coverage_sql.visited(site_id, of.currency, of.days, of.model)
    rows = wiring.query().run(statement.sql, caller.organization_id, statement.parameters).rows
    known = ads.all_campaigns(caller)
    names = campaign_names(caller.organization_id, [*silent, *known, *_in_conflicts(rows)])
    visits = sorted(_unresolved(rows, known, names), key=lambda one: (-one.revenue_micros, -one.visits, one.campaign))
    expensive = sorted(silent, key=lambda one: (-silent[one], names[one]))
    by_evidence = Counter[Evidence]()
    for row in rows:
        by_evidence[cast(Evidence, row[6])] += int(row[9] or 0)
    return CoverageAnswer(
        currency=of.currency,
        model=of.model,
        campaigns=tuple(
            SilentCampaign(one.platform, one.account, one.campaign_id, names[one], silent[one])
            for one in expensive[:_MOST]
        ),
        visits=tuple(visits[:_MOST]),
        conflicts=tuple(_conflicts(rows, names)[:_MOST]),
        by_evidence=tuple(EvidenceCount(*one) for one in by_evidence.most_common()),
        frame=frame_of(of, [of_no_rate(no_rate, of.currency)] if no_rate else []),
    )


def _silent(of: Asked) -> tuple[dict[Campaign, int], int]:
    """The spend of campaigns that no visit is known of, and how many amounts have no rate."""
    statement = coverage_sql.spent(of.site.site_id, of.currency, of.days)
    found: dict[Campaign, tuple[int, int]] = {}
    rows = wiring.query().run(statement.sql, of.caller.organization_id, statement.parameters).rows
    for platform, account, campaign_id, spend, no_rate, visits in rows:
        if not visits and (spend or no_rate):
            found[Campaign(str(platform), str(account), str(campaign_id))] = (int(spend or 0), int(no_rate or 0))
    own = ads.campaigns_of_site(of.caller, of.site.site_id, found)
    return {one: found[one][0] for one in own}, sum(found[one][1] for one in own)


def _unresolved(
    rows: Iterable[Sequence[Value]], known: Sequence[Campaign], names: dict[Campaign, str]
) -> Iterable[UnresolvedVisits]:
    for platform, _, __, source, medium, campaign, evidence, foreign_id, ___, visits, weight, revenue in rows:
        if evidence not in KNOWN:
            yield UnresolvedVisits(
                str(platform),
                str(source),
                str(medium),
                str(campaign),
                cast(Evidence, evidence),
                str(foreign_id),
                int(visits or 0),
                round(float(weight or 0), 6),
                int(revenue or 0),
                # An id of no connected account counts before a name: the account has to be connected.
                () if evidence == "FOREIGN" else tuple(_choices(str(platform), str(campaign), known, names)),
            )


def _choices(
    platform: str, named: str, known: Sequence[Campaign], names: dict[Campaign, str]
) -> Iterable[CampaignChoice]:
    of_platform = [one for one in known if platform in ("", one.platform)]
    like = [(_likeness(named, names[one]), one) for one in of_platform]
    likely = sorted((pair for pair in like if pair[0] >= _LIKE), key=lambda pair: (-pair[0], names[pair[1]]))
    return [_choice(one, names) for _, one in likely[:_MOST_CHOICES]]


def _likeness(named: str, name: str) -> float:
    return SequenceMatcher(None, slug(named), slug(name)).ratio()


def _conflicts(rows: Iterable[Sequence[Value]], names: dict[Campaign, str]) -> list[Conflict]:
    found = [
        Conflict(
            str(row[5]),
            by_id=_choice(Campaign(str(row[0]), str(row[1]), str(row[2])), names),
            by_name=_choice(_read(row[8]), names),
            visits=int(row[9] or 0),
        )
        for row in rows
        if row[8] and row[6] in KNOWN
    ]
    return sorted(found, key=lambda one: (-one.visits, one.named))


def _in_conflicts(rows: Iterable[Sequence[Value]]) -> list[Campaign]:
    conflicts = [row for row in rows if row[8]]
    by_id = [Campaign(str(row[0]), str(row[1]), str(row[2])) for row in conflicts]
    return by_id + [_read(row[8]) for row in conflicts]


def _read(text: Value) -> Campaign:
    """A campaign as `ad_resolutions` has a conflict's."""
    return Campaign(*str(text).split(" "))


def _choice(one: Campaign, names: dict[Campaign, str]) -> CampaignChoice:
    return CampaignChoice(one.platform, one.account, one.campaign_id, names[one])
