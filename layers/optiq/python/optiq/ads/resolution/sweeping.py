"""Every hour: reads the clicks that are due, and resolves the touches of every site of who has connected accounts."""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence

from optiq.ads import keys
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS, CHOSEN
from optiq.ads.digest import digest_of
from optiq.ads.entities import api as entities
from optiq.ads.resolution import clicks, links
from optiq.ads.resolution.knowing import chosen_accounts
from optiq.ads.resolution.link_names import note_link_names
from optiq.ads.resolution.records import ResolvedRecord
from optiq.ads.resolution.resolving import RESOLVED_DAYS, resolve_site
from optiq.ads.sync.contracts import AdAccountRead
from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import OptiqError, UpstreamError
from optiq.kernel.table import Put
from optiq.tenancy import api as tenancy

_LOG = logging.getLogger(__name__)
_RECENT_DAYS = 2


def resolve_due(clock: Clock = system_clock) -> Counter[str]:
    """Resolves for every organization with accounts to read; returns how many days of clicks were read, and how many
    touches changed.

    What fails of one keeps no other from its turn. Raises the first error in the end.
    """
    counts, errors = Counter[str](), list[OptiqError]()
    by_organization: defaultdict[str, list[AdAccount]] = defaultdict(list)
    for account in ACCOUNTS.in_index(CHOSEN):
        by_organization[account.organization_id].append(account)
    for organization_id, accounts in by_organization.items():
        try:
            counts += resolve_organization(organization_id, accounts, clock)
        except OptiqError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return counts


def resolve_after_reading(event: Event, _read: AdAccountRead, now_ms: int) -> Sequence[Put]:
    """Resolves an organization's visits at once, where somebody waits for what an account's days say.

    What cannot be resolved now is left to the hour. Raises UpstreamError: deliver it again.
    """
    try:
        resolve_organization(event.organization_id, chosen_accounts(event.organization_id), lambda: now_ms)
    except OptiqError as error:
        if isinstance(error, UpstreamError) and error.retryable:
            raise
        _LOG.warning("visits of %s are not resolved now: %s", event.organization_id, error)
    return ()


def resolve_organization(organization_id: str, accounts: Sequence[AdAccount], clock: Clock) -> Counter[str]:
    """As `resolve_due`, of one organization with the accounts that are read.

    Recent touches are looked at every time. All of them once a day, and where links, accounts or lists changed.
    """
    counts = Counter(days_of_clicks=sum(clicks.read_clicks(account, clock) for account in accounts))
    for site_id in _sites(organization_id):
        again = counts["days_of_clicks"] > 0
        counts["touches"] += _resolve(organization_id, site_id, accounts, clock, again=again)
    return counts


def _resolve(organization_id: str, site_id: str, accounts: Sequence[AdAccount], clock: Clock, *, again: bool) -> int:
    now_ms, digest = clock(), _digest(organization_id, site_id, accounts)
    place = keys.resolved(organization_id, site_id)
    try:
        before = ResolvedRecord.get(*place, consistent_read=True)
        again |= before.digest != digest or before.resolved_ms < now_ms - DAY_MS
    except ResolvedRecord.DoesNotExist:
        again = True
    changed = resolve_site(organization_id, site_id, days=RESOLVED_DAYS if again else _RECENT_DAYS, clock=clock)
    if again:
        note_link_names(organization_id, site_id, clock)
        ResolvedRecord(*place, digest=digest, resolved_ms=now_ms).save()
    return changed


def _digest(organization_id: str, site_id: str, accounts: Sequence[AdAccount]) -> str:
    """Another one when something changed that resolving goes by, besides touches and clicks."""
    lists = [entities.list_digest(account.key) for account in accounts]
    linked = [(one.link_id, one.version) for one in links.of_site(organization_id, site_id)]
    whose = [(one.key, one.site_id, one.campaign_sites, one.source) for one in accounts]
    return digest_of([*whose, *lists, *linked])


def _sites(organization_id: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = tenancy.list_sites(Caller.system(organization_id), cursor=cursor)
        found += [site.site_id for site in page.items]
        cursor = page.cursor
        if cursor is None:
            return found
