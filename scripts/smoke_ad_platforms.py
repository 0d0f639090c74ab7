"""Reads real advertising accounts once, and says what fits Optiq's reading of each platform's documents and what not.

    OPTIQ_OAUTH=clients.json .venv/bin/python -m scripts.smoke_ad_platforms TIKTOK

It asks for your permission as Optiq does, and reads: accounts, their campaigns, groups and ads, and three days of each
level. It changes nothing at the platform, writes nothing here, and forgets the tokens when it ends.

It has never been run with a real account. Whoever does so first closes what docs/operating.md lists as not tried.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from optiq.kernel.clock import SECOND_MS, day_of, each_day, parse_timezone, system_clock
from optiq.kernel.errors import OptiqError

if TYPE_CHECKING:
    from optiq.ads.platforms.contract import Tokens, VendorAccount
    from optiq.ads.platforms.reported import Level

_LEVELS: "tuple[Level, ...]" = ("ACCOUNT", "CAMPAIGN", "AD")
_DAYS = 3
CALLBACK = "http://localhost:8080/console/ad-connections"
_MOST_ACCOUNTS = 3


def main(arguments: list[str]) -> int:
    os.environ.setdefault("OPTIQ_SUBSTRATE", "embedded")
    from optiq.ads.platforms.registry import kinds

    parser = argparse.ArgumentParser(description="Read real advertising accounts once.")
    parser.add_argument("platform", choices=[name for name, kind in kinds().items() if kind.capabilities.signs_in])
    parser.add_argument("--redirect", default=CALLBACK, help="the callback that your app has")
    asked = parser.parse_args(arguments)
    tokens = ask_permission(asked.platform, asked.redirect)
    return 1 if tokens is None else told(check(asked.platform, tokens))


def ask_permission(name: str, redirect: str, *, uploads: bool = False) -> "Tokens | None":
    """The tokens of whoever runs this; None when the address that comes back is of another attempt."""
    from optiq.ads.platforms.contract import Handshake
    from optiq.ads.platforms.registry import get_platform, signing_in

    platform = signing_in(get_platform(name))
    handshake = Handshake(redirect, secrets.token_urlsafe(24), secrets.token_urlsafe(48), uploads)
    print("Open this, allow access, and paste the address that you come back to:")
    print(f"\n{platform.authorization_url(handshake)}\n")
    came = parse_qs(urlsplit(input("address: ").strip()).query)
    if came.get("state") != [handshake.state]:
        print("The address has another state: begin again.")
        return None
    code = (came.get("code") or came.get("auth_code") or [""])[0]
    return platform.exchange(code, handshake, system_clock())


def told(lines: Iterable[tuple[bool, str]]) -> int:
    """Prints what was asked and whether it fits; 1 when something does not."""
    failed = 0
    for fits, line in lines:
        failed += not fits
        print(f"{'ok  ' if fits else 'FAIL'} {line}")
    return 1 if failed else 0


def check(name: str, tokens: "Tokens") -> Iterator[tuple[bool, str]]:
    """What was asked, and whether it was as expected. No line has a token."""
    from optiq.ads.platforms.registry import get_platform, signing_in
    from optiq.ads.platforms.verdicts import PlatformError

    platform = signing_in(get_platform(name))
    ends_ms = tokens.access_expires_ms
    lasts = "for ever" if ends_ms is None else f"for {(ends_ms - tokens.issued_ms) // SECOND_MS} s"
    renewal = "with" if tokens.refresh else "without"
    yield True, f"the code became an access token that lasts {lasts}, {renewal} a refresh token"
    if tokens.refresh or platform.capabilities.renews_early:
        try:
            tokens = platform.refresh(tokens, system_clock())
            yield True, "the token was renewed"
        except PlatformError as error:
            yield False, f"the token was not renewed: {error}"
    accounts = platform.accounts(tokens.access)
    states = ", ".join(f"{one.status} ({one.platform_status})" for one in accounts)
    yield bool(accounts), f"{len(accounts)} accounts: {states}"
    for account in [one for one in accounts if one.status == "ACTIVE"][:_MOST_ACCOUNTS]:
        yield bool(account.currency and account.timezone), f"account {account.currency} {account.timezone}"
        try:
            yield from _numbers(name, tokens.access, account)
        except OptiqError as error:
            yield False, f"its numbers: {error}"


def _numbers(name: str, access: str, account: "VendorAccount") -> Iterator[tuple[bool, str]]:
    from optiq.ads.platforms.registry import get_platform, reporting, usage_of
    from optiq.ads.sync.snapshots import SumMismatchError, by_day, snapshot

    platform = reporting(get_platform(name))
    ids = (access, account.external_id, account.login_id)
    listed = platform.entities(*ids)
    levels = {level: sum(one.id.level == level for one in listed) for level in ("CAMPAIGN", "GROUP", "AD")}
    yield True, f"lists: {levels}"
    last = day_of(system_clock(), parse_timezone(account.timezone)) - timedelta(days=1)
    first = last - timedelta(days=_DAYS - 1)
    found = {level: by_day(platform.report(*ids, level, first.isoformat(), last.isoformat())) for level in _LEVELS}
    yield True, f"rows: { {level: sum(map(len, days.values())) for level, days in found.items()} }"
    known = {one.id for one in listed}
    unlisted = {row.entity_id for rows in found["AD"].values() for row in rows} - {one.external_id for one in known}
    yield True, f"{len(unlisted)} ads have numbers and are in no list"
    for day in map(str, each_day(first, last)):
        rows = [found[level].get(day, []) for level in _LEVELS]
        try:
            parts = snapshot(day, *rows)
            rest = [one.remainder for one in parts if one.remainder]
            claimed = sum(row.claimed_count_micros for row in rows[0])
            yield True, f"{day}: levels come to the account, with {len(rest)} rows for what they lack; claims {claimed}"
        except SumMismatchError as error:
            yield False, f"{day}: {error}"
    if usage := usage_of(platform):
        yield True, f"{usage.percent} % of a quota is used"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
