"""Where a visit came from: source, medium and campaign, by its address and its referrer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from optiq.journeys.contracts import NOT_SET as NOT_SET
from optiq.journeys.contracts import TouchType
from optiq.journeys.sites import hop_of, parent_among, site_of_host
from optiq.kernel.blanks import is_blank
from optiq.kernel.click_ids import AD_CLICKS, AD_IDS, LONGEST_CLICK_ID, PLAIN_CLICKS
from optiq.kernel.events import Campaign
from optiq.kernel.hosts import ascii_host, host_of
from optiq.kernel.parameters import parameters_of
from optiq.kernel.short_texts import cached_when_short
from optiq.tenancy.contracts import ClickId

DIRECT_SOURCE = "(direct)"
NO_MEDIUM = "(none)"

EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail"})

_DIRECT = frozenset({"direct", DIRECT_SOURCE})
_NO_MEDIUMS = frozenset({"", "none", NO_MEDIUM, NOT_SET})
_WEB = frozenset({"http", "https", "android-app", "ios-app"})
"""Schemes of referrers that tell where somebody came from. An extension or a file is no site."""
_LONGEST_PATH = 500
SEARCH_AD_CLICKS = frozenset({"gclid", "gbraid", "wbraid", "gad_source", "gclsrc", "msclkid"})
_PLAIN_HOST = re.compile(r"^[\w-]+(\.[\w-]+)+\.?([:/?#]|$)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a visit came from.

    `internal` says that it came from the site itself or from a hop (payment, sign-in): no contact of its own.
    `hop` is the domain of the payment or sign-in page it came back from, or "".
    `ad_ids` are parameter and value of what names the campaign, group or ad at its platform.
    `tagged` says that the link's utm_* values told source and medium (what they left out, a click id may have told).
    `signature` is what a session is told apart by: the campaign and the click ids; empty without any.
    """

    source: str
    medium: str
    campaign: str
    term: str
    content: str
    click_ids: tuple[tuple[str, str], ...]
    referrer_domain: str
    landing_page: str
    internal: bool
    touch_type: TouchType
    hop: str = ""
    tagged: bool = False
    ad_ids: tuple[tuple[str, str], ...] = ()
    signature: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Asked for at every event of a history.
        object.__setattr__(self, "signature", self._signature())

    @property
    def is_contact(self) -> bool:
        """Whether it tells where somebody came from: not from the site itself, and not from nowhere."""
        return not self.internal and self.source != DIRECT_SOURCE

    def _signature(self) -> tuple[str, ...]:
        # A referrer alone, such as a mail program's or an assistant's, is no campaign.
        tagged = bool(self.click_ids) or (self.tagged and self.medium not in (NO_MEDIUM, "referral", "organic"))
        if self.internal or not (tagged or self.campaign != NOT_SET or self.term or self.content):
            return ()
        clicks = (f"{name}={value}" for name, value in self.click_ids)
        return (self.source, self.medium, self.campaign, self.term, self.content, *clicks)


@cached_when_short(8192)
def origin_of(
    url: str,
    referrer: str,
    campaign: Campaign | None,
    domains: tuple[str, ...],
    excluded: tuple[str, ...] | None = (),
    own_click_ids: tuple[ClickId, ...] = (),
) -> Origin:
    """Where a page view came from. utm_* values come first, then click ids, then the referrer; else it is direct.

    `domains` are the site's own; `excluded` those it counts as hops, beside the ones we know (None: nothing is one);
    `own_click_ids` are tried before the ones we know.
    """
    host, path = _host(url), _path(url)
    click_ids, ad_ids = _click_ids(url, own_click_ids)
    referrer_host = _referring_host(referrer)
    own = bool(referrer_host) and (referrer_host == host or bool(parent_among(_own_hosts(domains), referrer_host)))
    hop = "" if own else _hop(referrer_host, excluded)
    ad_clicks = [meant for name, _ in click_ids if (meant := _meant_by(name, own_click_ids))]
    ad_click = ad_clicks[0] if ad_clicks else None
    source, medium = "", ""
    if campaign is not None:
        source, medium = campaign.source, campaign.medium
        if source.lower() in _DIRECT and medium.lower() in _NO_MEDIUMS:
            source, medium = DIRECT_SOURCE, NO_MEDIUM
    if ad_click and not (source and medium):
        source, medium = source or ad_click[0], medium or ad_click[1]
    tagged = bool(source or medium or (campaign and campaign.name))
    if not tagged and referrer_host and not (own or hop):
        source, medium = _of_referrer(referrer_host)
    elif not tagged and click_ids:
        source, medium = next((PLAIN_CLICKS[name] for name, _ in click_ids if name in PLAIN_CLICKS), ""), "referral"
    elif not tagged:
        source, medium = DIRECT_SOURCE, NO_MEDIUM
    return Origin(
        source=source or NOT_SET,
        medium=medium or NOT_SET,
        campaign=(campaign.name if campaign else "") or NOT_SET,
        term=campaign.term if campaign else "",
        content=campaign.content if campaign else "",
        click_ids=click_ids,
        referrer_domain="" if own else referrer_host,
        landing_page=path[:_LONGEST_PATH],
        internal=bool(own or hop) and not tagged and not ad_click,
        touch_type=_touch_type([medium for _, medium in ad_clicks], (source, medium) if tagged else ()),
        hop="" if tagged or ad_click else hop,
        tagged=tagged,
        ad_ids=ad_ids,
    )


def _hop(host: str, excluded: tuple[str, ...] | None) -> str:
    return "" if excluded is None else hop_of(host) or parent_among(_own_hosts(excluded), host)


def _meant_by(parameter: str, own: tuple[ClickId, ...]) -> tuple[str, str] | None:
    """The source and medium that an advertiser's click id stands for; None for a parameter that proves no click."""
    told = {click_id.parameter: (click_id.source, click_id.medium) for click_id in reversed(own)}
    return told.get(parameter) or AD_CLICKS.get(parameter)


def _touch_type(click_mediums: Sequence[str], link: tuple[str, ...]) -> TouchType:
    """An advertiser's click id proves its click, whatever the link's own source and medium say."""
    if any(medium.lower() not in EMAIL for medium in click_mediums):
        return "AD_CLICK"
    return "EMAIL_CLICK" if click_mediums or not EMAIL.isdisjoint(said.lower() for said in link) else "LANDING"


def _of_referrer(host: str) -> tuple[str, str]:
    site = site_of_host(host)
    if site and site[0] == "search":
        return site[1], "organic"
    if site and site[0] == "assistant":
        return site[1], "ai-assistant"
    if site and site[0] == "email":
        return site[1], "email"
    return host, "referral"


def _host(address: str) -> str:
    return host_of(address).removeprefix("www.")


def _referring_host(referrer: str) -> str:
    """Servers also send a referrer without its scheme; what has no dot, such as `$direct`, names no host."""
    scheme, has_scheme, _ = referrer.partition("://")
    if has_scheme and scheme.strip().lower() not in _WEB:
        return ""
    if "//" not in referrer and _PLAIN_HOST.match(referrer):
        referrer = f"//{referrer}"
    return _host(referrer)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path or ("/" if parts.netloc else "")


@lru_cache(maxsize=1024)
def _own_hosts(domains: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ascii_host(domain).removeprefix("www.") for domain in domains)


@cached_when_short(8192)
def _click_ids(url: str, own: tuple[ClickId, ...]) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The click ids of an address and its ids of ads, by the names we know them by; of each the first that says
    something. One that is too long proves its click all the same: its name is kept, and "" for the id.
    """
    if "=" not in url and "%3D" not in url.upper():
        return (), ()
    known = _known_click_ids(own)
    clicks: dict[str, str] = {}
    ids: dict[str, str] = {}
    for name, value in parameters_of(url):
        if name in known and not is_blank(value):
            clicks.setdefault(known[name], "" if len(value) > LONGEST_CLICK_ID else value)
        elif name in AD_IDS and not is_blank(value) and len(value) <= LONGEST_CLICK_ID:
            ids.setdefault(name, value)
    return tuple(clicks.items()), tuple(ids.items())


@lru_cache(maxsize=1024)
def _known_click_ids(own: tuple[ClickId, ...]) -> dict[str, str]:
    """The name of each click id by its spelling in small letters."""
    names = (*AD_CLICKS, *PLAIN_CLICKS, *(click_id.parameter for click_id in own))
    return {name.lower(): name for name in names}
