"""How connections do: whether people, or the platform, have to do something before numbers come again."""

from collections import defaultdict

from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.ads.connections.stores import ACCOUNTS, CHOSEN, CONNECTIONS
from optiq.ads.keys import Account
from optiq.ads.platforms.registry import kinds
from optiq.ads.sync import state
from optiq.ads.sync.contracts import ConnectionHealth
from optiq.ads.sync.state import AccountState
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_end_ms, parse_day, parse_timezone, system_clock


def connections_health(caller: Caller, site_id: str, clock: Clock = system_clock) -> tuple[ConnectionHealth, ...]:
    """The connections that a site has costs of, but disconnected ones; by id."""
    connections = {
        one.connection_id: one for one in CONNECTIONS.all_of(caller.organization_id) if one.status != "DISCONNECTED"
    }
    found: defaultdict[str, list[AdAccount]] = defaultdict(list)
    if connections:
        for account in ACCOUNTS.all_of(caller.organization_id):
            if account.connection_id in connections and _is_read(account) and _has_costs(account, site_id):
                found[account.connection_id].append(account)
    states = state.of_accounts(one.key for accounts in found.values() for one in accounts)
    return tuple(_health(connections[one], found[one], states, clock()) for one in sorted(found))


def longest_unread_ms(now_ms: int) -> int:
    """For how long the account of the whole system that waits longest was not planned to be read; 0 without any."""
    chosen = [one for one in ACCOUNTS.in_index(CHOSEN) if _is_read(one) and one.timezone]
    planned = [one.planned_ms for one in state.of_accounts(one.key for one in chosen).values() if one.planned_ms]
    return max((now_ms - each for each in planned), default=0)


def _is_read(account: AdAccount) -> bool:
    return account.chosen and account.status != "INACTIVE" and kinds()[account.platform].capabilities.reports


def _has_costs(account: AdAccount, site_id: str) -> bool:
    return site_id in (account.site_id, *(one.site_id for one in account.campaign_sites))


def _health(
    connection: Connection, accounts: list[AdAccount], states: dict[Account, AccountState], now_ms: int
) -> ConnectionHealth:
    worst = max((states[one.key] for one in accounts), key=lambda one: one.failures)
    late = [_late_ms(one, states[one.key], connection, now_ms) for one in accounts]
    return ConnectionHealth(
        connection_id=connection.connection_id,
        title=kinds()[connection.platform].title,
        accounts=tuple(sorted(one.external_id for one in accounts)),
        status=connection.status,
        reason=connection.reason,
        granted_by=connection.granted_by,
        failures=worst.failures,
        failing=worst.failing,
        late_ms=max((ms for ms in late if ms is not None), default=None),
    )


def _late_ms(account: AdAccount, known: AccountState, connection: Connection, now_ms: int) -> int | None:
    """Somebody who connects again has the days since then read: they are late from that instant on."""
    if not known.days_whole or not account.timezone:
        return None
    last = parse_day(known.days_whole[-1][1])
    ended_ms = day_end_ms(last, parse_timezone(account.timezone))
    return now_ms - max(ended_ms, connection.granted_ms)
