"""The facts that may stay of an erased person, without what could tell whose they are."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

from optiq.journeys.days import slot_of
from optiq.journeys.erased_ids import erased_event_id
from optiq.journeys.history import Fact
from optiq.journeys.journey import derive, touch_id_of
from optiq.journeys.visits import too_many
from optiq.kernel.click_ids import AD_IDS, KNOWN
from optiq.kernel.person import Mode
from optiq.tenancy.contracts import Site

_NOT_PERSONAL = frozenset({*AD_IDS, "optiq_link"})
"""Ids of campaigns and of our links, which many people have in common."""


def remaining(facts: Collection[Fact], site: Site, mode: Mode, *, has_converted: bool) -> list[Fact]:
    """Of ERASE those that made the touches, where the person converted: conversions are credited for them."""
    if mode == "ANONYMISE":
        return list(facts)
    if not has_converted:
        return []
    touches = {touch.touch_id for touch in derive(facts, site, crowded=_crowded(facts), sessions_too=False).touches}
    return [fact for fact in facts if touch_id_of(fact, site.site_id) in touches]


def nameless(fact: Fact, site: Site, salt: str) -> Fact:
    """A fact that makes the same touch and visit as before. Which click or visit it was cannot be told any more."""
    return replace(
        fact,
        event_id=erased_event_id(fact.event_id, (fact.occurred_ms, fact.delay_ms, fact.position), site.site_id, salt),
        receipt="",
        digest="",
        url=nameless_url(fact.url, site, salt),
        referrer=nameless_referrer(fact.referrer),
        session_hint=nameless_id(fact.session_hint, salt) if fact.session_hint else "",
        place=fact.place.partition("|")[0] + "|" if fact.place else "",
    )


def nameless_url(url: str, site: Site, salt: str) -> str:
    """Page and known click ids; these stay different from each other, and are nobody's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    own = {click.parameter.lower() for click in site.click_ids}
    kept: list[str] = []
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        plain = unquote(name).lower()
        if plain in _NOT_PERSONAL:
            kept.append(pair)
        elif plain in KNOWN or plain in own:
            kept.append(f"{name}={nameless_id(value, salt)}")
    return parts._replace(query="&".join(kept), fragment="").geturl()


def nameless_referrer(referrer: str) -> str:
    """The site it is of."""
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return ""
    if parts.netloc:
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    return referrer.partition("?")[0].partition("#")[0].partition("/")[0]


def nameless_id(value: str, salt: str) -> str:
    """The same for the same id of one person. Ids of clicks and visits are too long to be guessed."""
    return blake2b(value.encode(), key=salt.encode()[:64], digest_size=8).hexdigest()


def _crowded(facts: Collection[Fact]) -> frozenset[int]:
    slots: Sequence[int] = [slot_of(fact) for fact in facts]
    return frozenset(slot for slot in set(slots) if too_many(slots.count(slot)))
