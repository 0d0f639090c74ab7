"""Connected accounts as reports count them: whose their costs are, and which of their days are known."""

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.keys import Account
from optiq.ads.platforms.registry import kinds
from optiq.ads.resolution import link_names
from optiq.ads.spending.contracts import SpendingAccount
from optiq.ads.sync import spans, state
from optiq.ads.sync.days import over_through
from optiq.ads.sync.state import AccountState

days_between = spans.between
days_within = spans.within
link_names_of = link_names.link_names_of


def spending_accounts(organization_id: str, now_ms: int) -> tuple[SpendingAccount, ...]:
    """Accounts of platforms that tell their numbers: those to be read, and those that were, by platform and id."""
    accounts = [one for one in ACCOUNTS.all_of(organization_id) if kinds()[one.platform].capabilities.reports]
    if not accounts:
        return ()
    states = state.of_accounts(one.key for one in accounts)
    found = (_spending(one, states[one.key], now_ms) for one in accounts)
    return tuple(one for one in found if one.is_read or one.read)


def _key(account: AdAccount) -> Account:
    return account.organization_id, account.platform, account.external_id


def _spending(account: AdAccount, known: AccountState, now_ms: int) -> SpendingAccount:
    usual = kinds()[account.platform].capabilities
    timezone = account.timezone or "UTC"  # Of one that the login may not read nothing is known.
    return SpendingAccount(
        platform=account.platform,
        external_id=account.external_id,
        name=account.name or account.external_id,
        timezone=timezone,
        site_id=account.site_id,
        campaign_sites=account.campaign_sites,
        source=account.source or usual.source,
        medium=account.medium or usual.medium,
        is_read=account.chosen and account.status != "INACTIVE",
        read=known.days_read,
        final=known.days_whole,
        over_through=over_through(timezone, now_ms),
    )
