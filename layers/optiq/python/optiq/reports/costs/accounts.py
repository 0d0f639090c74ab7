"""Connected accounts for a question: whose costs are whose, which days nobody read, and which may still grow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from optiq.ads.spending import api as spending
from optiq.ads.spending.contracts import LinkName, Spans, SpendingAccount
from optiq.journeys import api as journeys
from optiq.kernel.clock import days_before, each_day, parse_day, parse_timezone
from optiq.reports.domain import DayRange

EVERY_CAMPAIGN = "*"
_NO_CAMPAIGN = "(not set)"
_HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Owner:
    """Costs of an account that are of a site: those of one campaign, or of EVERY_CAMPAIGN without an owner of its own.

    Attributes:
        source, medium, channel: that they count under. timezone: of the account's days.
    """

    platform: str
    account: str
    campaign: str
    site_id: str
    source: str
    medium: str
    channel: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class ReadDays:
    """Which days of an account were read, and which of them after they were over. Days after `over` go on."""

    platform: str
    account: str
    name: str
    timezone: str
    is_read: bool
    read: Spans
    final: Spans
    over: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of an account that are over and were never read: nobody knows what they cost."""

    platform: str
    account: str
    name: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much an account's days begin after the site's, at the most."""

    name: str
    timezone: str
    seconds: int

    @property
    def in_hours(self) -> str:
        return f"{self.seconds / _HOUR_SECONDS:g}"

    @property
    def splits_hours(self) -> bool:
        return self.seconds % _HOUR_SECONDS != 0


@dataclass(frozen=True, slots=True)
class NamedCampaign:
    """How links name a campaign of an account whose costs are of a site."""

    site_id: str
    name: LinkName


@dataclass(frozen=True, slots=True)
class Costs:
    """The connected accounts that a question counts.

    Attributes:
        named: how links name their campaigns, as far as that is known.
        apart: campaigns with an owner of their own, whatever site that is: platform, account, campaign.
        unassigned: names of accounts whose costs are of no site.
    """

    owners: tuple[Owner, ...] = ()
    apart: tuple[tuple[str, str, str], ...] = ()
    accounts: tuple[ReadDays, ...] = ()
    unassigned: tuple[str, ...] = ()
    named: tuple[NamedCampaign, ...] = ()

    @property
    def whenever_read(self) -> "Costs":
        """The same accounts without which of their days were read."""
        return replace(self, accounts=(), unassigned=())

    def shifted(self, days: DayRange) -> dict[tuple[str, str], Shift]:
        """The accounts, by platform and id, whose days begin at another hour than these."""
        found = {(one.platform, one.account): _shift(one, days) for one in self.owners}
        return {key: shift for key, shift in found.items() if shift.seconds}

    def channels_of(self, platform: str, account: str) -> frozenset[str]:
        """The channels that costs of an account count under."""
        usual = {one.channel for one in self.owners if (one.platform, one.account) == (platform, account)}
        of_visits = {
            name.visits.channel
            for name in (one.name for one in self.named)
            if name.visits and (name.campaign.platform, name.campaign.account) == (platform, account)
        }
        return frozenset(usual | of_visits)

    def gaps(self, days: DayRange) -> tuple[Gap, ...]:
        """Those within the days."""
        first, last = days.first.isoformat(), days.last.isoformat()
        return tuple(
            Gap(one.platform, one.account, one.name, *span)
            for one in self.accounts
            if one.is_read
            for span in spending.days_between(one.read, first, min(last, one.over))
        )

    def provisional(self, days: DayRange) -> tuple[str, ...]:
        """The days that some account's costs are not whole of: they were not over when they were read last."""
        first, last = days.first.isoformat(), days.last.isoformat()
        return tuple(sorted({day for one in self.accounts for day in _provisional(one, first, last)}))


NONE = Costs()


def costs_of(organization_id: str, site_id: str, now_ms: int) -> Costs:
    """The accounts with costs of a site."""
    return _costs(organization_id, (site_id,), spending.spending_accounts(organization_id, now_ms))


def costs_of_sites(organization_id: str, site_ids: Sequence[str], now_ms: int) -> Costs:
    """The accounts with costs of any of these sites."""
    return _costs(organization_id, site_ids, spending.spending_accounts(organization_id, now_ms))


def _costs(organization_id: str, site_ids: Sequence[str], accounts: Sequence[SpendingAccount]) -> Costs:
    if not accounts:
        return NONE
    owners = tuple(owner for one in accounts for owner in _owners(organization_id, one, site_ids))
    owning = {(one.platform, one.account) for one in owners}
    own = [one for one in accounts if (one.platform, one.external_id) in owning]
    apart = {(one.platform, one.external_id, each.campaign_id) for one in own for each in one.campaign_sites}
    return Costs(
        owners,
        tuple(sorted(apart)),
        tuple(map(_read_days, own)),
        tuple(map(_named, (one for one in accounts if not one.site_id))),
        tuple(_named_campaigns(organization_id, owners)),
    )


def _named_campaigns(organization_id: str, owners: Sequence[Owner]) -> Iterator[NamedCampaign]:
    owned = {(one.site_id, one.platform, one.account) for one in owners}
    found = spending.link_names_of(organization_id, sorted({one.site_id for one in owners}))
    for site_id, names in sorted(found.items()):
        for one in names:
            if (site_id, one.campaign.platform, one.campaign.account) in owned:
                yield NamedCampaign(site_id, one)


def _owners(organization_id: str, account: SpendingAccount, site_ids: Sequence[str]) -> Iterator[Owner]:
    campaigns = {EVERY_CAMPAIGN: account.site_id, **{one.campaign_id: one.site_id for one in account.campaign_sites}}
    for campaign, site_id in campaigns.items():
        if site_id in site_ids:
            named = (account.source, account.medium)
            channel = journeys.classify_channel(organization_id, site_id, *named, _NO_CAMPAIGN)
            yield Owner(
                account.platform,
                account.external_id,
                campaign,
                site_id,
                *named,
                channel,
                account.name,
                account.timezone,
            )


def _named(account: SpendingAccount) -> str:
    return f"{account.name} but for some campaigns" if account.campaign_sites else account.name


def _shift(owner: Owner, days: DayRange) -> Shift:
    own = replace(days, timezone=parse_timezone(owner.timezone))
    shifts = (_seconds(theirs, moment) - _seconds(ours, moment) for ours, theirs, moment in _moments(days, own))
    return Shift(owner.name, owner.timezone, -max(shifts, key=abs))


def _moments(ours: DayRange, theirs: DayRange) -> Iterator[tuple[DayRange, DayRange, int]]:
    """Instants at which two clocks may differ in another way than before."""
    for one in (ours, theirs):
        for offset in one.offsets:
            yield ours, theirs, offset.from_ms


def _seconds(days: DayRange, moment_ms: int) -> int:
    return next((one.seconds for one in reversed(days.offsets) if one.from_ms <= moment_ms), days.offsets[0].seconds)


def _read_days(one: SpendingAccount) -> ReadDays:
    return ReadDays(
        one.platform, one.external_id, one.name, one.timezone, one.is_read, one.read, one.final, one.over_through
    )


def _provisional(one: ReadDays, first: str, last: str) -> Iterator[str]:
    for begin, end in spending.days_within(one.read, first, last):
        yield from _each(spending.days_between(one.final, begin, end))
    if one.is_read:
        yield from _each(spending.days_between(one.final, max(first, days_before(one.over, -1)), last))


def _each(spans: Iterable[tuple[str, str]]) -> Iterator[str]:
    for first, last in spans:
        yield from (day.isoformat() for day in each_day(parse_day(first), parse_day(last)))
