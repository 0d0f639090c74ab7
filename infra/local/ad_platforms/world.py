"""What the stand-ins know: who permitted what, the accounts, and what their ads cost by day."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.ad_platforms.told import ToldWorld


@dataclass(frozen=True)
class Heard:
    """A request. `body` is a form's fields or a JSON document; `raw` is it byte for byte."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, Any]
    raw: str = ""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Account:
    """An advertising account at a vendor. `denied`: the login may not read it."""

    external_id: str
    name: str = "Acme"
    currency: str = "EUR"
    timezone: str = "Europe/Berlin"
    status: str = "ENABLED"
    denied: bool = False


@dataclass
class DayRow:
    """What one entity did on one day. Without a campaign it is in no list, but in the account's total.

    `claimed` conversions are what the vendor counts as its own on the day of the click, `claimed_then` on their own;
    `viewed` are those of them without a click.
    """

    day: str
    campaign: str
    cost_micros: int
    ad: str = ""
    kind: str = "SEARCH"
    impressions: int = 0
    clicks: int = 0
    claimed: float = 0.0
    viewed: float = 0.0
    claimed_value: float = 0.0
    claimed_then: float = 0.0
    by_hour: tuple[int, ...] = ()

    @property
    def group(self) -> str:
        """The id of its group: each campaign has one."""
        return f"7{self.campaign}"


@dataclass(frozen=True)
class Click:
    """A click on an ad; `account` is whose."""

    account: str
    day: str
    click_id: str
    campaign: str
    ad: str = ""


@dataclass
class MetaRun:
    """A report that Meta prepares: rows as they were when it was asked for, and the statuses that it goes through."""

    run_id: str
    account: str
    level: str
    first: str
    last: str
    rows: list[Any]
    statuses: list[str]

    @property
    def days(self) -> int:
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1


@dataclass
class World:
    """One world for all vendors.

    Attributes:
        now_ms: its clock, by which tokens end.
        scope: what Google says was permitted; None for what was asked for.
        codes: what a consent gave, by code, until it is used. granted: tokens that are good, with their end.
        lifetime_s: of access tokens; None for ever. refreshes: whether a refresh token is given.
        by_account: a Google, Meta or TikTok account's rows.
        names, statuses: of campaigns, groups and ads, by id, where they are not the usual ones.
        clicks: on ads of any account, as Google's click_view has them.
        unlisted: ids that are in no list any more; their rows stay.
        rows_of_batch: of Google's streams; few, so that every test reads more than one batch.
        most_in_page: of Meta's edges. runs: Meta's report runs, by id. run_plan: the statuses of a new run.
        asks_people: a page asks before access is allowed; without, everybody allows everything at once.
        feedback: what the vendors were told of conversions.
        hourly_calls: so many calls an hour and account Meta answers; None for any number. calls: those of each hour.
    """

    client_id: str = "optiq-app"
    client_secret: str = "app-secret-of-optiq"  # noqa: S105 - of a stand-in
    now_ms: int = 1_760_000_000_000
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    granted: dict[str, int | None] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    lifetime_s: int | None = 3_599
    refreshes: bool = True
    scope: str | None = None
    accounts: list[Account] = field(default_factory=list)
    by_account: dict[str, list[DayRow]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    clicks: list[Click] = field(default_factory=list)
    rows_of_batch: int = 2
    most_in_page: int = 5
    runs: dict[str, MetaRun] = field(default_factory=dict)
    run_plan: Callable[[MetaRun], Sequence[str]] = lambda _: ["Job Completed"]
    hourly_calls: int | None = None
    calls: Counter[tuple[str, int]] = field(default_factory=Counter)
    issued: int = 0
    asks_people: bool = False
    feedback: ToldWorld = field(default_factory=ToldWorld)

    def name(self, usual: str, entity_id: str) -> str:
        return self.names.get(entity_id, f"{usual} {entity_id}")

    def listed(self, external_id: str) -> list[DayRow]:
        """A row of every campaign and ad of an account that the lists have."""
        rows = {(row.campaign, row.ad): row for row in self.by_account.get(external_id, ()) if row.campaign}
        return [row for row in rows.values() if not self.unlisted & {row.campaign, row.ad}]

    def consent(self, url: str) -> tuple[str, str]:
        """The state and the code that the person's browser brings back."""
        return self.allow(dict(parse_qsl(urlsplit(url).query)))

    def allow(self, query: dict[str, str]) -> tuple[str, str]:
        assert self.client_id in (query.get("client_id"), query.get("app_id"))
        code = f"code-{len(self.codes)}-{self.issued}"
        self.codes[code] = query
        return query["state"], code

    def issue(self, prefix: str, lifetime_s: int | None) -> str:
        """A new access token."""
        self.issued += 1
        token = f"{prefix}-secret-{self.issued}"
        self.granted[token] = None if lifetime_s is None else self.now_ms + lifetime_s * 1_000
        return token

    def accepts(self, token: str) -> bool:
        ends_ms = self.granted.get(token, 0)
        return ends_ms is None or ends_ms > self.now_ms

    def expire_tokens(self) -> None:
        """Every access token ends now; refresh tokens stay."""
        self.granted = dict.fromkeys(self.granted, 0)

    def revoke(self) -> None:
        """The person takes the permission back at the vendor."""
        self.granted.clear()
        self.refresh_tokens.clear()
