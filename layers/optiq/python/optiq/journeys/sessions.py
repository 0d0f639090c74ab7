"""Sessions: when one begins and ends, and what is told of it.

A session ends after 30 minutes without an event, at a new campaign or click id, when the sender's own session id
changes, and at midnight in the site's timezone where the site asks for it. What a server reports opens none, unless it
names a contact: it belongs to the session it names, or to the latest of its day.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from optiq.journeys.agents import Agent, is_bot, read_agent
from optiq.journeys.erased_ids import kept_id
from optiq.journeys.history import PAGE_VIEW, Fact
from optiq.journeys.origins import Origin
from optiq.journeys.visits import PAUSE_MS
from optiq.kernel.clock import DAY_MS, SECOND_MS, day_of
from optiq.kernel.events import EventAccepted
from optiq.kernel.ids import id_in_order
from optiq.tenancy.contracts import Site

OFFLINE_TOUCH = "Offline Touch"
PAGE_LEAVE = "page_leave"
"""What the tracker tells of a page at its end: how much of it was seen, and for how long."""
ENGAGED_MS = 10 * SECOND_MS
"""Google Analytics 4's measure (support.google.com/analytics/answer/12195621), as are those in `Session.engaged`."""


@dataclass(frozen=True, slots=True)
class Session:
    """A visit; a single event makes one that ends when it starts. Pages are paths; `agent`, `country` and `city` are
    the first ones said.

    `kept_referrers` has the domain of a payment or sign-in page for each return from one that was counted as no touch,
    so that the credit stayed with whoever brought the customer.
    """

    session_id: str
    started_ms: int
    ended_ms: int
    page_views: int
    events: int
    conversions: int
    entry_page: str
    exit_page: str
    agent: Agent
    country: str
    city: str
    kept_referrers: tuple[str, ...]

    @property
    def engaged(self) -> bool:
        """It lasted ten seconds, brought a conversion, or saw two pages."""
        return self.ended_ms - self.started_ms >= ENGAGED_MS or self.conversions > 0 or self.page_views >= 2

    @property
    def bounced(self) -> bool:
        return not self.engaged


@dataclass(slots=True)
class OpenSession:
    """A session while its facts are read, oldest first."""

    site: Site
    session_id: str
    started_ms: int
    ended_ms: int
    hint: str
    signature: tuple[str, ...]
    entry_page: str
    exit_page: str = ""
    agent: str = ""
    place: str = ""
    page_views: int = 0
    events: int = 0
    conversions: set[str] = field(default_factory=set)
    kept: list[str] = field(default_factory=list)
    last_page: tuple[str, str] = ("", "")

    def ends_before(self, fact: Fact, origin: Origin) -> bool:
        """Whether a fact that may open a session does."""
        if fact.occurred_ms - self.ended_ms > PAUSE_MS:
            return True
        if fact.session_hint and self.hint and fact.session_hint != self.hint:
            return True
        if self.site.split_sessions_at_midnight and self._is_past_midnight(fact):
            return True
        signature = origin.signature
        return bool(signature) and signature != self.signature

    def add(self, fact: Fact, origin: Origin | None, *, known: bool, latest: bool = True) -> None:
        """Counts a fact in; one long after the session's end, or after another began, leaves the end as it was.

        `known`: somebody brought the customer before this fact.
        """
        if latest and fact.occurred_ms - self.ended_ms <= PAUSE_MS:
            self.ended_ms = fact.occurred_ms
        self.events += 1
        if is_goal(fact, self.site):
            # An order that is reported twice is one conversion.
            self.conversions.add(fact.order_id or fact.event_id)
        self.agent = self.agent or fact.agent
        self.place = self.place or fact.place
        if fact.kind == "PAGE":
            self.page_views += 1
            self.exit_page = origin.landing_page if origin else ""
            page = (fact.url, fact.referrer)
            # A page that is loaded again still names the page before it.
            if known and origin and origin.hop and page != self.last_page:
                self.kept.append(origin.hop)
            self.last_page = page

    def is_named_by(self, fact: Fact) -> bool:
        """Whether a fact within a day of it carries its own session id."""
        return bool(self.hint) and fact.session_hint == self.hint and fact.occurred_ms - self.ended_ms <= DAY_MS

    def closed(self) -> Session:
        country, _, city = self.place.partition("|")
        return Session(
            session_id=self.session_id,
            started_ms=self.started_ms,
            ended_ms=self.ended_ms,
            page_views=self.page_views,
            events=self.events,
            conversions=len(self.conversions),
            entry_page=self.entry_page,
            exit_page=self.exit_page or self.entry_page,
            agent=read_agent(self.agent),
            country=country,
            city=city,
            kept_referrers=tuple(self.kept),
        )

    def _is_past_midnight(self, fact: Fact) -> bool:
        timezone = ZoneInfo(self.site.timezone)
        return day_of(fact.occurred_ms, timezone) > day_of(self.started_ms, timezone)


def open_session(fact: Fact, origin: Origin, site: Site) -> OpenSession:
    """The session a fact opens; the fact itself is still to be added."""
    return OpenSession(
        site=site,
        session_id=session_id_of(fact, site.site_id),
        started_ms=fact.occurred_ms,
        ended_ms=fact.occurred_ms,
        hint=fact.session_hint,
        signature=origin.signature,
        entry_page=origin.landing_page,
    )


def session_id_of(fact: Fact, site_id: str) -> str:
    """The id of the session that a fact opens, if it opens one."""
    of_erased = kept_id(fact.event_id, "session")
    return of_erased or id_in_order("session", fact.occurred_ms, fact.delay_ms, fact.position, site_id, fact.event_id)


def may_open_session(fact: Fact) -> bool:
    """Whether, among the right other facts, this one would open a session."""
    if fact.kind == "IDENTIFY" or fact.name == PAGE_LEAVE or is_offline_touch(fact):
        return False
    # Screens of apps have no address; a page without one says nothing.
    return bool(fact.url or fact.campaign) or (fact.kind == "PAGE" and fact.name != PAGE_VIEW)


def is_first_contact(fact: Fact) -> bool:
    """Whether a fact shows somebody on the site, so that who comes later is known already."""
    return may_open_session(fact) and not is_bot(fact.agent) and not (fact.kind == "TRACK" and fact.from_server)


def opens(fact: Fact, origin: Origin, current: OpenSession | None) -> bool:
    """Whether a fact that may open a session does, after the session that is the latest."""
    if fact.kind == "TRACK" and fact.from_server and not origin.is_contact:
        return False
    if current is None:
        return True
    if fact.kind == "TRACK" and current.is_named_by(fact):
        return bool(origin.signature) and origin.signature != current.signature
    return current.ends_before(fact, origin)


def session_of(fact: Fact, sessions: list[OpenSession]) -> OpenSession | None:
    """The session that a fact which opens none belongs to: the one it names, else the latest; of a day at most."""
    if fact.session_hint and fact.kind == "TRACK":
        for session in reversed(sessions):
            if fact.occurred_ms - session.started_ms > 2 * DAY_MS:
                break
            if session.is_named_by(fact):
                return session
    latest = sessions[-1] if sessions else None
    if latest is None:
        return None
    longest_ms = DAY_MS if fact.kind == "TRACK" and fact.from_server else PAUSE_MS
    return latest if fact.occurred_ms - latest.ended_ms <= longest_ms else None


def is_offline_touch(fact: Fact | EventAccepted) -> bool:
    """A contact away from the site (a call, a fair, a letter) that a server tells of: it is part of no session."""
    return fact.name == OFFLINE_TOUCH and fact.kind == "TRACK" and not fact.url


def is_goal(fact: Fact | EventAccepted, site: Site) -> bool:
    return fact.name in site.conversion_events and fact.name != PAGE_LEAVE
