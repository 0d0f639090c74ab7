"""Well-known sites by what they are: search engines, social networks, video, shopping, assistants, mail, hops.

They stand in `well_known_sites.json`, with their sources. A host belongs to the entry that fits the most of it, so
`mail.google.com` is mail though `google.com` is search. `source` values in links are often names rather than hosts
(utm_source=facebook), so each site has its names too.
"""

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

Kind = Literal["search", "social", "video", "shopping", "assistant", "email"]
Hop = Literal["payment", "sign_in"]
Category = Literal["search", "social", "video", "shopping", "assistant", "email", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HOPS: tuple[Hop, ...] = get_args(Hop)

_COUNTRY = re.compile(r"\.(?:com|[a-z]{2}|(?:com?|net|org|ne|or)\.[a-z]{2})$")
_ANY_COUNTRY = ".*"
_ALONE = "="
_WRITTEN_BEFORE = re.compile(r"^(?:[a-z][a-z+.-]*://)?(?:www\.)?")

Site = tuple[Kind, str]
"""What a site is, and its name."""


def well_known() -> dict[str, Any]:
    """The data file as it stands."""
    found: dict[str, Any] = json.loads((files(__package__) / "well_known_sites.json").read_text(encoding="utf-8"))
    return found


def _read(
    known: dict[str, Any],
) -> tuple[dict[str, Site], dict[str, Site], dict[str, Site | None], dict[str, Site | None]]:
    """The sites by name, by host alone, by host with everything beneath it, and by first label; None for a hop."""
    names: dict[str, Site] = {}
    alone: dict[str, Site] = {}
    beneath: dict[str, Site | None] = {}
    for kind in KINDS:
        for site, tokens in known[kind].items():
            for token in (site, *tokens):
                if token.startswith(_ALONE):
                    alone[token.removeprefix(_ALONE)] = (kind, site)
                elif "." in token:
                    beneath[token] = (kind, site)
                else:
                    names[token] = (kind, site)
            names[site] = (kind, site)
    for hop in HOPS:
        beneath |= dict.fromkeys(known[hop])
    labels: dict[str, Site | None] = {}
    for sort, found in known["first_labels"].items():
        labels |= {label: None if sort in HOPS else (sort, label) for label in found}
    return names, alone, beneath, labels


_NAMES, _ALONE_HOSTS, _HOSTS, _LABELS = _read(well_known())


@lru_cache(maxsize=4096)
def _found(host: str) -> tuple[Site | None, str] | None:
    """The site of a host, None for a hop, and the domain that told it; None for an unknown host."""
    for whole in (host, host.removeprefix("m.")):
        if site := _ALONE_HOSTS.get(whole) or _ALONE_HOSTS.get(_in_any_country(whole)):
            return site, whole
    for parent in _parents(host):
        for known in (parent, _in_any_country(parent)):
            if known in _HOSTS:
                return _HOSTS[known], parent
    label, _, domain = host.partition(".")
    return (_LABELS[label], host) if label in _LABELS and "." in domain else None


def _in_any_country(host: str) -> str:
    return _COUNTRY.sub(_ANY_COUNTRY, host)


def site_of_host(host: str) -> Site | None:
    """What a host is and the name of the site; None for an unknown one and for a hop."""
    found = _found(host.removeprefix("www."))
    return found[0] if found else None


def hop_of(host: str) -> str:
    """The domain of the payment or sign-in page that a host is or is beneath, or ""."""
    found = _found(host) if host else None
    return found[1] if found and found[0] is None else ""


def category_of(host: str) -> Category:
    """What a referring host is to a reader of reports."""
    site = site_of_host(host)
    return site[0] if site else "other"


@lru_cache(maxsize=4096)
def site_of_source(source: str) -> Site | None:
    """What a utm_source names: a site's name, or its host."""
    source = source.lower()
    return _NAMES.get(source) or site_of_host(_WRITTEN_BEFORE.sub("", source).partition("/")[0])


def parent_among(domains: tuple[str, ...], host: str) -> str:
    """Which of the domains a host is or is beneath, or ""."""
    return next((parent for parent in _parents(host) if parent in domains), "") if host else ""


def _parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[index:]) for index in range(len(labels))]
